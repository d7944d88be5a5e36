"""Leave and substitution: a person's own page, naming a substitute, and what administrators confirm."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.core import clock
from apps.core.errors import InvalidInput

from .. import forms, policies, selectors, services
from ..enums import POWER_ROLES, Role
from ..models import Membership, Substitution
from ._common import put_errors


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """The person's own roles and leaves, and for whom the person stands in."""
    person: Any = request.user
    now = clock.now()
    own = [m for m in policies.memberships(person) if m.user_id == person.pk and m.role != Role.ADMINISTRATOR]
    context = {
        "roles": own,
        "leaves": _with_states(selectors.leaves_of(person, now)),
        "stood_in": _with_states(selectors.stood_in_by(person, now)),
        "past": _with_states(selectors.past_substitutions(person, now)),
    }
    return render(request, "organizations/leave.html", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def substitute_name(request: HttpRequest, membership_id: int) -> HttpResponse:
    membership = get_object_or_404(
        Membership.objects.select_related("user", "organization"), pk=membership_id
    )
    if not policies.can_name_substitute(request.user, membership):
        raise Http404
    people = selectors.possible_substitutes(membership, clock.now())
    form = forms.SubstituteForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            found = services.name_substitute(
                actor=request.user,  # type: ignore[arg-type]
                membership_id=membership.pk,
                substitute_id=form.cleaned_data["substitute"],
                first_day=form.cleaned_data["first_day"],
                last_day=form.cleaned_data["last_day"],
                at=clock.now(),
            )
        except InvalidInput as refusal:
            put_errors(form, refusal)
        else:
            messages.success(
                request,
                _("The substitute is named; administrators confirm it now.")
                if found.needs_administrators
                else _("The substitute is named; letters tell both of you."),
            )
            return redirect("substitution", found.pk)
    context = {
        "form": form,
        "membership": membership,
        "people": people,
        "own": membership.user_id == request.user.pk,
        "needs_administrators": membership.role in POWER_ROLES,
    }
    return render(request, "organizations/substitute.html", context, status=400 if form.errors else 200)


@login_not_required
@require_safe
def substitution(request: HttpRequest, substitution_id: int) -> HttpResponse:
    return _page(request, substitution_id, forms.RefusalForm())


@login_not_required
@require_POST
def substitution_confirm(request: HttpRequest, substitution_id: int) -> HttpResponse:
    _seen(request, substitution_id)
    found = services.confirm_substitution(
        actor=request.user,  # type: ignore[arg-type]
        substitution_id=substitution_id,
        at=clock.now(),
    )
    messages.success(
        request,
        _("The substitute is confirmed; letters tell everybody concerned.")
        if found.confirmed_at
        else _("Your confirmation is recorded. Another administrator confirms now."),
    )
    return redirect("substitution", substitution_id)


@login_not_required
@require_POST
def substitution_refuse(request: HttpRequest, substitution_id: int) -> HttpResponse:
    _seen(request, substitution_id)
    form = forms.RefusalForm(request.POST)
    if form.is_valid():
        try:
            services.refuse_substitution(
                actor=request.user,  # type: ignore[arg-type]
                substitution_id=substitution_id,
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except InvalidInput as refusal:
            put_errors(form, refusal)
        else:
            messages.success(request, _("The substitute is refused; letters tell everybody concerned."))
            return redirect("substitution", substitution_id)
    return _page(request, substitution_id, form, status=400)


@login_not_required
@require_POST
def substitution_withdraw(request: HttpRequest, substitution_id: int) -> HttpResponse:
    _seen(request, substitution_id)
    services.withdraw_substitution(
        actor=request.user,  # type: ignore[arg-type]
        substitution_id=substitution_id,
        at=clock.now(),
    )
    messages.success(request, _("The substitution has ended; letters tell everybody concerned."))
    return redirect("substitution", substitution_id)


def _seen(request: HttpRequest, substitution_id: int) -> Substitution:
    found = selectors.substitution(substitution_id)
    if found is None or not policies.can_see_substitution(request.user, found):
        raise Http404
    return found


def _with_states(rows: list[Substitution]) -> list[tuple[Substitution, str]]:
    now = clock.now()
    return [(row, row.state(now)) for row in rows]


def _page(
    request: HttpRequest, substitution_id: int, form: forms.RefusalForm, status: int = 200
) -> HttpResponse:
    found = _seen(request, substitution_id)
    state = found.state(clock.now())
    waiting = state == "waiting"
    party = request.user.pk in (found.absent_id, found.substitute_id)
    context = {
        "substitution": found,
        "state": state,
        "form": form,
        "administers": policies.is_administrator(request.user),
        "confirms": waiting and policies.can_confirm_substitution(request.user, found),
        "refuses": waiting and not party and policies.is_administrator(request.user),
        "ends": state in ("waiting", "coming", "in_force")
        and policies.can_end_substitution(request.user, found),
    }
    return render(request, "organizations/substitution.html", context, status=status)
