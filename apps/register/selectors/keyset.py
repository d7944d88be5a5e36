"""Pages of a list that only grows: by the number of a row, newest first, without counting them all."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.core.errors import InvalidInput

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Slice:
    """Some rows, newest first; `newer` and `older` are the addresses of the neighbours, empty at the ends."""

    rows: list[Any]
    newer: str
    older: str


def slice_of(queryset: QuerySet, key: str, query: QueryDict, size: int) -> Slice:
    """The rows before the number `before` (or after `after`) of the query; one question to the database."""
    before, after = _number(query, "before"), _number(query, "after")
    if after is not None and before is None:
        found = list(queryset.filter(**{f"{key}__gt": after}).order_by(key)[: size + 1])
        more_newer, more_older = len(found) > size, True
        rows = found[:size][::-1]
    else:
        kept = queryset if before is None else queryset.filter(**{f"{key}__lt": before})
        found = list(kept.order_by(f"-{key}")[: size + 1])
        more_newer, more_older = before is not None, len(found) > size
        rows = found[:size]
    if not rows:
        return Slice([], "", "")
    return Slice(
        rows,
        newer=_address(query, after=getattr(rows[0], key)) if more_newer else "",
        older=_address(query, before=getattr(rows[-1], key)) if more_older else "",
    )


def _number(query: QueryDict, name: str) -> int | None:
    given = query.get(name)
    if given is None:
        return None
    if not _NUMBER.fullmatch(given):
        raise InvalidInput(fields={name: [_("This address is not one of this list.")]})
    return int(given)


def _address(query: QueryDict, **changes: int) -> str:
    left = query.copy()
    for name in ("before", "after"):
        left.pop(name, None)
    for name, value in changes.items():
        left[name] = str(value)
    return f"?{left.urlencode()}"
