"""The words of the clock: stages with a term, kinds of days, and how far a row is confirmed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from . import rules


class Stage(TextChoices):
    """Every stage, side step and decision that a template gives a number of days to."""

    CHALLENGE = "challenge", _("Challenge of the scope")
    CHALLENGE_DECISION = "challenge_decision", _("Decision on the challenge")
    COMPLETENESS = "completeness", _("Check of completeness")
    DELIVERY = "delivery", _("Delivery")
    OPINION = "opinion", _("Opinion of the association")
    ANSWERS = "answers", _("Answers to the remarks")
    REPLY = "reply", _("Replies of the association")
    CONCILIATION_CALL = "conciliation_call", _("Calling the conciliation meeting")
    CONCILIATION_HOLD = "conciliation_hold", _("Holding the conciliation meeting")
    SECOND_TEXT = "second_text", _("Changed text or justification")
    SECOND_OPINION = "second_opinion", _("Opinion in the second deliberation")
    SECOND_ANSWER = "second_answer", _("Answer in the second deliberation")
    SIGNING = "signing", _("Signing the protocol")
    CERTIFICATE_TACIT = "certificate_tacit", _("Certificate after a term without an answer")
    CLOSING = "closing", _("Closing the file")
    EXTENSION = "extension", _("Longest extension of the term")
    EXTENSION_DECISION = "extension_decision", _("Decision on an extension")
    REFUSAL_DECISION = "refusal_decision", _("Decision on a refusal to answer")
    REFUSAL_REST = "refusal_rest", _("Least rest of the term after an unfounded refusal")
    URGENCY_DISPUTE = "urgency_dispute", _("Dispute of the urgency")
    URGENCY_DECISION = "urgency_decision", _("Decision on the urgency")
    RECONSULTATION = "reconsultation", _("Re-consultation on a changed text")


class Unit(TextChoices):
    WORKING = rules.WORKING, _("working days")
    CALENDAR = rules.CALENDAR, _("calendar days")


class DayKind(TextChoices):
    """What a row of the calendar says about its date; a date without a row is what its weekday is."""

    HOLIDAY = rules.HOLIDAY, _("Holiday")
    SHORT_DAY = rules.SHORT_DAY, _("Short working day")
    WORKING_WEEKEND = rules.WORKING_WEEKEND, _("Moved working day")
    MOVED_DAY_OFF = rules.MOVED_DAY_OFF, _("Moved day off")


class DayReason(TextChoices):
    """Why a day of a term was or was not counted, as in the explanation of a deadline."""

    START = rules.START, _("Day of the event")
    WORKING_DAY = rules.WORKING_DAY, _("Working day")
    MOVED_WORKING_DAY = rules.MOVED_WORKING_DAY, _("Moved working day")
    WEEKEND = rules.WEEKEND, _("Weekend")
    HOLIDAY = rules.HOLIDAY, _("Holiday")
    MOVED_DAY_OFF = rules.MOVED_DAY_OFF, _("Moved day off")
    PAUSE = rules.PAUSE, _("Pause of the term")
    OUTAGE = rules.OUTAGE, _("Outage of the portal")


class Confirmation(TextChoices):
    """Four eyes: one proposes, another confirms; what the installation seeds applies at once and says so."""

    SEEDED = "seeded", _("Seeded, not yet confirmed")
    PROPOSED = "proposed", _("Proposed, awaiting confirmation")
    CONFIRMED = "confirmed", _("Confirmed")


IN_FORCE = (Confirmation.SEEDED, Confirmation.CONFIRMED)


class OutageState(TextChoices):
    """Of itself an outage moves nothing: a coordinator confirms or refuses it, once."""

    SUSPECTED = "suspected", _("Suspected, awaiting a decision")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not confirmed")


class OutageOrigin(TextChoices):
    HEARTBEAT = "heartbeat", _("The portal's own heartbeat stopped")
    ADMINISTRATOR = "administrator", _("Reported by the administrator")


class Silence(TextChoices):
    """What the law attaches to an association's silence by the end of the opinion term."""

    TACIT = "tacit", _("Term ended, no objection came")
    CONCILIATION = "conciliation", _("No answer leads to conciliation")


class Paper(TextChoices):
    """The papers of a draft act that a template can require."""

    TEXT_KY = "text_ky", _("Text in Kyrgyz")
    TEXT_RU = "text_ru", _("Text in Russian")
    EXPLANATORY_NOTE = "explanatory_note", _("Explanatory note")
    COMPARISON_TABLE = "comparison_table", _("Comparison table")
    FUNCTION_CARD = "function_card", _("Function card")
    IMPACT_STATEMENT = "impact_statement", _("Impact statement")


class BylawGate(TextChoices):
    """At which door a bill needs the drafts of the bylaws that it leaves rules to (G7)."""

    NONE = "", _("Not asked for")
    OPENING = "opening", _("When the consultation opens")
    CERTIFICATE = "certificate", _("When the certificate is issued")


class TemplateCode(TextChoices):
    STANDARD = "STANDARD", _("Standard procedure")
