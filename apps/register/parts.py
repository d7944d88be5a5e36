"""Parts of public pages that say the same to everybody, kept in memory until the register or the day changes.

They live as long as the pages of `conditional`, and for the same reason: what a row of a list says changes only with a
line of the journal, with the day in Bishkek, or with the program. Each process keeps its own; losing them costs time.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
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
from .filters import ListFilterSet
from .selectors import lists

KEPT = 20_000  # about 2 kB each
_parts: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()


def kept(request: HttpRequest, *key: Hashable, make: Callable[[], Any]) -> Any:
    """What `make` gave for this key in the present state of the register, in the language of the page."""
    whole = (state_of_register(request), get_language(), *key)
    try:
        return _parts[whole]
    except KeyError:
        made = make()
        _keep(whole, made)
        return made


def _keep(key: tuple[Hashable, ...], part: Any) -> None:
    _parts[key] = part
    while len(_parts) > KEPT:
        _parts.popitem(last=False)


def act_rows(request: HttpRequest, page: Iterable[DraftAct], at: datetime) -> list[SafeString]:
    """The rows of a list of acts, as they stand in <ul class="mk-acts">; two queries when one of them is new."""
    acts = list(page)
    keys = {act.pk: (state_of_register(request), get_language(), "act", act.pk) for act in acts}
    found = {pk: _parts[key] for pk, key in keys.items() if key in _parts}
    for row in lists.act_rows([act for act in acts if act.pk not in found], at):
        found[row.act.pk] = SafeString(render_to_string("register/_act.html", {"row": row}))
        _keep(keys[row.act.pk], found[row.act.pk])
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


class CountedOnce(Paginator):
    """Counts what a list holds once in a state of the register: an exact count walks over all of it."""

    def __init__(self, request: HttpRequest, *key: Hashable, **options: Any) -> None:
        self.request, self.key = request, key
        super().__init__(**options)

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        return int(kept(self.request, "count", *self.key, make=lambda: super(CountedOnce, self).count))
