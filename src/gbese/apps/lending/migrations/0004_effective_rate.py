"""Lists show what a loan costs a year. Readings are derived: each is made anew the next day."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def reread_soon(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let every reading be made anew when the next day opens."""
    apps.get_model("lending", "LoanReading").objects.update(changes_on=models.F("read_on"))


class Migration(migrations.Migration):
    dependencies = [("lending", "0003_method_changes")]

    operations = [
        migrations.AddField(
            model_name="loanreading",
            name="effective_rate",
            field=models.CharField(default="", max_length=30),
            preserve_default=False,
        ),
        migrations.RunPython(reread_soon, migrations.RunPython.noop),
    ]
