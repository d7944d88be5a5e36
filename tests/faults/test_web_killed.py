"""A web process is killed by SIGKILL at each statement of a filing, and after its commit, before the answer; the database
goes away under it; eight windows press at once. The person sees the connection break, and repeats.

Seen red with: a commit in `submit_opinion` right after `_freeze` (half an opinion stays behind); `_receipt_again`
raising for an opinion that is filed (the person never gets the receipt).
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from django.db import connection

from apps.audit.models import JournalEntry
from apps.notifications.models import OutboxMessage
from apps.register.demo.way import Way
from apps.reviews.models import ConsolidatedOpinion, Receipt, ReviewOpinion
from tests.faults.portal import WRITTEN, Processes, filed_once, processes_in, signatory, until, written
from tests.way import people, way

__all__ = ["people", "way", "written"]
pytestmark = pytest.mark.django_db(transaction=True)
FEWEST = 30  # statements: fewer would mean that the wire does not count


@pytest.fixture(scope="module")
def processes(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    with processes_in(tmp_path_factory.mktemp("web")) as started:
        started.start("web", at=WRITTEN)
        yield started


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
    person = signatory(processes.running[0], written)
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
    person = signatory(processes.running[0], written)
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


def test_the_database_goes_away_in_the_middle_and_comes_back(written: Way, processes: Processes) -> None:
    person = signatory(processes.running[0], written)
    form = person.form(written.act.number or "")
    before, answers = facts(), []
    action, values = form
    send = threading.Thread(
        target=lambda: answers.append(
            person.visitor.session.post(action, data=values, allow_redirects=False, timeout=30)
        )
    )

    processes.plan("pause")
    send.start()
    assert until(lambda: processes.standing)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] > 0
    processes.no_plan()
    send.join(30)

    assert answers[0].status_code == 503
    assert int(answers[0].headers["Retry-After"]) > 0
    assert facts() == before
    receipt = person.press(*form)
    assert filed_once(written).number == receipt


def test_eight_windows_at_once_are_given_one_receipt(written: Way, processes: Processes) -> None:
    person = signatory(processes.running[0], written)
    action, values = person.form(written.act.number or "")
    cookies = person.visitor.session.cookies.get_dict()

    def press(_window: int) -> str:
        answer = requests.post(action, data=values, cookies=cookies, allow_redirects=False, timeout=30)
        return answer.headers.get("Location", str(answer.status_code))

    with ThreadPoolExecutor(8) as windows:
        led_to = set(windows.map(press, range(8)))

    receipt = filed_once(written).number
    assert [place.rstrip("/").rpartition("/")[2] for place in led_to] == [receipt]
    assert person.press(action, values) == receipt  # a refresh
