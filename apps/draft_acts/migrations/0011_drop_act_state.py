"""`act_state_newest` does all that this index did."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("draft_acts", "0010_newest_of_a_state")]
    operations = [RemoveIndexConcurrently("draftact", "act_state")]
