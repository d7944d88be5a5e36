"""How long the portal keeps personal data, and the daily work that removes what is past its term.

The table of docs/retention.md in code: who changes a term changes both, a test compares them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.notifications import services as notifications

from . import counters, erasure
from .models import Invitation, User

log = structlog.get_logger("accounts.retention")

YEAR = timedelta(days=365)
CONTACTS_FOR = YEAR  # after the account was closed
INVITATIONS_FOR = YEAR  # after the end of their link
LETTERS_FOR = YEAR  # after they were written; only those of no file
LETTERS = ("accounts.", "organizations.", "register.digest")
_DONE = "retention.done"


@dataclass(frozen=True)
class Term:
    """One kind of personal data: what it is, how long it is kept, how it goes away."""

    code: str
    what: Any
    kept: Any
    then: Any


_BY_ITSELF = _("Removed by itself, once a day.")
TERMS = (
    Term(
        "contacts",
        _("E-mail address of an account"),
        _("While the account is open, and a year after it was closed."),
        _("Erased by itself, or earlier by an administrator on a ground."),
    ),
    Term(
        "names",
        _("Name and position of who acted for an organisation"),
        _("For good: they are part of the act, the opinion, the protocol and the certificate."),
        _("Stay. The name of who never acted is erased with the contacts."),
    ),
    Term(
        "secrets",
        _("Password (its hash only) and second factor"),
        _("Until the contacts are erased."),
        _("Erased with the contacts."),
    ),
    Term("sessions", _("Sessions"), _("Twelve hours."), _BY_ITSELF),
    Term(
        "counters",
        _("Counters of wrong passwords and codes, network addresses known to be the person's"),
        _("From a minute to an hour; a known address thirty days."),
        _BY_ITSELF,
    ),
    Term(
        "kept_forms",
        _("Forms that came after the session had ended, and drafts of forms"),
        _("24 hours; drafts 14 days."),
        _BY_ITSELF,
    ),
    Term(
        "invitations",
        _("Invitations: who invited whom; of the link its hash only"),
        _("A year after the end of the link."),
        _BY_ITSELF,
    ),
    Term(
        "letters",
        _("That a letter about an account or a role was sent, and the daily digest"),
        _("A year. Its text is not kept, and its address is that of the account."),
        _BY_ITSELF,
    ),
    Term(
        "notices",
        _("That a letter about a file was sent, and to which account"),
        _("For good: it proves the notice. Its text and its address are not kept."),
        _("Stays."),
    ),
    Term(
        "journal",
        _("Journal: who did what, by the number of the account"),
        _("For good: numbers and codes, no names, no addresses, no text."),
        _("Stays; erasing contacts changes no line of it."),
    ),
    Term(
        "backups",
        _("Backups"),
        _("As long as the operator keeps them; 35 days are advised."),
        _("What was erased is erased again when a backup is restored."),
    ),
)


def daily(*, at: datetime) -> dict[str, int]:
    """Remove what is past its term, once a day of Bishkek, however late; what was removed, or nothing when it was done.

    Two schedulers at once do no harm: what is gone is gone.
    """
    today = clock.local_date(at).isoformat()
    if cache.get(_DONE) == today:
        return {}
    removed = remove_past_terms(at=at)
    cache.set(_DONE, today, timeout=None)
    log.info("retention.removed", **removed)
    return removed


def remove_past_terms(*, at: datetime) -> dict[str, int]:
    """How many of each kind were removed. Kept forms go every minute (apps.accounts.kept)."""
    outside = clock.unmoved(at)  # sessions end by Django's own clock
    return {
        "contacts": _contacts(at),
        "sessions": Session.objects.filter(expire_date__lt=outside).delete()[0],
        "counters": counters.erase_expired(),
        "invitations": Invitation.objects.filter(expires_at__lt=at - INVITATIONS_FOR).delete()[0],
        "letters": notifications.erase_letters(about=LETTERS, before=at - LETTERS_FOR),
    }


def _contacts(at: datetime) -> int:
    before = at - CONTACTS_FOR
    due = User.objects.filter(is_active=False, contacts_erased_at=None, deactivated_at__lt=before)
    ids = list(due.order_by("pk").values_list("pk", flat=True))
    return sum(erasure.erase_past_term(user_id=pk, closed_before=before, at=at) for pk in ids)
