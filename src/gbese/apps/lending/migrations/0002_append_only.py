from django.db import migrations

from gbese.apps.identity.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("lending", "0001_loans"), ("identity", "0002_audit_chain")]

    operations = [
        AppendOnly("lending_termsversion"),
        AppendOnly("lending_loanevent"),
        AppendOnly("lending_projectionversion"),
    ]
