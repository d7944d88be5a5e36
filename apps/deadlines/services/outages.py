"""Writes of the outage register. What a confirmed outage moves is written by `reviews`, in the same transaction."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.notifications import services as notifications
from apps.organizations import selectors as organizations
from apps.organizations.enums import Role
from apps.organizations.models import Organization

from .. import policies, selectors
from ..enums import OutageOrigin, OutageState
from ..models import Heartbeat, Maintenance, Outage

_LOCK = 7_301_803  # one writer of the register at a time: numbers without gaps, totals of a day that hold
LANGUAGES = ("ky", "ru")


class AlreadyDecided(TransitionNotAllowed):
    code = "outage_decided"
    message = _("This outage has been decided on. A decision is taken once.")


def lock_outages() -> None:
    """Until the end of the transaction nobody else writes in the register."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


# --- the heartbeat ----------------------------------------------------------------------------------


@transaction.atomic
def beat(*, answered: bool, detail: str = "", at: datetime) -> Outage | None:
    """Write down whether the portal's own page answered at `at`; the outage that this answer has ended, if any.

    An outage is the time between two answers when it is longer than settings.OUTAGE_AFTER: the page did not answer,
    or nobody could ask or write it down. Nobody acts, so there is no policy. The same gap never counts twice.
    """
    lock_outages()
    before = Heartbeat.objects.filter(answered=True, at__lt=at).order_by("-at").first() if answered else None
    Heartbeat.objects.create(at=at, answered=answered, detail=detail[:60])
    if before is None or at - before.at <= settings.OUTAGE_AFTER:
        return None
    seen = Outage.objects.filter(origin=OutageOrigin.HEARTBEAT).touching(before.at, at)
    # An answer that another probe wrote down meanwhile ends the gap as well.
    if seen.exists() or Heartbeat.objects.filter(answered=True, at__gt=at).exists():
        return None
    outage = Outage.objects.create(
        number=_next_number(),
        started_at=before.at,
        ended_at=at,
        origin=OutageOrigin.HEARTBEAT,
        maintenance=selectors.maintenance_during(before.at, at),
        noted_at=at,
    )
    _noted(outage, None, at)
    return outage


def _next_number() -> int:
    return (Outage.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _noted(outage: Outage, actor: Any, at: datetime) -> None:
    audit.record(
        actor=actor,
        action="outage.noted",
        target=outage,
        at=at,
        data={
            "number": outage.number,
            "started_at": outage.started_at.isoformat(),
            "ended_at": outage.ended_at.isoformat(),
            "origin": str(outage.origin),
            "planned": outage.planned,
        },
    )
    bodies = Organization.objects.active(at).filter(coordinates=True).values_list("pk", flat=True)
    notifications.enqueue(
        template="deadlines.outage_noted",
        recipients=organizations.people(bodies, Role.COORDINATOR, at=at),
        payload={"outage_id": outage.pk},
        key=f"deadlines.outage_noted:{outage.pk}",
        at=at,
    )


# --- the administrator ------------------------------------------------------------------------------


@transaction.atomic
def propose_outage(
    *, actor: Any, started_at: datetime, ended_at: datetime, source: str, at: datetime
) -> Outage:
    """Report an outage that the heartbeat did not see, and say how it is known. It moves nothing by itself.

    Raises NotAllowed, InvalidInput.
    """
    lock_outages()
    require(policies.can_report_outage(actor))
    source, fields = _text(source, 2000, "source", _("Say how the outage is known. Everyone will read it."))
    fields |= _order(started_at, ended_at, "ended_at")
    if ended_at > at:
        fields["ended_at"] = [_("An outage is reported when it is over.")]
    if fields:
        raise InvalidInput(fields=fields)
    outage = Outage.objects.create(
        number=_next_number(),
        started_at=started_at,
        ended_at=ended_at,
        origin=OutageOrigin.ADMINISTRATOR,
        maintenance=selectors.maintenance_during(started_at, ended_at),
        noted_at=at,
        proposed_by=actor,
        source=source,
    )
    _noted(outage, actor, at)
    return outage


@transaction.atomic
def announce_maintenance(
    *, actor: Any, starts_at: datetime, ends_at: datetime, note: str, lang: str, at: datetime
) -> Maintenance:
    """Announce work on the portal beforehand. Raises NotAllowed, InvalidInput."""
    require(policies.can_report_outage(actor))
    note, fields = _text(note, 2000, "note", _("Say what is done. Everyone will read it."))
    fields |= _order(starts_at, ends_at, "ends_at")
    if starts_at <= at:
        fields["starts_at"] = [_("Maintenance is announced before it begins.")]
    if lang not in LANGUAGES:
        fields["lang"] = [_("Choose one of the answers in the list.")]
    if fields:
        raise InvalidInput(fields=fields)
    maintenance = Maintenance.objects.create(
        starts_at=starts_at, ends_at=ends_at, note=note, lang=lang, announced_at=at, announced_by=actor
    )
    audit.record(
        actor=actor,
        action="maintenance.announced",
        target=maintenance,
        at=at,
        data={"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()},
    )
    return maintenance


@transaction.atomic
def withdraw_maintenance(*, actor: Any, maintenance_id: int, at: datetime) -> Maintenance:
    """Take an announcement back before it begins; withdrawn twice, nothing changes.

    Raises NotAllowed, TransitionNotAllowed (begun already), Maintenance.DoesNotExist.
    """
    maintenance = Maintenance.objects.select_for_update().get(pk=maintenance_id)
    require(policies.can_report_outage(actor))
    if maintenance.withdrawn_at is not None:
        return maintenance
    if at >= maintenance.starts_at:
        raise TransitionNotAllowed(_("The maintenance has begun: its announcement stays."))
    maintenance.withdrawn_at, maintenance.withdrawn_by = at, actor
    maintenance.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record(actor=actor, action="maintenance.withdrawn", target=maintenance, at=at)
    return maintenance


def _text(typed: str, longest: int, name: str, missing: Any) -> tuple[str, dict[str, list[Any]]]:
    text = clean_text(str(typed or ""))
    if not text:
        return text, {name: [missing]}
    if len(text) > longest:
        return text, {name: [_("At most %(limit)s characters fit here.") % {"limit": longest}]}
    return text, {}


def _order(first: datetime, last: datetime, name: str) -> dict[str, list[Any]]:
    if last <= first:
        return {name: [_("The end comes after the beginning.")]}
    if last - first > timedelta(days=31):
        return {name: [_("At most 31 days fit into one entry.")]}
    return {}


# --- the coordinator --------------------------------------------------------------------------------


def record_decision(outage_id: int, *, actor: Any, confirmed: bool, reason: str, at: datetime) -> Outage:
    """Write the decision into the row, inside the use-case that draws its consequences and holds `lock_outages`.

    Raises NotAllowed, InvalidInput, AlreadyDecided, Outage.DoesNotExist.
    """
    outage = Outage.objects.select_for_update().get(pk=outage_id)
    require(policies.can_decide_outage(actor, outage))
    if outage.state != OutageState.SUSPECTED:
        raise AlreadyDecided()
    reason, fields = _text(
        reason, 4000, "reason", _("Give the reason, at least one sentence. Everyone will read it.")
    )
    if fields:
        raise InvalidInput(fields=fields)
    body = selectors.coordinating_body(actor)
    require(body is not None)
    outage.state = OutageState.CONFIRMED if confirmed else OutageState.REFUSED
    outage.decided_at, outage.decided_by, outage.organization = at, actor, body
    outage.reason = reason
    outage.save(update_fields=["state", "decided_at", "decided_by", "organization", "reason"])
    return outage
