from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built without a lock: letters are written meanwhile
    dependencies = [("notifications", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            "outboxmessage",
            models.Index(
                fields=["created_at"],
                name="outbox_unfinished",
                condition=models.Q(state__in=["pending", "failed"]),
            ),
        ),
    ]
