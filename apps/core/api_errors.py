"""Refusals become API answers in one place: {"error", "message"} and, where there are any, "unmet", "fields", "theirs"."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from .errors import DomainError, InvalidInput, NotAllowed, VersionConflict

# The framework's own refusals in our words: it has no Kyrgyz.
WORDS: dict[type[Exception], tuple[str, Any]] = {
    exceptions.NotFound: ("not_found", _("There is nothing here, or it is closed.")),
    exceptions.NotAuthenticated: ("not_signed_in", _("Sign in for this step.")),
    exceptions.AuthenticationFailed: ("not_signed_in", _("Sign in for this step.")),
    exceptions.PermissionDenied: (NotAllowed.code, NotAllowed.message),
    exceptions.MethodNotAllowed: ("method_not_allowed", _("This address has no such method.")),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", _("Only JSON is read here.")),
    exceptions.NotAcceptable: ("not_acceptable", _("Only JSON is given here.")),
    exceptions.ParseError: (InvalidInput.code, _("What was sent is not JSON of the form that is read here.")),
}


class CsrfRefused(exceptions.PermissionDenied):
    """A step by session came without the token of a page of ours."""


WORDS[CsrfRefused] = ("csrf", _("The token of the page is missing or out of date. Nothing was changed."))


def handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(exc, DomainError):
        return Response(_domain(exc), status=exc.status)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        fields = exc.detail if isinstance(exc.detail, dict) else {"": exc.detail}
        response.data = {"error": InvalidInput.code, "message": str(InvalidInput.message), "fields": fields}
    else:
        code, message = WORDS.get(type(exc), ("refused", DomainError.message))
        response.data = {"error": code, "message": str(message)}
    return response


def _domain(exc: DomainError) -> dict[str, Any]:
    body: dict[str, Any] = {"error": exc.code, "message": str(exc)}
    if exc.unmet:
        body["unmet"] = [
            {"code": u.code, "message": str(u.message), "url": u.url, "owner": str(u.owner)}
            for u in exc.unmet
        ]
    if isinstance(exc, InvalidInput) and exc.fields:
        body["fields"] = {name: [str(m) for m in messages] for name, messages in exc.fields.items()}
    if isinstance(exc, VersionConflict):
        body["theirs"] = exc.theirs
    return body
