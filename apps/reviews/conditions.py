"""What a review still lacks: for the verdict to stand, for answers and replies to be sent, for gates G3 and G4."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.conditions import Condition, Unmet
from apps.core.dates import language
from apps.draft_acts.models import DraftAct, Provision
from apps.draft_acts.naming import provision_name

from . import selectors
from .enums import VERDICTS_WITHOUT_REMARKS, RemarkKind, ReviewStage, Verdict
from .models import ConsolidatedOpinion, PaperOpinion, Remark, Review


def address(name: str, *args: Any, fragment: str = "") -> str:
    """The address of a page by its name; empty where the page is not there."""
    try:
        return reverse(name, args=args) + (f"#{fragment}" if fragment else "")
    except NoReverseMatch:
        return ""


def review_args(review: Review) -> tuple[str, str]:
    return review.consultation.act.number or "", review.association.code


def provision_label(provision: Provision) -> str:
    """How a provision is called in the language of the page: "Article 2, paragraph 1"."""
    return provision_name(provision, language())


# --- an opinion before it is handed over or submitted ------------------------------------------


def unmet_opinion(opinion: ConsolidatedOpinion, review: Review) -> list[Unmet]:
    """What keeps this opinion from being handed over: no verdict, or remarks that the verdict does not allow."""
    page = address("opinion_write", *review_args(review))
    kinds = list(opinion.remarks.values_list("kind", flat=True))
    objections = kinds.count(RemarkKind.OBJECTION)
    found = []
    if not opinion.verdict:
        found.append(("verdict_missing", _("The verdict is not chosen yet.")))
    elif opinion.verdict in VERDICTS_WITHOUT_REMARKS and kinds:
        found.append(
            (
                "verdict_without_remarks",
                _("This verdict carries no remarks: delete them or choose another verdict."),
            )
        )
    elif opinion.verdict == Verdict.AGREE_WITH_REMARKS:
        if objections:
            found.append(
                (
                    "verdict_proposals_only",
                    _(
                        "“Agree with remarks” carries proposals only: make the objections proposals or choose another verdict."
                    ),
                )
            )
        if not kinds:
            found.append(("remark_missing", _("“Agree with remarks” needs at least one proposal.")))
    elif opinion.verdict in {Verdict.ON_CONDITION, Verdict.DISAGREE} and not objections:
        found.append(
            ("objection_missing", _("This verdict needs at least one objection, tied to a provision."))
        )
    return [Unmet(code, message, page, review.association.short_name(language())) for code, message in found]


def unmet_paper(paper: PaperOpinion) -> list[Unmet]:
    """The same for what a receiver entered of a paper, with links to where it is entered."""
    page = address("paper", *review_args(paper.review))
    return [replace(unmet, url=page) for unmet in unmet_opinion(paper.opinion, paper.review)]


# --- answers and replies before they are sent together -----------------------------------------


def unmet_answers(review: Review) -> list[Unmet]:
    """Every remark of the review that has no whole answer, with a link to it."""
    owner = review.consultation.act.initiator.short_name(language())
    return [
        Unmet(
            "remark_unanswered",
            _("Remark №%(number)s (%(provision)s): choose the answer and give the reason.")
            % {"number": remark.number, "provision": provision_label(remark.provision)},
            address("answers", *review_args(review), fragment=f"remark-{remark.number}"),
            owner,
        )
        for remark in selectors.remarks_to_answer(review)
        if not has_whole_answer(remark)
    ]


def unmet_replies(review: Review) -> list[Unmet]:
    """Every answer of the review that has no reply, with a link to it."""
    owner = review.association.short_name(language())
    return [
        Unmet(
            "answer_without_reply",
            _("Answer to remark №%(number)s (%(provision)s): choose the reply.")
            % {"number": remark.number, "provision": provision_label(remark.provision)},
            address("replies", *review_args(review), fragment=f"remark-{remark.number}"),
            owner,
        )
        for remark in selectors.remarks_to_answer(review)
        if not has_reply(remark)
    ]


def has_whole_answer(remark: Remark) -> bool:
    answer = getattr(remark, "answer", None)
    return answer is not None and answer.is_whole


def has_unsent_answer(remark: Remark) -> bool:
    """A whole answer that waits to be sent."""
    return has_whole_answer(remark) and remark.answer.sent_at is None


def has_reply(remark: Remark) -> bool:
    reply = getattr(getattr(remark, "answer", None), "reply", None)
    return reply is not None and bool(reply.outcome)


# --- gates -------------------------------------------------------------------------------------
# Everybody reads these, so they lead to the review's public page; the step itself stands there for those who may.


def gate_opinions(act: DraftAct, at: datetime, *, reviews: Sequence[Review] | None = None) -> Condition:
    """G3: every association gave an opinion in time, or its expiry is established.

    `reviews`: those of the present round, when the caller has read them already.
    """
    title = _("Every association gave its opinion, or its silence is established")
    reviews = selectors.reviews_of(act) if reviews is None else reviews
    if not reviews:
        return Condition("G3", title, "later", _("The consultation has not been opened."))
    unmet = []
    for review in reviews:
        code = selectors.stage(review, at)
        name = review.association.short_name(language())
        if code in {ReviewStage.DELIVERY, ReviewStage.OPINION}:
            message, owner = _("The opinion of %(name)s is awaited.") % {"name": name}, name
            unmet.append(Unmet("opinion_awaited", message, address("review", *review_args(review)), owner))
        elif code == ReviewStage.EXPIRED:
            message = _("The term of %(name)s has expired: the coordinator decides what follows.") % {
                "name": name
            }
            unmet.append(
                Unmet(
                    "expiry_undecided",
                    message,
                    address("review", *review_args(review)),
                    _("Coordinator"),
                )
            )
    detail = _("%(done)s of %(total)s") % {"done": len(reviews) - len(unmet), "total": len(reviews)}
    return Condition("G3", title, "unmet" if unmet else "met", detail, tuple(unmet))


def gate_answers(act: DraftAct, at: datetime, *, reviews: Sequence[Review] | None = None) -> Condition:
    """G4: every remark of the opinions filed in time has its answer, sent; or, left unanswered, a meeting took it up."""
    title = _("Every remark is answered")
    reviews = selectors.reviews_of(act) if reviews is None else reviews
    stages = {review: selectors.stage(review, at) for review in reviews}
    silent = [r for r in reviews if r.taken_up_at is not None and r.answers_sent_at is None]
    open_ones = [r for r, code in stages.items() if code in {ReviewStage.ANSWERS, ReviewStage.UNANSWERED}]
    counts = selectors.counts_to_answer([*open_ones, *silent])
    unmet = [_not_answered(act, r, stages[r], counts.get(r.pk, 0)) for r in open_ones]
    if unmet:
        return Condition("G4", title, "unmet", "", tuple(unmet))
    awaited = {ReviewStage.DELIVERY, ReviewStage.OPINION, ReviewStage.EXPIRED}
    if not reviews or any(code in awaited for code in stages.values()):
        return Condition("G4", title, "later", _("Opinions are still awaited."))
    without = {ReviewStage.ENDED_WITHOUT_REMARKS, ReviewStage.EXPIRY_ESTABLISHED}
    if all(code in without for code in stages.values()):
        return Condition("G4", title, "not_applicable", _("No opinion has a remark."))
    left = sum(counts.get(review.pk, 0) for review in silent)
    detail = ngettext(
        "%(count)s remark was not answered in time; a meeting took it up.",
        "%(count)s remarks were not answered in time; a meeting took them up.",
        left,
    ) % {"count": left}
    return Condition("G4", title, "met", detail if left else "")


def _not_answered(act: DraftAct, review: Review, code: ReviewStage, count: int) -> Unmet:
    name, owner = review.association.short_name(language()), act.initiator.short_name(language())
    if code == ReviewStage.UNANSWERED:
        message = ngettext(
            "%(count)s remark of %(name)s was not answered in time: a meeting takes it up, or a late answer comes before.",
            "%(count)s remarks of %(name)s were not answered in time: a meeting takes them up, or late answers come before.",
            count,
        )
    else:
        message = ngettext(
            "The answer to %(count)s remark of %(name)s has not been sent.",
            "Answers to %(count)s remarks of %(name)s have not been sent.",
            count,
        )
    words = message % {"count": count, "name": name}
    return Unmet(
        "answers_overdue" if code == ReviewStage.UNANSWERED else "answers_not_sent",
        words,
        address("review", *review_args(review)),
        owner,
    )
