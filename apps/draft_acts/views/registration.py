"""Steps of the ministry signatory: register, withdraw; and throwing a version in the making away."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import drafts, signing
from apps.core import clock
from apps.core.errors import InvalidInput, require
from apps.draft_acts import conditions, evidence, functions, mended, policies, selectors, services
from apps.draft_acts.enums import ActState
from apps.draft_acts.forms import ScopeForm, WithdrawForm, add_refusal
from apps.draft_acts.models import DraftAct, DraftActVersion
from apps.draft_acts.workflow import WORKFLOW

from ._common import own_act, public_act


@login_not_required
@require_http_methods(["GET", "POST"])
def act_register(request: HttpRequest, token: str) -> HttpResponse:
    """The scope statement, what will become public, what is missing; signing registers."""
    act = own_act(request, token)
    if not act.is_preparing:
        # A second press of the button, or a colleague was faster: nothing is signed twice.
        messages.info(
            request, _("The act is registered already, under № %(number)s.") % {"number": act.number}
        )
        return redirect(act)
    require(
        policies.can_register(request.user, act), _("The ministry signatory signs and registers the act.")
    )
    version = selectors.current_version(act)
    found = evidence.preparing(act, version)
    form = ScopeForm(
        request.POST or None,
        found={topic.topic: topic.count for topic in found},
        initial={"function_without_money": bool(functions.card(version).without_source)},
    )
    form = signing.ask(drafts.put_back(form, request), request)
    if request.method == "POST" and signing.answered(request, form):
        try:
            act = services.register(
                actor=request.user, act_id=act.pk, scope=form.cleaned_data, at=request.received_at
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Registered under № %(number)s.") % {"number": act.number})
            return redirect(act)
    return _register_page(request, act, version, form, found)


def _register_page(
    request: HttpRequest,
    act: DraftAct,
    version: DraftActVersion,
    form: ScopeForm,
    found: list[evidence.TopicFound],
) -> HttpResponse:
    page = selectors.prepare_page(act, version, at=clock.now())
    every = conditions.unmet_of(act, page.required, page.stored_texts, page.attached, titles=True)
    now = {unmet.code for unmet in conditions.unmet_registration(act, version)}
    context = {
        "act": act,
        "page": page,
        "form": form,
        "alignment": mended.alignment(act, version, page.stored_texts),
        "topics": [(topic, *_fields(form, topic.topic)) for topic in found],
        "unmet": [unmet for unmet in every if unmet.code in now],
        "later": [unmet for unmet in every if unmet.code not in now],
    }
    return render(request, "draft_acts/register.html", context, status=400 if form.errors else 200)


def _fields(form: ScopeForm, topic: str) -> tuple[Any, list[Any]]:
    """The question about a topic, and the fields that its answer needs."""
    answer, reason, _count = evidence.ANSWERS[topic]
    names = ["where", reason] if topic == "concerns_lsg" else [reason]
    return form[answer], [form[name] for name in names if name in form.fields]


@login_not_required
@require_http_methods(["GET", "POST"])
def act_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    act = public_act(request, number)
    require(policies.can_withdraw(request.user, act), _("The ministry signatory withdraws the act."))
    WORKFLOW.target("withdraw", act.state)
    form = signing.ask(drafts.put_back(WithdrawForm(request.POST or None), request), request)
    if request.method == "POST" and signing.answered(request, form):
        try:
            services.withdraw(
                actor=request.user, act_id=act.pk, reason=form.cleaned_data["reason"], at=request.received_at
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The act is withdrawn. Its number and page remain."))
            return redirect(act)
    consequences: list[Any] = [_("The number, the page and both texts stay public, with your reason.")]
    if act.state in {ActState.IN_CONSULTATION, ActState.CERTIFIED}:
        consequences += [
            _("Running terms stop and everyone concerned is told."),
            _("Opinions already filed stay public; unfiled ones stay closed; nothing more is signed."),
        ]
    context = {"act": act, "form": form, "consequences": consequences}
    return render(request, "draft_acts/withdraw.html", context, status=400 if form.errors else 200)


@login_not_required
@require_POST
def act_version_discard(request: HttpRequest, token: str) -> HttpResponse:
    act = own_act(request, token)
    services.discard_version(actor=request.user, act_id=act.pk, at=request.received_at)
    messages.success(request, _("The new version was thrown away; the public one stays."))
    return redirect(act)
