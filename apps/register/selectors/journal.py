"""The journal for those who may read it: filtered, in slices, with names joined at reading."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import override

from apps.accounts.models import User
from apps.audit import selectors as audit
from apps.audit.models import JournalEntry
from apps.core.clock import BISHKEK
from apps.core.dates import language
from apps.draft_acts.models import DraftAct
from apps.organizations.models import Organization

from ..sentences import sentence

CHUNK = 1000  # rows of an export whose names are read together


@dataclass(frozen=True)
class Line:
    """One entry with its names. People are joined by id: with the account's name goes every trace of it here."""

    entry: JournalEntry
    sentence: str
    organization: str
    person: str
    acting_for: str  # the person on leave for whom a substitute took the step
    act: str  # the registration number, empty where an act has none

    @property
    def data(self) -> str:
        return json.dumps(self.entry.data, ensure_ascii=False, sort_keys=True) if self.entry.data else ""


def from_day(day: date) -> datetime:
    """The first moment of a day in Bishkek."""
    return datetime.combine(day, time(), BISHKEK)


def found(wanted: dict[str, Any]) -> QuerySet[JournalEntry]:
    """Entries that fit the cleaned values of the filter form."""
    entries = audit.entries()
    if wanted.get("act"):
        acts = DraftAct.objects.filter(number=wanted["act"]).values_list("pk", flat=True)[:1]
        entries = entries.filter(act_id__in=list(acts))
    if wanted.get("action"):
        entries = entries.filter(action=wanted["action"])
    if wanted.get("organization"):
        bodies = Organization.objects.filter(code=wanted["organization"]).values_list("pk", flat=True)[:1]
        entries = entries.filter(organization_id__in=list(bodies))
    if wanted.get("person"):
        entries = entries.filter(actor_id=wanted["person"])
    if wanted.get("since"):
        entries = entries.filter(at__gte=from_day(wanted["since"]))
    if wanted.get("until"):
        entries = entries.filter(at__lt=from_day(wanted["until"] + timedelta(days=1)))
    return entries


class Names:
    """Names of organisations, people and acts, each read once; three questions for a page."""

    def __init__(self) -> None:
        self.organizations: dict[int | None, str] = {None: ""}
        self.people: dict[int | None, str] = {None: ""}
        self.acts: dict[int | None, str] = {None: ""}

    def read(self, entries: Iterable[JournalEntry]) -> None:
        rows = list(entries)
        if missing := {e.organization_id for e in rows} - self.organizations.keys():
            bodies = Organization.objects.filter(pk__in=missing)
            self.organizations |= {body.pk: body.name(language()) for body in bodies}
        if missing := {pk for e in rows for pk in (e.actor_id, e.data.get("for"))} - self.people.keys():
            self.people |= dict(User.objects.filter(pk__in=missing).values_list("pk", "full_name"))
        if missing := {e.act_id for e in rows} - self.acts.keys():
            numbers = DraftAct.objects.filter(pk__in=missing).values_list("pk", "number")
            self.acts |= {pk: number or "" for pk, number in numbers}

    def line(self, entry: JournalEntry) -> Line:
        body = self.organizations.get(entry.organization_id, "")
        return Line(
            entry=entry,
            sentence=sentence(entry.action, who=body, data=entry.data),
            organization=body,
            person=self.people.get(entry.actor_id, ""),
            acting_for=self.people.get(entry.data.get("for"), ""),
            act=self.acts.get(entry.act_id, ""),
        )


def lines(entries: Iterable[JournalEntry]) -> list[Line]:
    rows = list(entries)
    names = Names()
    names.read(rows)
    return [names.line(entry) for entry in rows]


def all_lines(entries: QuerySet[JournalEntry], lang: str) -> Iterator[Line]:
    """Every entry, oldest first, for an export: a part at a time, so that memory stays flat."""
    names, part = Names(), []
    for entry in entries.order_by("seq").iterator(chunk_size=CHUNK):
        part.append(entry)
        if len(part) == CHUNK:
            yield from _joined(names, part, lang)
            part = []
    yield from _joined(names, part, lang)


def _joined(names: Names, part: list[JournalEntry], lang: str) -> list[Line]:
    with override(
        lang
    ):  # never left open over a yield: the next request of this thread speaks another language
        names.read(part)
        return [names.line(entry) for entry in part]


def offices() -> list[tuple[str, str]]:
    """Every organisation by code and name, for the filter; one question."""
    here = language()
    rows = [(body.code, body.name(here)) for body in Organization.objects.all()]
    return sorted(rows, key=lambda row: row[1].casefold())
