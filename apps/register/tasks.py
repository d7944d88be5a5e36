"""The daily work of the portal, looked at once a minute: do all that is due, however late."""

import structlog
from celery import shared_task

from apps.accounts import kept, retention
from apps.audit import services as audit
from apps.core import clock

from . import services

log = structlog.get_logger("register.daily")


@shared_task(name="register.daily")
def daily() -> None:
    """Publish heads, check the journal, write the digest, erase kept forms and personal data past their terms.

    Safe to run twice, late, or from two schedulers.

    One part that fails does not keep the others from their work.
    """
    now = clock.now()
    services.note_round(at=now)
    for part in (
        audit.publish_heads,
        audit.check_journal,
        services.send_digest,
        kept.erase_over,
        retention.daily,
    ):
        try:
            part(at=now)
        except Exception:
            log.exception("daily.failed", part=part.__name__)
