"""All writes of the clock: seeding, and the register of outages."""

from .outages import (
    AlreadyDecided,
    announce_maintenance,
    beat,
    lock_outages,
    propose_outage,
    record_decision,
    withdraw_maintenance,
)
from .seeding import seed_calendar, seed_templates

__all__ = [
    "AlreadyDecided",
    "announce_maintenance",
    "beat",
    "lock_outages",
    "propose_outage",
    "record_decision",
    "seed_calendar",
    "seed_templates",
    "withdraw_maintenance",
]
