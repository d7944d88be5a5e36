"""How well acts are read, as a page of docs/domain: every stored act, and every written example and trap.

`script/reading-score` writes the page; a test fails while it is out of date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from apps.legal_text.provisions import PARSER_VERSION, ReadAct
from tests.legal_text import acts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "domain" / "reading-score.md"
UNITS = ("article", "paragraph", "point", "subpoint", "indent", "instruction", "quoted", "note", "annex")
HEADER = """# How acts are read

Made by `script/reading-score`; do not edit. Parser {version}. *Lost* counts the characters of the source, white space apart,
that are not in the reading, or not in their place. That DOCX, ODT and PDF made of the same acts read as the text does is held
by `tests/legal_text` (`test_real_acts`, `test_odt`, `test_pdf`); seconds are in `script/bench read_code`.

## Acts as they were published

"""
EXAMPLES = """
## Written examples: forms that the stored acts do not show, and traps

Each is a table row of `tests/legal_text/test_structure.py` or `test_traps.py`, with the units it must give. A doubt here is
wanted: the reading is not sure, and says where.

"""


def page(real: Mapping[str, ReadAct], forms: Mapping[str, tuple[str, ReadAct]]) -> str:
    """The whole page: `real` is name -> reading, `forms` name -> (text, reading)."""
    counted = (
        "articles",
        "parts",
        "points",
        "sub-points",
        "indents",
        "instructions",
        "quoted",
        "notes",
        "annexes",
    )
    columns = ("file", "kind", "language", *counted, "doubts", "lost")
    stored = [_row(name, acts.text(name), act) for name, act in real.items()]
    short = ("example", "kind", "language", "units", "doubts", "lost")
    written = [
        [name, *_about(act), str(len(act.provisions)), _doubts(act), str(lost(text, act))]
        for name, (text, act) in forms.items()
    ]
    return HEADER.format(version=PARSER_VERSION) + _table(columns, stored) + EXAMPLES + _table(short, written)


def lost(text: str, act: ReadAct) -> int:
    """Characters, white space apart, that do not come back in their order."""
    source, back = acts.squeezed(text), acts.joined(act)
    if source == back:
        return 0
    return max(sum((Counter(source) - Counter(back)).values()), 1)


def _row(name: str, text: str, act: ReadAct) -> list[str]:
    kinds = Counter(provision.kind for provision in act.provisions)
    counts = [str(kinds[kind]) for kind in UNITS]
    return [name.removesuffix(".txt"), *_about(act), *counts, _doubts(act), str(lost(text, act))]


def _about(act: ReadAct) -> list[str]:
    return [f"{act.kind or '?'}{', amending' if act.amending else ''}", act.language or "?"]


def _doubts(act: ReadAct) -> str:
    found = Counter(doubt.code for doubt in act.doubts)
    return (
        ", ".join(f"{code} {count}" if count > 1 else code for code, count in sorted(found.items())) or "none"
    )


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    columns = list(columns)
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
