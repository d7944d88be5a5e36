"""A ministry signatory closes a paper to the public, states a running restriction anew, or opens the paper before time."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import drafts, signing
from apps.core import clock
from apps.core.errors import InvalidInput, require
from apps.draft_acts import policies, selectors, services
from apps.draft_acts.forms import OpenPaperForm, RestrictionForm, add_refusal
from apps.draft_acts.models import Attachment, DraftAct

from ._common import language, own_act, public_act


@login_not_required
@require_http_methods(["GET", "POST"])
def act_attachment_restrict(request: HttpRequest, number: str, attachment_id: int) -> HttpResponse:
    act = public_act(request, number)
    return _restrict(request, act, _public_paper(act, attachment_id), reverse("act_documents", args=[number]))


@login_not_required
@require_http_methods(["GET", "POST"])
def act_attachment_open(request: HttpRequest, number: str, attachment_id: int) -> HttpResponse:
    act = public_act(request, number)
    return _open(request, act, _public_paper(act, attachment_id), reverse("act_documents", args=[number]))


@login_not_required
@require_http_methods(["GET", "POST"])
def act_prepare_restrict(request: HttpRequest, token: str, attachment_id: int) -> HttpResponse:
    """Before the version is public: the paper then never becomes public while the restriction runs."""
    act = own_act(request, token)
    back = reverse("act_prepare", args=[token]) + "#papers"
    return _restrict(request, act, _open_paper(act, attachment_id), back)


@login_not_required
@require_http_methods(["GET", "POST"])
def act_prepare_open(request: HttpRequest, token: str, attachment_id: int) -> HttpResponse:
    act = own_act(request, token)
    back = reverse("act_prepare", args=[token]) + "#papers"
    return _open(request, act, _open_paper(act, attachment_id), back)


def _public_paper(act: DraftAct, attachment_id: int) -> Attachment:
    found = Attachment.objects.select_related("version", "file").exclude(version__frozen_at=None)
    return get_object_or_404(found, pk=attachment_id, version__act=act)


def _open_paper(act: DraftAct, attachment_id: int) -> Attachment:
    found = Attachment.objects.select_related("version", "file")
    return get_object_or_404(found, pk=attachment_id, version=selectors.open_version(act))


def _restrict(request: HttpRequest, act: DraftAct, paper: Attachment, back: str) -> HttpResponse:
    require(policies.can_restrict(request.user, act), _("The ministry signatory restricts a paper."))
    at = clock.now()
    running = selectors.restricted(act, at).get(paper.file_id)
    form = RestrictionForm(request.POST or None, initial=selectors.restriction_fields(running))
    signing.ask(drafts.put_back(form, request), request)
    if request.method == "POST" and signing.answered(request, form):
        try:
            services.restrict_paper(
                actor=request.user,  # type: ignore[arg-type]
                attachment_id=paper.pk,
                stated=form.cleaned_data,
                lang=language(),
                at=at,
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, _("The file is closed to the public. Everyone sees that the paper exists, and why.")
            )
            return redirect(back)
    context = {"act": act, "paper": paper, "running": running, "form": form, "back": back}
    return render(request, "draft_acts/restrict.html", context, status=400 if form.errors else 200)


def _open(request: HttpRequest, act: DraftAct, paper: Attachment, back: str) -> HttpResponse:
    require(policies.can_restrict(request.user, act), _("The ministry signatory opens a restricted paper."))
    at = clock.now()
    if paper.file_id not in selectors.restricted(act, at):
        messages.info(request, services.PaperIsOpen.message)
        return redirect(back)
    form = signing.ask(drafts.put_back(OpenPaperForm(request.POST or None), request), request)
    if request.method == "POST" and signing.answered(request, form):
        try:
            services.open_paper(
                actor=request.user,  # type: ignore[arg-type]
                attachment_id=paper.pk,
                reason=form.cleaned_data["reason"],
                lang=language(),
                at=at,
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The restriction is lifted."))
            return redirect(back)
    public = paper.version.frozen_at is not None
    consequences: list[Any] = [
        _("Everybody can download the file at once.")
        if public
        else _("The file becomes public together with this version of the act."),
        _("The step stays in the journal; a new restriction closes the file again."),
    ]
    context = {"act": act, "paper": paper, "form": form, "back": back, "consequences": consequences}
    return render(request, "draft_acts/restrict_open.html", context, status=400 if form.errors else 200)
