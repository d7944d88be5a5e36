"""How an endpoint describes itself."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.authentication import SessionScheme
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers


class UnmetSerializer(serializers.Serializer):
    """One condition that is not met."""

    code = serializers.CharField()
    message = serializers.CharField()
    url = serializers.CharField()
    owner = serializers.CharField()


class RefusalSerializer(serializers.Serializer):
    """Why a request is refused, in the language of Accept-Language."""

    error = serializers.CharField()
    message = serializers.CharField()
    unmet = UnmetSerializer(many=True, required=False)
    fields = serializers.DictField(required=False)  # type: ignore[assignment]
    theirs = serializers.DictField(required=False)


MEANING = {
    400: _("The input cannot be read or accepted."),
    403: _("Not signed in, or the role does not include this step."),
    404: _("It does not exist, or it is closed."),
    429: _("Too many wrong codes of the second factor in a short time."),
    409: _("The stage of the file does not allow it; what is missing is listed."),
}


def refusals(*statuses: int) -> dict[int, Any]:
    return {status: OpenApiResponse(RefusalSerializer, description=MEANING[status]) for status in statuses}


class PortalSchema(AutoSchema):
    """Adds what every read can be refused with; takes tag and summaries from the view."""

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_summary(self) -> Any:
        return (
            getattr(self.view, "summaries", {}).get(getattr(self.view, "action", "")) or super().get_summary()
        )

    def get_response_serializers(self) -> Any:
        found = super().get_response_serializers()
        if self.method != "GET" or isinstance(found, dict):
            return found
        nested = bool(self.path.count("{"))
        return {
            200: found,
            **refusals(
                *([400] if getattr(self.view, "action", "") == "list" else []), *([404] if nested else [])
            ),
        }


class SessionWithCsrfScheme(SessionScheme):
    target_class = "apps.core.api.views.SessionWithCsrf"


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description=_(
        "A key of your own, up to 120 characters: sent again with the same key, the step is done once."
    ),
)
