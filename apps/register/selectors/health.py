"""What stands still, and since when: alarms of this moment, and the problems of the daily digest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.audit import selectors as audit
from apps.audit.models import JournalCheck, PublishedHead
from apps.core import dates, health
from apps.notifications import selectors as notifications
from apps.notifications.selectors import OutboxFigures

MISSED_AFTER = timedelta(minutes=5)
STANDSTILL = "scheduler.standstill"  # the last one: from when until when
TOLD_FOR = timedelta(days=1)
SETTLING = timedelta(minutes=5)  # after a standstill everything catches up first


@dataclass(frozen=True)
class Problem:
    """One thing that needs a person: a code, how many, since when. Its words are made in the reader's language."""

    code: str
    n: int = 0
    since: datetime | None = None
    until: datetime | None = None

    @property
    def sentence(self) -> str:
        """The problem as a person reads it."""
        values = {"n": self.n, "since": _moment(self.since), "until": _moment(self.until)}
        return _WORDS[self.code](self.n, bool(self.since)) % values

    def as_data(self) -> dict[str, Any]:
        """Codes, numbers and times, for the payload of a letter."""
        since, until = (moment.isoformat() if moment else None for moment in (self.since, self.until))
        return {"code": self.code, "n": self.n, "since": since, "until": until}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Problem":
        since, until = (datetime.fromisoformat(v) if v else None for v in (data["since"], data["until"]))
        return cls(data["code"], data["n"], since, until)


def _moment(moment: datetime | None) -> str:
    return dates.datetime_words(moment) if moment else ""


def _scheduler(n: int, seen: bool) -> str:
    if seen:
        return _("The scheduler has not run since %(since)s: reminders and other timed work wait.")
    return _("The scheduler has not run here yet: reminders and other timed work wait.")


def _relay(n: int, seen: bool) -> str:
    if seen:
        return _("The relay has not answered since %(since)s: letters and documents wait.")
    return _("The relay has not run here yet: letters and documents wait.")


def _stalled(n: int, seen: bool) -> str:
    return ngettext(
        "%(n)s letter or document waits without a try since %(since)s.",
        "%(n)s letters or documents wait without a try, the first since %(since)s.",
        n,
    )


def _letters(n: int, seen: bool) -> str:
    return ngettext("%(n)s letter was not delivered.", "%(n)s letters were not delivered.", n)


def _jobs(n: int, seen: bool) -> str:
    return ngettext("%(n)s document could not be made.", "%(n)s documents could not be made.", n)


_WORDS: dict[str, Any] = {
    "scheduler_missed": _scheduler,
    "relay_stalled": _relay,
    "outbox_stalled": _stalled,
    "letters_failed": _letters,
    "jobs_failed": _jobs,
    "journal_broken": lambda n, seen: _(
        "The journal does not hold together: entry %(n)s is the first bad one."
    ),
    "head_gone": lambda n, seen: _("A head that was published is not in the journal any more."),
    "standstill": lambda n, seen: _(
        "The scheduler stood still from %(since)s until %(until)s. What was due was done afterwards."
    ),
}


@dataclass(frozen=True)
class Health:
    """How the portal stands at a moment."""

    scheduler_seen: datetime | None
    relay_seen: datetime | None
    outbox: OutboxFigures
    check: JournalCheck | None
    head: PublishedHead | None
    standstill: tuple[datetime, datetime] | None
    alarms: list[Problem]
    problems: list[Problem]  # the alarms and everything else that needs a person

    @property
    def scheduler_late(self) -> bool:
        return any(alarm.code == "scheduler_missed" for alarm in self.alarms)

    @property
    def relay_late(self) -> bool:
        return any(alarm.code == "relay_stalled" for alarm in self.alarms)


def alarms(at: datetime) -> list[Problem]:
    """What stands still now; two questions to the database."""
    return _alarms(health.last_heartbeats("sweep", "relay"), notifications.figures(at), at)


def _alarms(seen: dict[str, datetime | None], outbox: OutboxFigures, at: datetime) -> list[Problem]:
    found = []
    if _silent(seen["sweep"], at):
        found.append(Problem("scheduler_missed", since=seen["sweep"]))
    if _silent(seen["relay"], at):
        found.append(Problem("relay_stalled", since=seen["relay"]))
    if outbox.stalled:
        found.append(Problem("outbox_stalled", n=outbox.stalled, since=outbox.stalled_since))
    return found


def _silent(seen: datetime | None, at: datetime) -> bool:
    return seen is None or at - seen > MISSED_AFTER


def state(at: datetime) -> Health:
    """Everything the page of the administrator shows; five questions to the database."""
    seen = health.last_heartbeats("sweep", "relay")
    outbox, check, standstill = notifications.figures(at), audit.last_check(), last_standstill()
    found = _alarms(seen, outbox, at)
    return Health(
        scheduler_seen=seen["sweep"],
        relay_seen=seen["relay"],
        outbox=outbox,
        check=check,
        head=audit.published_heads().first(),
        standstill=standstill,
        alarms=found,
        problems=[*found, *_others(outbox, check, standstill, at)],
    )


def _others(
    outbox: OutboxFigures,
    check: JournalCheck | None,
    standstill: tuple[datetime, datetime] | None,
    at: datetime,
) -> list[Problem]:
    found = []
    if outbox.letters_failed:
        found.append(Problem("letters_failed", n=outbox.letters_failed))
    if outbox.jobs_failed:
        found.append(Problem("jobs_failed", n=outbox.jobs_failed))
    if check and check.first_bad is not None:
        found.append(Problem("journal_broken", n=check.first_bad))
    if check and not check.heads_match:
        found.append(Problem("head_gone"))
    if standstill and at - standstill[1] < TOLD_FOR:
        found.append(Problem("standstill", since=standstill[0], until=standstill[1]))
    return found


def last_standstill() -> tuple[datetime, datetime] | None:
    """From when until when the scheduler last stood still for more than five minutes."""
    kept = cache.get(STANDSTILL)
    return (datetime.fromisoformat(kept[0]), datetime.fromisoformat(kept[1])) if kept else None


# --- for machines ------------------------------------------------------------------------------------


def scheduler_word(at: datetime) -> str:
    """For /readyz: "ok", or since when the scheduler is missed."""
    seen = health.last_heartbeats("sweep")["sweep"]
    if not _silent(seen, at):
        return "ok"
    return f"missed since {seen.isoformat()}" if seen else "never seen"


def outbox_word(at: datetime) -> str:
    """For /readyz: "ok", or how many side effects stand still since when."""
    outbox = notifications.figures(at)
    if not outbox.stalled:
        return "ok"
    assert outbox.stalled_since is not None
    return f"{outbox.stalled} stalled since {outbox.stalled_since.isoformat()}"
