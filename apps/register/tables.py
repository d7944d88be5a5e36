"""Tables for spreadsheets: streamed, in a form that every one of them reads and none takes for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """A file for csv.writer that hands each line on instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def plain(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_lines(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a CSV file in UTF-8 with its mark, the names of the columns first."""
    writer = csv.writer(_Line())
    yield "\ufeff"  # a spreadsheet reads Cyrillic by it
    yield writer.writerow(columns)  # type: ignore[misc]
    for row in rows:
        yield writer.writerow([plain(cell) for cell in row])  # type: ignore[misc]
