"""Pages that belong to no stage: what to say when a page is not there, and the pattern page of the look."""

import re
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.shortcuts import render
from django.template import loader
from django.utils.translation import get_language

from apps.core import styleguide as patterns
from apps.core.context import Portal

_SECRET_FIELDS = ("password", "token", "code")
_WORTH_KEEPING = (
    20  # characters: shorter ones in Latin letters and digits are choices and numbers, not somebody's text
)
_BACK_SOON = 30  # seconds: a database that was restarted is back by then
_CODE = re.compile(r"[A-Za-z0-9_.:-]*")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same bytes for what does not exist and for what this person may not see: the address is not repeated.

    What was typed is: whoever lost a role while writing, or was signed out, has only this page left.
    """
    context = {"portal": Portal(user=getattr(request, "user", None)), "typed": typed(request)}
    return render(request, "404.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """An unknown error: no database, no session, only the number by which the operator finds it, and what was typed.

    503 when the database is away, with the seconds after which trying again is worth it.
    """
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    status, headers = (503, {"Retry-After": str(_BACK_SOON)}) if away else (500, {})
    context = {
        "portal": Portal(),
        "request_id": getattr(request, "request_id", ""),
        "LANGUAGE_CODE": get_language(),
        "away": away,
    }
    try:
        context["typed"] = typed(request)
        page = loader.get_template("500.html").render(context)
        return HttpResponse(page, status=status, headers=headers)
    except Exception:  # the page itself may be what is broken
        words = "Something broke on our side. Nothing you sent was half done.\n" + str(context["request_id"])
        return HttpResponse(words, status=status, headers=headers, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without a valid token (mostly: it was open since before a sign-in). Typed text is given back.

    It is shown to be copied, not sent again from here: this answer also reaches people whom a foreign site led to it.
    """
    return render(request, "errors/csrf.html", {"typed": typed(request)}, status=403)


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The texts of a form, without passwords and codes, to be shown again; choices and numbers are left out."""
    try:
        fields = list(request.POST.lists())
    except (UnreadablePostError, RawPostDataException):
        return []
    return [
        (name, value)
        for name, values in fields
        for value in values
        if is_text(value) and not any(secret in name.lower() for secret in _SECRET_FIELDS)
    ]


def is_text(value: str) -> bool:
    """Whether somebody typed this: not a choice, a number or a mark of the page."""
    return bool(value.strip()) and (len(value) >= _WORTH_KEEPING or not _CODE.fullmatch(value))


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in its states, for those who build pages; only in debug and tests."""
    if not (settings.DEBUG or settings.TESTING):
        raise Http404
    context: dict[str, Any] = patterns.context()
    return render(request, "styleguide/index.html", context)
