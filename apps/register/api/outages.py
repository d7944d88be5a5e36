"""The register of outages for programs."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.core.api.fields import Address, ReadSerializer, UTCDateTimeField
from apps.core.api.views import ReadViewSet
from apps.deadlines.enums import Stage
from apps.deadlines.models import Outage
from apps.reviews.enums import KeptTerm
from apps.reviews.models import TermMove

from ..selectors.outages import register, with_moves


class TermMoveSerializer(ReadSerializer):
    """One term: moved to `last_day` and `due_at`, or left (`kept` says why). `due_at` is exclusive."""

    act = serializers.CharField(source="earlier.review.consultation.act.number", read_only=True)
    association = serializers.CharField(source="earlier.review.association.code", read_only=True)
    stage = serializers.ChoiceField(source="earlier.stage", choices=Stage.choices, read_only=True)
    last_day_before = serializers.DateField(source="earlier.last_day", read_only=True)
    last_day = serializers.DateField(source="term.last_day", read_only=True, allow_null=True, default=None)
    due_at = UTCDateTimeField(source="term.due_at", read_only=True, allow_null=True, default=None)
    kept = serializers.ChoiceField(choices=KeptTerm.choices, read_only=True, allow_blank=True)
    in_time = serializers.CharField(
        source="in_time.opinion.receipt.number", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = TermMove
        fields = ("act", "association", "stage", "last_day_before", "last_day", "due_at", "kept", "in_time")


class OutageSerializer(ReadSerializer):
    """An outage: suspected, confirmed or refused, and the terms it moved. `in_time` is the receipt of a late opinion."""

    url = Address("api:outage", {"outage": "number"})
    planned = serializers.BooleanField(read_only=True)
    organization = serializers.CharField(
        source="organization.code", read_only=True, allow_null=True, default=None
    )
    terms = TermMoveSerializer(source="moves", many=True, read_only=True)

    class Meta:
        model = Outage
        fields = (
            "url", "number", "started_at", "ended_at", "planned", "origin", "source", "state", "noted_at",
            "decided_at", "organization", "reason", "terms",
        )  # fmt: skip


class OutageViewSet(ReadViewSet):
    tag = "outages"
    summaries = {
        "list": _("Outages of the portal, the newest first"),
        "retrieve": _("An outage and what it moved"),
    }
    serializer_class = OutageSerializer
    ordering = ("-number",)
    queryset = Outage.objects.none()
    lookup: dict[str, Any] = {"outage": "number"}

    def get_queryset(self) -> QuerySet[Outage]:
        return with_moves(register())
