"""Domain errors become API answers in one place."""
from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from .errors import DomainError, InvalidInput, VersionConflict


def handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(exc, DomainError):
        body: dict[str, Any] = {"error": exc.code, "message": str(exc)}
        if exc.unmet:
            body["unmet"] = [
                {"code": u.code, "message": str(u.message), "url": u.url, "owner": str(u.owner)} for u in exc.unmet
            ]
        if isinstance(exc, InvalidInput) and exc.fields:
            body["fields"] = {name: [str(m) for m in messages] for name, messages in exc.fields.items()}
        if isinstance(exc, VersionConflict):
            body["theirs"] = exc.theirs
        return Response(body, status=exc.status)
    return exception_handler(exc, context)
