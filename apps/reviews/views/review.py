"""Everything of one review on one page, for everybody; its terms explained; its receipt."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core import clock, dates
from apps.deadlines.enums import Stage
from apps.documents.models import GeneratedDocument
from apps.documents.responses import file_response
from apps.draft_acts import functions
from apps.organizations.enums import Role
from apps.organizations.selectors import capacity

from .. import later, outages, pages, said, selectors, services
from ..models import Receipt
from ._common import documents_of, public_act, public_review

# Documents of the consultation; those of later stages have their own addresses.
DOCUMENT_KINDS = ("NC", "RC", "OP", "AT", "NE", "NA", "PL")


@login_not_required
@require_GET
def review_page(request: HttpRequest, number: str, code: str) -> HttpResponse:
    review = public_review(request, number, code)
    at = clock.now()
    page = pages.review_page(review, request.user, at)
    if stands := later.standing(review, at):
        page = replace(page, stage=stands.stage, documents=(*page.documents, *stands.documents))
    return render(
        request,
        "reviews/review.html",
        {
            "page": page,
            "review": review,
            "act": page.act,
            "card": functions.card(review.consultation.version),
        },
    )


@login_not_required
@require_POST
def review_acknowledge(request: HttpRequest, number: str, code: str) -> HttpResponse:
    review = public_review(request, number, code)
    services.acknowledge(actor=request.user, review_id=review.pk, at=request.received_at)  # type: ignore[attr-defined]
    messages.success(request, _("Delivery is confirmed. The term of the opinion runs from today."))
    return redirect("review", number, code)


@login_not_required
@require_POST
def remark_withdraw(request: HttpRequest, number: str, code: str, remark: int) -> HttpResponse:
    """The association withdraws a remark of its filed opinion."""
    review = public_review(request, number, code)
    link = selectors.in_force_link(review)
    found = link and link.opinion.remarks.filter(number=remark).first()
    if not found:
        raise Http404
    services.withdraw_remark(actor=request.user, remark_id=found.pk, at=request.received_at)  # type: ignore[attr-defined]
    messages.success(request, _("Remark №%(number)s is withdrawn.") % {"number": remark})
    return redirect("review", number, code)


@login_not_required
@require_GET
def term_page(request: HttpRequest, number: str, code: str, stage: str) -> HttpResponse:
    """One term, day by day, and the rows before it: why the last day is the last day."""
    review = public_review(request, number, code)
    at = clock.now()
    by = selectors.silent(review, at)
    terms = [
        term for term in selectors.terms_of(review) if term.stage == stage and said.holds_for(term.cause, by)
    ]
    if not terms:
        raise Http404
    ruling = terms[-1]
    days = selectors.explained_days(ruling)
    context: dict[str, Any] = {
        "act": review.consultation.act,
        "review": review,
        "term": ruling,
        "stage_name": Stage(stage).label,
        "cause": pages.CAUSES.get(ruling.cause, ""),
        "earlier": [(term, pages.CAUSES.get(term.cause, "")) for term in terms[:-1]],
        "days": days,
        "runs": selectors.uncounted_runs(days),
        "today": clock.local_date(at),
        "over": at >= ruling.due_at,
        "is_opinion": stage == Stage.OPINION,
        "moved": outages.move_of_term(ruling),
        "began": pages.CAUSES.get(outages.began_by(terms), ""),
    }
    return render(request, "reviews/term.html", context)


@login_not_required
@require_GET
def receipt_page(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of a submitted opinion: public like the opinion itself."""
    receipt = get_object_or_404(
        Receipt.objects.select_related(
            "opinion__submitted_by",
            "opinion__paper__organization",
            "review__association",
            "review__consultation__act__initiator",
        ),
        number=number.upper(),
    )
    review = receipt.review
    documents = documents_of(
        {receipt._meta.label_lower: [receipt.pk], receipt.opinion._meta.label_lower: [receipt.opinion_id]}
    )
    act = review.consultation.act
    context = {
        "in_time_by": outages.move_of_opinion(receipt.opinion.review_links.get(review=review)),
        "receipt": receipt,
        "opinion": receipt.opinion,
        "signed_as": capacity(
            receipt.opinion.submitted_by,  # type: ignore[arg-type]
            review.association_id,
            Role.ASSOCIATION_SIGNATORY,
            at=receipt.opinion.signed_at or receipt.received_at,
        ).words("ky" if dates.language() == "ky" else "ru"),
        "remarks": receipt.opinion.remarks.count(),
        "received": dates.datetime_words(receipt.received_at, seconds=True),
        "review": review,
        "act": act,
        "documents": pages.document_rows(act, [row for rows in documents.values() for row in rows]),
    }
    return render(request, "reviews/receipt.html", context)


@login_not_required
@require_GET
def review_document(request: HttpRequest, number: str, document: str) -> HttpResponseBase:
    """The sealed PDF of a public document of this act's consultation, or a page that says it is being made."""
    act = public_act(request, number)
    found = get_object_or_404(
        GeneratedDocument.objects.public().select_related("file"),
        number=document.upper(),
        act_id=act.pk,
        kind__in=DOCUMENT_KINDS,
    )
    if not found.is_ready or found.file is None:
        return render(request, "reviews/document_waiting.html", {"document": found, "act": act}, status=202)
    return file_response(found.file, filename=found.filename, inline=True, request=request)
