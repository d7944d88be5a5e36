"""A confirmed outage moves last days: whose, to when, once; and what it leaves as it is."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit.models import JournalEntry
from apps.core.errors import InvalidInput, NotAllowed
from apps.deadlines import rules
from apps.deadlines import services as deadlines
from apps.deadlines.enums import Stage
from apps.deadlines.models import Outage
from apps.notifications import registry
from apps.notifications.models import OutboxMessage
from apps.reviews import outages, said, selectors, services
from apps.reviews.enums import ReviewStage
from apps.reviews.models import ClosingNote, Review, ReviewOpinion, Term, TermMove

from .conftest import DAY, HOUR, OPENED, Cast, answer_all, file_opinion, fresh

# Acknowledged on 1 September: the opinion's twenty working days end on Tuesday, 29 September.
LAST_DAY = date(2026, 9, 29)
REASON = "Үзгүлтүк журналда тастыкталды"


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=rules.BISHKEK)


CONFIRMED = moment(LAST_DAY + DAY, 9)  # on Wednesday morning


def away(
    cast: Cast,
    *,
    day: date = LAST_DAY,
    start: tuple[int, int] = (14, 0),
    minutes: int = 60,
    at: datetime | None = None,
) -> Outage:
    started = moment(day, *start)
    ended = started + timedelta(minutes=minutes)
    return deadlines.propose_outage(
        actor=cast.administrator,
        started_at=started,
        ended_at=ended,
        source="Билдирүү: байланыш үзүлдү",
        at=at or ended,
    )


def confirm(outage: Outage, cast: Cast, at: datetime = CONFIRMED) -> Outage:
    return services.decide_outage(
        actor=cast.coordinator, outage_id=outage.pk, confirmed=True, reason=REASON, at=at
    )


@pytest.fixture
def running(opened: Review, cast: Cast) -> Review:
    services.acknowledge(actor=cast.aigul, review_id=opened.pk, at=OPENED + HOUR)
    return fresh(opened)


def opinion_term(review: Review) -> Term:
    term = selectors.ruling_term(review, Stage.OPINION)
    assert term is not None
    return term


# --- who decides ------------------------------------------------------------------------------------


def test_nobody_but_a_coordinator_decides(running: Review, cast: Cast) -> None:
    outage = away(cast)

    for stranger in (cast.drafter, cast.minister, cast.bakyt, cast.auditor, cast.administrator):
        with pytest.raises(NotAllowed):
            services.decide_outage(
                actor=stranger, outage_id=outage.pk, confirmed=True, reason=REASON, at=CONFIRMED
            )

    assert not TermMove.objects.exists()
    assert Outage.objects.get().state == "suspected"


def test_a_decision_has_a_reason(running: Review, cast: Cast) -> None:
    outage = away(cast)

    with pytest.raises(InvalidInput):
        services.decide_outage(
            actor=cast.coordinator, outage_id=outage.pk, confirmed=True, reason=" ", at=CONFIRMED
        )

    assert Outage.objects.get().state == "suspected"


def test_a_refused_outage_moves_nothing(running: Review, cast: Cast) -> None:
    outage = away(cast)

    services.decide_outage(
        actor=cast.coordinator, outage_id=outage.pk, confirmed=False, reason="Портал иштеген", at=CONFIRMED
    )

    assert fresh(running).due_at == moment(LAST_DAY + DAY, 0)
    assert not TermMove.objects.exists()
    assert outages.plan(Outage.objects.get(), CONFIRMED) == []
    with pytest.raises(deadlines.AlreadyDecided):
        confirm(outage, cast)


# --- what moves -------------------------------------------------------------------------------------


def test_the_last_day_moves_to_the_next_working_day_by_a_new_row(running: Review, cast: Cast) -> None:
    before = opinion_term(running)
    outage = away(cast)
    (planned,) = outages.plan(outage, CONFIRMED)

    confirm(outage, cast)

    term, move = opinion_term(running), TermMove.objects.get()
    assert planned.to is not None
    assert (planned.term, planned.to.due_at) == (before, term.due_at)  # the preview said so
    assert (move.earlier, move.term, move.outage) == (before, term, outage)
    assert (term.sequence, term.start, term.length, term.cause) == (
        before.sequence + 1,
        before.start,
        20,
        "outage",
    )
    assert fresh(running).due_at == term.due_at == moment(date(2026, 10, 1), 0)
    lost = next(day for day in term.explanation if day["date"] == "2026-09-29")
    assert (lost["counted"], lost["reason"]) == (False, "outage")
    assert lost["name"] == {
        "ky": f"порталдын № {outage.number} үзгүлтүгү",
        "ru": f"сбой портала № {outage.number}",
        "en": f"outage of the portal No. {outage.number}",
    }
    assert selectors.stage(fresh(running), CONFIRMED) == ReviewStage.OPINION
    assert JournalEntry.objects.filter(action="term.moved", act_id=running.consultation.act_id).count() == 1
    assert JournalEntry.objects.filter(action="outage.confirmed").count() == 1
    letters = OutboxMessage.objects.filter(template="reviews.term_moved")
    assert {m.recipient for m in letters} == {cast.aigul, cast.bakyt, cast.drafter, cast.minister}
    for language in ("ky", "ru", "en"):
        assert registry.build("reviews.term_moved", letters[0].payload, language).action_url.endswith(
            "/terms/opinion/"
        )


@pytest.mark.parametrize(("minutes", "moved"), [(59, 0), (60, 1)])
def test_a_day_moves_from_the_length_that_the_procedure_names(
    minutes: int, moved: int, running: Review, cast: Cast
) -> None:
    confirm(away(cast, minutes=minutes), cast)

    assert TermMove.objects.count() == moved


@pytest.mark.parametrize(("start", "moved"), [((22, 59), 1), ((23, 1), 1), ((23, 2), 0)])
def test_only_the_minutes_of_the_last_day_count(
    start: tuple[int, int], moved: int, running: Review, cast: Cast
) -> None:
    """Two hours over midnight; 59 minutes of the last day were lost an hour before."""
    confirm(away(cast, start=(9, 0), minutes=1), cast)
    confirm(away(cast, start=start, minutes=120), cast)

    assert TermMove.objects.filter(earlier__last_day=LAST_DAY).count() == moved


def test_outages_of_one_day_add_up(running: Review, cast: Cast) -> None:
    first = confirm(away(cast, start=(9, 0), minutes=35), cast)
    second = away(cast, start=(9, 20), minutes=30)  # fifteen minutes of it are the same ones
    third = away(cast, start=(20, 0), minutes=10)

    confirm(second, cast)
    assert not TermMove.objects.exists()
    confirm(third, cast)

    assert TermMove.objects.get().outage == third
    assert not first.moves.exists()


@pytest.mark.parametrize("day", [LAST_DAY - DAY, LAST_DAY + DAY])
def test_an_outage_of_another_day_moves_nothing(day: date, running: Review, cast: Cast) -> None:
    confirm(away(cast, day=day), cast, at=moment(LAST_DAY + 2 * DAY, 9))

    assert not TermMove.objects.filter(earlier__review=running).exists()


def test_a_day_that_was_lost_too_takes_no_term(running: Review, cast: Cast) -> None:
    confirm(away(cast, start=(14, 0), minutes=60 * 24), cast, at=moment(LAST_DAY + DAY, 15))

    assert opinion_term(running).last_day == date(2026, 10, 1)


def test_an_outage_of_the_new_last_day_moves_it_again(running: Review, cast: Cast) -> None:
    confirm(away(cast), cast)
    confirm(away(cast, day=LAST_DAY + DAY), cast, at=moment(LAST_DAY + 2 * DAY, 9))

    term = opinion_term(running)
    assert term.last_day == date(2026, 10, 1)
    assert [day["n"] for day in term.explanation if day["counted"]] == list(range(1, 21))
    assert TermMove.objects.count() == 2


def test_a_late_confirmation_gives_a_day_that_can_be_kept(running: Review, cast: Cast) -> None:
    confirm(away(cast), cast, at=moment(LAST_DAY + 6 * DAY, 10))  # Monday, 5 October

    assert opinion_term(running).last_day == date(2026, 10, 6)


def test_who_answered_before_is_left_alone(running: Review, cast: Cast) -> None:
    file_opinion(running, cast, "agree", at=moment(LAST_DAY, 13))

    confirm(away(cast), cast)

    assert not TermMove.objects.filter(earlier__review=running).exists()


def test_every_stage_with_a_step_is_moved(
    at_stage: Callable[[str], tuple[Review, datetime]], cast: Cast
) -> None:
    review, _at = at_stage("answers")
    answers = selectors.ruling_term(review, Stage.ANSWERS)
    assert answers is not None

    confirm(away(cast, day=answers.last_day), cast, at=moment(answers.last_day, 20))

    moved = selectors.ruling_term(review, Stage.ANSWERS)
    assert moved is not None
    assert moved.last_day > answers.last_day
    assert fresh(review).due_at == review.due_at  # the opinion's own end stays


def test_answers_sent_in_time_are_left_alone(
    at_stage: Callable[[str], tuple[Review, datetime]], cast: Cast
) -> None:
    review, at = at_stage("answers")
    answers = selectors.ruling_term(review, Stage.ANSWERS)
    assert answers is not None
    answer_all(review, cast, at + HOUR)

    confirm(away(cast, day=answers.last_day), cast, at=moment(answers.last_day, 20))

    assert not TermMove.objects.filter(earlier__stage=Stage.ANSWERS).exists()


@pytest.mark.parametrize("taken_up", [False, True])
def test_a_silence_of_the_ministry_ends_with_a_moved_last_day_unless_a_meeting_took_it_up(
    taken_up: bool, at_stage: Callable[[str], tuple[Review, datetime]], cast: Cast
) -> None:
    review, _at = at_stage("answers")
    answers = selectors.ruling_term(review, Stage.ANSWERS)
    assert answers is not None
    outage, decided = away(cast, day=answers.last_day), moment(answers.last_day + DAY, 9)
    assert services.record_silences(now=decided) == 1
    if taken_up:
        services.take_up(review_id=review.pk, at=decided)

    confirm(outage, cast, at=decided)

    moved = selectors.ruling_term(review, Stage.ANSWERS)
    call = selectors.ruling_term(review, Stage.CONCILIATION_CALL)
    assert moved is not None
    assert call is not None
    assert (moved == answers) is taken_up
    assert call.start == moved.last_day
    assert selectors.stage(fresh(review), decided) == ("conciliation" if taken_up else "answers")
    assert said.holds(call, fresh(review), decided) is taken_up
    assert services.record_silences(now=moved.due_at) == (0 if taken_up else 1)


def test_a_withdrawn_act_has_nothing_to_move(running: Review, cast: Cast) -> None:
    from apps.draft_acts.services import withdraw

    withdraw(actor=cast.minister, act_id=running.consultation.act_id, reason="Себеп", at=OPENED + 2 * DAY)

    confirm(away(cast), cast)

    assert not TermMove.objects.exists()


# --- late opinions ----------------------------------------------------------------------------------


def test_a_late_opinion_comes_to_be_in_time_by_the_recorded_act(running: Review, cast: Cast) -> None:
    received = moment(LAST_DAY + DAY, 8)
    receipt = file_opinion(running, cast, "on_condition", "objection", at=received)
    link = ReviewOpinion.objects.get()
    assert (receipt.late, link.late, selectors.stage(fresh(running), received)) == (True, True, "expired")

    confirm(away(cast), cast)

    review, link, move = fresh(running), ReviewOpinion.objects.get(), TermMove.objects.get()
    receipt.refresh_from_db()
    assert (move.in_time, link.late, review.filed_at) == (link, False, received)
    assert receipt.late  # what was true when it was given
    assert selectors.stage(review, CONFIRMED) == ReviewStage.ANSWERS
    answers = selectors.ruling_term(review, Stage.ANSWERS)
    assert answers is not None
    assert (answers.start, answers.cause) == (rules.local_date(CONFIRMED), "outage_in_time")


def test_a_late_agreement_gets_its_note(running: Review, cast: Cast) -> None:
    file_opinion(running, cast, "agree", at=moment(LAST_DAY + DAY, 8))

    confirm(away(cast), cast)

    assert ClosingNote.objects.get().kind == "agreement"
    assert selectors.stage(fresh(running), CONFIRMED) == ReviewStage.ENDED_WITHOUT_REMARKS


def test_the_database_lets_no_late_opinion_pass_without_the_act(running: Review, cast: Cast) -> None:
    file_opinion(running, cast, "agree", at=moment(LAST_DAY + DAY, 8))

    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewOpinion.objects.update(late=False)


def test_no_outage_moves_a_term_before_it_is_confirmed(running: Review, cast: Cast) -> None:
    outage, term = away(cast), opinion_term(running)

    with pytest.raises(IntegrityError), transaction.atomic():
        TermMove.objects.create(outage=outage, earlier=term, kept="established", at=CONFIRMED)


def test_an_established_expiry_stays_and_everybody_is_told(running: Review, cast: Cast) -> None:
    services.decide_expiry(
        actor=cast.coordinator, review_id=running.pk, effect="effect", reason="Себеп", at=CONFIRMED - HOUR
    )
    outage = away(cast, at=CONFIRMED)
    (planned,) = outages.plan(outage, CONFIRMED)

    confirm(outage, cast)

    move = TermMove.objects.get()
    assert (planned.to, planned.kept) == (None, "established")
    assert (move.term, move.kept) == (None, "established")
    assert fresh(running).due_at == moment(LAST_DAY + DAY, 0)
    letters = OutboxMessage.objects.filter(template="reviews.term_kept")
    told = {cast.aigul, cast.bakyt, cast.drafter, cast.minister, cast.coordinator}
    assert {m.recipient for m in letters} == told
    assert registry.build("reviews.term_kept", letters[0].payload, "ru").subject


# --- once -------------------------------------------------------------------------------------------


def test_confirmed_twice_it_moves_once(running: Review, cast: Cast) -> None:
    outage = away(cast)

    confirm(outage, cast)
    again = confirm(outage, cast)

    assert again == outage
    assert (TermMove.objects.count(), Term.objects.filter(cause="outage").count()) == (1, 1)
    with pytest.raises(deadlines.AlreadyDecided):
        services.decide_outage(
            actor=cast.own_coordinator, outage_id=outage.pk, confirmed=True, reason=REASON, at=CONFIRMED
        )


@pytest.mark.django_db(transaction=True)
def test_many_at_once_move_each_term_once(running: Review, cast: Cast) -> None:
    outage = away(cast)
    found: list[Any] = []

    def decide(actor: Any) -> None:
        try:
            services.decide_outage(
                actor=actor, outage_id=outage.pk, confirmed=True, reason=REASON, at=CONFIRMED
            )
            found.append("done")
        except deadlines.AlreadyDecided:
            found.append("decided")
        finally:
            connection.close()

    people = [cast.coordinator, cast.own_coordinator] * 4
    threads = [threading.Thread(target=decide, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == ["decided"] * 4 + ["done"] * 4
    assert TermMove.objects.count() == 1
    assert Term.objects.filter(cause="outage").count() == 1
    assert JournalEntry.objects.filter(action="outage.confirmed").count() == 1


def test_the_plan_does_not_grow_in_questions(
    running: Review, cast: Cast, django_assert_num_queries: Any
) -> None:
    outage = away(cast)

    with django_assert_num_queries(7):
        outages.plan(outage, CONFIRMED)
