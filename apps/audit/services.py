"""Writing to the journal. Called inside the transaction of the fact it records, as its last writes."""

from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from .chain import GENESIS, entry_hash
from .models import JournalEntry

_LOCK = 7_301_802  # the advisory lock of the chain: 3 July 2018


@transaction.atomic
def record(
    *,
    actor: models.Model | None,
    action: str,
    target: models.Model,
    at: datetime,
    organization_id: int | None = None,
    act_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> JournalEntry:
    """Append one line. `action` is "noun.verb" (opinion.submitted); `data` holds ids, codes and hashes only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT clock_timestamp()")
        recorded_at = cursor.fetchone()[0]
    last = JournalEntry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)
    entry = JournalEntry(
        seq=last[0] + 1,
        at=at,
        recorded_at=recorded_at,
        actor_id=actor.pk if actor is not None else None,
        organization_id=organization_id,
        action=action,
        object_type=target._meta.label_lower,
        object_id=str(target.pk),
        act_id=act_id,
        data=data or {},
        previous_hash=last[1],
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry
