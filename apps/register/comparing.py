"""Pages of what a later version of a text changed, and what became of what was promised. Everything here only reads."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core import clock
from apps.core.dates import language

from .conditional import public_page
from .selectors import act as acts
from .selectors import compare, promises
from .views import framed, registered_act

VIEWS = ("inline", "side")
SHOWN = ("changes", "all")


@login_not_required
@require_safe
@public_page
def act_compare(request: HttpRequest, number: str, version: int | None = None) -> HttpResponse:
    """A version against the one before it, provision by provision; without a number the newest that has one."""
    found = registered_act(number)
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else VIEWS[0]
    shown = request.GET.get("show") if request.GET.get("show") in SHOWN else SHOWN[0]
    text = request.GET.get("text") if request.GET.get("text") in ("ky", "ru") else _own_language()
    compared = compare.comparison(found, version, str(text), only_changes=shown == "changes")
    if compared is None:
        raise Http404
    asked = {"text": compared.language, "view": view, "show": shown}

    def choices(name: str, values: tuple[str, ...]) -> list[tuple[str, str, bool]]:
        return [
            (value, "?" + urlencode({**asked, name: value}), str(asked[name]) == value) for value in values
        ]

    context = {
        **framed(request, acts.frame(found, clock.now()), "act_text"),
        "compared": compared,
        "view": view,
        "shown": shown,
        "languages": choices("text", compared.languages),
        "views": [
            (url, _("In one text") if v == "inline" else _("Side by side"), here)
            for v, url, here in choices("view", VIEWS)
        ],
        "filters": [
            (url, _("Only changes") if v == "changes" else _("The whole text"), here)
            for v, url, here in choices("show", SHOWN)
        ],
    }
    return render(request, "register/act_compare.html", context)


@login_not_required
@require_safe
@public_page
def act_promises(request: HttpRequest, number: str) -> HttpResponse:
    """What was promised in answer to remarks, and what the later texts made of it; remarks that lost their place."""
    found = registered_act(number)
    context = {
        **framed(request, acts.frame(found, clock.now()), "act_promises"),
        "ledger": promises.ledger(found, request.user),
    }
    return render(request, "register/act_promises.html", context)


def _own_language() -> str:
    return "ky" if language() == "ky" else "ru"
