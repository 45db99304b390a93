from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_parties")]

    operations = [
        migrations.AddField(
            model_name="party",
            name="belongs_to_entity",
            field=models.BooleanField(default=False),
        )
    ]
