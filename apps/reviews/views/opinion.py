"""The page on which an association writes its opinion, hands it over, countersigns and submits it. Closed to others."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts import drafts, signing
from apps.core import clock
from apps.core.errors import GateClosed, InvalidInput, VersionConflict, require
from apps.draft_acts import functions
from apps.draft_acts.models import Provision
from apps.organizations import policies as organizations

from .. import conditions, pages, policies, selectors, services
from ..enums import ReviewStage
from ..forms import OpinionForm, RemarkForm, add_refusal, own_language, theirs
from ..models import ConsolidatedOpinion, Remark, Review
from ..workflow import UNFILED
from ._common import hide_unless, is_automatic, public_review, refused_json, saved_json


def _own_review(request: HttpRequest, number: str, code: str) -> Review:
    """The review, for the association's own people: a draft is nobody else's to see."""
    review = public_review(request, number, code)
    hide_unless(policies.can_read_draft(request.user, review))
    return review


@login_not_required
@require_GET
def opinion_write(request: HttpRequest, number: str, code: str) -> HttpResponse:
    return _page(request, _own_review(request, number, code))


def _page(
    request: HttpRequest,
    review: Review,
    *,
    form: OpinionForm | None = None,
    remark_form: RemarkForm | None = None,
    sign_form: Any = None,
    other: list[tuple[Any, Any]] | None = None,
    unmet: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The opinion as this person may handle it now; refused input comes with everything that was typed."""
    at = clock.now()
    link = selectors.draft_link(review)
    if link is None and (selectors.stage(review, at) not in UNFILED or _was_filed(review, at)):
        return redirect("review", *conditions.review_args(review))
    opinion = link.opinion if link else None
    writing = policies.can_write_opinion(request.user, review) and (
        opinion is None or opinion.ready_at is None
    )
    remarks = selectors.remarks_of(opinion) if opinion else []
    choices = selectors.provision_choices(review.consultation.version) if writing else []
    edited = _edited(request, remarks) if writing else None
    shown = remark_form or _remark_form(request, review, edited, choices)
    context = {
        "act": review.consultation.act,
        "card": functions.card(review.consultation.version),
        "review": review,
        "opinion": opinion,
        "rows": [pages.remark_row(review, remark) for remark in remarks],
        "writing": writing,
        "signing": bool(opinion) and policies.can_sign_opinion(request.user, review),
        "ready": bool(opinion and opinion.ready_at),
        "may_submit": bool(opinion and opinion.ready_at)
        and policies.can_submit_opinion(request.user, review, opinion),  # type: ignore[arg-type]
        "acting_for": organizations.acting_for(request.user),  # as the question before found
        "single": review.association.single_officer,
        "late": at >= review.due_at,
        "undelivered": selectors.stage(review, at) == ReviewStage.DELIVERY,
        "form": form or OpinionForm(initial=_stored(opinion), prefix=None),
        "remark_form": shown,
        "sign_form": sign_form or signing.button(request),
        "provision": _provision(review, shown) if writing else None,
        "edited": edited,
        "kept": getattr(shown, "draft", None) is not None,
        "theirs": other,
        "unmet": unmet
        if unmet is not None
        else (conditions.unmet_opinion(opinion, review) if opinion else []),
        "refused": unmet is not None,
    }
    return render(request, "reviews/opinion.html", context, status=status)


def _was_filed(review: Review, at: Any) -> bool:
    link = selectors.in_force_link(review)
    return link is not None and not (link.late and at < review.due_at)


def _stored(opinion: ConsolidatedOpinion | None) -> dict[str, Any]:
    if opinion is None:
        return {"version": 0, "lang": own_language()}
    return {
        "verdict": opinion.verdict,
        "statement": opinion.statement,
        "lang": opinion.lang,
        "version": opinion.text_version,
    }


def _edited(request: HttpRequest, remarks: list[Remark]) -> Remark | None:
    number = request.GET.get("remark", "")
    return next((remark for remark in remarks if str(remark.number) == number), None)


def _remark_form(
    request: HttpRequest, review: Review, edited: Remark | None, choices: list[Any]
) -> RemarkForm:
    """A stored remark, else one typed and not added yet, else an empty one on the provision of the link."""
    if edited:
        stored = {name: getattr(edited, name) for name in RemarkForm.base_fields if hasattr(edited, name)}
        initial = stored | {
            "provision": edited.provision_id,
            "remark": edited.pk,
            "version": edited.edit_version,
        }
    else:
        initial = {"lang": own_language()}
        eid = request.GET.get("provision", "")
        linked = next((choice.pk for choice in choices if choice.eid == eid), None)
        if linked:
            initial["provision"] = linked
    form = RemarkForm(initial=initial, provisions=choices, auto_id="remark_%s")
    if edited:
        return form
    drafts.put_back(form, request, page=_address(review), part=NEW_REMARK)
    if "provision" in initial:
        form.initial["provision"] = initial["provision"]  # the link asks for another one than the draft
    return form


def _provision(review: Review, form: RemarkForm) -> Provision | None:
    """The provision that the remark in the form is about, to read it beside."""
    given = str(form["provision"].value() or "")
    return review.consultation.version.provisions.filter(pk=given).first() if given.isdigit() else None


NEW_REMARK = "remark"  # the part of the page that holds a remark not added yet


def _address(review: Review) -> str:
    return reverse("opinion_write", args=conditions.review_args(review))


@login_not_required
@require_POST
def opinion_save(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Keep verdict and statement. Autosave gets JSON; the button leads back to the page."""
    review = _own_review(request, number, code)
    form = OpinionForm(request.POST)
    if not form.is_valid() and not is_automatic(request):
        return _page(request, review, form=form, status=400)
    try:
        opinion = services.save_opinion(
            actor=request.user,
            review_id=review.pk,
            edit_version=form.seen(),
            fields=form.typed(),
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except (InvalidInput, VersionConflict) as refusal:
        if is_automatic(request):
            return refused_json(refusal)
        if isinstance(refusal, VersionConflict):
            return _page(request, review, form=form, other=theirs(form, refusal), status=409)
        add_refusal(form, refusal)
        return _page(request, review, form=form, status=400)
    if is_automatic(request):
        return saved_json(request, opinion.text_version)
    messages.success(request, _("The opinion is saved."))
    return redirect("opinion_write", number, code)


@login_not_required
@require_POST
def remark_save(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Add or change a remark. Autosave of one that is not added yet keeps it in the session, unfinished as it is."""
    review = _own_review(request, number, code)
    choices = selectors.provision_choices(review.consultation.version)
    form = RemarkForm(request.POST, provisions=choices, auto_id="remark_%s")
    if not form.is_valid() and not is_automatic(request):
        return _page(request, review, remark_form=form, status=400)
    remark_id = form.cleaned_data.get("remark")
    if is_automatic(request) and not remark_id:
        drafts.keep(request, page=_address(review), part=NEW_REMARK)
        return saved_json(request, 0)
    try:
        remark = services.save_remark(
            actor=request.user,
            review_id=review.pk,
            remark_id=remark_id,
            provision_id=int(form.cleaned_data.get("provision") or 0),
            edit_version=form.seen(),
            fields=form.texts(),
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except (InvalidInput, VersionConflict) as refusal:
        if is_automatic(request):
            return refused_json(refusal)
        if isinstance(refusal, VersionConflict):
            return _page(request, review, remark_form=form, other=theirs(form, refusal), status=409)
        add_refusal(form, refusal)
        return _page(request, review, remark_form=form, status=400)
    if is_automatic(request):
        return saved_json(request, remark.edit_version)
    if not remark_id:
        drafts.erase(request, page=_address(review), part=NEW_REMARK)
    messages.success(request, _("Remark №%(number)s is saved.") % {"number": remark.number})
    return redirect(reverse("opinion_write", args=[number, code]) + "#remarks")


@login_not_required
@require_POST
def remark_delete(request: HttpRequest, number: str, code: str, remark: int) -> HttpResponse:
    review = _own_review(request, number, code)
    link = selectors.draft_link(review)
    found = link and link.opinion.remarks.filter(number=remark).first()
    if not found:
        raise Http404
    services.delete_remark(
        actor=request.user,
        review_id=review.pk,
        remark_id=found.pk,
        at=request.received_at,  # type: ignore[attr-defined]
    )
    messages.success(request, _("The remark is deleted."))
    return redirect(reverse("opinion_write", args=[number, code]) + "#remarks")


@login_not_required
@require_POST
def opinion_ready(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Hand the opinion to the signatory."""
    review = _own_review(request, number, code)
    try:
        services.mark_ready(
            actor=request.user,
            review_id=review.pk,
            edit_version=_whole_version(request),
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except GateClosed as refusal:
        return _page(request, review, unmet=refusal.unmet, status=409)
    messages.success(request, _("The opinion is handed to the signatory, who gets a letter."))
    return redirect("opinion_write", number, code)


@login_not_required
@require_POST
def opinion_recall(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """The signatory gives the opinion back with a note, or the officer takes it back."""
    review = _own_review(request, number, code)
    services.recall(
        actor=request.user,
        review_id=review.pk,
        note=request.POST.get("note", ""),
        at=request.received_at,  # type: ignore[attr-defined]
    )
    messages.success(request, _("The opinion can be changed again."))
    return redirect("opinion_write", number, code)


@login_not_required
@require_POST
def opinion_submit(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Countersign and submit: a small POST; all texts are on the server already."""
    review = _own_review(request, number, code)
    require(policies.can_sign_opinion(request.user, review))
    form = signing.button(request)
    if not signing.answered(request, form):
        return _page(request, review, sign_form=form, status=400)
    receipt = services.submit_opinion(
        actor=request.user,
        review_id=review.pk,
        edit_version=_whole_version(request),
        received_at=request.received_at,  # type: ignore[attr-defined]
    )
    return redirect("receipt", receipt.number)


def _whole_version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
