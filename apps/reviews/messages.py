"""Letters of the consultation. The outbox keeps ids; the words are made when a letter is sent or read."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import dates
from apps.notifications.registry import letter, link

from .conditions import review_args
from .enums import ExpiryEffect
from .models import ClosingNote, ExpiryDecision, Receipt, Remark, Reminder, Review, TermMove
from .reminders import days_left


def _review(payload: dict[str, Any]) -> Review:
    return Review.objects.select_related(
        "consultation__act__initiator", "consultation__version", "association"
    ).get(pk=payload["review_id"])


def _act_line(review: Review, language: str) -> str:
    act = review.consultation.act
    return _("№ %(number)s: %(title)s") % {"number": act.number, "title": act.title(language)}


def _names(review: Review, language: str) -> dict[str, Any]:
    return {
        "number": review.consultation.act.number,
        "initiator": review.consultation.act.initiator.name(language),
        "association": review.association.name(language),
        "due": dates.term_until(review.due_at, year=True),
    }


def _made(
    review: Review, language: str, subject: str, *paragraphs: str, page: str, label: str
) -> dict[str, Any]:
    return {
        "subject": subject,
        "paragraphs": [_act_line(review, language), *paragraphs],
        "action_url": link(page, *review_args(review)),
        "action_label": label,
    }


def _leading_to_review(
    payload: dict[str, Any], language: str, subject: str, *paragraphs: str
) -> dict[str, Any]:
    """The words may name number, initiator, association and due."""
    review = _review(payload)
    subject, *said = (words % _names(review, language) for words in (subject, *paragraphs))
    return _made(review, language, subject, *said, page="review", label=_("Open the review"))


@letter("reviews.opened")
def opened(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    names = _names(review, language) | {"deemed": dates.date_words(dates.last_day(review.deemed_at))}
    return _made(
        review,
        language,
        _("A draft act for your opinion: № %(number)s") % names,
        _("%(initiator)s sends %(association)s this draft act and awaits its opinion.") % names,
        _("Confirm that it has arrived. Unconfirmed, it is deemed delivered at the end of %(deemed)s.")
        % names,
        _(
            "The last day of the opinion at the latest: %(due)s. Confirmed earlier, the term starts and ends earlier."
        )
        % names,
        _(
            "Silence is never consent. A term that ends without an opinion counts as “no objection received” only when "
            "delivery and a reminder are on record; else a coordinator decides."
        ),
        page="review",
        label=_("Read the draft act"),
    )


@letter("reviews.acknowledged")
def acknowledged(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    names = _names(review, language)
    return _made(
        review,
        language,
        _("Delivered: № %(number)s") % names,
        _("%(association)s has received the draft act. Its opinion is awaited: %(due)s.") % names,
        page="review",
        label=_("Open the review"),
    )


@letter("reviews.reminder")
def reminder(payload: dict[str, Any], language: str) -> dict[str, Any]:
    """Says what was true when it was due: the days left are those of the reminder's own day."""
    review = _review(payload)
    row = Reminder.objects.select_related("term").get(pk=payload["reminder_id"])
    left = days_left(row)
    names = _names(review, language) | {"due": dates.term_until(row.term.due_at, year=True), "days": left}
    return _made(
        review,
        language,
        ngettext(
            "%(days)d working day is left for the opinion: № %(number)s",
            "%(days)d working days are left for the opinion: № %(number)s",
            left,
        )
        % names,
        _("%(initiator)s awaits the opinion of %(association)s: %(due)s.") % names,
        _(
            "No opinion by then: the term expires, and that can count as “no objection received”. "
            "A later opinion is kept and shown, but it no longer counts."
        ),
        page="opinion_write",
        label=_("Open the opinion"),
    )


@letter("reviews.opinion_ready")
def opinion_ready(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    names = _names(review, language)
    return _made(
        review,
        language,
        _("An opinion awaits your countersignature: № %(number)s") % names,
        _(
            "The officer has handed the opinion over. Read it, countersign and submit it, or give it back with a note."
        ),
        _("In time: %(due)s.") % names,
        page="opinion_write",
        label=_("Read the opinion"),
    )


@letter("reviews.opinion_returned")
def opinion_returned(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    names = _names(review, language)
    return _made(
        review,
        language,
        _("The opinion is back with the officer: № %(number)s") % names,
        _("It can be changed again. If a note was left, it stands above the opinion."),
        _("In time: %(due)s.") % names,
        page="opinion_write",
        label=_("Open the opinion"),
    )


@letter("reviews.opinion_filed")
def opinion_filed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    receipt = Receipt.objects.select_related("opinion").get(pk=payload["receipt_id"])
    names = _names(review, language) | {"verdict": receipt.opinion.get_verdict_display()}
    if receipt.late:
        what_next = _("It came after the term: it is kept, marked late, and everyone can see it.")
    elif receipt.opinion.remarks.exists():
        what_next = _("Each remark awaits an answer. Answers are sent together.")
    else:
        what_next = _("There are no remarks, so a note of agreement closes this review.")
    return _made(
        review,
        language,
        _("Opinion filed: № %(number)s") % names,
        _("%(association)s has filed its opinion: %(verdict)s.") % names,
        what_next,
        page="review",
        label=_("Read the opinion"),
    )


@letter("reviews.receipt")
def receipt(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    given = Receipt.objects.get(pk=payload["receipt_id"])
    names = {"receipt": given.number, "moment": dates.datetime_words(given.received_at, seconds=True)}
    made = _made(
        review,
        language,
        _("Receipt %(receipt)s: the opinion was received") % names,
        _("Received %(moment)s, after the term, and marked late. Everyone can see it.") % names
        if given.late
        else _("Received %(moment)s, in time.") % names,
        _("SHA-256 of opinion.json: %(hash)s") % {"hash": given.content_hash},
        page="review",
        label=_("Open the receipt"),
    )
    return made | {"action_url": link("receipt", given.number)}


@letter("reviews.answers_sent")
def answers_sent(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    term = review.terms.filter(stage="reply").order_by("-sequence").first()
    names = _names(review, language) | {"until": dates.term_until(term.due_at, year=True) if term else ""}
    return _made(
        review,
        language,
        _("Answers to your remarks: № %(number)s") % names,
        _("%(initiator)s has answered every remark. The answers are public.") % names,
        _("Your replies are awaited: %(until)s. They are sent together.") % names if term else "",
        page="replies",
        label=_("Read the answers and reply"),
    )


@letter("reviews.late_answered")
def late_answered(payload: dict[str, Any], language: str) -> dict[str, Any]:
    return _leading_to_review(
        payload,
        language,
        _("Answers to your late opinion: № %(number)s"),
        _("%(initiator)s has answered remarks of your opinion that came after the term."),
        _("The review stays expired; a reply is not awaited."),
    )


@letter("reviews.replies_sent")
def replies_sent(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    names = _names(review, language)
    return _made(
        review,
        language,
        _("Replies to your answers: № %(number)s") % names,
        _("%(association)s has replied to every answer.") % names,
        page="review",
        label=_("Read the replies"),
    )


@letter("reviews.conciliation")
def conciliation(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    term = review.terms.filter(stage="conciliation_hold").order_by("-sequence").first()
    names = _names(review, language) | {"until": dates.term_until(term.due_at, year=True) if term else ""}
    return _made(
        review,
        language,
        _("Objections are maintained, a meeting follows: № %(number)s") % names,
        _(
            "%(association)s maintains objections. %(initiator)s and the association hold a conciliation meeting."
        )
        % names,
        _("To be held: %(until)s.") % names if term else "",
        page="review",
        label=_("Open the review"),
    )


@letter("reviews.unanswered")
def unanswered(payload: dict[str, Any], language: str) -> dict[str, Any]:
    return _leading_to_review(
        payload,
        language,
        _("Remarks were not answered in time: № %(number)s"),
        _("The term of %(initiator)s for the answers to %(association)s is over."),
        _("Every remark that was not answered goes to a conciliation meeting."),
        _("Late answers are taken until the meeting is recorded."),
    )


@letter("reviews.unreplied")
def unreplied(payload: dict[str, Any], language: str) -> dict[str, Any]:
    return _leading_to_review(
        payload,
        language,
        _("Answers got no reply in time: № %(number)s"),
        _("The term of %(association)s for its replies is over."),
        _(
            "Accepted remarks count as satisfied, objections that were not accepted as maintained, proposals as noted."
        ),
    )


@letter("reviews.called_off")
def called_off(payload: dict[str, Any], language: str) -> dict[str, Any]:
    return _leading_to_review(
        payload,
        language,
        _("A meeting is not needed any more: № %(number)s"),
        _("The late answers left nothing to settle with %(association)s: the meeting is called off."),
    )


@letter("reviews.remark_withdrawn")
def remark_withdrawn(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    remark = Remark.objects.get(pk=payload["remark_id"])
    names = _names(review, language) | {"remark": remark.number}
    return _made(
        review,
        language,
        _("Remark withdrawn: № %(number)s") % names,
        _("%(association)s has withdrawn remark №%(remark)s. It needs no answer.") % names,
        page="review",
        label=_("Open the review"),
    )


@letter("reviews.expired_tacit")
def expired_tacit(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    note = ClosingNote.objects.get(pk=payload["note_id"])
    names = _names(review, language) | {
        "note": note.number,
        "day": dates.date_words(dates.last_day(review.due_at)),
    }
    return _made(
        review,
        language,
        _("The term expired, no objection was received: № %(number)s") % names,
        _("The term of %(association)s ended on %(day)s, and no opinion was filed in time.") % names,
        _("Delivery and a reminder are on record, so note of expiry %(note)s closes this review.") % names,
        _("This is not consent, and it is nowhere counted as such."),
        page="review",
        label=_("Open the review"),
    )


@letter("reviews.expiry_decided")
def expiry_decided(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    decision = ExpiryDecision.objects.select_related("term", "organization").get(pk=payload["decision_id"])
    names = _names(review, language) | {"body": decision.organization.name(language)}
    if decision.effect == ExpiryEffect.NEW_TERM and decision.term is not None:
        names["until"] = dates.term_until(decision.term.due_at, year=True)
        what = _("%(body)s gives %(association)s a new term for its opinion: %(until)s.") % names
    else:
        what = (
            _("%(body)s has established that the term expired without an opinion of %(association)s.") % names
        )
    return _made(
        review,
        language,
        _("Decision on the expired term: № %(number)s") % names,
        what,
        _("Reason: %(reason)s") % {"reason": decision.reason},
        page="review",
        label=_("Open the review"),
    )


@letter("reviews.term_moved")
def term_moved(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    move = TermMove.objects.select_related("outage", "earlier", "term", "in_time__opinion__receipt").get(
        pk=payload["move_id"]
    )
    assert move.term is not None
    names = _names(review, language) | {
        "outage": move.outage.number,
        "stage": move.earlier.get_stage_display(),
        "before": dates.date_words(move.earlier.last_day),
        "until": dates.term_until(move.term.due_at, year=True),
    }
    made = _made(
        review,
        language,
        _("The last day is moved: № %(number)s") % names,
        _("The portal could not be reached on %(before)s. The outage No. %(outage)s is confirmed.") % names,
        _("%(stage)s, %(association)s: the new last day is %(until)s.") % names,
        _("The opinion that came after the old last day counts as in time.") if move.in_time_id else "",
        page="review",
        label=_("See why the day was moved"),
    )
    return made | {"action_url": link("term", *review_args(review), move.earlier.stage)}


@letter("reviews.term_kept")
def term_kept(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review = _review(payload)
    move = TermMove.objects.select_related("outage", "earlier").get(pk=payload["move_id"])
    names = _names(review, language) | {
        "outage": move.outage.number,
        "before": dates.date_words(move.earlier.last_day),
    }
    made = _made(
        review,
        language,
        _("An outage is confirmed, the term stays: № %(number)s") % names,
        _("The portal could not be reached on %(before)s. The outage No. %(outage)s is confirmed.") % names,
        _(
            "The term of %(association)s is not moved: that it expired without an opinion had been established before."
        )
        % names,
        _("A late opinion is still kept and shown to everybody."),
        page="review",
        label=_("Open the entry of the register"),
    )
    return made | {"action_url": link("outage", move.outage.number)}
