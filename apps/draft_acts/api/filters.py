"""What lists of the API can be narrowed by. A value nobody offers is refused, not ignored."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import ActPackage, DraftAct

_CODE = {"max_length": 40}


class PackageFilterSet(django_filters.FilterSet):
    act = django_filters.CharFilter(
        method="by_act", label=_("Number of an act of the package"), max_length=24
    )
    initiator = django_filters.CharFilter(method="by_initiator", label=_("Code of the initiator"), **_CODE)
    frozen = django_filters.BooleanFilter(
        field_name="frozen_at", lookup_expr="isnull", exclude=True, label=_("The package is frozen")
    )

    class Meta:
        model = ActPackage
        fields: list[str] = []

    def by_act(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """The bill or one of its bylaw drafts; of drafts in preparing nothing is found."""
        acts = DraftAct.objects.public().filter(number=value).values("pk")
        return rows.filter(pk__in=_packages_of(acts))

    def by_initiator(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        acts = DraftAct.objects.public().filter(package_place__is_bill=True, initiator__code=value)
        return rows.filter(pk__in=_packages_of(acts.values("pk")))


def _packages_of(acts: QuerySet) -> QuerySet:
    return ActPackage.objects.filter(members__act__in=acts).values("pk")
