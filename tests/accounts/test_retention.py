"""Terms of personal data, and erasing the contacts of a closed account: what goes, what stays, and the chain is whole."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from apps.accounts import counters, erasure, kept, retention, second_factor
from apps.accounts import services as accounts
from apps.accounts.models import Erasure, Invitation, KeptForm, User
from apps.audit import selectors as audit
from apps.audit.models import JournalEntry
from apps.audit.services import record
from apps.core import clock
from apps.core.errors import InvalidInput, NotAllowed, TransitionNotAllowed
from apps.notifications import delivery
from apps.notifications import services as notifications
from apps.notifications.models import OutboxMessage
from apps.organizations import rules, services
from tests.people import MORNING, People, person

YEAR = timedelta(days=365)
ADDRESS = "gulnara@example.org"


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with clock.frozen(MORNING):
        yield


def closed(people: People, user: User) -> User:
    services.deactivate_person(actor=people.saltanat, user_id=user.pk, at=MORNING)
    return User.objects.get(pk=user.pk)


def erase(people: People, user: User, *, actor: User | None = None, **more: Any) -> Erasure:
    given = {"ground": "request", "reference": "№ 12, 3.9.2026", "at": MORNING} | more
    return services.erase_contacts(actor=actor or people.saltanat, user_id=user.pk, **given)


def everywhere(word: str) -> list[str]:
    """Every table of the database in which a row holds the word: what a thief of a dump would find."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for name in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{name}" t WHERE t::text ILIKE %s)', [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(name)
    return found


# --- erasing the contacts of one person -------------------------------------------------------------------


def test_nothing_of_the_contacts_is_left_and_the_chain_is_whole(people: People) -> None:
    gulnara = people.gulnara
    Authenticator.objects.create(user=gulnara, type="totp", data={"secret": "x"})
    kept.keep(person_id=gulnara.pk, action="/ky/x/", back="/ky/x/", fields=[("text", ADDRESS)], at=MORNING)
    cache.set(f"place:{gulnara.pk}:10.1.2.3", True, 1000)
    cache.set(f"place:{gulnara.pk}1:10.1.2.3", True, 1000)  # another person
    closed(people, gulnara)
    assert ADDRESS in json.dumps([row.email for row in User.objects.all()])
    rows = list(JournalEntry.objects.order_by("seq").values_list("seq", "hash"))

    done = erase(people, gulnara)

    assert everywhere(ADDRESS) == []
    assert not Authenticator.objects.filter(user=gulnara).exists()
    assert not KeptForm.objects.filter(person=gulnara).exists()
    assert cache.get(f"place:{gulnara.pk}:10.1.2.3") is None
    assert cache.get(f"place:{gulnara.pk}1:10.1.2.3") is True
    assert list(JournalEntry.objects.order_by("seq").values_list("seq", "hash"))[:-1] == rows
    line = JournalEntry.objects.get(action="person.contacts_erased")
    assert (line.actor, line.object_id) == (people.saltanat, str(gulnara.pk))
    assert line.data == {"ground": "request", "name_kept": done.name_kept}
    assert audit.verify_chain().ok


def test_the_name_of_who_acted_stays_and_of_who_did_not_goes(people: People) -> None:
    services.accept_rules(
        actor=people.asel, organization_id=people.ministry.pk, version=rules.CURRENT, at=MORNING
    )
    stranger = person("Zarina")
    for user in (people.asel, stranger):
        closed(people, user)
        erase(people, user)

    assert User.objects.get(pk=people.asel.pk).full_name == "Asel"
    assert str(User.objects.get(pk=stranger.pk)).endswith(f" {stranger.pk}")
    assert everywhere("zarina") == []


def test_the_name_of_a_person_for_whom_a_substitute_acted_stays(people: People) -> None:
    people.nurlan.acting_for_id = people.asel.pk
    record(actor=people.nurlan, action="opinion.submitted", target=people.ministry, at=MORNING)
    closed(people, people.asel)

    assert erase(people, people.asel).name_kept


def test_a_letter_that_waits_goes_nowhere(people: People) -> None:
    closed(people, people.gulnara)  # its letter waits still, and it is one that closed accounts get
    waiting = OutboxMessage.objects.get(template="accounts.deactivated")

    erase(people, people.gulnara)
    OutboxMessage.objects.filter(pk=waiting.pk).update(state="pending")  # written a moment later
    assert delivery.deliver(outbox_id=waiting.pk, at=MORNING) == "skipped"

    assert mail.outbox == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ground": "term"}, "ground"),
        ({"ground": "whim"}, "ground"),
        ({"reference": " \u200b"}, "reference"),
        ({"ground": "authority", "reference": ""}, "reference"),
    ],
)
def test_a_ground_is_needed(people: People, more: dict[str, Any], field: str) -> None:
    closed(people, people.gulnara)

    with pytest.raises(InvalidInput) as refusal:
        erase(people, people.gulnara, **more)

    assert set(refusal.value.fields) == {field}
    assert User.objects.get(pk=people.gulnara.pk).email == ADDRESS


def test_only_of_a_closed_account_only_by_an_administrator_and_only_once(people: People) -> None:
    with pytest.raises(TransitionNotAllowed):
        erase(people, people.gulnara)
    closed(people, people.gulnara)
    with pytest.raises(NotAllowed):
        erase(people, people.gulnara, actor=people.bakyt)
    erase(people, people.gulnara, ground="mistake", reference="")
    with pytest.raises(TransitionNotAllowed):
        erase(people, people.gulnara)
    with pytest.raises(TransitionNotAllowed):
        services.reactivate_person(actor=people.saltanat, user_id=people.gulnara.pk, at=MORNING)


def test_the_same_address_may_be_invited_anew(people: People) -> None:
    closed(people, people.gulnara)
    erase(people, people.gulnara)

    anew, _token = accounts.invite(actor=people.saltanat, email=ADDRESS, language="ru", at=MORNING)

    assert anew.pk != people.gulnara.pk


@pytest.mark.parametrize(
    "change",
    [
        {"email": "back@example.org"},
        {"contacts_erased_at": None},
        {"password": "pbkdf2_sha256$x"},
        {"full_name": "Somebody Else"},
        {"is_active": True, "deactivated_at": None},
    ],
)
def test_the_database_keeps_it_erased(people: People, change: dict[str, Any]) -> None:
    closed(people, people.gulnara)
    erase(people, people.gulnara)

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=people.gulnara.pk).update(**change)


def test_the_ledger_is_append_only(people: People) -> None:
    closed(people, people.gulnara)
    erase(people, people.gulnara)

    for change in (lambda rows: rows.update(ground="term"), lambda rows: rows.delete()):
        with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic():
            change(Erasure.objects.all())


# --- the terms ----------------------------------------------------------------------------------------------


def test_contacts_go_by_themselves_a_year_after_the_account_was_closed(people: People) -> None:
    closed(people, people.gulnara)

    assert retention.remove_past_terms(at=MORNING + YEAR)["contacts"] == 0
    assert retention.remove_past_terms(at=MORNING + YEAR + timedelta(seconds=1))["contacts"] == 1

    line = JournalEntry.objects.get(action="person.contacts_erased")
    assert (line.actor, line.data["ground"]) == (None, "term")
    assert everywhere(ADDRESS) == []
    assert audit.verify_chain().ok


def test_an_open_account_is_never_touched(people: People) -> None:
    closed(people, people.gulnara)
    services.reactivate_person(actor=people.saltanat, user_id=people.gulnara.pk, at=MORNING)

    assert retention.remove_past_terms(at=MORNING + 9 * YEAR)["contacts"] == 0


def test_letters_of_no_file_go_after_a_year_and_proofs_stay(people: People) -> None:
    def letter(template: str, key: str, act_id: int | None = None) -> None:
        notifications.enqueue(
            template=template, recipients=[people.gulnara], payload={}, key=key, at=MORNING, act_id=act_id
        )

    letter("accounts.password_changed", "old")
    letter("accounts.password_changed", "waits")
    letter("reviews.reminder", "proof", act_id=7)
    letter("deadlines.outage_decided", "other")
    OutboxMessage.objects.exclude(key__startswith="waits").update(state="done", done_at=MORNING)

    assert retention.remove_past_terms(at=MORNING + YEAR)["letters"] == 0
    assert retention.remove_past_terms(at=MORNING + YEAR + timedelta(seconds=1))["letters"] == 1
    assert {row.key.partition(":")[0] for row in OutboxMessage.objects.all()} == {"waits", "proof", "other"}


def test_invitations_sessions_and_counters_go_when_they_are_over(people: People) -> None:
    accounts.invite(actor=people.saltanat, email="new@example.org", language="ru", at=MORNING)
    ends = Invitation.objects.get().expires_at
    Session.objects.create(session_key="over", session_data="", expire_date=datetime(2026, 1, 1, tzinfo=UTC))
    Session.objects.create(session_key="open", session_data="", expire_date=MORNING + YEAR * 3)
    cache.set("codes:1:10.0.0.1", 3, 1000)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO throttle_cache (cache_key, value, expires) VALUES ('old', '', now() - interval '1 s')"
        )
        cursor.execute("SELECT count(*) FROM throttle_cache")
        before = cursor.fetchone()[0]

    assert retention.remove_past_terms(at=ends + YEAR)["invitations"] == 0
    assert retention.remove_past_terms(at=ends + YEAR + timedelta(seconds=1))["invitations"] == 1
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM throttle_cache")
        assert cursor.fetchone()[0] == before - 1
    assert cache.get("codes:1:10.0.0.1") == 3
    assert counters.erase_expired() == 0


def test_the_daily_work_does_it_once_a_day_however_late(people: People) -> None:
    closed(people, people.gulnara)
    late = MORNING + 2 * YEAR

    assert retention.daily(at=late)["contacts"] == 1
    assert retention.daily(at=late + timedelta(minutes=1)) == {}
    assert retention.daily(at=late + timedelta(days=1))["contacts"] == 0


def test_the_documented_table_is_the_one_in_the_portal() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "retention.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|.*\|$", text, re.M)

    assert listed == [term.code for term in retention.TERMS]
    years = re.findall(r"365 days", "\n".join(line for line in text.splitlines() if line.startswith("| `")))
    assert len(years) == 3
    assert {retention.CONTACTS_FOR, retention.INVITATIONS_FOR, retention.LETTERS_FOR} == {YEAR}
    assert (timedelta(hours=24), timedelta(days=14)) == (kept.LOST_FOR, kept.DRAFT_FOR)
    assert second_factor.PLACE_KNOWN == 30 * 24 * 3600


# --- the ledger after a restore ---------------------------------------------------------------------------------


def printed() -> list[dict[str, Any]]:
    out = StringIO()
    call_command("erasures", stdout=out)
    return json.loads(out.getvalue())


def test_a_restored_portal_erases_again_what_the_ledger_names(people: People) -> None:
    with transaction.atomic():
        closed(people, people.gulnara)
        erase(people, people.gulnara)
        given = printed()
        transaction.set_rollback(True)  # the backup was made before
    assert User.objects.get(pk=people.gulnara.pk).email == ADDRESS
    wrong = {**given[0], "person": people.bakyt.pk, "created_at": "2020-01-01T00:00:00+00:00"}

    again = erasure.erase_again(erasure.read_ledger({"erasures": [*given, wrong]}), at=MORNING)

    assert again == 1
    assert everywhere(ADDRESS) == []
    assert User.objects.get(pk=people.bakyt.pk).email == "bakyt@example.org"
    row = Erasure.objects.get()
    assert (row.person, row.ground, row.reference) == (people.gulnara, "request", "№ 12, 3.9.2026")
    assert erasure.erase_again(erasure.read_ledger(given), at=MORNING) == 0
    assert audit.verify_chain().ok


@pytest.mark.parametrize("given", [{}, {"erasures": 1}, [{}], [{"person": "x"}], "x", [1]])
def test_what_is_no_ledger_is_said_to_be_none(given: Any) -> None:
    with pytest.raises(erasure.NoLedger):
        erasure.read_ledger(given)


# --- the pages ------------------------------------------------------------------------------------------------


def test_an_administrator_erases_on_the_page_and_finds_it_in_the_ledger(
    people: People, client: Client
) -> None:
    closed(people, people.gulnara)
    client.force_login(people.saltanat)
    page = f"/ru/administration/people/{people.gulnara.pk}/"
    assert f"{page}erase/" in client.get(page).content.decode()
    assert client.post(f"{page}erase/", {"ground": "request", "reference": ""}).status_code == 400

    answer = client.post(f"{page}erase/", {"ground": "request", "reference": "№ 12 от 3.9.2026"})

    assert answer["Location"] == page
    shown = client.get(page).content.decode()
    assert "Контакты удалены" in shown
    assert "erased.invalid" not in shown
    assert ADDRESS not in shown
    listed = client.get("/ru/administration/personal-data/").content.decode()
    assert "№ 12 от 3.9.2026" in listed
    assert "уже удалены" in client.get(f"{page}erase/").content.decode()


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_terms_are_told_in_three_languages(people: People, client: Client, language: str) -> None:
    client.force_login(people.saltanat)

    page = client.get(f"/{language}/administration/personal-data/").content.decode()

    assert page.count('<th scope="row"') == len(retention.TERMS)
