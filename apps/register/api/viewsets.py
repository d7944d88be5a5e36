"""The public lists of the API with the filters of the pages."""

from apps.draft_acts.api.viewsets import ActViewSet
from apps.passage.api.viewsets import DecisionViewSet
from apps.protocols.api.viewsets import ProtocolViewSet

from .filters import ActFilters, DecisionFilters, PageFilters, ProtocolFilters


class Acts(ActViewSet):
    filter_backends = [PageFilters]
    filterset_class = ActFilters


class Protocols(ProtocolViewSet):
    filter_backends = [PageFilters]
    filterset_class = ProtocolFilters


class Decisions(DecisionViewSet):
    filter_backends = [PageFilters]
    filterset_class = DecisionFilters
