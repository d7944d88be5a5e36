"""What was kept for a person: given back after sign-in, to be sent as it was, copied, or thrown away."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_path, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core import clock, dates
from apps.core.views import is_text

from . import kept, kept_requests
from .models import KeptForm


@dataclass(frozen=True)
class Waiting:
    """A kept form on the page: its texts to read, everything else hidden, so that it can be sent as it was."""

    form: KeptForm
    texts: list[tuple[str, str]]
    files: list[str]

    @property
    def back(self) -> str:
        return self.form.back if _is_ours(self.form.back) else "/"

    @property
    def may_be_sent(self) -> bool:
        return self.form.whole and _is_ours(self.form.action)


@require_http_methods(["GET", "HEAD", "POST"])
def kept_text(request: HttpRequest) -> HttpResponse:
    """The forms that wait, newest first; a POST throws one away."""
    at = clock.now()
    if request.method == "POST":
        given = request.POST.get("throw", "")
        if given.isascii() and given.isdigit() and len(given) < 19:
            kept.erase(person=request.user, form_id=int(given))
        return redirect("kept_text" if kept.waiting(request.user, at=at).exists() else "desk")
    rows = [
        Waiting(
            form,
            [(name, value) for name, value in form.fields if is_text(value)],
            [file.filename for file in form.files.all()],
        )
        for form in kept.waiting(request.user, at=at).prefetch_related("files")
    ]
    if not rows:
        return redirect("desk")
    return render(request, "accounts/kept.html", {"rows": rows})


@require_POST
def draft_save(request: HttpRequest) -> HttpResponse:
    """Keep what was typed into a form of a page that has no draft of its own. Autosave gets JSON, the button the page.

    Another button throws the draft away.
    """
    page, part = request.POST.get("draft_of", ""), request.POST.get("draft_part", "")
    if not _is_ours(page) or len(page) > 500 or len(part) > 40:
        raise Http404
    person: Any = request.user
    if "throw_draft" in request.POST:
        kept.erase_draft(person=person, page=page, part=part)
        return redirect(page)
    kept.save_draft(
        person_id=person.pk, page=page, part=part, fields=kept_requests.fields_of(request), at=clock.now()
    )
    saved_at = dates.time_words(request.received_at)  # type: ignore[attr-defined]
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"saved_at": saved_at})
    messages.success(request, _("Draft saved at %(time)s. Only you see it.") % {"time": saved_at})
    return redirect(page)


def _is_ours(page: str) -> bool:
    """A path of the portal, nothing that a browser would take for another place."""
    if not page.startswith("/") or not url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        return False
    path = page.partition("?")[0]
    try:
        with override(get_language_from_path(path)):  # it may have been typed on a page in another language
            resolve(path)
    except Resolver404:
        return False
    return True
