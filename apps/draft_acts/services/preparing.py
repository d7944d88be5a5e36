"""An act before it is public: created at a random address, written, saved, perhaps thrown away."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, TransitionNotAllowed, VersionConflict, require
from apps.core.typed import clean_text
from apps.draft_acts import packages, policies
from apps.draft_acts.enums import BILLS, ActKind
from apps.draft_acts.models import DraftAct, DraftActVersion
from apps.organizations.models import Organization

from . import versions

ONE_LINE = frozenset({"title_ky", "title_ru", "public_discussion_url"})
TYPED = ("title_ky", "title_ru", "summary_ky", "summary_ru", "public_discussion_url")
FIELDS = ("kind", "amending", *TYPED)


@transaction.atomic
def create_act(*, actor: User, initiator_id: int, kind: str, at: datetime) -> DraftAct:
    """Begin an act and its first version in the name of the person's organisation. Raises NotAllowed, InvalidInput."""
    require(policies.can_create(actor, initiator_id))
    initiator = Organization.objects.get(pk=initiator_id)
    act = DraftAct.objects.create(
        token=secrets.token_hex(12),
        initiator=initiator,
        kind=_checked({"kind": kind})["kind"],
        created_by=actor,
        created_at=at,
        updated_at=at,
        state_changed_at=at,
        is_demo=initiator.is_demo,
    )
    DraftActVersion.objects.create(act=act, number=1, created_at=at, created_by=actor)
    audit.record(
        actor=actor,
        action="act.created",
        target=act,
        at=at,
        organization_id=initiator_id,
        act_id=act.pk,
        data={"kind": act.kind},
    )
    return act


@transaction.atomic
def save_act(
    *, actor: User, act_id: int, edit_version: int, fields: Mapping[str, Any], at: datetime
) -> DraftAct:
    """Save what was typed: any of FIELDS. Not journaled: it is saved every ten seconds and nobody else sees it.

    Raises NotAllowed, TransitionNotAllowed, InvalidInput, and VersionConflict (with what is stored) when somebody
    saved meanwhile something else than what is given now.
    """
    act = DraftAct.objects.locked(act_id)
    require(policies.can_prepare(actor, act))
    if not act.is_preparing:
        raise TransitionNotAllowed()
    values = _checked(fields)
    changed = [name for name, value in values.items() if getattr(act, name) != value]
    if not changed:
        return act
    if "kind" in changed and (values["kind"] in BILLS) != (act.kind in BILLS) and packages.place_of(act):
        raise InvalidInput(
            fields={"kind": [_("The act is in a package: a bill stays a bill there, a bylaw a bylaw.")]}
        )
    if act.edit_version != edit_version:
        raise VersionConflict(theirs=stored_fields(act))
    for name in changed:
        setattr(act, name, values[name])
    act.edit_version += 1
    act.updated_at = at
    act.save(update_fields=[*changed, "edit_version", "updated_at"])
    return act


def stored_fields(act: DraftAct) -> dict[str, Any]:
    """What a colleague needs to see after a conflict."""
    return {**{name: getattr(act, name) for name in FIELDS}, "edit_version": act.edit_version}


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they are kept. Raises InvalidInput with a message a field."""
    values: dict[str, Any] = {}
    problems: dict[str, list[Any]] = {}
    for name, value in fields.items():
        if name not in FIELDS:
            problems[name] = [_("There is no such field.")]
        elif name == "amending":
            values[name] = value is True
            if not isinstance(value, bool):
                problems[name] = [_("Say yes or no.")]
        elif not isinstance(value, str):
            problems[name] = [_("This must be text.")]
        elif name == "kind":
            values[name] = value
            if value not in ActKind.values:
                problems[name] = [_("Choose a kind of act from the list.")]
        else:
            values[name] = clean_text(value, one_line=name in ONE_LINE)
            if message := _too_long(name, values[name]) or _not_an_address(name, values[name]):
                problems[name] = [message]
    if problems:
        raise InvalidInput(fields=problems)
    return values


def _too_long(name: str, value: str) -> Any:
    limit = getattr(DraftAct._meta.get_field(name), "max_length", None) or 0
    if len(value) <= limit:
        return None
    return _("At most %(limit)s characters fit here; there are %(length)s.") % {
        "limit": limit,
        "length": len(value),
    }


def _not_an_address(name: str, value: str) -> Any:
    if name != "public_discussion_url" or not value:
        return None
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError:
        return _("Give the whole address, beginning with https://")
    return None


@transaction.atomic
def delete_act(*, actor: User, act_id: int, at: datetime) -> None:
    """Throw away an act that never became public, with its texts and papers. Raises NotAllowed, TransitionNotAllowed.

    The journal keeps that it was there; the files stay in the store, where nothing points to them.
    """
    act = DraftAct.objects.locked(act_id)
    require(policies.can_prepare(actor, act))
    if not act.is_preparing:
        raise TransitionNotAllowed()
    audit.record(
        actor=actor, action="act.deleted", target=act, at=at, organization_id=act.initiator_id, act_id=act.pk
    )
    _leave_package(act)
    for version in act.versions.all():
        versions.delete(version)
    act.restrictions.all().delete()
    act.delete()


def _leave_package(act: DraftAct) -> None:
    """A draft that is thrown away is in no package; the package of a bill goes with it."""
    place = packages.place_of(act)
    if place is None:
        return
    leaving = list(place.package.members.order_by("is_bill")) if place.is_bill else [place]
    for member in leaving:  # the bill last
        member.norms.update(fulfilled_by=None)
        member.delete()
    if place.is_bill:
        place.package.delete()
