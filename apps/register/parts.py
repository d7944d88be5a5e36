"""Parts of public pages that say the same to everybody, kept in memory until the register or the day changes.

They live as long as the pages of `conditional`, and for the same reason: what a row of a list says changes only with a
line of the journal, with the day in Bishkek, or with the program. Each process keeps its own; losing them costs time.
"""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.draft_acts.models import DraftAct

from .conditional import state_of_register
from .filters import ActFilterSet, ListFilterSet
from .selectors import lists

Key = tuple[Hashable, ...]


class Shelf:
    """The newest so many parts of one kind; the oldest goes when another one comes."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.parts: OrderedDict[Key, Any] = OrderedDict()

    def keep(self, key: Key, part: Any) -> None:
        self.parts[key] = part
        while len(self.parts) > self.room:
            self.parts.popitem(last=False)


ROWS = Shelf(20_000)  # about 2 kB each
OTHERS = Shelf(500)  # up to 60 kB each
SEARCHES = Shelf(200)  # 16 kB each


def clear() -> None:
    for shelf in (ROWS, OTHERS, SEARCHES):
        shelf.parts.clear()


def kept(request: HttpRequest, *key: Hashable, make: Callable[[], Any], shelf: Shelf = OTHERS) -> Any:
    """What `make` gave for this key in the present state of the register, in the language of the page."""
    whole = (state_of_register(request), get_language(), *key)
    try:
        return shelf.parts[whole]
    except KeyError:
        made = make()
        shelf.keep(whole, made)
        return made


def act_rows(request: HttpRequest, page: Iterable[DraftAct], at: datetime) -> list[SafeString]:
    """The rows of a list of acts, as they stand in <ul class="mk-acts">; two queries when one of them is new."""
    acts = list(page)
    keys = {act.pk: (state_of_register(request), get_language(), "act", act.pk) for act in acts}
    found = {pk: ROWS.parts[key] for pk, key in keys.items() if key in ROWS.parts}
    for row in lists.act_rows([act for act in acts if act.pk not in found], at):
        found[row.act.pk] = SafeString(render_to_string("register/_act.html", {"row": row}))
        ROWS.keep(keys[row.act.pk], found[row.act.pk])
    return [found[act.pk] for act in acts]


def bodies(request: HttpRequest) -> lists.Bodies:
    """See `lists.bodies`."""
    return kept(request, "bodies", make=lists.bodies)  # type: ignore[no-any-return]


def filter_box(request: HttpRequest, filters: ListFilterSet, active: int) -> SafeString:
    """The form of a list's filters with what was asked for: hundreds of organisations to choose from."""
    form = filters.form
    asked = [(name, *form.data.getlist(name)) for name in form.fields if name in form.data]
    return kept(  # type: ignore[no-any-return]
        request,
        "filters",
        request.path,
        *asked,
        make=lambda: SafeString(
            render_to_string("components/filterbox.html", {"form": form, "active": active}, request)
        ),
    )


class Found(Sequence[DraftAct]):
    """Acts that a search found, the best first, by their keys."""

    def __init__(self, keys: Sequence[int]) -> None:
        self.keys = keys

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, where: Any) -> Any:
        if not isinstance(where, slice):
            return self[where : where + 1][0]
        keys = self.keys[where]
        acts = lists.for_list(DraftAct.objects.filter(pk__in=keys)).in_bulk()
        return [acts[key] for key in keys if key in acts]


def listed(request: HttpRequest, filters: ListFilterSet, narrowed: Key) -> Any:
    """What a list shows. Words are looked for and ranked once in a state of the register, for its count and its pages."""
    if not isinstance(filters, ActFilterSet) or not filters.given("q"):
        return filters.listed
    keys = kept(
        request,
        *narrowed,
        make=lambda: array("q", filters.listed.values_list("pk", flat=True)),
        shelf=SEARCHES,
    )
    return Found(keys)


class CountedOnce(Paginator):
    """Counts what a list holds once in a state of the register: an exact count walks over all of it."""

    def __init__(self, request: HttpRequest, *key: Hashable, **options: Any) -> None:
        self.request, self.key = request, key
        super().__init__(**options)

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        return int(kept(self.request, "count", *self.key, make=lambda: super(CountedOnce, self).count))
