"""Pages as frozen dataclasses: what everybody may read of a review, and the steps open to the person who looks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.dates import language
from apps.deadlines import selectors as deadlines
from apps.deadlines.enums import Stage
from apps.documents.enums import DocumentKind
from apps.documents.models import GeneratedDocument
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct

from . import conditions, policies, said, selectors, silence
from .conditions import address, review_args
from .enums import ExpiryEffect, OpinionLink, PaperState, ReviewStage, Silent
from .models import ClosingNote, ExpiryDecision, Remark, Review, ReviewOpinion, Term
from .workflow import UNFILED, WORKFLOW

CAUSES = {
    "opened": _("The act was sent to the association."),
    "deemed": _(
        "Written ahead: without acknowledgement the act is deemed delivered at the end of the delivery term."
    ),
    "acknowledged": _("The association acknowledged the delivery."),
    "filed": _("The opinion was filed in time."),
    "answers_sent": _("The answers were sent."),
    "objections_maintained": _("The association maintained objections."),
    "answers_expired": _("The answers did not come in time: what was not answered goes to a meeting."),
    "replies_expired": _(
        "The replies did not come in time: objections that were not accepted stay maintained."
    ),
    "new_term": _("The coordinator gave a new term."),
    "protocol_fixed": _("The protocol was fixed."),
    "paper_confirmed": _("The association confirmed its opinion that came outside the portal."),
    "outage": _("An outage of the portal fell on the last day: the day was moved by a recorded act."),
    "outage_in_time": _("The opinion came to be in time when an outage moved the last day."),
}


@dataclass(frozen=True)
class TermRow:
    """A term that rules its stage, in short: until when, of how many days how many were used."""

    term: Term
    name: Any
    cause: Any
    url: str
    over: bool
    replaced: int  # how many earlier rows of the same stage it took the place of


@dataclass(frozen=True)
class RemarkRow:
    """A remark with what was said to it and is public."""

    remark: Remark
    number: int
    provision: str
    text_url: str
    answer: dict[str, Any] | None = None
    reply: Any = None
    unanswered: bool = False  # and the term for it is over
    withdraw_url: str = ""


@dataclass(frozen=True)
class OpinionRow:
    """A filed opinion: in force or replaced, in time or late."""

    link: ReviewOpinion
    receipt_url: str
    remarks: tuple[RemarkRow, ...] = ()

    @property
    def opinion(self) -> Any:
        return self.link.opinion


@dataclass(frozen=True)
class DocumentRow:
    """A file in the shape of components/docs.html."""

    title: Any
    url: str
    kind: str = "PDF"
    size: int | None = None
    note: Any = ""
    lang: str = ""
    icon: str = "doc"


@dataclass(frozen=True)
class NextStep:
    """A step open to the person who looks. `post`: a button, for a step without a page of its own."""

    label: Any
    url: str
    post: bool = False


@dataclass(frozen=True)
class ReviewPage:
    act: DraftAct
    review: Review
    code: ReviewStage
    stage: selectors.StageView
    delivery: str  # a code of the status group "delivery"
    delivered_at: datetime | None
    terms: tuple[TermRow, ...]
    opinions: tuple[OpinionRow, ...]
    decisions: tuple[ExpiryDecision, ...]
    note: ClosingNote | None
    documents: tuple[DocumentRow, ...]
    steps: tuple[NextStep, ...] = field(default=())
    proofs: tuple[silence.Proof, ...] = field(default=())  # of an expiry nobody decided on
    certificate_from: datetime | None = None  # of a tacit expiry whose note is not issued yet
    silent: str = ""  # a Silent: whose answers or replies did not come in time
    answers_late: bool = False


def document_rows(act: DraftAct, documents: Iterable[GeneratedDocument]) -> list[DocumentRow]:
    return [
        DocumentRow(
            title=f"{DocumentKind(document.kind).label} {document.number}",
            url=address("review_document", act.number, document.number),
            size=document.file.size if document.is_ready and document.file else None,
            note="" if document.is_ready else _("the file is being made"),
        )
        for document in documents
    ]


def review_page(review: Review, user: Any, at: datetime) -> ReviewPage:
    """Everything of one review, in a fixed number of queries."""
    act = review.consultation.act
    by = selectors.silent(review, at)
    terms = [term for term in selectors.terms_of(review) if said.holds_for(term.cause, by)]
    links = list(
        review.opinion_links.exclude(state=OpinionLink.DRAFTING)
        .select_related("opinion__receipt", "opinion__submitted_by", "opinion__paper__organization")
        .order_by("-pk")
    )
    code = selectors.stage(review, at)
    note = ClosingNote.objects.filter(review=review).first()
    silent = code == ReviewStage.EXPIRED or (code == ReviewStage.EXPIRY_ESTABLISHED and _undecided(review))
    may_withdraw = policies.can_withdraw_remark(user, review) and WORKFLOW.allows("withdraw_remark", code)
    return ReviewPage(
        act=act,
        review=review,
        code=code,
        stage=selectors.stage_view(review, at, selectors.ruling_terms(terms), deadlines.calendar_for()),
        delivery=_delivery(review, at),
        delivered_at=review.delivered_at(at),
        terms=tuple(_term_rows(review, terms, at)),
        opinions=tuple(_opinion_row(review, link, may_withdraw, by) for link in links),
        decisions=tuple(review.expiry_decisions.select_related("organization", "term").order_by("pk")),
        note=note,
        documents=tuple(document_rows(act, _documents(review, links))),
        steps=tuple(_steps(review, user, code)),
        proofs=tuple(silence.proofs_of(review)) if silent else (),
        certificate_from=silence.certificate_from(review)
        if code == ReviewStage.EXPIRY_ESTABLISHED and note is None
        else None,
        silent=by or "",
        answers_late=_answers_late(review, terms),
    )


def _answers_late(review: Review, terms: list[Term]) -> bool:
    term = selectors.ruling_terms(terms).get((review.pk, Stage.ANSWERS))
    return bool(term and review.answers_sent_at and review.answers_sent_at >= term.due_at)


def _undecided(review: Review) -> bool:
    """No coordinator had to establish the expiry."""
    return not review.expiry_decisions.filter(effect=ExpiryEffect.EFFECT).exists()


def _delivery(review: Review, at: datetime) -> str:
    if review.delivered_at(at) is None:
        return "sent"
    acknowledged = review.acknowledged_at is not None and review.acknowledged_at < review.deemed_at
    return "acknowledged" if acknowledged else "deemed"


def _term_rows(review: Review, terms: list[Term], at: datetime) -> list[TermRow]:
    ruling = selectors.ruling_terms(terms)
    rows = []
    for (_review, stage), term in ruling.items():
        rows.append(
            TermRow(
                term=term,
                name=Stage(stage).label,
                cause=CAUSES.get(term.cause, ""),
                url=address("term", *review_args(review), stage),
                over=at >= term.due_at,
                replaced=term.sequence - 1,
            )
        )
    return rows


def _opinion_row(review: Review, link: ReviewOpinion, may_withdraw: bool, by: Silent | None) -> OpinionRow:
    counts = link.state == OpinionLink.IN_FORCE and not link.late
    rows = []
    for remark in selectors.remarks_of(link.opinion):
        own = may_withdraw and counts and not remark.withdrawn_at
        rows.append(
            remark_row(
                review,
                remark,
                by=by if counts else None,
                withdraw_url=address("remark_withdraw", *review_args(review), remark.number) if own else "",
            )
        )
    receipt = getattr(link.opinion, "receipt", None)
    return OpinionRow(link, address("receipt", receipt.number) if receipt else "", tuple(rows))


def remark_row(
    review: Review, remark: Remark, *, by: Silent | None = None, withdraw_url: str = ""
) -> RemarkRow:
    """A remark and what is public of answer and reply: drafts are left out, silence says what it says."""
    answer, reply = said.answer_to(remark), said.reply_to(remark)
    consultation = review.consultation
    text = address(
        "act_version", consultation.act.number, consultation.version.number, fragment=remark.provision.eid
    )
    return RemarkRow(
        remark=remark,
        number=remark.number,
        provision=conditions.provision_label(remark.provision),
        text_url=text,
        answer=answer_parts(answer) if answer else None,
        reply=reply_parts(remark, reply, by),
        unanswered=by == Silent.MINISTRY and answer is None and remark.withdrawn_at is None,
        withdraw_url=withdraw_url,
    )


def reply_parts(remark: Remark, reply: Any, by: Silent | None) -> dict[str, Any] | None:
    """A reply in the shape of components/answer.html; `silent` when no word came and the rule says it."""
    held = said.reply_that_holds(remark, by)
    if not held:
        return None
    words = {"text": reply.text, "lang": reply.lang} if reply is not None else {"text": "", "lang": ""}
    return {"outcome": held, "silent": reply is None, **words}


def answer_parts(answer: Any) -> dict[str, Any]:
    """An answer in the shape of components/answer.html."""
    return {
        "outcome": answer.outcome,
        "wording": answer.wording,
        "reason": answer.reason,
        "lang": answer.lang,
    }


def _documents(review: Review, links: list[ReviewOpinion]) -> list[GeneratedDocument]:
    """The documents of a review: notification, opinions with receipts, answers, note."""
    opinions = [link.opinion_id for link in links]
    sources: list[tuple[str, list[int]]] = [
        ("reviews.consultation", [review.consultation_id]),
        ("reviews.consolidatedopinion", opinions),
        ("reviews.receipt", [link.opinion.receipt.pk for link in links if hasattr(link.opinion, "receipt")]),
        ("reviews.review", [review.pk]),
        ("reviews.closingnote", list(ClosingNote.objects.filter(review=review).values_list("pk", flat=True))),
    ]
    rows = GeneratedDocument.objects.public().select_related("file").of_act(review.consultation.act_id)
    wanted = {(label, pk) for label, ids in sources for pk in ids}
    return [row for row in rows.order_by("pk") if (row.source_type, row.source_id) in wanted]


def _paper_step(review: Review, user: Any, code: ReviewStage) -> Any:
    """What this person can do with an opinion that came outside the portal; empty for nothing."""
    papers = [p for p in selectors.papers_of(review) if policies.can_see_paper(user, p)]
    open_paper = next((p for p in papers if p.state in {PaperState.ENTERING, PaperState.AWAITING}), None)
    if open_paper is not None and open_paper.state == PaperState.AWAITING:
        if policies.can_confirm_paper(user, open_paper):
            return _("Confirm the opinion on paper")
        return _("Paper opinion awaiting confirmation")
    if open_paper is not None:
        return _("Go on entering the paper")
    if code in UNFILED and policies.can_enter_paper(user, review):
        return _("Enter an opinion on paper")
    return ""


def _steps(review: Review, user: Any, code: ReviewStage) -> list[NextStep]:
    """What this person can do now, most urgent first."""
    args = review_args(review)
    act = review.consultation.act
    if not user.is_authenticated or act.state == ActState.WITHDRAWN:
        return []
    steps = []
    if code == ReviewStage.DELIVERY and policies.can_acknowledge(user, review):
        steps.append(NextStep(_("Acknowledge delivery"), address("review_acknowledge", *args), post=True))
    if code in UNFILED and policies.can_read_draft(user, review):
        label = _("Write the opinion") if policies.can_write_opinion(user, review) else _("Open the opinion")
        steps.append(NextStep(label, address("opinion_write", *args)))
    if label := _paper_step(review, user, code):
        steps.append(NextStep(label, address("paper", *args)))
    if act.state != ActState.IN_CONSULTATION:
        return steps
    if WORKFLOW.allows("answer", code) and policies.can_answer(user, review):
        steps.append(NextStep(_("Answer the remarks"), address("answers", *args)))
    if (
        WORKFLOW.allows("answer_late", code)
        and policies.can_answer(user, review)
        and selectors.late_remarks(review).exists()
    ):
        steps.append(NextStep(_("Answer the late opinion"), address("answers", *args)))
    if code == ReviewStage.REPLIES and policies.can_reply(user, review):
        steps.append(NextStep(_("Reply to the answers"), address("replies", *args)))
    if code == ReviewStage.EXPIRED and policies.can_decide_expiry(user, review):
        steps.append(NextStep(_("Decide on the expired term"), address("expiry_decide", *args)))
    both = policies.can_answer(user, review) or policies.can_reply(user, review)
    if WORKFLOW.allows("meet", code) and both:
        steps.append(NextStep(_("Record the conciliation meeting"), address("meeting", *args)))
    if code in {ReviewStage.UNANSWERED, ReviewStage.CONCILIATION, ReviewStage.PROTOCOL} and both:
        steps.append(NextStep(_("Go on to the protocol"), address("protocol_prepare", *args)))
    return [step for step in steps if step.url]


def organization_name(organization: Any) -> str:
    return organization.name(language())
