"""Forms without a row of their own keep what is typed into them: by themselves, and by a button without scripts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse, set_script_prefix
from django.utils.translation import override

from apps.accounts import kept
from apps.accounts.models import KeptForm, User
from apps.core import clock
from apps.draft_acts.models import DraftAct
from apps.register import tasks
from tests.way import BEGIN, Way, met, people, start, way

__all__ = ["people", "way"]
AUTOSAVE = {"HTTP_ACCEPT": "application/json"}
WORDS = "Өткөрүлүп берилген ыйгарым укук, каржы булагы жок."


@pytest.fixture(autouse=True)
def _now() -> Any:
    set_script_prefix("/")
    with clock.frozen(BEGIN), override("ky"):
        yield


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def page(way: Way) -> str:
    return reverse("act_register", args=[way.act.token])


@pytest.fixture
def signatory(people: dict[str, User]) -> Client:
    return browser(people["finance.signatory"])


def keep(client: Client, page: str, part: str = "", **more: Any) -> Any:
    fields = {"touches_lsg": "yes", "where": WORDS, "draft_of": page, "draft_part": part}
    return client.post(reverse("draft_save"), fields | more.pop("fields", {}), **more)


def test_what_is_typed_stands_in_the_form_when_it_is_opened_again(signatory: Client, page: str) -> None:
    saved = keep(signatory, page, fields={"function_without_money": "on"}, **AUTOSAVE)

    with override("ru"):
        again = signatory.get(page.replace("/ky/", "/ru/"))  # in another language, the same page
        form = again.context["form"]
    assert saved.json()["saved_at"]
    assert form["where"].value() == WORDS
    assert form["touches_lsg"].value() == "yes"
    assert form["function_without_money"].value()
    assert not form["touches_inter_budget"].value()


def test_without_scripts_a_button_saves_the_draft_and_another_throws_it_away(
    signatory: Client, page: str
) -> None:
    saved = keep(signatory, page)
    body = signatory.get(page).content.decode()
    thrown = keep(signatory, page, fields={"throw_draft": "1"})

    assert saved["Location"] == thrown["Location"] == page
    assert f'formaction="{reverse("draft_save")}"' in body
    assert 'name="throw_draft"' in body
    assert not KeptForm.objects.exists()


def test_a_draft_is_nobody_elses(signatory: Client, page: str, people: dict[str, User]) -> None:
    keep(signatory, page)

    colleague = browser(people["finance.drafter"])
    colleague.post(reverse("draft_save"), {"draft_of": page, "throw_draft": "1"})

    assert WORDS not in colleague.get(reverse("desk")).content.decode()
    assert colleague.get(reverse("kept_text")).status_code == 302
    assert KeptForm.objects.count() == 1


def test_once_the_form_was_taken_the_draft_is_gone(signatory: Client, page: str, way: Way) -> None:
    keep(signatory, page)

    refused = signatory.post(page, {"touches_lsg": "yes", "where": "", "draft_of": page, "draft_part": ""})
    still = KeptForm.objects.count()
    others = {"touches_inter_budget": "yes", "touches_delegated_powers": "yes"}
    taken = signatory.post(
        page, others | {"touches_lsg": "yes", "where": WORDS, "draft_of": page, "draft_part": ""}
    )

    assert (refused.status_code, still) == (400, 1)
    assert taken.status_code == 302
    assert DraftAct.objects.get(pk=way.act.pk).number
    assert not KeptForm.objects.exists()


def test_the_sent_form_rules_over_the_draft(signatory: Client, page: str) -> None:
    keep(signatory, page)

    refused = signatory.post(page, {"touches_lsg": "yes", "where": "", "reason": "Башка"})

    assert refused.context["form"]["where"].value() == ""


def test_a_draft_is_kept_for_two_weeks(signatory: Client, page: str) -> None:
    keep(signatory, page)

    with clock.frozen(BEGIN + kept.DRAFT_FOR - timedelta(seconds=1)):
        tasks.daily()
        assert KeptForm.objects.exists()
    with clock.frozen(BEGIN + kept.DRAFT_FOR):
        tasks.daily()
        assert not KeptForm.objects.exists()


@pytest.mark.parametrize(
    "page", ["", "https://evil.example/", "//evil.example/", "/ky/nowhere/", "/ky/desk/" + "a" * 600]
)
def test_a_draft_belongs_to_a_page_of_the_portal(page: str, people: dict[str, User]) -> None:
    assert keep(browser(people["finance.signatory"]), page).status_code == 404
    assert not KeptForm.objects.exists()


def test_autosave_after_the_session_ended_loses_nothing_either(
    signatory: Client, page: str, people: dict[str, User]
) -> None:
    from django.contrib.sessions.models import Session

    signatory.get(page)
    Session.objects.all().delete()

    answer = keep(signatory, page, **AUTOSAVE)
    back = browser(people["finance.signatory"]).get(reverse("kept_text")).content.decode()

    assert answer.status_code == 401
    assert WORDS in back


@dataclass(frozen=True)
class Typed:
    """A form that keeps itself: who writes it, which part of its page it is, and what is typed."""

    page: str
    who: str
    fields: dict[str, str]
    part: str = ""


def test_other_forms_keep_themselves_too(people: dict[str, User]) -> None:
    way = start(people).register().hours(1).open().working_days(1).acknowledge()
    review = [way.act.number, "lsg-union"]
    writing = [
        Typed(reverse("act_withdraw", args=review[:1]), "finance.signatory", {"reason": WORDS}),
        Typed(
            reverse("opinion_write", args=review),
            "union.officer",
            {"text": WORDS, "kind": "objection"},
            "remark",
        ),
    ]

    assert_kept(people, way, writing)


def test_the_meeting_and_each_outcome_are_kept_apart(way: Way, people: dict[str, User]) -> None:
    met(way)
    page = reverse("meeting", args=[way.act.number, "lsg-union"])
    writing = [
        Typed(page, "finance.drafter", {"recorder": WORDS, "version": "1"}),
        Typed(page, "finance.drafter", {"r1-note": "Биринчи " + WORDS, "r1-version": "1"}, "1"),
        Typed(page, "finance.drafter", {"r1-note": "Алардыкы " + WORDS, "r1-version": "1"}, "1"),
    ]

    assert_kept(people, way, writing)


def assert_kept(people: dict[str, User], way: Way, writing: list[Typed]) -> None:
    with clock.frozen(way.at):
        for form in writing:
            client = browser(people[form.who])
            client.post(
                reverse("draft_save"),
                {**form.fields, "draft_of": form.page, "draft_part": form.part},
                **AUTOSAVE,
            )
            body = client.get(form.page).content.decode()
            for name, value in form.fields.items():
                assert value in body, (form.page, name)
            assert f'data-autosave-url="{reverse("draft_save")}"' in body, form.page
