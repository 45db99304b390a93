from django.db import migrations

from gbese.apps.identity.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("bookkeeping", "0001_books"), ("identity", "0002_audit_chain")]

    operations = [
        AppendOnly("bookkeeping_daycut"),
        AppendOnly("bookkeeping_entry"),
        AppendOnly("bookkeeping_entryline"),
        AppendOnly("bookkeeping_subledger"),
        AppendOnly("bookkeeping_entryblock"),
    ]
