"""Fields of the API: times in UTC, addresses by public names, no internal ids."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.db import models
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse


class UTCDateTimeField(serializers.DateTimeField):
    """A moment in UTC, whatever the zone of the pages."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class ReadSerializer(serializers.ModelSerializer):
    """A row as it is read."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DateTimeField: UTCDateTimeField
    }


@extend_schema_field(OpenApiTypes.URI)
class Address(serializers.Field):
    """The address of a row: a view's name and, for each part of the address, where in the row it is found."""

    def __init__(self, view_name: str, parts: Mapping[str, str]) -> None:
        self.view_name, self.parts = view_name, parts
        super().__init__(source="*", read_only=True)

    def to_representation(self, value: Any) -> str:
        parts = {name: _follow(value, path) for name, path in self.parts.items()}
        return reverse(self.view_name, kwargs=parts, request=self.context.get("request"))


def _follow(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = getattr(value, name)
    return value
