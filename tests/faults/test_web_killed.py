"""A web process is killed by SIGKILL at each statement of a filing, and after its commit, before the answer.

The person sees the connection break, and repeats.

Seen red with: a commit in `submit_opinion` right after `_freeze` (half an opinion stays behind); `_receipt_again`
raising for an opinion that is filed (the person never gets the receipt).
"""

from typing import Any

import pytest
import requests
from django.db import connection

from apps.audit.models import JournalEntry
from apps.notifications.models import OutboxMessage
from apps.register.demo.way import Way
from apps.reviews.models import ConsolidatedOpinion, Receipt, ReviewOpinion
from tests.faults.portal import Processes, filed_once, processes, redis_of_its_own, signatory, written
from tests.way import people, way

__all__ = ["people", "processes", "redis_of_its_own", "way", "written"]
pytestmark = pytest.mark.django_db(transaction=True)
FEWEST = 30  # statements: fewer would mean that the wire does not count


def facts() -> list[Any]:
    """All that a filing writes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, year, last FROM documents_numbersequence ORDER BY 1, 2")
        numbers = cursor.fetchall()
    return [
        numbers,
        list(ConsolidatedOpinion.objects.order_by("pk").values()),
        list(ReviewOpinion.objects.order_by("pk").values()),
        Receipt.objects.count(),
        JournalEntry.objects.count(),
        OutboxMessage.objects.count(),
    ]


def test_killed_at_each_statement_nothing_is_half_done(written: Way, processes: Processes) -> None:
    stack = processes.start("web", at=written.at)
    person = signatory(stack, written)
    form = person.form(written.act.number or "")
    before, statement, receipt = facts(), 0, ""

    while not receipt:
        statement += 1
        processes.plan(f"statement {statement}")
        try:
            receipt = person.press(*form)
        except requests.ConnectionError:
            assert facts() == before, f"killed before statement {statement}, something stayed behind"

    processes.no_plan()
    assert statement > FEWEST
    assert filed_once(written).number == receipt
    assert person.press(*form) == receipt


@pytest.mark.parametrize("commit", [1, 2])
def test_killed_after_the_commit_the_same_receipt_comes(
    commit: int, written: Way, processes: Processes
) -> None:
    stack = processes.start("web", at=written.at)
    person = signatory(stack, written)
    form = person.form(written.act.number or "")
    processes.plan(f"commit {commit}")

    try:
        person.press(*form)
    except requests.ConnectionError:
        assert Receipt.objects.count() == 1  # it was filed; the person does not know
    else:
        assert commit > 1  # the request has one commit only
    processes.no_plan()

    receipt = person.press(*form)
    assert filed_once(written).number == receipt
    assert receipt in person.visitor.open(f"receipts/{receipt}/").text
