"""The figures of this stage for Prometheus: who is silent, what waits, whether the journal holds together."""

import math
from datetime import datetime

from apps.audit import selectors as audit
from apps.core import clock, health
from apps.core.metrics import register_gauge
from apps.notifications import selectors as notifications

from .selectors import health as state


def register() -> None:
    """Called once, when the apps are ready."""
    register_gauge(
        "portal_scheduler_silent_seconds", "Since the last sweep; NaN: never.", lambda: _silence("sweep")
    )
    register_gauge(
        "portal_relay_silent_seconds",
        "Since the relay was last heard of; NaN: never.",
        lambda: _silence("relay"),
    )
    register_gauge("portal_outbox_pending", "Letters and jobs waiting.", lambda: _outbox().pending)
    register_gauge("portal_outbox_stalled", "Of these, standing still.", lambda: _outbox().stalled)
    register_gauge(
        "portal_outbox_failed",
        "Letters and jobs given up.",
        lambda: _outbox().letters_failed + _outbox().jobs_failed,
    )
    register_gauge(
        "portal_outbox_oldest_seconds",
        "Age of the oldest waiting one.",
        lambda: _age(_outbox().oldest) or 0.0,
    )
    register_gauge(
        "portal_alarms", "Alarms shown to the administrator.", lambda: len(state.alarms(clock.now()))
    )
    register_gauge("portal_journal_ok", "The last daily check: 1 whole, 0 broken, NaN none yet.", _journal)


def _outbox() -> notifications.OutboxFigures:
    return notifications.figures(clock.now())


def _age(moment: datetime | None) -> float:
    return (clock.now() - moment).total_seconds() if moment else 0.0


def _silence(name: str) -> float:
    seen = health.last_heartbeats(name)[name]
    return (clock.now() - seen).total_seconds() if seen else math.nan


def _journal() -> float:
    check = audit.last_check()
    return math.nan if check is None else float(check.ok)
