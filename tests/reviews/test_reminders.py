"""Reminders of the opinion's term: when, to whom, each once, and what becomes of missed ones."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.deadlines.enums import Stage
from apps.draft_acts import services as draft_acts
from apps.notifications import registry
from apps.notifications.models import OutboxMessage
from apps.reviews import reminders, selectors, services
from apps.reviews.models import Reminder, Review, Term

from .conftest import DAY, HOUR, OPENED, Cast, file_opinion, fresh

MS = timedelta(milliseconds=1)
# The union does not acknowledge: delivered on 4 September, the opinion's 20 working days end on 2 October.
HALF, TWO_DAYS, ONE_DAY = (datetime(2026, m, d, 3, 0, tzinfo=UTC) for m, d in ((9, 21), (9, 30), (10, 1)))


def states(review: Review) -> list[tuple[str, str]]:
    return list(Reminder.objects.filter(review=review).order_by("due_at").values_list("kind", "state"))


def letters(review: Review, kind: str = "") -> list[OutboxMessage]:
    rows = OutboxMessage.objects.filter(template="reviews.reminder", payload__review_id=review.pk)
    return list(rows.filter(key__contains=f".{kind}") if kind else rows)


def test_a_term_plans_its_reminders_on_its_own_working_days(opened: Review) -> None:
    term = selectors.ruling_term(opened, Stage.OPINION)
    assert term is not None

    assert [(p.kind, p.due_at) for p in reminders.plan(term)] == [
        ("half", HALF),
        ("two_days", TWO_DAYS),
        ("one_day", ONE_DAY),
    ]


@pytest.mark.parametrize(
    ("length", "kinds"),
    [(1, ["half"]), (2, ["one_day", "half"]), (3, ["half", "two_days", "one_day"])],
)
def test_a_short_term_has_the_reminders_that_fit(length: int, kinds: list[str]) -> None:
    days = [{"date": f"2026-09-{7 + n:02}", "counted": True} for n in range(length)]
    planned = [p.kind for p in reminders.plan(Term(explanation=days))]

    assert sorted(planned) == sorted(kinds)


@pytest.mark.parametrize(("moment", "sent"), [(-MS, 0), (timedelta(0), 1), (MS, 1)])
def test_a_reminder_goes_out_from_its_moment_on(moment: timedelta, sent: int, opened: Review) -> None:
    services.remind(now=HALF + moment)

    assert len(states(opened)) == sent
    assert {m.recipient.email for m in letters(opened) if m.recipient} == (
        {"aigul@example.org", "bakyt@example.org"} if sent else set()
    )


def test_each_goes_out_once_however_often_the_sweep_runs(opened: Review) -> None:
    for moment in (HALF, HALF + MS, HALF + DAY, TWO_DAYS, TWO_DAYS, ONE_DAY, ONE_DAY + HOUR):
        services.remind(now=moment)

    assert states(opened) == [("half", "sent"), ("two_days", "sent"), ("one_day", "sent")]
    assert len(letters(opened)) == 3 * 2
    assert len(letters(opened, "half")) == 2


def test_of_several_missed_only_the_latest_is_sent(opened: Review) -> None:
    services.remind(now=ONE_DAY + HOUR)

    assert states(opened) == [("half", "skipped"), ("two_days", "skipped"), ("one_day", "sent")]
    assert len(letters(opened)) == 2


@pytest.mark.parametrize(("moment", "state"), [(-MS, "sent"), (timedelta(0), "skipped"), (MS, "skipped")])
def test_nothing_is_sent_once_the_term_has_ended(moment: timedelta, state: str, opened: Review) -> None:
    services.remind(now=opened.due_at + moment)

    assert states(opened)[-1] == ("one_day", state)
    assert bool(letters(opened)) is (state == "sent")


def test_who_has_answered_is_not_reminded(opened: Review, cast: Cast) -> None:
    file_opinion(opened, cast, "agree", at=OPENED + DAY)

    services.remind(now=HALF + 9 * DAY)

    assert states(opened) == []
    assert letters(opened) == []
    assert Reminder.objects.filter(review__association=cast.cities, state="sent").count() == 1


def test_no_state_after_the_opinion_brings_a_reminder_and_the_others_get_each_once(
    opened: Review, cast: Cast
) -> None:
    file_opinion(opened, cast, "disagree", "objection", at=OPENED + DAY)  # in time, and never answered
    cities = Review.objects.get(association=cast.cities)

    for day in range(1, 60):
        services.remind(now=OPENED + day * DAY)

    assert selectors.stage(fresh(opened), OPENED + 60 * DAY) == "unanswered"
    assert (states(opened), letters(opened)) == ([], [])
    assert states(cities) == [("half", "sent"), ("two_days", "sent"), ("one_day", "sent")]
    assert len(letters(cities)) == 3  # jamilya alone


def test_a_withdrawn_act_reminds_nobody(opened: Review, cast: Cast) -> None:
    draft_acts.withdraw(actor=cast.minister, act_id=opened.consultation.act_id, reason="Себеп", at=OPENED)

    assert services.remind(now=HALF) == 0


def test_a_new_term_reminds_anew_and_an_acknowledged_one_by_its_own_days(opened: Review, cast: Cast) -> None:
    services.remind(now=ONE_DAY)
    at = opened.due_at + HOUR
    services.decide_expiry(
        actor=cast.coordinator, review_id=opened.pk, effect="new_term", reason="Себеп", days=10, at=at
    )

    services.remind(now=fresh(opened).due_at - 3 * DAY)

    term = selectors.ruling_term(opened, Stage.OPINION)
    assert [(r.kind, r.state) for r in Reminder.objects.filter(term=term)] == [("half", "sent")]


def test_a_lengthened_term_does_not_repeat_what_was_sent(opened: Review) -> None:
    services.remind(now=HALF)
    term = selectors.ruling_term(opened, Stage.OPINION)
    assert term is not None
    term.pk, term.sequence, term.cause = None, term.sequence + 1, "lengthened"
    term.save(force_insert=True)

    assert services.remind(now=HALF + HOUR) == 0
    assert services.remind(now=TWO_DAYS) == 2  # the cities have theirs
    assert len(letters(opened, "half")) == 2
    assert [r.state for r in Reminder.objects.filter(term=term).order_by("due_at")] == ["skipped", "sent"]


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_letter_says_the_days_left_and_leads_to_the_opinion(language: str, opened: Review) -> None:
    services.remind(now=TWO_DAYS)
    letter = registry.build("reviews.reminder", letters(opened)[0].payload, language)

    assert "2" in letter.subject
    assert opened.consultation.act.number in letter.subject
    assert letter.action_url.endswith(f"/acts/2026-0017/reviews/{opened.association.code}/opinion/")
    assert f"/{language}/" in letter.action_url or language == "ky"
