"""The next draft from accepted proposals: decided provision by provision, looked at as a whole, made. Its own people only."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core import clock
from apps.core.errors import GateClosed, InvalidInput, VersionConflict
from apps.documents import uploads
from apps.documents.responses import made_file
from apps.draft_acts import policies as act_policies
from apps.draft_acts import selectors as draft_acts
from apps.legal_text import docx_export
from apps.legal_text.errors import MergingRefused

from .. import conditions, merging, services
from ..forms import MergeForm, add_refusal, own_language, theirs
from ._common import hide_unless, is_automatic, public_act, refused_json, saved_json


@dataclass(frozen=True)
class UnitRow:
    """A provision before the drafter: its proposals, and the form with what is decided."""

    unit: merging.Unit
    name: str
    form: MergeForm
    theirs: list[tuple[Any, Any]] | None = None

    @property
    def proposals(self) -> list[tuple[merging.Proposal, str]]:
        """Each with the words that stand now in the language of the proposal."""
        return [(p, self.unit.present.get(p.promise.lang, "")) for p in self.unit.proposals]

    @property
    def decided(self) -> int:
        return sum(bool(proposal.decision) for proposal in self.unit.proposals)


def _own_plan(request: HttpRequest, number: str) -> merging.Plan:
    """The plan of an act, for the initiator's own people while a next version may be prepared.

    Raises Http404, AnswersOutstanding, TransitionNotAllowed.
    """
    act = public_act(request, number)
    hide_unless(act_policies.can_prepare(request.user, act))
    services.is_answered(act_id=act.pk, at=clock.now())
    return merging.plan(act)


@login_not_required
@require_GET
def next_draft(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, _own_plan(request, number))


def _page(
    request: HttpRequest,
    plan: merging.Plan,
    *,
    bound: MergeForm | None = None,
    other: list[tuple[Any, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = []
    for unit in plan.units:
        own = bound is not None and bound.unit.eid == unit.eid
        form = bound if own and bound is not None else MergeForm(unit=unit)
        rows.append(UnitRow(unit, conditions.provision_label(unit.provision), form, other if own else None))
    context = {
        "act": plan.act,
        "plan": plan,
        "rows": rows,
        "total": len(plan.proposals()),
        "done": sum(row.decided for row in rows),
        "begun": draft_acts.open_version(plan.act),
    }
    return render(request, "reviews/next_draft.html", context, status=status)


@login_not_required
@require_POST
def next_draft_save(request: HttpRequest, number: str, eid: str) -> HttpResponse:
    """Keep what was chosen and typed for one provision. Autosave gets JSON; the button leads back to the provision."""
    plan = _own_plan(request, number)
    unit = plan.unit(eid)
    if unit is None:
        raise Http404
    form = MergeForm(request.POST, unit=unit)
    if not form.is_valid() and not is_automatic(request):
        return _page(request, plan, bound=form, status=400)
    try:
        row = services.save_merged(
            actor=request.user,  # type: ignore[arg-type]
            act_id=plan.act.pk,
            eid=eid,
            edit_version=form.seen(),
            fields=form.fields_typed(),
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except (InvalidInput, VersionConflict) as refusal:
        if is_automatic(request):
            return refused_json(refusal)
        if isinstance(refusal, VersionConflict):
            return _page(request, plan, bound=form, other=theirs(form, refusal), status=409)
        add_refusal(form, refusal)
        return _page(request, plan, bound=form, status=400)
    if is_automatic(request):
        return saved_json(request, row.edit_version)
    messages.success(
        request, _("Saved: %(provision)s.") % {"provision": conditions.provision_label(unit.provision)}
    )
    return redirect(f"{reverse('next_draft', args=[number])}#{eid}")


@login_not_required
@require_GET
def next_draft_preview(request: HttpRequest, number: str) -> HttpResponse:
    """The whole result against the version that counts now, and the step that makes it."""
    return _preview(request, _own_plan(request, number))


def _preview(
    request: HttpRequest, plan: merging.Plan, *, refused: Any = None, unmet: Any = None, status: int = 200
) -> HttpResponse:
    wanted = request.GET.get("text") if request.GET.get("text") in plan.texts else own_language()
    texts = {}
    for language in plan.texts:
        try:
            texts[language] = merging.merged(plan, language).act
        except MergingRefused:
            continue  # said among what is not settled
    kept = merging.kept(plan, texts)
    context = {
        "act": plan.act,
        "plan": plan,
        "language": wanted,
        "languages": [(code, f"?text={code}", code == wanted) for code in plan.texts],
        "changes": merging.changes(plan.texts[wanted], texts[wanted]) if wanted in texts else None,
        "results": [
            (unit, [(p, _result(p, kept[p.remark.pk])) for p in unit.proposals]) for unit in plan.units
        ],
        "to_translate": [(code, plan.to_translate(code)) for code in plan.texts if plan.to_translate(code)],
        "unmet": merging.unmet(plan) if unmet is None else unmet,
        "refused": refused,
        "begun": draft_acts.open_version(plan.act),
    }
    return render(request, "reviews/next_draft_preview.html", context, status=status)


def _result(proposal: merging.Proposal, kept: bool) -> str:
    """What the ledger of promises will say of the proposal once the draft is public."""
    if proposal.decision not in merging.TAKEN:
        return "not_taken_up"
    return "kept" if kept else "changed"


@login_not_required
@require_POST
def next_draft_make(request: HttpRequest, number: str) -> HttpResponse:
    """Make the texts of the next version; they wait to be confirmed."""
    plan = _own_plan(request, number)
    try:
        version = services.make_next_draft(
            actor=request.user,  # type: ignore[arg-type]
            act_id=plan.act.pk,
            seen=request.POST.get("seen", ""),
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except (GateClosed, services.DraftHasOtherText) as refusal:
        return _preview(request, plan, refused=refusal.message, unmet=refusal.unmet, status=409)
    except VersionConflict:
        messages.warning(
            request, _("The choices changed since you looked at the result. Look at it as it is now.")
        )
        return redirect("next_draft_preview", number)
    messages.success(
        request,
        _("The texts of version %(number)s are made. Look at each of them and confirm it.")
        % {"number": version.number},
    )
    return redirect("act_prepare", plan.act.token)


@login_not_required
@require_GET
def next_draft_file(request: HttpRequest, number: str, language: str) -> HttpResponseBase:
    """The amended text as DOCX, as far as it is decided."""
    plan = _own_plan(request, number)
    if language not in plan.texts:
        raise Http404
    try:
        act = merging.merged(plan, language).act
    except MergingRefused:
        return redirect("next_draft_preview", number)
    data = docx_export.export(act)
    name = f"{number}-{language}-next.docx"
    return made_file(data, media_type=uploads.DOCX, filename=name, request=request)
