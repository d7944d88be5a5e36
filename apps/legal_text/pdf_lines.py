"""The lines that are printed on the pages of a PDF, with where they stand and how large they are."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from apps.legal_text import numbers
from apps.legal_text.errors import UnreadableText

#: The library's sign for a hyphen at the end of a line, which it joins with the next one.
BROKEN = "\x02"
_ENDS = frozenset("\r\n")
_RAISED_SIZE = 0.88  # of the letters beside it
_RAISED_BY = 0.12  # of the size of the letters beside it
_RAISED_MUCH = 0.25
_INVISIBLE_TEXT = 3
_WHOLE_PAGE = 0.6
_ONE_HEIGHT = 0.5  # of the size of letters: nearer baselines are those of one line
#: Of a hundred characters, so many may be without meaning before the text is not to be trusted.
_MOST_UNKNOWN = 2


@dataclass(slots=True)
class PrintedLine:
    """A line of print. Lengths in points, `baseline` from the foot of the page; `word` is the width of its first word.

    `broken`: it ends with a hyphen that the page shows and the text may not have. `no`: which printed line of its page
    it is from the top, counted from 1 as a person counts, whatever is left out of the text later.
    """

    page: int
    text: str
    left: float
    right: float
    baseline: float
    size: float
    word: float
    broken: bool = False
    no: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """A doubt of the pages: its code and where, `page` from 0; `line` is a PrintedLine.no, None for the whole page."""

    code: str
    page: int
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Pages:
    """The lines of every page in the order of the file, the pages' sizes, and what a person should know."""

    lines: list[list[PrintedLine]]
    sizes: list[tuple[float, float]]
    doubts: list[Seen]


def of(data: bytes) -> Pages:
    """Raises UnreadableText for pages that are pictures of text, and for letters that have no meaning."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableText("damaged", str(error)) from error
    found = Pages([], [], [])
    try:
        for index in range(len(document)):
            page = document[index]
            try:
                found.sizes.append(page.get_size())
                found.lines.append(_page(page, index, found.doubts))
            finally:
                page.close()
    except pypdfium2.PdfiumError as error:
        raise UnreadableText("damaged", str(error)) from error
    finally:
        document.close()
    _refuse_unknown_letters(found)
    return found


def _page(page: Any, index: int, doubts: list[Seen]) -> list[PrintedLine]:
    text = page.get_textpage()
    try:
        lines = _Print(text.raw, index).lines(text.count_chars())
    finally:
        text.close()
    picture, invisible = _pictures(page)
    if not any(line.text.strip() for line in lines):
        if picture:
            raise UnreadableText("scanned", f"page {index + 1} is a picture")
        return []
    if picture >= _WHOLE_PAGE and invisible:
        doubts.append(Seen("recognised_scan", index))
    elif picture:
        doubts.append(Seen("picture", index))
    _count(lines)
    return lines


def _count(lines: list[PrintedLine]) -> None:
    """Number the lines of a page from its top; what stands at one height is one line."""
    no, height = 0, float("inf")
    for line in sorted(lines, key=lambda line: -line.baseline):
        if height - line.baseline > _ONE_HEIGHT * line.size:
            no, height = no + 1, line.baseline
        line.no = no


def _pictures(page: Any) -> tuple[float, bool]:
    """(the part of the page that its largest picture covers, whether letters lie there that are not drawn)."""
    width, height = page.get_size()
    covered = 0.0
    invisible = False
    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_TEXT]
    for item in page.get_objects(filter=kinds, max_depth=4):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered = max(covered, abs((right - left) * (top - bottom)) / max(width * height, 1.0))
        elif not invisible:
            invisible = pdfium.FPDFTextObj_GetTextRenderMode(item.raw) == _INVISIBLE_TEXT
    return covered, invisible


def _refuse_unknown_letters(found: Pages) -> None:
    letters = unknown = 0
    for lines in found.lines:
        for line in lines:
            letters += len(line.text)
            strange = sum(
                character == "\ufffd" or "\ue000" <= character <= "\uf8ff" for character in line.text
            )
            if strange:
                found.doubts.append(Seen("unknown_letters_some", line.page, line.no))
            unknown += strange
    if unknown * 100 > letters * _MOST_UNKNOWN:
        raise UnreadableText("unknown_letters", f"{unknown} of {letters}")


def _trim(run: list[tuple[int, str]]) -> None:
    while run and run[0][1].isspace():
        del run[0]
    while run and run[-1][1].isspace():
        del run[-1]


class _Print:
    """Walks the characters of one page. The library is asked for places only where they matter: it is slow."""

    def __init__(self, raw: Any, page: int) -> None:
        self.raw = raw
        self.page = page
        self._box = pdfium.FS_RECTF()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def lines(self, count: int) -> list[PrintedLine]:
        found: list[PrintedLine] = []
        run: list[tuple[int, str]] = []
        piece: list[tuple[int, str]] = []
        unicode_of = pdfium.FPDFText_GetUnicode
        high = 0
        for i in range(count):
            code = unicode_of(self.raw, i)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000:  # the halves of a letter come apart; half a letter is none
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0
            high = 0
            character = chr(code) if code <= 0x10FFFF else ""
            if character in _ENDS:
                run = self._after(run, piece, found)
                piece = []
            elif character in (BROKEN, "\ufffe"):
                run = self._after(run, piece, found)
                self._close(run, found, broken=True)
                run, piece = [], []
            elif code >= 32 or character == "\t":
                piece.append((i, character))
        self._close(self._after(run, piece, found), found)
        return found

    def _after(
        self, run: list[tuple[int, str]], piece: list[tuple[int, str]], found: list[PrintedLine]
    ) -> list[tuple[int, str]]:
        """The line in the making after a piece that the library sees as a line: its raised digits are pieces too."""
        _trim(run)
        _trim(piece)
        if not run or not piece:
            return run or piece
        last, first = run[-1][0], piece[0][0]
        (_, right), (left, _) = self._sides(last), self._sides(first)
        size = max(self._height(last), self._height(first), 1.0)
        if abs(self._baseline(last) - self._baseline(first)) < 0.5 * size and left > right - 0.2 * size:
            # Far away are the cells of a table, or a name to the right of an office.
            between = "" if left - right < 0.15 * size else " " if left - right < size else "\t"
            return [*run, *([(first, between)] if between else []), *piece]
        self._close(run, found)
        return piece

    def _close(self, run: list[tuple[int, str]], found: list[PrintedLine], *, broken: bool = False) -> None:
        _trim(run)
        if run:
            line = self._line(run)
            line.broken = broken
            found.append(line)

    def _line(self, run: list[tuple[int, str]]) -> PrintedLine:
        letter = next((i for i, character in run if character.isalpha()), run[0][0])
        baseline, size = self._baseline(letter), max(self._height(letter), 1.0)
        end = next((at for at, (_, character) in enumerate(run) if character == " "), len(run))
        left, _ = self._sides(run[0][0])
        _, word_right = self._sides(run[end - 1][0])
        _, right = self._sides(run[-1][0])
        text = "".join(self._raised(run, size, baseline))
        return PrintedLine(self.page, text, left, right, baseline, size, max(word_right - left, 0.0))

    def _raised(self, run: list[tuple[int, str]], size: float, baseline: float) -> list[str]:
        """The characters; digits that stand smaller and higher than the letters as raised digits."""
        text: list[str] = []
        for i, character in run:
            # Without anything before it a raised digit is the mark of a footnote.
            if text and character in "0123456789" and self._is_raised(i, size, baseline):
                character = numbers.superscript(character)
            text.append(character)
        return text

    def _is_raised(self, i: int, size: float, baseline: float) -> bool:
        """Much higher than the letters, or a little higher and smaller."""
        height, by = self._height(i), self._baseline(i) - baseline
        if by > size * _RAISED_MUCH:
            return height < size * 1.05
        return height < size * _RAISED_SIZE and by > size * _RAISED_BY

    def _sides(self, i: int) -> tuple[float, float]:
        pdfium.FPDFText_GetLooseCharBox(self.raw, i, self._box)
        return self._box.left, self._box.right

    def _height(self, i: int) -> float:
        pdfium.FPDFText_GetLooseCharBox(self.raw, i, self._box)
        return float(abs(self._box.top - self._box.bottom))

    def _baseline(self, i: int) -> float:
        pdfium.FPDFText_GetCharOrigin(self.raw, i, self._x, self._y)
        return float(self._y.value)
