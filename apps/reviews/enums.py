from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ConsultationKind(TextChoices):
    INITIAL = "initial", _("first round")


class Verdict(TextChoices):
    AGREE = "agree", _("agree")
    AGREE_WITH_REMARKS = "agree_with_remarks", _("agree with remarks")
    ON_CONDITION = "on_condition", _("agree on condition")
    DISAGREE = "disagree", _("disagree")
    OUTSIDE_COMPETENCE = "outside_competence", _("outside competence: no effect on LSG")


VERDICTS_WITHOUT_REMARKS = frozenset({Verdict.AGREE, Verdict.OUTSIDE_COMPETENCE})


class OpinionLink(TextChoices):
    DRAFTING = "drafting", _("being written")
    IN_FORCE = "in_force", _("in force")
    REPLACED = "replaced", _("replaced")


class RemarkKind(TextChoices):
    OBJECTION = "objection", _("objection")
    PROPOSAL = "proposal", _("proposal")


class AnswerOutcome(TextChoices):
    ACCEPTED = "accepted", _("accepted")
    PARTLY_ACCEPTED = "partly_accepted", _("partly accepted")
    REJECTED = "rejected", _("rejected")


class ReplyOutcome(TextChoices):
    SATISFIED = "satisfied", _("satisfied")
    MAINTAINED = "maintained", _("maintained")
    NOTED = "noted", _("noted")


# An objection is satisfied or maintained; a proposal is satisfied or noted: it never goes to conciliation.
REPLIES_TO = {
    RemarkKind.OBJECTION: (ReplyOutcome.SATISFIED, ReplyOutcome.MAINTAINED),
    RemarkKind.PROPOSAL: (ReplyOutcome.SATISFIED, ReplyOutcome.NOTED),
}


class ReminderKind(TextChoices):
    HALF = "half", _("half of the term has passed")
    TWO_DAYS = "two_days", _("two working days before the last day")
    ONE_DAY = "one_day", _("one working day before the last day")


class ReminderState(TextChoices):
    SENT = "sent", _("sent")
    SKIPPED = "skipped", _("skipped: a later one took its place, or the term had ended")


class NoteKind(TextChoices):
    EXPIRY = "expiry", _("note of expiry")
    AGREEMENT = "agreement", _("note of agreement")


class Silent(TextChoices):
    """Who let the term for its answers, or for its replies, pass without a word."""

    MINISTRY = "ministry", _("the ministry did not answer in time")
    ASSOCIATION = "association", _("the association did not reply in time")


class ExpiryEffect(TextChoices):
    EFFECT = "effect", _("the expiry takes effect")
    NEW_TERM = "new_term", _("a new term is given")


class PaperChannel(TextChoices):
    PAPER = "paper", _("on paper")
    EMAIL = "email", _("by e-mail")


class PaperState(TextChoices):
    """An opinion that came outside the portal counts once the association confirms what was entered of it."""

    ENTERING = "entering", _("being entered by the receiver")
    AWAITING = "awaiting", _("awaiting the association's confirmation")
    CONFIRMED = "confirmed", _("confirmed by the association")
    DISPUTED = "disputed", _("disputed by the association")
    DISCARDED = "discarded", _("discarded by the receiver")


class KeptTerm(TextChoices):
    """Why a confirmed outage leaves a term as it is."""

    ESTABLISHED = "established", _("the expiry had been established before the outage was confirmed")


class ReviewStage(TextChoices):
    """Computed from the review's facts and the time; never stored."""

    DELIVERY = "delivery", _("sent, not yet acknowledged")
    OPINION = "opinion", _("the association writes its opinion")
    EXPIRED = "expired", _("expired, effect not established")
    EXPIRY_ESTABLISHED = "expiry_established", _("expired, effect established")
    ANSWERS = "answers", _("the ministry answers")
    UNANSWERED = "unanswered", _("not answered in time: a conciliation meeting is due")
    REPLIES = "replies", _("the association replies")
    CONCILIATION = "conciliation", _("conciliation meeting")
    PROTOCOL = "protocol", _("protocol")
    ENDED_WITHOUT_REMARKS = "ended_without_remarks", _("opinion without remarks")


class PlaceOutcome(TextChoices):
    CARRIED = "carried", _("went with its provision")
    DISPLACED = "displaced", _("lost its place")
    CHOSEN = "chosen", _("placed by a person")
    CLOSED = "closed", _("no longer applies")


class PlaceCause(TextChoices):
    REMOVED = "removed", _("its provision is not in the new text")
    UNSURE = "unsure", _("its provision may be another one in the new text")


class PromiseState(TextChoices):
    """What became of an accepted remark in the later texts. Computed, never stored."""

    OPEN = "open", _("no later text yet")
    KEPT = "kept", _("kept: the promised wording is in the text")
    CHANGED = "changed", _("the provision changed since")
    NOT_TAKEN_UP = "not_taken_up", _("not in the text yet")
    UNPLACED = "unplaced", _("the provision has to be found in the new text")
    LOST = "lost", _("lost")
    CLOSED = "closed", _("no longer applies")


class MergeDecision(TextChoices):
    """What becomes of an accepted proposal in the next draft."""

    TAKE = "take", _("take it as it is proposed")
    EDIT = "edit", _("take it with edits")
    LEAVE = "leave", _("leave it for later")
