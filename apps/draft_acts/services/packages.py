"""Packages: made for a bill, filled with bylaw drafts, tied to its reference norms, frozen at the opening."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, TransitionNotAllowed, require
from apps.documents import services as documents
from apps.documents.canonical import canonical_bytes
from apps.documents.enums import DocumentKind
from apps.draft_acts import contents, packages, policies, selectors
from apps.draft_acts.enums import BILLS, ActState, NormState
from apps.draft_acts.models import ActPackage, DraftAct, PackageMember, ReferenceNorm

MOST_BYLAWS = 60  # of a package; more is a mistake or an attack


class PackageIsFrozen(TransitionNotAllowed):
    """The consultation on the bill is open: the package stays as it is."""

    code = "package_is_frozen"
    message = _("The consultation on the bill is open. Its package stays as it was then.")


class NotABill(TransitionNotAllowed):
    """Only a bill leads a package."""

    code = "not_a_bill"
    message = _("A package is made for a bill: a law, a code or a constitutional law.")


@transaction.atomic
def make_package(*, actor: User, act_id: int, at: datetime) -> ActPackage:
    """Make the package of a bill; there already, it is given back. Raises NotAllowed, NotABill, PackageIsFrozen."""
    act = DraftAct.objects.locked(act_id)
    require(policies.can_make_package(actor, act))
    if (place := packages.place_of(act)) is not None:
        return place.package
    if act.kind not in BILLS:
        raise NotABill()
    if act.state not in policies.BEFORE_OPENING:
        raise PackageIsFrozen()
    package = ActPackage.objects.create(created_at=at, created_by=actor)
    PackageMember.objects.create(package=package, act=act, is_bill=True, added_at=at, added_by=actor)
    _record("package.made", actor, act, act, at)
    return package


@transaction.atomic
def add_bylaw(*, actor: User, act_id: int, bylaw: str, at: datetime) -> PackageMember:
    """Put a bylaw draft of the same initiator into the package of a bill. `bylaw`: its number or random address.

    After the opening only where the procedure asks for bylaw drafts at the certificate: a draft for a norm that lacks
    one. Raises NotAllowed, PackageIsFrozen, InvalidInput.
    """
    act, package = _package(actor, act_id)
    found = next((a for a in packages.candidates(act) if a.reference == bylaw), None)
    if found is None:
        raise InvalidInput(fields={"bylaw": [_("Choose a draft from the list.")]})
    draft = DraftAct.objects.locked(found.pk)
    require(policies.can_prepare(actor, draft))
    late = package.frozen_at is not None
    if late and (act.state != ActState.IN_CONSULTATION or not _lacks(act)):
        raise PackageIsFrozen()
    if late and draft.is_preparing:
        raise InvalidInput(fields={"bylaw": [_("Register this draft first: the consultation is open.")]})
    if package.members.count() > MOST_BYLAWS:
        raise InvalidInput(
            fields={"bylaw": [_("There are too many drafts in this package. Take one out before adding.")]}
        )
    member = PackageMember.objects.create(
        package=package, act=draft, is_bill=False, added_at=at, added_by=actor
    )
    _record("package.added", actor, act, draft, at)
    return member


def _lacks(act: DraftAct) -> bool:
    """Whether a confirmed norm of the bill has no bylaw draft."""
    return any(norm.fulfilled_by_id is None for norm in packages.confirmed(selectors.current_version(act)))


@transaction.atomic
def remove_bylaw(*, actor: User, act_id: int, bylaw: str, at: datetime) -> None:
    """Take a bylaw draft out; norms that it fulfilled lack one again. Gone already is no fault.

    Raises NotAllowed, PackageIsFrozen.
    """
    act, package = _package(actor, act_id)
    if package.frozen_at is not None:
        raise PackageIsFrozen()
    members = package.members.select_related("act").filter(is_bill=False)
    member = next((m for m in members if m.act.reference == bylaw), None)
    if member is None:
        return
    member.norms.update(fulfilled_by=None)
    member.delete()
    _record("package.removed", actor, act, member.act, at)


@transaction.atomic
def tie_norm(*, actor: User, act_id: int, number: int, bylaw: str, at: datetime) -> ReferenceNorm:
    """Say which bylaw draft of the package fulfils a confirmed reference norm; empty `bylaw`: none.

    Raises NotAllowed, PackageIsFrozen, InvalidInput.
    """
    act, package = _package(actor, act_id)
    version = selectors.working_version(act)
    norm = version.norms.filter(number=number).first()
    if norm is None or norm.state != NormState.CONFIRMED:
        raise InvalidInput(fields={"norm": [_("Choose a confirmed reference norm.")]})
    members = package.members.select_related("act").filter(is_bill=False)
    member = next((m for m in members if bylaw and m.act.reference == bylaw), None)
    if bylaw and member is None:
        raise InvalidInput(fields={"bylaw": [_("Choose a draft of the package.")]})
    if norm.fulfilled_by_id == (member.pk if member else None):
        return norm
    if act.state not in policies.BEFORE_OPENING and (
        act.state != ActState.IN_CONSULTATION or norm.fulfilled_by_id is not None or member is None
    ):
        raise PackageIsFrozen()
    norm.fulfilled_by = member
    norm.save(update_fields=["fulfilled_by"])
    _record(
        "norm.tied" if member else "norm.untied", actor, act, member.act if member else act, at, str(number)
    )
    return norm


def freeze_package(*, actor: User, act: DraftAct, at: datetime) -> ActPackage | None:
    """The consultation on the bill opens: its package is frozen with the texts of its members, and the list is issued.

    Another plot than the usual one: the caller holds the bill under lock and has asked its policy and its gates. An act
    that leads no package: nothing happens.
    """
    place = packages.place_of(act)
    if place is None or not place.is_bill or place.package.frozen_at is not None:
        return None
    package = place.package
    members = DraftAct.objects.filter(package_place__package=package).order_by("pk")
    list(
        members.select_for_update().values_list("pk", flat=True)
    )  # nobody publishes a version of theirs meanwhile
    package.frozen_at, package.number = at, documents.take_number(kind=DocumentKind.PACKAGE_LIST, at=at)
    package.save(update_fields=["frozen_at", "number"])
    documents.request_document(
        kind=DocumentKind.PACKAGE_LIST,
        source_type=package._meta.label_lower,
        source_id=package.pk,
        number=package.number,
        canonical=canonical_bytes(contents.of_package(package, at=at)),
        act_id=act.pk,
        public=True,
        at=at,
    )
    _record("package.frozen", actor, act, act, at, package.number)
    return package


def _package(actor: User, act_id: int) -> tuple[DraftAct, ActPackage]:
    """The bill under lock and its package. Raises NotAllowed, NotABill."""
    act = DraftAct.objects.locked(act_id)
    require(policies.can_make_package(actor, act))
    place = packages.place_of(act)
    if place is None or not place.is_bill:
        raise NotABill()
    return act, place.package


def _record(
    action: str, actor: User, act: DraftAct, target: DraftAct, at: datetime, number: str = ""
) -> None:
    """A step with the package, in the history of the bill; hidden while the bill or the draft is not public."""
    if act.is_preparing or target.is_preparing:
        action += "_unpublished"
    audit.record(
        actor=actor,
        action=action,
        target=target,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"number": number or target.number or ""},
    )
