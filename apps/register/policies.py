"""Who watches over the portal, in words. None of these rights touches the course of a file."""

from typing import Any

from apps.organizations import policies as organizations


def can_read_journal(user: Any) -> bool:
    """An auditor of a supervisory body, or an administrator of the portal."""
    return organizations.is_auditor(user) or organizations.is_administrator(user)


def can_read_letters(user: Any) -> bool:
    """The same people: what was sent, what failed, and to whom by name. Nobody reads the letters themselves here."""
    return can_read_journal(user)


def can_try_again(user: Any) -> bool:
    """An administrator: sends a letter again or has a document made again. An auditor changes nothing."""
    return organizations.is_administrator(user)


def can_see_health(user: Any) -> bool:
    """An administrator: what stands still and since when."""
    return organizations.is_administrator(user)
