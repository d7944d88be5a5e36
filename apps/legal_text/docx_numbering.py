"""Numbers that Word computes for automatic lists: they are part of the text a reader sees, not of the paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    pattern: str
    start: int


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has come."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    styles: dict[str, tuple[str | None, int | None, str | None]] = field(default_factory=dict)
    counters: dict[str, dict[int, int]] = field(default_factory=dict)
    started: set[tuple[str, int]] = field(default_factory=set)

    def label(self, paragraph: etree._Element) -> tuple[str, bool]:
        """(the number printed before this paragraph or "", whether it is sure)."""
        list_id, depth = self._of(paragraph)
        if not list_id or list_id == "0":
            return "", True
        abstract = self.lists.get(list_id)
        level = self.levels.get(abstract or "", {}).get(depth)
        if abstract is None or level is None:
            return "", False
        counters = self.counters.setdefault(abstract, {})
        restart = self.starts.get((list_id, depth))
        if restart is not None and (list_id, depth) not in self.started:
            counters[depth] = restart
        else:
            counters[depth] = counters.get(depth, level.start - 1) + 1
        self.started.add((list_id, depth))
        for deeper in [known for known in counters if known > depth]:
            del counters[deeper]
        if level.form == "bullet":
            return "-", True
        if level.form == "none":
            return level.pattern if "%" not in level.pattern else "", True
        return self._printed(abstract, level, counters)

    def _printed(self, abstract: str, level: _Level, counters: dict[int, int]) -> tuple[str, bool]:
        sure = True

        def number(match: re.Match[str]) -> str:
            nonlocal sure
            depth = int(match.group(1)) - 1
            of = self.levels[abstract].get(depth)
            value = counters.get(depth, of.start if of else 1)
            printed = printed_form(value, of.form if of else "decimal")
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
        for _ in range(12):
            if name is None or name not in self.styles or (list_id is not None and depth is not None):
                break
            style_list, style_depth, name = self.styles[name]
            list_id = list_id if list_id is not None else style_list
            depth = depth if depth is not None else style_depth
        return list_id, depth or 0


def load(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """The numbering of a document from its parts; both may be absent."""
    found = Numbering()
    if numbering is not None:
        for abstract in numbering.iterfind(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId", "")
            found.levels[name] = {
                _int(level.get(f"{W}ilvl"), 0): _Level(
                    form=_val(level, "numFmt") or "decimal",
                    pattern=_val(level, "lvlText") or "",
                    start=_int(_val(level, "start"), 1),
                )
                for level in abstract.iterfind(f"{W}lvl")
            }
        for num in numbering.iterfind(f"{W}num"):
            list_id = num.get(f"{W}numId", "")
            found.lists[list_id] = _val(num, "abstractNumId") or ""
            for override in num.iterfind(f"{W}lvlOverride"):
                start = _val(override, "startOverride")
                if start is not None:
                    found.starts[(list_id, _int(override.get(f"{W}ilvl"), 0))] = _int(start, 1)
    if styles is not None:
        for style in styles.iterfind(f"{W}style"):
            properties = style.find(f"{W}pPr")
            list_id, depth = _list_of(properties) if properties is not None else (None, None)
            found.styles[style.get(f"{W}styleId", "")] = (list_id, depth, _val(style, "basedOn"))
    return found


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
    alphabet = {"Letter": _LATIN, "Russian": _RUSSIAN}.get(
        "Letter" if form.endswith("Letter") else form[:7].title()
    )
    if alphabet and 1 <= value <= len(alphabet):
        letter = alphabet[value - 1]
        return letter.upper() if form.startswith("upper") or form.endswith("Upper") else letter
    return None
