"""An opinion that came outside the portal: entered by its receiver, confirmed or disputed by the association.

Closed to everybody else; the association sees it once it is sent to it.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts import signing
from apps.core import clock
from apps.core.errors import GateClosed, InvalidInput, VersionConflict, require
from apps.documents.responses import file_response
from apps.organizations import policies as organizations

from .. import conditions, pages, policies, selectors, services
from ..enums import PaperState
from ..forms import PaperForm, RemarkForm, add_refusal, own_language, theirs
from ..models import PaperOpinion, Remark, Review
from ..workflow import UNFILED
from ._common import hide_unless, public_review


def _seen(request: HttpRequest, number: str, code: str) -> tuple[Review, PaperOpinion | None]:
    """The review and the last paper of it that this person may see; for a receiver also without one."""
    review = public_review(request, number, code)
    paper = next(
        (p for p in selectors.papers_of(review) if policies.can_see_paper(request.user, p)),
        None,
    )
    hide_unless(paper is not None or policies.can_enter_paper(request.user, review))
    return review, paper


def _own(request: HttpRequest, number: str, code: str) -> tuple[Review, PaperOpinion]:
    """The same where there must be a paper."""
    review, paper = _seen(request, number, code)
    if paper is None:
        raise Http404
    return review, paper


@login_not_required
@require_GET
def paper_page(request: HttpRequest, number: str, code: str) -> HttpResponse:
    return _page(request, *_seen(request, number, code))


def _page(
    request: HttpRequest,
    review: Review,
    paper: PaperOpinion | None,
    *,
    form: PaperForm | None = None,
    remark_form: RemarkForm | None = None,
    sign_form: Any = None,
    other: list[tuple[Any, Any]] | None = None,
    reason: str = "",
    problem: Any = "",
    unmet: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """What was entered as this person may handle it; refused input comes with everything that was typed."""
    user, at = request.user, clock.now()
    open_paper = paper if paper and paper.state in {PaperState.ENTERING, PaperState.AWAITING} else None
    may_enter = policies.can_enter_paper(user, review) and selectors.stage(review, at) in UNFILED
    elsewhere = open_paper is None and review.papers.open().exists()
    entering = may_enter and not elsewhere and (open_paper is None or _changes(user, open_paper))
    shown = open_paper if entering else paper
    remarks = selectors.remarks_of(shown.opinion) if shown else []
    remarking = entering and open_paper is not None
    edited = _edited(request, remarks) if remarking else None
    choices = selectors.provision_choices(review.consultation.version) if remarking else []
    seen = [p for p in selectors.papers_of(review) if policies.can_see_paper(user, p)]
    context = {
        "act": review.consultation.act,
        "review": review,
        "paper": shown,
        "opinion": shown.opinion if shown else None,
        "earlier": [p for p in seen if p.decided_at and p != shown],
        "rows": [pages.remark_row(review, remark) for remark in remarks],
        "entering": entering,
        "elsewhere": elsewhere,
        "confirming": bool(shown)
        and shown.state == PaperState.AWAITING  # type: ignore[union-attr]
        and policies.can_confirm_paper(user, shown),  # type: ignore[arg-type]
        "discards": open_paper is not None and policies.can_change_paper(user, open_paper),
        "form": form or PaperForm(initial=_stored(open_paper)),
        "remark_form": remark_form or _remark_form(edited, choices),
        "edited": edited,
        "acting_for": organizations.acting_for(user),  # as `confirming` found
        "sign_form": sign_form or signing.button(request),
        "theirs": other,
        "reason": reason,
        "problem": problem,
        "unmet": unmet
        if unmet is not None
        else (conditions.unmet_paper(open_paper) if remarking and open_paper else []),
        "late": bool(shown) and shown.received_at >= review.due_at,  # type: ignore[union-attr]
        "counts_no_more": review.effect_established_at is not None,
    }
    return render(request, "reviews/paper.html", context, status=status)


def _changes(user: Any, paper: PaperOpinion) -> bool:
    return paper.state == PaperState.ENTERING and policies.can_change_paper(user, paper)


def _stored(paper: PaperOpinion | None) -> dict[str, Any]:
    if paper is None:
        return {"version": 0, "lang": own_language()}
    return {
        "channel": paper.channel,
        "received_at": paper.received_at,
        "incoming_number": paper.incoming_number,
        "verdict": paper.opinion.verdict,
        "statement": paper.opinion.statement,
        "lang": paper.opinion.lang,
        "version": paper.opinion.text_version,
    }


def _edited(request: HttpRequest, remarks: list[Remark]) -> Remark | None:
    number = request.GET.get("remark", "")
    return next((remark for remark in remarks if str(remark.number) == number), None)


def _remark_form(edited: Remark | None, choices: list[Any]) -> RemarkForm:
    initial: dict[str, Any] = {"lang": own_language()}
    if edited:
        initial = {name: getattr(edited, name) for name in RemarkForm.base_fields if hasattr(edited, name)}
        initial |= {"provision": edited.provision_id, "remark": edited.pk, "version": edited.edit_version}
    return RemarkForm(initial=initial, provisions=choices, auto_id="remark_%s")


@login_not_required
@require_POST
def paper_save(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Keep what the receiver enters, with the scan when one was chosen."""
    review, paper = _seen(request, number, code)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, review, paper, form=form, status=400)
    fields = form.typed()
    scan = fields.pop("scan")
    try:
        services.save_paper(
            actor=request.user,
            review_id=review.pk,
            fields=fields,
            received_at=fields.pop("received_at"),
            edit_version=form.seen(),
            scan=scan.read(settings.UPLOAD_MAX_BYTES + 1) if scan else None,
            filename=scan.name if scan else "",
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except VersionConflict as refusal:
        return _page(request, review, paper, form=form, other=theirs(form, refusal), status=409)
    except InvalidInput as refusal:
        add_refusal(form, refusal)
        return _page(request, review, paper, form=form, status=400)
    messages.success(request, _("What was entered is saved."))
    return redirect("paper", number, code)


@login_not_required
@require_POST
def paper_remark_save(request: HttpRequest, number: str, code: str) -> HttpResponse:
    review, paper = _own(request, number, code)
    choices = selectors.provision_choices(review.consultation.version)
    form = RemarkForm(request.POST, provisions=choices, auto_id="remark_%s")
    if not form.is_valid():
        return _page(request, review, paper, remark_form=form, status=400)
    try:
        remark = services.save_paper_remark(
            actor=request.user,
            paper_id=paper.pk,
            remark_id=form.cleaned_data.get("remark"),
            provision_id=int(form.cleaned_data.get("provision") or 0),
            edit_version=form.seen(),
            fields=form.texts(),
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except VersionConflict as refusal:
        return _page(request, review, paper, remark_form=form, other=theirs(form, refusal), status=409)
    except InvalidInput as refusal:
        add_refusal(form, refusal)
        return _page(request, review, paper, remark_form=form, status=400)
    messages.success(request, _("Remark №%(number)s is saved.") % {"number": remark.number})
    return redirect(reverse("paper", args=[number, code]) + "#remarks")


@login_not_required
@require_POST
def paper_remark_delete(request: HttpRequest, number: str, code: str, remark: int) -> HttpResponse:
    _review, paper = _own(request, number, code)
    found = paper.opinion.remarks.filter(number=remark).first()
    if found is None:
        raise Http404
    services.delete_paper_remark(
        actor=request.user,
        paper_id=paper.pk,
        remark_id=found.pk,
        at=request.received_at,  # type: ignore[attr-defined]
    )
    messages.success(request, _("The remark is deleted."))
    return redirect(reverse("paper", args=[number, code]) + "#remarks")


@login_not_required
@require_POST
def paper_send(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Ask the association to confirm. What the verdict still lacks is listed."""
    review, paper = _own(request, number, code)
    try:
        services.send_paper(
            actor=request.user,
            paper_id=paper.pk,
            edit_version=_version(request),
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except GateClosed as refusal:
        return _page(request, review, paper, unmet=refusal.unmet, status=409)
    messages.success(request, _("The association is asked to confirm."))
    return redirect("paper", number, code)


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


@login_not_required
@require_POST
def paper_discard(request: HttpRequest, number: str, code: str) -> HttpResponse:
    _review, paper = _own(request, number, code)
    services.discard_paper(
        actor=request.user,
        paper_id=paper.pk,
        at=request.received_at,  # type: ignore[attr-defined]
    )
    messages.success(request, _("What was entered is taken back."))
    return redirect("review", number, code)


@login_not_required
@require_POST
def paper_confirm(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """The association's signatory confirms: the opinion is filed as of the stamp."""
    review, paper = _own(request, number, code)
    require(policies.can_confirm_paper(request.user, paper))
    form = signing.button(request)
    if not signing.answered(request, form):
        return _page(request, review, paper, sign_form=form, status=400)
    receipt = services.confirm_paper(
        actor=request.user,
        paper_id=paper.pk,
        at=request.received_at,  # type: ignore[attr-defined]
    )
    return redirect("receipt", receipt.number)


@login_not_required
@require_POST
def paper_dispute(request: HttpRequest, number: str, code: str) -> HttpResponse:
    review, paper = _own(request, number, code)
    reason = request.POST.get("reason", "")
    try:
        services.dispute_paper(
            actor=request.user,
            paper_id=paper.pk,
            reason=reason,
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except InvalidInput as refusal:
        problem = next(iter(refusal.fields.values()))[0]
        return _page(request, review, paper, reason=reason, problem=problem, status=400)
    messages.success(request, _("The receiver is told what differs."))
    return redirect("paper", number, code)


@login_not_required
@require_GET
def paper_scan(request: HttpRequest, number: str, code: str, paper_id: int) -> HttpResponseBase:
    """The scan with the stamp: for receiver, association, initiator and coordinators. Never public."""
    review = public_review(request, number, code)
    paper = next((p for p in selectors.papers_of(review) if p.pk == paper_id), None)
    hide_unless(paper is not None and policies.can_see_paper(request.user, paper))
    assert paper is not None
    return file_response(paper.scan, filename=paper.filename, inline=True)
