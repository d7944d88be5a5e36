"""What the stage of conciliation and protocol still lacks: gates G5 and G6. Never writes."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.clock import local_date
from apps.core.conditions import Condition, Unmet
from apps.core.dates import date_words, language
from apps.draft_acts.models import DraftAct
from apps.organizations.models import Organization
from apps.reviews import selectors as reviews
from apps.reviews import silence
from apps.reviews.enums import ReviewStage
from apps.reviews.models import Remark, Review

from . import selectors
from .enums import PointOutcome, ProtocolState, Side
from .models import AgreementProtocol
from .selectors import Standing, outcome_of, remarks_of, to_be_settled

# Before these nothing is to be settled yet: opinions, answers or replies are still awaited.
_SETTLING = frozenset({ReviewStage.UNANSWERED, ReviewStage.CONCILIATION, ReviewStage.PROTOCOL})


def unmet_for_fixing(review: Review, at: datetime) -> list[Unmet]:
    """What keeps the ministry from fixing the protocol of this review."""
    act, code = review.consultation.act, review.association.code
    remarks = remarks_of(review)
    if not remarks:
        return [
            Unmet(
                "no_remarks",
                _("This review has no remark: a note closes it, not a protocol."),
                _review_url(act, review),
            )
        ]
    code_of_stage = reviews.stage(review, at)
    if code_of_stage == ReviewStage.ANSWERS:
        return [
            Unmet(
                "answers_missing",
                _("The state body has not sent its answers yet."),
                _review_url(act, review),
                _short(act.initiator),
            )
        ]
    if code_of_stage not in _SETTLING:
        return [
            Unmet(
                "replies_missing",
                _("The association has not sent its replies yet."),
                _review_url(act, review),
                _short(review.association),
            )
        ]
    by = reviews.silent(review, at)
    return [
        Unmet(
            "outcome_missing",
            _("Remark %(number)s: the outcome of the meeting is not entered.") % {"number": remark.number},
            reverse("meeting", args=[act.number, code]) + f"#remark-{remark.number}",
            _short(act.initiator),
        )
        for remark in remarks
        if outcome_of(remark, by) == ""
    ]


def _standings(act: DraftAct, at: datetime, known: Sequence[Standing] | None) -> Sequence[Standing]:
    """The reviews of the present round, read unless the caller has them."""
    return known if known is not None else selectors.standings(reviews.reviews_of(act), at)


def gate_meeting(act: DraftAct, at: datetime, *, standings: Sequence[Standing] | None = None) -> Condition:
    """G5: every maintained objection, and every remark left unanswered, has a recorded outcome of a meeting."""
    title = _("Every maintained objection has an outcome of a meeting")
    unmet: list[Unmet] = []
    decided, later = 0, False
    found = _standings(act, at, standings)
    for standing in found:
        review = standing.review
        if review.filed_at is None:
            later = later or reviews.stage(review, at) != ReviewStage.EXPIRY_ESTABLISHED
            continue
        later = later or reviews.stage(review, at) in {ReviewStage.ANSWERS, ReviewStage.REPLIES}
        held = to_be_settled(standing.remarks, standing.silent)
        decided += len(held)
        unmet += [_outcome_missing(act, review, r) for r in held if standing.outcome_of(r) == ""]
    if unmet:
        return Condition("G5", title, "unmet", "", tuple(unmet))
    if later or not found:
        return Condition("G5", title, "later", _("Opens when the associations have replied."))
    if not decided:
        return Condition("G5", title, "not_applicable", _("No objection was maintained."))
    words = ngettext("%(n)d point was decided.", "%(n)d points were decided.", decided)
    return Condition("G5", title, "met", words % {"n": decided})


def gate_protocol(act: DraftAct, at: datetime, *, standings: Sequence[Standing] | None = None) -> Condition:
    """G6: each review is closed by a note of expiry or agreement, or by a protocol signed by both sides."""
    title = _("Every review is closed by a protocol or a note")
    unmet: list[Unmet] = []
    later = False
    found = _standings(act, at, standings)
    for standing in found:
        review, protocol = standing.review, standing.protocol
        if standing.has_note:
            continue
        if protocol is None:
            code = reviews.stage(review, at)
            if code == ReviewStage.EXPIRY_ESTABLISHED:
                # Tacit by time alone: its note is issued with the certificate at the latest.
                unmet += _still_waiting(act, review, at)
            elif code in _SETTLING:
                unmet.append(_protocol_missing(act, review))
            else:
                later = True
        elif protocol.state != ProtocolState.SIGNED:
            unmet += _missing_signatures(act, review, protocol)
    if unmet:
        return Condition("G6", title, "unmet", "", tuple(unmet))
    if later or not found:
        return Condition("G6", title, "later", _("Opens when answers and replies are exchanged."))
    return Condition("G6", title, "met", _("Every association's review is closed."))


def open_points(standings: Sequence[Standing]) -> int:
    """How many disagreements stay open, over all reviews: counted on the certificate."""
    return sum(1 for s in standings for remark in s.remarks if s.outcome_of(remark) == PointOutcome.OPEN)


# Everybody reads the gates, so they lead to the review's public page; for its two sides the step itself stands there.


def _outcome_missing(act: DraftAct, review: Review, remark: Remark) -> Unmet:
    message = _("%(association)s, remark %(number)s: no outcome of a meeting is recorded.")
    values = {"association": _short(review.association), "number": remark.number}
    return Unmet("meeting_outcome_missing", message % values, _review_url(act, review), _short(act.initiator))


def _protocol_missing(act: DraftAct, review: Review) -> Unmet:
    message = _("%(association)s: the protocol is not fixed yet.") % {
        "association": _short(review.association)
    }
    return Unmet("protocol_missing", message, _review_url(act, review), _short(act.initiator))


def _still_waiting(act: DraftAct, review: Review, at: datetime) -> list[Unmet]:
    """After a tacit end the certificate waits the days that the template gives."""
    begins = silence.certificate_from(review)
    if at >= begins:
        return []
    message = _(
        "%(association)s: no objection came by expiry; the certificate follows not before %(day)s."
    ) % {
        "association": _short(review.association),
        "day": date_words(local_date(begins)),
    }
    return [Unmet("tacit_wait", message, _review_url(act, review))]


def _missing_signatures(act: DraftAct, review: Review, protocol: AgreementProtocol) -> list[Unmet]:
    """The sides that have not signed, by name."""
    signed = {signature.side for signature in protocol.signatures.all()}
    sides = {Side.STATE: act.initiator, Side.ASSOCIATION: review.association}
    return [
        Unmet(
            f"signature_missing_{side}",
            _("%(protocol)s: the signature of %(organization)s is missing.")
            % {"protocol": protocol.number, "organization": _short(body)},
            _review_url(act, review),
        )
        for side, body in sides.items()
        if side not in signed
    ]


def _review_url(act: DraftAct, review: Review) -> str:
    return reverse("review", args=[act.number, review.association.code])


def _short(organization: Organization) -> str:
    return organization.short_name(language())
