"""Passkeys: asking a browser for one, adding one, checking what it answered.

The table and the reading of what is stored are django-allauth's, the cryptography is fido2's. What is asked (the
challenge) is kept here and not in the library's one slot of the session, so that it is spent by its first use however
many requests come at once, ends after five minutes, and counts for one step of one session only.
"""

import binascii
import json
import struct
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from fido2.cose import UnsupportedKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    CollectedClientData,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from apps.core.errors import InvalidInput, TransitionNotAllowed, require

from . import second_factor
from .models import User
from .second_factor import PASSKEY, Given, TooManyCodes, WrongCode

ASKED_FOR = 300  # seconds for which an answer is waited for
ASKED_MOST = 60  # times a person in that time: each is a row
LONGEST = 16_000  # characters of an answer
LONGEST_NAME = 60
MOST = 20  # passkeys of a person
SIGN_IN, ADDING = "sign-in", "adding"
# Whatever else the parsers of JSON, CBOR and keys say to bytes that somebody made up.
_MALFORMED = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, NotImplementedError, RecursionError,
    struct.error, binascii.Error,
)  # fmt: skip


class WrongPasskey(WrongCode):
    """Not an answer of a passkey of the person to what was asked for this step, or one given before."""

    code = "wrong_passkey"
    message = gettext_lazy(
        "This passkey did not fit, or too much time went by. Use it once more, or type a code."
    )


def usable() -> bool:
    """Whether browsers allow passkeys here: they belong to a domain name, with HTTPS or on one's own machine."""
    site = urlsplit(settings.SITE_URL)
    host = site.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return site.scheme == "https" or host == "localhost"
    return False


def is_answer(text: Any) -> bool:
    """Whether this is what a passkey answered and not a code that somebody typed."""
    return str(text or "").lstrip().startswith("{")


def signing(path: str) -> str:
    """The purpose of a passkey shown again: for the form of one address."""
    return f"again:{path}"


# --- asking ---------------------------------------------------------------------------------------------


def ask(*, person: User, purpose: str, session: str, at: datetime) -> dict[str, Any]:
    """What the browser asks one of the person's passkeys with (PublicKeyCredentialRequestOptionsJSON)."""
    known = auth.get_credentials(person) if usable() else []
    if not known:
        raise TransitionNotAllowed(_("There is no passkey to use. Type a code."))
    options, state = _server().authenticate_begin(known, UserVerificationRequirement.REQUIRED)
    _keep(person, purpose, session, state, at)
    return dict(dict(options)["publicKey"])


def ask_for_new(*, person: User, session: str, at: datetime) -> dict[str, Any]:
    """What the browser makes a new passkey with (PublicKeyCredentialCreationOptionsJSON)."""
    second_factor.not_in_the_demo(person)
    if not usable():
        raise TransitionNotAllowed(_("Passkeys do not work at this address of the portal."))
    options, state = _server().register_begin(
        auth.build_user_payload(person),
        auth.get_credentials(person),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep(person, ADDING, session, state, at)
    return dict(dict(options)["publicKey"])


def _server() -> Fido2Server:
    return Fido2Server(
        get_adapter().get_public_key_credential_rp_entity(),  # type: ignore[arg-type]
        verify_origin=lambda origin: origin == _origin(),
    )


def _origin() -> str:
    """The address of the portal as a browser writes it: no other host of the same domain may ask for its passkeys."""
    site = urlsplit(settings.SITE_URL)
    port = "" if site.port in {None, {"https": 443, "http": 80}.get(site.scheme)} else f":{site.port}"
    return f"{site.scheme}://{site.hostname}{port}"


def _keep(person: User, purpose: str, session: str, state: dict[str, Any], at: datetime) -> None:
    asked = cache.get(f"passkeys:{person.pk}", 0)
    if asked >= ASKED_MOST:
        raise TooManyCodes()
    cache.set(f"passkeys:{person.pk}", asked + 1, ASKED_FOR)
    kept = {
        "person": person.pk, "purpose": purpose, "session": session, "at": at.timestamp(),
        "state": {name: str(value) for name, value in state.items()},
    }  # fmt: skip
    cache.set(f"passkey:{state['challenge']}", kept, ASKED_FOR)


def _take(
    client: CollectedClientData, person: User, purpose: str, session: str, at: datetime
) -> dict[str, Any]:
    """What was asked, spent by this: nobody gets it a second time. Raises ValueError."""
    key = f"passkey:{websafe_encode(client.challenge)}"
    kept = cache.get(key)
    if not cache.delete(key) or kept is None:
        raise ValueError("never asked, or answered before")
    if (kept["person"], kept["purpose"], kept["session"]) != (person.pk, purpose, session):
        raise ValueError("asked for another step")
    if not 0 <= at.timestamp() - kept["at"] < ASKED_FOR:
        raise ValueError("asked too long ago")
    if client.cross_origin:
        raise ValueError("asked from within a page of somebody else")
    return dict(kept["state"])


# --- checking ---------------------------------------------------------------------------------------------


def check(
    *, user_id: int, answer: str, purpose: str, place: str, at: datetime, session: str, again: bool = False
) -> Given | None:
    """Whether a passkey of the person answered what this session asked for this purpose; None when it did not.

    Counted, refused and journaled as a code is: see second_factor.check_code. An answer counts once.
    """
    return second_factor.attempt(
        user_id=user_id,
        answer=lambda person: _answer(person, answer, purpose, session, at),
        place=place,
        at=at,
        again=again,
    )


def _answer(person: User, answer: str, purpose: str, session: str, at: datetime) -> Given | None:
    try:
        given = AuthenticationResponse.from_dict(json.loads(answer))
        state = _take(given.response.client_data, person, purpose, session, at)
        _server().authenticate_complete(state, auth.get_credentials(person), given)
    except _MALFORMED:
        return None
    factor = auth.get_authenticator_by_credential_id(person, given.raw_id)
    # A counter that does not go on: there is a copy of the device. Passkeys kept by a password manager stay at 0.
    now, before = given.response.authenticator_data.counter, factor.data.get("count", 0) if factor else 0
    if factor is None or ((now or before) and now <= before):
        return None
    Authenticator.objects.filter(pk=factor.pk).update(last_used_at=at, data={**factor.data, "count": now})
    return Given(PASSKEY)


# --- adding -----------------------------------------------------------------------------------------------


def add(*, actor: User, name: str, answer: str, session: str, at: datetime) -> bool:
    """Keep the passkey that a device just made. Ends all other sessions.

    True when recovery codes were made along with it, to be shown once. Raises InvalidInput (`name`) when the answer does
    not fit what this session asked; what was asked is spent by that, so it stands before the transaction.
    """
    second_factor.not_in_the_demo(actor)
    try:
        credential = json.loads(answer)
        given = RegistrationResponse.from_dict(credential)
        state = _take(given.response.client_data, actor, ADDING, session, at)
        made = _server().register_complete(state, given)
        data = made.credential_data
        if data is None or isinstance(data.public_key, UnsupportedKey):
            raise ValueError("no key that can be checked")
    except _MALFORMED:
        raise InvalidInput(fields={"name": [_("The passkey was not added. Try once more.")]}) from None
    return _add(actor, name, credential, data, made.counter, at)


@transaction.atomic
def _add(
    actor: User, name: str, credential: Any, data: AttestedCredentialData, count: int, at: datetime
) -> bool:
    person = User.objects.select_for_update().get(pk=actor.pk)
    require(person.is_active)
    passkeys = Authenticator.objects.filter(type=PASSKEY)
    identity = websafe_encode(data.credential_id)
    if passkeys.filter(data__id=identity).exists():
        raise InvalidInput(fields={"name": [_("This passkey is here already.")]})
    if passkeys.filter(user=person).count() >= MOST:
        raise TransitionNotAllowed(_("That is too many passkeys. Take away one that you do not use."))
    Authenticator.objects.create(
        user=person,
        type=PASSKEY,
        created_at=at,
        last_used_at=None,
        data={"id": identity, "name": name[:LONGEST_NAME], "credential": credential, "count": count},
    )
    second_factor.added(person, PASSKEY, at)
    return second_factor.recovery_codes_if_none(person, at)
