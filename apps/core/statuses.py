"""Every status a person can see: its icon, its word, its tone. One table, so that a word never has two colours.

Codes are those of the database. `get` is read by the template tag `{% state "group" code %}` and by documents;
a colour is never the only difference, so icon and word always travel together.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Status:
    """How a status looks: `icon` of static/img/icons.svg, translated `word`, `tone` (a colour scale by name)."""

    icon: str
    word: str | Promise
    tone: str


def _s(icon: str, word: str | Promise, tone: str) -> Status:
    return Status(icon, word, tone)


STATUSES: dict[str, dict[str, Status]] = {
    # DraftAct.state
    "act": {
        "preparing": _s("dots", _("Being prepared"), "neutral"),
        "registered": _s("doc", _("Registered"), "info"),
        "incomplete": _s("back", _("Returned as incomplete"), "warning"),
        "out_of_scope": _s("minus", _("Out of scope"), "neutral"),
        "in_consultation": _s("meet", _("In consultation"), "info"),
        "certified": _s("seal", _("Certificate issued"), "success"),
        "submitted": _s("send", _("Submitted"), "info"),
        "returned": _s("back", _("Returned"), "warning"),
        "adopted": _s("ok", _("Adopted"), "success"),
        "rejected": _s("no", _("Not adopted"), "danger"),
        "withdrawn": _s("x", _("Withdrawn by the initiator"), "neutral"),
        "closed": _s("archive", _("Closed"), "neutral"),
        "scope_check": _s("scope", _("Scope being checked"), "info"),
        "scope_disputed": _s("apart", _("Scope disputed"), "danger"),
        "completeness": _s("list", _("Completeness being checked"), "info"),
    },
    # the stage an act or a review is in, computed
    "stage": {
        "preparing": _s("dots", _("Being prepared"), "neutral"),
        "registered": _s("doc", _("Registered"), "info"),
        "delivery": _s("send", _("Sent, delivery awaited"), "info"),
        "delivered": _s("send", _("Delivered"), "info"),
        "members": _s("people", _("Members give their position"), "info"),
        "opinion": _s("pen", _("The association writes its opinion"), "info"),
        "answers": _s("answer", _("The state body answers the remarks"), "info"),
        "unanswered": _s("meet", _("Not answered in time: a meeting is due"), "warning"),
        "reply": _s("talk", _("The association replies"), "info"),
        "replies": _s("talk", _("The association replies"), "info"),
        "conciliation": _s("meet", _("Conciliation meeting"), "info"),
        "meeting": _s("meet", _("Conciliation meeting"), "info"),
        "second_deliberation": _s("meet", _("Second deliberation"), "info"),
        "protocol": _s("pen", _("The protocol is being signed"), "info"),
        "certificate": _s("seal", _("Awaiting the certificate"), "info"),
        "decision": _s("send", _("Awaiting the decision"), "info"),
        "expired": _s("clock", _("Term expired, effect not established"), "warning"),
        "ended": _s("ok", _("Consultation ended"), "neutral"),
        "expiry_established": _s("silent", _("Expiry established"), "neutral"),
        "ended_without_remarks": _s("ok", _("Ended without remarks"), "success"),
        "closed": _s("archive", _("Closed"), "neutral"),
        "withdrawn": _s("x", _("Withdrawn by the initiator"), "neutral"),
        "superseded": _s("archive", _("Replaced by the next round"), "neutral"),
    },
    "delivery": {
        "sent": _s("send", _("Sent, delivery awaited"), "info"),
        "acknowledged": _s("send", _("Delivered"), "info"),
        "delivered": _s("send", _("Delivered"), "info"),
        "deemed": _s("send", _("Deemed delivered"), "info"),
        "deemed_delivered": _s("send", _("Deemed delivered"), "info"),
    },
    "time": {
        "running": _s("clock", _("Term running"), "info"),
        "soon": _s("clock", _("Two or three days left"), "warning"),
        "closing": _s("late", _("Closing soon"), "danger"),
        "paused": _s("pause", _("Paused"), "warning"),
        "extended": _s("plusclock", _("Extended"), "info"),
        "urgent": _s("bolt", _("Urgent, with a ground"), "warning"),
        "overdue": _s("late", _("Overdue"), "danger"),
        "late": _s("late", _("Received after the term"), "danger"),
        "ended": _s("check", _("Ended"), "neutral"),
    },
    # verdicts, and what silence left behind
    "opinion": {
        "agree": _s("ok", _("Agreed"), "success"),
        "agree_with_remarks": _s("half", _("Agreed with remarks"), "warning"),
        "on_condition": _s("diamond", _("Agreed on condition"), "warning"),
        "disagree": _s("no", _("Not agreed"), "danger"),
        "outside_competence": _s("minus", _("Outside its competence"), "neutral"),
        "refuses": _s("back", _("Refuses to consider"), "warning"),
        "expired": _s("clock", _("Term expired, effect not established"), "warning"),
        "effect_not_established": _s("clock", _("Term expired, effect not established"), "warning"),
        "tacit": _s("silent", _("Term expired, no objection received"), "neutral"),
        "late": _s("late", _("Received after the term"), "danger"),
        "draft": _s("pen", _("Being written"), "neutral"),
        "drafting": _s("pen", _("Being written"), "neutral"),
        "in_force": _s("ok", _("In force"), "success"),
        "awaiting_countersignature": _s("pen", _("Awaiting countersignature"), "info"),
        "submitted": _s("send", _("Opinion filed"), "info"),
        "replaced": _s("archive", _("Replaced"), "neutral"),
        "none": _s("wait", _("No opinion yet"), "neutral"),
    },
    "member": {
        "support": _s("ok", _("We support it"), "success"),
        "support_with_remarks": _s("half", _("We support it with remarks"), "warning"),
        "against": _s("no", _("We are against"), "danger"),
        "no_effect": _s("minus", _("It does not affect us"), "neutral"),
        "by_phone": _s("phone", _("Entered as spoken"), "neutral"),
        "none": _s("dots", _("No answer yet"), "neutral"),
    },
    # what became of a provision in the next version
    "difference": {
        "unchanged": _s("same", _("Unchanged"), "neutral"),
        "added": _s("plus", _("Added"), "success"),
        "removed": _s("minus", _("Removed"), "danger"),
        "moved": _s("send", _("Moved"), "info"),
        "renumbered": _s("list", _("Renumbered"), "info"),
        "changed": _s("pen", _("Words changed"), "warning"),
    },
    # where a remark belongs in a later text
    "place": {
        "carried": _s("ok", _("Went with its provision"), "success"),
        "displaced": _s("apart", _("Lost its place"), "danger"),
        "chosen": _s("check", _("Placed by a person"), "info"),
        "closed": _s("minus", _("No longer applies"), "neutral"),
    },
    # an accepted remark, watched through later texts
    "promise": {
        "open": _s("wait", _("No later text yet"), "neutral"),
        "kept": _s("ok", _("Kept: the wording is in the text"), "success"),
        "changed": _s("pen", _("The provision changed since"), "warning"),
        "not_taken_up": _s("clock", _("Not in the text yet"), "warning"),
        "unplaced": _s("apart", _("Its provision is to be found"), "warning"),
        "lost": _s("no", _("Promise lost"), "danger"),
        "closed": _s("minus", _("No longer applies"), "neutral"),
    },
    # what becomes of an accepted proposal in the next draft
    "merge": {
        "take": _s("ok", _("Take it as it is proposed"), "success"),
        "edit": _s("pen", _("Take it with edits"), "success"),
        "leave": _s("wait", _("Leave it for later"), "neutral"),
        "none": _s("dots", _("Not decided yet"), "neutral"),
        "conflict": _s("apart", _("Several proposals for one provision"), "warning"),
    },
    "remark": {
        "objection": _s("diamond", _("Objection"), "danger"),
        "proposal": _s("plus", _("Proposal"), "neutral"),
        "withdrawn": _s("back", _("Remark withdrawn"), "neutral"),
    },
    "answer": {
        "accepted": _s("ok", _("Accepted"), "success"),
        "partly_accepted": _s("half", _("Partly accepted"), "warning"),
        "rejected": _s("no", _("Rejected"), "danger"),
        "none": _s("wait", _("No answer yet from the state body"), "warning"),
        "unanswered": _s("late", _("Not answered in time"), "danger"),
    },
    "reply": {
        "satisfied": _s("ok", _("Satisfied"), "success"),
        "maintained": _s("diamond", _("Objection maintained"), "danger"),
        "noted": _s("check", _("Noted"), "neutral"),
        "none": _s("wait", _("No reply yet"), "neutral"),
    },
    "point": {
        "settled": _s("ok", _("Settled"), "success"),
        "compromise": _s("half", _("Compromise wording"), "warning"),
        "withdrawn": _s("back", _("Remark withdrawn"), "neutral"),
        "open": _s("apart", _("Left open"), "danger"),
        "to_commission": _s("bolt", _("Passed to the commission"), "danger"),
        "same": _s("same", _("No difference"), "neutral"),
        "none": _s("wait", _("Outcome not recorded yet"), "neutral"),
    },
    "protocol": {
        "agreement": _s("ok", _("Protocol of agreement"), "success"),
        "disagreement": _s("apart", _("Protocol of disagreements"), "danger"),
        "one_sided": _s("half", _("One-sided, refusal recorded"), "warning"),
        "draft": _s("dots", _("Being assembled"), "neutral"),
        "assembling": _s("dots", _("Being assembled"), "neutral"),
        "fixed": _s("pen", _("Being signed"), "info"),
        "being_signed": _s("pen", _("Being signed"), "info"),
        "signed": _s("ok", _("Signed by both sides"), "success"),
        "annulled": _s("x", _("Annulled"), "neutral"),
        "pa": _s("ok", _("Protocol of agreement"), "success"),
        "pd": _s("apart", _("Protocol of disagreements"), "danger"),
        "na": _s("ok", _("Note of agreement"), "success"),
        "ne": _s("silent", _("Note of expiry"), "neutral"),
        "note_of_agreement": _s("ok", _("Note of agreement"), "success"),
        "note_of_expiry": _s("silent", _("Note of expiry"), "neutral"),
    },
    "signature": {
        "signed": _s("ok", _("Signed"), "success"),
        "refused": _s("back", _("Refused to sign"), "warning"),
        "none": _s("wait", _("Not signed yet"), "neutral"),
    },
    "gate": {
        "met": _s("ok", _("Met"), "success"),
        "unmet": _s("diamond", _("Not met"), "danger"),
        "later": _s("wait", _("Opens later"), "neutral"),
        "not_applicable": _s("minus", _("Not applicable"), "neutral"),
        "override": _s("over", _("Admitted against the condition"), "danger"),
    },
    # ReferenceNorm.state
    "norm": {
        "found": _s("wait", _("Awaits your decision"), "warning"),
        "undecided": _s("wait", _("Not decided yet"), "warning"),
        "confirmed": _s("ok", _("Confirmed: a bylaw is needed"), "info"),
        "dismissed": _s("minus", _("Dismissed"), "neutral"),
    },
    # CardFunction
    "function": {
        "no_source": _s("diamond", _("No source of money"), "danger"),
        "lost": _s("late", _("Its provision is not in the text any more"), "warning"),
    },
    # ActPackage: whether it can still change, and what it lacks
    "package": {
        "open": _s("dots", _("Being put together"), "info"),
        "frozen": _s("lock", _("Frozen with the opening of the consultation"), "neutral"),
        "missing": _s("diamond", _("The draft is missing"), "danger"),
    },
    # decisions of those who receive the file
    "decision": {
        "submitted": _s("send", _("Submitted"), "info"),
        "returned": _s("back", _("Returned"), "warning"),
        "adopted": _s("ok", _("Adopted"), "success"),
        "rejected": _s("no", _("Not adopted"), "danger"),
    },
    "certificate": {
        "in_force": _s("seal", _("In force"), "success"),
        "annulled": _s("x", _("Annulled"), "danger"),
        "replaced": _s("archive", _("Replaced"), "neutral"),
    },
    # the verification page
    "verification": {
        "valid": _s("ok", _("Genuine and unchanged"), "success"),
        "registered": _s("ok", _("In the register"), "success"),
        "in_force": _s("ok", _("In force"), "success"),
        "replaced": _s("archive", _("Replaced"), "warning"),
        "annulled": _s("x", _("Annulled"), "danger"),
        "unknown": _s("minus", _("Not in the register"), "neutral"),
        "changed": _s("diamond", _("The file has been changed"), "danger"),
        "invalid": _s("diamond", _("Not genuine"), "danger"),
    },
    "document": {
        "waiting": _s("wait", _("The file is being made"), "neutral"),
        "pending": _s("wait", _("The file is being made"), "neutral"),
        "annulled": _s("x", _("Annulled"), "neutral"),
        "ready": _s("doc", _("Ready"), "success"),
        "failed": _s("late", _("The file could not be made"), "danger"),
        "missing": _s("diamond", _("Missing"), "danger"),
        "present": _s("ok", _("Attached"), "success"),
        "restricted": _s("lock", _("Access restricted for a time"), "warning"),
    },
    "letter": {
        "pending": _s("wait", _("Waiting to be sent"), "neutral"),
        "published": _s("wait", _("Waiting to be sent"), "neutral"),
        "sent": _s("send", _("Sent"), "success"),
        "kept": _s("archive", _("Kept, not sent"), "neutral"),
        "failed": _s("late", _("Not delivered"), "danger"),
        "skipped": _s("minus", _("Skipped"), "neutral"),
        "retried": _s("back", _("Tried, will be tried again"), "warning"),
        "read": _s("eye", _("Read"), "neutral"),
    },
    "job": {
        "pending": _s("wait", _("Waiting"), "neutral"),
        "done": _s("ok", _("Done"), "success"),
        "failed": _s("late", _("Given up"), "danger"),
        "skipped": _s("minus", _("Skipped"), "neutral"),
        "retried": _s("back", _("Tried, will be tried again"), "warning"),
    },
    # parts of the portal, on the administrator's page
    "health": {
        "ok": _s("ok", _("Working"), "success"),
        "silent": _s("late", _("Silent"), "danger"),
        "whole": _s("ok", _("Whole"), "success"),
        "broken": _s("diamond", _("Does not hold together"), "danger"),
        "unchecked": _s("wait", _("Not checked yet"), "neutral"),
    },
    # an opinion that came outside the portal
    "paper": {
        "entering": _s("pen", _("Being entered from paper"), "neutral"),
        "awaiting": _s("wait", _("Paper opinion awaiting confirmation"), "warning"),
        "confirmed": _s("ok", _("Confirmed by the association"), "success"),
        "disputed": _s("apart", _("Disputed by the association"), "danger"),
        "discarded": _s("x", _("Taken back by the receiver"), "neutral"),
        "filed": _s("archive", _("Entered from paper"), "neutral"),
    },
    # the register of outages
    "outage": {
        "suspected": _s("wait", _("Suspected, awaiting a decision"), "warning"),
        "confirmed": _s("ok", _("Outage confirmed"), "info"),
        "refused": _s("minus", _("Outage not confirmed"), "neutral"),
        "planned": _s("clock", _("Planned"), "info"),
        "unplanned": _s("bolt", _("Not planned"), "neutral"),
        "moved": _s("plusclock", _("Moved by an outage"), "info"),
    },
    # people and organisations
    "membership": {
        "active": _s("ok", _("Active"), "success"),
        "invited": _s("send", _("Invited"), "info"),
        "proposed": _s("wait", _("Proposed, awaiting confirmation"), "warning"),
        "ended": _s("minus", _("No longer active"), "neutral"),
    },
    # RoleProposal.state
    "role_proposal": {
        "waiting": _s("wait", _("Awaiting confirmation"), "warning"),
        "confirmed": _s("ok", _("Confirmed"), "success"),
        "refused": _s("no", _("Refused"), "danger"),
        "withdrawn": _s("back", _("Taken back"), "neutral"),
        "expired": _s("clock", _("Not confirmed in time"), "neutral"),
    },
    # Substitution.state
    "substitution": {
        "waiting": _s("wait", _("Awaiting confirmation"), "warning"),
        "coming": _s("cal", _("Has not begun yet"), "info"),
        "in_force": _s("ok", _("In force"), "success"),
        "over": _s("minus", _("Over"), "neutral"),
        "withdrawn": _s("back", _("Ended early"), "neutral"),
        "refused": _s("no", _("Refused"), "danger"),
    },
    # days of the calendar
    "calendar": {
        "seeded": _s("dots", _("Seeded, not yet confirmed"), "neutral"),
        "proposed": _s("wait", _("Proposed, awaiting confirmation"), "warning"),
        "confirmed": _s("ok", _("Confirmed"), "success"),
    },
    # recognition of a text
    "recognition": {
        "waiting": _s("wait", _("Being read"), "info"),
        "ready": _s("ok", _("Recognised"), "success"),
        "doubt": _s("over", _("Doubtful"), "warning"),
        "failed": _s("diamond", _("Not recognised"), "danger"),
        "confirmed": _s("ok", _("Confirmed"), "success"),
    },
}
STATUSES["end"] = {**STATUSES["act"], **STATUSES["certificate"]}
STATUSES["consultation"] = STATUSES["review"] = {
    **STATUSES["opinion"],
    **STATUSES["delivery"],
    **STATUSES["stage"],
}


def get(group: str, code: object) -> Status:
    """The look of a status. A code the table does not know keeps its own word, in a calm tone.

    A missing entry must not take down a page of the law; tests compare the table with the enums instead.
    """
    key = str(getattr(code, "value", code) or "none").lower().replace("-", "_")
    known = STATUSES[group].get(key)
    if known:
        return known
    return Status("dots", getattr(code, "label", None) or key.replace("_", " "), "neutral")
