"""Reference norms of the version that is worked on: decided and added by the initiator's people."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts import drafts
from apps.core.errors import InvalidInput
from apps.draft_acts import norms, policies, selectors, services
from apps.draft_acts.forms import DecideNormsForm, NormForm, add_refusal
from apps.draft_acts.models import DraftAct

from ._common import language, own_act


@login_not_required
@require_http_methods(["GET", "POST"])
def act_prepare_norms(request: HttpRequest, token: str) -> HttpResponse:
    """The list of norms with what was decided; several are decided at once, with one reason."""
    act = own_act(request, token)
    form = drafts.put_back(DecideNormsForm(request.POST or None), request)
    chosen = _numbers(request)
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.decide_norms(
                actor=request.user,  # type: ignore[arg-type]
                act_id=act.pk,
                numbers=chosen,
                lang=language(),
                at=request.received_at,  # type: ignore[attr-defined]
                **form.cleaned_data,
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            said = ngettext(
                "%(count)s reference norm is decided.", "%(count)s reference norms are decided.", len(changed)
            )
            messages.success(request, said % {"count": len(changed)})
            return redirect("act_prepare_norms", act.token)
    return _page(request, act, form, chosen)


def _numbers(request: HttpRequest) -> list[int]:
    """The norms that were ticked; what is no small number is none of them."""
    typed = request.POST.getlist("norms")
    return [int(n) if n.isascii() and n.isdecimal() and len(n) < 6 else 0 for n in typed]


def _page(request: HttpRequest, act: DraftAct, form: DecideNormsForm, chosen: list[int]) -> HttpResponse:
    version = selectors.working_version(act)
    context = {
        "act": act,
        "page": norms.norms_page(version),
        "form": form,
        "chosen": set(chosen),
        "settled": act.state not in policies.BEFORE_OPENING,
    }
    return render(request, "draft_acts/norms.html", context, status=400 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "POST"])
def act_prepare_norm_add(request: HttpRequest, token: str) -> HttpResponse:
    """A norm that the portal did not see."""
    act = own_act(request, token)
    if act.state not in policies.BEFORE_OPENING:
        raise services.NormsAreSettled()
    version = selectors.working_version(act)
    initial: dict[str, Any] = {"eid": request.GET.get("provision", ""), "language": language()}
    form = NormForm(
        request.POST or None, provisions=selectors.choices_of_provisions(version, language()), initial=initial
    )
    drafts.put_back(form, request)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_norm(
                actor=request.user,  # type: ignore[arg-type]
                act_id=act.pk,
                stated=form.cleaned_data,
                lang=language(),
                at=request.received_at,  # type: ignore[attr-defined]
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The reference norm is added and confirmed."))
            return redirect("act_prepare_norms", act.token)
    context = {"act": act, "form": form}
    return render(request, "draft_acts/norm_add.html", context, status=400 if form.errors else 200)
