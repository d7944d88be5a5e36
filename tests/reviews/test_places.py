"""A later text: remarks go with their provision, or a person says where they belong; promises are watched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from apps.audit.models import JournalEntry
from apps.core.errors import InvalidInput, NotAllowed, TransitionNotAllowed
from apps.draft_acts.models import DraftActVersion
from apps.legal_text import promised
from apps.notifications import registry
from apps.notifications.models import OutboxMessage
from apps.register.demo import acts, texts
from apps.register.demo.way import Way
from apps.reviews import promises, services
from apps.reviews.enums import PlaceOutcome, PromiseState
from apps.reviews.models import Remark, RemarkPlace
from tests.way import people, start, way

__all__ = ["people", "way"]

# The demonstration's remarks are on art_2 part 1 (partly accepted), art_2 part 2 (accepted), art_1 part 2 (rejected),
# and one of the cities on art_2 part 2 (rejected).
INSERTED = {
    "ky": [
        ("азайтылбайт", "табигый кырсык болгон учурларды кошпогондо, азайтылбайт"),
        ("2-берене.", "2-берене. Негизги түшүнүктөр\n\nУшул Мыйзамда мыйзам тили колдонулат.\n\n3-берене."),
        ("3-берене. Күчүнө", "4-берене. Күчүнө"),
    ],
    "ru": [
        ("Статья 2.", "Статья 2. Понятия\n\nВ настоящем Законе применяется язык закона.\n\nСтатья 3."),
        ("Статья 3. Порядок вступления", "Статья 4. Порядок вступления"),
    ],
}
REMOVED = {
    "ky": [
        (
            "2. Теңдөөчү трансферттердин көлөмү бюджеттик жылдын ичинде азайтылбайт.\n\n3.",
            "2.",
        )
    ],
    "ru": [("2. Объём выравнивающих трансфертов в течение бюджетного года не уменьшается.\n\n3.", "2.")],
}
UNION, CITIES = "lsg-union", "cities"


@pytest.fixture
def answered(way: Way) -> Way:
    """A consultation in which every association has its answers."""
    return acts._answered(way)


def remark(way: Way, number: int, code: str = UNION) -> Remark:
    return way.remarks(code)[number - 1]


def place(way: Way, number: int, code: str = UNION) -> RemarkPlace:
    newest = DraftActVersion.objects.filter(act=way.act).latest("number")
    found = promises.ruling_place(Remark.objects.get(pk=remark(way, number, code).pk), newest.pk)
    assert found is not None
    return found


def states(way: Way) -> dict[str, PromiseState]:
    return {
        f"{promise.review.association.code}-{promise.remark.number}": promise.state
        for promise in promises.promises(way.act)
    }


def test_no_later_text_while_an_answer_is_awaited(way: Way) -> None:
    acts._filed_by_both(way).working_days(5).answer(UNION, acts.ANSWERS)

    with way.now("finance.drafter", "water.drafter") as (drafter, stranger):
        with pytest.raises(NotAllowed):
            services.begin_version(actor=stranger, act_id=way.act.pk, at=way.at)
        with pytest.raises(services.AnswersOutstanding):
            services.begin_version(actor=drafter, act_id=way.act.pk, at=way.at)


def test_remarks_go_with_their_provision_when_an_article_is_put_in(answered: Way) -> None:
    answered.working_days(1).renew(INSERTED, text=texts.TRANSFERS)

    assert [place(answered, n).provision.eid for n in (1, 2, 3)] == [
        "art_3__para_1",
        "art_3__para_2",
        "art_1__para_2",
    ]
    assert {p.outcome for p in RemarkPlace.objects.all()} == {PlaceOutcome.CARRIED}
    assert remark(answered, 1).provision.eid == "art_2__para_1"  # what was submitted stays as it was
    assert states(answered) == {"lsg-union-1": PromiseState.NOT_TAKEN_UP, "lsg-union-2": PromiseState.KEPT}
    assert promises.displaced(answered.act) == []


def test_a_promise_whose_provision_is_taken_out_is_lost_and_both_sides_are_told(
    answered: Way, people: dict[str, Any]
) -> None:
    assert states(answered) == {"lsg-union-1": PromiseState.OPEN, "lsg-union-2": PromiseState.OPEN}

    answered.working_days(1).renew(REMOVED, text=texts.TRANSFERS)

    assert states(answered)["lsg-union-2"] == PromiseState.LOST
    lost = OutboxMessage.objects.filter(template="reviews.promise_lost")
    told = set(lost.values_list("recipient", flat=True))
    assert {people[key].pk for key in ("union.officer", "finance.drafter")} <= told
    assert people["cities.officer"].pk not in told
    for language in ("ky", "ru", "en"):
        letter = registry.build("reviews.promise_lost", lost[0].payload, language)
        assert answered.act.number in letter.subject
    # The cities had no promise there: their remark has only lost its place.
    other = OutboxMessage.objects.filter(template="reviews.places_lost")
    assert people["cities.officer"].pk in set(other.values_list("recipient", flat=True))
    assert JournalEntry.objects.get(action="promises.lost").data["remarks"] == [remark(answered, 2).pk]


def test_a_promise_kept_once_is_lost_when_a_later_text_drops_its_words(answered: Way) -> None:
    answered.working_days(1).renew(INSERTED, text=texts.TRANSFERS)
    assert states(answered)["lsg-union-2"] == PromiseState.KEPT

    answered.working_days(1).renew({"ky": INSERTED["ky"][1:], "ru": INSERTED["ru"]}, text=texts.TRANSFERS)

    assert states(answered)["lsg-union-2"] == PromiseState.LOST
    assert OutboxMessage.objects.filter(template="reviews.promise_lost").exists()


def test_who_settles_the_place_of_a_remark(answered: Way) -> None:
    answered.working_days(1).renew(REMOVED, text=texts.TRANSFERS)
    displaced = {found.remark.pk for found in promises.displaced(answered.act)}
    assert displaced == {remark(answered, 2).pk, remark(answered, 1, CITIES).pk}
    newest = DraftActVersion.objects.get(act=answered.act, number=2)
    spot = newest.provisions.get(eid="art_2__para_2")

    def settle(actor: Any, number: int = 2, code: str = UNION, **more: Any) -> RemarkPlace:
        return services.settle_place(
            actor=actor, remark_id=remark(answered, number, code).pk, at=answered.at, **more
        )

    with answered.hours(1).now("cities.officer", "finance.drafter", "union.officer") as (
        stranger,
        drafter,
        officer,
    ):
        with pytest.raises(NotAllowed):
            settle(stranger, provision_id=spot.pk)
        with pytest.raises(NotAllowed):  # the ministry does not dismiss a remark
            settle(drafter, provision_id=None, reason="Не относится.")
        with pytest.raises(InvalidInput):
            settle(officer, provision_id=None, reason="  ")
        with pytest.raises(InvalidInput):  # a provision of the old text
            settle(officer, provision_id=remark(answered, 2).provision_id)
        with pytest.raises(TransitionNotAllowed):  # carried for certain
            settle(officer, 1, provision_id=spot.pk)
        chosen = settle(drafter, provision_id=spot.pk)
        closed = settle(officer, provision_id=None, reason="Мындан ары тиешеси жок.")

    assert (chosen.outcome, closed.outcome) == (PlaceOutcome.CHOSEN, PlaceOutcome.CLOSED)
    assert states(answered)["lsg-union-2"] == PromiseState.CLOSED
    assert [found.remark.pk for found in promises.displaced(answered.act)] == [remark(answered, 1, CITIES).pk]
    letters = OutboxMessage.objects.filter(template="reviews.place_settled")
    assert "2026" in registry.build("reviews.place_settled", letters[0].payload, "ky").subject
    # What was settled goes on into the next text; what was closed does not come back.
    answered.working_days(1).renew(REMOVED, text=texts.TRANSFERS)
    assert [found.remark.pk for found in promises.displaced(answered.act)] == [remark(answered, 1, CITIES).pk]
    assert states(answered)["lsg-union-2"] == PromiseState.CLOSED


def test_a_place_does_not_change_and_is_in_its_version_even_round_the_services(answered: Way) -> None:
    answered.working_days(1).renew(INSERTED, text=texts.TRANSFERS)
    row = place(answered, 1)
    old = remark(answered, 1).provision

    def refused(change: Callable[[], object]) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    refused(lambda: RemarkPlace.objects.filter(pk=row.pk).update(provision=None))
    refused(lambda: RemarkPlace.objects.filter(pk=row.pk).delete())
    fields = {"remark_id": row.remark_id, "outcome": "carried", "decided_at": answered.at}
    refused(lambda: RemarkPlace.objects.create(version_id=row.version_id, provision=old, **fields))
    refused(lambda: RemarkPlace.objects.create(version_id=old.version_id, provision=old, **fields))


def test_the_pages_of_promises_and_places(answered: Way, people: dict[str, Any], client: Any) -> None:
    from apps.core import clock

    answered.working_days(1).renew(REMOVED, text=texts.TRANSFERS)
    number = answered.act.number
    settle = f"/ru/acts/{number}/reviews/{UNION}/remarks/2/place/"

    with clock.frozen(answered.at):
        page = client.get(f"/ru/acts/{number}/promises/").content.decode()
        overview = client.get(f"/ru/acts/{number}/").content.decode()
        assert "Обещание утрачено" in page
        assert settle not in page
        assert f'href="/ru/acts/{number}/promises/"' in overview
        assert 'id="lost"' in overview
        client.force_login(people["union.officer"])
        assert settle in client.get(f"/ru/acts/{number}/promises/").content.decode()
        assert client.get(settle).status_code == 200
        assert client.post(settle, {"provision": "none", "reason": ""}).status_code == 400
        done = client.post(settle, {"provision": "none", "reason": "Больше не применяется."}, follow=True)
        assert "применяется." in done.content.decode()
        client.force_login(people["water.drafter"])
        assert client.get(settle).status_code == 403
        assert client.get(settle.replace("remarks/2", "remarks/1")).status_code == 404


def test_promised_words_are_found_whole_and_in_order() -> None:
    text = "Порядок утверждается Кабинетом Министров по согласованию с ассоциациями, с учётом их мнения."

    assert promised.holds("… по согласованию с ассоциациями.", text)
    assert promised.holds("Порядок … с учётом их мнения", text)
    assert not promised.holds("с учётом … по согласованию", text)
    assert not promised.holds("по согласованию с ассоциац", text)
    assert not promised.holds(" … ", text)


def test_another_act_is_not_looked_at(answered: Way, people: dict[str, Any]) -> None:
    other = start(people).working_days(1).register().hours(1)
    other.renew(INSERTED, text=texts.TRANSFERS)

    assert not RemarkPlace.objects.exists()
    assert states(answered) == {"lsg-union-1": PromiseState.OPEN, "lsg-union-2": PromiseState.OPEN}
