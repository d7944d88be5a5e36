"""The text of a Word document as its reader sees it: one line a paragraph, one line a table row."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from apps.legal_text import docx_numbering, numbers, structure
from apps.legal_text.docx_numbering import W
from apps.legal_text.docx_package import Package
from apps.legal_text.provisions import Doubt

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
_RUN, _TEXT = f"{W}r", f"{W}t"
#: Taken out by a tracked change, or not text at all.
_REMOVED = frozenset(f"{W}{name}" for name in ("del", "moveFrom"))
_SKIPPED = frozenset(
    f"{W}{name}"
    for name in ("pPr", "rPr", "instrText", "delText", "delInstrText", "sdtPr", "sdtEndPr", "softHyphen")
) | {f"{_MC}Fallback"}
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t"}
_CHANGES = frozenset(f"{W}{name}" for name in ("ins", "moveTo"))
_FOOTNOTES = frozenset(f"{W}{name}" for name in ("footnoteReference", "endnoteReference"))
_PICTURES = frozenset((f"{W}drawing", f"{W}pict", f"{W}object"))
_TEXT_BOX = f"{W}txbxContent"


def text_of(data: bytes) -> tuple[str, list[Doubt]]:
    """(text, doubts) of a DOCX. Tracked changes are read as accepted. Raises UnreadableText."""
    package = Package(data)
    numbering, styles = package.neighbour("numbering.xml"), package.neighbour("styles.xml")
    walk = _Walk(
        docx_numbering.load(
            package.xml(numbering) if package.has(numbering) else None,
            package.xml(styles) if package.has(styles) else None,
        )
    )
    body = package.xml(package.main).find(f"{W}body")
    if body is not None:
        walk.blocks(body)
    walk.flush()
    return "\n".join(walk.lines), [structure.doubt(code) for code in walk.doubts]


class _Walk:
    """Collects lines and doubts. `carried` is a paragraph whose end was deleted: it runs on into the next."""

    def __init__(self, numbering: docx_numbering.Numbering) -> None:
        self.numbering = numbering
        self.lines: list[str] = []
        self.doubts: list[str] = []
        self.carried = ""

    def flush(self) -> None:
        if self.carried:
            self.lines.append(self.carried)
            self.carried = ""

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
        if code not in self.doubts:
            self.doubts.append(code)

    def _paragraph(self, paragraph: etree._Element) -> None:
        boxes: list[etree._Element] = []
        text = "".join(self._inline(paragraph, boxes))
        label, sure = self.numbering.label(paragraph) if text.strip() else ("", True)
        if not sure:
            self._doubt("list_number")
        if label:
            text = f"{label} {text.lstrip()}"
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self._doubt("tracked_changes")
            self.carried += text
        else:
            self.lines.append(self.carried + text)
            self.carried = ""
        for box in boxes:
            self._doubt("text_box")
            self.blocks(box)

    def _table(self, table: etree._Element) -> None:
        self.flush()
        for row in table.iter(_ROW):
            if row.find(f"{W}trPr/{W}del") is not None:
                self._doubt("tracked_changes")
                continue
            if next(row.iterancestors(_TABLE)) is not table:
                continue  # a table within a cell comes with its cell
            cells = [self._cell(cell) for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row]
            self.lines.append("\t".join(cell for cell in cells if cell))

    def _cell(self, cell: etree._Element) -> str:
        inner = _Walk(self.numbering)
        inner.doubts = self.doubts
        inner.blocks(cell)
        inner.flush()
        return " ".join(line.strip() for line in inner.lines if line.strip())

    def _inline(
        self, element: etree._Element, boxes: list[etree._Element], raised: bool = False
    ) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag == _TEXT or tag == f"{_M}t":
                text = child.text or ""
                yield numbers.superscript(text) if raised and text.strip().isdecimal() else text
            elif tag == _RUN:
                yield from self._inline(child, boxes, _is_raised(child))
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
                self._doubt("footnotes_left_out")
            elif tag not in _SKIPPED:
                if tag in _CHANGES:
                    self._doubt("tracked_changes")
                yield from self._inline(child, boxes, raised)


def _is_raised(run: etree._Element) -> bool:
    alignment = run.find(f"{W}rPr/{W}vertAlign")
    return alignment is not None and alignment.get(f"{W}val") == "superscript"


def _is_fallback(box: etree._Element, within: etree._Element) -> bool:
    """A text box is often stored twice, the second time for old readers."""
    for ancestor in box.iterancestors():
        if ancestor is within:
            return False
        if ancestor.tag == f"{_MC}Fallback" or ancestor.tag == _TEXT_BOX:
            return True
    return False
