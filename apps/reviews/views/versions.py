"""The next text of an act: begun, published, and the remarks that must be settled by hand after it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.core import clock
from apps.core.dates import language
from apps.core.errors import InvalidInput, require
from apps.draft_acts import policies as act_policies
from apps.draft_acts import selectors as draft_acts
from apps.draft_acts.models import DraftAct
from apps.draft_acts.naming import provision_name

from .. import merging, policies, promises, selectors, services
from ..enums import PlaceOutcome
from ..forms import PlaceForm, add_refusal
from ._common import public_act, public_review


@login_not_required
@require_http_methods(["GET", "POST"])
def act_version_new(request: HttpRequest, number: str) -> HttpResponse:
    """The next text of a registered act: before its consultation opens, or once every association is answered."""
    act = public_act(request, number)
    require(act_policies.can_prepare(request.user, act))
    if request.method == "POST":
        services.begin_version(actor=request.user, act_id=act.pk, at=request.received_at)  # type: ignore[attr-defined, arg-type]
        return redirect("act_prepare", act.token)
    answered = services.is_answered(act_id=act.pk, at=clock.now())
    if draft_acts.open_version(act):
        return redirect("act_prepare", act.token)
    waiting = len(merging.plan(act).proposals()) if answered else 0
    context = {"act": act, "answered": answered, "waiting": waiting}
    return render(request, "draft_acts/version_new.html", context)


@login_not_required
@require_POST
def act_version_publish(request: HttpRequest, token: str) -> HttpResponse:
    """The signatory makes the next text public; remarks go with their provisions."""
    act = get_object_or_404(DraftAct.objects.own(request.user), token=token)
    version = services.publish_version(actor=request.user, act_id=act.pk, at=request.received_at)  # type: ignore[attr-defined, arg-type]
    messages.success(request, _("Version %(number)s is public.") % {"number": version.number})
    if promises.displaced(act):
        messages.warning(request, _("Some remarks lost their place: choose their provisions."))
        return redirect("act_promises", act.number)
    return redirect(act)


@login_not_required
@require_http_methods(["GET", "POST"])
def remark_place(request: HttpRequest, number: str, code: str, remark: int) -> HttpResponse:
    """Settle where a remark belongs in the newest text, or why it does not apply any more."""
    review = public_review(request, number, code)
    link = selectors.in_force_link(review)
    found = link and link.opinion.remarks.select_related("provision").filter(number=remark).first()
    act = review.consultation.act
    version = draft_acts.current_version(act)
    place = promises.ruling_place(found, version.pk) if found else None
    if not found or place is None or place.outcome == PlaceOutcome.CARRIED:
        raise Http404
    require(policies.can_settle_place(request.user, review))
    closes = policies.can_close_remark(request.user, review)
    form = PlaceForm(request.POST or None, provisions=selectors.provision_choices(version), closes=closes)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["provision"]
        try:
            services.settle_place(
                actor=request.user,  # type: ignore[arg-type]
                remark_id=found.pk,
                provision_id=int(chosen) if chosen != PlaceForm.CLOSES else None,
                reason=form.cleaned_data["reason"],
                lang=form.own_language(),
                at=request.received_at,  # type: ignore[attr-defined]
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The place of remark №%(number)s is settled.") % {"number": remark})
            return redirect("act_promises", act.number)
    context = {
        "act": act,
        "review": review,
        "remark": found,
        "place": place,
        "version": version,
        "name": provision_name(found.provision, language()),
        "form": form,
        "closes": closes,
    }
    return render(request, "reviews/place.html", context, status=400 if form.errors else 200)
