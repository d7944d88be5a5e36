"""Certificates and decisions: public from the moment they are there."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.api.views import ReadViewSet

from ..models import Certificate, Decision
from ..selectors import certificates, decisions
from . import serializers

_SEARCH = tuple(f"act__{name}" for name in ("search_ky", "search_ru", "search_plain"))


class CertificateViewSet(ReadViewSet):
    tag = "certificates"
    summaries = {"list": _("Certificates, the newest first"), "retrieve": _("A certificate")}
    serializer_class = serializers.CertificateSerializer
    queryset = Certificate.objects.none()
    lookup = {"certificate": "number"}

    def get_queryset(self) -> QuerySet[Certificate]:
        return certificates(self.request.user).defer("canonical", *_SEARCH)


class DecisionViewSet(ReadViewSet):
    tag = "decisions"
    summaries = {"list": _("Decisions of the Cabinet and of parliament, the newest first")}
    serializer_class = serializers.DecisionSerializer
    ordering = ("-day", "-id")
    queryset = Decision.objects.none()

    def get_queryset(self) -> QuerySet[Decision]:
        return decisions().defer("certificate__canonical", *_SEARCH)
