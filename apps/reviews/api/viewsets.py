"""Reads of consultations. What is seen is decided in `sight`."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import clock
from apps.core.api.schema import refusals
from apps.core.api.views import ReadViewSet

from .. import said, selectors
from ..enums import OpinionLink
from ..models import Consultation, Remark, RemarkAnswer, Review, ReviewOpinion
from . import filters, serializers, sight

_WITH_REMARKS = Prefetch("opinion__remarks", Remark.objects.select_related("provision").order_by("number"))


class ConsultationViewSet(ReadViewSet):
    tag = "consultations"
    summaries = {
        "list": _("Consultations, the newest first"),
        "retrieve": _("A round of consultation on an act"),
    }
    serializer_class = serializers.ConsultationSerializer
    filterset_class = filters.ConsultationFilterSet
    queryset = Consultation.objects.none()
    lookup = {"act": "act__number", "round": "round"}

    def get_queryset(self) -> QuerySet[Consultation]:
        return sight.consultations()


class ReviewViewSet(ReadViewSet):
    tag = "reviews"
    summaries = {
        "list": _("Reviews: one association in one round"),
        "retrieve": _("The review of an act by an association, in the last round"),
    }
    serializer_class = serializers.ReviewSerializer
    filterset_class = filters.ReviewFilterSet
    queryset = Review.objects.none()
    lookup = {"act": "consultation__act__number", "association": "association__code"}

    def get_queryset(self) -> QuerySet[Review]:
        return sight.reviews(self.request.user)

    def in_address(self) -> QuerySet[Review]:
        return super().in_address().order_by("-consultation__round")

    def get_object(self) -> Review:
        return self._with_stage([super().get_object()])[0]

    def paginate_queryset(self, queryset: Any) -> Any:
        return self._with_stage(super().paginate_queryset(queryset))

    @staticmethod
    def _with_stage(rows: list[Review]) -> list[Review]:
        at = clock.now()
        for review in rows:
            review.stage_now = selectors.stage(review, at)
            review.silent_now = selectors.silent(review, at) or ""
            review.terms_now = [t for t in review.terms.all() if said.holds(t, review, at)]
        return rows

    @extend_schema(
        summary=_("The opinion of an association on an act: in force, and for its own people the draft"),
        responses={200: serializers.OpinionsOfReviewSerializer, **refusals(404)},
    )
    def opinion(self, request: Request, act: str, association: str) -> Response:
        """GET of a review's opinion."""
        review = super().get_object()
        links = sight.opinions(request.user).filter(review=review).prefetch_related(_WITH_REMARKS)
        by_state = {link.state: link for link in links.exclude(state=OpinionLink.REPLACED)}
        found = {"in_force": by_state.get(OpinionLink.IN_FORCE), "draft": by_state.get(OpinionLink.DRAFTING)}
        shown = serializers.OpinionsOfReviewSerializer(found, context=self.get_serializer_context())
        return Response(shown.data)


class OpinionViewSet(ReadViewSet):
    tag = "opinions"
    summaries = {"list": _("Opinions, late ones marked"), "retrieve": _("A filed opinion with its remarks")}
    filterset_class = filters.OpinionFilterSet
    queryset = ReviewOpinion.objects.none()
    lookup = {"receipt": "opinion__receipt__number"}

    def get_serializer_class(self) -> Any:
        return serializers.OpinionSerializer if self.action == "list" else serializers.OpinionDetailSerializer

    def get_queryset(self) -> QuerySet[ReviewOpinion]:
        links = sight.opinions(self.request.user)
        return links if self.action == "list" else links.prefetch_related(_WITH_REMARKS)


class RemarkViewSet(ReadViewSet):
    tag = "remarks"
    summaries = {"list": _("Remarks of filed opinions with the answers to them"), "retrieve": _("A remark")}
    serializer_class = serializers.RemarkSerializer
    filterset_class = filters.RemarkFilterSet
    queryset = Remark.objects.none()
    lookup = {"receipt": "opinion__receipt__number", "remark": "number"}

    def get_queryset(self) -> QuerySet[Remark]:
        return sight.remarks(self.request.user)


class AnswerViewSet(ReadViewSet):
    tag = "answers"
    summaries = {
        "list": _("Answers to remarks with the replies to them"),
        "retrieve": _("The answer to a remark"),
    }
    serializer_class = serializers.AnswerSerializer
    filterset_class = filters.AnswerFilterSet
    queryset = RemarkAnswer.objects.none()
    lookup = {"receipt": "remark__opinion__receipt__number", "remark": "remark__number"}

    def get_queryset(self) -> QuerySet[RemarkAnswer]:
        return sight.answers(self.request.user)


def review_in_address(user: Any, act: str, association: str) -> Review:
    """The review of the last round, for use-cases."""
    found = selectors.reviews_for(user).filter(consultation__act__number=act, association__code=association)
    review = found.select_related("association", "consultation__act").order_by("-consultation__round").first()
    if review is None:
        raise Http404
    return review
