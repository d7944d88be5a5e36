"""The association replies to every answer, together: satisfied, maintained, or (a proposal) noted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import GateClosed, InvalidInput, VersionConflict, require
from apps.deadlines.enums import Stage
from apps.draft_acts.enums import TextLanguage

from .. import conditions, policies, selectors
from ..enums import REPLIES_TO
from ..models import Reply, Review
from ._common import append_review_term, locked_review, step, typed, write_to_association, write_to_ministry
from .answers import locked_with_remark, refuse_withdrawn

REPLY_FIELDS = ("outcome", "text", "lang")


class AnswerWithoutReply(GateClosed):
    """Some answers have no reply; `unmet` lists them."""

    code = "answer_without_reply"
    message = _("Replies are sent together. These answers have no reply yet.")


@transaction.atomic
def save_reply(
    *, actor: Any, remark_id: int, edit_version: int, fields: Mapping[str, Any], at: datetime
) -> Reply:
    """Keep the draft of the reply to a remark's answer; `edit_version` is 0 when there was none.

    Raises NotAllowed, TransitionNotAllowed, InvalidInput, VersionConflict with what a colleague saved.
    """
    review, remark = locked_with_remark(remark_id)
    require(policies.can_reply(actor, review))
    step(review, "reply", at)
    refuse_withdrawn(remark)
    reply = Reply.objects.filter(answer__remark=remark).first()
    if reply is None:
        reply = Reply(answer=remark.answer, edit_version=0)
    elif edit_version != reply.edit_version:
        raise VersionConflict(
            {name: getattr(reply, name) for name in REPLY_FIELDS} | {"edit_version": reply.edit_version}
        )
    values = typed(Reply, REPLY_FIELDS, fields, lang=TextLanguage.values)
    if values.get("outcome") and values["outcome"] not in REPLIES_TO[remark.kind]:  # type: ignore[index]
        raise InvalidInput(
            fields={"outcome": [_("An objection is satisfied or maintained, a proposal satisfied or noted.")]}
        )
    for name, value in values.items():
        if value or name != "lang":
            setattr(reply, name, value)
    reply.edit_version += 1
    reply.updated_at, reply.updated_by = at, actor
    reply.save()
    return reply


@transaction.atomic
def send_replies(*, actor: Any, review_id: int, at: datetime) -> Review:
    """Send all replies of a review together. What is maintained goes to a meeting, and its terms start.

    A meeting that the ministry's silence had opened is called off when nothing is maintained.

    Raises NotAllowed, TransitionNotAllowed, AnswerWithoutReply with the list.
    """
    review = locked_review(review_id)
    require(policies.can_reply(actor, review))
    step(review, "send_replies", at)
    unmet = conditions.unmet_replies(review)
    if unmet:
        raise AnswerWithoutReply(unmet=unmet)
    remarks = list(selectors.remarks_to_answer(review))
    Reply.objects.filter(answer__remark__in=remarks).update(sent_at=at)
    review.replies_sent_at, review.replies_sent_by = at, actor
    review.save(update_fields=["replies_sent_at", "replies_sent_by"])
    maintained = list(selectors.disputed_remarks(review).values_list("pk", flat=True))
    if maintained:
        call = append_review_term(review, Stage.CONCILIATION_CALL, cause="objections_maintained", at=at)
        append_review_term(
            review, Stage.CONCILIATION_HOLD, cause="objections_maintained", at=at, start=call.last_day
        )
    audit.record(
        actor=actor,
        action="replies.sent",
        target=review,
        at=at,
        organization_id=review.association_id,
        act_id=review.consultation.act_id,
        data={"remarks": [remark.pk for remark in remarks], "maintained": maintained},
    )
    write_to_ministry(review, "replies_sent", at)
    if maintained:
        write_to_association(review, "conciliation", at)
        write_to_ministry(review, "conciliation", at)
    elif _came_late(review):
        audit.record(
            actor=None,
            action="conciliation.called_off",
            target=review,
            at=at,
            organization_id=review.association_id,
            act_id=review.consultation.act_id,
            data={"review": review.pk},
        )
        write_to_association(review, "called_off", at)
        write_to_ministry(review, "called_off", at)
    return review


def _came_late(review: Review) -> bool:
    """The answers came after their term, so that a meeting was due already."""
    term = selectors.ruling_term(review, Stage.ANSWERS)
    sent = review.answers_sent_at
    return term is not None and sent is not None and sent >= term.due_at
