"""Protocols: signed ones for everybody, those in circulation for their two sides."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.api.views import ReadViewSet

from ..models import AgreementProtocol, ProtocolPoint, Signature
from ..selectors import visible_protocols
from . import serializers

_SEARCH = tuple(f"review__consultation__act__{name}" for name in ("search_ky", "search_ru", "search_plain"))


class ProtocolViewSet(ReadViewSet):
    tag = "protocols"
    summaries = {"list": _("Protocols, the newest first"), "retrieve": _("A protocol with its points")}
    queryset = AgreementProtocol.objects.none()
    lookup = {"protocol": "number"}

    def get_serializer_class(self) -> Any:
        return (
            serializers.ProtocolSerializer if self.action == "list" else serializers.ProtocolDetailSerializer
        )

    def get_queryset(self) -> QuerySet[AgreementProtocol]:
        protocols = visible_protocols(self.request.user).defer("canonical", *_SEARCH)
        protocols = protocols.prefetch_related(
            Prefetch("signatures", Signature.objects.select_related("organization").order_by("at", "pk"))
        )
        if self.action == "list":
            return protocols
        points = ProtocolPoint.objects.select_related("remark").order_by("position")
        return protocols.prefetch_related(Prefetch("points", points))
