"""The styles of a Word document as far as they are part of what a reader sees: headings, raised and hidden letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: Chains of styles longer than this (or in a circle) are not followed further.
_DEEPEST = 12
_HEADING_NAME = re.compile(r"(?:heading|заголовок)\s*([1-9])\Z", re.I)
_BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str | None
    level: int | None
    raised: bool | None
    hidden: bool | None


@dataclass(slots=True)
class Styles:
    """Answers what a paragraph or a run is, by itself or by its style."""

    known: dict[str, _Style] = field(default_factory=dict)

    @classmethod
    def of(cls, root: etree._Element | None) -> Styles:
        found = cls()
        if root is not None:
            for style in root.iterfind(f"{W}style"):
                found.known[style.get(f"{W}styleId", "")] = _Style(
                    value(style, "basedOn"), _level(style), _raised(style), _hidden(style)
                )
        return found

    def heading_level(self, paragraph: etree._Element) -> int:
        """1 to 9 for a heading, 0 for other paragraphs."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return 0
        own = value(properties, "outlineLvl")
        level = _outline(own) if own is not None else self._inherited(value(properties, "pStyle"), "level")
        return level if isinstance(level, int) and level <= _BODY_LEVEL else 0

    def is_raised(self, run: etree._Element) -> bool:
        return bool(self._of_run(run, _raised(run), "raised"))

    def is_hidden(self, run: etree._Element) -> bool:
        return bool(self._of_run(run, _hidden(run), "hidden"))

    def _of_run(self, run: etree._Element, own: bool | None, what: str) -> bool | int | None:
        if own is not None:
            return own
        properties = run.find(f"{W}rPr")
        return self._inherited(value(properties, "rStyle"), what) if properties is not None else None

    def _inherited(self, name: str | None, what: str) -> bool | int | None:
        for _ in range(_DEEPEST):
            style = self.known.get(name or "")
            if style is None:
                return None
            found: bool | int | None = getattr(style, what)
            if found is not None:
                return found
            name = style.based_on
        return None


def value(element: etree._Element, name: str) -> str | None:
    """The value of a property that is a child of `element`."""
    child = element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def is_on(element: etree._Element | None) -> bool | None:
    """A switch: present means on unless it says otherwise; None where it is absent."""
    return None if element is None else element.get(f"{W}val", "true") not in ("0", "false", "off")


def _level(style: etree._Element) -> int | None:
    own = value(style, "pPr/" + f"{W}outlineLvl")
    if own is not None:
        return _outline(own)
    named = _HEADING_NAME.match(value(style, "name") or "")
    return int(named[1]) if named else None


def _outline(printed: str) -> int:
    return int(printed) + 1 if printed.isdecimal() and len(printed) < 3 else _BODY_LEVEL + 1


def _raised(holder: etree._Element) -> bool | None:
    properties = holder.find(f"{W}rPr")
    if properties is None:
        return None
    alignment, position = value(properties, "vertAlign"), value(properties, "position")
    if alignment is not None:
        return alignment == "superscript"
    if position is not None and re.fullmatch(r"-?\d{1,4}", position):
        return int(position) > 2  # half-points above the line
    return None


def _hidden(holder: etree._Element) -> bool | None:
    return is_on(holder.find(f"{W}rPr/{W}vanish"))
