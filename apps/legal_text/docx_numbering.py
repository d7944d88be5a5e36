"""Numbers that Word computes for automatic lists: they are part of the text a reader sees, not of the paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from apps.legal_text.docx_styles import W, is_on

_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
_MOST_ROUNDS = 4
_DEEPEST = 8  # Word's lists have nine levels
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    """`restart`: the level from which on a number above begins it anew: None for any, 0 for never (Word's lvlRestart).

    `decimal`: all its numbers are printed in digits, whatever the form of their levels.
    """

    form: str
    pattern: str
    start: int
    restart: int | None = None
    decimal: bool = False


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has come."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    own_levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    style_levels: dict[tuple[str, str], int] = field(default_factory=dict)
    styles: dict[str, tuple[str | None, int | None, str | None]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    started: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: etree._Element) -> tuple[str, bool]:
        """(the number printed before this paragraph or "", whether it is sure)."""
        list_id, depth = self._of(paragraph)
        if not list_id or list_id == "0":
            return "", True
        abstract = self.lists.get(list_id)
        level = self._level(list_id, depth)
        if abstract is None or level is None:
            return "", False
        counters = self.counters.setdefault(abstract, {})
        start = self.starts.get((list_id, depth))
        if depth not in counters or (start is not None and (list_id, depth) not in self.started):
            counters[depth] = level.start if start is None else start
        else:
            counters[depth] += 1
        self.started.add((list_id, depth))
        for deeper in [known for known in counters if known > depth]:
            below = self._level(list_id, deeper)
            if below is None or below.restart is None or depth < below.restart:
                del counters[deeper]
        if level.form == "bullet":
            return "-", True
        if level.form == "none":
            return re.sub(r"%[1-9]", "", level.pattern), True
        return self._printed(list_id, level, counters)

    def _level(self, list_id: str, depth: int) -> _Level | None:
        """A level of a list: its own definition, else that of the list it is made after."""
        return self.own_levels.get((list_id, depth)) or self.levels.get(self.lists.get(list_id, ""), {}).get(
            depth
        )

    def _printed(self, list_id: str, level: _Level, counters: dict[int, int]) -> tuple[str, bool]:
        sure = True

        def number(match: re.Match[str]) -> str:
            nonlocal sure
            depth = int(match.group(1)) - 1
            of = self._level(list_id, depth)
            value = counters.get(depth, of.start if of else 1)
            form = "decimal" if of is None or level.decimal else of.form
            printed = printed_form(value, form)
            sure = sure and printed is not None
            return printed or ""

        label = re.sub(r"%([1-9])", number, level.pattern)
        return (label, True) if sure else ("", False)

    def _of(self, paragraph: etree._Element) -> tuple[str | None, int]:
        """List and depth of a paragraph: its own, else its style's."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None, 0
        list_id, depth = _list_of(properties)
        style = properties.find(f"{W}pStyle")
        name = style.get(f"{W}val") if style is not None else None
        named = name
        for _ in range(12):
            if name is None or name not in self.styles or (list_id is not None and depth is not None):
                break
            style_list, style_depth, name = self.styles[name]
            list_id = list_id if list_id is not None else style_list
            depth = depth if depth is not None else style_depth
        if depth is None and list_id is not None and named is not None:
            depth = self.style_levels.get((self.lists.get(list_id, ""), named))
        return list_id, min(depth or 0, _DEEPEST)


def load(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """The numbering of a document from its parts; both may be absent."""
    found = Numbering()
    if numbering is not None:
        for abstract in numbering.iterfind(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId", "")
            found.levels[name] = {
                _int(level.get(f"{W}ilvl"), 0): _read_level(level) for level in abstract.iterfind(f"{W}lvl")
            }
            for level in abstract.iterfind(f"{W}lvl"):
                if linked := _val(level, "pStyle"):
                    found.style_levels[(name, linked)] = _int(level.get(f"{W}ilvl"), 0)
        same = _linked(numbering)
        for num in numbering.iterfind(f"{W}num"):
            list_id = num.get(f"{W}numId", "")
            made_after = _val(num, "abstractNumId") or ""
            found.lists[list_id] = same.get(made_after, made_after)
            for override in num.iterfind(f"{W}lvlOverride"):
                at = _int(override.get(f"{W}ilvl"), 0)
                start = _val(override, "startOverride")
                if start is not None:
                    found.starts[(list_id, at)] = _int(start, 1)
                own = override.find(f"{W}lvl")
                if own is not None:
                    found.own_levels[(list_id, at)] = _read_level(own)
    if styles is not None:
        for style in styles.iterfind(f"{W}style"):
            properties = style.find(f"{W}pPr")
            list_id, depth = _list_of(properties) if properties is not None else (None, None)
            found.styles[style.get(f"{W}styleId", "")] = (list_id, depth, _val(style, "basedOn"))
    return found


def _read_level(level: etree._Element) -> _Level:
    form = _val(level, "numFmt")
    if form is None:  # Word writes forms of its own twice, the second time for older readers
        fallback = next(level.iter(f"{W}numFmt"), None)
        form = fallback.get(f"{W}val") if fallback is not None else "decimal"
    restart = _val(level, "lvlRestart")
    return _Level(
        form=form or "decimal",
        pattern=_val(level, "lvlText") or "",
        start=_int(_val(level, "start"), 1),
        restart=None if restart is None else _int(restart, 0),
        decimal=bool(is_on(level.find(f"{W}isLgl"))),
    )


def _linked(numbering: etree._Element) -> dict[str, str]:
    """Lists that only name a style -> the list that defines that style."""
    defined: dict[str, str] = {}
    naming: dict[str, str] = {}
    for abstract in numbering.iterfind(f"{W}abstractNum"):
        name = abstract.get(f"{W}abstractNumId", "")
        if style := _val(abstract, "styleLink"):
            defined[style] = name
        if style := _val(abstract, "numStyleLink"):
            naming[name] = style
    return {name: defined[style] for name, style in naming.items() if style in defined}


def _list_of(properties: etree._Element) -> tuple[str | None, int | None]:
    numbered = properties.find(f"{W}numPr")
    if numbered is None:
        return None, None
    depth = _val(numbered, "ilvl")
    return _val(numbered, "numId"), None if depth is None else _int(depth, 0)


def _val(element: etree._Element, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def _int(value: str | None, otherwise: int) -> int:
    return int(value) if value is not None and re.fullmatch(r"\d{1,6}", value) else otherwise


def printed_form(value: int, form: str) -> str | None:
    """A list number in Word's form, None for one that is not known here."""
    if form == "decimal":
        return str(value)
    if form == "decimalZero":
        return f"{value:02d}"
    if form in ("upperRoman", "lowerRoman"):
        roman = ""
        for size, letters in _ROMAN:
            while value >= size and len(roman) < 20:
                roman += letters
                value -= size
        return roman if form == "upperRoman" else roman.lower()
    if form == "decimalEnclosedParen":
        return f"({value})"
    alphabet = {"Letter": _LATIN, "Russian": _RUSSIAN}.get(
        "Letter" if form.endswith("Letter") else form[:7].title()
    )
    if alphabet and 1 <= value <= _MOST_ROUNDS * len(alphabet):
        rounds, at = divmod(value - 1, len(alphabet))
        letter = alphabet[at] * (rounds + 1)  # after «я» comes «аа»
        return letter.upper() if form.startswith("upper") or form.endswith("Upper") else letter
    return None
