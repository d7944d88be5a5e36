"""Who may do what with people's accounts."""

from typing import Any


def can_manage_people(user: Any) -> bool:
    """An administrator of the portal. None stands for the installation itself: a command at its first start."""
    return user is None or bool(user.is_active and user.is_portal_administrator())


def can_erase_contacts(user: Any, person: Any) -> bool:
    """An administrator, of somebody else."""
    return can_manage_people(user) and (user is None or user.pk != person.pk)
