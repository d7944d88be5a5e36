"""Accounts: invitation, passwords, personal settings, closing and opening an account."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import DomainError, InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.notifications import services as notifications

from . import policies, selectors
from .models import Invitation, User

INVITATION_DAYS = 14
CONFIRM_ATTEMPTS = 10  # wrong passwords of a signed-in person, in CONFIRM_WINDOW
CONFIRM_WINDOW = 300  # seconds


class InvitationNotUsable(DomainError):
    """The link was used, revoked, replaced or is older than 14 days."""

    status = 404
    code = "invitation_not_usable"
    message = _("This link no longer works. Ask the administrator of the portal for a new one.")


class TooManyAttempts(DomainError):
    """Too many wrong passwords in a short time; the account itself stays open."""

    status = 429
    code = "too_many_attempts"
    message = _("Too many wrong passwords. Try again in five minutes.")


# --- invitation -----------------------------------------------------------------------------------


@transaction.atomic
def invite(
    *,
    actor: User | None,
    email: str,
    language: str,
    at: datetime,
    full_name: str = "",
    template: str = "accounts.invitation",
    payload: dict[str, Any] | None = None,
) -> tuple[User, str]:
    """Invite a person by e-mail; returns the account and the secret of its one-time link.

    `actor` None is the installation itself. Earlier open links of the same person stop working. The letter is
    `template` with `payload` and the invitation's id. A person who already has a password needs no invitation:
    TransitionNotAllowed. Raises NotAllowed, InvalidInput.
    """
    require(policies.can_manage_people(actor))
    email = _clean_email(email)
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, full_name=full_name, language=language, created_at=at)
        audit.record(actor=actor, action="person.created", target=user, at=at)
    elif not user.is_active:
        raise InvalidInput(fields={"email": [_("This account is closed. Open it again first.")]})
    elif user.has_usable_password():
        raise TransitionNotAllowed(_("This person already has an account."))
    return user, _new_invitation(actor, user, at, template, payload or {})


@transaction.atomic
def resend_invitation(
    *,
    actor: User,
    user_id: int,
    at: datetime,
    template: str = "accounts.invitation",
    payload: dict[str, Any] | None = None,
) -> str:
    """A new one-time link for a person who has not accepted yet; returns its secret. The old link stops working."""
    user = User.objects.select_for_update().get(pk=user_id)
    require(policies.can_manage_people(actor))
    if not user.is_active or user.has_usable_password():
        raise TransitionNotAllowed(_("This person already has an account."))
    return _new_invitation(actor, user, at, template, payload or {})


@transaction.atomic
def revoke_invitation(*, actor: User, user_id: int, at: datetime) -> int:
    """Stop every open link of a person; how many there were."""
    user = User.objects.select_for_update().get(pk=user_id)
    require(policies.can_manage_people(actor))
    revoked = Invitation.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=at)
    if revoked:
        audit.record(actor=actor, action="invitation.revoked", target=user, at=at)
    return revoked


@transaction.atomic
def accept_invitation(*, token: str, full_name: str, password: str, language: str, at: datetime) -> User:
    """Open the account behind a link: name, password, language. Works once. Raises InvitationNotUsable, InvalidInput."""
    found = selectors.usable_invitation(token, at=at)
    if found is None:
        raise InvitationNotUsable()
    user = User.objects.select_for_update().get(pk=found.user_id)
    # Asked again behind the lock: two tabs open one account once.
    if not Invitation.objects.usable(at).filter(pk=found.pk).exists():
        raise InvitationNotUsable()
    full_name = _clean_name(full_name)
    user.full_name, user.language = full_name, language
    _check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["full_name", "language", "password"])
    Invitation.objects.filter(pk=found.pk).update(used_at=at)
    Invitation.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=at)
    audit.record(actor=user, action="invitation.accepted", target=user, at=at, data={"invitation": found.pk})
    return user


def _new_invitation(
    actor: User | None, user: User, at: datetime, template: str, payload: dict[str, Any]
) -> str:
    Invitation.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=at)
    invitation = Invitation(
        user=user,
        token_hash=f"unset:{user.pk}:{at.isoformat()}"[:64],
        invited_by=actor,
        created_at=at,
        expires_at=at + timedelta(days=INVITATION_DAYS),
    )
    invitation.save(force_insert=True)  # its id is part of the secret
    token = selectors.invitation_token(invitation)
    invitation.token_hash = selectors.token_hash(token)
    invitation.save(update_fields=["token_hash"])
    audit.record(
        actor=actor, action="invitation.sent", target=user, at=at, data={"invitation": invitation.pk}
    )
    notifications.enqueue(
        template=template,
        recipients=[user],
        payload={**payload, "invitation": invitation.pk},
        key=f"invitation:{invitation.pk}",
        at=at,
    )
    return token


# --- passwords ------------------------------------------------------------------------------------


def confirm_password(*, actor: User, password: str, at: datetime | None = None) -> bool:
    """Whether this is the person's own password, asked again before the second factor is set up.

    Wrong answers are counted in the database; after ten in five minutes TooManyAttempts is raised, while reading goes
    on. Call it before the transaction of the use-case: a count must not be rolled back.
    """
    key = f"confirm-password:{actor.pk}"
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=actor.pk)  # parallel guesses are counted one by one
        wrong = cache.get(key, 0)
        if wrong >= CONFIRM_ATTEMPTS:
            raise TooManyAttempts()
        if person.is_active and person.check_password(password):
            cache.delete(key)
            return True
        cache.set(key, wrong + 1, CONFIRM_WINDOW)
        return False


@transaction.atomic
def set_password(*, user_id: int, password: str, at: datetime) -> User:
    """A new password, checked by the form that asked for it. Ends the person's other sessions; a letter says so."""
    user = User.objects.select_for_update().get(pk=user_id)
    if user.is_demo:
        raise TransitionNotAllowed(_("The password of a demonstration account stays as it is listed."))
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(actor=user, action="password.changed", target=user, at=at)
    notifications.enqueue(
        template="accounts.password_changed",
        recipients=[user],
        payload={"at": at.isoformat()},
        key=f"password_changed:{user.pk}:{at.isoformat()}",
        at=at,
    )
    return user


@transaction.atomic
def request_password_reset(*, user_id: int, at: datetime) -> bool:
    """Send the link by which a forgotten password is set anew. Nothing for who has no password yet: they are invited."""
    user = User.objects.select_for_update().get(pk=user_id)
    if user.is_demo or not (user.is_active and user.has_usable_password()):
        return False
    notifications.enqueue(
        template="accounts.password_reset",
        recipients=[user],
        payload={"user": user.pk},
        key=f"password_reset:{user.pk}:{at.isoformat()}",
        at=at,
    )
    return True


# --- the person's own settings, and the account as a whole ---------------------------------------------


@transaction.atomic
def save_settings(*, actor: User, full_name: str, language: str, at: datetime) -> User:
    """A person's own name and language of letters. Documents already issued keep the name they were signed with."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    full_name = _clean_name(full_name)
    changed = [
        field
        for field, value in (("full_name", full_name), ("language", language))
        if getattr(user, field) != value
    ]
    if changed:
        user.full_name, user.language = full_name, language
        user.save(update_fields=["full_name", "language"])
        audit.record(actor=user, action="person.changed", target=user, at=at, data={"fields": changed})
    return user


@transaction.atomic
def deactivate(*, actor: User | None, user_id: int, at: datetime) -> User:
    """Close an account: every session ends at its next request, open links stop working, a letter says so."""
    user = User.objects.select_for_update().get(pk=user_id)
    require(
        policies.can_manage_people(actor) and (actor is None or actor.pk != user.pk),
        _("Nobody closes their own account."),
    )
    if not user.is_active:
        raise TransitionNotAllowed(_("This account is closed already."))
    user.is_active, user.deactivated_at = False, at
    user.session_epoch += 1
    user.save(update_fields=["is_active", "deactivated_at", "session_epoch"])
    Invitation.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=at)
    audit.record(actor=actor, action="person.deactivated", target=user, at=at)
    _tell(user, "accounts.deactivated", at)
    return user


@transaction.atomic
def reactivate(*, actor: User, user_id: int, at: datetime) -> User:
    """Open a closed account again; the person signs in anew."""
    user = User.objects.select_for_update().get(pk=user_id)
    require(policies.can_manage_people(actor))
    if user.is_active:
        raise TransitionNotAllowed(_("This account is open already."))
    if user.contacts_erased_at is not None:
        raise TransitionNotAllowed(_("The contacts of this person were erased. Invite the person anew."))
    user.is_active, user.deactivated_at = True, None
    user.session_epoch += 1
    user.save(update_fields=["is_active", "deactivated_at", "session_epoch"])
    audit.record(actor=actor, action="person.reactivated", target=user, at=at)
    _tell(user, "accounts.reactivated", at)
    return user


def _tell(user: User, template: str, at: datetime) -> None:
    notifications.enqueue(
        template=template, recipients=[user], payload={}, key=f"{template}:{user.pk}:{at.isoformat()}", at=at
    )


def _clean_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as problem:
        raise InvalidInput(fields={"email": problem.messages}) from problem
    return email


def _clean_name(full_name: str) -> str:
    full_name = clean_text(full_name, one_line=True)
    if not full_name:
        raise InvalidInput(fields={"full_name": [_("Give your full name: it stands under what you sign.")]})
    return full_name[:200]


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise InvalidInput(fields={"password": problem.messages}) from problem
