"""The scope statement: what the signatory states, checked against the evidence and signed with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from apps.accounts.models import User
from apps.core.errors import InvalidInput
from apps.core.typed import clean_text
from apps.documents.canonical import canonical_bytes, sha256_hex
from apps.draft_acts import contents, evidence, functions
from apps.draft_acts.models import DraftAct, DraftActVersion, ScopeStatement

LONGEST = 4000  # of a typed reason

UNANSWERED = {
    "concerns_lsg": _("Say whether the act touches local self-government."),
    "inter_budget": _("Say whether the act touches inter-budget relations."),
    "delegated_powers": _("Say whether the act touches delegated state powers."),
}
AGAINST_EVIDENCE = {
    "concerns_lsg": ngettext_lazy(
        "The portal found words about local self-government in %(count)s provision. A “no” needs its reason.",
        "The portal found words about local self-government in %(count)s provisions. A “no” needs its reason.",
        "count",
    ),
    "inter_budget": ngettext_lazy(
        "The portal found words about inter-budget relations in %(count)s provision. A “no” needs its reason.",
        "The portal found words about inter-budget relations in %(count)s provisions. A “no” needs its reason.",
        "count",
    ),
    "delegated_powers": ngettext_lazy(
        "The portal found words about delegated state powers in %(count)s provision. A “no” needs its reason.",
        "The portal found words about delegated state powers in %(count)s provisions. A “no” needs its reason.",
        "count",
    ),
}


@dataclass(frozen=True)
class Scope:
    """What the signatory states: whether and where the act touches local self-government, money and powers."""

    touches_lsg: bool
    where: str
    reason: str
    touches_inter_budget: bool
    reason_inter_budget: str
    touches_delegated_powers: bool
    reason_delegated_powers: str
    function_without_money: bool


def stated(scope: Mapping[str, Any], version: DraftActVersion, found: evidence.Evidence | None) -> Scope:
    """What was typed, checked: a "no" against the evidence needs a reason. Raises InvalidInput by field."""
    problems: dict[str, list[Any]] = {}
    answers: dict[str, Any] = {"where": clean_text(str(scope.get("where") or ""))}
    many = evidence.counts(found)
    for topic, (answer, reason, _count) in evidence.ANSWERS.items():
        said = scope.get(answer)
        words = clean_text(str(scope.get(reason) or ""))
        if not isinstance(said, bool):
            problems[answer] = [UNANSWERED[topic]]
        elif not said and not words and many[topic]:
            problems[reason] = [AGAINST_EVIDENCE[topic] % {"count": many[topic]}]
        elif not said and not words and topic == "concerns_lsg":
            problems[reason] = [_("Give the reason, at least one sentence. Everyone will read it.")]
        answers[answer], answers[reason] = said, words
    if answers["touches_lsg"] is True and not answers["where"]:
        problems["where"] = [_("Say where: name the articles or describe the matter in a sentence.")]
    for name, text in answers.items():
        if isinstance(text, str) and len(text) > LONGEST:
            problems[name] = [_("At most %(limit)s characters fit here.") % {"limit": LONGEST}]
    if problems:
        raise InvalidInput(fields=problems)
    result = Scope(function_without_money=scope.get("function_without_money") is True, **answers)
    _as_the_card_says(result, version)
    return result


def _as_the_card_says(scope: Scope, version: DraftActVersion) -> None:
    """The tick decides what silence means: it cannot contradict the function card."""
    if scope.touches_lsg and not scope.function_without_money and functions.card(version).without_source:
        message = _("The function card names a function without a source of money, so this is ticked.")
        raise InvalidInput(fields={"function_without_money": [message]})


def sign(
    act: DraftAct,
    version: DraftActVersion,
    scope: Scope,
    found: evidence.Evidence | None,
    *,
    actor: User,
    at: datetime,
) -> ScopeStatement:
    """Keep the statement with its evidence and the hash of both. The act has its number, the version is frozen."""
    canonical = canonical_bytes(contents.of_scope(act, version, vars(scope), found, at=at))
    many = evidence.counts(found)
    return ScopeStatement.objects.create(
        act=act,
        signed_by=actor,
        signed_at=at,
        evidence=found,
        canonical=canonical.decode(),
        hash=sha256_hex(canonical),
        **{count: many[topic] for topic, (_answer, _reason, count) in evidence.ANSWERS.items()},
        **vars(scope),
    )
