"""Public pages for readers without an account, asked again: one indexed query, then 304 or the page kept in memory.

What such a page says changes only with a line of the journal (every public change has one), with the day in Bishkek
(every term ends at midnight), or with the program. Those three make the ETag, so a change is seen at the next request.
Of the journal it takes the last line's hash: no two states of a database share one.
"""

import functools
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from apps.core import clock

View = Callable[..., HttpResponse]

KEPT_PAGES, LONGEST_PAGE, LONGEST_ADDRESS = 256, 300_000, 500
_pages: OrderedDict[str, HttpResponse] = OrderedDict()  # of this process; losing it costs only time


@functools.cache
def program() -> str:
    """A hash of what renders pages: code, templates, translations. The same on every node of a release."""
    digest = hashlib.sha256()
    for folder, pattern in (("apps", "*.py"), ("templates", "*.html"), ("locale", "*.mo")):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def state_of_register(request: HttpRequest) -> str:
    """What public pages depend on besides their address: one query a request."""
    known = getattr(request, "_state_of_register", None)
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT hash FROM audit_journalentry ORDER BY seq DESC LIMIT 1), clock_timestamp()"
            )
            last, told = cursor.fetchone()
        day = clock.local_date(clock.accept(told))
        known = "\n".join([program(), last or secrets.token_hex(8), day.isoformat()])
        request._state_of_register = known  # type: ignore[attr-defined]
    return known


def _etag(request: HttpRequest) -> str:
    part = request.headers.get("HX-Request", ""), request.headers.get("HX-Target", "")
    said = "\n".join([state_of_register(request), request.get_full_path(), *part])
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def _is_anybody(request: HttpRequest) -> bool:
    """Nobody in particular: no session, no message waiting."""
    return not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()


def public_page(view: View) -> View:
    """Answer a repeated request of a reader without an account from its ETag. The page must not hold a form token."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not _is_anybody(request) or len(request.get_full_path()) > LONGEST_ADDRESS:
            return view(request, *args, **kwargs)
        etag = _etag(request)
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return _marked(HttpResponseNotModified(), etag)
        kept = _pages.get(etag)
        if kept is None:
            made = view(request, *args, **kwargs)
            if made.status_code != 200 or made.streaming or made.cookies:
                return made
            kept = HttpResponse(made.content, content_type=made["Content-Type"])
            if len(made.content) <= LONGEST_PAGE:
                _pages[etag] = kept
                if len(_pages) > KEPT_PAGES:
                    _pages.popitem(last=False)
        return _marked(HttpResponse(kept.content, content_type=kept["Content-Type"]), etag)

    return answer


def _marked(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"  # may be kept, is asked for each time
    patch_vary_headers(response, ["Cookie", "HX-Request"])
    return response
