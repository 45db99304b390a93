"""The totals of a list are read from an index that has all they ask for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lending", "0005_method_two_people")]

    operations = [
        migrations.AddIndex(
            model_name="loanreading",
            index=models.Index(
                fields=[
                    "side",
                    "currency",
                    "status",
                    "term_class",
                    "outstanding_minor",
                    "overdue_minor",
                    "undrawn_minor",
                    "current_minor",
                    "noncurrent_minor",
                ],
                name="lending_reading_totals",
            ),
        ),
    ]
