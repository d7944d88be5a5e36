"""Why something was found, in English; the pages translate these msgids into the reader's language.

No Django here: `gettext_noop` only marks the strings for the collector of translations.
"""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    return message


_ = gettext_noop

#: `rule` of a finding -> msgid.
REASONS: dict[str, str] = {
    "passive": _("The sentence says which body lays down the rule (passive voice)."),
    "active": _("The body is the subject and lays down the rule (active voice)."),
    "participle": _("A participle says which body lays down the rule it belongs to."),
    "bylaw": _("The sentence refers to a bylaw of the body."),
    "noun": _("The laying down of the rule is named as a task of the body."),
    "power": _("A list of powers gives the body the making of the rule."),
    "lsg_body": _("A body of local self-government is named."),
    "lsg_matter": _("Property, money, service or staff of local self-government is named."),
    "budget_movement": _("Money moves between the republican and local budgets, or between local budgets."),
    "powers_handed_over": _("State powers are handed over to local self-government."),
}
