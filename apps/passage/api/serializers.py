"""Certificates and decisions as they are read."""

from rest_framework import serializers

from apps.core.api.fields import Address, ReadSerializer

from ..models import Certificate, Decision


class CertificateSerializer(ReadSerializer):
    url = Address("api:certificate", {"certificate": "number"})
    act = serializers.CharField(source="act.reference", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)

    class Meta:
        model = Certificate
        fields = (
            "url", "number", "state", "act", "version", "issued_at", "open_points", "text_hash", "content_hash",
            "annulled_at",
        )  # fmt: skip


class DecisionSerializer(ReadSerializer):
    """What a clerk of the Cabinet or of a committee recorded."""

    act = serializers.CharField(source="act.reference", read_only=True)
    certificate = serializers.CharField(
        source="certificate.number", read_only=True, allow_null=True, default=None
    )
    organization = serializers.CharField(source="organization.code", read_only=True)

    class Meta:
        model = Decision
        fields = (
            "act", "kind", "day", "document_number", "text", "link", "certificate", "organization", "recorded_at",
        )  # fmt: skip
