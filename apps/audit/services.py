"""Writing to the journal. Called inside the transaction of the fact it records, as its last writes."""
import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from .models import JournalEntry

GENESIS = "0" * 64
_LOCK = 7_301_802  # the advisory lock of the chain: 3 July 2018


def entry_hash(entry: JournalEntry) -> str:
    """SHA-256 over the canonical JSON of the row (without its own hash); times in UTC with microseconds."""
    fields = {
        "seq": entry.seq,
        "at": entry.at.timestamp().hex(),
        "recorded_at": entry.recorded_at.timestamp().hex(),
        "actor": entry.actor_id,
        "organization": entry.organization_id,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "act": entry.act_id,
        "data": entry.data,
        "previous": entry.previous_hash,
    }
    return hashlib.sha256(
        json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


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
