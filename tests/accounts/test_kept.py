"""What was sent after the session had ended is kept for its person, given back after sign-in, and for nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts import kept
from apps.accounts.models import KeptFile, KeptForm, User
from apps.core import clock
from apps.draft_acts import services as draft_acts
from apps.draft_acts.enums import ActKind
from apps.draft_acts.models import Attachment, DraftAct
from apps.organizations.models import Organization
from apps.register import tasks
from tests.way import BEGIN, people

__all__ = ["people"]
TEXT = "Берененин жаңы редакциясы сунушталат:\r\nөкүлчүлүктүү орган «ң ө ү» <b>&amp;</b>"
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.frozen(BEGIN):
        yield


@pytest.fixture
def drafter(people: dict[str, User]) -> User:
    return people["finance.drafter"]


@pytest.fixture
def act(drafter: User) -> DraftAct:
    body = Organization.objects.get(code="minfin")
    return draft_acts.create_act(actor=drafter, initiator_id=body.pk, kind=ActKind.LAW, at=BEGIN)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    client.get(reverse("desk"))
    return client


def end(client: Client) -> None:
    Session.objects.update(expire_date=clock.now() - timedelta(minutes=1))


@pytest.fixture
def ended(drafter: User) -> Client:
    """A browser whose session ended while its person was away."""
    client = signed_in(drafter)
    end(client)
    return client


def save(client: Client, act: DraftAct, **typed: Any) -> Any:
    fields = {
        "kind": "law",
        "title_ky": "",
        "title_ru": "Кыска",
        "summary_ky": TEXT,
        "summary_ru": "",
        "version": 1,
    }
    page = "http://testserver" + reverse("act_prepare", args=[act.token])
    return client.post(reverse("act_save", args=[act.token]), {**fields, **typed}, HTTP_REFERER=page)


def hidden_fields(page: Any) -> dict[str, str]:
    """What the first form of the page of kept texts would send."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        found: dict[str, str] = {}
        name, on = "", False

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            named = dict(attrs)
            if tag == "form" and "act" in (named.get("action") or ""):
                self.on, self.found = True, {}
            elif self.on and tag == "input":
                self.found[str(named["name"])] = str(named.get("value"))
            elif self.on and tag == "textarea":
                self.name = str(named["name"])
                self.found[self.name] = ""

        def handle_endtag(self, tag: str) -> None:
            self.name = "" if tag == "textarea" else self.name
            self.on = self.on and tag != "form"

        def handle_data(self, data: str) -> None:
            if self.on and self.name:
                self.found[self.name] += data

    reader = Reader()
    reader.feed(page.content.decode())
    # The line end after the tag belongs to the page, as a browser knows.
    return {name: value.removeprefix("\n") for name, value in reader.found.items()}


def test_an_ended_session_leads_to_sign_in_and_is_anonymous_afterwards(ended: Client) -> None:
    first = ended.get(reverse("settings"))
    sign_in = ended.get(first["Location"])

    assert first.status_code == 303
    assert first["Location"].startswith(reverse("account_login") + "?next=")
    assert sign_in.status_code == 200
    assert not ended.cookies[settings.SESSION_COOKIE_NAME].value


def test_a_form_sent_too_late_waits_for_its_person_and_is_sent_as_it_was(
    ended: Client, act: DraftAct, drafter: User
) -> None:
    answer = save(ended, act)
    other_place = signed_in(drafter)  # another computer: nothing of this lies in the first one's browser
    page = other_place.get(reverse("kept_text"))
    sent = other_place.post(reverse("act_save", args=[act.token]), hidden_fields(page))

    act.refresh_from_db()
    assert answer.status_code == 303
    assert "kept-text" in answer["Location"]
    assert sent.status_code == 302
    assert act.title_ru == "Кыска"
    assert act.summary_ky == TEXT.replace("\r\n", "\n")
    assert not KeptForm.objects.exists()  # erased at its use


def test_it_can_be_sent_from_a_page_in_another_language(ended: Client, act: DraftAct, drafter: User) -> None:
    save(ended, act)

    assert (
        f'action="{reverse("act_save", args=[act.token])}"'
        in signed_in(drafter).get("/ru/kept-text/").content.decode()
    )


def test_not_a_character_is_lost(ended: Client, act: DraftAct, drafter: User) -> None:
    long = "Ңөү " * 500_000 + "\x00 аягы"

    save(ended, act, summary_ru=long)

    assert dict(KeptForm.objects.get().fields)["summary_ru"] == long


def test_a_file_comes_back_too(ended: Client, act: DraftAct, drafter: User) -> None:
    note = "Негиздеме-маалымкат".encode()
    address = reverse("act_attachment_add", args=[act.token])

    ended.post(address, {"paper": "other", "title": "Эсеп", "file": SimpleUploadedFile("эсеп.txt", note)})
    client = signed_in(drafter)
    page = client.get(reverse("kept_text"))
    sent = client.post(address, hidden_fields(page))

    paper = Attachment.objects.get()
    assert "эсеп.txt" in page.content.decode()
    assert sent.status_code == 302
    assert (paper.title, paper.filename, paper.file.size) == ("Эсеп", "эсеп.txt", len(note))
    assert not KeptFile.objects.exists()


def test_the_next_form_of_the_same_open_page_is_kept_as_well(ended: Client, act: DraftAct) -> None:
    """Autosave was the first to meet the end of the session and its cookie is gone; then the person presses Save."""
    first = ended.post(
        reverse("act_save", args=[act.token]),
        {"kind": "law", "title_ky": TEXT},
        HTTP_ACCEPT="application/json",
    )
    second = save(ended, act, summary_ky="Аягына чейин жазылды.")

    assert first.status_code == 401
    assert second.status_code == 303
    assert {TEXT, "Аягына чейин жазылды."} <= {v for form in KeptForm.objects.all() for _n, v in form.fields}


def test_autosave_of_one_form_keeps_one_row(ended: Client, act: DraftAct) -> None:
    for n in range(5):
        save(ended, act, summary_ky=TEXT + f" жана дагы {n}")

    assert KeptForm.objects.count() == 1
    assert "дагы 4" in dict(KeptForm.objects.get().fields)["summary_ky"]


def test_short_words_are_words_too(ended: Client, act: DraftAct) -> None:
    save(ended, act, summary_ky="", title_ru="Жок")

    assert dict(KeptForm.objects.get().fields)["title_ru"] == "Жок"


def test_a_pressed_button_alone_is_not_kept(ended: Client, act: DraftAct) -> None:
    answer = ended.post(reverse("act_version_discard", args=[act.token]), {"version": "1"})

    assert answer.status_code == 303
    assert not KeptForm.objects.exists()


def test_another_person_sees_sends_and_erases_nothing(
    ended: Client, act: DraftAct, people: dict[str, User]
) -> None:
    save(ended, act)
    form = KeptForm.objects.get()
    ended.force_login(
        people["finance.signatory"]
    )  # the same browser, a colleague who may prepare the same act

    page = ended.get(reverse("kept_text"))
    thrown = ended.post(reverse("kept_text"), {"throw": form.pk})
    ended.post(reverse("act_save", args=[act.token]), {"kept_form": form.pk, "kind": "law", "version": 1})

    assert page.status_code == thrown.status_code == 302
    assert TEXT not in ended.get(reverse("desk")).content.decode()
    assert KeptForm.objects.filter(pk=form.pk).exists()


def test_the_file_of_another_person_is_not_sent_along(
    ended: Client, act: DraftAct, people: dict[str, User]
) -> None:
    address = reverse("act_attachment_add", args=[act.token])
    ended.post(address, {"paper": "other", "file": SimpleUploadedFile("a.txt", "сыр".encode())})
    client = signed_in(people["finance.signatory"])

    answer = client.post(address, {"paper": "other", "kept_form": KeptForm.objects.get().pk})

    assert answer.status_code == 400
    assert not Attachment.objects.exists()


def test_a_form_that_is_refused_again_waits_on(ended: Client, act: DraftAct, drafter: User) -> None:
    save(ended, act, title_ru="Ө" * 3000)
    client = signed_in(drafter)

    sent = client.post(reverse("act_save", args=[act.token]), hidden_fields(client.get(reverse("kept_text"))))

    assert sent.status_code == 400
    assert KeptForm.objects.count() == 1


def test_the_desk_says_that_something_waits(ended: Client, act: DraftAct, drafter: User) -> None:
    save(ended, act)

    assert reverse("kept_text") in signed_in(drafter).get(reverse("desk")).content.decode()


def test_a_person_throws_it_away(ended: Client, act: DraftAct, drafter: User) -> None:
    save(ended, act)
    client = signed_in(drafter)

    client.post(reverse("kept_text"), {"throw": KeptForm.objects.get().pk})

    assert not KeptForm.objects.exists()


@pytest.mark.parametrize(("after", "there"), [(DAY - timedelta(seconds=1), True), (DAY, False)])
def test_it_waits_for_a_day_and_is_erased(
    after: timedelta, there: bool, ended: Client, act: DraftAct, drafter: User
) -> None:
    ended.post(
        reverse("act_attachment_add", args=[act.token]),
        {"title": TEXT, "file": SimpleUploadedFile("a.txt", b"a")},
    )

    with clock.frozen(BEGIN + after):
        shown = kept.waiting(drafter, at=clock.now()).exists()
        tasks.daily()

    assert shown is there
    assert KeptForm.objects.exists() is there
    assert KeptFile.objects.exists() is there


def test_passwords_are_not_kept_and_the_form_cannot_be_sent_without(ended: Client, drafter: User) -> None:
    ended.post("/ky/protocols/PA-2026-0001/sign/", {"password": "узун-купуя-сөз-123456", "note": TEXT})
    page = signed_in(drafter).get(reverse("kept_text")).content.decode()

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(typed, '') FROM accounts_keptform")
        assert "купуя" not in cursor.fetchone()[0].encode().decode("unicode_escape")
    assert "PA-2026-0001" not in page  # no button that would send it
    assert "өкүлчүлүктүү" in page


def test_after_signing_out_nothing_is_kept_for_who_was_here(drafter: User, act: DraftAct) -> None:
    client = signed_in(drafter)
    client.post(reverse("account_logout"))

    answer = save(client, act)

    assert answer.status_code == 404
    assert "өкүлчүлүктүү" in answer.content.decode()  # shown at once, to be copied
    assert not KeptForm.objects.exists()


def test_a_forged_cookie_keeps_nothing(drafter: User, act: DraftAct) -> None:
    client = Client()
    client.cookies[settings.PERSON_COOKIE_NAME] = f"{drafter.pk}:1abcde:forged"

    assert save(client, act).status_code == 404
    assert not KeptForm.objects.exists()


def test_a_text_whose_person_is_unknown_is_shown_at_once(ended: Client, act: DraftAct) -> None:
    del ended.cookies[settings.PERSON_COOKIE_NAME]
    Session.objects.all().delete()

    answer = save(ended, act)

    assert answer.status_code == 403
    assert "өкүлчүлүктүү" in answer.content.decode()


def test_without_the_cookie_the_ended_session_still_tells_whose_it_was(ended: Client, act: DraftAct) -> None:
    del ended.cookies[settings.PERSON_COOKIE_NAME]

    assert save(ended, act).status_code == 303
    assert KeptForm.objects.count() == 1


def test_whose_account_was_closed_gets_the_text_shown(ended: Client, act: DraftAct, drafter: User) -> None:
    User.objects.filter(pk=drafter.pk).update(is_active=False, deactivated_at=clock.now())

    answer = save(ended, act)

    assert answer.status_code == 403
    assert "өкүлчүлүктүү" in answer.content.decode()


def test_the_cookie_opens_nothing(drafter: User, act: DraftAct) -> None:
    client = signed_in(drafter)
    del client.cookies[settings.SESSION_COOKIE_NAME]

    assert client.get(reverse("act_prepare", args=[act.token])).status_code == 404
    assert client.get(reverse("desk")).status_code == 302
    assert client.get(reverse("kept_text")).status_code == 302
    cookie = client.cookies[settings.PERSON_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_what_a_person_may_leave_here_is_bounded(
    drafter: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 100)
    for n in range(kept.MOST + 5):
        file = kept.SentFile("file", "a.txt", "text/plain", b"x" * 60)
        kept.keep(
            person_id=drafter.pk, action=f"/ky/{n}", back="/", fields=[("text", f"сөз {n}")], files=[file], at=clock.now()
        )  # fmt: skip

    texts = {value for form in KeptForm.objects.all() for _name, value in form.fields}
    assert len(texts) == kept.MOST
    assert f"сөз {kept.MOST + 4}" in texts
    assert sum(file.size for file in KeptFile.objects.all()) <= 100
    assert KeptForm.objects.filter(whole=False).exists()
