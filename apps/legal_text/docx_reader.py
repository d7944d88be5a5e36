"""The text of a Word document as its reader sees it: one line a paragraph, one line a table row."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from lxml import etree

from apps.legal_text import docx_numbering, lines, numbers, structure
from apps.legal_text.docx_package import Package
from apps.legal_text.docx_styles import Styles, W
from apps.legal_text.provisions import Doubt

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
_RUN, _TEXT = f"{W}r", f"{W}t"
#: Taken out by a tracked change, or not text at all.
_REMOVED = frozenset(f"{W}{name}" for name in ("del", "moveFrom"))
_SKIPPED = frozenset(
    f"{W}{name}"
    for name in (
        "pPr",
        "rPr",
        "instrText",
        "delText",
        "delInstrText",
        "sdtPr",
        "sdtEndPr",
        "softHyphen",
        "footnoteRef",
        "endnoteRef",
    )
) | {f"{_MC}Fallback"}
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
_CHANGES = frozenset(f"{W}{name}" for name in ("ins", "moveTo"))
_FOOTNOTES = frozenset(f"{W}{name}" for name in ("footnoteReference", "endnoteReference"))
_PICTURES = frozenset((f"{W}drawing", f"{W}pict", f"{W}object"))
#: Signs of the font Symbol that have a letter of their own.
_SIGNS = {
    0xF0B7: 0x2022,
    0xF02D: 0x2D,
    0xF0A7: 0x25AA,
    0xF0B0: 0xB0,
    0xF0B1: 0xB1,
    0xF0B3: 0x2265,
    0xF0A3: 0x2264,
}
_TEXT_BOX = f"{W}txbxContent"


def text_of(data: bytes) -> tuple[str, list[Doubt]]:
    """(text, doubts with their lines) of a DOCX. Tracked changes are read as accepted. Raises UnreadableText.

    The text holds the signs of `lines`: which lines are rows of tables, headings by style, footnotes.
    """
    package = Package(data)
    styles = _part(package, "styles.xml")
    notes = _Notes(_part(package, "footnotes.xml"), _part(package, "endnotes.xml"))
    walk = _Walk(docx_numbering.load(_part(package, "numbering.xml"), styles), Styles.of(styles), notes)
    body = package.xml(package.main).find(f"{W}body")
    if body is not None:
        walk.blocks(body)
    walk.flush()
    return "\n".join(walk.lines), [structure.doubt(code, line=line) for code, line in walk.doubts]


def _part(package: Package, name: str) -> etree._Element | None:
    path = package.neighbour(name)
    return package.xml(path) if package.has(path) else None


class _Notes:
    """Footnotes and endnotes by id, numbered as the text names them; `due` are those named and not yet printed."""

    def __init__(self, footnotes: etree._Element | None, endnotes: etree._Element | None) -> None:
        self._known: dict[tuple[str, str], etree._Element] = {}
        for kind, root in (("footnote", footnotes), ("endnote", endnotes)):
            for note in root if root is not None else ():
                self._known[(kind, note.get(f"{W}id", ""))] = note
        self._last = 0
        self.due: deque[tuple[int, etree._Element]] = deque()

    def named(self, reference: etree._Element) -> str | None:
        """The mark to print, None for a note that is not there."""
        kind = reference.tag.removeprefix(W).removesuffix("Reference")
        note = self._known.pop((kind, reference.get(f"{W}id", "")), None)
        if note is None:
            return None
        self._last += 1
        self.due.append((self._last, note))
        return f"[{self._last}]"


class _Walk:
    """Collects lines, and doubts with the line they are about.

    `carried` is a paragraph whose end was deleted: it runs on into the next.
    """

    def __init__(
        self, numbering: docx_numbering.Numbering, styles: Styles, notes: _Notes, *, in_cell: bool = False
    ) -> None:
        self.in_cell = in_cell
        self.numbering = numbering
        self.styles = styles
        self.notes = notes
        self.lines: list[str] = []
        self.doubts: list[tuple[str, int]] = []
        self.carried = ""
        self._here = 1

    def flush(self) -> None:
        if self.carried:
            self._emit(self.carried)
            self.carried = ""
        self._print_notes()

    def _emit(self, text: str) -> None:
        self.lines.append(text)
        self._here += text.count("\n") + 1

    def blocks(self, container: etree._Element) -> None:
        for child in container:
            if child.tag == _PARAGRAPH:
                self._paragraph(child)
            elif child.tag == _TABLE:
                self._table(child)
            elif child.tag in _REMOVED:
                self._doubt("tracked_changes")
            elif child.tag == f"{W}altChunk":
                self._doubt("unsupported_content")
            elif child.tag not in _SKIPPED and child.tag != f"{W}sectPr":
                self.blocks(child)

    def _doubt(self, code: str) -> None:
        if (code, self._here) not in self.doubts[-8:]:
            self.doubts.append((code, self._here))

    def _paragraph(self, paragraph: etree._Element) -> None:
        if not len(paragraph):
            self._emit(self.carried)
            self.carried = ""
            return
        boxes: list[etree._Element] = []
        text = "".join(self._inline(paragraph, boxes))
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        if mark is not None and any(mark.find(tag) is not None for tag in _REMOVED):
            # Its end is gone: it takes its number and its style from the paragraph it runs into.
            self._doubt("tracked_changes")
            self.carried += text
        else:
            self._emit(self._labelled(paragraph, self.carried + text))
            self.carried = ""
        self._print_notes()
        for box in boxes:
            self._doubt("text_box")
            self.blocks(box)

    def _labelled(self, paragraph: etree._Element, text: str) -> str:
        """With the number Word prints before it; one stands before an empty paragraph too, but no bullet."""
        label, sure = self.numbering.label(paragraph)
        empty = not text.strip()
        if not sure and not empty:
            self._doubt("list_number")
        if label and not (empty and label == "-"):
            text = f"{label} {text.lstrip()}"
        level = 0 if empty else self.styles.heading_level(paragraph)
        return f"{lines.HEADING}{level}{text}" if level else text

    def _print_notes(self) -> None:
        """The footnotes named so far, each on a line of its own."""
        while self.notes.due and not self.carried and not self.in_cell:
            number, note = self.notes.due.popleft()
            self._doubt("footnotes")
            self._emit(f"{lines.NOTE}[{number}] {' '.join(self._inside(note).words())}")

    def words(self) -> list[str]:
        return [stripped for line in self.lines if (stripped := lines.plain(line).strip())]

    # tables

    def _inside(self, container: etree._Element) -> _Walk:
        """What stands in a cell or a footnote, walked by itself; footnotes named there come after it."""
        inner = _Walk(self.numbering, self.styles, self.notes, in_cell=True)
        inner.blocks(container)
        if inner.carried:
            inner._emit(inner.carried)
        return inner

    def _table(self, table: etree._Element) -> None:
        self.flush()
        for row in table.iter(_ROW):
            if row.find(f"{W}trPr/{W}del") is not None:
                self._doubt("tracked_changes")
                continue
            if next(row.iterancestors(_TABLE)) is not table:
                continue  # a table within a cell comes with its cell
            cells = [self._inside(cell) for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row]
            self._row([cell for cell in cells if cell.words()])
            self._print_notes()

    def _row(self, cells: list[_Walk]) -> None:
        """Cells that hold something: one alone is a frame around paragraphs, several are a line of a table."""
        if len(cells) == 1:
            for code, line in cells[0].doubts:
                self.doubts.append((code, self._here + line - 1))
            for text in cells[0].lines:
                self._emit(text)
            return
        for code in dict.fromkeys(code for cell in cells for code, _ in cell.doubts):
            self._doubt(code)
        row = lines.row([cell.words() for cell in cells])
        if row.doubt:
            self._doubt(row.doubt)
        for text in row.lines:
            self._emit(text)

    # within a paragraph

    def _inline(
        self, element: etree._Element, boxes: list[etree._Element], raised: bool = False
    ) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag == _TEXT or tag == f"{_M}t":
                text = child.text or ""
                yield numbers.raised(text) if raised else text
            elif tag == _RUN:
                if self.styles.is_hidden(child):
                    if any((part.text or "").strip() for part in child.iter(_TEXT)):
                        self._doubt("hidden_text")
                    continue
                yield from self._inline(child, boxes, self.styles.is_raised(child))
            elif tag in _BREAKS:
                yield _BREAKS[tag]
            elif tag in _REMOVED:
                self._doubt("tracked_changes")
            elif tag in _PICTURES:
                found = [box for box in child.iter(_TEXT_BOX) if not _is_fallback(box, child)]
                boxes.extend(found)
                if not found:
                    self._doubt("picture")
            elif tag in _FOOTNOTES:
                yield self._named(child)
            elif tag == f"{W}sym":
                yield self._symbol(child)
            elif tag not in _SKIPPED:
                if tag in _CHANGES:
                    self._doubt("tracked_changes")
                yield from self._inline(child, boxes, raised)

    def _named(self, reference: etree._Element) -> str:
        mark = self.notes.named(reference)
        if mark is None:
            self._doubt("footnotes_left_out")
        own = reference.get(f"{W}customMarkFollows", "0") not in ("0", "false", "off")
        return "" if mark is None or own else mark

    def _symbol(self, symbol: etree._Element) -> str:
        """A sign by its number in a font; in fonts of signs it means something only by the picture."""
        code = symbol.get(f"{W}char", "")
        value = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{2,5}", code) else 0
        if 0xF000 <= value <= 0xF0FF:
            value = _SIGNS.get(value, 0)
        if value < 32 or 0xE000 <= value <= 0xF8FF or value > 0x10FFFF:
            self._doubt("unknown_letters_some")
            return ""
        return chr(value)


def _is_fallback(box: etree._Element, within: etree._Element) -> bool:
    """A text box is often stored twice, the second time for old readers."""
    for ancestor in box.iterancestors():
        if ancestor is within:
            return False
        if ancestor.tag == f"{_MC}Fallback" or ancestor.tag == _TEXT_BOX:
            return True
    return False
