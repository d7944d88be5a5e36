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
    """SHA-256 over the canonical JSON of the row (without its own hash)."""
    return row_hash(
        entry.seq,
        entry.at,
        entry.recorded_at,
        entry.actor_id,
        entry.organization_id,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.act_id,
        entry.data,
        entry.previous_hash,
    )


# The columns of `row_hash`, in its order: what the verification reads.
HASHED = (
    "seq",
    "at",
    "recorded_at",
    "actor_id",
    "organization_id",
    "action",
    "object_type",
    "object_id",
    "act_id",
    "data",
    "previous_hash",
)


def row_hash(
    seq: int,
    at: datetime,
    recorded_at: datetime,
    actor_id: int | None,
    organization_id: int | None,
    action: str,
    object_type: str,
    object_id: str,
    act_id: int | None,
    data: dict[str, Any],
    previous_hash: str,
) -> str:
    """The hash of one row from its columns; times as exact seconds since 1970, so that no zone or format matters."""
    fields = {
        "seq": seq,
        "at": at.timestamp().hex(),
        "recorded_at": recorded_at.timestamp().hex(),
        "actor": actor_id,
        "organization": organization_id,
        "action": action,
        "object_type": object_type,
        "object_id": object_id,
        "act": act_id,
        "data": data,
        "previous": previous_hash,
    }
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


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
