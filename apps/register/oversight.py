"""Pages of those who watch: the journal, its published heads, letters and jobs, the state of the portal."""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.audit import selectors as audit
from apps.core import clock
from apps.core.dates import language
from apps.core.errors import InvalidInput
from apps.notifications.models import OutboxMessage

from . import policies, services
from .forms import JournalFilterForm, OutboxFilterForm
from .selectors import health, keyset
from .selectors import journal as entries
from .selectors import outbox as side_effects
from .tables import csv_lines

PER_PAGE = 50
HEADS_PER_PAGE = 31


def for_those(may: Callable[[Any], bool], *, object_named: bool = False) -> Callable:
    """Strangers are led to sign-in; for people of other roles the page does not exist.

    object_named: the address names a row, so it does not exist for strangers either.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return login_not_required(guarded) if object_named else guarded

    return decorate


# --- the journal ------------------------------------------------------------------------------------


def _journal_form(request: HttpRequest) -> JournalFilterForm:
    return JournalFilterForm(request.GET, offices=entries.offices())


@for_those(policies.can_read_journal)
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Every entry as a sentence, the newest first, with what the last check found."""
    form = _journal_form(request)
    valid = form.is_valid()
    found = entries.found(form.cleaned_data) if valid else audit.entries().none()
    part = keyset.slice_of(found.order_by(), "seq", request.GET, PER_PAGE)
    context = {
        "form": form,
        "slice": part,
        "lines": entries.lines(part.rows),
        "check": audit.last_check(),
        "query": request.GET.urlencode(),
    }
    return render(request, "register/journal.html", context, status=200 if valid else 400)


CSV_COLUMNS = (
    "seq", "at", "recorded_at", "action", "sentence", "organization", "person_id", "person", "act", "object_type",
    "object_id", "data", "previous_hash", "hash", "acting_for_id", "acting_for",
)  # fmt: skip


def _cells(line: entries.Line) -> list[Any]:
    entry = line.entry
    return [
        entry.seq, entry.at.isoformat(), entry.recorded_at.isoformat(), entry.action, line.sentence,
        line.organization, entry.actor_id, line.person, line.act, entry.object_type, entry.object_id, line.data,
        entry.previous_hash, entry.hash, entry.data.get("for"), line.acting_for,
    ]  # fmt: skip


def _csv_lines(lines: Iterable[entries.Line]) -> Iterator[str]:
    return csv_lines(CSV_COLUMNS, (_cells(line) for line in lines))


def _json_lines(lines: Iterable[entries.Line]) -> Iterator[str]:
    yield '{"entries": ['
    comma = "\n"
    for line in lines:
        row = dict(zip(CSV_COLUMNS, _cells(line), strict=True)) | {"data": line.entry.data}
        yield comma + json.dumps(row, ensure_ascii=False)
        comma = ",\n"
    yield "\n]}\n"


def _export(request: HttpRequest, kind: str, media: str, write: Callable) -> HttpResponse:
    form = _journal_form(request)
    if not form.is_valid():
        raise InvalidInput(fields={name: list(words) for name, words in form.errors.items()})
    lines = entries.all_lines(entries.found(form.cleaned_data), language())
    response = StreamingHttpResponse(write(lines), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="journal.{kind}"'
    return response  # type: ignore[return-value]


@for_those(policies.can_read_journal)
@require_safe
def journal_csv(request: HttpRequest) -> HttpResponse:
    """The entries that fit the filter, oldest first, as a table. Streamed: there is no cap."""
    return _export(request, "csv", "text/csv; charset=utf-8", _csv_lines)


@for_those(policies.can_read_journal)
@require_safe
def journal_json(request: HttpRequest) -> HttpResponse:
    """The same for machines: all that is hashed, so that the chain can be walked elsewhere."""
    return _export(request, "json", "application/json", _json_lines)


# --- published heads --------------------------------------------------------------------------------


@login_not_required
@require_safe
def heads(request: HttpRequest) -> HttpResponse:
    """The head of every finished day, for everybody to keep."""
    page = Paginator(audit.published_heads(), HEADS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "register/journal_heads.html", {"page": page})


@login_not_required
@require_safe
def heads_json(request: HttpRequest) -> HttpResponse:
    """The same, whole, for machines."""
    rows = [
        {
            "day": head.day.isoformat(),
            "seq": head.seq,
            "hash": head.hash,
            "published_at": head.published_at.isoformat().replace("+00:00", "Z"),
        }
        for head in audit.published_heads()
    ]
    return JsonResponse({"heads": rows})


# --- letters and jobs -------------------------------------------------------------------------------


@for_those(policies.can_read_letters)
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What was written and what became of it: waiting, sent, given up, tried again, skipped."""
    form = OutboxFilterForm(request.GET)
    valid = form.is_valid()
    found = side_effects.found(form.cleaned_data) if valid else OutboxMessage.objects.none()
    part = keyset.slice_of(found, "id", request.GET, PER_PAGE)
    context = {
        "form": form,
        "slice": part,
        "rows": side_effects.side_effects(part.rows),
        "figures": side_effects.figures(clock.now()),
        "may_retry": policies.can_try_again(request.user),
    }
    return render(request, "register/outbox.html", context, status=200 if valid else 400)


@for_those(policies.can_try_again, object_named=True)
@require_POST
def outbox_retry(request: HttpRequest, outbox_id: int) -> HttpResponse:
    """Try a letter or job that was given up once more."""
    if outbox_id >= 2**63:
        raise Http404
    get_object_or_404(OutboxMessage, pk=outbox_id)
    done = services.try_again(actor=request.user, outbox_id=outbox_id, at=clock.now())
    messages.success(
        request, _("The letter is sent again.") if done.template else _("The document is made again.")
    )
    return redirect("outbox")


# --- the state of the portal ------------------------------------------------------------------------


@for_those(policies.can_see_health)
@require_safe
def health_page(request: HttpRequest) -> HttpResponse:
    """What stands still, what was given up, whether the journal holds together."""
    return render(request, "register/health.html", {"health": health.state(clock.now())})
