"""Entering, changing, closing an organisation."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.notifications import services as notifications

from .. import policies, selectors
from ..enums import OrganizationKind, Role
from ..models import Membership, Organization

# What may be changed after the entry; the code is an address and the roles hang on the kind.
EDITABLE = (
    "name_ky",
    "name_ru",
    "name_en",
    "short_name_ky",
    "short_name_ru",
    "short_name_en",
    "is_national",
    "coordinates",
    "single_officer",
    "email",
)
FLAG_OF_KIND = {
    "is_national": OrganizationKind.ASSOCIATION,
    "single_officer": OrganizationKind.ASSOCIATION,
    "coordinates": OrganizationKind.STATE_BODY,
}


@transaction.atomic
def seed_institutions(*, at: datetime) -> int:
    """Enter the bodies an installation starts with; those already there stay as they are. How many were entered."""
    path = Path(__file__).resolve().parent.parent / "data" / "institutions.json"
    bodies = [Organization(**row, opened_at=at) for row in json.loads(path.read_text(encoding="utf-8"))]
    known = set(Organization.objects.values_list("code", flat=True))
    missing = [body for body in bodies if body.code not in known]
    Organization.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


@transaction.atomic
def create_organization(
    *, actor: User | None, code: str, kind: str, fields: dict[str, Any], at: datetime
) -> Organization:
    """Enter an organisation. `fields` are those of EDITABLE. Raises NotAllowed, InvalidInput."""
    require(policies.can_administer(actor))
    if Organization.objects.filter(code=code).exists():
        raise InvalidInput(fields={"code": [_("Another organisation has this code.")]})
    body = Organization(code=code, kind=kind, opened_at=at, **_checked(kind, fields))
    body.save(force_insert=True)
    audit.record(
        actor=actor,
        action="organization.created",
        target=body,
        at=at,
        organization_id=body.pk,
        data={"code": code},
    )
    return body


@transaction.atomic
def save_organization(
    *, actor: User, organization_id: int, fields: dict[str, Any], at: datetime
) -> Organization:
    """Change names and marks of an organisation; documents already issued keep the names they were issued with."""
    body = Organization.objects.select_for_update().get(pk=organization_id)
    require(policies.can_administer(actor))
    checked = _checked(body.kind, fields)
    changed = [name for name, value in checked.items() if getattr(body, name) != value]
    if not changed:
        return body
    if "coordinates" in changed and body.coordinates and _holders(body, Role.COORDINATOR, at):
        raise InvalidInput(
            fields={"coordinates": [_("People hold the role of coordinator here. End it first.")]}
        )
    for name in changed:
        setattr(body, name, checked[name])
    body.save(update_fields=changed)
    audit.record(
        actor=actor,
        action="organization.changed",
        target=body,
        at=at,
        organization_id=body.pk,
        data={"fields": sorted(changed)},
    )
    return body


@transaction.atomic
def close_organization(*, actor: User, organization_id: int, at: datetime) -> Organization:
    """The organisation takes part no more: its people keep their accounts and lose what their roles here allowed."""
    body = Organization.objects.select_for_update().get(pk=organization_id)
    require(policies.can_administer(actor))
    if body.closed_at is not None:
        raise TransitionNotAllowed(_("This organisation is closed already."))
    if body.kind == OrganizationKind.OPERATOR:
        raise TransitionNotAllowed(_("The operator of the portal cannot be closed."))
    body.closed_at = at
    body.save(update_fields=["closed_at"])
    audit.record(actor=actor, action="organization.closed", target=body, at=at, organization_id=body.pk)
    _write("organizations.closed", selectors.people([body.pk], *Role.values, at=at), body, at)
    return body


@transaction.atomic
def reopen_organization(*, actor: User, organization_id: int, at: datetime) -> Organization:
    """Undo a closing: the roles that were not ended meanwhile work again."""
    body = Organization.objects.select_for_update().get(pk=organization_id)
    require(policies.can_administer(actor))
    if body.closed_at is None:
        raise TransitionNotAllowed(_("This organisation is open already."))
    body.closed_at = None
    body.save(update_fields=["closed_at"])
    audit.record(actor=actor, action="organization.reopened", target=body, at=at, organization_id=body.pk)
    _write("organizations.reopened", selectors.people([body.pk], *Role.values, at=at), body, at)
    return body


def _checked(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an organisation as they may be stored. Raises InvalidInput."""
    checked = {name: fields[name] for name in EDITABLE if name in fields}
    wrong = [name for name, only in FLAG_OF_KIND.items() if checked.get(name) and kind != only]
    if wrong:
        raise InvalidInput(
            fields={name: [_("This mark does not fit this kind of organisation.")] for name in wrong}
        )
    for name, value in checked.items():
        if isinstance(value, str):
            checked[name] = clean_text(value, one_line=True)
    if empty := [name for name in ("name_ky", "name_ru") if checked.get(name) == ""]:
        raise InvalidInput(fields={name: [_("Enter the name.")] for name in empty})
    return checked


def _holders(body: Organization, role: str, at: datetime) -> bool:
    return Membership.objects.active(at).of_role(role).filter(organization=body).exists()


def _write(template: str, recipients: list[User], body: Organization, at: datetime) -> None:
    notifications.enqueue(
        template=template,
        recipients=recipients,
        payload={"organization": body.pk},
        key=f"{template}:{body.pk}:{at.isoformat()}",
        at=at,
    )
