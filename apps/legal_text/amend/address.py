"""Addresses in the language of amending acts: «в абзаце втором части 2 статьи 6», «8-берененин 1-бөлүгүнүн 3-пункту».

An address is a list of steps from the outer unit to the inner one; a step may name several units of a kind.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.legal_text import numbers
from apps.legal_text.compare.side import Side

_SUP = numbers.SUPERSCRIPTS
_NUMBER = rf"\d{{1,4}}(?:[-–‑]\d{{1,3}})*[{_SUP}]*"
_NUMBERS = rf"{_NUMBER}(?:(?:\s*,\s*|\s+(?:и|жана)\s+){_NUMBER})*"
_MARKED = r"⟦\d+⟧"
_LETTERS = rf"(?:{_MARKED}|[а-яёөүң]\))(?:(?:\s*,\s*|\s+(?:и|жана)\s+)(?:{_MARKED}|[а-яёөүң]\)))*"
_ORDINAL = (
    r"(?:перв|втор|трет|четв[её]рт|пят|шест|седьм|восьм|девят|десят"
    r"|биринчи|экинчи|үчүнчү|төртүнчү|бешинчи|алтынчы|жетинчи|сегизинчи|тогузунчу|онунчу)\w*"
)
_ORDINALS = rf"{_ORDINAL}(?:(?:\s*,\s*|\s+(?:и|жана)\s+){_ORDINAL})*"

LEVELS = {
    "annex": 0, "section": 1, "chapter": 2, "article": 3, "note": 4, "paragraph": 5, "point": 6, "subpoint": 7,
    "indent": 8, "heading": 9,
}  # fmt: skip
#: What the reader calls a unit that acts name so: a point of a resolution may stand under a point.
_KINDS = {
    "paragraph": ("paragraph",), "point": ("point", "subpoint"), "subpoint": ("subpoint", "point"),
}  # fmt: skip

_RU_WORDS = (
    ("subpoint", r"подпункт\w*"), ("point", r"пункт(?!ча)\w*"), ("paragraph", r"част(?:ь|и|ью|ей|ях|ям|ями)"),
    ("article", r"(?:стать|стате)\w*"), ("chapter", r"глав\w*"), ("section", r"раздел\w*"),
    ("annex", r"приложени\w+"), ("indent", r"абзац\w*"),
)  # fmt: skip
_KY_WORDS = (
    ("subpoint", r"пунктча\w*"), ("point", r"пункт(?!ча)\w*"), ("paragraph", r"бөлү[кг]\w*"), ("article", r"берене\w*"),
    ("chapter", r"глава\w*"), ("section", r"бөлүм\w*"), ("annex", r"тиркеме\w*"), ("indent", r"абзац\w*"),
)  # fmt: skip
_HEADING = re.compile(r"(?:наименовани|названи|заголовк)\w*\s|аталыш\w*", re.I)
_NOTE = re.compile(r"примечани\w+|эскертүү\w*", re.I)
_APPROVED = re.compile(r"утвержд[её]нн\w+|бекитилген", re.I)
_SENTENCE = re.compile(r"предложени\w+|сүйлөм\w*", re.I)


@dataclass(frozen=True, slots=True)
class Step:
    """Units of one kind; no numbers where the act has but one («примечание», the annex a resolution approves)."""

    kind: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """Steps from the outer unit to the inner one; empty means the whole act."""

    steps: tuple[Step, ...] = ()

    def within(self, outer: Address) -> Address:
        """This address where it is said inside `outer`: what `outer` says of outer units holds on."""
        if not self.steps:
            return outer
        top = LEVELS[self.steps[0].kind]
        return Address((*(step for step in outer.steps if LEVELS[step.kind] < top), *self.steps))

    @property
    def is_heading(self) -> bool:
        return bool(self.steps) and self.steps[-1].kind == "heading"


def names_sentence(text: str) -> bool:
    """A sentence is addressed: where one ends is not for a machine to say."""
    return bool(_SENTENCE.search(text))


def read(text: str, quoted: Mapping[str, str]) -> Address:
    """The address in a piece of an instruction whose quotations are masked (`quoted`: mask -> words)."""
    text = re.sub(r"\([^()]*\)", " ", text)
    found: dict[str, tuple[str, ...]] = {}
    for kind, value in itertools.chain(_russian(text, quoted), _kyrgyz(text, quoted)):
        found[kind] = (*found.get(kind, ()), *(v for v in value if v not in found.get(kind, ())))
    if _NOTE.search(text):
        found.setdefault("note", ())
    if _HEADING.search(text):
        found["heading"] = ()
    if "annex" not in found and _APPROVED.search(text):
        found["annex"] = ()
    return Address(
        tuple(Step(kind, value) for kind, value in sorted(found.items(), key=lambda item: LEVELS[item[0]]))
    )


def _russian(text: str, quoted: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for kind, word in _RU_WORDS:
        after = rf"\s+(?P<n>{_NUMBERS})(?![\w-])|\s+(?P<l>{_LETTERS})|\s+(?P<after>{_ORDINALS})"
        pattern = rf"(?<!\w)(?:(?P<before>{_ORDINALS})\s+)?{word}(?!\w)(?:{after})?"
        for match in re.finditer(pattern, text, re.I):
            values = _values(match["n"], match["l"], match["after"] or match["before"], quoted)
            if values or (kind == "annex" and match[0].lower().startswith("приложени")):
                yield kind, values


def _kyrgyz(text: str, quoted: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for kind, word in _KY_WORDS:
        pattern = rf"(?<![\w-])(?:(?P<n>{_NUMBERS})\s?[-–‑]\s?|(?P<l>{_LETTERS})\s+|(?P<o>{_ORDINALS})\s+){word}(?!\w)"
        for match in re.finditer(pattern, text, re.I):
            yield kind, _values(match["n"], match["l"], match["o"], quoted)


def _values(
    numbered: str | None, lettered: str | None, ordinals: str | None, quoted: Mapping[str, str]
) -> tuple[str, ...]:
    if numbered:
        return tuple(numbers.normalise(n) for n in re.findall(_NUMBER, numbered))
    if lettered:
        letters = [quoted.get(m, m[0]) for m in re.findall(rf"{_MARKED}|[а-яёөүң]\)", lettered, re.I)]
        return tuple(numbers.letter(value) for value in letters if value and len(value) <= 2)
    if ordinals:
        words = re.findall(_ORDINAL, ordinals, re.I)
        return tuple(
            str(next(n for stem, n in numbers.ORDINALS.items() if word.upper().startswith(stem)))
            for word in words
            if any(word.upper().startswith(stem) for stem in numbers.ORDINALS)
        )
    return ()


# --- finding what is addressed


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of the amended text; `own` means its own words without those below it («абзац первый», a heading)."""

    eid: str | None
    own: bool = False


def find(address: Address, act: Side) -> list[Place] | None:
    """Every unit the address names, in its order; None when one of them is not there, or cannot be told."""
    places = [Place(None)]
    for step in address.steps:
        following: list[Place] = []
        for place in places:
            found = _step(step, place, act)
            if found is None:
                return None
            following += found
        places = following
    return places


def _step(step: Step, place: Place, act: Side) -> list[Place] | None:
    if step.kind == "heading":
        return [Place(place.eid, own=True)] if place.eid is not None else None
    if step.kind == "indent":
        return _indents(step.numbers, place, act)
    here = act.below[place.eid] if place.eid is not None else _outside(act)
    kinds = _KINDS.get(step.kind, (step.kind,))
    if step.kind == "annex" and not any(act.kind(eid) == "annex" for eid in here) and not step.numbers:
        return [place]  # what is approved was given by itself
    if not step.numbers:
        single = [eid for eid in here if act.kind(eid) in kinds]
        return [Place(single[0])] if len(single) == 1 else None
    found: list[Place] = []
    for number in step.numbers:
        units = _numbered(number, here, kinds, act, place)
        if units is None:
            return None
        found += [Place(eid) for eid in units]
    return found


def _outside(act: Side) -> list[str]:
    """Units of the act itself: not those inside its annexes, nor what it quotes."""
    closed = {"annex", "quoted"}
    return [eid for eid in act.order if not any(act.kind(above) in closed for above in act.ancestors(eid))]


def _numbered(
    number: str, here: Sequence[str], kinds: Sequence[str], act: Side, place: Place
) -> list[str] | None:
    for kind in kinds:
        units = [eid for eid in here if act.kind(eid) == kind and act.by_eid[eid].number == number]
        nearest = [eid for eid in units if place.eid is None or act.by_eid[eid].parent == place.eid] or units
        if len(nearest) == 1:
            return nearest
        if len(nearest) > 1:
            return None
    first, _, last = number.partition("-")
    if last.isdigit() and int(last) > int(first):  # «пункты 26-29»: no such number, so it is a range
        between: list[str] = []
        for n in range(int(first), min(int(last), int(first) + 200) + 1):
            unit = _numbered(str(n), here, kinds, act, place)
            if unit is None:
                return None
            between += unit
        return between
    return None


def _indents(wanted: Sequence[str], place: Place, act: Side) -> list[Place] | None:
    if place.eid is None or not wanted:
        return None
    found: list[Place] = []
    for number in wanted:
        eid = f"{place.eid}__al_{number}"
        if eid in act.by_eid:
            found.append(Place(eid))
        elif number == "1" and act.by_eid[place.eid].text:
            found.append(Place(place.eid, own=True))
        else:
            return None
    return found
