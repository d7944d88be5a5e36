"""The coordinator decides what follows from an expired term."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import drafts, signing
from apps.core import clock
from apps.core.errors import InvalidInput, require
from apps.deadlines.enums import Stage

from .. import policies, selectors, services, silence
from ..enums import ExpiryEffect, ReviewStage
from ..forms import ExpiryForm, add_refusal
from ._common import public_review


@login_not_required
@require_http_methods(["GET", "POST"])
def expiry_decide(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """What is known of the expiry, and the decision: effect, or a new term."""
    review = public_review(request, number, code)
    require(
        policies.can_decide_expiry(request.user, review),
        _("A coordinator decides on an expired term, never over a file of the own organisation."),
    )
    at = clock.now()
    longest = services.longest_new_term(review)
    form = ExpiryForm(request.POST or None, initial={"days": longest})
    signing.ask(drafts.put_back(form, request), request)
    if request.method == "POST" and signing.answered(request, form):
        try:
            decision = services.decide_expiry(
                actor=request.user,
                review_id=review.pk,
                effect=form.cleaned_data["effect"],
                reason=form.cleaned_data["reason"],
                days=form.cleaned_data["days"],
                at=request.received_at,  # type: ignore[attr-defined]
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            new_term = decision.effect == ExpiryEffect.NEW_TERM
            done = (
                _("A new term is given.")
                if new_term
                else _("The expiry is established; a note of expiry follows.")
            )
            messages.success(request, done)
            return redirect("review", number, code)
    elif selectors.stage(review, at) != ReviewStage.EXPIRED:
        return redirect("review", number, code)
    context = {
        "act": review.consultation.act,
        "review": review,
        "form": form,
        "longest": longest,
        "term": selectors.ruling_term(review, Stage.OPINION),
        "proofs": silence.proofs_of(review),
        "late": selectors.in_force_link(review),
        "decisions": review.expiry_decisions.select_related("organization", "term").order_by("pk"),
    }
    return render(request, "reviews/expiry.html", context, status=400 if form.errors else 200)
