"""The text of an OpenDocument text as its reader sees it: one line a paragraph, one line a table row."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from apps.legal_text import lines, numbers, odt_styles, structure
from apps.legal_text.odt_package import DRAW, OFFICE, TABLE, TEXT, Package
from apps.legal_text.odt_styles import Level, Styles
from apps.legal_text.provisions import Doubt

_PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
_NAME = f"{TEXT}style-name"
#: What stands in the body but is no text of it; what a tracked change took out lies in the first of them.
_SKIPPED = frozenset(
    (
        f"{TEXT}tracked-changes",
        f"{TEXT}sequence-decls",
        f"{TEXT}variable-decls",
        f"{TEXT}user-field-decls",
        f"{TEXT}number",
        f"{TEXT}index-title-template",
        f"{TEXT}table-of-content-source",
        f"{TEXT}ruby-text",
        f"{OFFICE}forms",
        f"{OFFICE}annotation",
        f"{OFFICE}annotation-end",
        f"{TEXT}note-citation",
    )
)
_HIDDEN = frozenset(f"{TEXT}{name}" for name in ("hidden-text", "hidden-paragraph"))
_CHANGES = frozenset(f"{TEXT}{name}" for name in ("change", "change-start", "change-end"))
_WHITE = re.compile(r"[ \t\r\n]+")
_MOST_BLANKS = 1000


def text_of(data: bytes) -> tuple[str, list[Doubt]]:
    """(text, doubts with their lines) of an ODT. Tracked changes are read as accepted. Raises UnreadableText.

    The text holds the signs of `lines`: which lines are rows of tables, headings by style, footnotes.
    """
    package = Package(data)
    content = package.roots["content.xml"]
    styles = Styles.of(
        *(package.roots[name] for name in ("styles.xml", "content.xml") if name in package.roots)
    )
    walk = _Walk(styles)
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is not None:
        walk.blocks(body)
    return "\n".join(walk.lines), [structure.doubt(code, line=line) for code, line in walk.doubts]


@dataclass(slots=True)
class _List:
    """A list in the making: its style, and how far each level has come."""

    style: str
    levels: dict[int, Level]
    counters: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Walk:
    """Collects lines, and doubts with the line they are about. `due` are footnotes named and not yet printed."""

    styles: Styles
    lines: list[str] = field(default_factory=list)
    doubts: list[tuple[str, int]] = field(default_factory=list)
    finished: dict[str, _List] = field(default_factory=dict)
    outline: dict[int, int] = field(default_factory=dict)
    notes: list[int] = field(default_factory=lambda: [0])
    due: deque[tuple[int, etree._Element]] = field(default_factory=deque)
    here: int = 1
    in_cell: bool = False

    def _emit(self, text: str) -> None:
        self.lines.append(text)
        self.here += text.count("\n") + 1

    def _doubt(self, code: str) -> None:
        if (code, self.here) not in self.doubts[-8:]:
            self.doubts.append((code, self.here))

    def words(self) -> list[str]:
        return [stripped for line in self.lines if (stripped := lines.plain(line).strip())]

    def blocks(self, container: Iterable[etree._Element]) -> None:
        for child in container:
            tag = child.tag
            if tag in _PARAGRAPHS:
                self._paragraph(child, self._outline_number(child) if tag == f"{TEXT}h" else "")
            elif tag == f"{TEXT}list":
                self._list(child, None, 0)
            elif tag == f"{TABLE}table":
                self._table(child)
            elif tag == f"{TEXT}tracked-changes":
                if len(child):
                    self._doubt("tracked_changes")
            elif tag == f"{DRAW}frame":
                self._frame(child)
            elif tag not in _SKIPPED:
                self.blocks(child)

    # lists

    def _list(self, element: etree._Element, within: _List | None, depth: int) -> None:
        style = element.get(_NAME, "") or (within.style if within else self._list_style_inside(element))
        if within is not None and style == within.style:
            current = within
        else:
            current = self._begun(element, style)
        if depth and current is within:
            current.counters.pop(depth, None)  # a list below begins again for each item above
        for item in element:
            if item.tag not in (f"{TEXT}list-item", f"{TEXT}list-header"):
                continue
            label = ""
            if item.tag == f"{TEXT}list-item" and _is_numbered(item):
                start = item.get(f"{TEXT}start-value")
                level = current.levels.get(depth)
                following = current.counters.get(depth, (level.start if level else 1) - 1) + 1
                current.counters[depth] = odt_styles.number(start, following)
                label, sure = odt_styles.printed(current.levels, current.counters, depth)
                if not sure:
                    self._doubt("list_number")
            self._item(item, current, depth, label)
        self.finished[style] = current
        if name := element.get("{http://www.w3.org/XML/1998/namespace}id"):
            self.finished[f"#{name}"] = current

    def _begun(self, element: etree._Element, style: str) -> _List:
        """A list, or one before it that this one goes on with."""
        continued = element.get(f"{TEXT}continue-list")
        before = self.finished.get(f"#{continued}") if continued else None
        if before is None and element.get(f"{TEXT}continue-numbering") == "true":
            before = self.finished.get(style)
        return before or _List(style, self.styles.lists.get(style, {}))

    def _list_style_inside(self, element: etree._Element) -> str:
        first = next(element.iter(*_PARAGRAPHS), None)
        return self.styles.list_for(first.get(_NAME, "")) if first is not None else ""

    def _item(self, item: etree._Element, current: _List, depth: int, label: str) -> None:
        for child in item:
            if child.tag in _PARAGRAPHS:
                self._paragraph(child, label)
                label = ""
            elif child.tag == f"{TEXT}list":
                self._list(child, current, depth + 1)
            else:
                self.blocks([child])

    def _outline_number(self, heading: etree._Element) -> str:
        """The number that the outline of the document gives a heading; most have none."""
        depth = odt_styles.number(heading.get(f"{TEXT}outline-level"), 1) - 1
        level = self.styles.outline.get(depth)
        if level is None or not level.form or heading.get(f"{TEXT}is-list-header") == "true":
            return ""
        self.outline[depth] = self.outline.get(depth, level.start - 1) + 1
        for deeper in [known for known in self.outline if known > depth]:
            del self.outline[deeper]
        label, sure = odt_styles.printed(self.styles.outline, self.outline, depth)
        if not sure:
            self._doubt("list_number")
        return label

    # paragraphs and tables

    def _paragraph(self, paragraph: etree._Element, label: str = "") -> None:
        boxes: list[etree._Element] = []
        text = "".join(self._inline(paragraph, boxes, self.styles.raises(paragraph.get(_NAME, ""), False)))
        if label and (text.strip() or label != "-"):
            text = f"{label} {text.lstrip()}"
        if paragraph.tag == f"{TEXT}h" and text.strip():
            level = min(max(odt_styles.number(paragraph.get(f"{TEXT}outline-level"), 1), 1), 9)
            text = f"{lines.HEADING}{level}{text}"
        self._emit(text)
        self._print_notes()
        for box in boxes:
            self._doubt("text_box")
            self.blocks(box)

    def _table(self, table: etree._Element) -> None:
        for row in table.iter(f"{TABLE}table-row"):
            if next(row.iterancestors(f"{TABLE}table")) is not table:
                continue  # a table within a cell comes with its cell
            cells = [self._inside(cell) for cell in row if cell.tag == f"{TABLE}table-cell"]
            self._row([cell for cell in cells if cell.words()])
            self._print_notes()

    def _inside(self, container: Iterable[etree._Element]) -> _Walk:
        """What stands in a cell or a footnote, walked by itself; footnotes named there come after it."""
        inner = _Walk(self.styles, finished=self.finished, outline=self.outline, notes=self.notes)
        inner.in_cell = True
        inner.blocks(container)
        self.due += inner.due
        return inner

    def _row(self, cells: list[_Walk]) -> None:
        """Cells that hold something: one alone is a frame around paragraphs, several are a line of a table."""
        if len(cells) == 1:
            self.doubts += [(code, self.here + line - 1) for code, line in cells[0].doubts]
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

    def _print_notes(self) -> None:
        """The footnotes named so far, each on a line of its own."""
        while self.due and not self.in_cell:
            number, note = self.due.popleft()
            self._doubt("footnotes")
            self._emit(f"{lines.NOTE}[{number}] {' '.join(self._inside(note).words())}")

    def _inline(self, element: etree._Element, boxes: list[etree._Element], raised: bool) -> Iterator[str]:
        yield _words(element.text, raised)
        for child in element:
            tag = child.tag
            if tag == f"{TEXT}s":
                yield " " * min(odt_styles.number(child.get(f"{TEXT}c"), 1), _MOST_BLANKS)
            elif tag == f"{TEXT}tab":
                yield "\t"
            elif tag == f"{TEXT}line-break":
                yield "\n"
            elif tag == f"{TEXT}note":
                self.notes[0] += 1
                self.due.append((self.notes[0], child))
                yield f"[{self.notes[0]}]"
            elif tag in _HIDDEN:
                self._doubt("hidden_text")
            elif tag == f"{DRAW}frame":
                boxes.extend(self._boxes(child))
            elif tag in _CHANGES:
                self._doubt("tracked_changes")
            elif tag == f"{TEXT}span":
                yield from self._inline(child, boxes, self.styles.raises(child.get(_NAME, ""), raised))
            elif tag not in _SKIPPED:
                yield from self._inline(child, boxes, raised)
            yield _words(child.tail, raised)

    def _boxes(self, frame: etree._Element) -> list[etree._Element]:
        found = [child for child in frame if child.tag == f"{DRAW}text-box"]
        if not found:
            self._doubt("unsupported_content" if frame.find(f"{DRAW}object") is not None else "picture")
        return found

    def _frame(self, frame: etree._Element) -> None:
        for box in self._boxes(frame):
            self._doubt("text_box")
            self.blocks(box)


def _is_numbered(item: etree._Element) -> bool:
    """An item that begins with a list below it has no number of its own; an empty paragraph has one."""
    return len(item) > 0 and item[0].tag in _PARAGRAPHS


def _words(text: str | None, raised: bool) -> str:
    """Text as it is printed: white space of the file is one blank; digits that stand raised are raised digits."""
    if not text:
        return ""
    text = _WHITE.sub(" ", text)
    return numbers.raised(text) if raised else text
