"""What reading an act gives: frozen dataclasses, and their form as JSON.

The shapes are those of `manage read_act`: a provision's `text` is its own, without label, heading and children,
and label, heading and text of all provisions joined in order give the whole act back but for white space.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

#: Stored beside every reading, so that a later parser's result is never mistaken for an earlier one's.
PARSER_VERSION = "2"

ACT_KINDS = (
    "constitutional_law",
    "code",
    "law",
    "presidential_decree",
    "parliament_resolution",
    "cabinet_resolution",
    "cabinet_order",
    "ministry_order",
    "national_bank_resolution",
    "kenesh_resolution",
    "lsg_order",
    "state_administration_decision",
    "other_decision",
)

PROVISION_KINDS = (
    "part",
    "section",
    "chapter",
    "article",
    "paragraph",
    "point",
    "subpoint",
    "indent",
    "note",
    "preamble",
    "annex",
    "signature",
    "closing",
    "instruction",
    "quoted",
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a person should look at: `code`, where (`eid`, 1-based `line` of the text; either may be None), in words.

    `message` is the English msgid of `messages.DOUBTS[code]`; translate it where it is shown. `page` and `page_line`:
    where it is printed in a PDF, both counted from 1, every printed line of the page from its top.
    """

    code: str
    eid: str | None
    line: int | None
    message: str
    page: int | None = None
    page_line: int | None = None


@dataclass(frozen=True, slots=True)
class Provision:
    """One structural unit; `number` normalised ("24-1"), `label` as printed ("Статья 24¹."); absent is None."""

    eid: str
    kind: str
    number: str | None
    label: str | None
    heading: str | None
    text: str | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class ReadAct:
    """A whole act, provisions in document order."""

    kind: str | None
    title: str | None
    language: str | None
    amending: bool
    doubts: tuple[Doubt, ...]
    provisions: tuple[Provision, ...]


_DOUBT = tuple(field.name for field in fields(Doubt))
_PRINTED = ("page", "page_line")  # said of a PDF only
_PROVISION = tuple(field.name for field in fields(Provision))


def as_dict(act: ReadAct) -> dict[str, Any]:
    """The act as plain JSON values, keys in the order of `manage read_act`."""
    return {
        "kind": act.kind,
        "title": act.title,
        "language": act.language,
        "amending": act.amending,
        "doubts": [_doubt_as_dict(doubt) for doubt in act.doubts],
        "provisions": [{name: getattr(unit, name) for name in _PROVISION} for unit in act.provisions],
    }


def _doubt_as_dict(doubt: Doubt) -> dict[str, Any]:
    said = {name: getattr(doubt, name) for name in _DOUBT}
    return {name: value for name, value in said.items() if value is not None or name not in _PRINTED}


def from_dict(data: Mapping[str, Any]) -> ReadAct:
    """The act again from what `as_dict` gave (a stored JSON value). Raises KeyError or TypeError on another shape."""
    return ReadAct(
        kind=data["kind"],
        title=data["title"],
        language=data["language"],
        amending=bool(data["amending"]),
        doubts=tuple(Doubt(**doubt) for doubt in data["doubts"]),
        provisions=tuple(Provision(**provision) for provision in data["provisions"]),
    )


def plain_text(act: ReadAct) -> str:
    """The act as lines of text again: a unit's label and heading on one line, its own text after them."""
    lines: list[str] = []
    for provision in act.provisions:
        parts = [part for part in (provision.label, provision.heading, provision.text) if part]
        if parts:
            lines.append(" ".join(parts))
    return "\n".join(lines)
