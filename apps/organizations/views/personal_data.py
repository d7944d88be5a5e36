"""Personal data: what the portal keeps and how long, whose contacts were erased, and erasing them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts import erasure, retention
from apps.accounts.models import Erasure, User
from apps.core import clock
from apps.core.errors import InvalidInput

from .. import forms, services
from ._common import administrators_only, hidden_from_others, put_errors

ROWS_A_PAGE = 20


@administrators_only
@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """The terms, and the ledger of erasures, the newest first."""
    rows = Erasure.objects.select_related("person", "erased_by").order_by("-erased_at", "-pk")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "organizations/personal_data.html", {"terms": retention.TERMS, "page": page})


@hidden_from_others
@require_http_methods(["GET", "HEAD", "POST"])
def person_erase(request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    form = forms.ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.erase_contacts(
                actor=request.user,  # type: ignore[arg-type]
                user_id=user_id,
                at=clock.now(),
                **form.cleaned_data,
            )
        except InvalidInput as refusal:
            put_errors(form, refusal)
        else:
            messages.success(
                request, _("The contacts are erased. The journal holds when and on what ground.")
            )
            return redirect("person", user_id)
    context = {
        "person": person,
        "form": form,
        "offered": form.is_bound or (not person.is_active and person.contacts_erased_at is None),
        "name_stays": bool(person.full_name) and erasure.acted(person),
    }
    return render(request, "organizations/person_erase.html", context, status=400 if form.errors else 200)
