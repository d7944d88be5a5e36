"""The lists of the API are narrowed by the same sets as the pages; what nobody offers is refused, not ignored."""

import copy
from typing import Any

import django_filters
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import translate_validation
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request

from apps.core import clock
from apps.draft_acts import search

from ..filters import ActFilterSet, DecisionFilterSet, ProtocolFilterSet
from ..selectors import lists


def _code(of: type[django_filters.FilterSet], name: str) -> Any:
    """A filter whose choices come with the request, described as text."""
    found = copy.deepcopy(of.base_filters[name])
    return extend_schema_field({"type": "string", "description": found.label})(found)


class ActFilters(ActFilterSet):
    initiator = _code(ActFilterSet, "initiator")
    association = _code(ActFilterSet, "association")
    year = _code(ActFilterSet, "year")

    @property
    def listed(self) -> QuerySet:
        # In the order of the register: by resemblance only the first pages would be worth reading.
        words = self.given("q") or ""
        return search.query(self.qs, words) if words.strip() else self.qs


class ProtocolFilters(ProtocolFilterSet):
    initiator = _code(ProtocolFilterSet, "initiator")
    association = _code(ProtocolFilterSet, "association")
    year = _code(ProtocolFilterSet, "year")


class DecisionFilters(DecisionFilterSet):
    initiator = _code(DecisionFilterSet, "initiator")
    year = _code(DecisionFilterSet, "year")


class PageFilters(DjangoFilterBackend):
    """Gives the sets of the pages what a page gives them; organisations are read only when one is asked for."""

    def get_filterset_kwargs(self, request: Request, queryset: QuerySet, view: Any) -> dict[str, Any]:
        asked = {"initiator", "association"} & request.query_params.keys()
        bodies = lists.bodies() if asked else lists.Bodies([], [])
        return {"data": request.query_params, "queryset": queryset, "at": clock.now(), "bodies": bodies}

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise translate_validation(filterset.errors)
        return filterset.listed
