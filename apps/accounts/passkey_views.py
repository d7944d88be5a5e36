"""Passkeys on pages: added, and asked for by the script beside a field for codes (static/js/passkey.js)."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.core import clock
from apps.core.errors import InvalidInput

from . import factor_session, forms, passkeys, selectors
from .factor_views import is_fixed, next_of, to_page


@sensitive_post_parameters("passkey_code")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a passkey: the first factor of the person, or one more."""
    person: Any = request.user
    factors = selectors.factors_of(person)
    if refused := _not_yet(request, factors):
        return refused
    name = _("Passkey %(number)d") % {"number": len(factors.passkeys) + 1}
    form = forms.NewPasskeyForm(request.POST or None, initial={"name": name})
    if request.method == "POST" and form.is_valid():
        try:
            with_codes = passkeys.add(
                actor=person,
                name=form.cleaned_data["name"],
                answer=request.POST.get("passkey_code", "")[: passkeys.LONGEST],
                session=factor_session.name_of(request),
                at=clock.now(),
            )
        except InvalidInput as refusal:
            form.add_error("name", [str(text) for text in refusal.fields["name"]])
        else:
            factor_session.renew(request, clock.now())
            messages.success(request, _("The passkey is added. Other devices are signed out."))
            if with_codes:
                factor_session.show_codes(request, clock.now())
                return to_page("recovery_codes", next_of(request))
            return HttpResponseRedirect(next_of(request) or resolve_url("second_factor"))
    context = {
        "form": form,
        "next": next_of(request),
        "usable": passkeys.usable(),
        "required": not factors.any and selectors.needs_second_factor(person),
        "fixed": is_fixed(request),
    }
    return render(request, "accounts/second_factor_passkey.html", context, status=400 if form.errors else 200)


@require_POST
def ask_for_new(request: HttpRequest) -> HttpResponse:
    """What the browser makes a new passkey with."""
    if refused := _not_yet(request, selectors.factors_of(request.user)):
        return refused
    options = passkeys.ask_for_new(
        person=request.user,  # type: ignore[arg-type]
        session=factor_session.name_of(request),
        at=clock.now(),
    )
    return JsonResponse(options)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """What the browser asks a passkey with, for the form whose address is `for`."""
    options = passkeys.ask(
        person=request.user,  # type: ignore[arg-type]
        purpose=passkeys.signing(request.GET.get("for", "")),
        session=factor_session.name_of(request),
        at=clock.now(),
    )
    return JsonResponse(options)


@require_POST
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
def ask_at_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The same after the password, when nobody is signed in yet."""
    options = passkeys.ask(
        person=request._login_stage.login.user,  # type: ignore[attr-defined]
        purpose=passkeys.SIGN_IN,
        session=factor_session.name_of(request),
        at=clock.now(),
    )
    return JsonResponse(options)


def _not_yet(request: HttpRequest, factors: selectors.Factors) -> HttpResponse | None:
    """Who adds a passkey has just shown the factor that is there, or the password where there is none."""
    page = resolve_url("second_factor_passkey")
    after = f"{page}?{request.GET.urlencode()}" if request.GET and request.path == page else page
    if factors.any and not factor_session.asked_recently(request, clock.now()):
        return to_page("ask_again", after)
    if not factors.any and not factor_session.password_is_fresh(request, clock.now()):
        return to_page("account_reauthenticate", after)
    return None
