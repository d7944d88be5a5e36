"""The rules of signing: read by everybody, accepted by the signatory of an organisation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts import signing
from apps.core import clock
from apps.core.errors import InvalidInput, require

from .. import policies, rules, selectors, services


@login_not_required
@require_safe
def rules_page(request: HttpRequest) -> HttpResponse:
    """The rules of signing, for everybody; a signatory accepts them here for the organisation."""
    return _rules_page(request)


def _rules_page(request: HttpRequest, refused: Any = None, refused_for: int = 0) -> HttpResponse:
    rows = [
        (body, acceptance, refused if body.pk == refused_for else signing.button(request, f"_{body.pk}"))
        for body, acceptance in selectors.acceptances_of(request.user)
    ]
    context = {"rules": rules.text(rules.CURRENT, (get_language() or "ky")[:2]), "acceptances": rows}
    return render(request, "organizations/rules.html", context, status=400 if refused else 200)


@require_POST
def rules_accept(request: HttpRequest) -> HttpResponse:
    try:
        organization_id, version = int(request.POST["organization"]), int(request.POST["version"])
    except (KeyError, ValueError) as malformed:
        raise InvalidInput() from malformed
    if organization_id not in policies.organization_ids(request.user):
        raise Http404
    require(policies.can_accept_rules(request.user, organization_id))
    form = signing.button(request, f"_{organization_id}")
    if not signing.answered(request, form):
        return _rules_page(request, form, organization_id)
    services.accept_rules(
        actor=request.user,  # type: ignore[arg-type]
        organization_id=organization_id,
        version=version,
        at=clock.now(),
    )
    messages.success(request, _("The rules are accepted. The signatories of the organisation can sign now."))
    return redirect("rules")
