"""An association's silence: tacit on proof and by time alone; else the coordinator decides, seeing what is missing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core import clock
from apps.core.errors import TransitionNotAllowed
from apps.deadlines.models import RequiredPaper
from apps.notifications.models import OutboxMessage
from apps.reviews import conditions, selectors, services, silence
from apps.reviews.models import ClosingNote, Review

from .conftest import DAY, HOUR, OPENED, Cast, file_opinion, fresh

MS = timedelta(milliseconds=1)
HALF = datetime(2026, 9, 21, 3, 0, tzinfo=UTC)
LAST_DAY = datetime(2026, 10, 1, 18, 0, tzinfo=UTC)  # 2 October, 00:00 in Bishkek


def hand_over(at: datetime, state: str = "done") -> None:
    """The mail server takes every reminder that waits."""
    OutboxMessage.objects.filter(template="reviews.reminder", state="pending").update(state=state, done_at=at)


@pytest.fixture
def silent(opened: Review) -> Review:
    """Delivered by time, reminded at half time, and nothing came."""
    services.remind(now=HALF)
    hand_over(HALF + HOUR)
    return fresh(opened)


def stage(review: Review, at: datetime) -> str:
    """The same whether read with the facts of a list or by itself."""
    alone, listed = fresh(review), Review.objects.with_facts().get(pk=review.pk)
    assert selectors.stage(alone, at) == selectors.stage(listed, at)
    queue = Review.objects.awaiting_effect(at).filter(pk=review.pk).exists()
    assert queue == (selectors.stage(alone, at) == "expired")
    return str(selectors.stage(alone, at))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(-MS, "opinion"), (timedelta(0), "expiry_established"), (MS, "expiry_established")],
)
def test_time_alone_makes_a_proven_silence_tacit(moment: timedelta, expected: str, silent: Review) -> None:
    assert stage(silent, silent.due_at + moment) == expected
    assert ClosingNote.objects.count() == 0


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(-MS, "expiry_established"), (timedelta(0), "expired"), (MS, "expired")],
)
def test_a_reminder_counts_when_handed_over_before_the_last_day(
    moment: timedelta, expected: str, opened: Review
) -> None:
    services.remind(now=HALF)
    hand_over(LAST_DAY + moment)

    assert stage(opened, opened.due_at) == expected


@pytest.mark.parametrize("state", ["pending", "failed", "skipped"])
def test_a_letter_that_was_not_handed_over_proves_nothing(state: str, opened: Review) -> None:
    services.remind(now=HALF)
    if state != "pending":
        hand_over(HALF, state)

    assert stage(opened, opened.due_at) == "expired"
    assert [p.code for p in silence.missing(opened)] == ["reminder"]


def no_reminder(review: Review) -> None:
    pass


def reminded(review: Review) -> None:
    services.remind(now=HALF)
    hand_over(HALF)


def one_paper_more(review: Review) -> None:
    """The procedure asks for a paper that was not sent."""
    reminded(review)
    RequiredPaper.objects.create(template=review.consultation.template, paper="impact_statement")


@pytest.mark.parametrize(
    ("spoil", "missing"),
    [
        (no_reminder, ["reminder"]),
        (reminded, []),
        (one_paper_more, ["package"]),
    ],
)
def test_what_is_missing_is_named(
    spoil: Callable[[Review], None], missing: list[str], opened: Review
) -> None:
    spoil(opened)

    assert [p.code for p in silence.missing(opened)] == missing
    assert stage(opened, opened.due_at) == ("expired" if missing else "expiry_established")


def test_reminders_of_an_earlier_term_do_not_prove_a_new_one(opened: Review, cast: Cast) -> None:
    services.remind(now=LAST_DAY - HOUR)
    hand_over(LAST_DAY)  # too late for this term
    services.decide_expiry(
        actor=cast.coordinator,
        review_id=opened.pk,
        effect="new_term",
        reason="Себеп",
        days=5,
        at=opened.due_at,
    )

    assert stage(opened, fresh(opened).due_at) == "expired"


# --- the note ----------------------------------------------------------------------------------------


def test_the_note_waits_the_days_of_the_template_and_is_issued_once(silent: Review) -> None:
    begins = silence.certificate_from(silent)
    assert begins == silent.due_at + 4 * DAY  # Friday's end; Monday and Tuesday

    with pytest.raises(TransitionNotAllowed):
        services.establish_tacit(review_id=silent.pk, at=begins - MS)
    first = services.establish_tacit(review_id=silent.pk, at=begins)
    again = services.establish_tacit(review_id=silent.pk, at=begins + DAY)

    assert first == again
    assert first.number.startswith("NE-2026-")
    assert fresh(silent).effect_established_at == silent.due_at
    assert stage(silent, begins) == "expiry_established"
    letters = OutboxMessage.objects.filter(template="reviews.expired_tacit")
    assert letters.count() == 4  # two of the association, two of the ministry


def test_the_note_says_what_proves_the_silence(silent: Review) -> None:
    note = services.establish_tacit(review_id=silent.pk, at=silent.due_at + 5 * DAY)

    assert '"delivery":"deemed"' in note.canonical
    assert '"reminder":"half"' in note.canonical
    assert "2026-09-21T10:00:00.000+06:00" in note.canonical


def test_no_note_without_proof_or_after_an_opinion(opened: Review, cast: Cast) -> None:
    with pytest.raises(TransitionNotAllowed):
        services.establish_tacit(review_id=opened.pk, at=opened.due_at + 9 * DAY)

    file_opinion(opened, cast, "agree", at=OPENED + DAY)
    note = services.establish_tacit(review_id=opened.pk, at=opened.due_at + 9 * DAY)
    assert note.kind == "agreement"  # the one that is there


def test_the_sweep_issues_what_is_due_once(silent: Review) -> None:
    begins = silence.certificate_from(silent)

    assert services.establish_due(now=begins - MS) == 0
    assert services.establish_due(now=begins) == 2  # the cities were silent too
    assert services.establish_due(now=begins + DAY) == 0
    assert ClosingNote.objects.filter(kind="expiry").count() == 2


def test_a_late_opinion_does_not_undo_a_tacit_expiry(silent: Review, cast: Cast) -> None:
    receipt = file_opinion(silent, cast, "agree", at=silent.due_at + HOUR)

    assert receipt.late
    assert stage(silent, silent.due_at + DAY) == "expiry_established"


# --- gates and pages ---------------------------------------------------------------------------------


def test_the_gate_of_opinions_holds_by_time_alone(silent: Review) -> None:
    act = silent.consultation.act

    assert conditions.gate_opinions(act, silent.due_at - MS).status == "unmet"
    assert conditions.gate_opinions(act, silent.due_at).status == "met"
    assert conditions.gate_answers(act, silent.due_at).status == "not_applicable"


def page(review: Review, name: str, at: datetime, user: Any = None) -> str:
    client = Client()
    with clock.frozen(at):
        if user is not None:
            client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        response = client.get(reverse(name, args=["2026-0017", review.association.code]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_pages_name_the_missing_proof(opened: Review, cast: Cast) -> None:
    services.remind(now=HALF)
    missing = str(silence.missing(opened)[0].detail)

    assert missing in page(opened, "review", opened.due_at + HOUR)
    assert missing in page(opened, "expiry_decide", opened.due_at + HOUR, cast.coordinator)


def test_the_page_of_a_tacit_review_says_it_is_no_consent(silent: Review, cast: Cast) -> None:
    text = page(silent, "review", silent.due_at + HOUR, cast.coordinator)

    assert "Бул макулдук эмес" in text
    assert reverse("expiry_decide", args=["2026-0017", silent.association.code]) not in text
