from django.db import migrations

from apps.core import dbroles

TABLE = "audit_journalentry"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(dbroles.refuse_change(TABLE), dbroles.drop_refuse_change(TABLE)),
        migrations.RunSQL(dbroles.insert_only(TABLE), migrations.RunSQL.noop),
    ]
