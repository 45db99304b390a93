from django.db import migrations

from gbese.apps.identity.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("closing", "0001_days"), ("identity", "0002_audit_chain")]

    operations = [AppendOnly("closing_stepdone"), AppendOnly("closing_findingrow")]
