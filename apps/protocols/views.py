"""Pages of conciliation and protocol: doorkeepers only."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import drafts, signing
from apps.core import clock
from apps.core.errors import InvalidInput, VersionConflict, require
from apps.documents.models import GeneratedDocument
from apps.documents.responses import file_response
from apps.draft_acts.forms import add_refusal, theirs
from apps.organizations import policies as organizations
from apps.organizations.models import RulesAcceptance
from apps.reviews.enums import ReviewStage
from apps.reviews.models import Review
from apps.reviews.selectors import stage as stage_of

from . import conditions, policies, presentation, selectors, services
from .enums import ProtocolState, Side
from .forms import AnnulForm, MeetingForm, OutcomeForm, SignForm
from .models import AgreementProtocol, ConciliationMeeting


def _review(request: HttpRequest, number: str, code: str) -> Review:
    """The review of the act's last round, for its two sides; for others the address does not exist."""
    if "\x00" in number:
        raise Http404
    review = (
        Review.objects.filter(consultation__act__number=number, association__code=code)
        .select_related("consultation__act__initiator", "consultation__version", "association")
        .order_by("-consultation__round")
        .first()
    )
    if review is None or not policies.is_party(request.user, review):
        raise Http404
    return review


@login_not_required
@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """The meeting on the maintained objections: people, then an outcome for each."""
    review = _review(request, number, code)
    known = selectors.meeting_of(review)
    form = _meeting_form(known, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_meeting(
                actor=request.user,  # type: ignore[arg-type]
                review_id=review.pk,
                day=form.cleaned_data["day"],
                place=form.cleaned_data["place"],
                recorder=form.cleaned_data["recorder"],
                attendees=form.attendees(),
                edit_version=form.seen(),
                at=clock.now(),
            )
        except InvalidInput as refusal:
            add_refusal(form, refusal)
        except VersionConflict as conflict:
            form.theirs = theirs(form, conflict)
            return _meeting_page(request, review, known, form=form, status=409)
        else:
            messages.success(request, _("The meeting is recorded. Enter an outcome for each objection."))
            return HttpResponseRedirect(reverse("meeting", args=[number, code]) + "#outcomes")
    return _meeting_page(request, review, known, form=form, status=400 if form.errors else 200)


@login_not_required
@require_POST
def outcome_save(request: HttpRequest, number: str, code: str, remark: int) -> HttpResponse:
    review = _review(request, number, code)
    form = OutcomeForm(
        request.POST,
        may_withdraw=policies.can_enter_withdrawal(request.user, review),
        prefix=f"r{remark}",
    )
    if not form.is_valid():
        return _meeting_page(
            request, review, selectors.meeting_of(review), outcome=(remark, form), status=400
        )
    try:
        services.save_outcome(
            actor=request.user,  # type: ignore[arg-type]
            review_id=review.pk,
            remark_number=remark,
            lang="ru" if get_language() == "ru" else "ky",
            edit_version=form.seen(),
            at=clock.now(),
            **form.typed(),
        )
    except VersionConflict as conflict:
        form.theirs = theirs(form, conflict)
        return _meeting_page(
            request, review, selectors.meeting_of(review), outcome=(remark, form), status=409
        )
    messages.success(request, _("The outcome of remark %(number)s is saved.") % {"number": remark})
    return HttpResponseRedirect(reverse("meeting", args=[number, code]) + f"#remark-{remark}")


@login_not_required
@require_GET
def protocol_prepare(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """The protocol as it would stand now, what it still lacks, and the button that fixes it."""
    review = _review(request, number, code)
    fixed = selectors.protocol_of(review)
    if fixed is not None:
        return HttpResponseRedirect(reverse("protocol", args=[fixed.number]))
    at = clock.now()
    context = {
        "review": review,
        "act": review.consultation.act,
        "unmet": conditions.unmet_for_fixing(review, at),
        "may_fix": policies.can_fix(request.user, review),
        **presentation.preview(review, at),
    }
    return render(request, "protocols/prepare.html", context)


@login_not_required
@require_POST
def protocol_fix(request: HttpRequest, number: str, code: str) -> HttpResponse:
    review = _review(request, number, code)
    protocol = services.fix_protocol(actor=request.user, review_id=review.pk, at=clock.now())  # type: ignore[arg-type]
    messages.success(
        request, _("Protocol %(number)s is fixed. Both sides can sign it now.") % {"number": protocol.number}
    )
    return HttpResponseRedirect(reverse("protocol", args=[protocol.number]))


def _protocol(request: HttpRequest, number: str) -> AgreementProtocol:
    if "\x00" in number:
        raise Http404
    return get_object_or_404(
        selectors.visible_protocols(request.user).prefetch_related(
            "signatures__user", "signatures__organization", "points"
        ),
        number=number,
    )


@login_not_required
@require_GET
def protocol(request: HttpRequest, number: str) -> HttpResponse:
    """The protocol: text, hash, signatures; for its sides the way to sign."""
    return _protocol_page(request, _protocol(request, number))


@login_not_required
@require_POST
def protocol_sign(request: HttpRequest, number: str) -> HttpResponse:
    found = _protocol(request, number)
    require(policies.signing_side(request.user, found) is not None)
    form = signing.ask(SignForm(request.POST), request)
    if not signing.answered(request, form):
        return _protocol_page(request, found, sign_form=form, status=400)
    services.sign_protocol(
        actor=request.user,  # type: ignore[arg-type]
        protocol_id=found.pk,
        content_hash=form.cleaned_data["content_hash"],
        at=clock.now(),
    )
    messages.success(request, _("Your signature on protocol %(number)s is recorded.") % {"number": number})
    return HttpResponseRedirect(reverse("protocol", args=[number]))


@login_not_required
@require_POST
def protocol_annul(request: HttpRequest, number: str) -> HttpResponse:
    found = _protocol(request, number)
    form = AnnulForm(request.POST)
    if not form.is_valid():
        return _protocol_page(request, found, annul_form=form, status=400)
    services.annul_protocol(
        actor=request.user,  # type: ignore[arg-type]
        protocol_id=found.pk,
        reason=form.cleaned_data["reason"],
        at=clock.now(),
    )
    messages.success(
        request, _("Protocol %(number)s is annulled. Its number stays taken.") % {"number": number}
    )
    return HttpResponseRedirect(
        reverse(
            "protocol_prepare", args=[found.review.consultation.act.number, found.review.association.code]
        )
    )


@login_not_required
@require_GET
def protocol_json(request: HttpRequest, number: str) -> HttpResponse:
    """The bytes whose SHA-256 is H."""
    found = _protocol(request, number)
    response = HttpResponse(found.canonical.encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.json"'
    return response


@login_not_required
@require_GET
def protocol_pdf(request: HttpRequest, number: str) -> HttpResponse:
    found = _protocol(request, number)
    document = _document(found)
    if found.state != ProtocolState.SIGNED or document is None or not document.is_ready:
        raise Http404
    assert document.file is not None
    return file_response(document.file, filename=document.filename)


def _document(protocol: AgreementProtocol) -> GeneratedDocument | None:
    return (
        GeneratedDocument.objects.filter(source_type=protocol._meta.label_lower, source_id=protocol.pk)
        .select_related("file")
        .first()
    )


def _protocol_page(
    request: HttpRequest,
    found: AgreementProtocol,
    *,
    sign_form: SignForm | None = None,
    annul_form: AnnulForm | None = None,
    status: int = 200,
) -> HttpResponse:
    side = policies.signing_side(request.user, found)
    acting_for = organizations.acting_for(request.user) if side else None
    signed = {signature.side for signature in found.signatures.all()}
    may_sign = (
        side is not None
        and side not in signed
        and found.state == ProtocolState.FIXED
        and policies.is_open(found.review)
    )
    act = found.review.consultation.act
    organization_id = act.initiator_id if side == Side.STATE else found.review.association_id
    accepted = (
        may_sign
        and RulesAcceptance.objects.filter(
            organization_id=organization_id, version=services.RULES_VERSION
        ).exists()
    )
    context = {
        "protocol": found,
        "review": found.review,
        "act": act,
        "document": _document(found),
        "may_sign": may_sign,
        "acting_for": acting_for,
        "rules_accepted": accepted,
        "sign_form": sign_form
        or signing.ask(SignForm(initial={"content_hash": found.content_hash}), request),
        "annul_form": drafts.put_back(
            annul_form or AnnulForm(), request, page=reverse("protocol", args=[found.number]), part="annul"
        ),
        "may_annul": policies.can_annul(request.user, found),
        **presentation.of_protocol(found),
    }
    return render(request, "protocols/protocol.html", context, status=status)


def _meeting_page(
    request: HttpRequest,
    review: Review,
    known: ConciliationMeeting | None,
    *,
    form: MeetingForm | None = None,
    outcome: tuple[int, OutcomeForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    may_withdraw = policies.can_enter_withdrawal(request.user, review)
    rows, at = [], clock.now()
    for row in selectors.meeting_rows(review, at):
        bound = outcome[1] if outcome and outcome[0] == row.remark.number else None
        rows.append((row, bound or _outcome_form(row, may_withdraw)))
    form = form or _meeting_form(known)
    page = reverse("meeting", args=[review.consultation.act.number, review.association.code])
    parts: list[tuple[Any, str]] = [(form, ""), *((found, str(row.remark.number)) for row, found in rows)]
    drafts.put_all_back(parts, request, page=page)
    fixed = selectors.protocol_of(review)
    context = {
        "review": review,
        "act": review.consultation.act,
        "meeting": known,
        "form": form,
        "rows": rows,
        "decided": sum(1 for row, _form in rows if row.outcome),
        "fixed": fixed,
        "conditions_unmet": conditions.unmet_for_fixing(review, at),
        "late_answers": stage_of(review, at) == ReviewStage.UNANSWERED,
    }
    return render(request, "protocols/meeting.html", context, status=status)


def _meeting_form(known: ConciliationMeeting | None, data: Any = None) -> MeetingForm:
    stored = selectors.meeting_fields(known) if known else {"edit_version": 0}
    return MeetingForm(data, initial=stored | {"version": stored["edit_version"]})


def _outcome_form(row: selectors.MeetingRow, may_withdraw: bool) -> OutcomeForm:
    stored = selectors.outcome_fields(row.point) if row.point else {"edit_version": 0}
    return OutcomeForm(
        initial=stored | {"version": stored["edit_version"]},
        may_withdraw=may_withdraw,
        prefix=f"r{row.remark.number}",
    )
