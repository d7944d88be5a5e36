"""Protocols as they are read."""

from rest_framework import serializers

from apps.core.api.fields import Address, ReadSerializer

from ..models import AgreementProtocol, ProtocolPoint, Signature


class SignatureSerializer(ReadSerializer):
    organization = serializers.CharField(source="organization.code", read_only=True)

    class Meta:
        model = Signature
        fields = ("side", "organization", "status", "method", "content_hash", "at")


class ProtocolSerializer(ReadSerializer):
    """A protocol. `content_hash` is the SHA-256 of protocol.json, which both sides sign."""

    url = Address("api:protocol", {"protocol": "number"})
    act = serializers.CharField(source="review.consultation.act.reference", read_only=True)
    association = serializers.CharField(source="review.association.code", read_only=True)
    signatures = SignatureSerializer(many=True, read_only=True)

    class Meta:
        model = AgreementProtocol
        fields = (
            "url", "number", "kind", "state", "act", "association", "open_points", "fixed_at", "signed_at",
            "annulled_at", "content_hash", "signatures",
        )  # fmt: skip


class PointSerializer(ReadSerializer):
    """One remark's way. `data` is the point as it stands in protocol.json."""

    remark = serializers.IntegerField(source="remark.number", read_only=True)

    class Meta:
        model = ProtocolPoint
        fields = ("position", "remark", "outcome", "data")


class ProtocolDetailSerializer(ProtocolSerializer):
    points = PointSerializer(many=True, read_only=True)

    class Meta(ProtocolSerializer.Meta):
        fields = (*ProtocolSerializer.Meta.fields, "points")
