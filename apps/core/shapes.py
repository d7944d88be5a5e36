"""Shapes that components need: weeks of a term, groups of gates, numbers of pages. Plain functions over plain data."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from apps.core import dates, typography


def value_of(thing: Any, name: str) -> Any:
    """An attribute, key or result of a method without arguments; None when there is none."""
    if isinstance(thing, Mapping):
        return thing.get(name)
    found = getattr(thing, name, None)
    return found() if callable(found) and not isinstance(found, type) else found


def level_rows(ky: str | None, ru: str | None) -> list[tuple[str, str]]:
    """Both texts of a provision line against line, where they have the same number of lines; else as one row."""
    left, right = typography.paragraphs(ky or ""), typography.paragraphs(ru or "")
    if len(left) != len(right):
        return [(ky or "", ru or "")]
    return list(zip(left, right, strict=True))


def gate_groups(conditions: Iterable[Any]) -> dict[str, list[Any]]:
    """Conditions in the three groups of the gates component: what to do now, what opens later, what is out of the way."""
    groups: dict[str, list[Any]] = {"now": [], "later": [], "done": []}
    where = {"unmet": "now", "later": "later"}
    for condition in conditions:
        groups[where.get(str(value_of(condition, "status")), "done")].append(condition)
    return groups


_DAY_KIND = {
    "start": "start", "working_day": "", "moved_working_day": "", "weekend": "off", "holiday": "holiday",
    "moved_day_off": "holiday", "pause": "off", "outage": "off",
}  # fmt: skip


def strip_weeks(explanation: Iterable[Any], today: date | str | None = None) -> list[list[dict[str, Any]]]:
    """Days of a term's explanation as whole weeks, Monday first; days outside the term fill the edges.

    Each item has date (date or ISO string), counted, n, reason, name. The last counted day is the due day.
    """
    today = today if isinstance(today, date) else None
    days = [
        {key: value_of(item, key) for key in ("date", "counted", "n", "reason", "name")}
        for item in explanation
    ]
    for day in days:
        if isinstance(day["date"], str):
            day["date"] = date.fromisoformat(day["date"])
    if not days:
        return []
    counted = [day for day in days if day["counted"]]
    for day in days:
        day["kind"] = _DAY_KIND.get(str(day["reason"]), "")
        if today and not day["kind"] and day["date"] < today:
            day["kind"] = "past"
        if today and day["date"] == today:
            day["kind"] = "today"
        if counted and day is counted[-1]:
            day["kind"] = "due"
        day["today"] = today is not None and day["date"] == today
    first, last = days[0]["date"], days[-1]["date"]
    edge = {"counted": False, "n": None, "reason": "out", "name": "", "kind": "out", "today": False}
    before = [dict(edge, date=date.fromordinal(first.toordinal() - i)) for i in range(first.weekday(), 0, -1)]
    after = [dict(edge, date=date.fromordinal(last.toordinal() + i)) for i in range(1, 7 - last.weekday())]
    row = [*before, *days, *after]
    return [row[i : i + 7] for i in range(0, len(row), 7)]


def fact_rows(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of the facts component: pairs and objects alike, empty values left out."""
    pairs = ({"name": r[0], "value": r[1]} if isinstance(r, tuple | list) else r for r in rows or ())
    facts = [{key: value_of(row, key) for key in ("name", "value", "url", "lang")} for row in pairs]
    return [fact for fact in facts if fact["value"] not in (None, "")]


def weekday_heads() -> list[str]:
    return dates.weekday_names()


def month_short(value: date) -> str:
    return dates.month_short(value)


def page_window(page: Any) -> list[int | None]:
    """Numbers for a pagination: first, last, two around the current one; None is a gap."""
    total, here = page.paginator.num_pages, page.number
    wanted = sorted({1, total, *range(max(1, here - 1), min(total, here + 1) + 1)})
    numbers: list[int | None] = []
    for number in wanted:
        if numbers and numbers[-1] is not None and number - numbers[-1] > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


def error_links(form: Any) -> list[dict[str, str]]:
    """Every message of a form with the id of its field, in the order of the fields: the error summary."""
    links = [{"id": "", "label": "", "message": str(message)} for message in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or bound.auto_id
        links += [
            {"id": target, "label": str(bound.label), "message": str(message)} for message in bound.errors
        ]
    return links
