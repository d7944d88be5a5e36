"""Who may say that the portal could not be reached, and who decides on it."""

from typing import Any

from apps.organizations import policies as organizations

from .models import Outage


def can_report_outage(user: Any) -> bool:
    """An administrator announces maintenance and reports an outage that the heartbeat did not see."""
    return organizations.is_administrator(user)


def can_coordinate_outages(user: Any) -> bool:
    """A coordinator of a coordinating body. An outage is nobody's file: it moves the terms of all alike."""
    return organizations.coordinating(user) is not None


def can_decide_outage(user: Any, outage: Outage) -> bool:
    """The same, except whoever reported it: four eyes."""
    return can_coordinate_outages(user) and outage.proposed_by_id != user.pk
