"""The package of a bill as its initiator's people put it together."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import InvalidInput
from apps.documents.enums import DocumentKind
from apps.documents.models import GeneratedDocument
from apps.documents.responses import made_file
from apps.draft_acts import package_docx, packages, policies, services
from apps.draft_acts.enums import BILLS
from apps.draft_acts.forms import BylawForm
from apps.draft_acts.models import DraftAct

from ._common import language, own_act


@login_not_required
@require_GET
def act_prepare_package(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, own_act(request, token))


def _page(request: HttpRequest, act: DraftAct, problems: list[Any] | None = None) -> HttpResponse:
    place = packages.place_of(act)
    if place is not None and not place.is_bill:
        lead = place.package.members.select_related("act").get(is_bill=True).act
        return redirect("act_prepare_package", lead.token)
    page = packages.package_page(place.package, own=True) if place is not None else None
    context = {
        "act": act,
        "page": page,
        "is_bill": act.kind in BILLS,
        "frozen": page is not None and page.package.frozen_at is not None,
        "open": act.state in policies.BEFORE_OPENING,
        "form": BylawForm(drafts=_named(packages.candidates(act))) if page else None,
        "drafts": _named([row.act for row in page.bylaws]) if page else [],
        "problems": problems or [],
    }
    return render(request, "draft_acts/package.html", context, status=400 if problems else 200)


def _named(acts: list[DraftAct]) -> list[tuple[str, str]]:
    here = language()
    unnamed = _("without a title yet")
    return [
        (act.reference, f"№ {act.number}. {act.title(here)}" if act.number else act.title(here) or unnamed)
        for act in acts
    ]


def _refused(request: HttpRequest, act: DraftAct, refusal: InvalidInput) -> HttpResponse:
    return _page(request, act, [message for found in refusal.fields.values() for message in found])


@login_not_required
@require_POST
def package_make(request: HttpRequest, token: str) -> HttpResponse:
    act = own_act(request, token)
    services.make_package(actor=request.user, act_id=act.pk, at=request.received_at)  # type: ignore
    return redirect("act_prepare_package", act.token)


@login_not_required
@require_POST
def package_add(request: HttpRequest, token: str) -> HttpResponse:
    act = own_act(request, token)
    try:
        services.add_bylaw(
            actor=request.user,  # type: ignore[arg-type]
            act_id=act.pk,
            bylaw=request.POST.get("bylaw", ""),
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except InvalidInput as refusal:
        return _refused(request, act, refusal)
    messages.success(request, _("The draft is in the package."))
    return redirect("act_prepare_package", act.token)


@login_not_required
@require_POST
def package_remove(request: HttpRequest, token: str) -> HttpResponse:
    act = own_act(request, token)
    services.remove_bylaw(
        actor=request.user,  # type: ignore[arg-type]
        act_id=act.pk,
        bylaw=request.POST.get("bylaw", ""),
        at=request.received_at,  # type: ignore[attr-defined]
    )
    messages.success(request, _("The draft was taken out of the package."))
    return redirect("act_prepare_package", act.token)


@login_not_required
@require_POST
def package_tie(request: HttpRequest, token: str) -> HttpResponse:
    """Which draft fulfils a norm; an empty choice unties it."""
    act = own_act(request, token)
    number = request.POST.get("norm", "")
    try:
        services.tie_norm(
            actor=request.user,  # type: ignore[arg-type]
            act_id=act.pk,
            number=int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0,
            bylaw=request.POST.get("bylaw", ""),
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except InvalidInput as refusal:
        return _refused(request, act, refusal)
    messages.success(request, _("Saved."))
    return redirect("act_prepare_package", act.token)


@login_not_required
@require_GET
def package_docx_file(request: HttpRequest, number: str) -> HttpResponseBase:
    """The list of a frozen package as a Word document; 404 until the list was issued."""
    found = None if "\x00" in number else packages.package_of_bill(number)
    listed = found and found.number and _issued(found.number)
    if not listed:
        raise Http404
    return made_file(
        package_docx.write(listed),
        media_type=package_docx.MEDIA_TYPE,
        filename=f"{listed.number}.docx",
        request=request,
    )


def _issued(number: str) -> GeneratedDocument | None:
    lists = GeneratedDocument.objects.public().filter(kind=DocumentKind.PACKAGE_LIST, number=number)
    return lists.exclude(canonical_json=None).first()
