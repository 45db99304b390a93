"""Whoever proposed a change of method cannot approve it, in the database itself."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lending", "0004_effective_rate")]

    operations = [
        migrations.AddConstraint(
            model_name="methodchange",
            constraint=models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("proposed_by")),
                name="lending_method_change_two_people",
            ),
        ),
    ]
