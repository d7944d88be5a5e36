"""Opening a consultation: whom the act goes to, and what the term will be, day by day, before anything is sent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from apps.accounts import drafts
from apps.core import clock
from apps.core.errors import InvalidInput, require
from apps.draft_acts import conditions as act_conditions
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct

from .. import policies, selectors, services
from ..forms import ConsultationForm, add_refusal
from ._common import public_act


@login_not_required
@require_http_methods(["GET", "POST"])
def consultation_open(request: HttpRequest, number: str) -> HttpResponse:
    """The page before sending, and the sending itself."""
    act = public_act(request, number)
    require(
        policies.can_open_consultation(request.user, act),
        _("A signatory of the initiator opens the consultation."),
    )
    if act.state != ActState.REGISTERED:
        return redirect("act", act.number)
    at = clock.now()
    loads = selectors.with_load(selectors.proposed_associations(act, at), at)
    form = drafts.put_back(ConsultationForm(request.POST or None, loads=loads), request)
    if request.method == "POST" and form.is_valid():
        try:
            consultation = services.open_consultation(
                actor=request.user,
                act_id=act.pk,
                association_ids=form.association_ids(),
                left_out=form.reasons(),
                at=request.received_at,  # type: ignore[attr-defined]
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            count = consultation.reviews.count()
            sent = ngettext("Sent to %(count)s association.", "Sent to %(count)s associations.", count)
            messages.success(request, sent % {"count": count})
            return redirect("act", act.number)
    return _page(request, act, form)


def _page(request: HttpRequest, act: DraftAct, form: ConsultationForm) -> HttpResponse:
    at = clock.now()
    preview = selectors.preview_term(act, at)
    latest = selectors.explained_days(preview.latest)
    context = {
        "act": act,
        "form": form,
        "rows": form.rows(),
        "unmet": act_conditions.unmet_opening(act, at=at),
        "preview": preview,
        "earliest_days": selectors.explained_days(preview.earliest),
        "latest_days": latest,
        "runs": selectors.uncounted_runs(latest),
        "today": clock.local_date(at),
    }
    return render(request, "reviews/consultation.html", context, status=400 if form.errors else 200)
