"""The function card as its drafter fills it in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import drafts
from apps.core.errors import InvalidInput
from apps.draft_acts import functions, selectors, services
from apps.draft_acts.forms import FunctionForm, NoFunctionForm, add_refusal
from apps.draft_acts.models import CardFunction, DraftAct, DraftActVersion

from ._common import language, own_act


def _open_version(act: DraftAct) -> DraftActVersion:
    """The card of a public version stays; the way to change it is a new version."""
    version = selectors.open_version(act)
    if version is None:
        raise services.VersionFrozen()
    return version


@login_not_required
@require_GET
def act_prepare_functions(request: HttpRequest, token: str) -> HttpResponse:
    """The card, and the statement that there is nothing to put into it."""
    act = own_act(request, token)
    form = drafts.put_back(NoFunctionForm(auto_id="none_%s"), request, page=f"{request.path}none/")
    return _page(request, act, form)


def _page(request: HttpRequest, act: DraftAct, form: NoFunctionForm) -> HttpResponse:
    context = {"act": act, "card": functions.card(_open_version(act)), "form": form}
    return render(request, "draft_acts/functions.html", context, status=400 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "POST"])
def function_new(request: HttpRequest, token: str) -> HttpResponse:
    return _form(request, own_act(request, token), None)


@login_not_required
@require_http_methods(["GET", "POST"])
def function_edit(request: HttpRequest, token: str, number: int) -> HttpResponse:
    act = own_act(request, token)
    row = _open_version(act).functions.filter(number=number).first()
    if row is None:
        raise Http404
    return _form(request, act, row)


def _form(request: HttpRequest, act: DraftAct, row: CardFunction | None) -> HttpResponse:
    version = _open_version(act)
    initial: dict[str, Any] = {name: getattr(row, name) for name in FunctionForm.base_fields} if row else {}
    form = FunctionForm(
        request.POST or None, provisions=selectors.choices_of_provisions(version, language()), initial=initial
    )
    drafts.put_back(form, request)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_function(
                actor=request.user,  # type: ignore[arg-type]
                act_id=act.pk,
                number=row.number if row else None,
                stated=form.cleaned_data,
                lang=language(),
                at=request.received_at,  # type: ignore[attr-defined]
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("act_prepare_functions", act.token)
    context = {"act": act, "form": form, "row": row}
    return render(request, "draft_acts/function.html", context, status=400 if form.errors else 200)


@login_not_required
@require_POST
def function_remove(request: HttpRequest, token: str, number: int) -> HttpResponse:
    act = own_act(request, token)
    services.remove_function(
        actor=request.user,  # type: ignore[arg-type]
        act_id=act.pk,
        number=number,
        at=request.received_at,  # type: ignore[attr-defined]
    )
    messages.success(request, _("The function was taken out of the card."))
    return redirect("act_prepare_functions", act.token)


@login_not_required
@require_POST
def functions_none(request: HttpRequest, token: str) -> HttpResponse:
    act = own_act(request, token)
    form = NoFunctionForm(request.POST, auto_id="none_%s")
    if form.is_valid():
        try:
            services.state_no_function(
                actor=request.user,  # type: ignore[arg-type]
                act_id=act.pk,
                reason=form.cleaned_data["reason"],
                lang=language(),
                at=request.received_at,  # type: ignore[attr-defined]
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The card says that no function changes."))
            return redirect("act_prepare_functions", act.token)
    return _page(request, act, drafts.put_back(form, request))
