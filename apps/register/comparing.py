"""Pages of what a later version of a text changed, and what became of what was promised. Everything here only reads."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.core import clock
from apps.core.dates import language
from apps.core.errors import require
from apps.draft_acts.models import DraftAct

from . import table_files
from .conditional import public_page
from .forms import AmendedForm
from .selectors import act as acts
from .selectors import compare, promises, table
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


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def act_table(request: HttpRequest, number: str) -> HttpResponse:
    """The comparison table of two versions; for who is signed in also of an amending act and the text it amends.

    What is pasted is read in a process of its own and not kept.
    """
    found, at = registered_act(number), clock.now()
    signed_in = request.user.is_authenticated
    if request.method == "POST":
        require(signed_in, _("Sign in to make a table from a pasted text."))
    wanted = _wanted_language(request)
    pasted = request.method == "POST"
    form = AmendedForm(request.POST or None, initial={"language": wanted})
    made = None if pasted else table.of_versions(found, wanted)
    if not pasted and made is None and not found.amending:
        raise Http404
    if pasted and form.is_valid():
        wanted = form.cleaned_data["language"]
        made = table.of_amending(found, form.cleaned_data["read"], wanted)
        kind = request.POST.get("format", "")
        if made is not None and kind in table_files.MEDIA_TYPES:
            return _file(found, made, kind, at)
    context = {
        **framed(request, acts.frame(found, at), "act_text"),
        "table": made,
        "languages": [(code, "?" + urlencode({"text": code}), code == wanted) for code in ("ky", "ru")],
        "form": form if signed_in and found.amending else None,
        "pasted": pasted and made is not None,
        "kinds": tuple(table_files.MEDIA_TYPES),
    }
    return render(request, "register/act_table.html", context, status=400 if form.errors else 200)


@login_not_required
@require_safe
def act_table_file(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The table of the two newest versions as PDF, DOCX or XLSX."""
    found = registered_act(number)
    made = table.of_versions(found, _wanted_language(request)) if kind in table_files.MEDIA_TYPES else None
    if made is None:
        raise Http404
    return _file(found, made, kind, clock.now())


def _file(act: DraftAct, made: table.ComparisonTable, kind: str, at: datetime) -> HttpResponse:
    title = f"№ {act.number}. {act.title(made.language)}"
    response = HttpResponse(
        table_files.write(kind, made, title, at=at), content_type=table_files.MEDIA_TYPES[kind]
    )
    response["Content-Disposition"] = f'attachment; filename="{act.number}-comparison-{made.language}.{kind}"'
    response["Cache-Control"] = "no-cache"
    return response


def _wanted_language(request: HttpRequest) -> str:
    asked = request.GET.get("text", "")
    return asked if asked in ("ky", "ru") else _own_language()


def _own_language() -> str:
    return "ky" if language() == "ky" else "ru"
