"""Administration of organisations and people."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.accounts.selectors import invitation_token
from apps.core import clock
from apps.core.errors import InvalidInput

from .. import forms, selectors, services
from ..enums import POWER_ROLES
from ..models import Membership, Organization
from ._common import administrators_only, hidden_from_others, put_errors

ROWS_A_PAGE = 20


# --- organisations ------------------------------------------------------------------------------------


@administrators_only
@require_safe
def organization_admin(request: HttpRequest) -> HttpResponse:
    form = forms.OrganizationFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = selectors.organizations(
        at=clock.now(),
        search=wanted.get("q", ""),
        kind=wanted.get("kind", ""),
        closed=bool(wanted.get("closed")),
    )
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    active = sum(bool(value) for value in wanted.values())
    return render(request, "organizations/list.html", {"page": page, "form": form, "active": active})


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def organization_new(request: HttpRequest) -> HttpResponse:
    form = forms.NewOrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            body = services.create_organization(
                actor=request.user,  # type: ignore[arg-type]
                code=form.cleaned_data["code"],
                kind=form.cleaned_data["kind"],
                fields=form.body_fields(),
                at=clock.now(),
            )
        except InvalidInput as refusal:
            put_errors(form, refusal)
        else:
            messages.success(request, _("The organisation is entered. Invite its people now."))
            return redirect("organization_page", body.code)
    return render(request, "organizations/new.html", {"form": form}, status=400 if form.errors else 200)


@hidden_from_others
@require_safe
def organization_page(request: HttpRequest, code: str) -> HttpResponse:
    body = get_object_or_404(Organization, code=code)
    context = {
        "organization": body,
        "rows": selectors.people_of(body, at=clock.now()),
        "rules_accepted": selectors.rules_accepted(body),
    }
    return render(request, "organizations/page.html", context)


@hidden_from_others
@require_http_methods(["GET", "HEAD", "POST"])
def organization_edit(request: HttpRequest, code: str) -> HttpResponse:
    body = get_object_or_404(Organization, code=code)
    form = forms.OrganizationForm(request.POST or None, instance=body)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_organization(
                actor=request.user,  # type: ignore[arg-type]
                organization_id=body.pk,
                fields=form.cleaned_data,
                at=clock.now(),
            )
        except InvalidInput as refusal:
            put_errors(form, refusal)
        else:
            messages.success(request, _("The organisation is saved."))
            return redirect("organization_page", body.code)
    context = {"form": form, "organization": Organization.objects.get(pk=body.pk)}
    return render(request, "organizations/edit.html", context, status=400 if form.errors else 200)


@hidden_from_others
@require_POST
def organization_close(request: HttpRequest, code: str) -> HttpResponse:
    body = get_object_or_404(Organization, code=code)
    services.close_organization(actor=request.user, organization_id=body.pk, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("The organisation is closed."))
    return redirect("organization_page", body.code)


@hidden_from_others
@require_POST
def organization_reopen(request: HttpRequest, code: str) -> HttpResponse:
    body = get_object_or_404(Organization, code=code)
    services.reopen_organization(actor=request.user, organization_id=body.pk, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("The organisation is open again."))
    return redirect("organization_page", body.code)


# --- people and roles -----------------------------------------------------------------------------------


@hidden_from_others
@require_http_methods(["GET", "HEAD", "POST"])
def person_invite(request: HttpRequest, code: str) -> HttpResponse:
    body = get_object_or_404(Organization, code=code)
    form = forms.InviteForm(request.POST or None, organization=body, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            person, token = services.invite_person(
                actor=request.user,  # type: ignore[arg-type]
                organization_id=body.pk,
                at=clock.now(),
                **form.cleaned_data,
            )
        except InvalidInput as refusal:
            put_errors(form, refusal)
        else:
            sent = (
                _("The invitation is on its way.")
                if token
                else _("The person has an account already; a letter tells of the roles.")
            )
            messages.success(request, sent)
            if POWER_ROLES & set(form.cleaned_data["roles"]):
                messages.success(request, _("What two administrators give awaits the other one now."))
            return redirect("person", person.pk)
    context = {"form": form, "organization": body}
    return render(request, "organizations/invite.html", context, status=400 if form.errors else 200)


@hidden_from_others
@require_safe
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=user_id)
    now = clock.now()
    invitation = selectors.open_invitation(found, at=now)
    roles = selectors.roles_of(found)
    proposals = [(proposal, proposal.state(now)) for proposal in selectors.proposals().filter(user=found)]
    bodies = [row.organization for row in (*roles, *(proposal for proposal, _state in proposals))]
    context = {
        "person": found,
        "roles": roles,
        "proposals": proposals,
        "leaves": [(row, row.state(now)) for row in selectors.leaves_of(found, now)],
        "stood_in": [(row, row.state(now)) for row in selectors.stood_in_by(found, now)],
        "organizations": list({body: None for body in bodies if body.closed_at is None}),
        "invited": not found.has_usable_password(),
        "invitation": invitation,
        # Where letters are kept and not sent, the administrator hands the link over.
        "invitation_url": _invitation_url(invitation) if invitation and settings.EMAIL_KEPT else "",
        "myself": found.pk == request.user.pk,
    }
    return render(request, "organizations/person.html", context)


@hidden_from_others
@require_http_methods(["GET", "HEAD", "POST"])
def role_grant(request: HttpRequest, code: str, user_id: int) -> HttpResponse:
    body = get_object_or_404(Organization, code=code)
    found = get_object_or_404(User, pk=user_id)
    form = forms.RoleForm(request.POST or None, organization=body)
    if request.method == "POST" and form.is_valid():
        try:
            given = services.grant_roles(
                actor=request.user,  # type: ignore[arg-type]
                user_id=found.pk,
                organization_id=body.pk,
                at=clock.now(),
                **form.cleaned_data,
            )
        except InvalidInput as refusal:
            put_errors(form, refusal)
        else:
            if given.memberships:
                messages.success(request, _("The role is given; a letter tells the person."))
            if given.proposals:
                messages.success(
                    request, _("The role is proposed. It begins when another administrator confirms it.")
                )
            return redirect("person", found.pk)
    context = {"form": form, "organization": body, "person": found}
    return render(request, "organizations/grant.html", context, status=400 if form.errors else 200)


@hidden_from_others
@require_POST
def role_end(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = get_object_or_404(Membership, pk=membership_id)
    services.end_role(actor=request.user, membership_id=membership.pk, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("The role has ended; a letter tells the person."))
    return redirect("person", membership.user_id)


@hidden_from_others
@require_POST
def person_deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    get_object_or_404(User, pk=user_id)
    services.deactivate_person(actor=request.user, user_id=user_id, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("The account is closed. Its sessions have ended."))
    return redirect("person", user_id)


@hidden_from_others
@require_POST
def person_reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    get_object_or_404(User, pk=user_id)
    services.reactivate_person(actor=request.user, user_id=user_id, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("The account is open again."))
    return redirect("person", user_id)


@hidden_from_others
@require_POST
def invitation_resend(request: HttpRequest, user_id: int) -> HttpResponse:
    get_object_or_404(User, pk=user_id)
    services.resend_invitation(actor=request.user, user_id=user_id, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("A new invitation is on its way; the earlier link stopped working."))
    return redirect("person", user_id)


@hidden_from_others
@require_POST
def invitation_revoke(request: HttpRequest, user_id: int) -> HttpResponse:
    get_object_or_404(User, pk=user_id)
    accounts.revoke_invitation(actor=request.user, user_id=user_id, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("The link of the invitation works no more."))
    return redirect("person", user_id)


def _invitation_url(invitation: Any) -> str:
    return settings.SITE_URL + reverse("invitation", args=[invitation_token(invitation)])
