"""Rows of the lists: acts, protocols, decisions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Min, OuterRef, QuerySet, Subquery

from apps.core.dates import language
from apps.draft_acts import search
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct
from apps.organizations.enums import OrganizationKind
from apps.organizations.models import Organization
from apps.passage.models import Decision
from apps.protocols.enums import ProtocolState
from apps.protocols.models import AgreementProtocol
from apps.reviews.models import Review

from .stages import ActStage, act_stage, review_rows, states_of

PAGE = 20
SEARCHED = 2000  # of the acts that match, the newest so many are put in the order of resemblance


LIKENESS = 0.45  # of a badly typed word to one of a title; a search of its own asks for 0.6


@dataclass(frozen=True)
class ActRow:
    """One act of a list, in the shape of components/act_row.html."""

    act: DraftAct
    stage: ActStage
    initiator: str
    kind: str


def acts() -> QuerySet[DraftAct]:
    """The register: every registered act, whoever looks; the newest first."""
    return DraftAct.objects.public().order_by("-registered_at", "-pk")


def found(queryset: QuerySet[DraftAct], words: str) -> QuerySet[DraftAct]:
    """Acts of `queryset` in which the words are found, the best first. Where none is, see `resembling`."""
    if not words.strip():
        return queryset
    matches, rank = search.matching(words)
    newest = queryset.filter(matches).order_by("-registered_at", "-pk").values("pk")[:SEARCHED]
    return (
        for_list(DraftAct.objects.filter(pk__in=newest))
        .annotate(rank=rank)
        .order_by("-rank", "-registered_at", "-pk")
    )


def resembling(queryset: QuerySet[DraftAct], words: str) -> QuerySet[DraftAct]:
    """Acts whose titles resemble badly typed words, for when nothing matches them: further off than a search goes."""
    plain = search.fold_plain(words)[:200]
    if not plain:
        return queryset.none()
    likeness = TrigramWordSimilarity(plain, "search_plain")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKENESS)])
        near = queryset.filter(search_plain__trigram_word_similar=plain).annotate(likeness=likeness)
        ids = list(near.order_by("-likeness", "-pk").values_list("pk", flat=True)[:PAGE])
    return (
        for_list(DraftAct.objects.filter(pk__in=ids)).annotate(likeness=likeness).order_by("-likeness", "-pk")
    )


def act_rows(page: Iterable[DraftAct], at: datetime) -> list[ActRow]:
    """Acts with the stage each is in; two queries besides those of `page`."""
    rows = list(page)
    running = [act.pk for act in rows if act.state == ActState.IN_CONSULTATION]
    by_act = defaultdict(list)
    if running:
        for state in states_of(review_rows(consultation__act_id__in=running), at):
            by_act[state.review.consultation.act_id].append(state)
    return [
        ActRow(
            act=act,
            stage=act_stage(act, by_act[act.pk], at),
            initiator=act.initiator.name(language()),
            kind=str(act.get_kind_display()),
        )
        for act in rows
    ]


LIST_FIELDS = (
    "number", "kind", "title_ky", "title_ru", "state", "registered_at", "initiator",
)  # fmt: skip


def for_list(queryset: QuerySet[DraftAct]) -> QuerySet[DraftAct]:
    """Only what a row of a list shows: texts and search columns stay in the database."""
    names = [f"initiator__{name}_{code}" for name in ("name", "short_name") for code in ("ky", "ru", "en")]
    return queryset.select_related("initiator").only(*LIST_FIELDS, *names, "initiator__code")


def closing_first(at: datetime) -> QuerySet[DraftAct]:
    """Acts whose opinion is awaited, the nearest end of a term first."""
    open_reviews = Review.objects.filter(
        consultation__act=OuterRef("pk"), filed_at=None, due_at__gt=at
    ).order_by()
    nearest = open_reviews.values("consultation__act").annotate(first=Min("due_at")).values("first")
    return (
        DraftAct.objects.public()
        .filter(state=ActState.IN_CONSULTATION)
        .annotate(nearest_end=Subquery(nearest))
        .filter(nearest_end__isnull=False)
        .order_by("nearest_end", "pk")
    )


def protocols() -> QuerySet[AgreementProtocol]:
    """Signed protocols, the newest first."""
    return (
        AgreementProtocol.objects.filter(state=ProtocolState.SIGNED)
        .select_related("review__consultation__act__initiator", "review__association")
        .defer("canonical")
        .order_by("-signed_at", "-pk")
    )


def decisions() -> QuerySet[Decision]:
    """Recorded decisions, the newest first."""
    return Decision.objects.select_related("act__initiator", "certificate", "organization").order_by(
        "-day", "-pk"
    )


@dataclass(frozen=True)
class Bodies:
    """The organisations that a list can be narrowed to, by name."""

    initiators: list[tuple[str, str]]
    associations: list[tuple[str, str]]


def bodies() -> Bodies:
    """Initiators and associations in the order of their names; one query."""
    rows = Organization.objects.exclude(
        kind__in=[OrganizationKind.COMMITTEE, OrganizationKind.SUPERVISORY, OrganizationKind.OPERATOR]
    ).values_list("code", "kind", f"name_{language()}", "name_ru")
    named = sorted(
        ((kind, code, name or ru) for code, kind, name, ru in rows), key=lambda row: row[2].casefold()
    )
    return Bodies(
        initiators=[(code, name) for kind, code, name in named if kind != OrganizationKind.ASSOCIATION],
        associations=[(code, name) for kind, code, name in named if kind == OrganizationKind.ASSOCIATION],
    )
