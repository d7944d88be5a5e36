"""Reading the Budget code (350 kB of text) from Word, against opening the same file and joining its paragraphs."""

from __future__ import annotations

import io
import statistics
import time
from typing import Any

from . import row

ROUNDS = 5


def measure() -> dict[str, Any]:
    """CPU in ms of one reading, in a warm process."""
    import docx

    from apps.legal_text import docx_write, labels, reader
    from tests.legal_text import acts

    data = docx_write.write_docx("", acts.text(acts.BUDGET_CODE).split("\n"))

    def floor() -> str:
        return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)

    figures: dict[Any, list[float]] = {lambda: reader.read(data): [], floor: []}
    for _ in range(ROUNDS):
        for work, taken in figures.items():
            labels.read.cache_clear()  # nobody reads the same text twice
            started = time.process_time()
            work()
            taken.append((time.process_time() - started) * 1000)
    value, least = (statistics.median(taken) for taken in figures.values())
    return row("read_code", value, "ms", least)
