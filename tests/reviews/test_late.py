"""An opinion after the term: stored, marked late wherever it is shown, counted by no gate; the ministry may answer it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.audit.models import JournalEntry
from apps.core import clock, statuses
from apps.core.errors import InvalidInput, NotAllowed, TransitionNotAllowed
from apps.documents.models import GeneratedDocument
from apps.documents.services.render import unsealed_pdf
from apps.notifications import registry
from apps.notifications.models import OutboxMessage
from apps.reviews import conditions, selectors, services
from apps.reviews.models import RemarkAnswer, Review
from tests.documents.test_rendering import text_of

from .conftest import DAY, HOUR, OPENED, Cast, file_opinion, fresh

MS = timedelta(milliseconds=1)
ARGS = ("2026-0017", "union")
ANSWER = {"outcome": "accepted", "reason": "Эске алынат", "lang": "ky"}


def get(at: datetime, name: str, *args: Any, user: Any = None, post: Any = None) -> Any:
    client = Client()
    with clock.frozen(at):
        if user is not None:
            client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        path = reverse(name, args=args)
        return client.get(path) if post is None else client.post(path, post, follow=True)


def late_word() -> str:
    with override("ky"):
        return str(statuses.get("time", "late").word)


@pytest.fixture
def late(opened: Review, cast: Cast) -> Review:
    """The union's opinion with an objection and a proposal, an hour after the end of its term."""
    file_opinion(opened, cast, "disagree", "objection", "proposal", at=opened.due_at + HOUR)
    return fresh(opened)


@pytest.mark.parametrize(("moment", "is_late"), [(-MS, False), (timedelta(0), True), (MS, True)])
def test_page_register_api_and_receipt_agree_on_what_is_late(
    moment: timedelta, is_late: bool, opened: Review, cast: Cast
) -> None:
    at = opened.due_at + moment
    receipt = file_opinion(opened, cast, "disagree", "objection", at=at)

    assert receipt.late is is_late
    for name, args in (
        ("review", ARGS),
        ("act_opinions", ARGS[:1]),
        ("act_text", ARGS[:1]),
        ("receipt", (receipt.number.lower(),)),
    ):
        assert (late_word() in get(at, name, *args).content.decode()) is is_late, name
    file = GeneratedDocument.objects.get(kind="RC")
    assert (late_word() in text_of(unsealed_pdf(file, at=at))) is is_late
    found = json.loads(get(at, "api:review-opinion", *ARGS).content)["in_force"]
    assert found["late"] is is_late
    assert selectors.stage(fresh(opened), at) == ("expired" if is_late else "answers")


def test_no_gate_counts_a_late_opinion(late: Review) -> None:
    at = late.due_at + DAY

    assert conditions.gate_opinions(late.consultation.act, at).status == "unmet"
    assert "answers_not_sent" not in {
        u.code for u in conditions.gate_answers(late.consultation.act, at).unmet
    }
    assert not late.terms.filter(stage__in=["answers", "conciliation_hold"]).exists()


def test_the_ministry_may_answer_some_of_it_and_more_of_it_later(late: Review, cast: Cast) -> None:
    at = late.due_at + DAY
    page = get(at, "answers", *ARGS, user=cast.drafter).content.decode()
    assert late_word() in page
    assert reverse("answers", args=ARGS) in get(at, "review", *ARGS, user=cast.drafter).content.decode()

    get(at, "answer_save", *ARGS, 1, user=cast.drafter, post=ANSWER | {"version": 0})
    assert "Эске алынат" not in get(at, "review", *ARGS).content.decode()
    get(at, "answers_send", *ARGS, user=cast.minister, post={})
    get(at + DAY, "answer_save", *ARGS, 2, user=cast.drafter, post=ANSWER | {"version": 0})
    get(at + DAY, "answers_send", *ARGS, user=cast.minister, post={})

    sent = RemarkAnswer.objects.order_by("remark__number").values_list("remark__number", "sent_at")
    assert list(sent) == [(1, at), (2, at + DAY)]
    for name, args in (("review", ARGS), ("act_text", ARGS[:1])):
        assert "Эске алынат" in get(at + DAY, name, *args).content.decode(), name
    assert JournalEntry.objects.filter(action="answers.sent_to_late").count() == 2
    letters = OutboxMessage.objects.filter(template="reviews.late_answered")
    assert {m.recipient.email for m in letters if m.recipient} == {"aigul@example.org", "bakyt@example.org"}
    assert letters.count() == 4
    for language in ("ky", "ru", "en"):
        assert "2026-0017" in registry.build("reviews.late_answered", letters[0].payload, language).subject
    assert fresh(late).answers_sent_at is None
    assert selectors.stage(fresh(late), at + DAY) == "expired"


def test_with_nothing_written_nothing_is_sent(late: Review, cast: Cast) -> None:
    at = late.due_at + DAY

    with pytest.raises(services.NoLateAnswer):
        services.send_late_answers(actor=cast.drafter, review_id=late.pk, at=at)
    assert get(at, "answers_send", *ARGS, user=cast.drafter, post={}).status_code == 200
    assert not JournalEntry.objects.filter(action="answers.sent_to_late").exists()


def test_a_sent_answer_does_not_change(late: Review, cast: Cast) -> None:
    at = late.due_at + DAY
    remark = selectors.late_remarks(late)[0]
    save = {"actor": cast.drafter, "remark_id": remark.pk, "at": at}
    services.save_late_answer(**save, edit_version=0, fields=ANSWER)
    services.send_late_answers(actor=cast.drafter, review_id=late.pk, at=at)

    with pytest.raises(InvalidInput):
        services.save_late_answer(**save, edit_version=1, fields=ANSWER)
    with pytest.raises(IntegrityError), transaction.atomic():
        RemarkAnswer.objects.update(reason="Башка")


def test_only_the_initiators_people_answer_and_only_once_the_term_is_over(
    late: Review, opened: Review, cast: Cast
) -> None:
    at = late.due_at + DAY
    remark = selectors.late_remarks(late)[0]

    for person in (cast.stranger, cast.bakyt, cast.coordinator, cast.administrator):
        with pytest.raises(NotAllowed):
            services.save_late_answer(actor=person, remark_id=remark.pk, edit_version=0, fields=ANSWER, at=at)
        with pytest.raises(NotAllowed):
            services.send_late_answers(actor=person, review_id=late.pk, at=at)
    with pytest.raises(NotAllowed):
        services.save_answer(actor=cast.drafter, remark_id=remark.pk, edit_version=0, fields=ANSWER, at=at)
    with pytest.raises(TransitionNotAllowed):
        services.send_late_answers(actor=cast.drafter, review_id=late.pk, at=OPENED + DAY)


def test_an_opinion_in_time_is_answered_the_other_way(opened: Review, cast: Cast) -> None:
    file_opinion(opened, cast, "disagree", "objection", at=OPENED + DAY)
    remark = selectors.remarks_to_answer(opened)[0]

    with pytest.raises(NotAllowed):
        services.save_late_answer(
            actor=cast.drafter, remark_id=remark.pk, edit_version=0, fields=ANSWER, at=OPENED + DAY
        )
    with pytest.raises(TransitionNotAllowed):
        services.send_late_answers(actor=cast.drafter, review_id=opened.pk, at=OPENED + DAY)
