"""Versions: frozen when they become public, mended by a new one before the consultation opens."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import GateClosed, TransitionNotAllowed, require
from apps.draft_acts import conditions, packages, policies, selectors
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import (
    Attachment,
    CardFunction,
    DraftAct,
    DraftActVersion,
    NoFunction,
    Provision,
    ReferenceNorm,
    VersionText,
)
from apps.legal_text import normalize, provisions

from .comparing import store_comparisons
from .norms import look_for_norms
from .packages import PackageIsFrozen


class NothingToPublish(TransitionNotAllowed):
    """There is no version in the making."""

    code = "nothing_to_publish"
    message = _("No new version is being prepared.")


def freeze(version: DraftActVersion, *, at: datetime) -> None:
    """Make the version public: from now on the database refuses every change of it."""
    version.text_hash = text_hash(version)
    version.frozen_at = at
    version.save(update_fields=["text_hash", "frozen_at"])


def text_hash(version: DraftActVersion) -> str:
    """SHA-256 over the normalised provisions of both languages."""
    sides = {text.language: provisions.from_dict(text.read).provisions for text in version.texts.all()}
    return normalize.text_hash(sides.get("ky"), sides.get("ru"))


@transaction.atomic
def new_version(*, actor: User, act_id: int, at: datetime, answered: bool = False) -> DraftActVersion:
    """Begin the next version of a registered act, with copies of its texts and papers; one is open at a time.

    Before the consultation opens; within it when the caller has seen that all is `answered` (reviews).
    Raises NotAllowed, TransitionNotAllowed.
    """
    act = _registered(act_id)
    require(policies.can_prepare(actor, act))
    _only_in_time(act, answered=answered)
    if begun := selectors.open_version(act):
        return begun
    last = selectors.current_version(act)
    version = DraftActVersion.objects.create(act=act, number=last.number + 1, created_at=at, created_by=actor)
    _copy(last, version)
    if version.texts.filter(
        screened__isnull=True
    ).exists():  # confirmed before the portal looked for reference norms
        look_for_norms(version, act=act, actor=actor, at=at)
    audit.record(
        actor=actor,
        action="version.begun",
        target=version,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"version": version.number},
    )
    return version


def _registered(act_id: int) -> DraftAct:
    return DraftAct.objects.locked(act_id)


def _only_in_time(act: DraftAct, *, answered: bool) -> None:
    if act.state != ActState.REGISTERED and not (answered and act.state == ActState.IN_CONSULTATION):
        raise TransitionNotAllowed()
    place = packages.place_of(act)
    if place is not None and place.package.frozen_at is not None:
        raise PackageIsFrozen()


def _copy(source: DraftActVersion, target: DraftActVersion) -> None:
    for model in (VersionText, Provision, Attachment, ReferenceNorm, CardFunction, NoFunction):
        rows: list[Any] = list(model.objects.filter(version=source).order_by("pk"))  # type: ignore[attr-defined]
        for row in rows:
            row.pk, row.version = None, target
            row._state.adding = True
        model.objects.bulk_create(rows)  # type: ignore[attr-defined]


@transaction.atomic
def publish_version(*, actor: User, act_id: int, at: datetime, answered: bool = False) -> DraftActVersion:
    """Make the new version of a registered act public: the signatory's step; the earlier one stays readable.

    What it changed is computed and stored with it. `answered`: as for `new_version`.

    Raises NotAllowed, TransitionNotAllowed, NothingToPublish, GateClosed.
    """
    from .registration import index

    act = _registered(act_id)
    require(policies.can_publish_version(actor, act))
    _only_in_time(act, answered=answered)
    version = selectors.open_version(act)
    if version is None:
        raise NothingToPublish()
    if unmet := conditions.unmet_registration(act, version):
        raise GateClosed(unmet=unmet)
    previous = selectors.current_version(act)
    freeze(version, at=at)
    store_comparisons(version, previous, at=at)
    act.updated_at = at
    act.save(update_fields=["updated_at"])
    index(act)
    audit.record(
        actor=actor,
        action="version.published",
        target=version,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"version": version.number, "text_hash": version.text_hash},
    )
    return version


@transaction.atomic
def discard_version(*, actor: User, act_id: int, at: datetime) -> None:
    """Throw the version in the making away; the public one stays. Raises NotAllowed, TransitionNotAllowed."""
    act = _registered(act_id)
    require(policies.can_prepare(actor, act))
    version = selectors.open_version(act)
    if act.is_preparing or version is None:
        raise NothingToPublish()
    audit.record(
        actor=actor,
        action="version.discarded",
        target=version,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"version": version.number},
    )
    delete(version)


def delete(version: DraftActVersion) -> None:
    """An open version with all that hangs on it; the files stay in the store, where nothing points to them."""
    NoFunction.objects.filter(version=version).delete()
    for rows in (version.functions, version.norms, version.provisions, version.texts, version.attachments):
        rows.all().delete()  # type: ignore[attr-defined]
    version.delete()
