"""A list of one state takes its order from the index: without the number, the whole register was walked."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # built without a lock: acts are registered meanwhile
    dependencies = [("draft_acts", "0009_function_card")]
    operations = [
        AddIndexConcurrently(
            "draftact",
            models.Index(fields=["state", "-registered_at", "-id"], name="act_state_newest"),
        ),
    ]
