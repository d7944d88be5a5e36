"""The second factor of a person: codes of an app, recovery codes; passkeys.py adds to it. All its writes.

The table is django-allauth's; secrets in it are sealed. A code works once. Wrong ones are counted in the database by
person and place, so that who guesses from afar does not lock out the owner.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core import clock
from apps.core.errors import InvalidInput, NotAllowed, TransitionNotAllowed, require
from apps.notifications import services as notifications

from . import sealing, selectors, totp
from .demo import DEMO_TOTP_SECRET
from .models import User
from .services import TooManyAttempts

PLACE_ATTEMPTS, PLACE_WINDOW = 10, 300  # wrong codes of a person from one place, in seconds
PERSON_ATTEMPTS, PERSON_WINDOW = 20, 3600  # from all places where the person never gave a right one
PLACE_KNOWN = 30 * 24 * 3600  # seconds for which a place of the person stays known
APP, RECOVERY, PASSKEY = (
    Authenticator.Type.TOTP,
    Authenticator.Type.RECOVERY_CODES,
    Authenticator.Type.WEBAUTHN,
)


class TooManyCodes(TooManyAttempts):
    """Too many wrong codes in a short time; the account itself stays open."""

    message = _("Too many wrong codes. Try again in five minutes; your account itself stays open.")


class SecondFactorNeeded(NotAllowed):
    """A signature asks for the second factor once more."""

    code = "second_factor_needed"
    message = _("A signature asks for the code of your second factor once more.")


class WrongCode(InvalidInput):
    """Not a code of the person, or one used before."""

    code = "wrong_code"
    message = _("This code does not fit, or it was used already. Wait for the next one.")


@dataclass(frozen=True)
class Given:
    """A right answer: which factor gave it, and how many recovery codes are left when it was one of them."""

    kind: str
    left: int | None = None


# --- asking for a code --------------------------------------------------------------------------------


def check_code(
    *, user_id: int, code: str, place: str, at: datetime, session: str = "", again: bool = False
) -> Given | None:
    """Whether this is a code of the person's app or a recovery code not used before; None when it is not.

    `place` is the network address it comes from. Wrong codes are counted; over the limit TooManyCodes is raised, and a
    right code does not help. `session` names the session: a form sent twice by it, with the same code, is no replay.
    `again`: asked before a signature, which the journal keeps. Call it before the transaction of the use-case: a count
    must not be rolled back.
    """
    return attempt(
        user_id=user_id,
        answer=lambda person: _answer(person, code, at, session),
        place=place,
        at=at,
        again=again,
    )


@transaction.atomic
def attempt(
    *, user_id: int, answer: Callable[[User], Given | None], place: str, at: datetime, again: bool
) -> Given | None:
    """What `answer` says of the locked person, counted where it is None, remembered and journaled where it is right."""
    person = User.objects.select_for_update().get(pk=user_id)  # parallel guesses are counted one by one
    _refuse_guessers(person, place)
    given = answer(person) if person.is_active else None
    if given is None:
        _count_wrong(person, place, at)
        return None
    _remember_place(person, place)
    if given.kind == RECOVERY:
        audit.record(
            actor=person, action="second_factor.recovery_code_used", target=person, at=at,
            data={"left": given.left},
        )  # fmt: skip
        _tell(person, "accounts.recovery_code_used", at, left=given.left)
    if again:
        audit.record(
            actor=person, action="second_factor.asked_again", target=person, at=at,
            data={"kind": str(given.kind)},
        )  # fmt: skip
    return given


def _answer(person: User, code: str, at: datetime, session: str) -> Given | None:
    for factor in Authenticator.objects.filter(user=person, type__in=[APP, RECOVERY]).order_by("pk"):
        try:
            given = (
                _app_answer(person, factor, code, at, session)
                if factor.type == APP
                else _recovery_answer(factor, code)
            )
        except sealing.Unreadable:
            continue  # sealed under another key: a recovery by administrators is needed
        if given is not None:
            Authenticator.objects.filter(pk=factor.pk).update(last_used_at=at)
            return given
    return None


def _app_answer(person: User, factor: Authenticator, code: str, at: datetime, session: str) -> Given | None:
    # The secret of the demonstration is printed on its pages: there a used code protects nobody and hinders many.
    used = 0 if person.is_demo else factor.data.get("step", 0)
    if used and session and factor.data.get("session") == session:
        used -= 1
    step = totp.step_of(sealing.unseal(factor.data["secret"]), code, at=clock.unmoved(at), after=used)
    if step is None:
        return None
    Authenticator.objects.filter(pk=factor.pk).update(data={**factor.data, "step": step, "session": session})
    return Given(APP)


def _recovery_answer(factor: Authenticator, code: str) -> Given | None:
    codes = RecoveryCodes(factor)
    if not codes.validate_code(totp.digits(code)):
        return None
    return Given(RECOVERY, left=len(codes.get_unused_codes()))


def _refuse_guessers(person: User, place: str) -> None:
    here = cache.get(f"codes:{person.pk}:{place}", 0) >= PLACE_ATTEMPTS
    anywhere = cache.get(f"codes:{person.pk}", 0) >= PERSON_ATTEMPTS
    if here or (anywhere and not cache.get(f"place:{person.pk}:{place}")):
        raise TooManyCodes()


def _count_wrong(person: User, place: str, at: datetime) -> None:
    here = cache.get(f"codes:{person.pk}:{place}", 0) + 1
    cache.set(f"codes:{person.pk}:{place}", here, PLACE_WINDOW)
    if not cache.get(f"place:{person.pk}:{place}"):
        cache.set(f"codes:{person.pk}", cache.get(f"codes:{person.pk}", 0) + 1, PERSON_WINDOW)
    if here == PLACE_ATTEMPTS:
        # Who gets here knows the password already: the person must hear of it.
        audit.record(actor=None, action="second_factor.guessed", target=person, at=at)
        _tell(person, "accounts.codes_guessed", at)


def _remember_place(person: User, place: str) -> None:
    cache.delete(f"codes:{person.pk}:{place}")
    cache.set(f"place:{person.pk}:{place}", True, PLACE_KNOWN)


# --- setting up and taking away -------------------------------------------------------------------------


@transaction.atomic
def add_app(*, actor: User, secret: str, code: str, at: datetime) -> bool:
    """Confirm an app by a code of it; an earlier app of the person stops working. Ends all other sessions.

    True when recovery codes were made along with it, to be shown once. Raises InvalidInput (`code`) for a wrong code.
    """
    person = User.objects.select_for_update().get(pk=actor.pk)
    require(person.is_active)
    not_in_the_demo(person)
    step = totp.step_of(secret, code, at=clock.unmoved(at))
    if step is None:
        raise InvalidInput(
            fields={"code": [_("This is not the code that the app shows now. Try the next one.")]}
        )
    replaced = Authenticator.objects.filter(user=person, type=APP).delete()[0]
    Authenticator.objects.create(
        user=person,
        type=APP,
        created_at=at,
        last_used_at=at,
        data={"secret": sealing.seal(secret), "step": step},
    )
    added(person, APP, at, replaced=bool(replaced))
    return recovery_codes_if_none(person, at)


@transaction.atomic
def make_recovery_codes(*, actor: User, at: datetime) -> None:
    """New recovery codes, to be shown once; the earlier ones stop working."""
    person = User.objects.select_for_update().get(pk=actor.pk)
    not_in_the_demo(person)
    if not Authenticator.objects.filter(user=person, type__in=[APP, PASSKEY]).exists():
        raise TransitionNotAllowed(_("Set up the second factor first."))
    Authenticator.objects.filter(user=person, type=RECOVERY).delete()
    recovery_codes_if_none(person, at)
    _tell(person, "accounts.recovery_codes_made", at)


@transaction.atomic
def take_away(*, actor: User, factor_id: int, at: datetime) -> None:
    """Take away one of one's own factors; the last one stays while an official role asks for it. Ends other sessions."""
    person = User.objects.select_for_update().get(pk=actor.pk)
    not_in_the_demo(person)
    factors = list(Authenticator.objects.filter(user=person, type__in=[APP, PASSKEY]))
    factor = next((factor for factor in factors if factor.pk == factor_id), None)
    if factor is None:
        raise TransitionNotAllowed(_("This was taken away already."))
    if len(factors) == 1 and selectors.needs_second_factor(person):
        raise TransitionNotAllowed(
            _("Your role needs a second factor. Set up another one first, then take this one away.")
        )
    factor.delete()
    if len(factors) == 1:
        Authenticator.objects.filter(user=person, type=RECOVERY).delete()
    _end_sessions(person)
    audit.record(
        actor=person, action="second_factor.removed", target=person, at=at, data={"kind": str(factor.type)}
    )
    _tell(person, "accounts.second_factor_removed", at, kind=str(factor.type))


@transaction.atomic
def give_demo_app(*, user_id: int, at: datetime) -> None:
    """The well-known app of a demonstration account, so that anybody can try the portal; nothing when it is there."""
    person = User.objects.select_for_update().get(pk=user_id)
    if not person.is_demo:
        raise TransitionNotAllowed()
    if not Authenticator.objects.filter(user=person, type=APP).exists():
        Authenticator.objects.create(
            user=person, type=APP, created_at=at, data={"secret": sealing.seal(DEMO_TOTP_SECRET)}
        )
        audit.record(actor=None, action="second_factor.added", target=person, at=at, data={"kind": str(APP)})


def recovery_codes_if_none(person: User, at: datetime) -> bool:
    """Part of a step that sets a factor up: whether codes were made."""
    if Authenticator.objects.filter(user=person, type=RECOVERY).exists():
        return False
    RecoveryCodes.activate(person)
    audit.record(actor=person, action="second_factor.recovery_codes_made", target=person, at=at)
    return True


def added(person: User, kind: str, at: datetime, *, replaced: bool = False) -> None:
    """A factor is there: other sessions end, the journal and a letter tell it."""
    _end_sessions(person)
    audit.record(
        actor=person, action="second_factor.added", target=person, at=at,
        data={"kind": str(kind), "replaced": replaced},
    )  # fmt: skip
    _tell(person, "accounts.second_factor_added", at, kind=str(kind))


def _end_sessions(person: User) -> None:
    """The view that called renews the session of this request."""
    person.session_epoch += 1
    person.save(update_fields=["session_epoch"])


def not_in_the_demo(person: User) -> None:
    """Raises TransitionNotAllowed for an account of the demonstration."""
    if person.is_demo:
        raise TransitionNotAllowed(_("The second factor of a demonstration account stays as it is listed."))


def _tell(person: User, template: str, at: datetime, **payload: object) -> None:
    notifications.enqueue(
        template=template,
        recipients=[person],
        payload={"at": at.isoformat(), **payload},
        key=f"{template}:{person.pk}:{at.isoformat()}",
        at=at,
    )
