"""The page of an act: what stands above every one of its tabs, and the facts of the first."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import dates
from apps.core.clock import local_date
from apps.deadlines.enums import Stage
from apps.documents.models import GeneratedDocument
from apps.draft_acts.enums import ActState, NormState
from apps.draft_acts.models import Attachment, DraftAct, DraftActVersion, ReferenceNorm, VersionText
from apps.passage.enums import CertificateState
from apps.passage.models import Certificate, Decision
from apps.reviews.enums import OpinionLink, ReviewStage
from apps.reviews.models import Consultation, LeftOut, Remark, ReviewOpinion
from apps.reviews.promises import ACCEPTED

from .stages import ActStage, ReviewState, RunningTerm, State, act_stage, review_rows, states_of


@dataclass(frozen=True)
class Step:
    """One step of the timeline, in the shape of components/timeline.html."""

    name: str
    status: str  # done | current | ahead
    date: Any = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Counts:
    """What each tab holds."""

    remarks: int
    answered: int
    opinions: int
    documents: int
    decisions: int
    norms: int
    promises: int


@dataclass(frozen=True)
class ActFrame:
    """An act as every tab needs it: the act itself, its round, where each review stands."""

    act: DraftAct
    consultation: Consultation | None
    reviews: list[ReviewState]
    stage: ActStage
    certificate: Certificate | None
    counts: Counts

    @property
    def verdicts(self) -> list[tuple[State, int]]:
        """What the associations said, never merged: each answer with how many gave it."""
        return list(Counter(r.opinion_state for r in self.reviews if r.opinion_state[1] != "none").items())

    @property
    def awaited(self) -> int:
        return sum(1 for r in self.reviews if r.opinion_state[1] == "none")

    def review_of(self, association_id: int) -> ReviewState | None:
        return next((r for r in self.reviews if r.review.association_id == association_id), None)


def public_act(number: str) -> DraftAct | None:
    """The registered act of this number, whoever asks; None is answered as "no such page"."""
    acts = DraftAct.objects.public().select_related("initiator", "scope")
    unread = ("search_ky", "search_ru", "search_plain", "scope__evidence", "scope__canonical")
    return acts.defer(*unread).filter(number=number).first()


def frame(act: DraftAct, at: datetime) -> ActFrame:
    """In five queries, however many associations and remarks there are."""
    consultation = act.consultations.select_related("version", "template").order_by("-round").first()
    reviews = states_of(review_rows(consultation=consultation), at) if consultation else []
    for state in reviews:
        state.review.consultation = consultation  # type: ignore[assignment] # the same row, read once
        consultation.act = act  # type: ignore[union-attr]
    return ActFrame(
        act=act,
        consultation=consultation,
        reviews=reviews,
        stage=act_stage(act, reviews, at),
        certificate=Certificate.objects.filter(act=act, state=CertificateState.IN_FORCE)
        .defer("canonical")
        .first(),
        counts=_counts(act, consultation.version_id if consultation else None),
    )


def _number_of(rows: Any) -> Coalesce:
    """How many rows there are, as a part of one query."""
    counted = (
        rows.order_by().annotate(_one=F("pk") - F("pk")).values("_one").annotate(n=Count("pk")).values("n")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _counts(act: DraftAct, version_id: int | None) -> Counts:
    """`version_id`: of the round; without one the norms of the newest public version are counted."""
    remarks = Remark.objects.filter(
        opinion__review_links__review__consultation__act=OuterRef("pk"),
        opinion__review_links__state=OpinionLink.IN_FORCE,
    )
    opinions = ReviewOpinion.objects.filter(review__consultation__act=OuterRef("pk")).exclude(
        state=OpinionLink.DRAFTING
    )
    shown = Q(version__act=OuterRef("pk"), version__frozen_at__isnull=False)
    documents = GeneratedDocument.objects.filter(act_id=OuterRef("pk"), public=True).ready()
    newer = DraftActVersion.objects.filter(
        act=OuterRef("version__act"), frozen_at__isnull=False, number__gt=OuterRef("version__number")
    )
    norms = (
        ReferenceNorm.objects.filter(version=version_id)
        if version_id
        else ReferenceNorm.objects.filter(
            ~Exists(newer), version__act=OuterRef("pk"), version__frozen_at__isnull=False
        )
    ).exclude(state=NormState.DISMISSED)
    row = (
        DraftAct.objects.filter(pk=act.pk)
        .annotate(
            n_remarks=_number_of(remarks),
            n_answered=_number_of(remarks.filter(answer__sent_at__isnull=False)),
            n_opinions=_number_of(opinions),
            n_promises=_number_of(
                remarks.filter(answer__sent_at__isnull=False, answer__outcome__in=ACCEPTED, withdrawn_at=None)
            ),
            n_documents=_number_of(documents),
            n_texts=_number_of(VersionText.objects.filter(shown)),
            n_papers=_number_of(Attachment.objects.filter(shown)),
            n_decisions=_number_of(Decision.objects.filter(act=OuterRef("pk"))),
            n_norms=_number_of(norms),
        )
        .values_list(
            "n_remarks",
            "n_answered",
            "n_opinions",
            "n_documents",
            "n_texts",
            "n_papers",
            "n_decisions",
            "n_norms",
            "n_promises",
        )
        .get()
    )
    return Counts(
        remarks=row[0],
        answered=row[1],
        opinions=row[2],
        documents=row[3] + row[4] + row[5],
        decisions=row[6],
        norms=row[7],
        promises=row[8],
    )


def left_out(consultation: Consultation | None) -> list[LeftOut]:
    """Associations that were proposed by rule and not asked, with the public reasons."""
    if consultation is None:
        return []
    return list(consultation.left_out.select_related("association").order_by("association_id"))


# --- the timeline -----------------------------------------------------------------------------------

_AHEAD = {
    Stage.DELIVERY: {ReviewStage.DELIVERY},
    Stage.OPINION: {ReviewStage.DELIVERY, ReviewStage.OPINION, ReviewStage.EXPIRED},
    Stage.ANSWERS: {ReviewStage.DELIVERY, ReviewStage.OPINION, ReviewStage.EXPIRED, ReviewStage.ANSWERS},
}
_AHEAD[Stage.REPLY] = _AHEAD[Stage.ANSWERS] | {ReviewStage.REPLIES}
_AHEAD[Stage.CONCILIATION_HOLD] = _AHEAD[Stage.REPLY] | {ReviewStage.UNANSWERED, ReviewStage.CONCILIATION}
_AHEAD[Stage.SIGNING] = _AHEAD[Stage.CONCILIATION_HOLD] | {ReviewStage.PROTOCOL}


def timeline(page: ActFrame, at: datetime, decisions: list[Decision]) -> list[Step]:
    """The stages of the act: passed, now, ahead; costs no query."""
    act = page.act
    steps = [Step(_("Registration"), "done", _day(act.registered_at))]
    if act.state == ActState.OUT_OF_SCOPE:
        return [*steps, Step(_("Out of scope"), "current")]
    if page.consultation is None:
        names = [
            _("Opening"),
            _("Delivery"),
            _("Opinions"),
            _("Answers"),
            _("Replies"),
            _("Protocol"),
            _("Certificate"),
        ]
        ahead = [Step(name, "ahead") for name in names]
        if act.state == ActState.REGISTERED:
            ahead[0] = Step(names[0], "current")
            return [*steps, *ahead]
        return [*steps, Step(_("Withdrawn"), "current", _day(act.withdrawn_at))]
    steps.append(Step(_("Opening"), "done", _day(page.consultation.opened_at)))
    names = {
        Stage.DELIVERY: _("Delivery"),
        Stage.OPINION: _("Opinions"),
        Stage.ANSWERS: _("Answers"),
        Stage.REPLY: _("Replies"),
        Stage.CONCILIATION_HOLD: _("Meeting"),
        Stage.SIGNING: _("Protocol") if _by_protocol(page.reviews) else _("Note"),
    }
    running = act.state == ActState.IN_CONSULTATION
    for stage, name in names.items():
        if step := _stage_step(stage, name, page.reviews, at, running=running):
            steps.append(step)
    if act.state == ActState.WITHDRAWN:
        return [*steps, Step(_("Withdrawn"), "current", _day(act.withdrawn_at))]
    return [*steps, *_last_steps(page, decisions)]


def _by_protocol(reviews: list[ReviewState]) -> bool:
    """Whether a protocol closes at least one review, or may still come; else notes close them all."""
    return any(r.protocol_number or not r.closed for r in reviews)


def _stage_step(
    stage: Stage, name: str, reviews: list[ReviewState], at: datetime, *, running: bool
) -> Step | None:
    before = [r for r in reviews if not r.closed and r.stage in _AHEAD[stage]]
    passed = [r for r in reviews if stage in r.terms or (stage == Stage.SIGNING and r.closed)]
    dates_of = [d for r in reviews if (d := _done_at(stage, r, at))]
    if not before:
        if stage == Stage.CONCILIATION_HOLD and not any(stage in r.terms for r in reviews):
            return None  # nobody maintained an objection: there is no meeting
        if not passed and not dates_of:
            return None  # no review comes this way
        return Step(name, "done", _day(max(dates_of)) if dates_of else "", _done_note(stage, reviews, at))
    here = [r for r in before if stage in r.terms or stage == Stage.DELIVERY]
    terms = [r.terms[stage] for r in here if stage in r.terms and _is_now(stage, r)]
    if running and terms:
        last = max(terms, key=lambda term: term.due_at)
        until = _("until %(day)s") % {"day": dates.date_words(last.last_day, year=False)}
        return Step(name, "current", until, _used_note(last, at))
    if running and any(_is_now(stage, r) for r in before):
        return Step(name, "current")
    return Step(name, "ahead")


_NOW = {
    Stage.DELIVERY: {ReviewStage.DELIVERY},
    Stage.OPINION: {ReviewStage.OPINION, ReviewStage.EXPIRED},
    Stage.ANSWERS: {ReviewStage.ANSWERS},
    Stage.REPLY: {ReviewStage.REPLIES},
    Stage.CONCILIATION_HOLD: {ReviewStage.UNANSWERED, ReviewStage.CONCILIATION},
    Stage.SIGNING: {ReviewStage.PROTOCOL},
}


def _is_now(stage: Stage, state: ReviewState) -> bool:
    return not state.closed and state.stage in _NOW[stage]


def _done_at(stage: Stage, state: ReviewState, at: datetime) -> datetime | None:
    review: Any = state.review
    note = getattr(review, "closing_note", None)
    return {
        Stage.DELIVERY: review.delivered_at(at),
        Stage.OPINION: review.filed_at or review.effect_established_at or _silent_end(state),
        Stage.ANSWERS: review.answers_sent_at,
        Stage.REPLY: review.replies_sent_at,
        Stage.CONCILIATION_HOLD: None,
        Stage.SIGNING: note.issued_at if note is not None else review.protocol_signed_at,
    }[stage]


def _silent_end(state: ReviewState) -> datetime | None:
    """Tacit by time alone: the stage ended with its term."""
    return state.review.due_at if state.stage == ReviewStage.EXPIRY_ESTABLISHED else None


def _used_note(term: RunningTerm, at: datetime) -> str:
    if at >= term.due_at:
        return _("the term has ended")
    used = max(0, term.length - term.left)
    return ngettext("%(used)s of %(all)s day", "%(used)s of %(all)s days", term.length) % {
        "used": used,
        "all": term.length,
    }


def _done_note(stage: Stage, reviews: list[ReviewState], at: datetime) -> str:
    count = sum(1 for r in reviews if _done_at(stage, r, at))
    if len(reviews) < 2 or stage == Stage.CONCILIATION_HOLD:
        return ""
    return _("%(done)s of %(total)s") % {"done": count, "total": len(reviews)}


def _last_steps(page: ActFrame, decisions: list[Decision]) -> list[Step]:
    act, certificate = page.act, page.certificate
    if certificate is not None:
        steps = [Step(_("Certificate"), "done", _day(certificate.issued_at))]
    else:
        now = act.state == ActState.IN_CONSULTATION and page.stage.main == ("stage", "certificate", None)
        steps = [Step(_("Certificate"), "current" if now else "ahead")]
    submitted = [d for d in decisions if d.kind == "submitted"]
    if submitted:
        steps.append(Step(_("Submission"), "done", dates.date_words(submitted[0].day, year=False)))
    else:
        steps.append(Step(_("Submission"), "current" if act.state == ActState.CERTIFIED else "ahead"))
    ends = [d for d in decisions if d.kind in {"adopted", "rejected"}]
    if ends:
        steps.append(Step(_("Decision"), "done", dates.date_words(ends[0].day, year=False)))
    else:
        waits = act.state in {ActState.SUBMITTED, ActState.RETURNED}
        steps.append(Step(_("Decision"), "current" if waits else "ahead"))
    return steps


def _day(moment: datetime | None) -> str:
    return dates.date_words(local_date(moment), year=False) if moment else ""


def decisions_of(act: DraftAct) -> list[Decision]:
    """The decisions recorded about the act, the newest first."""
    return list(act.decisions.select_related("organization", "certificate").order_by("-day", "-pk"))


def shown_version(page: ActFrame) -> DraftActVersion:
    """The version that the pages of an act show: that of its round, before one the newest public."""
    return page.consultation.version if page.consultation else versions_of(page.act)[0]


def versions_of(act: DraftAct) -> list[DraftActVersion]:
    """The versions that became public, the newest first; `consulted_in` is the round that was opened on it, if any."""
    versions = act.versions.exclude(frozen_at=None).annotate(consulted_in=Max("consultations__round"))
    return list(versions.order_by("-number"))


def counting(versions: list[DraftActVersion]) -> DraftActVersion:
    """Of the public versions the one that is consulted on, else the newest."""
    return max(versions, key=lambda version: (getattr(version, "consulted_in", None) or 0, version.number))
