"""Reads of the journal: the history of an act, and whether the chain is whole."""

from dataclasses import dataclass

from .chain import GENESIS, HASHED, row_hash
from .models import JournalEntry, JournalQuerySet


def history_of_act(act_id: int) -> JournalQuerySet:
    """Everything recorded about one act, oldest first, with the people by whom it was done."""
    return JournalEntry.objects.of_act(act_id).select_related("actor").order_by("seq")


@dataclass(frozen=True)
class ChainReport:
    """What a walk along the chain found: how many rows, the first bad one, the hash of the last row."""

    rows: int
    first_bad: int | None
    head: str | None

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
    rows, first_bad, head = 0, None, None
    chain = JournalEntry.objects.filter(seq__gte=first).order_by("seq").values_list(*HASHED, "hash")
    for *columns, own in chain.iterator(chunk_size=5000):
        rows += 1
        seq = columns[0]
        if first_bad is None and (seq != expected or columns[-1] != previous or row_hash(*columns) != own):
            first_bad = expected if seq != expected else seq
        expected, previous, head = seq + 1, own, own
    return ChainReport(rows, first_bad, head)
