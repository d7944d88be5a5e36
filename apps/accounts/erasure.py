"""Erasing the contacts of a closed account, for good, and the ledger by which a restored backup does it again.

Erased are the e-mail address, the password, the second factor, kept forms and counters of sign-in. The journal holds
ids only: its chain stays as it is. The name stays with who acted for an organisation, for it is part of the documents;
of anybody else it is erased too.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.audit.models import JournalEntry
from apps.core.errors import InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.notifications import services as notifications

from . import counters, policies
from .models import Erasure, ErasureGround, Invitation, KeptForm, User

BY_HAND = (ErasureGround.REQUEST, ErasureGround.AUTHORITY, ErasureGround.MISTAKE)


class NoLedger(ValueError):
    """What was given is no ledger of erasures."""


@transaction.atomic
def erase_contacts(*, actor: User | None, user_id: int, ground: str, reference: str, at: datetime) -> Erasure:
    """Erase the contacts of a closed account on a ground; it cannot be undone and the account cannot be opened again.

    `reference` is the number and date of the request or decision. Raises NotAllowed, TransitionNotAllowed, InvalidInput
    (fields ground, reference).
    """
    user = User.objects.select_for_update().get(pk=user_id)
    require(policies.can_erase_contacts(actor, user))
    if user.is_active:
        raise TransitionNotAllowed(_("Only the contacts of a closed account are erased. Close it first."))
    if user.contacts_erased_at is not None:
        raise TransitionNotAllowed(_("The contacts of this person were erased already."))
    reference = clean_text(reference, one_line=True)[:200]
    if ground not in BY_HAND:
        raise InvalidInput(fields={"ground": [_("Choose the ground.")]})
    if not reference and ground != ErasureGround.MISTAKE:
        raise InvalidInput(fields={"reference": [_("Give number and date of the request or decision.")]})
    return _erase(user, actor=actor, ground=ground, reference=reference, at=at)


@transaction.atomic
def erase_past_term(*, user_id: int, closed_before: datetime, at: datetime) -> bool:
    """Time alone erases: the account was closed before that moment and still is. False: nothing was due."""
    user = (
        User.objects.select_for_update()
        .filter(pk=user_id, contacts_erased_at=None, is_active=False, deactivated_at__lt=closed_before)
        .first()
    )
    if user is None:
        return False
    _erase(user, actor=None, ground=ErasureGround.TERM, reference="", at=at)
    return True


def _erase(user: User, *, actor: User | None, ground: str, reference: str, at: datetime) -> Erasure:
    name_kept = bool(user.full_name) and acted(user)
    user.email = f"erased-{user.pk}@erased.invalid"
    user.full_name = user.full_name if name_kept else ""
    user.contacts_erased_at = at
    user.session_epoch += 1
    user.set_unusable_password()
    user.save(update_fields=["email", "full_name", "contacts_erased_at", "session_epoch", "password"])
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    Invitation.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=at)
    KeptForm.objects.filter(person=user).erase()
    counters.forget_person(user.pk)
    notifications.set_aside_letters_to(recipient_id=user.pk)
    erasure = Erasure.objects.create(
        person=user, erased_at=at, ground=ground, reference=reference, erased_by=actor, name_kept=name_kept
    )
    audit.record(
        actor=actor,
        action="person.contacts_erased",
        target=user,
        at=at,
        data={"ground": str(ground), "name_kept": name_kept},
    )
    return erasure


def acted(user: User) -> bool:
    """Whether the person acted for an organisation or on a file, or a substitute did in the person's place."""
    own = JournalEntry.objects.filter(actor=user).filter(
        Q(act_id__isnull=False) | Q(organization_id__isnull=False)
    )
    return own.exists() or JournalEntry.objects.filter(data__for=user.pk).exists()


# --- the ledger ----------------------------------------------------------------------------------------


def ledger() -> list[dict[str, str | int]]:
    """Every erasure, oldest first: ids, times and grounds, to be kept apart from the backups."""
    rows = Erasure.objects.select_related("person").order_by("erased_at", "pk")
    return [
        {
            "person": row.person_id,
            "created_at": row.person.created_at.isoformat(),
            "erased_at": row.erased_at.isoformat(),
            "ground": row.ground,
            "reference": row.reference,
        }
        for row in rows
    ]


def read_ledger(given: Any) -> list[dict[str, Any]]:
    """A ledger, or the manifest of a backup that holds one, ready for `erase_again`. Raises NoLedger."""
    rows = given.get("erasures") if isinstance(given, dict) else given
    if not isinstance(rows, list):
        raise NoLedger("There is no list of erasures in it.")
    try:
        return [
            {
                "person": int(row["person"]),
                "created_at": datetime.fromisoformat(row["created_at"]),
                "erased_at": datetime.fromisoformat(row["erased_at"]),
                "ground": ErasureGround(row["ground"]),
                "reference": str(row["reference"])[:200],
            }
            for row in rows
        ]
    except (KeyError, TypeError, ValueError) as problem:
        raise NoLedger(f"This is no line of a ledger of erasures: {problem}") from problem


@transaction.atomic
def erase_again(rows: Iterable[dict[str, Any]], *, at: datetime) -> int:
    """What had been erased before the loss is erased in the restored portal too; how many people.

    An id alone does not say who it is: a person entered after the backup is not in it, and the id is given anew. So
    the moment at which the account was made must fit as well.
    """
    again = 0
    for row in rows:
        user = (
            User.objects.select_for_update()
            .filter(pk=row["person"], created_at=row["created_at"], contacts_erased_at=None)
            .first()
        )
        if user is None:
            continue
        if user.is_active:
            user.is_active, user.deactivated_at = False, at
            user.save(update_fields=["is_active", "deactivated_at"])
            audit.record(actor=None, action="person.deactivated", target=user, at=at)
        _erase(user, actor=None, ground=row["ground"], reference=row["reference"], at=at)
        again += 1
    return again
