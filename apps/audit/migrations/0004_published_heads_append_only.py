from django.db import migrations

from apps.core import dbroles

TABLES = ("audit_publishedhead", "audit_journalcheck")


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_published_heads")]
    operations = [
        operation
        for table in TABLES
        for operation in (
            migrations.RunSQL(dbroles.refuse_change(table), dbroles.drop_refuse_change(table)),
            migrations.RunSQL(dbroles.insert_only(table), migrations.RunSQL.noop),
        )
    ]
