"""Roles that two administrators give: what is proposed, and what the other administrator decides."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import clock
from apps.core.errors import InvalidInput

from .. import forms, policies, selectors, services
from ..models import RoleProposal
from ._common import administrators_only, hidden_from_others, put_errors

ROWS_A_PAGE = 20


@administrators_only
@require_safe
def role_proposals(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    page = Paginator(selectors.proposals(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "mine": selectors.proposals_for(request.user, now),
        "page": page,
        "rows": [(proposal, proposal.state(now)) for proposal in page],
    }
    return render(request, "organizations/proposals.html", context)


@hidden_from_others
@require_safe
def role_proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    return _page(request, proposal_id, forms.RefusalForm())


@hidden_from_others
@require_POST
def role_confirm(request: HttpRequest, proposal_id: int) -> HttpResponse:
    proposal = get_object_or_404(RoleProposal, pk=proposal_id)
    services.confirm_role(actor=request.user, proposal_id=proposal.pk, at=clock.now())  # type: ignore[arg-type]
    messages.success(
        request, _("The role is confirmed and works from now on; letters tell everybody concerned.")
    )
    return redirect("role_proposal", proposal.pk)


@hidden_from_others
@require_POST
def role_refuse(request: HttpRequest, proposal_id: int) -> HttpResponse:
    get_object_or_404(RoleProposal, pk=proposal_id)
    form = forms.RefusalForm(request.POST)
    if form.is_valid():
        try:
            services.refuse_role(
                actor=request.user,  # type: ignore[arg-type]
                proposal_id=proposal_id,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except InvalidInput as refusal:
            put_errors(form, refusal)
        else:
            messages.success(request, _("The proposal is refused; letters tell everybody concerned."))
            return redirect("role_proposal", proposal_id)
    return _page(request, proposal_id, form, status=400)


@hidden_from_others
@require_POST
def role_withdraw(request: HttpRequest, proposal_id: int) -> HttpResponse:
    get_object_or_404(RoleProposal, pk=proposal_id)
    services.withdraw_proposal(actor=request.user, proposal_id=proposal_id, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("The proposal is taken back."))
    return redirect("role_proposal", proposal_id)


def _page(request: HttpRequest, proposal_id: int, form: forms.RefusalForm, status: int = 200) -> HttpResponse:
    proposal = get_object_or_404(selectors.proposals(), pk=proposal_id)
    state = proposal.state(clock.now())
    context = {
        "proposal": proposal,
        "state": state,
        "form": form,
        "decides": state == "waiting" and policies.can_decide_proposal(request.user, proposal),
        "takes_back": state == "waiting" and policies.can_withdraw_proposal(request.user, proposal),
    }
    return render(request, "organizations/proposal.html", context, status=status)
