"""The page on which a drafter prepares an act, and the steps taken from it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core import clock, dates
from apps.core.errors import InvalidInput, VersionConflict, require
from apps.draft_acts import conditions, mended, norms, policies, selectors, services
from apps.draft_acts.enums import BILLS
from apps.draft_acts.forms import ActForm, AttachmentForm, NewActForm, add_refusal
from apps.draft_acts.models import DraftAct

from ._common import bytes_of, language_or_404, organization_name, own_act
from .mending import check_page


@require_http_methods(["GET", "POST"])
def act_new(request: HttpRequest) -> HttpResponse:
    """Begin an act: whose it is and what kind."""
    initiators = [(o.pk, organization_name(o)) for o in policies.initiators(request.user)]
    require(bool(initiators), _("Drafters and signatories of state bodies prepare acts."))
    form = NewActForm(request.POST or None, initiators=initiators)
    if request.method == "POST" and form.is_valid():
        act = services.create_act(
            actor=request.user,
            initiator_id=form.cleaned_data["initiator"],
            kind=form.cleaned_data["kind"],
            at=request.received_at,
        )
        return redirect("act_prepare", act.token)
    status = 400 if form.is_bound else 200
    return render(request, "draft_acts/new.html", {"form": form, "initiators": initiators}, status=status)


@login_not_required
@require_GET
def act_prepare(request: HttpRequest, token: str) -> HttpResponse:
    return _page(request, own_act(request, token))


def _page(
    request: HttpRequest,
    act: DraftAct,
    *,
    form: ActForm | None = None,
    paper_form: AttachmentForm | None = None,
    text_problems: dict[str, list[Any]] | None = None,
    theirs: list[tuple[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of preparing; refused input comes with everything that was typed."""
    version = selectors.open_version(act)
    if version is None:
        return redirect(act)
    page = selectors.prepare_page(act, version, at=clock.now())
    unmet = conditions.unmet_of(act, page.required, page.stored_texts, page.attached, titles=not page.mending)
    missing = next((row.paper for row in page.papers if row.missing), None)
    context = {
        "act": act,
        "page": page,
        "bills": BILLS,
        "found": norms.norms_page(version),
        "unmet": unmet,
        "form": form or ActForm(initial=_stored(act)),
        "paper_form": paper_form or AttachmentForm(auto_id="paper_%s", initial={"paper": missing}),
        "text_problems": text_problems or {},
        "theirs": theirs,
        "alignment": mended.alignment(act, version, page.stored_texts),
        "can_register": policies.can_register(request.user, act),
    }
    return render(request, "draft_acts/prepare.html", context, status=status)


def _stored(act: DraftAct) -> dict[str, Any]:
    stored = {name: getattr(act, name) for name in ActForm.base_fields if name != "version"}
    return {**stored, "version": act.edit_version}


@login_not_required
@require_POST
def act_save(request: HttpRequest, token: str) -> HttpResponse:
    """Save what was typed. Autosave asks for JSON and keeps what can be kept; the button keeps all or shows what not."""
    act = own_act(request, token)
    form = ActForm(request.POST)
    automatic = "application/json" in request.headers.get("Accept", "")
    if not form.is_valid() and not automatic:
        return _page(request, act, form=form, status=400)
    try:
        act = _save(request, act, form.typed(), form.cleaned_data.get("version") or 0, partly=automatic)
    except InvalidInput as refusal:
        add_refusal(form, refusal)
        return _page(request, act, form=form, status=400)
    except VersionConflict as conflict:
        if automatic:
            return JsonResponse(
                {"error": conflict.code, "message": str(conflict), "theirs": conflict.theirs}, status=409
            )
        return _conflict(request, act, form, conflict)
    if automatic:
        return JsonResponse(
            {
                "saved_at": dates.time_words(request.received_at),
                "version": act.edit_version,
                "edit_version": act.edit_version,
            }
        )
    messages.success(request, _("Saved at %(time)s.") % {"time": dates.time_words(request.received_at)})
    return redirect("act_prepare", act.token)


def _save(
    request: HttpRequest, act: DraftAct, fields: dict[str, Any], version: int, *, partly: bool
) -> DraftAct:
    def save(values: dict[str, Any]) -> DraftAct:
        return services.save_act(
            actor=request.user, act_id=act.pk, edit_version=version, fields=values, at=request.received_at
        )

    try:
        return save(fields)
    except InvalidInput as refusal:
        if not partly:
            raise
        # An address half typed must not keep the rest of the page from being saved.
        return save({name: value for name, value in fields.items() if name not in refusal.fields})


def _conflict(request: HttpRequest, act: DraftAct, form: ActForm, conflict: VersionConflict) -> HttpResponse:
    """Both texts on one page: what was typed in the fields, what a colleague stored beside them."""
    theirs = [
        (form.fields[name].label, value)
        for name, value in conflict.theirs.items()
        if name in form.fields and name not in {"kind", "amending"} and value != form.cleaned_data.get(name)
    ]
    form.data = form.data.copy()
    form.data["version"] = conflict.theirs["edit_version"]
    act.refresh_from_db()
    return _page(request, act, form=form, theirs=theirs, status=409)


@login_not_required
@require_http_methods(["GET", "POST"])
def act_delete(request: HttpRequest, token: str) -> HttpResponse:
    """Throw an unregistered act away, after a page that says so."""
    act = own_act(request, token)
    if request.method == "POST":
        services.delete_act(actor=request.user, act_id=act.pk, at=request.received_at)
        messages.success(request, _("The draft was deleted."))
        return redirect("desk")
    if not act.is_preparing:
        return redirect(act)
    return render(request, "draft_acts/delete.html", {"act": act})


# --- texts ---------------------------------------------------------------------------------------


@login_not_required
@require_POST
def act_text_upload(request: HttpRequest, token: str, language: str) -> HttpResponse:
    act = own_act(request, token)
    language = language_or_404(language)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise InvalidInput(fields={"file": [_("Choose a file.")]})
        services.upload_text(
            actor=request.user,
            act_id=act.pk,
            language=language,
            data=bytes_of(upload),
            filename=upload.name or "",
            at=request.received_at,
        )
    except InvalidInput as refusal:
        problems = [message for found in refusal.fields.values() for message in found]
        return _page(request, act, text_problems={language: problems}, status=400)
    return redirect("act_text_check", act.token, language)


@login_not_required
@require_GET
def act_text_check(request: HttpRequest, token: str, language: str) -> HttpResponse:
    """What was recognised in a text, with its doubts, to be confirmed."""
    return check_page(request, own_act(request, token), language_or_404(language))


def _whole(given: str) -> int | None:
    return int(given) if given.isdecimal() and len(given) < 19 else None


@login_not_required
@require_POST
def act_text_confirm(request: HttpRequest, token: str, language: str) -> HttpResponse:
    act = own_act(request, token)
    text_id, step = request.POST.get("text", ""), request.POST.get("step", "")
    try:
        services.confirm_text(
            actor=request.user,
            act_id=act.pk,
            language=language_or_404(language),
            text_id=_whole(text_id),
            step=_whole(step),
            at=request.received_at,
        )
    except VersionConflict:
        messages.warning(
            request, _("A colleague changed this text meanwhile. Look at it as it is now and confirm it.")
        )
        return redirect("act_text_check", act.token, language)
    messages.success(request, _("The text is confirmed."))
    return redirect(f"{reverse('act_prepare', args=[act.token])}#text-{language}")


# --- papers --------------------------------------------------------------------------------------


@login_not_required
@require_POST
def act_attachment_add(request: HttpRequest, token: str) -> HttpResponse:
    act = own_act(request, token)
    form = AttachmentForm(request.POST, request.FILES, auto_id="paper_%s")
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            services.add_attachment(
                actor=request.user,
                act_id=act.pk,
                paper=form.cleaned_data["paper"],
                language=form.cleaned_data["language"],
                title=form.cleaned_data["title"],
                data=bytes_of(upload),
                filename=upload.name or "",
                at=request.received_at,
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The paper is attached."))
            return redirect(f"{reverse('act_prepare', args=[act.token])}#papers")
    return _page(request, act, paper_form=form, status=400)


@login_not_required
@require_POST
def act_attachment_remove(request: HttpRequest, token: str, attachment_id: int) -> HttpResponse:
    act = own_act(request, token)
    services.remove_attachment(
        actor=request.user, act_id=act.pk, attachment_id=attachment_id, at=request.received_at
    )
    messages.success(request, _("The paper was removed."))
    return redirect(f"{reverse('act_prepare', args=[act.token])}#papers")
