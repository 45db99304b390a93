import django.db.models.deletion
from django.db import migrations, models

from gbese.apps.identity.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("lending", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="MethodChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("method", models.CharField(max_length=20)),
                ("open_day", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("loans", models.PositiveIntegerField()),
                ("proposed_at", models.DateTimeField()),
                ("proposed_by", models.CharField(max_length=100)),
                ("request_id", models.UUIDField(unique=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("approved_by", models.CharField(blank=True, max_length=100)),
                ("booked_loans", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="MethodChangeLoan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version_number", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved",
                        to="lending.methodchange",
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="lending.loan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "loan"), name="lending_method_change_loan"
                    )
                ],
            },
        ),
        AppendOnly("lending_methodchangeloan"),
    ]
