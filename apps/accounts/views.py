"""Sign-in and what hangs on it: passwords, invitation, personal settings, a person's letters."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from apps.core import clock
from apps.core.errors import InvalidInput
from apps.notifications import registry, rendering
from apps.notifications import selectors as letters_of
from apps.notifications.models import OutboxMessage

from . import factor_session, forms, selectors, services

LETTERS_A_PAGE = 20


class SignInView(allauth_views.LoginView):
    form_class = forms.SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["demo_accounts"] = selectors.demo_accounts()
        context["session_ended"] = "ended" in self.request.GET
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        return self._with_the_listed_code() or response

    def _with_the_listed_code(self) -> HttpResponse | None:
        """The button beside a demonstration account sends its code along; nobody else's code is taken here."""
        stage = LoginStageController.enter(self.request, AuthenticateStage.key)
        person = stage.login.user if stage else None
        if person is None or not (settings.PORTAL_DEMO and person.is_demo):
            return None
        code = forms.CodeForm(self.request.POST, person=person)
        if factor_session.answer(self.request, code, person) is None:
            return None
        factor_session.note_passed(self.request, person)
        return stage.exit()


class ReauthenticateView(allauth_views.ReauthenticateView):
    form_class = forms.ReauthenticateForm

    def form_valid(self, form: Any) -> HttpResponse:
        factor_session.note_password(self.request, clock.now())
        return super().form_valid(form)


class ChangePasswordView(allauth_views.PasswordChangeView):
    form_class = forms.ChangePasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is changed. Other devices are signed out."))
        return response

    def get_default_success_url(self) -> str:
        return reverse("settings")


class ResetPasswordView(allauth_views.PasswordResetView):
    form_class = forms.ResetPasswordForm


@method_decorator(login_not_required, name="dispatch")
class ResetPasswordFromKeyView(allauth_views.PasswordResetFromKeyView):
    form_class = forms.ResetPasswordKeyForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _unreferred(super().dispatch(request, *args, **kwargs))


def _unreferred(response: HttpResponseBase) -> HttpResponseBase:
    """The address of this page carries power: it goes to nobody as a referrer and into no cache."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store, private"
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """The one-time link of an invited person. Opening it changes nothing: mail scanners open links."""
    found = selectors.usable_invitation(token, at=clock.now())
    if found is None:
        return _unreferred(render(request, "accounts/invitation_gone.html", status=404))
    initial = {"full_name": found.user.full_name, "language": get_language()}
    form = forms.AcceptInvitationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.accept_invitation(
                token=token,
                full_name=given["full_name"],
                password=given["password"],
                language=given["language"],
                at=clock.now(),
            )
        except InvalidInput as refusal:
            _put_errors(form, refusal)
        else:
            logout(request)  # whoever was signed in on this device is not the invited person
            messages.success(
                request, _("Your account is open. Sign in with your e-mail and the new password.")
            )
            return _unreferred(redirect("account_login"))
    context = {"form": form, "invitation": found}
    return _unreferred(
        render(request, "accounts/invitation.html", context, status=400 if form.errors else 200)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """The person's own name and language of letters."""
    person: Any = request.user
    form = forms.SettingsForm(
        request.POST or None, initial={"full_name": person.full_name, "language": person.language}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_settings(actor=person, at=clock.now(), **form.cleaned_data)
        except InvalidInput as refusal:
            _put_errors(form, refusal)
        else:
            messages.success(request, _("Your settings are saved."))
            return redirect("settings")
    return render(request, "accounts/settings.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The letters addressed to the person, newest first; their text is made now, from what it speaks about."""
    page = Paginator(letters_of.letters_of(request.user), LETTERS_A_PAGE).get_page(request.GET.get("page"))
    rows = [(message, _subject(message), letters_of.shown_state(message)) for message in page]
    return render(request, "accounts/letters.html", {"page": page, "rows": rows})


@login_not_required
@require_safe
def letter(request: HttpRequest, letter_id: int) -> HttpResponse:
    """One letter, to nobody but the person it was written to."""
    if not request.user.is_authenticated:
        raise Http404
    message = letters_of.letters_of(request.user).filter(pk=letter_id).first()
    if message is None:
        raise Http404
    context = {"message": message, "letter": _read(message), "state": letters_of.shown_state(message)}
    context["secret"] = bool(context["letter"]) and registry.registration(message.template).secret
    return render(request, "accounts/letter.html", context)


def _read(message: OutboxMessage) -> registry.Letter | None:
    """The letter as it would be sent today; None when what it spoke about is not there any more."""
    try:
        return rendering.read(message)
    except Exception:
        # An old letter must not take down the list of all letters; sending it reports the same failure.
        return None


def _subject(message: OutboxMessage) -> str:
    letter = _read(message)
    return letter.subject if letter else _("This letter can no longer be shown")


def _put_errors(form: Any, refusal: InvalidInput) -> None:
    """What the use-case refused, beside the fields it is about."""
    for name, found in refusal.fields.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in found])
    if not refusal.fields:
        form.add_error(None, str(refusal))
