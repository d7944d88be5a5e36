"""Who comes through which door, and how a refusal of a use-case is shown beside its fields."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

from apps.core.errors import InvalidInput, require

from .. import policies


def administrators_only(view: Callable) -> Callable:
    """A page that names no object: sign-in for strangers, 403 for people of other roles."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(policies.is_administrator(request.user))
        return view(request, *args, **kwargs)

    return guarded


def hidden_from_others(view: Callable) -> Callable:
    """An address that names an object: for everybody but administrators it does not exist."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not policies.is_administrator(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def put_errors(form: Any, refusal: InvalidInput) -> None:
    """What the use-case refused, beside the fields it is about."""
    for name, found in refusal.fields.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in found])
    if not refusal.fields:
        form.add_error(None, str(refusal))
