"""The page on which a text is checked and mended by hand. Every step is a button of its own."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.dates import language as page_language
from apps.core.errors import InvalidInput, VersionConflict
from apps.draft_acts import mended, pieces, selectors, services
from apps.draft_acts.forms import MendForm, add_refusal
from apps.draft_acts.models import DraftAct

from ._common import language_or_404, own_act


def check_page(
    request: HttpRequest, act: DraftAct, language: str, *, form: MendForm | None = None, status: int = 200
) -> HttpResponse:
    """What was recognised in a text, with its doubts; `?at=` names the unit that is being mended.

    Of a long text the piece (pieces.py) with that unit is shown, or with the one that `?in=` names.
    Without `form` nothing was refused; a refused one comes with everything that was typed.
    """
    version = selectors.open_version(act)
    if version is None:
        return redirect(act)
    text = version.texts.filter(language=language).select_related("file", "confirmed_by").first()
    if text is None:
        return redirect(f"{reverse('act_prepare', args=[act.token])}#text-{language}")
    eid = (form["eid"].value() if form else request.GET.get("at")) or ""
    steps = mended.steps_of(text)
    unit = mended.mend_view(text, str(eid))
    # A refused form comes back at the address it was sent to, which shows no page by itself.
    page_url = "" if request.method == "GET" else reverse("act_text_check", args=[act.token, language])
    view = selectors.text_view(language, text, whole=True, page_url=page_url)
    shown = pieces.divided(
        text.read["provisions"], unit.eid if unit else request.GET.get("in", ""), page_language()
    )
    context: dict[str, Any] = {
        "act": act,
        "text": text,
        "view": view,
        "page_url": page_url,
        "pieces": shown,
        "provisions": selectors.checked_provisions(text, view.doubts, shown.here),
        "steps": steps,
        "step": len(steps),
        "unit": unit,
        "form": form or MendForm(initial={"kind": unit.kind if unit else ""}),
        "alignment": mended.alignment(act, version, version.texts.values_list("language", flat=True)),
        "lost": form is not None and unit is None,
    }
    return render(request, "draft_acts/text_check.html", context, status=status)


@login_not_required
@require_POST
def act_text_mend(request: HttpRequest, token: str, language: str) -> HttpResponse:
    """One step of mending; back to the unit as it is called then."""
    act, language = own_act(request, token), language_or_404(language)
    form = MendForm(request.POST)
    if not form.is_valid():
        return check_page(request, act, language, form=form, status=400)
    try:
        step = services.mend_text(
            actor=request.user,
            act_id=act.pk,
            language=language,
            operation=form.operation(),
            step=form.cleaned_data["step"],
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except InvalidInput as refusal:
        add_refusal(form, refusal)
        return check_page(request, act, language, form=form, status=400)
    except VersionConflict:
        form.add_error(
            None, _("A colleague changed this text meanwhile. Look at it as it is now, then go on.")
        )
        return check_page(request, act, language, form=form, status=409)
    page = reverse("act_text_check", args=[act.token, language])
    return redirect(f"{page}?{urlencode({'at': step.eid})}#{step.eid}")


@login_not_required
@require_POST
def act_text_undo(request: HttpRequest, token: str, language: str) -> HttpResponse:
    """Take the last step back."""
    act, language = own_act(request, token), language_or_404(language)
    seen = request.POST.get("step", "")
    page = reverse("act_text_check", args=[act.token, language])
    try:
        services.undo_mending(
            actor=request.user,
            act_id=act.pk,
            language=language,
            step=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None,
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except VersionConflict:
        messages.warning(
            request, _("A colleague changed this text meanwhile. Look at it as it is now, then go on.")
        )
        return redirect(page)
    messages.success(request, _("The last step was taken back."))
    about = request.POST.get("in", "")[:200]  # the unit that the step was about: a long text shows its piece
    return redirect(f"{page}?{urlencode({'in': about})}#steps" if about else f"{page}#steps")
