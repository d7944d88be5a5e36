"""What stands at a moment, said in words or by silence once a term is over: the stage of a review, each remark's reply.

Time and rows decide, no job: whoever asks gets the same answer.
"""

from dataclasses import dataclass, fields
from datetime import datetime

from .enums import AnswerOutcome, RemarkKind, ReplyOutcome, ReviewStage, Silent
from .models import Remark, RemarkAnswer, Reply, Review, Term
from .workflow import stage_of


@dataclass(frozen=True)
class Facts:
    """What the stage of a review stands on besides its own row; see ReviewQuerySet.with_facts."""

    has_remarks: bool = False
    disputed: bool = False
    tacit: bool = False
    answers_due_at: datetime | None = None
    reply_due_at: datetime | None = None


def facts_of(review: Review) -> Facts:
    """Costs no query when the review comes from `with_facts()`."""
    names = [field.name for field in fields(Facts)]
    if hasattr(review, names[0]):
        return Facts(*(getattr(review, name) for name in names))
    return Facts(*Review.objects.with_facts().filter(pk=review.pk).values_list(*names).get())


def stage(review: Review, at: datetime) -> ReviewStage:
    """The stage of a review at `at`. Costs no query when the review comes from `with_facts()`."""
    expired = at >= review.due_at
    # Read only where it matters: not while the opinion is awaited, nor once its expiry is established.
    plain = review.filed_at is None and (not expired or review.effect_established_at is not None)
    facts = Facts() if plain else facts_of(review)
    return stage_of(
        filed=review.filed_at is not None,
        has_remarks=facts.has_remarks,
        answers_sent=review.answers_sent_at is not None,
        answers_over=_over(facts.answers_due_at, at),
        replies_sent=review.replies_sent_at is not None,
        replies_over=_over(facts.reply_due_at, at),
        taken_up=review.taken_up_at is not None,
        disputed=facts.disputed,
        expired=expired,
        effect_established=facts.tacit or review.effect_established_at is not None,
        delivered=review.delivered_at(at) is not None,
    )


def _over(due_at: datetime | None, at: datetime) -> bool:
    return due_at is not None and at >= due_at


def silent(review: Review, at: datetime) -> Silent | None:
    """Whose word is still missing after its term: the ministry's answers, or the association's replies."""
    if review.filed_at is None or review.replies_sent_at is not None:
        return None
    facts, taken_up = facts_of(review), review.taken_up_at is not None
    if review.answers_sent_at is None:
        over = facts.has_remarks and (taken_up or _over(facts.answers_due_at, at))
        return Silent.MINISTRY if over else None
    return Silent.ASSOCIATION if taken_up or _over(facts.reply_due_at, at) else None


# --- what holds of a remark, said or by silence --------------------------------------------------


def answer_to(remark: Remark) -> RemarkAnswer | None:
    """The answer as sent; None while there is none."""
    answer: RemarkAnswer | None = getattr(remark, "answer", None)
    return answer if answer is not None and answer.sent_at is not None else None


def reply_to(remark: Remark) -> Reply | None:
    """The reply as sent; None while there is none."""
    reply: Reply | None = getattr(answer_to(remark), "reply", None)
    return reply if reply is not None and reply.sent_at is not None else None


def reply_that_holds(remark: Remark, by: Silent | None) -> str:
    """What the association says to the answer, in words or (by: ASSOCIATION) by its silence, which never withdraws.

    A ReplyOutcome: an accepted remark is satisfied, an objection else maintained, a proposal else noted; "" before.
    """
    answer, reply = answer_to(remark), reply_to(remark)
    if reply is not None:
        return reply.outcome
    if answer is None or by != Silent.ASSOCIATION:
        return ""
    if answer.outcome == AnswerOutcome.ACCEPTED:
        return ReplyOutcome.SATISFIED
    return ReplyOutcome.MAINTAINED if remark.kind == RemarkKind.OBJECTION else ReplyOutcome.NOTED


def is_disputed(remark: Remark, by: Silent | None) -> bool:
    """Whether the remark is for a meeting: an objection maintained, or anything the ministry left unanswered.

    A remark withdrawn at the meeting was one. `by`: who was silent in its review, by `silent()`.
    """
    if answer_to(remark) is None:
        return by == Silent.MINISTRY
    return remark.kind == RemarkKind.OBJECTION and reply_that_holds(remark, by) == ReplyOutcome.MAINTAINED


# --- terms that count only in a silence ---------------------------------------------------------

# A meeting's terms that were written ahead for the case that somebody stays silent.
AHEAD = {Silent.MINISTRY: "answers_expired", Silent.ASSOCIATION: "replies_expired"}


def holds(term: Term, review: Review, at: datetime) -> bool:
    """Whether a term is one at all: written ahead of a silence, it is none until that silence has come."""
    return holds_for(term.cause, silent(review, at) if term.cause in AHEAD.values() else None)


def holds_for(cause: str, by: Silent | None) -> bool:
    """The same from the cause of the term and the silence in its review."""
    return cause not in AHEAD.values() or (by is not None and cause == AHEAD[by])
