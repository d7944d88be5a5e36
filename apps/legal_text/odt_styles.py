"""The styles of an ODT as far as they are part of what a reader sees: raised digits, and the numbers of lists."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from apps.legal_text import docx_numbering
from apps.legal_text.odt_package import STYLE, TEXT

_NUMBER = f"{TEXT}list-level-style-number"
_BULLETS = (f"{TEXT}list-level-style-bullet", f"{TEXT}list-level-style-image")
_OUTLINE = f"{TEXT}outline-level-style"
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LETTERS = {"а, б": "russianLower", "А, Б": "russianUpper", "а, ": "russianLower", "А, ": "russianUpper"}
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: the form of its number, what is printed around it, how many levels it shows."""

    form: str
    prefix: str = ""
    suffix: str = ""
    start: int = 1
    shown: int = 1


@dataclass(slots=True)
class Styles:
    """Of a whole document: lists by name and depth (from 0), which paragraph styles carry one, which styles raise."""

    lists: dict[str, dict[int, Level]] = field(default_factory=dict)
    outline: dict[int, Level] = field(default_factory=dict)
    list_of: dict[str, str] = field(default_factory=dict)
    position: dict[str, bool] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, *roots: etree._Element) -> Styles:
        found = cls()
        for root in roots:
            for style in root.iter(f"{TEXT}list-style"):
                found.lists[style.get(f"{STYLE}name", "")] = _levels(style)
            for style in root.iter(f"{TEXT}outline-style"):
                found.outline = _levels(style)
            for style in root.iter(f"{STYLE}style"):
                found._style(style)
        return found

    def _style(self, style: etree._Element) -> None:
        name = style.get(f"{STYLE}name", "")
        if parent := style.get(f"{STYLE}parent-style-name"):
            self.parents[name] = parent
        if style.get(f"{STYLE}list-style-name"):
            self.list_of[name] = style.get(f"{STYLE}list-style-name", "")
        for properties in style.iter(f"{STYLE}text-properties"):
            where = properties.get(f"{STYLE}text-position")
            if where:
                self.position[name] = _is_raised(where)

    def raises(self, name: str, otherwise: bool) -> bool:
        """Whether text in this style stands raised; `otherwise` where neither it nor its parents say."""
        for _ in range(_DEEPEST):
            if name in self.position:
                return self.position[name]
            if name not in self.parents:
                break
            name = self.parents[name]
        return otherwise

    def list_for(self, paragraph_style: str) -> str:
        for _ in range(_DEEPEST):
            if paragraph_style in self.list_of or paragraph_style not in self.parents:
                break
            paragraph_style = self.parents[paragraph_style]
        return self.list_of.get(paragraph_style, "")


def _is_raised(position: str) -> bool:
    """The value of text-position: «super 58%», «33% 58%», «0% 100%»."""
    first = position.split()[0]
    if first in ("super", "sub"):
        return first == "super"
    try:
        return float(first.rstrip("%")) > 0
    except ValueError:
        return False


def _levels(style: etree._Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for level in style:
        depth = number(level.get(f"{TEXT}level"), 1) - 1
        if level.tag in _BULLETS:
            found[depth] = Level("bullet")
        elif level.tag in (_NUMBER, _OUTLINE):
            form = level.get(f"{STYLE}num-format", "")
            found[depth] = Level(
                form=_FORMS.get(form)
                or _LETTERS.get(form[:4])
                or _LETTERS.get(form[:3])
                or form
                and "?"
                or "",
                prefix=level.get(f"{STYLE}num-prefix", ""),
                suffix=level.get(f"{STYLE}num-suffix", ""),
                start=number(level.get(f"{TEXT}start-value"), 1),
                shown=number(level.get(f"{TEXT}display-levels"), 1),
            )
    return found


def number(value: str | None, otherwise: int) -> int:
    return int(value) if value is not None and value.isdecimal() and len(value) < 7 else otherwise


def printed(levels: dict[int, Level], counters: dict[int, int], depth: int) -> tuple[str, bool]:
    """(what is printed before an item, whether that is sure). Counters hold the value of each level above and here."""
    level = levels.get(depth)
    if level is None:
        return "", False
    if level.form == "bullet":
        return "-", True
    if not level.form:
        return f"{level.prefix}{level.suffix}".strip(), True
    parts: list[str] = []
    for shown in range(max(0, depth - level.shown + 1), depth + 1):
        at = levels.get(shown)
        if at is None or not at.form or at.form == "bullet":
            continue
        value = docx_numbering.printed_form(counters.get(shown, at.start), at.form)
        if value is None:
            return "", False
        parts.append(value)
    return f"{level.prefix}{'.'.join(parts)}{level.suffix}".strip(), True
