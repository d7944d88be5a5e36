"""What this stage writes: a letter sent again, and what time alone brings once a day."""

from datetime import datetime, time
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core import clock, health
from apps.core.errors import TransitionNotAllowed, require
from apps.documents import services as documents
from apps.documents.enums import DocumentState
from apps.documents.models import GeneratedDocument
from apps.notifications import services as notifications
from apps.notifications.models import OutboxMessage, OutboxState
from apps.organizations.enums import Role
from apps.organizations.models import Membership
from apps.organizations.selectors import people

from . import policies
from .selectors import health as state
from .selectors.health import MISSED_AFTER, SETTLING, STANDSTILL

DIGEST_FROM = time(8, 0)  # in Bishkek: the letter lies there when the working day begins


class NotGivenUp(TransitionNotAllowed):
    """The letter or job is not one that was given up."""

    code = "not_given_up"
    message = _("This letter or document is not one that failed for good, so there is nothing to try again.")


@transaction.atomic
def try_again(*, actor: Any, outbox_id: int, at: datetime) -> OutboxMessage:
    """Send a letter that was given up again, or have its document made again. Raises NotAllowed, NotGivenUp."""
    message = OutboxMessage.objects.select_for_update().get(pk=outbox_id)
    require(policies.can_try_again(actor))
    if message.state != OutboxState.FAILED:
        raise NotGivenUp()
    document_id = int(message.payload["document_id"]) if message.task == "documents.render" else 0
    if GeneratedDocument.objects.filter(pk=document_id, state=DocumentState.FAILED).exists():
        documents.retry_document(document_id=document_id, at=at)  # writes an outbox row of its own
        notifications.set_aside(outbox_id=outbox_id)
    else:
        notifications.try_again(outbox_id=outbox_id, at=at)
    audit.record(
        actor=actor,
        action="letter.retried" if message.template else "job.retried",
        target=message,
        at=at,
        act_id=message.act_id,
        data={"attempts": message.attempts},
    )
    message.refresh_from_db()
    return message


# --- what time alone brings: nobody acts, so no policy and no row of the journal -----------------------


def note_round(*, at: datetime) -> None:
    """A round of the daily work begins: when the one before is more than five minutes ago, keep from when until when.

    Another plot: two values of the cache in the database, told to people and never to the law.
    """
    before = health.last_heartbeats("daily")["daily"]
    if before is not None and at - before > MISSED_AFTER:
        cache.set(STANDSTILL, [before.isoformat(), at.isoformat()], timeout=None)
    health.heartbeat("daily", at=at)


@transaction.atomic
def send_digest(*, at: datetime) -> bool:
    """Write the problems of the day to the administrators: once a day, from 08:00, only when there are some.

    Right after a standstill it waits five minutes: what was late is being caught up.
    """
    today = at.astimezone(clock.BISHKEK)
    key = f"digest:{today.date().isoformat()}"
    if today.time() < DIGEST_FROM or OutboxMessage.objects.filter(key__startswith=f"{key}:").exists():
        return False
    stood_still = state.last_standstill()
    if stood_still and at - stood_still[1] < SETTLING:
        return False
    problems = state.state(at).problems
    if not problems:
        return False
    bodies = (
        Membership.objects.active(at).of_role(Role.ADMINISTRATOR).values_list("organization_id", flat=True)
    )
    administrators = people(set(bodies), Role.ADMINISTRATOR, at=at)
    payload = {"day": today.date().isoformat(), "problems": [problem.as_data() for problem in problems]}
    notifications.enqueue(
        template="register.digest", recipients=administrators, payload=payload, key=key, at=at
    )
    return bool(administrators)
