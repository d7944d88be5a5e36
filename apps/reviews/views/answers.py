"""All remarks of an opinion on one screen, each with the ministry's answer to it. Closed until the answers are sent."""

from collections.abc import Iterable
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
from ..forms import AnswerForm, add_refusal, own_language, theirs
from ..models import Remark, Review
from ..workflow import WORKFLOW
from ._common import hide_unless, is_automatic, public_review, refused_json, saved_json

WHOLE, UNANSWERED = "", "unanswered"


@dataclass(frozen=True)
class AnswerRow:
    """A remark before the ministry: both wordings in the remark's language, and the form of the answer."""

    remark: Remark
    provision: str
    text: str
    other_text: str
    other_lang: str
    form: AnswerForm
    answered: bool
    sent: dict[str, Any] | None  # pages.answer_parts; sent answers do not change any more
    saved_at: datetime | None
    theirs: list[tuple[Any, Any]] | None = None


def _own_review(request: HttpRequest, number: str, code: str) -> Review:
    """The review, for the ministry's own people: unsent answers are nobody else's to see."""
    review = public_review(request, number, code)
    hide_unless(policies.can_answer(request.user, review))
    return review


@login_not_required
@require_GET
def answers_page(request: HttpRequest, number: str, code: str) -> HttpResponse:
    review = public_review(request, number, code)
    if review.answers_sent_at is not None:
        return redirect(reverse("review", args=[number, code]) + "#opinion")
    hide_unless(policies.can_answer(request.user, review))
    return _page(request, review)


def _page(
    request: HttpRequest,
    review: Review,
    *,
    bound: tuple[int, AnswerForm] | None = None,
    other: list[tuple[Any, Any]] | None = None,
    unmet: list[Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    code = selectors.stage(review, at)
    late = WORKFLOW.allows("answer_late", code)
    rows = [_row(remark, bound, other) for remark in _asked(review, late)]
    if not (WORKFLOW.allows("answer", code) or (late and rows)):
        return redirect("review", *conditions.review_args(review))
    only = request.GET.get("only") == UNANSWERED and bound is None
    term = selectors.ruling_term(review, Stage.ANSWERS)
    context = {
        "act": review.consultation.act,
        "review": review,
        "rows": [row for row in rows if not (only and row.answered)],
        "total": len(rows),
        "done": sum(row.answered for row in rows),
        "left": sum(not row.answered for row in rows),
        "only_unanswered": only,
        "term": term,
        "days_left": rules.working_days_left(at, term.due_at, deadlines.calendar_for()) if term else None,
        "over": term is not None and at >= term.due_at,
        "code": code,
        "late": late,
        "unmet": unmet,
    }
    return render(request, "reviews/answers.html", context, status=status)


def _asked(review: Review, late: bool) -> Any:
    """What the page is about: the remarks to be answered, or those of a late opinion, which may be."""
    return selectors.late_remarks(review) if late else selectors.remarks_to_answer(review)


def _is_late(review: Review) -> bool:
    return WORKFLOW.allows("answer_late", selectors.stage(review, clock.now()))


def _row(
    remark: Remark, bound: tuple[int, AnswerForm] | None, other: list[tuple[Any, Any]] | None
) -> AnswerRow:
    answer = getattr(remark, "answer", None)
    if bound and bound[0] == remark.pk:
        form = bound[1]
    elif answer:
        names = ("outcome", "wording", "reason", "lang")
        initial = {name: getattr(answer, name) for name in names} | {"version": answer.edit_version}
        form = AnswerForm(initial=initial, auto_id=f"answer_{remark.number}_%s")
    else:
        initial = {"version": 0, "lang": own_language()}
        form = AnswerForm(initial=initial, auto_id=f"answer_{remark.number}_%s")
    second = "ru" if remark.lang == "ky" else "ky"
    return AnswerRow(
        remark=remark,
        provision=conditions.provision_label(remark.provision),
        text=provision_text(remark, remark.lang),
        other_text=provision_text(remark, second),
        other_lang=second,
        form=form,
        answered=conditions.has_whole_answer(remark),
        sent=pages.answer_parts(answer) if answer is not None and answer.sent_at else None,
        saved_at=answer.updated_at if answer else None,
        theirs=other if bound and bound[0] == remark.pk else None,
    )


def provision_text(remark: Remark, lang: str) -> str:
    """Heading and text of the provision in one language, a line each; a bare number stands before its text."""
    provision = remark.provision
    label, heading, text = (getattr(provision, f"{part}_{lang}") for part in ("label", "heading", "text"))
    parts = (
        [" ".join(filter(None, [label, heading])), text]
        if heading
        else [" ".join(filter(None, [label, text]))]
    )
    return "\n".join(filter(None, parts))


@login_not_required
@require_POST
def answer_save(request: HttpRequest, number: str, code: str, remark: int) -> HttpResponse:
    """Keep the answer to one remark. Autosave gets JSON; the button leads back to the remark or on to the next."""
    review = _own_review(request, number, code)
    late = _is_late(review)
    found = get_object_or_404(_asked(review, late), number=remark)
    form = AnswerForm(request.POST, auto_id=f"answer_{remark}_%s")
    if not form.is_valid() and not is_automatic(request):
        return _page(request, review, bound=(found.pk, form), status=400)
    save = services.save_late_answer if late else services.save_answer
    try:
        answer = save(
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
        return saved_json(request, answer.edit_version)
    messages.success(request, _("The answer to remark №%(number)s is saved.") % {"number": remark})
    query = "?only=unanswered" if request.POST.get("only") == UNANSWERED else ""
    following = _next(_asked(review, late), found, query)
    return redirect(f"{reverse('answers', args=[number, code])}{query}#remark-{following}")


def _next(asked: Iterable[Remark], saved: Remark, query: str) -> int:
    """With the filter on, the saved remark is gone from the list: go to the next one that waits."""
    if not query:
        return saved.number
    waiting = [r.number for r in asked if not conditions.has_whole_answer(r)]
    return next(
        (number for number in waiting if number > saved.number), waiting[0] if waiting else saved.number
    )


@login_not_required
@require_POST
def answers_send(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Send all answers together; refused with the list while one is missing. To a late opinion, those that are whole."""
    review = _own_review(request, number, code)
    send = services.send_late_answers if _is_late(review) else services.send_answers
    try:
        send(actor=request.user, review_id=review.pk, at=request.received_at)  # type: ignore[attr-defined]
    except services.NoLateAnswer as refusal:
        messages.warning(request, refusal.message)
        return redirect("answers", number, code)
    except GateClosed as refusal:
        return _page(request, review, unmet=refusal.unmet, status=409)
    messages.success(request, _("The answers are sent. They are public and do not change any more."))
    return redirect("review", number, code)
