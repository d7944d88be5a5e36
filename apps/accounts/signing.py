"""The second factor asked again before a signature, inside the form that signs: nothing typed is lost by it.

An answer counts for five minutes of the session, so that somebody who signs several things in a row types one code.
The steps that ask are those of a signatory, a coordinator or a clerk that bind: they call `ask` when they build the form
and `answered` before the service.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from apps.core import clock

from . import factor_session, forms, second_factor


def ask(form: Any, request: HttpRequest) -> Any:
    """The same form, with a field for the code where this session has not answered lately."""
    if request.user.is_authenticated and not factor_session.asked_recently(request, clock.now()):
        form.fields["code"] = forms.code_field(request.user)
    return form


def button(request: HttpRequest, which: str = "") -> Any:
    """The form of a signature that has no fields of its own; `which` tells apart several on one page."""
    data = request.POST if request.method == "POST" else None
    return ask(forms.SigningForm(data, auto_id=f"id_%s{which}"), request)


def answered(request: HttpRequest, form: Any) -> bool:
    """Whether the person has answered, lately or by this form; else what is wrong stands beside the field.

    Takes the code out of the form, whose `cleaned_data` then holds what the service wants.
    """
    if "code" not in form.fields:
        return bool(form.is_valid())
    given = factor_session.answer(request, form, request.user, again=True)
    if given is None:
        return False
    form.cleaned_data.pop("code")
    del form.fields["code"]
    factor_session.note_asked_again(request, clock.now())
    say_how_many_left(request, given)
    return True


def require_answer(request: HttpRequest, code: str) -> None:
    """The same for a program that works with a session. Raises SecondFactorNeeded, WrongCode, TooManyCodes."""
    if factor_session.asked_recently(request, clock.now()):
        return
    if not code:
        raise second_factor.SecondFactorNeeded()
    factor_session.check(request, request.user, code, again=True)
    factor_session.note_asked_again(request, clock.now())


def say_how_many_left(request: HttpRequest, given: second_factor.Given) -> None:
    if given.left is not None:
        words = ngettext(
            "A recovery code was used; %(left)d is left. Make new ones in time.",
            "A recovery code was used; %(left)d are left. Make new ones in time.",
            given.left,
        )
        messages.warning(request, words % {"left": given.left})
