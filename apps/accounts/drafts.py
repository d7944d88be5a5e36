"""Drafts of forms that have no row of their own yet: kept every ten seconds for the person who types, put back on opening.

    form = drafts.put_back(ScopeForm(request.POST or None), request)

The template of the form includes components/draft.html; when the form was sent and taken, the draft is erased.
"""

from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, QueryDict

from apps.core import clock

from . import kept, kept_requests
from .models import KeptForm

F = TypeVar("F", bound=forms.BaseForm)


def put_back(form: F, request: HttpRequest, *, page: str = "", part: str = "") -> F:
    """The form with what its person typed into it before and did not send. `page` is the address it is opened at."""
    return put_all_back([(form, part)], request, page=page)[0]


def put_all_back(several: list[tuple[F, str]], request: HttpRequest, *, page: str = "") -> list[F]:
    """The same for all forms of a page, each known by its part; one query."""
    page = page or request.path
    found = kept.drafts(
        request.user, page=page, parts=[part for _form, part in several], at=clock.now()
    )  # fmt: skip
    for form, part in several:
        draft = found.get(part)
        form.draft_of, form.draft_part, form.draft = page, part, draft  # type: ignore[attr-defined]
        if draft is not None and not form.is_bound:
            typed = _typed(draft)
            # A box that was off is not among what a browser sends.
            form.initial = {
                **form.initial,
                **{name: typed.get(form.add_prefix(name), "") for name in form.fields},
            }
    return [form for form, _part in several]


def keep(request: HttpRequest, *, page: str, part: str = "") -> None:
    """Keep what this request carries as the draft of a form, for a view that has it come to its own address."""
    person: Any = request.user
    kept.save_draft(
        person_id=person.pk, page=page, part=part, fields=kept_requests.fields_of(request), at=clock.now()
    )


def erase(request: HttpRequest, *, page: str, part: str = "") -> None:
    """The form was taken."""
    kept.erase_draft(person=request.user, page=page, part=part)


def _typed(draft: KeptForm) -> dict[str, Any]:
    data = QueryDict(mutable=True)
    for name, value in draft.fields:
        data.appendlist(name, value)
    return data.dict()
