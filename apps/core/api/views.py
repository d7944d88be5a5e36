"""Views of the API: translate, make one call, translate back."""

import re
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api_errors import CsrfRefused
from apps.core.errors import InvalidInput

from .parsers import NotJSON, StrictJSONParser
from .schema import PortalSchema

_KEY = re.compile(r"[\x21-\x7e]{1,120}")


class SessionWithCsrf(SessionAuthentication):
    """The session of the pages, with the token that only our pages know."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refusal:
            raise CsrfRefused() from refusal


class ReadViewSet(viewsets.ReadOnlyModelViewSet):
    """Public reads; what a signed-in person sees besides is decided by the queryset.

    `lookup` maps parts of the address to lookups of the row; parts of a list's address narrow the list.
    """

    authentication_classes = [SessionWithCsrf]
    renderer_classes = [JSONRenderer]
    schema = PortalSchema()
    lookup: dict[str, str] = {}
    tag = ""
    summaries: dict[str, Any] = {}

    def get_queryset(self) -> Any:
        raise NotImplementedError

    def in_address(self) -> Any:
        """The rows that the address of this request names."""
        parts = {self.lookup[name]: value for name, value in self.kwargs.items() if name in self.lookup}
        return self.get_queryset().filter(**parts)

    def get_object(self) -> Any:
        row = self.in_address().first()
        if row is None:
            raise Http404
        return row


class UseCaseView(APIView):
    """One step of the procedure: by session only, once for a key."""

    authentication_classes = [SessionWithCsrf]
    permission_classes = [IsAuthenticated]
    parser_classes = [StrictJSONParser]
    renderer_classes = [JSONRenderer]
    schema = PortalSchema()
    tag = ""

    def key(self) -> str:
        """The Idempotency-Key of the request. Raises InvalidInput without one."""
        key = self.request.headers.get("Idempotency-Key", "")
        if not _KEY.fullmatch(key):
            raise InvalidInput(
                fields={
                    "Idempotency-Key": [_("Send a key of your own in this header, up to 120 characters.")]
                }
            )
        return key

    def body(self, form: type[serializers.Serializer]) -> dict[str, Any]:
        """The body of the request, every field known and of its type. Raises InvalidInput."""
        given = self.request.data
        if not isinstance(given, dict):
            raise NotJSON()
        read = form(data=given)
        unknown = {name[:80]: [_("No such field is read here.")] for name in given if name not in read.fields}
        if unknown:
            raise InvalidInput(fields=unknown)
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)


class NothingHere(APIView):
    """Any other address under /api/: the answer that closed and missing things get."""

    authentication_classes = [SessionWithCsrf]
    permission_classes: list[Any] = []
    renderer_classes = [JSONRenderer]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Http404
