"""The public register of outages; the administrator's entries in it, and the coordinator's decision."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core import clock
from apps.core.dates import language
from apps.core.errors import InvalidInput, require
from apps.deadlines import policies
from apps.deadlines import selectors as deadlines
from apps.deadlines import services as writes
from apps.deadlines.enums import OutageState
from apps.deadlines.models import Maintenance, Outage
from apps.draft_acts.forms import add_refusal
from apps.reviews import services as reviews

from .conditional import public_page
from .forms import MaintenanceForm, OutageDecisionForm, OutageReportForm
from .oversight import for_those
from .selectors import outages as entries
from .tables import csv_lines

PER_PAGE = 30


@login_not_required
@require_safe
@public_page
def outage_list(request: HttpRequest) -> HttpResponse:
    """Every outage, the newest first, and the maintenance that is announced."""
    template = deadlines.current_template(at=clock.now())
    context = {
        "page": Paginator(entries.register(), PER_PAGE).get_page(request.GET.get("page")),
        "maintenance": deadlines.maintenance_ahead(clock.now()),
        "least": template.outage_minutes,
        "reports": policies.can_report_outage(request.user),
        "decides": policies.can_coordinate_outages(request.user),
    }
    return render(request, "register/outage_list.html", context)


@login_not_required
@require_safe
def outage_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table, whole."""
    lines = csv_lines(entries.CSV_COLUMNS, entries.cells(entries.register().iterator()))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="outages.csv"'
    return response  # type: ignore[return-value]


def _outage(number: int) -> Outage:
    return get_object_or_404(entries.register(), number=number)


@login_not_required
@require_safe
@public_page
def outage(request: HttpRequest, number: int) -> HttpResponse:
    """One outage: when, how it is known, who decided and why, what moved."""
    found = _outage(number)
    context = {
        "outage": found,
        "minutes": entries.minutes(found.length),
        "rows": entries.done(found),
        "decides": found.state == OutageState.SUSPECTED and policies.can_decide_outage(request.user, found),
    }
    return render(request, "register/outage.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def outage_decide(request: HttpRequest, number: int) -> HttpResponse:
    """What is known, which terms would move and to when; and the decision."""
    found = _outage(number)
    require(
        policies.can_decide_outage(request.user, found),
        _("A coordinator decides on an outage, never the person who reported it."),
    )
    at = clock.now()
    form = OutageDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        confirmed = form.cleaned_data["decision"] == "confirm"
        try:
            reviews.decide_outage(
                actor=request.user,
                outage_id=found.pk,
                confirmed=confirmed,
                reason=form.cleaned_data["reason"],
                at=request.received_at,  # type: ignore[attr-defined]
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _told(_outage(number), confirmed))
            return redirect("outage", number)
    elif found.state != OutageState.SUSPECTED:
        return redirect("outage", number)
    context = {
        "outage": found,
        "minutes": entries.minutes(found.length),
        "form": form,
        "rows": entries.preview(found, at),
        "evidence": entries.evidence(found),
    }
    return render(request, "register/outage_decide.html", context, status=400 if form.errors else 200)


def _told(outage: Any, confirmed: bool) -> str:
    if not confirmed:
        return _("The outage is not confirmed. No term moves.")
    if not outage.moved:
        return _("The outage is confirmed. It moves no term.")
    return ngettext(
        "The outage is confirmed: %(n)s term is moved.",
        "The outage is confirmed: %(n)s terms are moved.",
        outage.moved,
    ) % {"n": outage.moved}


# --- the administrator ------------------------------------------------------------------------------


@for_those(policies.can_report_outage)
@require_http_methods(["GET", "HEAD", "POST"])
def outage_report(request: HttpRequest) -> HttpResponse:
    """Report an outage that the heartbeat did not see."""
    form = OutageReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = writes.propose_outage(
                actor=request.user,
                **form.cleaned_data,
                at=request.received_at,  # type: ignore[attr-defined]
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The outage is entered. A coordinator decides on it."))
            return redirect("outage", made.number)
    return render(request, "register/outage_report.html", {"form": form}, status=400 if form.errors else 200)


@for_those(policies.can_report_outage)
@require_http_methods(["GET", "HEAD", "POST"])
def maintenance_announce(request: HttpRequest) -> HttpResponse:
    """Announce work on the portal; take back what is announced and has not begun."""
    at = clock.now()
    form = MaintenanceForm(request.POST or None, initial={"lang": language()})
    if request.method == "POST" and form.is_valid():
        try:
            writes.announce_maintenance(
                actor=request.user,
                **form.cleaned_data,
                at=request.received_at,  # type: ignore[attr-defined]
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The maintenance is announced to everybody."))
            return redirect("outage_list")
    context = {"form": form, "ahead": [m for m in deadlines.maintenance_ahead(at) if m.starts_at > at]}
    return render(request, "register/maintenance.html", context, status=400 if form.errors else 200)


@for_those(policies.can_report_outage, object_named=True)
@require_POST
def maintenance_withdraw(request: HttpRequest, maintenance_id: int) -> HttpResponse:
    if maintenance_id >= 2**63:
        raise Http404
    get_object_or_404(Maintenance, pk=maintenance_id)
    writes.withdraw_maintenance(
        actor=request.user,
        maintenance_id=maintenance_id,
        at=request.received_at,  # type: ignore[attr-defined]
    )
    messages.success(request, _("The announcement is withdrawn."))
    return redirect("maintenance_announce")
