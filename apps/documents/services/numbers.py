"""Numbers without gaps: taken in the transaction that fixes the text, given back when it fails."""

from datetime import datetime

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from apps.documents.canonical import BISHKEK
from apps.documents.models import NumberSequence


def next_in_sequence(*, kind: str, at: datetime) -> tuple[int, int]:
    """(year of Bishkek, next number) of a sequence. The caller's transaction holds the row until it commits.

    Raises TransactionManagementError outside a transaction: a number taken alone would leave a gap.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("a number is taken in the transaction that uses it")
    year = at.astimezone(BISHKEK).year
    with transaction.atomic():
        NumberSequence.objects.bulk_create([NumberSequence(kind=kind, year=year)], ignore_conflicts=True)
        sequence = NumberSequence.objects.select_for_update().get(kind=kind, year=year)
        sequence.last += 1
        sequence.save(update_fields=["last"])
    return year, sequence.last


def take_number(*, kind: str, at: datetime) -> str:
    """The next number of a kind, such as PA-2026-0001."""
    year, number = next_in_sequence(kind=kind, at=at)
    return f"{kind}-{year}-{number:04d}"
