"""What the API shows of a consultation: what everybody may read, and for the signed-in their own drafts besides."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from apps.organizations import policies as organizations

from ..enums import OpinionLink
from ..models import Consultation, LeftOut, Remark, RemarkAnswer, Reply, Review, ReviewOpinion, Term
from ..selectors import reviews_for

_ACT_SEARCH = ("search_ky", "search_ru", "search_plain")


def _without(prefix: str, *more: str) -> tuple[str, ...]:
    return tuple(f"{prefix}__{name}" for name in (*_ACT_SEARCH, "summary_ky", "summary_ru", *more))


def _state(user: Any) -> list[int]:
    return organizations.organization_ids(user, *organizations.STATE_SIDE)


def _communities(user: Any) -> list[int]:
    return organizations.organization_ids(user, *organizations.COMMUNITIES_SIDE)


def consultations() -> QuerySet[Consultation]:
    """Every round: a consultation is opened on a registered act only."""
    return (
        Consultation.objects.select_related("act", "version", "template")
        .defer(*_without("act"))
        .prefetch_related(
            Prefetch("reviews", Review.objects.select_related("association").order_by("association_id")),
            Prefetch("left_out", LeftOut.objects.select_related("association").order_by("association_id")),
        )
    )


def reviews(user: Any) -> QuerySet[Review]:
    """Reviews with what their stage needs."""
    return (
        reviews_for(user)
        .select_related("association", "consultation__act", "consultation__version", "closing_note")
        .defer(*_without("consultation__act"), "closing_note__canonical")
        .prefetch_related(Prefetch("terms", Term.objects.order_by("created_at", "pk")))
    )


def opinions(user: Any) -> QuerySet[ReviewOpinion]:
    """Filed opinions, late and replaced ones marked; the draft of an association for its own people."""
    seen = ~Q(state=OpinionLink.DRAFTING) | Q(review__association_id__in=_communities(user))
    return (
        ReviewOpinion.objects.filter(seen)
        .select_related(
            "opinion__receipt",
            "opinion__paper__organization",
            "review__association",
            "review__consultation__act",
        )
        .defer("opinion__canonical", "opinion__return_note", *_without("review__consultation__act"))
    )


def remarks(user: Any) -> QuerySet[Remark]:
    """Remarks of filed opinions with the answers and replies that were sent, and the person's own drafts of them."""
    return (
        Remark.objects.submitted()
        .select_related("opinion__author", "opinion__receipt", "provision__version__act")
        .defer("opinion__canonical", *_without("provision__version__act"))
        .prefetch_related(
            Prefetch("answer", answers_seen(user).prefetch_related(Prefetch("reply", replies_seen(user))))
        )
    )


def answers(user: Any) -> QuerySet[RemarkAnswer]:
    """Sent answers; the drafts of a ministry for its own people."""
    remark = ("remark__opinion__author", "remark__opinion__receipt", "remark__provision__version__act")
    return (
        answers_seen(user)
        .select_related(*remark)
        .defer("remark__opinion__canonical", *_without("remark__provision__version__act"))
        .prefetch_related(Prefetch("reply", replies_seen(user)))
    )


def answers_seen(user: Any) -> QuerySet[RemarkAnswer]:
    own = Q(remark__provision__version__act__initiator_id__in=_state(user))
    return RemarkAnswer.objects.filter(Q(sent_at__isnull=False) | own)


def replies_seen(user: Any) -> QuerySet[Reply]:
    """Sent replies; the drafts of an association for its own people."""
    own = Q(answer__remark__opinion__author_id__in=_communities(user))
    return Reply.objects.filter(Q(sent_at__isnull=False) | own)
