"""A version of a procedure never changes: a file keeps its numbers. Only the confirmation may change."""
from django.db import migrations

from apps.core.dbroles import drop_freeze, drop_refuse_change, freeze, refuse_change

_CONFIRMATION = ("status", "proposed_by_id", "confirmed_by_id")


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]

    operations = [
        migrations.RunSQL(
            freeze("deadlines_proceduretemplate", frozen_when="TRUE", may_change=_CONFIRMATION),
            drop_freeze("deadlines_proceduretemplate"),
        ),
        migrations.RunSQL(
            refuse_change("deadlines_procedureterm"), drop_refuse_change("deadlines_procedureterm")
        ),
        migrations.RunSQL(
            refuse_change("deadlines_requiredpaper"), drop_refuse_change("deadlines_requiredpaper")
        ),
    ]
