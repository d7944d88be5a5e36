"""Writing to the journal. Called inside the transaction of the fact it records, as its last writes."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max
from django.db.models.functions import TruncDate

from apps.core import clock

from . import selectors
from .chain import GENESIS, entry_hash
from .models import JournalCheck, JournalEntry, PublishedHead

_LOCK = 7_301_802  # the advisory lock of the chain: 3 July 2018


def _lock_the_chain() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


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
    """Append one line. `action` is "noun.verb" (opinion.submitted); `data` holds ids, codes and hashes only.

    A step that the actor takes for a person on leave (`acting_for_id`) carries that person's id as data["for"].
    """
    acting_for = getattr(actor, "acting_for_id", None)
    if acting_for is not None:
        data = {**(data or {}), "for": acting_for}
    _lock_the_chain()
    with connection.cursor() as cursor:
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


# --- what the sweep writes: nobody acts, so no policy and no row of the journal -----------------------


@transaction.atomic
def publish_heads(*, at: datetime) -> int:
    """Publish the head of every finished day that lacks one; how many were published. Safe to repeat, and late.

    A row belongs to the day on which the database wrote it. Under the chain's lock no row of a finished day is still
    on its way, so a published head never changes. A day without rows repeats the head before it.
    """
    yesterday = clock.local_date(at) - timedelta(days=1)
    if PublishedHead.objects.filter(day__gte=yesterday).exists():
        return 0
    _lock_the_chain()
    last = PublishedHead.objects.order_by("-day").first()
    written = JournalEntry.objects.filter(seq__gt=last.seq if last else 0)
    last_of_day: dict[Any, int] = dict(
        written.annotate(day=TruncDate("recorded_at", tzinfo=clock.BISHKEK))
        .values_list("day")
        .annotate(last=Max("seq"))
        .order_by("day")
    )
    if last is None and not last_of_day:
        return 0
    day = last.day + timedelta(days=1) if last else min(last_of_day)
    seq = max([last.seq if last else 0, *(n for early, n in last_of_day.items() if early < day)])
    heads = []
    while day <= yesterday:
        seq = max(seq, last_of_day.get(day, 0))
        heads.append(PublishedHead(day=day, seq=seq, published_at=at))
        day += timedelta(days=1)
    hashes = dict(JournalEntry.objects.filter(seq__in={h.seq for h in heads}).values_list("seq", "hash"))
    for head in heads:
        # A row that was taken away by the database's owner has no hash: the verification must say so, not this.
        head.hash = hashes.get(head.seq) or (last.hash if last else "")
    return len(PublishedHead.objects.bulk_create(heads, ignore_conflicts=True))


def check_journal(*, at: datetime) -> JournalCheck | None:
    """Walk the whole chain once after each published day and keep what was found. None: nothing was due.

    No transaction around the walk: it reads one snapshot by itself, and writers go on meanwhile.
    """
    newest = PublishedHead.objects.order_by("-day").first()
    if newest is None or JournalCheck.objects.filter(day__gte=newest.day).exists():
        return None
    chain = selectors.verify_chain()
    check = JournalCheck(
        day=newest.day,
        checked_at=at,
        rows=chain.rows,
        head_seq=chain.head_seq,
        head=chain.head or "",
        first_bad=chain.first_bad,
        heads_match=selectors.missing_head() is None,
    )
    JournalCheck.objects.bulk_create([check], ignore_conflicts=True)
    return check
