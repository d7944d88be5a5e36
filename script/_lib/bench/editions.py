"""Two editions of a code of 350 kB compared: one word in twelve exchanged, an article put in, the rest renumbered.

The floor is the goal, 2 s of processor time; reading the two editions is not counted.
"""

from __future__ import annotations

import random
import re
import time
from pathlib import Path
from typing import Any

CODE = "tests/data/acts/01_ru_byudzhetnyi_kodeks_2016-59_red2025-04-29.txt"
GOAL_MS = 2000.0
INSERTED = "Статья 5. Соразмерность\nПолномочия передаются вместе с источником средств.\n"


def measure() -> dict[str, Any]:
    from apps.legal_text import compare, structure

    text = (Path(__file__).resolve().parents[3] / CODE).read_text(encoding="utf-8")
    old, new = structure.parse(text, lang="ru"), structure.parse(_edited(text), lang="ru")
    spent = []
    for _ in range(3):
        begun = time.process_time()
        comparison = compare.compare(old, new)
        spent.append((time.process_time() - begun) * 1000)
    assert comparison.follow("art_90").eid == "art_91", (
        "the articles after the inserted one were not recognised"
    )
    value = min(spent)
    return {
        "name": "compare_editions",
        "value": round(value, 1),
        "unit": "ms",
        "floor": GOAL_MS,
        "ratio": round(value / GOAL_MS, 3),
    }


def _edited(text: str) -> str:
    chance = random.Random(2018)
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("Статья 5."))
    after = [re.sub(r"\AСтатья (\d+)\.", lambda m: f"Статья {int(m[1]) + 1}.", line) for line in lines[at:]]
    return "\n".join(_exchanged(line, chance) for line in [*lines[:at], *INSERTED.splitlines(), *after])


def _exchanged(line: str, chance: random.Random) -> str:
    if line.startswith(("Статья", "Глава", "РАЗДЕЛ")):
        return line
    words = line.split(" ")
    return " ".join([*words[:2], *(w if chance.randrange(12) else "иначе" for w in words[2:])])
