"""Reads of the journal: the history of an act, and whether the chain is whole."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from .chain import GENESIS, HASHED, row_hash
from .models import JournalCheck, JournalEntry, JournalQuerySet, PublishedHead


def entries() -> JournalQuerySet:
    """The whole journal, for those who may read it; the order is the reader's."""
    return JournalEntry.objects.all()


def history_of_act(act_id: int) -> JournalQuerySet:
    """Everything recorded about one act, oldest first, with the people by whom it was done."""
    return JournalEntry.objects.of_act(act_id).select_related("actor").order_by("seq")


@dataclass(frozen=True)
class ChainReport:
    """What a walk along the chain found: how many rows, the first bad one, number and hash of the last row."""

    rows: int
    first_bad: int | None
    head: str | None
    head_seq: int | None = None

    @property
    def ok(self) -> bool:
        return self.first_bad is None


def verify_chain(first: int = 1) -> ChainReport:
    """Walk the chain from row `first` on, reading row by row from one snapshot.

    A row is bad when its number is not the next one, when it does not carry the hash of the row before, or when its
    own hash does not fit its columns. A number that is missing counts as the bad one. `first` beyond the end: no rows.
    """
    expected, previous = first, GENESIS
    if first > 1:
        before = JournalEntry.objects.filter(seq=first - 1).values_list("hash", flat=True).first()
        if before is None and JournalEntry.objects.filter(seq__gte=first).exists():
            return ChainReport(0, first - 1, None)
        previous = before or GENESIS
    rows, first_bad, head, seq = 0, None, None, None
    chain = JournalEntry.objects.filter(seq__gte=first).order_by("seq").values_list(*HASHED, "hash")
    for *columns, own in chain.iterator(chunk_size=5000):
        rows += 1
        seq = columns[0]
        if first_bad is None and (seq != expected or columns[-1] != previous or row_hash(*columns) != own):
            first_bad = expected if seq != expected else seq
        expected, previous, head = seq + 1, own, own
    return ChainReport(rows, first_bad, head, seq)


# --- published heads ---------------------------------------------------------------------------------


def published_heads() -> QuerySet[PublishedHead]:
    """The heads shown to everybody, the newest first."""
    return PublishedHead.objects.order_by("-day")


def missing_head() -> PublishedHead | None:
    """The earliest published head that the chain no longer holds: it was rewritten or cut after that day."""
    kept = JournalEntry.objects.filter(seq=OuterRef("seq")).values("hash")
    heads = PublishedHead.objects.annotate(kept=Subquery(kept)).order_by("day")
    return next((head for head in heads.iterator() if head.kept != head.hash), None)


def published_head_matches() -> bool | None:
    """Whether every published head is still a row of the chain; None while no head is published."""
    if not PublishedHead.objects.exists():
        return None
    return missing_head() is None


def last_check() -> JournalCheck | None:
    """The latest daily walk along the whole chain."""
    return JournalCheck.objects.order_by("-day").first()
