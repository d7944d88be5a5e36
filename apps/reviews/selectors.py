"""Reads of a consultation: the stage of a review, its terms, its opinion, what is still to be said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from apps.core.dates import language
from apps.deadlines import rules
from apps.deadlines import selectors as deadlines
from apps.deadlines.enums import Stage
from apps.deadlines.models import ProcedureTemplate
from apps.draft_acts import selectors as draft_acts
from apps.draft_acts.models import DraftAct, DraftActVersion
from apps.draft_acts.naming import name_of
from apps.organizations.models import Organization

from .enums import OpinionLink, ReviewStage
from .models import ConsolidatedOpinion, Consultation, PaperOpinion, Remark, Review, ReviewOpinion, Term
from .said import silent as silent
from .said import stage as stage

# --- one review --------------------------------------------------------------------------------


def in_force_link(review: Review) -> ReviewOpinion | None:
    """The filed opinion of the review with what the law says of it (in time or late); None before filing."""
    return (
        ReviewOpinion.objects.filter(review=review, state=OpinionLink.IN_FORCE)
        .select_related("opinion__author", "opinion__submitted_by", "opinion__receipt")
        .first()
    )


def in_force_opinion(review: Review) -> ConsolidatedOpinion | None:
    """The opinion in force that was filed in time; None when there is none. A late one counts for no gate."""
    link = in_force_link(review)
    return link.opinion if link and not link.late else None


def draft_link(review: Review) -> ReviewOpinion | None:
    """The opinion being written: closed, the association's own."""
    return (
        ReviewOpinion.objects.filter(review=review, state=OpinionLink.DRAFTING)
        .select_related("opinion__ready_by", "opinion__updated_by")
        .first()
    )


def papers_of(review: Review) -> list[PaperOpinion]:
    """What was entered of opinions that came outside the portal, the newest first. Closed: ask the policy of each."""
    return list(
        review.papers.select_related(
            "opinion", "organization", "scan", "review__association", "review__consultation__act"
        ).order_by("-pk")
    )


def remarks_of(opinion: ConsolidatedOpinion) -> list[Remark]:
    """All remarks of an opinion in their order, with provision, answer and reply."""
    return list(opinion.remarks.select_related("provision", "answer__reply").order_by("number"))


def remarks_to_answer(review: Review) -> QuerySet[Remark]:
    """The remarks the ministry must answer and the association reply to, with provision, answer and reply."""
    return (
        Remark.objects.to_be_answered(review).select_related("provision", "answer__reply").order_by("number")
    )


def late_remarks(review: Review) -> QuerySet[Remark]:
    """The remarks of an opinion that came late, which the ministry may answer; none when it came in time."""
    rows = Remark.objects.of_late_opinion(review)
    return rows.select_related("provision", "answer__reply").order_by("number")


def counts_to_answer(reviews: Iterable[Review]) -> dict[int, int]:
    """How many remarks of each review are to be answered, in one query; none for no reviews."""
    ids = [review.pk for review in reviews]
    if not ids:
        return {}
    links = ReviewOpinion.objects.filter(review_id__in=ids, state=OpinionLink.IN_FORCE, late=False)
    rows = links.filter(opinion__remarks__withdrawn_at=None).values_list("review_id")
    return dict(rows.annotate(count=Count("opinion__remarks")))


def disputed_remarks(review: Review) -> QuerySet[Remark]:
    """What is for a meeting once everything is said or its term is over."""
    return Remark.objects.disputed_in(review).select_related("provision", "answer__reply").order_by("number")


def review_of_remark(remark: Remark, *, late: bool = False) -> Review | None:
    """The review in which this remark's opinion is in force and in time (`late`: came after the term)."""
    link = (
        ReviewOpinion.objects.filter(opinion_id=remark.opinion_id, state=OpinionLink.IN_FORCE, late=late)
        .select_related("review__consultation__act", "review__association")
        .first()
    )
    return link.review if link else None


# --- terms -------------------------------------------------------------------------------------


def ruling_terms(terms: Iterable[Term]) -> dict[tuple[int | None, str], Term]:
    """Of every review and stage the term that rules: the last by sequence."""
    ruling: dict[tuple[int | None, str], Term] = {}
    for term in sorted(terms, key=lambda term: term.sequence):
        ruling[(term.review_id, term.stage)] = term
    return ruling


def terms_of(review: Review) -> list[Term]:
    """All terms of a review, the older first; of a stage the last one rules."""
    return list(review.terms.select_related("template").order_by("created_at", "pk"))


def ruling_term(review: Review, stage_code: str) -> Term | None:
    return review.terms.filter(stage=stage_code).select_related("template").order_by("-sequence").first()


def used_days(term: Term, until: date) -> int:
    """Counted days of the term up to and with `until`, as written in its explanation."""
    return sum(1 for day in term.explanation if day["counted"] and day["date"] <= until.isoformat())


CURRENT_TERM = {
    ReviewStage.DELIVERY: Stage.DELIVERY,
    ReviewStage.OPINION: Stage.OPINION,
    ReviewStage.EXPIRED: Stage.OPINION,
    ReviewStage.EXPIRY_ESTABLISHED: Stage.OPINION,
    ReviewStage.ANSWERS: Stage.ANSWERS,
    ReviewStage.UNANSWERED: Stage.CONCILIATION_HOLD,
    ReviewStage.REPLIES: Stage.REPLY,
    ReviewStage.CONCILIATION: Stage.CONCILIATION_HOLD,
    ReviewStage.PROTOCOL: Stage.SIGNING,
}


# --- before a consultation opens ---------------------------------------------------------------


@dataclass(frozen=True)
class AssociationLoad:
    """An association proposed by rule, with how many opinions it writes at present."""

    association: Organization
    open_reviews: int


@dataclass(frozen=True)
class TermPreview:
    """What will happen if the consultation opens now. `earliest`: acknowledged today; `latest`: deemed delivered."""

    template: ProcedureTemplate
    large: bool
    delivery: rules.Deadline
    earliest: rules.Deadline
    latest: rules.Deadline
    sent_earlier: rules.Deadline | None  # the latest end, had it been sent five working days before
    earlier_day: date | None


def proposed_associations(act: DraftAct, at: datetime) -> list[Organization]:
    """The associations addressed by rule: every national one that is active."""
    return list(Organization.objects.national_associations(at).order_by("pk"))


def with_load(associations: Iterable[Organization], at: datetime) -> list[AssociationLoad]:
    """The same associations with their present load: reviews whose opinion is still being written."""
    found = list(associations)
    open_now = dict(
        Review.objects.filter(association__in=found, filed_at=None, due_at__gt=at)
        .order_by()
        .values_list("association")
        .annotate(Count("pk"))
    )
    return [AssociationLoad(association, open_now.get(association.pk, 0)) for association in found]


def is_large_text(version: DraftActVersion, template: ProcedureTemplate) -> bool:
    """Whether the text is large by the template: too many articles, or characters in the longer language."""
    size = draft_acts.text_size(version)
    return template.is_large(articles=size.articles, chars=size.characters)


def preview_term(act: DraftAct, at: datetime) -> TermPreview:
    """The earliest and the latest end of the opinion's term, day by day. Raises NoTemplate, CalendarTooShort."""
    template, calendar = deadlines.current_template(at=at), deadlines.calendar_for()
    large = is_large_text(draft_acts.current_version(act), template)
    today = rules.local_date(at)

    def latest_from(day: date) -> tuple[rules.Deadline, rules.Deadline]:
        delivery = deadlines.deadline_of(template, Stage.DELIVERY, day, calendar=calendar)
        return delivery, deadlines.deadline_of(
            template, Stage.OPINION, delivery.last_day, large_text=large, calendar=calendar
        )

    delivery, latest = latest_from(today)
    earliest = deadlines.deadline_of(template, Stage.OPINION, today, large_text=large, calendar=calendar)
    before = _working_days_before(today, 5, calendar)
    return TermPreview(
        template=template,
        large=large,
        delivery=delivery,
        earliest=earliest,
        latest=latest,
        sent_earlier=latest_from(before)[1] if before else None,
        earlier_day=before,
    )


def _working_days_before(day: date, count: int, calendar: rules.Calendar) -> date | None:
    while count:
        day -= timedelta(days=1)
        if day.year not in calendar.years:
            return None
        count -= calendar.is_working(day)
    return day


# --- acts --------------------------------------------------------------------------------------


def consultation_of(act: DraftAct) -> Consultation | None:
    """The present round: the last one."""
    return act.consultations.select_related("version", "template", "opened_by").order_by("-round").first()


def reviews_of(act: DraftAct) -> list[Review]:
    """The reviews of the present round with what their stage needs, in the order of associations."""
    last_round = act.consultations.order_by("-round").values("pk")[:1]
    return list(
        Review.objects.with_facts()
        .filter(consultation_id__in=last_round)
        .select_related("association", "consultation__act")
        .order_by("association_id")
    )


def reviews_for(user: Any) -> QuerySet[Review]:
    """Every review of a public act (a consultation is never opened on another)."""
    acts = DraftAct.objects.visible_to(user)
    return Review.objects.with_facts().filter(consultation__act__in=acts)


def due_counts(at: datetime) -> dict[str, int]:
    """How many reviews wait for whom, seen at `at`; for the log of the sweep."""
    return {
        "running": Review.objects.filter(filed_at=None, due_at__gt=at).count(),
        "awaiting_effect": Review.objects.awaiting_effect(at).count(),
        "deemed": Review.objects.filter(acknowledged_at=None, deemed_at__lte=at).count(),
    }


# --- what pages show ---------------------------------------------------------------------------


def explained_days(term: Term | rules.Deadline) -> list[dict[str, Any]]:
    """Days of a term for the calendar strip, named in the language of the page."""
    days = term.explanation if isinstance(term, Term) else term.to_dict()["explanation"]
    here = language()
    return [day | {"name": _named(day["name"], here)} for day in days]


def _named(names: dict[str, str] | None, here: str) -> str | None:
    names = names or {}
    return next((names[code] for code in (here, *rules.LANGUAGES) if names.get(code)), None)


@dataclass(frozen=True)
class DayRun:
    """Days in a row that a term does not count for the same reason: "1–7 January, New Year holidays"."""

    first: date
    last: date
    name: str


def uncounted_runs(days: Iterable[dict[str, Any]]) -> list[DayRun]:
    """Holidays and pauses inside a term, days in a row together; weekends alone are not named."""
    runs: list[DayRun] = []
    open_run: list[dict[str, Any]] = []

    def close() -> None:
        named = [day for day in open_run if day["reason"] not in {"weekend", "start"}]
        if named:
            names = list(dict.fromkeys(day["name"] for day in named if day["name"]))
            runs.append(
                DayRun(
                    date.fromisoformat(named[0]["date"]),
                    date.fromisoformat(named[-1]["date"]),
                    ", ".join(names),
                )
            )
        open_run.clear()

    for day in days:
        if day["counted"] or day["reason"] == "start":
            close()
        else:
            open_run.append(day)
    close()
    return runs


@dataclass(frozen=True)
class StageView:
    """A status for {% state %}: its group, its code, the end of the running term and working days left of it."""

    group: str
    code: str
    due_at: datetime | None = None
    days_left: int | None = None


_STATUS = {
    ReviewStage.EXPIRY_ESTABLISHED: ("opinion", "tacit"),
    ReviewStage.ENDED_WITHOUT_REMARKS: ("stage", "ended"),
}
RUNNING = frozenset(
    {
        ReviewStage.DELIVERY,
        ReviewStage.OPINION,
        ReviewStage.ANSWERS,
        ReviewStage.UNANSWERED,
        ReviewStage.REPLIES,
        ReviewStage.CONCILIATION,
    }
)


def stage_view(
    review: Review,
    at: datetime,
    terms: dict[tuple[int | None, str], Term],
    calendar: rules.Calendar | None = None,
) -> StageView:
    """How the stage of a review looks; with `calendar` working days left of its running term (negative: late)."""
    code = stage(review, at)
    group, status = _STATUS.get(code, ("stage", str(code)))
    term = terms.get((review.pk, CURRENT_TERM[code])) if code in RUNNING else None
    due_at = review.due_at if code in {ReviewStage.DELIVERY, ReviewStage.OPINION} else term and term.due_at
    left = None
    if due_at and calendar is not None:
        left = rules.working_days_left(at, due_at, calendar)
        if at >= due_at:
            left = -max(1, rules.working_days_late(at, due_at, calendar))
    return StageView(group, status, due_at or None, left)


@dataclass(frozen=True)
class ProvisionChoice:
    """A provision a remark can be tied to, as the list of the form shows it."""

    pk: int
    eid: str
    depth: int
    label: str


def provision_choices(version: DraftActVersion) -> list[ProvisionChoice]:
    """Provisions of a text in document order: their name and the beginning of heading or text."""
    here = language()
    own, other = ("ky", "ru") if here == "ky" else ("ru", "ky")
    columns = [f"{name}_{code}" for name in ("heading", "text") for code in (own, other)]
    rows = version.provisions.order_by("position").values_list("pk", "eid", "depth", *columns)
    choices = []
    for pk, eid, depth, heading, heading_2, text, text_2 in rows:
        words = " ".join((heading or heading_2 or text or text_2)[:200].split())
        name = f"{name_of(eid, here)}. {words}" if words else name_of(eid, here)
        choices.append(ProvisionChoice(pk, eid, depth, name if len(name) <= 110 else f"{name[:109]}…"))
    return choices
