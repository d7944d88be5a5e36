"""Sessions that have ended, and sessions that have not shown enough.

Who comes with an ended session is led to sign-in, and what was typed waits there. Who acts for an organisation and has
not shown a second factor can only set one up; the public's pages stay open.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from apps.core.middleware import SAFE, GetResponse, came_from
from apps.core.views import typed

from . import factor_session, kept, kept_requests, selectors

# Where a person goes who has signed in by password alone.
SETTING_UP = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "ask_again",
        "mfa_authenticate",
        "second_factor_app",
        "second_factor_passkey",
        "passkey_new",
        "passkey_ask",
        "kept_text",
    }
)
# Forms of the public: what is sent there needs no account, and a half signed-in person sends it as anybody.
PUBLIC_FORMS = frozenset(
    {"verify", "verify_number", "invitation", "account_reset_password", "account_reset_password_from_key"}
)


class ExpiredSessionMiddleware:
    """Who comes with a session of ours that has ended is led to sign-in, whatever the address.

    The cookie of the session is taken away with that answer: the next request is an ordinary anonymous one. A form that
    comes then, from a page that stood open, is still the person's, and so it is kept as well. What is kept is given back
    after sign-in: see kept_views.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or request.session.modified:
            kept_requests.remember(request, response)
        if request.method not in SAFE and response.status_code < 400:
            self._used(request)
        return response

    @staticmethod
    def _used(request: HttpRequest) -> None:
        """What was given back or kept as a draft has been sent and taken: it waits no longer."""
        if (form := getattr(request, "kept_form", None)) is not None:
            kept.erase(person=request.user, form_id=form.pk)
        page = request.POST.get("draft_of", "") if request.user.is_authenticated else ""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if page and name not in {"draft_save", "kept_text"}:
            kept.erase_draft(person=request.user, page=page, part=request.POST.get("draft_part", ""))

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        name = (request.resolver_match.view_name if request.resolver_match else "") or ""
        if name.startswith(("account_", "mfa_")) or name in {"healthz", "readyz", "metrics", "set_language"}:
            return None
        writing = request.method not in SAFE
        has_session = bool(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        if has_session and request.user.is_authenticated:
            if writing and "kept_form" in request.POST:
                request.kept_form = kept_requests.give_files_back(request)  # type: ignore[attr-defined]
            return None
        ended = has_session and self._ended(request)
        late = writing and not ended and name not in PUBLIC_FORMS and kept_requests.whose(request) is not None
        if not (ended or late):
            return None
        if request.path.startswith("/api/"):
            return _session_ended_json() if ended else None
        after = came_from(request)
        if writing and kept_requests.is_worth(request):
            person_id = kept_requests.whose(request)
            form = person_id and kept_requests.keep_request(request, person_id=person_id, back=after)
            if "application/json" in request.headers.get("Accept", ""):
                return _session_ended_json()
            if not form:
                context = {"typed": typed(request), "sign_in": _sign_in(after)}
                return render(request, "errors/kept.html", context, status=403)
            after = resolve_url("kept_text")
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(headers={"HX-Redirect": _sign_in(after)})
        return HttpResponse(status=303, headers={"Location": _sign_in(after)})

    @staticmethod
    def _ended(request: HttpRequest) -> bool:
        # Loading a session that is not there any more takes its key away.
        request.session.get("_")
        return request.session.session_key is None


def _sign_in(after: str) -> str:
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': after, 'ended': 1})}"


def _session_ended_json() -> JsonResponse:
    message = _("Your session has ended. Sign in again.")
    return JsonResponse({"error": "session_ended", "message": message}, status=401)


class SecondFactorMiddleware:
    """Stands before LoginRequiredMiddleware: on a page of the public the half signed-in person is a reader."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        person: Any = request.user
        if factor_session.passed(request) or not selectors.needs_second_factor(person):
            return None
        name = (request.resolver_match.view_name if request.resolver_match else "") or ""
        if name in SETTING_UP:
            return None
        writing = request.method not in SAFE
        if request.path.startswith("/api/") and writing:
            message = _("Your role needs a second factor. Set it up on the pages of the portal first.")
            return JsonResponse({"error": "second_factor_needed", "message": message}, status=403)
        if (not writing or name in PUBLIC_FORMS) and not getattr(view, "login_required", True):
            request.user = AnonymousUser()
            return None
        after = came_from(request)
        if writing and kept_requests.is_worth(request):
            kept_requests.keep_request(request, person_id=person.pk, back=after)
            after = resolve_url("kept_text")
        page = "ask_again" if selectors.factors_of(person).any else "second_factor_app"
        target = f"{resolve_url(page)}?{urlencode({'next': after})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(headers={"HX-Redirect": target})
        return HttpResponse(status=303, headers={"Location": target})
