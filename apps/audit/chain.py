"""How a row of the journal is hashed: pure, shared by who writes it and who verifies it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from .models import JournalEntry

GENESIS = "0" * 64


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
