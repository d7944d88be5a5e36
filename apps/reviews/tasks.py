"""The one periodic task of the portal. Legal state never waits for it: time alone decides what is expired."""

import structlog
from celery import shared_task

from apps.core import clock, health

from . import selectors, services

log = structlog.get_logger("reviews.sweep")


@shared_task(name="reviews.sweep")
def sweep() -> None:
    """Do all that is due and not done yet, and say how much there is. Safe to run twice, late, or from two schedulers."""
    now = clock.now()
    health.heartbeat("sweep", at=now)
    done = {
        "reminded": services.remind(now=now),
        "tacit": services.establish_due(now=now),
        "silences": services.record_silences(now=now),
    }
    log.info("sweep", **selectors.due_counts(now), **done)
