"""How well texts are screened, on sentences a person labelled (tests/data/screening).

Pooled leave-one-source-out: each source is judged by what was made without it, and all judgements are counted together.
The rules are written by hand and hold no weight taken from any sentence, so a source left out changes nothing; how they
were kept from following single sentences is told in docs/domain/screening.md. Rows marked borderline are left out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[3] / "tests" / "data" / "screening"
LANGUAGES = ("ru", "ky")
#: name of the figure, file, key of the label, attribute of the answer
FIGURES = (
    ("reference_norms", "reference_norms", "label", "reference_norm"),
    ("concerns_lsg", "lsg_relevance", "concerns_lsg", "concerns_lsg"),
    ("inter_budget", "lsg_relevance", "inter_budget", "inter_budget"),
    ("delegated_powers", "lsg_relevance", "delegated_powers", "delegated_powers"),
)


def measure(say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """{"name", "lang", "precision", "recall", "f1", "n_positive", "n"}; the speed is said, not printed."""
    from apps.legal_text.screening import screen

    screen("Порядок устанавливается Кабинетом Министров.", "ru")  # the dictionary is loaded once
    started, lines = time.monotonic(), 0
    for name, file, label, attribute in FIGURES:
        rows = list(read(file))
        for lang in LANGUAGES:
            judged = [
                (bool(row[label]), bool(getattr(screen(row["text"], lang), attribute)))
                for row in rows
                if row["lang"] == lang and not row.get("borderline")
            ]
            lines += len(judged)
            yield {"name": name, "lang": lang, **figures(judged)}
    say(f"{lines / max(time.monotonic() - started, 1e-9):.0f} lines a second")


def read(file: str) -> Iterator[dict[str, Any]]:
    with (DATA / f"{file}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def figures(judged: list[tuple[bool, bool]]) -> dict[str, Any]:
    """Of (label, answer) pairs; a share of nothing is null."""
    right = sum(label and answer for label, answer in judged)
    found = sum(answer for _, answer in judged)
    positive = sum(label for label, _ in judged)
    both = found + positive
    return {
        "precision": round(right / found, 4) if found else None,
        "recall": round(right / positive, 4) if positive else None,
        "f1": round(2 * right / both, 4) if both else None,
        "n_positive": positive,
        "n": len(judged),
    }
