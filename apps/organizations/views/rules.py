"""The rules of signing: read by everybody, accepted by the signatory of an organisation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core import clock
from apps.core.errors import InvalidInput

from .. import policies, rules, selectors, services


@login_not_required
@require_safe
def rules_page(request: HttpRequest) -> HttpResponse:
    """The rules of signing, for everybody; a signatory accepts them here for the organisation."""
    context = {
        "rules": rules.text(rules.CURRENT, (get_language() or "ky")[:2]),
        "acceptances": selectors.acceptances_of(request.user),
    }
    return render(request, "organizations/rules.html", context)


@require_POST
def rules_accept(request: HttpRequest) -> HttpResponse:
    try:
        organization_id, version = int(request.POST["organization"]), int(request.POST["version"])
    except (KeyError, ValueError) as malformed:
        raise InvalidInput() from malformed
    if organization_id not in policies.organization_ids(request.user):
        raise Http404
    services.accept_rules(
        actor=request.user,  # type: ignore[arg-type]
        organization_id=organization_id,
        version=version,
        at=clock.now(),
    )
    messages.success(request, _("The rules are accepted. The signatories of the organisation can sign now."))
    return redirect("rules")
