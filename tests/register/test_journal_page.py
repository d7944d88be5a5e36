"""The journal for those who watch: who sees it, what narrows it, how it goes out, what it costs."""

import csv
import io
import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from apps.accounts.models import User
from apps.audit import services as audit
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.notifications import registry
from apps.organizations.models import Organization
from apps.register import oversight
from apps.register.demo.way import Way
from apps.register.sentences import ACTIONS, LETTERS
from tests.way import signed

JOURNAL = "/ru/journal/"


@pytest.fixture
def auditor(people: dict[str, User], client: Client) -> Client:
    client.force_login(people["chamber.auditor"])
    return client


def entries_of(page: str) -> list[int]:
    return [int(n) for n in re.findall(r"<summary>Entry (\d+)</summary>", page)]


def read(client: Client, **query: Any) -> str:
    response = client.get("/en/journal/", query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("key", ["chamber.auditor", "admin.first"])
def test_those_who_watch_read_sentences_in_their_language(
    way: Way, people: dict[str, User], key: str
) -> None:
    way.register()
    client = Client()
    client.force_login(people[key])

    russian, kyrgyz = (client.get(f"/{lang}/journal/").content.decode() for lang in ("ru", "ky"))

    ministry = way.act.initiator
    assert f"{ministry.name_ru}: проект зарегистрирован" in russian.replace("\xa0", " ")
    assert ministry.name_ky in kyrgyz
    assert people["finance.signatory"].full_name in russian
    assert people["finance.signatory"].email not in russian


@pytest.mark.parametrize(
    "key", ["finance.drafter", "union.signatory", "justice.coordinator", "cabinet.clerk"]
)
@pytest.mark.parametrize("page", ["", "export.csv", "export.json"])
def test_for_others_there_is_no_journal(people: dict[str, User], client: Client, key: str, page: str) -> None:
    client.force_login(people[key])

    assert client.get(JOURNAL + page).status_code == 404


@pytest.mark.parametrize("page", ["", "export.csv", "export.json"])
def test_a_stranger_is_led_to_sign_in(client: Client, db: Any, page: str) -> None:
    assert "/login/" in client.get(JOURNAL + page).headers["Location"]


def test_each_filter_narrows_the_list(way: Way, auditor: Client, people: dict[str, User]) -> None:
    way.register().open()
    act, drafter = way.act, people["finance.drafter"]
    wanted = {
        "act": (act.number, {"act_id": act.pk}),
        "action": ("act.registered", {"action": "act.registered"}),
        "organization": (act.initiator.code, {"organization_id": act.initiator_id}),
        "person": (drafter.pk, {"actor_id": drafter.pk}),
    }

    for name, (value, columns) in wanted.items():
        expected = list(
            JournalEntry.objects.filter(**columns).order_by("-seq").values_list("seq", flat=True)[:50]
        )
        assert expected
        assert entries_of(read(auditor, **{name: value})) == expected, name


def test_days_are_those_of_bishkek_and_inclusive(people: dict[str, User], auditor: Client) -> None:
    office = Organization.objects.first()
    assert office is not None
    midnight = datetime(2026, 9, 7, tzinfo=clock.BISHKEK)
    moments = [
        midnight - timedelta(seconds=1),
        midnight,
        midnight + timedelta(hours=24, seconds=-1),
        midnight + timedelta(days=1),
    ]
    seqs = [audit.record(actor=None, action="thing.happened", target=office, at=at).seq for at in moments]

    page = read(auditor, action="", since="2026-09-07", until="2026-09-07")

    assert entries_of(page) == [seqs[2], seqs[1]]


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-02-30"}, {"since": "0001-01-01"}, {"until": "9999-12-31"}, {"person": "x"},
        {"person": "9" * 40}, {"organization": "nobody"}, {"action": "' OR 1=1 --"}, {"act": "1" * 5000},
        {"before": "0"}, {"before": "x"}, {"after": "9" * 30}, {"act": "\x00"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", ["", "export.csv"])
def test_what_cannot_be_meant_is_refused_and_shows_nothing(
    auditor: Client, people: dict[str, User], query: dict[str, str], page: str
) -> None:
    if page and {"before", "after"} & query.keys():
        pytest.skip("an export has no pages")

    response = auditor.get(JOURNAL + page, query)

    assert response.status_code == 400
    assert entries_of(response.content.decode()) == []


def test_pages_lead_through_the_whole_journal_and_back(
    people: dict[str, User], auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oversight, "PER_PAGE", 7)
    everything = list(JournalEntry.objects.order_by("-seq").values_list("seq", flat=True))
    pages, query = [], ""
    while True:
        page = auditor.get(f"/en/journal/{query}").content.decode()
        pages.append(entries_of(page))
        older = re.search(r'rel="next" href="(\?before=\d+)"', page)
        if not older:
            break
        query = older[1]
    newer = re.search(r'rel="prev" href="(\?after=\d+)"', page)

    assert [seq for rows in pages for seq in rows] == everything
    assert newer
    assert entries_of(auditor.get(f"/en/journal/{newer[1]}").content.decode()) == pages[-2]


def test_the_page_costs_the_same_for_many_entries(
    way: Way, people: dict[str, User], queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(way)
    auditor = people["chamber.auditor"]
    monkeypatch.setattr(oversight, "PER_PAGE", 3)
    few = queries(way, JOURNAL, by=auditor)
    monkeypatch.setattr(oversight, "PER_PAGE", 50)
    many = queries(way, JOURNAL, by=auditor)

    assert len(many) == len(few) <= PINNED, "\n".join(many)


PINNED = 9  # session, person, roles, offices, entries, their organisations, people and acts, the last check


def test_the_exports_are_streamed_and_hold_what_the_filter_leaves(way: Way, auditor: Client) -> None:
    way.register()
    count = JournalEntry.objects.filter(act_id=way.act.pk).count()

    table = auditor.get(f"{JOURNAL}export.csv", {"act": way.act.number})
    machine = auditor.get(f"{JOURNAL}export.json", {"act": way.act.number})

    assert table.streaming
    assert machine.streaming
    rows = list(csv.DictReader(io.StringIO(b"".join(table).decode("utf-8-sig"))))
    entries = json.loads(b"".join(machine))["entries"]
    assert len(rows) == len(entries) == count
    assert [int(row["seq"]) for row in rows] == [entry["seq"] for entry in entries]
    assert rows[-1]["sentence"] == entries[-1]["sentence"]
    assert entries[-1]["hash"] == JournalEntry.objects.get(seq=entries[-1]["seq"]).hash


def test_an_export_longer_than_its_parts_loses_no_entry(
    people: dict[str, User], auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.register.selectors import journal

    monkeypatch.setattr(journal, "CHUNK", 4)
    everything = list(JournalEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert len(everything) % 4 or everything.append(0) is None

    entries = json.loads(b"".join(auditor.get(f"{JOURNAL}export.json")))["entries"]

    assert [entry["seq"] for entry in entries] == [seq for seq in everything if seq]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_taken_for_a_formula(people: dict[str, User], auditor: Client, name: str) -> None:
    person = people["finance.drafter"]
    User.objects.filter(pk=person.pk).update(full_name=name)
    audit.record(actor=person, action="thing.happened", target=person, at=clock.now())

    answer = auditor.get(f"{JOURNAL}export.csv", {"person": person.pk})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    assert {row["person"] for row in rows} == {f"'{name}"}


def test_a_name_is_inert_on_the_page(people: dict[str, User], auditor: Client) -> None:
    person = people["finance.drafter"]
    User.objects.filter(pk=person.pk).update(full_name="<script>alert(1)</script>")
    audit.record(actor=person, action="thing.happened", target=person, at=clock.now())

    assert "<script>alert" not in read(auditor)


def test_the_page_says_what_the_last_check_found(people: dict[str, User], auditor: Client) -> None:
    assert "Not checked yet" in read(auditor)
    later = clock.now() + timedelta(days=1)
    audit.publish_heads(at=later)
    check = audit.check_journal(at=later)
    assert check is not None

    page = read(auditor)

    assert "Whole" in page
    assert check.head[:8] in page


# --- published heads ------------------------------------------------------------------------------------


def test_everybody_reads_the_heads(people: dict[str, User], client: Client) -> None:
    later = clock.now() + timedelta(days=2)
    audit.publish_heads(at=later)

    page = client.get("/en/journal/heads/").content.decode()
    rows = client.get("/en/journal/heads.json").json()["heads"]

    last = JournalEntry.objects.order_by("-seq").first()
    assert last is not None
    assert date.fromisoformat(rows[0]["day"]) == clock.local_date(later) - timedelta(days=1)
    assert (rows[0]["seq"], rows[0]["hash"]) == (last.seq, last.hash)
    assert rows[0]["published_at"].endswith("Z")
    assert last.hash[:8] in page


def test_before_the_first_day_is_over_the_page_says_so(client: Client, db: Any) -> None:
    assert "No head is published yet" in client.get("/en/journal/heads/").content.decode()
    assert client.get("/en/journal/heads.json").json() == {"heads": []}


# --- words ----------------------------------------------------------------------------------------------


def test_every_action_of_the_code_has_its_sentence() -> None:
    """A new action of the journal gets its sentence in apps/register/sentences.py."""
    written = set()
    for path in (Path(settings.BASE_DIR) / "apps").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "audit.record(" in text:
            written |= set(re.findall(r'(?:action=|actor, |None, )"([a-z_]+\.[a-z_]+)"', text))

    assert written - ACTIONS.keys() == set()


def test_every_letter_has_its_name() -> None:
    """A new letter gets its name in apps/register/sentences.py."""
    assert {name for name in registry.names() if not name.startswith("tests.")} - LETTERS.keys() == set()
