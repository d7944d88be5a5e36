"""What happens around every request, from the outside in: its id, its moment, its session, its errors."""

import re
import time
import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from apps.core import clock, metrics
from apps.core.errors import DomainError, InvalidInput
from apps.core.views import typed as typed_in

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
log = structlog.get_logger("portal.request")
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    """Every request has an id: in its answer, in every log line, and on the page of an unknown error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
            self._note(request, response, time.perf_counter() - started)
        finally:
            structlog.contextvars.clear_contextvars()
        return response

    @staticmethod
    def _note(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        match = request.resolver_match
        # The name of the view, not the path: a path may hold a secret link.
        view = (match.view_name or match.route) if match else "none"
        metrics.requests_total.labels(request.method or "", view, str(response.status_code)).inc()
        metrics.request_seconds.labels(view).observe(seconds)
        if view not in {"healthz", "readyz", "metrics"}:
            log.info(
                "request",
                method=request.method,
                view=view,
                status=response.status_code,
                ms=round(seconds * 1000),
            )


class ClockMiddleware:
    """The moment of a request: read once, after its body has arrived whole and before any lock.

    An unsafe request carries it as `request.received_at`; every other reader calls `clock.now()`, which gives the
    same moment throughout the request.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = clock.begin_request()
        try:
            if request.method not in SAFE:
                if _length(request) > settings.REQUEST_MAX_BYTES:
                    return _too_large(request)
                try:
                    self._read_whole(request)
                except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
                    return _too_large(request)
                except UnreadablePostError:  # the sender has gone; nobody reads this answer
                    return HttpResponse(status=400)
                request.received_at = clock.now()  # type: ignore[attr-defined]
            return self.get_response(request)
        finally:
            clock.end_request(token)

    @staticmethod
    def _read_whole(request: HttpRequest) -> None:
        if request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}:
            request.POST.keys()
        else:
            len(request.body)


class TooLarge(InvalidInput):
    """More was sent than any file may weigh."""

    code = "too_large"
    message = _("What was sent is larger than this portal accepts. Nothing was stored.")


def _length(request: HttpRequest) -> int:
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given) if given.isascii() and given.isdigit() else 0


def _too_large(request: HttpRequest) -> HttpResponse:
    refusal = TooLarge()
    if request.path.startswith("/api/"):
        return JsonResponse({"error": refusal.code, "message": str(refusal)}, status=refusal.status)
    return domain_error_response(request, refusal, typed=[])


def came_from(request: HttpRequest) -> str:
    """Where to go on after sign-in: this page, or after a POST the page it was sent from."""
    if request.method in SAFE:
        return request.get_full_path()
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc == request.get_host() and referer.path:
        query = QueryDict(referer.query).urlencode()
        return f"{referer.path}?{query}" if query else referer.path
    return "/"


class NoStoreMiddleware:
    """Nothing that a signed-in person saw stays in a browser or a proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            add_never_cache_headers(response)
            response["Cache-Control"] = "no-store, private"
        return response


class DomainErrorMiddleware:
    """A refusal by the rules of the procedure becomes a page that says why and what is missing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return domain_error_response(request, exception) if isinstance(exception, DomainError) else None


def domain_error_response(
    request: HttpRequest, error: DomainError, *, typed: list[tuple[str, str]] | None = None
) -> HttpResponse:
    """403, 409 or 400 as the error says; for htmx only the message, without the frame of the page.

    What was typed stands below, to be copied: the page of the form may not be there any more.
    """
    partial = request.headers.get("HX-Request") == "true"
    template = "errors/domain_fragment.html" if partial else "errors/domain.html"
    if typed is None:
        typed = typed_in(request) if request.method not in SAFE else []
    context = {"error": error, "unmet": error.unmet, "typed": typed}
    response = render(request, template, context, status=error.status)
    response["X-Error-Code"] = error.code
    return response
