"""The public page of a package: a bill with the drafts of its bylaws."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core import clock
from apps.draft_acts import packages
from apps.draft_acts import policies as act_policies

from .conditional import public_page
from .selectors import lists, records
from .views import registered_act


@login_not_required
@require_safe
@public_page
def package(request: HttpRequest, number: str) -> HttpResponse:
    """A bill with the drafts of its bylaws, on one page. Its address is the number of the bill."""
    found = None if "\x00" in number else packages.package_of_bill(number)
    if found is None:
        raise Http404
    page, bill = packages.package_page(found), registered_act(number)
    at = clock.now()
    context = {
        "page": page,
        "act": bill,
        "members": lists.act_rows([page.bill.act, *(row.act for row in page.bylaws)], at),
        "list": records.package_list(found, number),
        "may_edit": act_policies.can_make_package(request.user, bill),
    }
    return render(request, "register/package.html", context)
