"""Leave: a substitute of the same organisation holds one role of the absent person, from a day to a day.

Who holds the role names the substitute, or an administrator does; a power role takes two administrators besides. It
begins and ends by its dates alone; the absent person keeps the role, and may end the substitution at any time.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.clock import BISHKEK, local_date
from apps.core.errors import InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.notifications import services as notifications

from .. import policies, selectors
from ..enums import SubstitutionEnd
from ..models import Membership, Organization, Substitution

LONGEST = 366  # days: a longer absence is a new appointment


class SubstitutionClosed(TransitionNotAllowed):
    """The substitution is over, refused, or confirmed already."""

    code = "substitution_closed"
    message = _("This substitution can no longer be changed: it is over, or it was decided.")


@transaction.atomic
def name_substitute(
    *, actor: User, membership_id: int, substitute_id: int, first_day: date, last_day: date, at: datetime
) -> Substitution:
    """Name a substitute for one role, from the first to the last day, both included.

    Raises NotAllowed, InvalidInput (fields substitute, first_day, last_day).
    """
    membership = Membership.objects.select_related("user", "organization").get(pk=membership_id)
    body = Organization.objects.select_for_update().get(pk=membership.organization_id)
    require(policies.can_name_substitute(actor, membership))
    substitute = _checked_substitute(membership, body, substitute_id, at)
    _check_days(first_day, last_day, at)
    # From today means from now: nobody had the role in the hours before.
    starts_at, ends_at = max(_midnight(first_day), at), _midnight(last_day + timedelta(days=1))
    _check_free(membership, substitute, starts_at, ends_at)
    substitution = Substitution(
        membership=membership,
        absent=membership.user,
        organization=body,
        role=membership.role,
        substitute=substitute,
        starts_at=starts_at,
        ends_at=ends_at,
        stops_at=ends_at,
        named_by=actor,
        named_at=at,
    )
    # An administrator who names a substitute for a power role is the first of the two who confirm.
    if substitution.needs_administrators and policies.can_confirm_substitution(actor, substitution):
        substitution.approved_by, substitution.approved_at = actor, at
    substitution.save(force_insert=True)
    policies.forget(substitute)
    _record(actor, "substitution.named", substitution, at)
    _write("substitution_named", [membership.user, substitute], substitution, at)
    _ask_administrators(substitution, at)
    return substitution


@transaction.atomic
def confirm_substitution(*, actor: User, substitution_id: int, at: datetime) -> Substitution:
    """An administrator confirms a substitute for a power role; with the second one it works, from its first day on.

    Raises NotAllowed, SubstitutionClosed.
    """
    substitution = _locked(substitution_id)
    require(
        policies.can_confirm_substitution(actor, substitution),
        _("Two administrators confirm, neither of them the absent person or the substitute."),
    )
    if substitution.state(at) != "waiting":
        raise SubstitutionClosed()
    if substitution.approved_by is None or not policies.is_administrator(substitution.approved_by):
        if substitution.approved_by is not None:
            raise SubstitutionClosed(
                _("The first administrator administers no more. Refuse this substitution and name it anew.")
            )
        substitution.approved_by, substitution.approved_at = actor, at
        substitution.save(update_fields=["approved_by", "approved_at"])
        _record(actor, "substitution.approved", substitution, at)
        _ask_administrators(substitution, at)
        return substitution
    substitution.confirmed_by, substitution.confirmed_at = actor, at
    substitution.save(update_fields=["confirmed_by", "confirmed_at"])
    policies.forget(substitution.substitute)
    _record(actor, "substitution.confirmed", substitution, at)
    two = [substitution.approved_by, actor]
    _write("substitution_confirmed", [substitution.absent, substitution.substitute, *two], substitution, at)
    return substitution


@transaction.atomic
def refuse_substitution(*, actor: User, substitution_id: int, reason: str, at: datetime) -> Substitution:
    """An administrator refuses a substitute who awaits confirmation, with a reason. Raises NotAllowed, InvalidInput."""
    substitution = _locked(substitution_id)
    require(
        policies.is_administrator(actor)
        and actor.pk not in (substitution.absent_id, substitution.substitute_id),
        _("An administrator decides who is neither the absent person nor the substitute."),
    )
    if substitution.state(at) != "waiting":
        raise SubstitutionClosed()
    reason = clean_text(reason)[:1000]
    if not reason:
        raise InvalidInput(fields={"reason": [_("Give the reason: it is written to those concerned.")]})
    _end(substitution, SubstitutionEnd.REFUSED, actor, at, reason)
    _record(actor, "substitution.refused", substitution, at)
    _write("substitution_refused", _concerned(substitution), substitution, at)
    return substitution


@transaction.atomic
def withdraw_substitution(*, actor: User, substitution_id: int, at: datetime) -> Substitution:
    """End a substitution early: what it allowed is refused from the substitute's next request on. Raises NotAllowed."""
    substitution = _locked(substitution_id)
    require(policies.can_end_substitution(actor, substitution))
    if substitution.state(at) not in ("waiting", "coming", "in_force"):
        raise SubstitutionClosed()
    _end(substitution, SubstitutionEnd.WITHDRAWN, actor, at)
    policies.forget(substitution.substitute)
    _record(actor, "substitution.withdrawn", substitution, at)
    _write("substitution_ended", _concerned(substitution), substitution, at)
    return substitution


def _checked_substitute(membership: Membership, body: Organization, substitute_id: int, at: datetime) -> User:
    if membership.valid_to is not None and membership.valid_to <= at:
        raise InvalidInput(fields={"substitute": [_("This role has ended already.")]})
    if not membership.user.is_active or (body.closed_at is not None and body.closed_at <= at):
        raise InvalidInput(fields={"substitute": [_("This account or this organisation is closed.")]})
    found = next(
        (person for person in selectors.possible_substitutes(membership, at) if person.pk == substitute_id),
        None,
    )
    if found is None:
        raise InvalidInput(
            fields={
                "substitute": [
                    _("Choose a person of the same organisation who does not hold this role already.")
                ]
            }
        )
    return found


def _check_days(first_day: date, last_day: date, at: datetime) -> None:
    if first_day < local_date(at):
        raise InvalidInput(fields={"first_day": [_("The first day is today or later.")]})
    if last_day < first_day:
        raise InvalidInput(fields={"last_day": [_("The last day is not before the first day.")]})
    if (last_day - first_day).days >= LONGEST:
        raise InvalidInput(fields={"last_day": [_("A substitution lasts a year at most.")]})


def _check_free(membership: Membership, substitute: User, starts_at: datetime, ends_at: datetime) -> None:
    """No overlap and no chain; the database refuses the same."""
    meanwhile = Substitution.objects.exclude(stops_at=F("starts_at")).filter(
        starts_at__lt=ends_at, stops_at__gt=starts_at
    )
    if meanwhile.filter(membership=membership).exists():
        raise InvalidInput(
            fields={"first_day": [_("A substitute is named for this role in these days already.")]}
        )
    if meanwhile.filter(absent=substitute).exists():
        raise InvalidInput(
            fields={
                "substitute": [
                    _("This person is on leave in these days, and a substitute has no substitute.")
                ]
            }
        )
    if meanwhile.filter(substitute=membership.user).exists():
        raise InvalidInput(
            fields={
                "substitute": [
                    _(
                        "The absent person stands in for somebody else in these days. End that substitution first."
                    )
                ]
            }
        )
    same = meanwhile.filter(
        substitute=substitute, organization=membership.organization_id, role=membership.role
    )
    if same.exists():
        raise InvalidInput(
            fields={
                "substitute": [_("This person stands in for somebody else in the same role in these days.")]
            }
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BISHKEK)


def _locked(substitution_id: int) -> Substitution:
    return (
        Substitution.objects.select_for_update(of=("self",))
        .select_related("absent", "substitute", "organization", "approved_by")
        .get(pk=substitution_id)
    )


def _end(
    substitution: Substitution, kind: SubstitutionEnd, actor: User, at: datetime, reason: str = ""
) -> None:
    substitution.end_kind, substitution.ended_by, substitution.ended_at = kind, actor, at
    substitution.reason = reason
    # What was never in force leaves its days free.
    unused = substitution.needs_administrators and substitution.confirmed_at is None
    until = substitution.starts_at if unused else max(at, substitution.starts_at)
    substitution.stops_at = min(until, substitution.stops_at)
    substitution.save(update_fields=["end_kind", "ended_by", "ended_at", "reason", "stops_at"])


def _concerned(substitution: Substitution) -> list[User]:
    """Both people, and the administrators who had confirmed; each once."""
    found = [
        substitution.absent,
        substitution.substitute,
        substitution.approved_by,
        substitution.confirmed_by,
    ]
    return list(dict.fromkeys(person for person in found if person is not None))


def _ask_administrators(substitution: Substitution, at: datetime) -> None:
    if not substitution.needs_administrators:
        return
    asked = [p for p in selectors.administering(at) if policies.can_confirm_substitution(p, substitution)]
    _write("substitution_to_confirm", asked, substitution, at)


def _record(actor: User, action: str, substitution: Substitution, at: datetime) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=substitution,
        at=at,
        organization_id=substitution.organization_id,
        data={
            "user": substitution.absent_id,
            "substitute": substitution.substitute_id,
            "role": substitution.role,
        },
    )


def _write(template: str, recipients: list[User], substitution: Substitution, at: datetime) -> None:
    notifications.enqueue(
        template=f"organizations.{template}",
        recipients=recipients,
        payload={"substitution": substitution.pk},
        key=f"{template}:{substitution.pk}",
        at=at,
    )
