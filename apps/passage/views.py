"""Pages of the doors: certificate, decision, dossier."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import drafts, signing
from apps.core import clock
from apps.core.errors import InvalidInput, NotAllowed, require
from apps.documents.models import GeneratedDocument
from apps.documents.responses import file_response
from apps.draft_acts import functions, packages
from apps.draft_acts import selectors as acts
from apps.draft_acts.models import DraftAct

from . import gates, policies, presentation, selectors, services
from .forms import DecisionForm
from .models import Certificate


def _act(request: HttpRequest, number: str) -> DraftAct:
    if "\x00" in number:
        raise Http404
    return get_object_or_404(
        DraftAct.objects.public().visible_to(request.user).select_related("initiator"), number=number
    )


@login_not_required
@require_GET
def certificate_door(request: HttpRequest, number: str) -> HttpResponse:
    """What stands between the act and its certificate; the initiator's people ask for it here."""
    act = _act(request, number)
    known = selectors.certificate_in_force(act)
    if known is not None:
        return HttpResponseRedirect(reverse("certificate", args=[known.number]))
    return _door(request, act, signing.button(request))


def _door(request: HttpRequest, act: DraftAct, form: Any, *, status: int = 200) -> HttpResponse:
    conditions = gates.certificate_conditions(act, clock.now())
    context = {
        "form": form,
        "act": act,
        "conditions": conditions,
        "open": all(condition.ok for condition in conditions),
        "may_issue": policies.can_issue_certificate(request.user, act),
    }
    return render(request, "passage/door.html", context, status=status)


@login_not_required
@require_POST
def certificate_issue(request: HttpRequest, number: str) -> HttpResponse:
    act = _act(request, number)
    require(policies.can_issue_certificate(request.user, act))
    form = signing.button(request)
    if not signing.answered(request, form):
        return _door(request, act, form, status=400)
    issued = services.issue_certificate(actor=request.user, act_id=act.pk, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("Certificate %(number)s is issued.") % {"number": issued.number})
    return HttpResponseRedirect(reverse("certificate", args=[issued.number]))


def _certificate(request: HttpRequest, number: str) -> Certificate:
    if "\x00" in number:
        raise Http404
    return get_object_or_404(selectors.certificates(request.user), number=number)


def _document(certificate: Certificate) -> GeneratedDocument | None:
    return (
        GeneratedDocument.objects.filter(source_type=certificate._meta.label_lower, source_id=certificate.pk)
        .select_related("file")
        .first()
    )


@login_not_required
@require_GET
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    found = _certificate(request, number)
    context = {
        "certificate": found,
        "act": found.act,
        "document": _document(found),
        "text": presentation.certificate_text(found),
    }
    return render(request, "passage/certificate.html", context)


@login_not_required
@require_GET
def certificate_pdf(request: HttpRequest, number: str) -> HttpResponse:
    document = _document(_certificate(request, number))
    if document is None or not document.is_ready:
        raise Http404
    assert document.file is not None
    return file_response(document.file, filename=document.filename)


@login_not_required
@require_GET
def certificate_json(request: HttpRequest, number: str) -> HttpResponse:
    """The bytes whose SHA-256 is H."""
    found = _certificate(request, number)
    response = HttpResponse(found.canonical.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.json"'
    return response


@login_not_required
@require_http_methods(["GET", "POST"])
def decision_record(request: HttpRequest, number: str) -> HttpResponse:
    """A clerk records what the Cabinet or the parliament did."""
    act = _act(request, number)
    if not policies.can_record_decision(request.user, act):
        raise NotAllowed()
    kinds = selectors.recordable(act)
    form = DecisionForm(request.POST if request.method == "POST" else None, kinds=kinds)
    signing.ask(drafts.put_back(form, request), request)
    if request.method == "POST" and signing.answered(request, form):
        try:
            services.record_decision(
                actor=request.user,  # type: ignore[arg-type]
                act_id=act.pk,
                at=clock.now(),
                **form.cleaned_data,
            )
        except InvalidInput as refusal:
            for field, problems in (refusal.fields or {"": [refusal.message]}).items():
                for problem in problems:
                    form.add_error(field if field in form.fields else None, str(problem))
        else:
            messages.success(request, _("The decision is recorded and public."))
            return HttpResponseRedirect(reverse("act", args=[number]))
    context = {
        "act": act,
        "form": form,
        "kinds": kinds,
        "certificate": selectors.certificate_in_force(act),
        "card": functions.card(acts.current_version(act)),
    }
    return render(request, "passage/decision.html", context, status=400 if form.errors else 200)


@login_not_required
@require_GET
def dossier(request: HttpRequest, number: str) -> HttpResponse:
    """All public things of the act as one ZIP, built once for each state of the file."""
    act = _act(request, number)
    built = services.build_dossier(act_id=act.pk, at=clock.now())
    return file_response(built.file, filename=f"{act.number}-dossier.zip")


@login_not_required
@require_GET
def package_dossier(request: HttpRequest, number: str) -> HttpResponse:
    """All public things of a bill and of the drafts in its package as one ZIP."""
    package = None if "\x00" in number else packages.package_of_bill(number)
    if package is None:
        raise Http404
    built = services.build_package_dossier(package_id=package.pk, at=clock.now())
    return file_response(built.file, filename=f"{number}-package.zip")
