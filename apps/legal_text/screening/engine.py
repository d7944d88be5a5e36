"""One text in, everything found in it out."""

from __future__ import annotations

from typing import Any

from apps.legal_text import language
from apps.legal_text.screening import budget, found, ky_delegation, lsg, ru_delegation
from apps.legal_text.screening.found import Delegation, Screened
from apps.legal_text.screening.hits import Hit
from apps.legal_text.screening.tokens import Token, sentences

_GRAMMARS = {
    "ru": (ru_delegation.hits,),
    "ky": (ky_delegation.hits,),
    None: (ru_delegation.hits, ky_delegation.hits),
}


def screen(text: str, lang: str | None) -> Screened:
    """Judge one sentence or list item. `lang` "ru" or "ky"; None (or another) is recognised from the text."""
    known = lang if lang in ("ru", "ky") else language.recognise(text)
    delegations: list[Delegation] = []
    proofs = list(lsg.lsg(text, known))
    money = list(budget.between_budgets(text, known))
    powers = list(budget.handed_over(text, known, of_lsg=bool(proofs)))
    if not proofs:
        proofs = [*money, *powers]  # neither is about anybody else
    for words in sentences(text):
        for grammar in _GRAMMARS[known]:
            delegations += [_delegation(text, words, hit) for hit in grammar(words)]
    scores = (
        (found.LABELS[0], max((item.score for item in delegations), default=0.0)),
        (found.LABELS[1], 1.0 if proofs else 0.0),
        (found.LABELS[2], 1.0 if money else 0.0),
        (found.LABELS[3], 1.0 if powers else 0.0),
    )
    return Screened(known, tuple(delegations), tuple(proofs), tuple(money), tuple(powers), scores)


def _delegation(text: str, words: list[Token], hit: Hit) -> Delegation:
    start, end = words[hit.first].start, words[hit.last].end
    target = _object(text, words, hit)
    return Delegation(
        start,
        end,
        text[start:end],
        hit.authority,
        None if hit.rule == "power" else text[words[hit.body_first].start : words[hit.body_last].end],
        text[target[0] : target[1]] if target else None,
        target[0] if target else None,
        hit.ruled.kind,
        hit.rule,
        hit.score,
    )


def _object(text: str, words: list[Token], hit: Hit) -> tuple[int, int] | None:
    """From the rule's noun to the verb or the body, whichever comes first behind it."""
    first = hit.ruled.first
    ends = [place for place in (hit.verb, hit.body_first) if place > first]
    last = min(ends) - 1 if ends else min(len(words) - 1, first + 40)
    while last > first and not words[last].is_word and not words[last].text.isdigit():
        last -= 1
    return words[first].start, words[max(first, last)].end


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
