"""What the stage of conciliation and protocol still lacks: gates G5 and G6. Never writes."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.core.conditions import Condition, Unmet
from apps.draft_acts.models import DraftAct
from apps.reviews.models import Review

from .enums import PointOutcome, ProtocolState, Side
from .models import AgreementProtocol
from .selectors import is_maintained, outcome_of, protocol_of, remarks_of


def reviews_of(act: DraftAct) -> list[Review]:
    """The reviews of the act's last round."""
    last = act.consultations.order_by("-round").first()
    if last is None:
        return []
    return list(
        last.reviews.select_related("association", "consultation__act", "closing_note").order_by("pk")
    )


def unmet_for_fixing(review: Review) -> list[Unmet]:
    """What keeps the ministry from fixing the protocol of this review."""
    act, code = review.consultation.act, review.association.code
    remarks = remarks_of(review)
    if not remarks:
        return [
            Unmet(
                "no_remarks",
                _("This review has no remark: a note closes it, not a protocol."),
                _review_url(review),
            )
        ]
    if review.replies_sent_at is None:
        return [
            Unmet(
                "replies_missing",
                _("The association has not sent its replies yet."),
                _review_url(review),
                _name(review),
            )
        ]
    return [
        Unmet(
            "outcome_missing",
            _("Remark %(number)s: the outcome of the meeting is not entered.") % {"number": remark.number},
            reverse("meeting", args=[act.number, code]) + f"#remark-{remark.number}",
            _short(act.initiator),
        )
        for remark in remarks
        if outcome_of(remark) == ""
    ]


def gate_meeting(act: DraftAct, at: datetime) -> Condition:
    """G5: every maintained objection has a recorded outcome of a meeting."""
    title = _("Every maintained objection has an outcome of a meeting")
    unmet: list[Unmet] = []
    maintained, waiting = 0, False
    reviews = reviews_of(act)
    for review in reviews:
        if review.filed_at is None:
            continue
        remarks = [r for r in remarks_of(review) if r.withdrawn_at is None]
        if remarks and review.replies_sent_at is None:
            waiting = True
        for remark in remarks:
            if is_maintained(remark):
                maintained += 1
                if outcome_of(remark) == "":
                    unmet.append(
                        Unmet(
                            "meeting_outcome_missing",
                            _("%(association)s, remark %(number)s: no outcome of a meeting is recorded.")
                            % {"association": _name(review), "number": remark.number},
                            reverse("meeting", args=[act.number, review.association.code])
                            + f"#remark-{remark.number}",
                            _short(act.initiator),
                        )
                    )
    if unmet:
        return Condition("G5", title, "unmet", "", tuple(unmet))
    if waiting or not reviews or any(r.filed_at is None and r.effect_established_at is None for r in reviews):
        return Condition("G5", title, "later", _("Opens when the associations have replied."))
    if not maintained:
        return Condition("G5", title, "not_applicable", _("No objection was maintained."))
    return Condition(
        "G5",
        title,
        "met",
        ngettext("%(n)d objection was decided.", "%(n)d objections were decided.", maintained)
        % {"n": maintained},
    )


def gate_protocol(act: DraftAct, at: datetime) -> Condition:
    """G6: each review is closed by a note of expiry or agreement, or by a protocol signed by both sides."""
    title = _("Every review is closed by a protocol or a note")
    unmet: list[Unmet] = []
    later = False
    reviews = reviews_of(act)
    for review in reviews:
        if getattr(review, "closing_note", None) is not None:
            continue
        protocol = protocol_of(review)
        if protocol is None:
            if review.replies_sent_at is None:
                later = True
                continue
            unmet.append(
                Unmet(
                    "protocol_missing",
                    _("%(association)s: the protocol is not fixed yet.") % {"association": _name(review)},
                    reverse("protocol_prepare", args=[act.number, review.association.code]),
                    _short(act.initiator),
                )
            )
        elif protocol.state != ProtocolState.SIGNED:
            unmet += missing_signatures(protocol)
    if unmet:
        return Condition("G6", title, "unmet", "", tuple(unmet))
    if later or not reviews:
        return Condition("G6", title, "later", _("Opens when answers and replies are exchanged."))
    return Condition("G6", title, "met", _("Every association's review is closed."))


def missing_signatures(protocol: AgreementProtocol) -> list[Unmet]:
    """The sides that have not signed, by name."""
    review = protocol.review
    signed = {s.side for s in protocol.signatures.all()}
    names = {Side.STATE: review.consultation.act.initiator, Side.ASSOCIATION: review.association}
    return [
        Unmet(
            f"signature_missing_{side}",
            _("%(protocol)s: the signature of %(organization)s is missing.")
            % {"protocol": protocol.number, "organization": _short(names[side])},
            reverse("protocol", args=[protocol.number]),
            _short(names[side]),
        )
        for side in (Side.STATE, Side.ASSOCIATION)
        if side not in signed
    ]


def open_points(act: DraftAct) -> int:
    """How many disagreements stay open, over all reviews: counted on the certificate."""
    return sum(
        1
        for review in reviews_of(act)
        for remark in remarks_of(review)
        if outcome_of(remark) == PointOutcome.OPEN
    )


def _review_url(review: Review) -> str:
    return reverse("review", args=[review.consultation.act.number, review.association.code])


def _name(review: Review) -> str:
    return _short(review.association)


def _short(organization: object) -> str:
    from django.utils.translation import get_language

    return organization.short_name(get_language() or "ru")  # type: ignore[attr-defined]
