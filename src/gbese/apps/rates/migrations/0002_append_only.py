from django.db import migrations

from gbese.apps.identity.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("rates", "0001_rates_and_holidays"), ("identity", "0001_people_and_audit")]

    operations = [
        AppendOnly("rates_ratebatch"),
        AppendOnly("rates_exchangerate"),
        AppendOnly("rates_rateconfirmation"),
        AppendOnly("rates_referencerate"),
        AppendOnly("rates_holiday"),
    ]
