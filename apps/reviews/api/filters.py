"""What lists of the API can be narrowed by. A value nobody offers is refused, not ignored."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from ..enums import AnswerOutcome, RemarkKind, Verdict
from ..models import Consultation, Remark, RemarkAnswer, Review, ReviewOpinion

_ACT = {"label": _("Number of the act"), "max_length": 24}
_ASSOCIATION = {"label": _("Code of the association"), "max_length": 40}


class ConsultationFilterSet(django_filters.FilterSet):
    act = django_filters.CharFilter(field_name="act__number", **_ACT)

    class Meta:
        model = Consultation
        fields: list[str] = []


class ReviewFilterSet(django_filters.FilterSet):
    act = django_filters.CharFilter(field_name="consultation__act__number", **_ACT)
    association = django_filters.CharFilter(field_name="association__code", **_ASSOCIATION)
    filed = django_filters.BooleanFilter(
        field_name="filed_at", lookup_expr="isnull", exclude=True, label=_("An opinion was filed in time")
    )

    class Meta:
        model = Review
        fields: list[str] = []


class OpinionFilterSet(django_filters.FilterSet):
    act = django_filters.CharFilter(field_name="review__consultation__act__number", **_ACT)
    association = django_filters.CharFilter(field_name="review__association__code", **_ASSOCIATION)
    verdict = django_filters.ChoiceFilter(
        field_name="opinion__verdict", choices=Verdict.choices, label=_("Verdict")
    )
    late = django_filters.BooleanFilter(label=_("Came after the term"))

    class Meta:
        model = ReviewOpinion
        fields: list[str] = []


class RemarkFilterSet(django_filters.FilterSet):
    act = django_filters.CharFilter(field_name="provision__version__act__number", **_ACT)
    association = django_filters.CharFilter(field_name="opinion__author__code", **_ASSOCIATION)
    receipt = django_filters.CharFilter(
        field_name="opinion__receipt__number", max_length=20, label=_("Number of the opinion's receipt")
    )
    eid = django_filters.CharFilter(field_name="provision__eid", max_length=200, label=_("Provision"))
    kind = django_filters.ChoiceFilter(choices=RemarkKind.choices, label=_("Kind of remark"))
    answered = django_filters.BooleanFilter(method="by_answered", label=_("Answered"))

    class Meta:
        model = Remark
        fields: list[str] = []

    @extend_schema_field(OpenApiTypes.BOOL)
    def by_answered(self, queryset: QuerySet[Remark], name: str, value: bool) -> QuerySet[Remark]:
        answered = RemarkAnswer.objects.filter(sent_at__isnull=False).values("remark")
        return queryset.filter(pk__in=answered) if value else queryset.exclude(pk__in=answered)


class AnswerFilterSet(django_filters.FilterSet):
    act = django_filters.CharFilter(field_name="remark__provision__version__act__number", **_ACT)
    association = django_filters.CharFilter(field_name="remark__opinion__author__code", **_ASSOCIATION)
    receipt = django_filters.CharFilter(
        field_name="remark__opinion__receipt__number",
        max_length=20,
        label=_("Number of the opinion's receipt"),
    )
    outcome = django_filters.ChoiceFilter(choices=AnswerOutcome.choices, label=_("Outcome"))

    class Meta:
        model = RemarkAnswer
        fields: list[str] = []
