from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from gbese.apps.identity.append_only import AppendOnly
from gbese.apps.identity.audit import CHAIN, FIRST_HASH


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    heads = apps.get_model("identity", "ChainHead").objects.using(schema_editor.connection.alias)
    heads.create(chain=CHAIN, number=0, record_hash=FIRST_HASH)


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_people_and_audit")]

    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
        AppendOnly("identity_auditrecord"),
    ]
