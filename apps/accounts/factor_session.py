"""What a session has shown of the second factor: at sign-in, and again before a signature.

The mark names its person, so that it dies with a sign-in of somebody else in the same browser. Taking a factor away or
adding one raises the person's session epoch, which ends the sessions whose mark was given under the earlier factors.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from apps.core import clock

from . import passkeys, second_factor

ASKED_FOR = timedelta(minutes=5)  # how long an answer given again counts for signatures
PASSWORD_FOR = timedelta(
    minutes=30
)  # how long a sign-in by password alone suffices to set up the first factor
CODES_SHOWN_FOR = timedelta(minutes=15)
_SLOT, _CODES, _PASSWORD = "second_factor", "recovery_codes_until", "password_at"


def answer(
    request: HttpRequest, form: Any, person: Any, *, again: bool = False
) -> second_factor.Given | None:
    """Check the `code` of a bound form, typed or given by a passkey.

    What is wrong with it stands beside the field afterwards, nothing is raised.
    """
    if not form.is_valid():
        return None
    try:
        code = form.cleaned_data["code"]
        if passkeys.is_answer(code):
            return _check_passkey(request, person, code, again=again)
        return check(request, person, code, again=again)
    except (second_factor.TooManyCodes, second_factor.WrongCode) as refusal:
        form.add_error("code", str(refusal))
    return None


def check(request: HttpRequest, person: Any, code: str, *, again: bool = False) -> second_factor.Given:
    """A code given in this session. Raises WrongCode, TooManyCodes."""
    given = second_factor.check_code(
        user_id=person.pk,
        code=code,
        place=place(request),
        at=clock.now(),
        session=name_of(request),
        again=again,
    )
    if given is None:
        raise second_factor.WrongCode()
    return given


def _check_passkey(request: HttpRequest, person: Any, answer: str, *, again: bool) -> second_factor.Given:
    given = passkeys.check(
        user_id=person.pk,
        answer=answer,
        purpose=passkeys.signing(request.path) if again else passkeys.SIGN_IN,
        place=place(request),
        at=clock.now(),
        session=name_of(request),
        again=again,
    )
    if given is None:
        raise passkeys.WrongPasskey()
    return given


def name_of(request: HttpRequest) -> str:
    """What tells this session from others, and does not open it."""
    return hashlib.sha256((request.session.session_key or "").encode()).hexdigest()[:32]


def place(request: HttpRequest) -> str:
    """The network address a code comes from, as the throttle counts it."""
    return str(get_adapter().get_client_ip(request))


def passed(request: HttpRequest) -> bool:
    """Whether this session has shown the person's second factor."""
    return _mark(request) is not None


def note_passed(request: HttpRequest, user: Any) -> None:
    """The second factor was shown at sign-in."""
    request.session[_SLOT] = {"user": user.pk}


def note_asked_again(request: HttpRequest, at: datetime) -> None:
    """The second factor was shown again by the signed-in person."""
    request.session[_SLOT] = {"user": request.user.pk, "asked": at.timestamp()}


def asked_recently(request: HttpRequest, at: datetime) -> bool:
    """Whether the answer was given again within the last five minutes of this session."""
    mark = _mark(request)
    return mark is not None and 0 <= at.timestamp() - mark.get("asked", 0) < ASKED_FOR.total_seconds()


def renew(request: HttpRequest, at: datetime) -> None:
    """Keep this session after the person's factors changed; all others have ended."""
    person: Any = request.user
    person.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, person)
    note_asked_again(request, at)


def note_password(request: HttpRequest, at: datetime) -> None:
    """The password was given in this session."""
    request.session[_PASSWORD] = at.timestamp()


def password_is_fresh(request: HttpRequest, at: datetime) -> bool:
    """Whether the password was given in this session within the last half an hour."""
    return 0 <= at.timestamp() - request.session.get(_PASSWORD, 0) < PASSWORD_FOR.total_seconds()


# --- recovery codes are shown once: for a quarter of an hour after they were made -----------------------


def show_codes(request: HttpRequest, at: datetime) -> None:
    request.session[_CODES] = (at + CODES_SHOWN_FOR).timestamp()


def codes_may_be_shown(request: HttpRequest, at: datetime) -> bool:
    return at.timestamp() < request.session.get(_CODES, 0)


def hide_codes(request: HttpRequest) -> None:
    request.session.pop(_CODES, None)


def _mark(request: HttpRequest) -> dict[str, Any] | None:
    mark = request.session.get(_SLOT)
    return mark if mark and mark["user"] == request.user.pk else None
