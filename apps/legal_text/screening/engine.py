"""One text in, everything found in it out."""

from __future__ import annotations

from typing import Any

from apps.legal_text import language
from apps.legal_text.screening import budget, found, frames, ky_delegation, lsg, powers, ru_delegation
from apps.legal_text.screening.found import Delegation, Screened
from apps.legal_text.screening.hits import Hit
from apps.legal_text.screening.powers import Lead
from apps.legal_text.screening.tokens import Token, sentences

_GRAMMARS = {
    "ru": (ru_delegation.hits,),
    "ky": (ky_delegation.hits,),
    None: (ru_delegation.hits, ky_delegation.hits),
}


def screen(text: str, lang: str | None) -> Screened:
    """Judge one sentence or list item by its text alone. `lang` "ru" or "ky"; anything else is recognised."""
    return screen_under(text, lang, lead=None)


def screen_under(text: str, lang: str | None, *, lead: Lead | None) -> Screened:
    """The same for an item of a list: its lead line says whose powers the list holds."""
    known = lang if lang in ("ru", "ky") else language.recognise(text)
    delegations = [
        _delegation(text, words, hit, lead)
        for words in sentences(text)
        for hit in _hits(words, known, lead)
        if not _only_spoken_of(text, words, hit, known)
    ]
    proofs = list(lsg.lsg(text, known))
    money = list(budget.between_budgets(text, known))
    handed = list(budget.handed_over(text, known, of_lsg=bool(proofs)))
    if not proofs:
        proofs = [*money, *handed]  # neither is about anybody else
    scores = (
        (found.LABELS[0], max((item.score for item in delegations), default=0.0)),
        (found.LABELS[1], 1.0 if proofs else 0.0),
        (found.LABELS[2], 1.0 if money else 0.0),
        (found.LABELS[3], 1.0 if handed else 0.0),
    )
    return Screened(known, tuple(delegations), tuple(proofs), tuple(money), tuple(handed), scores)


def _hits(words: list[Token], lang: str | None, lead: Lead | None) -> list[Hit]:
    answer = [hit for grammar in _GRAMMARS[lang] for hit in grammar(words)]
    return answer or powers.hits(words, lang, lead)


def _only_spoken_of(text: str, words: list[Token], hit: Hit, lang: str | None) -> bool:
    of = words[0].start
    return frames.speaks_of_bylaws(text[of : words[-1].end], words[hit.first].start - of, hit.rule, lang)


def _delegation(text: str, words: list[Token], hit: Hit, lead: Lead | None) -> Delegation:
    start, end = words[hit.first].start, words[hit.last].end
    of, to = words[hit.object_first].start, words[hit.object_last].end
    named = text[words[hit.body_first].start : words[hit.body_last].end]
    return Delegation(
        start=start,
        end=end,
        phrase=text[start:end],
        authority=hit.authority,
        body=(lead.body if lead else None) if hit.rule == "power" else named,
        object=text[of:to],
        object_start=of,
        object_kind=hit.ruled.kind,
        rule=hit.rule,
        score=hit.score,
    )


def as_dict(screened: Screened) -> dict[str, Any]:
    """The answer of `manage screen_text`, keys in its order."""
    return {
        "reference_norm": screened.reference_norm,
        "authority": screened.authority,
        "phrases": list(screened.phrases),
        "concerns_lsg": screened.concerns_lsg,
        "inter_budget": screened.inter_budget,
        "delegated_powers": screened.delegated_powers,
        "scores": dict(screened.scores),
    }
