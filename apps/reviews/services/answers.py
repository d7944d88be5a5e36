"""The ministry answers every remark. Drafts are closed; all answers go out together and are frozen by that."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import GateClosed, InvalidInput, NotAllowed, VersionConflict, require
from apps.deadlines.enums import Stage
from apps.documents import services as documents
from apps.documents.enums import DocumentKind
from apps.draft_acts.enums import TextLanguage

from .. import conditions, contents, policies, selectors
from ..enums import AnswerOutcome, ReviewStage, Silent
from ..models import Remark, RemarkAnswer, Review
from ._common import (
    append_review_term,
    locked_review,
    request_document,
    step,
    typed,
    write_ahead,
    write_to_association,
    write_to_ministry,
)

ANSWER_FIELDS = ("outcome", "reason", "wording", "lang")


class RemarkUnanswered(GateClosed):
    """Some remarks have no whole answer; `unmet` lists them."""

    code = "remark_unanswered"
    message = _("Answers are sent together. These remarks have no whole answer yet.")


class NoLateAnswer(GateClosed):
    """Nothing is there to send."""

    code = "no_late_answer"
    message = _("No answer is whole yet: choose the answer and give the reason.")


def locked_with_remark(remark_id: int, *, late: bool = False) -> tuple[Review, Remark]:
    """The review under lock and its remark, of an opinion in force and in time (or `late`). Raises NotAllowed otherwise."""
    remark = Remark.objects.submitted().select_related("provision").get(pk=remark_id)
    found = selectors.review_of_remark(remark, late=late)
    if found is None:
        raise NotAllowed(
            _("This opinion came after the term: its remarks are kept, but no step here is for them.")
        )
    review = locked_review(found.pk)
    remark.refresh_from_db(fields=["withdrawn_at"])
    return review, remark


@transaction.atomic
def save_answer(
    *, actor: Any, remark_id: int, edit_version: int, fields: Mapping[str, Any], at: datetime
) -> RemarkAnswer:
    """Keep the draft of one answer; `edit_version` is 0 when there was none.

    Raises NotAllowed, TransitionNotAllowed, InvalidInput, VersionConflict with what a colleague saved.
    """
    review, remark = locked_with_remark(remark_id)
    require(policies.can_answer(actor, review))
    step(review, "answer", at)
    return _keep(remark, actor, edit_version, fields, at)


@transaction.atomic
def save_late_answer(
    *, actor: Any, remark_id: int, edit_version: int, fields: Mapping[str, Any], at: datetime
) -> RemarkAnswer:
    """The same for a remark of an opinion that came late: the ministry may answer it, nothing asks for it."""
    review, remark = locked_with_remark(remark_id, late=True)
    require(policies.can_answer(actor, review))
    step(review, "answer_late", at)
    return _keep(remark, actor, edit_version, fields, at)


def _keep(
    remark: Remark, actor: Any, edit_version: int, fields: Mapping[str, Any], at: datetime
) -> RemarkAnswer:
    refuse_withdrawn(remark)
    answer = RemarkAnswer.objects.filter(remark=remark).first()
    if answer is not None and answer.sent_at is not None:
        raise InvalidInput(_("This answer is sent and does not change any more."))
    if answer is None:
        answer = RemarkAnswer(remark=remark, edit_version=0)
    elif edit_version != answer.edit_version:
        raise VersionConflict(
            {name: getattr(answer, name) for name in ANSWER_FIELDS} | {"edit_version": answer.edit_version}
        )
    values = typed(
        RemarkAnswer, ANSWER_FIELDS, fields, outcome=AnswerOutcome.values, lang=TextLanguage.values
    )
    for name, value in values.items():
        if value or name != "lang":
            setattr(answer, name, value)
    answer.edit_version += 1
    answer.updated_at, answer.updated_by = at, actor
    answer.save()
    return answer


def refuse_withdrawn(remark: Remark) -> None:
    """A remark its association has withdrawn needs no answer any more."""
    if remark.withdrawn_at is not None:
        raise InvalidInput(_("The association has withdrawn this remark: it needs no answer."))


@transaction.atomic
def send_answers(*, actor: Any, review_id: int, at: datetime) -> Review:
    """Send all answers of a review together: they become public and never change again.

    Late answers are accepted until a meeting is recorded.

    Raises NotAllowed, TransitionNotAllowed, RemarkUnanswered with the list.
    """
    review = locked_review(review_id)
    require(policies.can_answer(actor, review))
    late = selectors.stage(review, at) == ReviewStage.UNANSWERED
    step(review, "send_answers", at)
    unmet = conditions.unmet_answers(review)
    if unmet:
        raise RemarkUnanswered(unmet=unmet)
    remarks = list(selectors.remarks_to_answer(review))
    RemarkAnswer.objects.filter(remark__in=remarks, sent_at=None).update(sent_at=at)
    review.answers_sent_at, review.answers_sent_by = at, actor
    review.save(update_fields=["answers_sent_at", "answers_sent_by"])
    term = append_review_term(review, Stage.REPLY, cause="answers_sent", at=at)
    if Remark.objects.disputed_in(review).exists():
        write_ahead(review, Silent.ASSOCIATION, term, at)
    act = review.consultation.act
    number = documents.take_number(kind=DocumentKind.ANSWERS, at=at)
    request_document(
        kind=DocumentKind.ANSWERS,
        source=review,
        number=number,
        act_id=act.pk,
        at=at,
        content=contents.of_answers(review, remarks, number=number, sent_by=actor, at=at, late=late),
    )
    audit.record(
        actor=actor,
        action="answers.sent",
        target=review,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"remarks": [remark.pk for remark in remarks], "table": number, "late": late},
    )
    write_to_association(review, "answers_sent", at)
    return review


@transaction.atomic
def send_late_answers(*, actor: Any, review_id: int, at: datetime) -> list[int]:
    """Send the whole answers to remarks of a late opinion; the numbers of those remarks. The rest may follow or not.

    They become public and never change again. No term starts and no gate asks. Raises NotAllowed, TransitionNotAllowed,
    NoLateAnswer when none is whole.
    """
    review = locked_review(review_id)
    require(policies.can_answer(actor, review))
    step(review, "answer_late", at)
    remarks = [r for r in selectors.late_remarks(review) if conditions.has_unsent_answer(r)]
    if not remarks:
        raise NoLateAnswer()
    RemarkAnswer.objects.filter(remark__in=remarks, sent_at=None).update(sent_at=at)
    record = audit.record(
        actor=actor,
        action="answers.sent_to_late",
        target=review,
        at=at,
        organization_id=review.consultation.act.initiator_id,
        act_id=review.consultation.act_id,
        data={"review": review.pk, "remarks": [remark.pk for remark in remarks]},
    )
    write_to_association(review, "late_answered", at, key=str(record.seq))
    return [remark.number for remark in remarks]


@transaction.atomic
def withdraw_remark(*, actor: Any, remark_id: int, at: datetime, at_meeting: bool = False) -> Remark:
    """The association withdraws a remark: dated, public, and never taken back. Withdrawn twice, nothing changes.

    `at_meeting` is for the conciliation meeting, which records it as an outcome. Raises NotAllowed, TransitionNotAllowed.
    """
    review, remark = locked_with_remark(remark_id)
    may = policies.can_withdraw_at_meeting if at_meeting else policies.can_withdraw_remark
    require(may(actor, review))
    if remark.withdrawn_at is not None:
        return remark
    step(review, "withdraw_at_meeting" if at_meeting else "withdraw_remark", at)
    remark.withdrawn_at, remark.withdrawn_by = at, actor
    remark.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record(
        actor=actor,
        action="remark.withdrawn",
        target=remark,
        at=at,
        organization_id=review.association_id,
        act_id=review.consultation.act_id,
        data={"review": review.pk, "number": remark.number},
    )
    write_to_ministry(review, "remark_withdrawn", at, key=str(remark.pk), remark_id=remark.pk)
    return remark
