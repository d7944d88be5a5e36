"""The second factor on pages: at sign-in, set up, asked again, recovery codes."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core import clock, qr
from apps.core.errors import InvalidInput

from . import factor_session, forms, passkeys, sealing, second_factor, selectors, signing, totp

ISSUER = "Makuldashuu"  # in Latin letters: not every app shows others
_SECRET = "new_app_secret"


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
@sensitive_post_parameters("code", "passkey_code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponseBase:
    """After the password: a code. Nobody is signed in before it was right."""
    stage = request._login_stage  # type: ignore[attr-defined]
    if "cancel" in request.POST:
        return stage.abort()
    person = stage.login.user
    form = forms.CodeForm(request.POST or None, person=person, passkey_url="mfa_passkey_ask")
    given = factor_session.answer(request, form, person) if request.method == "POST" else None
    if given is None:
        context = {"form": form, "person": person}
        return render(request, "accounts/sign_in_code.html", context, status=400 if form.errors else 200)
    factor_session.note_passed(request, person)
    signing.say_how_many_left(request, given)
    return stage.exit()


@sensitive_post_parameters("code", "passkey_code")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_again(request: HttpRequest) -> HttpResponse:
    """The code once more, before a step that asks for it; leads on to `next`."""
    person: Any = request.user
    if not selectors.factors_of(person).any:
        return to_page("second_factor_app", next_of(request))
    form = forms.CodeForm(request.POST or None, person=person)
    given = factor_session.answer(request, form, person, again=True) if request.method == "POST" else None
    if given is None:
        context = {"form": form, "next": next_of(request)}
        return render(request, "accounts/ask_again.html", context, status=400 if form.errors else 200)
    factor_session.note_asked_again(request, clock.now())
    signing.say_how_many_left(request, given)
    return HttpResponseRedirect(next_of(request) or resolve_url("second_factor"))


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What the person has set up, and what can be changed."""
    factors = selectors.factors_of(request.user)
    context = {
        "factors": factors,
        "fixed": is_fixed(request),
        "passkeys_usable": passkeys.usable(),
        "removable": len(factors.all) > 1 or not selectors.needs_second_factor(request.user),  # type: ignore[arg-type]
    }
    return render(request, "accounts/second_factor.html", context)


@sensitive_variables("secret")
@sensitive_post_parameters("code", "passkey_code")
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """Set up an app, the first one or in place of an earlier one."""
    person: Any = request.user
    factors = selectors.factors_of(person)
    if factors.any and not factor_session.asked_recently(request, clock.now()):
        return to_page("ask_again", request.get_full_path())
    if not factors.any and not factor_session.password_is_fresh(request, clock.now()):
        return to_page("account_reauthenticate", request.get_full_path())
    secret = _new_secret(request)
    form = forms.NewAppForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with_codes = second_factor.add_app(
                actor=person, secret=secret, code=form.cleaned_data["code"], at=clock.now()
            )
        except InvalidInput as refusal:
            form.add_error("code", [str(text) for text in refusal.fields["code"]])
        else:
            request.session.pop(_SECRET)
            factor_session.renew(request, clock.now())
            messages.success(request, _("Your second factor is set up. Other devices are signed out."))
            if with_codes:
                factor_session.show_codes(request, clock.now())
                return to_page("recovery_codes", next_of(request))
            return HttpResponseRedirect(next_of(request) or resolve_url("second_factor"))
    address = totp.address(secret, account=person.email, issuer=ISSUER)
    context = {
        "form": form,
        "next": next_of(request),
        "qr": qr.svg(address, title=_("QR code for the app")),
        "address": address,
        "groups": totp.groups(secret),
        "replaces": factors.app is not None,
        "passkeys_usable": passkeys.usable(),
        "required": not factors.any and selectors.needs_second_factor(person),
        "fixed": is_fixed(request),
    }
    return render(request, "accounts/second_factor_app.html", context, status=400 if form.errors else 200)


@login_not_required
@require_POST
def remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Take one of one's own factors away."""
    if not any(factor.pk == factor_id for factor in selectors.factors_of(request.user).all):
        raise Http404
    if not factor_session.asked_recently(request, clock.now()):
        return to_page("ask_again", resolve_url("second_factor"))
    second_factor.take_away(actor=request.user, factor_id=factor_id, at=clock.now())  # type: ignore[arg-type]
    factor_session.renew(request, clock.now())
    messages.success(request, _("It is taken away. Other devices are signed out."))
    return redirect("second_factor")


# --- recovery codes -------------------------------------------------------------------------------------


@require_safe
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes while they may be shown, afterwards only how many are left."""
    shown = factor_session.codes_may_be_shown(request, clock.now())
    context = {
        "codes": _in_halves(request) if shown else [],
        "factors": selectors.factors_of(request.user),
        "next": next_of(request),
        "fixed": is_fixed(request),
    }
    return render(request, "accounts/recovery_codes.html", context)


@require_safe
def recovery_codes_download(request: HttpRequest) -> HttpResponse:
    """The same codes as a text file."""
    if not factor_session.codes_may_be_shown(request, clock.now()):
        raise Http404
    lines = [f"{_('Makuldashuu: recovery codes')}  {request.user}", settings.SITE_URL, ""]
    text = "\r\n".join([*lines, *_in_halves(request), ""])
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="makuldashuu-recovery-codes.txt"'
    return response


@require_POST
def recovery_codes_make(request: HttpRequest) -> HttpResponse:
    if not factor_session.asked_recently(request, clock.now()):
        return to_page("ask_again", resolve_url("recovery_codes"))
    second_factor.make_recovery_codes(actor=request.user, at=clock.now())  # type: ignore[arg-type]
    factor_session.show_codes(request, clock.now())
    return redirect("recovery_codes")


@require_POST
def recovery_codes_kept(request: HttpRequest) -> HttpResponse:
    """The person has written the codes down: they are not shown again."""
    factor_session.hide_codes(request)
    return HttpResponseRedirect(next_of(request) or resolve_url("second_factor"))


# --- small things -----------------------------------------------------------------------------------------


def _in_halves(request: HttpRequest) -> list[str]:
    return [f"{code[:4]} {code[4:]}" for code in selectors.recovery_codes(request.user)]


def _new_secret(request: HttpRequest) -> str:
    """The secret that this session offers to an app; the same one until it is confirmed, whatever is reloaded."""
    try:
        return sealing.unseal(request.session.get(_SECRET, ""))
    except sealing.Unreadable:
        secret = totp.new_secret()
        request.session[_SECRET] = sealing.seal(secret)
        return secret


def is_fixed(request: HttpRequest) -> bool:
    """A demonstration account keeps the factor that is listed for everybody."""
    return bool(getattr(request.user, "is_demo", False))


def next_of(request: HttpRequest) -> str:
    """Where the person was going, if it is a place of ours."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def to_page(name: str, after: str) -> HttpResponseRedirect:
    """To a page by its name, which leads on to `after`."""
    query = f"?{urlencode({'next': after})}" if after else ""
    return HttpResponseRedirect(resolve_url(name) + query)
