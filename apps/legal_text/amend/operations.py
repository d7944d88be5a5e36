"""What an instruction orders: words exchanged, put in, taken out; a unit worded anew, put in, taken out, repealed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from apps.legal_text.amend import address
from apps.legal_text.amend.address import Address

OPERATORS = (
    "replace_words", "add_words", "remove_words", "reword", "add_unit", "remove_unit", "repeal", "unknown",
)  # fmt: skip

_QUOTE = re.compile(r"[«\"“„]([^\"«»“”„]*)[»\"”“]")
_Q = r"⟦\d+⟧"
_WORDS_RU = r"(?:слов\w*|цифр\w*|числ\w*|знак\w*(?:\s+препинания)?|словосочетани\w+)"
_ADD, _WHERE = r"дополни(?:ть|в)", r"(?P<where>после|перед)"
_OLD, _NEW = rf"(?P<old>{_Q})", rf"(?P<new>{_Q})"
_ADDED_KY = r"менен\s+толукталсын"
_WORDS_KY = r"деген\s+(?:сөз|сан|цифра|белги|тыныш)\w*"
_TITLE_CASE = re.I | re.S

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, _TITLE_CASE))
    for name, pattern in (
        ("replace_words", rf"{_WORDS_RU}\s+{_OLD}[^⟦⟧]{{0,60}}?замени(?:ть|в)\s+(?:на\s+)?(?:{_WORDS_RU}\s+)?{_NEW}"),
        ("add_words", rf"{_WHERE}\s+{_WORDS_RU}\s+{_OLD}\s*,?\s*{_ADD}\s+{_WORDS_RU}\s+{_NEW}"),
        ("add_words", rf"{_ADD}\s+{_WHERE}\s+{_WORDS_RU}\s+{_OLD}\s+{_WORDS_RU}\s+{_NEW}"),
        ("add_words", rf"{_ADD}\s+{_WORDS_RU}\s+{_NEW}"),
        ("remove_words", rf"{_WORDS_RU}\s+(?P<old>{_Q}(?:\s*(?:,|и)\s*{_Q})*)\s*,?\s*исключи(?:ть|в)"),
        ("reword", r"изложи(?:ть|в)\b[^⟦⟧:]{0,40}?редакци\w+"),
        ("add_unit", r"дополни(?:ть|в)\s+(?P<unit>[^⟦⟧:]{3,120}?)(?:\s+следующего\s+содержания|(?=\s*[:.;]|\s*\Z))"),
        ("repeal", r"призна(?:ть|в)\s+утративш\w+\s+силу"),
        ("remove_unit", r"исключи(?:ть|в)\b"),
        ("replace_words", rf"{_OLD}\s+{_WORDS_KY}\s*,?\s*{_NEW}\s+{_WORDS_KY}(?:\s+менен)?\s+алмаштырылсын"),
        ("add_words", rf"{_OLD}\s+{_WORDS_KY}\s+(?P<where>кийин|мурун|мурда)\s*,?\s*{_NEW}\s+{_WORDS_KY}\s+{_ADDED_KY}"),
        ("add_words", rf"{_NEW}\s+{_WORDS_KY}\s+менен\s+толукталсын"),
        ("remove_words", rf"(?P<old>{_Q}(?:\s*(?:,|жана)\s*{_Q})*)\s+{_WORDS_KY}\s+алып\s+(?:салынсын|ташталсын)"),
        ("reword", r"төмөнкү\w*\s+редакцияда\s+(?:баяндалсын|берилсин)|жаңы\s+редакцияда\s+(?:баяндалсын|берилсин)"),
        ("add_unit", r"(?:төмөнкү\w*\s+)?мазмундагы\s+(?P<unit>[^⟦⟧:]{3,120}?)\s+менен\s+толукталсын"),
        ("repeal", r"күчүн\s+жоготту\s+деп\s+(?:таанылсын|эсептелсин)"),
        ("remove_unit", r"алып\s+(?:салынсын|ташталсын)"),
    )
)  # fmt: skip
#: Any of these that no pattern has read makes the instruction one that was not understood.
_ORDER = re.compile(
    r"замени(?:ть|в)|исключи(?:ть|в)|изложи(?:ть|в)|дополни(?:ть|в)|утративш\w+"
    r"|алмаштырылсын|алып\s+(?:салынсын|ташталсын)|толукталсын|баяндалсын|берилсин|жоготту",
    re.I,
)
_EVERYWHERE = re.compile(r"по\s+(?:всему\s+)?тексту|бүткүл\s+текст\w*|тексти?\s+боюнча|текстинде", re.I)
_FORMS = re.compile(r"падеж|жөндөмө|числах\s+и\s+падежах", re.I)


_WHOLE_ACT = Address()


@dataclass(frozen=True, slots=True)
class Operation:
    """One order. `old`: words looked for; `new`: words put in; `unit`: address of a unit put in."""

    operator: str
    address: Address
    old: tuple[str, ...] = ()
    new: str | None = None
    before: bool = False
    unit: Address = _WHOLE_ACT
    everywhere: bool = False
    forms: bool = False
    sentence: bool = False


def masked(text: str) -> tuple[str, dict[str, str]]:
    """The text with every quotation as ⟦n⟧, and what each was."""
    quoted: dict[str, str] = {}

    def mask(match: re.Match[str]) -> str:
        name = f"⟦{len(quoted)}⟧"
        quoted[name] = match[1]
        return name

    return _QUOTE.sub(mask, text.replace("⟦", "[").replace("⟧", "]")), quoted


def read(text: str, context: Address) -> tuple[list[Operation], Address, bool]:
    """(orders of an instruction, the address its units below are said in, whether all of it was understood)."""
    masked_text, quoted = masked(text)
    found: list[Operation] = []
    here, start, understood = context, 0, True
    for operator, match in _matches(masked_text):
        between = masked_text[start : match.start()]
        own = address.read(between, quoted)
        # A unit worded anew is often named after its order: «изложить часть 2 в следующей редакции».
        if operator == "reword" and not own.steps:
            own = address.read(match[0], quoted)
        here = own.within(context) if own.steps else (here if found else context)
        understood = understood and not _ORDER.search(between)
        start = match.end()
        found.append(_operation(operator, match, here, quoted, between))
    rest = masked_text[start:]
    if not found:
        here = address.read(masked_text, quoted).within(context)
    return found, here, understood and not _ORDER.search(rest)


def _matches(text: str) -> list[tuple[str, re.Match[str]]]:
    """Orders from left to right, none inside another; where two begin in one place, the earlier pattern rules."""
    every = [(name, match) for name, pattern in _PATTERNS for match in pattern.finditer(text)]
    taken: list[tuple[str, re.Match[str]]] = []
    for name, match in every:
        if all(match.end() <= other.start() or match.start() >= other.end() for _, other in taken):
            taken.append((name, match))
    return sorted(taken, key=lambda item: item[1].start())


def _operation(
    operator: str,
    match: re.Match[str],
    here: Address,
    quoted: Mapping[str, str],
    between: str,
) -> Operation:
    groups = match.groupdict()
    old = tuple(quoted[mark] for mark in re.findall(_Q, groups.get("old") or ""))
    new = groups.get("new")
    around = f"{between} {match[0]}"
    return Operation(
        operator=operator,
        address=here,
        old=old,
        new=quoted[new] if new else None,
        before=(groups.get("where") or "").lower() in ("перед", "мурун", "мурда"),
        unit=address.read(groups.get("unit") or "", quoted),
        everywhere=bool(_EVERYWHERE.search(around)),
        forms=bool(_FORMS.search(around)),
        sentence=address.names_sentence(between) or address.names_sentence(groups.get("unit") or ""),
    )
