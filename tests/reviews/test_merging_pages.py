"""The pages of the next draft: what is typed is kept, the result is looked at before it is made, nobody else is let in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.core import clock
from apps.draft_acts.models import DraftActVersion
from apps.legal_text import reader
from apps.register.demo import acts
from apps.register.demo.way import Way
from apps.reviews import merging
from apps.reviews.models import MergeChoice, MergedProvision
from tests.way import people, start, way

from .test_merging import (
    CITIES,
    CITIES_ACCEPTED,
    KY_1,
    KY_2,
    PART_1,
    PART_2,
    RU_1,
    RU_2,
    UNION,
    answered,
    decide_both,
    disputed,
    make,
    plan,
    publish,
    save,
)

__all__ = ["answered", "disputed", "people", "way"]
JSON = {"accept": "application/json"}
Visit = Callable[..., Any]


@pytest.fixture
def visit(people: dict[str, User]) -> Visit:
    """visit(way, name, …): a page as the drafter (or `by`) sees it at the moment of the story; `data` is sent."""

    def go(
        story: Way,
        name: str,
        *args: Any,
        by: str = "finance.drafter",
        data: Any = None,
        query: str = "",
        **headers: Any,
    ) -> HttpResponse:
        client = Client()
        if by:
            client.force_login(people[by])
        address = reverse(name, args=[story.act.number, *args]) + query
        with clock.frozen(story.at):
            if data is None:
                return client.get(address, headers=headers)
            return client.post(address, data, headers=headers)

    return go


def typed(way: Way, number: int = 2, decision: str = "take", **more: Any) -> dict[str, Any]:
    pk = way.remarks(UNION)[number - 1].pk
    return {f"decision_{pk}": decision, "wording_ky": KY_2, "wording_ru": RU_2, "version": 0, **more}


def test_the_page_shows_what_was_accepted_beside_what_stands_now(answered: Way, visit: Visit) -> None:
    page = visit(answered, "next_draft").content.decode()

    assert f'id="{PART_1}"' in page
    assert f'id="{PART_2}"' in page
    assert "табигый кырсык болгон учурларды кошпогондо" in page
    assert "art_1__para_2" not in page  # its remark was rejected


def test_two_proposals_on_one_provision_are_said_to_conflict_and_have_one_text(
    disputed: Way, visit: Visit
) -> None:
    page = visit(disputed, "next_draft").content.decode()

    assert page.count('name="wording_ky"') == 2  # one a provision
    assert page.count('data-color="warning"') >= 2
    assert "mk-note" in page
    assert "<ins>" in page
    assert "1 июля" in page


def test_what_is_typed_is_kept_by_button_and_by_itself(answered: Way, visit: Visit) -> None:
    answer = visit(answered, "next_draft_save", PART_2, data=typed(answered), **JSON)
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    row = MergedProvision.objects.get()
    assert (row.wording_ky, row.wording_ru, row.choices.get().decision) == (KY_2, RU_2, "take")

    answer = visit(answered, "next_draft_save", PART_2, data=typed(answered, version=1, untranslated="on"))

    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#{PART_2}")
    row.refresh_from_db()
    assert row.untranslated
    assert row.edit_version == 2
    assert KY_2 in visit(answered, "next_draft").content.decode()


def test_after_a_conflict_both_texts_are_on_the_page(answered: Way, visit: Visit) -> None:
    save(answered, PART_2, ("leave", "Иная причина."), wording_ky="Алардын тексти.")

    page = visit(answered, "next_draft_save", PART_2, data=typed(answered))

    assert page.status_code == 409
    body = page.content.decode()
    assert KY_2 in body
    assert "Алардын тексти." in body
    assert "Иная причина." in body
    assert visit(answered, "next_draft_save", PART_2, data=typed(answered), **JSON).status_code == 409


def test_a_provision_without_proposals_has_no_form(answered: Way, visit: Visit) -> None:
    for eid in ("art_1__para_2", "nothing"):
        assert visit(answered, "next_draft_save", eid, data=typed(answered)).status_code == 404


def test_the_result_names_what_is_not_settled_and_what_the_ledger_will_say(
    answered: Way, visit: Visit
) -> None:
    save(answered, PART_1, ("take", ""), wording_ky=KY_1, wording_ru=RU_1)

    page = visit(answered, "next_draft_preview", query="?text=ru").content.decode()

    assert f"next-draft/#{PART_2}" in page  # undecided
    assert "<ins>" in page
    assert "с учётом мнения" in page
    assert page.count('id="change-') == 1  # only what changes


def test_making_the_draft_leads_to_the_texts_that_wait_for_confirmation(answered: Way, visit: Visit) -> None:
    decide_both(answered)

    answer = visit(answered, "next_draft_make", data={"seen": plan(answered).seen})

    assert answer.status_code == 302
    assert answer["Location"].endswith(f"prepare/{answered.act.token}/")
    version = DraftActVersion.objects.get(act=answered.act, number=2)
    assert version.provisions.get(eid=PART_2).text_ru == RU_2
    again = visit(answered, "next_draft_make", data={"seen": plan(answered).seen})
    assert again.status_code == 409  # it is not written over
    assert f"/acts/prepare/{answered.act.token}/" in again.content.decode()


def test_making_it_too_early_lists_what_is_missing(answered: Way, visit: Visit) -> None:
    answer = visit(answered, "next_draft_make", data={"seen": plan(answered).seen})

    assert answer.status_code == 409
    assert f"next-draft/#{PART_1}" in answer.content.decode()
    stale = visit(answered, "next_draft_make", data={"seen": "x"})
    assert stale.status_code == 302
    assert "preview" in stale["Location"]
    assert DraftActVersion.objects.filter(act=answered.act).count() == 1


def test_the_amended_text_is_downloaded_as_word_and_reads_as_what_was_merged(
    answered: Way, visit: Visit
) -> None:
    decide_both(answered)

    answer = visit(answered, "next_draft_file", "ky")
    read = reader.read(b"".join(answer) if answer.streaming else answer.content)

    assert read.provisions == merging.merged(plan(answered), "ky").act.provisions
    assert visit(answered, "next_draft_file", "en").status_code == 404
    save(answered, PART_2, ("take", ""), wording_ky="3. Башка бөлүк.")
    assert visit(answered, "next_draft_file", "ky").status_code == 302  # said on the page of the result


def test_who_is_let_in(answered: Way, visit: Visit) -> None:
    for person in ("", "water.drafter", "union.officer", "justice.coordinator", "chamber.auditor"):
        for name, args in (("next_draft", ()), ("next_draft_preview", ()), ("next_draft_file", ("ky",))):
            assert visit(answered, name, *args, by=person).status_code == 404, (person, name)
        assert visit(answered, "next_draft_make", by=person, data={"seen": "x"}).status_code == 404
        assert visit(answered, "next_draft_save", PART_2, by=person, data={}).status_code == 404
    assert visit(answered, "next_draft", by="finance.signatory").status_code == 200
    assert not MergeChoice.objects.exists()


def test_the_ways_to_the_page(answered: Way, visit: Visit) -> None:
    address = reverse("next_draft", args=[answered.act.number])

    assert address in visit(answered, "act_promises").content.decode()
    assert address in visit(answered, "act_version_new").content.decode()
    for person in ("", "union.officer", "water.drafter"):
        assert address not in visit(answered, "act_promises", by=person).content.decode()


def test_why_a_proposal_was_left_stands_beside_its_promise_once_the_next_text_is_public(
    answered: Way, visit: Visit
) -> None:
    save(answered, PART_1, ("take", ""), wording_ky=KY_1, wording_ru=RU_1)
    save(answered, PART_2, ("leave", "Ждёт закона о бюджете."))
    make(answered)
    assert "Ждёт закона" not in visit(answered, "act_promises", by="").content.decode()

    publish(answered)

    assert "Ждёт закона" in visit(answered, "act_promises", by="").content.decode()
    for row in (MergeChoice, MergedProvision):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.objects.order_by("pk")[:1].get().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        MergeChoice.objects.update(reason="Другая причина.")


def test_the_pages_cost_the_same_for_one_proposal_and_for_several(way: Way, people: dict[str, User]) -> None:
    def costs(story: Way, *, several: bool) -> list[int]:
        outcomes = acts.ANSWERS if several else [acts.ANSWERS[0], *[("rejected", "Нет.", "")] * 2]
        acts._filed_by_both(story).working_days(5).answer(UNION, outcomes).hours(1)
        story.answer(CITIES, CITIES_ACCEPTED if several else [("rejected", "Нет.", "")])
        assert len(plan(story).proposals()) == (3 if several else 1)
        client, found = Client(), []
        client.force_login(people["finance.drafter"])
        for name in ("next_draft", "next_draft_preview"):
            with clock.frozen(story.at), CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(name, args=[story.act.number])).status_code == 200
            found.append(len(captured))
        return found

    one, several = costs(way, several=False), costs(start(people), several=True)

    assert one == several
    assert max(one) <= 40
