from django.db import migrations, models

from gbese.apps.identity.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("rates", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="holiday",
            name="known_since",
            field=models.DateField(null=True),
        ),
        AppendOnly("rates_holiday"),
    ]
