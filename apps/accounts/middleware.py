"""Who acts for an organisation and has not shown a second factor can only set one up; the public's pages stay open."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from apps.core import kept
from apps.core.middleware import SAFE, GetResponse, came_from

from . import factor_session, selectors

# Where a person goes who has signed in by password alone.
SETTING_UP = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "ask_again",
        "mfa_authenticate",
        "second_factor_app",
        "kept_text",
    }
)
# Forms of the public: what is sent there needs no account, and a half signed-in person sends it as anybody.
PUBLIC_FORMS = frozenset(
    {"verify", "verify_number", "invitation", "account_reset_password", "account_reset_password_from_key"}
)


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
        if writing and kept.typed(request) and kept.keep(request, back=after, person=str(person.pk)):
            after = resolve_url("kept_text")
        page = "ask_again" if selectors.factors_of(person).any else "second_factor_app"
        target = f"{resolve_url(page)}?{urlencode({'next': after})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(headers={"HX-Redirect": target})
        return HttpResponse(status=303, headers={"Location": target})
