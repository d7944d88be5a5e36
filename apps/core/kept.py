"""A form sent after the session had ended: its text waits in the session and is given back after sign-in."""

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from apps.core.views import _typed

_SLOT = "kept_text"
_MOST = 1024 * 1024  # characters


def keep(request: HttpRequest, *, back: str, person: str | None = None) -> bool:
    """Keep what was typed for `person`, or whose session this was. False: that person cannot be told any more."""
    person = person or _owner_of_ended_session(request)
    fields = _typed(request)
    if person is None or sum(len(value) for _, value in fields) > _MOST:
        return False
    request.session[_SLOT] = {"for": person, "back": back, "fields": fields}
    return True


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The longer texts of a form, without passwords and codes."""
    return _typed(request)


def _owner_of_ended_session(request: HttpRequest) -> str | None:
    # An ended session stays in its table until it is swept out; nobody can sign in with it, but it tells whose it was.
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    row = Session.objects.filter(session_key=key).first()
    return row.get_decoded().get(SESSION_KEY) if row else None


@require_http_methods(["GET", "HEAD", "POST"])
def kept_text(request: HttpRequest) -> HttpResponse:
    """After sign-in: the text that was kept, to copy; a POST throws it away."""
    kept: dict[str, Any] = request.session.get(_SLOT) or {}
    back = kept.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    if not kept or kept["for"] != str(request.user.pk) or request.method == "POST":
        request.session.pop(_SLOT, None)
        return redirect(back)
    return render(request, "errors/kept.html", {"typed": kept["fields"], "back": back})
