"""The association replies to every answer on one screen, and sends all replies together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core import clock
from apps.core.errors import GateClosed, InvalidInput, VersionConflict
from apps.deadlines import rules
from apps.deadlines import selectors as deadlines
from apps.deadlines.enums import Stage

from .. import conditions, pages, policies, selectors, services
from ..enums import ReviewStage
from ..forms import ReplyForm, add_refusal, own_language, theirs
from ..models import Remark, Review
from ._common import hide_unless, is_automatic, public_review, refused_json, saved_json


@dataclass(frozen=True)
class ReplyRow:
    """A remark with its answer before the association, and the form of the reply."""

    remark: Remark
    provision: str
    answer: dict[str, Any]
    form: ReplyForm
    replied: bool
    saved_at: datetime | None
    theirs: list[tuple[Any, Any]] | None = None


def _own_review(request: HttpRequest, number: str, code: str) -> Review:
    """The review, for the association's own people: unsent replies are nobody else's to see."""
    review = public_review(request, number, code)
    hide_unless(policies.can_reply(request.user, review))
    return review


@login_not_required
@require_GET
def replies_page(request: HttpRequest, number: str, code: str) -> HttpResponse:
    review = public_review(request, number, code)
    if review.replies_sent_at is not None:
        return redirect(reverse("review", args=[number, code]) + "#opinion")
    hide_unless(policies.can_reply(request.user, review))
    return _page(request, review)


def _page(
    request: HttpRequest,
    review: Review,
    *,
    bound: tuple[int, ReplyForm] | None = None,
    other: list[tuple[Any, Any]] | None = None,
    unmet: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    if selectors.stage(review, at) != ReviewStage.REPLIES:
        return redirect("review", *conditions.review_args(review))
    rows = [_row(remark, bound, other) for remark in selectors.remarks_to_answer(review)]
    term = selectors.ruling_term(review, Stage.REPLY)
    context = {
        "act": review.consultation.act,
        "review": review,
        "rows": rows,
        "total": len(rows),
        "done": sum(row.replied for row in rows),
        "term": term,
        "days_left": rules.working_days_left(at, term.due_at, deadlines.calendar_for()) if term else None,
        "over": term is not None and at >= term.due_at,
        "unmet": unmet,
    }
    return render(request, "reviews/replies.html", context, status=status)


def _row(
    remark: Remark, bound: tuple[int, ReplyForm] | None, other: list[tuple[Any, Any]] | None
) -> ReplyRow:
    reply = getattr(remark.answer, "reply", None)
    auto_id = f"reply_{remark.number}_%s"
    if bound and bound[0] == remark.pk:
        form = bound[1]
    elif reply:
        initial = {name: getattr(reply, name) for name in ("outcome", "text", "lang")}
        form = ReplyForm(initial=initial | {"version": reply.edit_version}, remark=remark, auto_id=auto_id)
    else:
        form = ReplyForm(initial={"version": 0, "lang": own_language()}, remark=remark, auto_id=auto_id)
    return ReplyRow(
        remark=remark,
        provision=conditions.provision_label(remark.provision),
        answer=pages.answer_parts(remark.answer),
        form=form,
        replied=conditions.has_reply(remark),
        saved_at=reply.updated_at if reply else None,
        theirs=other if bound and bound[0] == remark.pk else None,
    )


@login_not_required
@require_POST
def reply_save(request: HttpRequest, number: str, code: str, remark: int) -> HttpResponse:
    """Keep the reply to one answer. Autosave gets JSON; the button leads back to the remark."""
    review = _own_review(request, number, code)
    found = get_object_or_404(selectors.remarks_to_answer(review), number=remark)
    form = ReplyForm(request.POST, remark=found, auto_id=f"reply_{remark}_%s")
    if not form.is_valid() and not is_automatic(request):
        return _page(request, review, bound=(found.pk, form), status=400)
    try:
        reply = services.save_reply(
            actor=request.user,
            remark_id=found.pk,
            edit_version=form.seen(),
            fields=form.typed(),
            at=request.received_at,  # type: ignore[attr-defined]
        )
    except (InvalidInput, VersionConflict) as refusal:
        if is_automatic(request):
            return refused_json(refusal)
        if isinstance(refusal, VersionConflict):
            return _page(request, review, bound=(found.pk, form), other=theirs(form, refusal), status=409)
        add_refusal(form, refusal)
        return _page(request, review, bound=(found.pk, form), status=400)
    if is_automatic(request):
        return saved_json(request, reply.edit_version)
    messages.success(request, _("The reply to remark №%(number)s is saved.") % {"number": remark})
    return redirect(f"{reverse('replies', args=[number, code])}#remark-{remark}")


@login_not_required
@require_POST
def replies_send(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Send all replies together; refused with the list while one is missing."""
    review = _own_review(request, number, code)
    try:
        services.send_replies(actor=request.user, review_id=review.pk, at=request.received_at)  # type: ignore[attr-defined]
    except GateClosed as refusal:
        return _page(request, review, unmet=refusal.unmet, status=409)
    messages.success(request, _("The replies are sent. They are public and do not change any more."))
    return redirect("review", number, code)
