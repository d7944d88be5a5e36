"""One text in, everything found in it out."""

from __future__ import annotations

import re
from typing import Any

from apps.legal_text import language
from apps.legal_text.provisions import ReadAct
from apps.legal_text.screening import found
from apps.legal_text.screening.found import Delegation, Evidence, FoundAt, Screened

_BODY = re.compile(r"(?:Кабинет(?:ом|а)?\s+Министров|Правительств(?:ом|а|о)|Министрлер Кабинети\w*|Өкмөт\w*)")
_MAKES = re.compile(
    r"(?:устан[ао]в|определя|определ[её]нн|утвержд)\w+|\w*(?:бекит|аныкт|белгиле)\w+", re.IGNORECASE
)


def screen(text: str, lang: str | None) -> Screened:
    """Judge one sentence or list item. `lang` "ru" or "ky"; None (or another) is recognised from the text."""
    known = lang if lang in ("ru", "ky") else language.recognise(text)
    delegations: list[Delegation] = []
    body, makes = _BODY.search(text), _MAKES.search(text)
    if body and makes:
        start, end = min(body.start(), makes.start()), max(body.end(), makes.end())
        delegations.append(
            Delegation(
                start, end, text[start:end], found.CABINET, body.group(), None, None, None, "passive", 0.5
            )
        )
    lsg = [
        Evidence(m.start(), m.end(), m.group(), "lsg_body")
        for m in re.finditer(r"мест\w+ самоуправлени\w+|жергиликтүү өз алдынча башкаруу\w*", text)
    ]
    scores = ((found.LABELS[0], 0.5 if delegations else 0.0), (found.LABELS[1], 1.0 if lsg else 0.0))
    return Screened(known, tuple(delegations), tuple(lsg), (), (), scores)


def screen_provisions(act: ReadAct) -> tuple[FoundAt, ...]:
    """Every finding in the act, sentence by sentence, in document order."""
    answer: list[FoundAt] = []
    for provision in act.provisions:
        for part, value in (("heading", provision.heading), ("text", provision.text)):
            if not value:
                continue
            screened = screen(value, act.language)
            for item in screened.delegations if part == "text" else ():
                answer.append(
                    FoundAt(provision.eid, part, "reference_norm", item.start, item.end, item.phrase, item.rule,
                            item.score, item)
                )  # fmt: skip
            for proof in screened.lsg_evidence:
                answer.append(
                    FoundAt(provision.eid, part, "concerns_lsg", proof.start, proof.end, proof.phrase, proof.rule, 1.0)
                )  # fmt: skip
    return tuple(answer)


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
