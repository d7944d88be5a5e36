"""The text of a PDF with a text layer: printed lines joined to the paragraphs they were before they were set."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from apps.legal_text import labels, pdf_furniture, pdf_lines, pdf_package, structure
from apps.legal_text.lines import NOTE
from apps.legal_text.pdf_lines import Pages, PrintedLine, Seen
from apps.legal_text.provisions import Doubt
from apps.legal_text.structure import Printed

_SENTENCE_END = re.compile(r"[.;:!?][\"»”)\]]*\Z")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_TAIL = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-\Z")
_HEAD = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)")
_SOFT = ("\u00ad", "\u2010")
_SAME_LEFT = 3.0
_GAP = 1.45  # of the usual distance between lines: more is a new paragraph, if the document does not show its own
_WIDE_GAP = 2.2
_SAME_SIZE = 0.1


#: What is so throughout a file is told once, at its first place.
_ONCE = frozenset(("recognised_scan", "running_heads", "paragraphs_by_look"))


def text_of(data: bytes) -> tuple[str, list[Doubt], Printed]:
    """(text, doubts with their places, where each line of the text is printed) of a PDF.

    Raises UnreadableText for one that may not be or cannot be read.
    """
    pdf_package.check(data)
    pages = pdf_lines.of(data)
    seen = list(pages.doubts)
    seen += [Seen("running_heads", line.page, line.no) for line in pdf_furniture.remove(pages)]
    setting = _Setting.of(pages)
    footnotes = pdf_furniture.take_footnotes(pages, setting.size)
    seen += [Seen("footnotes", line.page, line.no) for notes in footnotes.values() for line in notes]
    joiner = _Joiner(setting, _words(pages), footnotes)
    joiner.join(pages)
    return "\n".join(joiner.lines), _placed([*seen, *joiner.doubts], joiner.found_in), joiner.printed


def _placed(seen: Iterable[Seen], found_in: Mapping[tuple[int, int], int]) -> list[Doubt]:
    """Doubts with the line of the text that stands there, if it came into the text."""
    doubts: dict[Seen | str, Doubt] = {}
    for one in seen:
        line = None if one.line is None else found_in.get((one.page, one.line))
        doubt = structure.doubt(one.code, line=line)
        place = dataclasses.replace(doubt, page=one.page + 1, page_line=one.line)
        doubts.setdefault(one.code if one.code in _ONCE else one, place)
    return list(doubts.values())


def _words(pages: Pages) -> frozenset[str]:
    """Every word that stands whole on some line, to tell a hyphen of the setter from one of the word."""
    found: set[str] = set()
    for lines in pages.lines:
        for line in lines:
            found.update(word.lower() for word in _WORD.findall(line.text))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Setting:
    """How the document is set: usual letters, distance of lines, edges of the column by width of page, indents."""

    size: float
    leading: float
    edges: dict[int, tuple[float, float]]
    widths: tuple[int, ...]
    indented: bool
    gap: float
    spaced: bool
    hyphenated: bool

    @classmethod
    def of(cls, pages: Pages) -> _Setting:
        every = [line for lines in pages.lines for line in lines]
        size = _usual([line.size for line in every], 0.5) or 12.0
        body = [line for line in every if abs(line.size - size) <= size * _SAME_SIZE]
        gaps = [
            before.baseline - line.baseline
            for lines in pages.lines
            for before, line in itertools.pairwise(lines)
            if 0.5 * size < before.baseline - line.baseline < 3 * size
        ]
        widths = tuple(round(width) for width, _ in pages.sizes)
        edges: dict[int, tuple[float, float]] = {}
        for width in set(widths):
            lines = [line for line in body if widths[line.page] == width] or [
                line for line in every if widths[line.page] == width
            ]
            if lines:
                edges[width] = (_left_edge(lines), _right_edge(lines))
        starts = [line.left - edges[widths[line.page]][0] for line in body if widths[line.page] in edges]
        at_indent = _usual([start for start in starts if start > _SAME_LEFT], 1.0)
        share = sum(abs(start - at_indent) < _SAME_LEFT for start in starts) / max(len(starts), 1)
        indented = at_indent > _SAME_LEFT and share > 0.08
        leading = _usual(gaps, 0.5) or 1.2 * size
        wide = [gap for gap in gaps if gap > leading * 1.12]
        spaced = len(wide) > 0.08 * len(gaps)
        divided = sum(line.broken or line.text.endswith(("-", *_SOFT)) for line in every)
        # Halfway between lines of one paragraph and of two, where paragraphs stand apart.
        gap = (leading + min(_usual(wide, 0.5), 1.8 * leading)) / 2 if spaced else _GAP * leading
        return cls(size, leading, edges, widths, indented, gap, spaced, divided > 0.03 * len(every))

    def edges_of(self, line: PrintedLine) -> tuple[float, float]:
        return self.edges.get(self.widths[line.page], (line.left, line.right))

    def is_centred(self, line: PrintedLine) -> bool:
        left, right = self.edges_of(line)
        before, after = line.left - left, right - line.right
        return before > self.size and abs(before - after) < self.size

    def is_full(self, line: PrintedLine, following: PrintedLine) -> bool:
        """Whether the first word of the next line would not have fitted on this one: the line was broken there."""
        left, right = self.edges_of(line)
        room = (right - left) - (line.right - line.left) if self.is_centred(line) else right - line.right
        return room < following.word + 0.2 * line.size


def _usual(values: list[float], step: float) -> float:
    """The most frequent value, in steps; 0 for none."""
    if not values:
        return 0.0
    return Counter(round(value / step) for value in values).most_common(1)[0][0] * step


def _left_edge(lines: list[PrintedLine]) -> float:
    bins = Counter(round(line.left) for line in lines)
    often = [at for at, count in bins.items() if count >= 0.05 * len(lines)]
    return float(min(often)) if often else min(line.left for line in lines)


def _right_edge(lines: list[PrintedLine]) -> float:
    """Where set lines end; with ragged lines, where the longest end (a rare longer one is not the column)."""
    at, count = Counter(round(line.right) for line in lines).most_common(1)[0]
    if count >= 0.2 * len(lines):
        return float(at)
    rights = sorted(line.right for line in lines)
    return rights[min(len(rights) - 1, len(rights) * 49 // 50)]


@dataclass(slots=True)
class _Joiner:
    """Joins lines to paragraphs, and remembers where each was printed and where joining was a guess.

    `lines` and `printed` are as long as the text; `found_in`: (page, printed line) -> the line of the text it is in.
    """

    setting: _Setting
    words: frozenset[str]
    footnotes: dict[int, list[PrintedLine]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    printed: list[tuple[int, int] | None] = field(default_factory=list)
    found_in: dict[tuple[int, int], int] = field(default_factory=dict)
    doubts: list[Seen] = field(default_factory=list)

    def join(self, pages: Pages) -> None:
        """Paragraphs, footnotes after the one that their page ends in; a blank one where the page leaves a wide gap."""
        block: list[PrintedLine] = []
        for line in (line for lines in pages.lines for line in lines):
            if block and not self._goes_on(block, line):
                self._add(self._joined(block), block)
                self._add_notes_before(line.page)
                if self._gap(block[-1], line) > _WIDE_GAP * self.setting.leading:
                    self._add("", [])
                block = []
            block.append(line)
        if block:
            self._add(self._joined(block), block)
        self._add_notes_before(len(pages.lines))

    def _add(self, text: str, block: Sequence[PrintedLine]) -> None:
        self.lines.append(text)
        self.printed.append((block[0].page + 1, block[0].no) if block else None)
        for line in block:
            self.found_in.setdefault((line.page, line.no), len(self.lines))

    def _add_notes_before(self, page: int) -> None:
        for index in [index for index in self.footnotes if index < page]:
            for note in self.footnotes.pop(index):
                self._add(f"{NOTE}{note.text}", [note])

    def _gap(self, before: PrintedLine, line: PrintedLine) -> float:
        """Distance downwards; the usual one over the end of a page, where it says nothing."""
        if before.page != line.page:
            return self.setting.leading
        return before.baseline - line.baseline

    def _goes_on(self, block: list[PrintedLine], line: PrintedLine) -> bool:
        before = block[-1]
        gap = self._gap(before, line)
        if gap <= 0:
            self._doubt("reading_order", line)
            return False
        larger = max(1.0, before.size / self.setting.size)
        if gap > self.setting.gap * larger:
            return False
        if abs(before.size - line.size) > _SAME_SIZE * before.size + 0.5:
            return False
        if before.broken or before.text.endswith(_SOFT):
            return True
        if not self.setting.is_full(before, line):
            return False
        return self._stands_with(block, line) and self._reads_on(block, line)

    def _stands_with(self, block: list[PrintedLine], line: PrintedLine) -> bool:
        """Whether the line stands to the left where a further line of this paragraph would."""
        before = block[-1]
        if self.setting.is_centred(before):
            return self.setting.is_centred(line) or abs(before.left - line.left) > _SAME_LEFT
        left, _ = self.setting.edges_of(line)
        if len(block) > 1:
            return line.left - before.left < _SAME_LEFT
        first_lines_alike = abs(line.left - before.left) < _SAME_LEFT and before.left - left > _SAME_LEFT
        return not (self.setting.indented and first_lines_alike)

    def _reads_on(self, block: list[PrintedLine], line: PrintedLine) -> bool:
        """Whether the words may go on; a number at the beginning of a line is often a new unit, and not always."""
        before = block[-1]
        ended = _SENTENCE_END.search(before.text)
        # Without indents or spaces between paragraphs, and over the end of a page, only the words tell.
        shown = self.setting.indented or (self.setting.spaced and before.page == line.page)
        label = labels.read(line.text)
        if label is None:
            if shown:
                return True
            if ended and line.text[:1].isupper() and ended.group()[0] in ".!?":
                self._doubt("paragraphs_by_look", line)
                return True
            goes_on = not ended and not (line.text[:1] == "(" and line.text[1:2].isupper())
            if goes_on and self._may_be_first_text(block, line):
                self._doubt("title_or_text", line)
            return goes_on
        if ended or labels.LEVELS[label.kind] <= labels.LEVELS["article"]:
            return False
        opening = labels.read(block[0].text)
        if opening is not None and labels.LEVELS[opening.kind] <= labels.LEVELS["article"]:
            return False  # a heading without a full stop, then its first part
        if not shown:
            self._doubt("number_at_line_start", line)
        return True

    def _may_be_first_text(self, block: list[PrintedLine], line: PrintedLine) -> bool:
        """Whether a line under the title of an article, taken for more of it, could as well be the article's text."""
        opening = labels.read(block[0].text)
        return opening is not None and opening.kind == "article" and line.text[:1].isupper()

    def _doubt(self, code: str, line: PrintedLine) -> None:
        self.doubts.append(Seen(code, line.page, line.no))

    def _joined(self, block: list[PrintedLine]) -> str:
        text = block[0].text
        for before, line in itertools.pairwise(block):
            text = self._with(text, line, broken=before.broken)
        if block[-1].broken:
            text += "-"
        return text

    def _with(self, text: str, line: PrintedLine, *, broken: bool) -> str:
        """A line more: a hyphen of the setter goes, one of the word stays."""
        rest = line.text
        if text.endswith(_SOFT):
            return f"{text[:-1]}{rest}" if rest[:1].isalpha() else f"{text[:-1]}-{rest}"
        if broken:
            text += "-"
        if text.endswith("/") and not text.endswith(" /"):
            return f"{text}{rest}"
        if not text.endswith("-") or text.endswith(" -"):
            return f"{text} {rest}"
        tail, head = _TAIL.search(text), _HEAD.match(rest)
        if tail is None or head is None or not rest[:1].islower():
            return f"{text}{rest}"
        whole, hyphened = f"{tail[1]}{head[1]}".lower(), f"{tail[1]}-{head[1]}".lower()
        if whole in self.words or hyphened in self.words:
            return f"{text[:-1]}{rest}" if whole in self.words else f"{text}{rest}"
        self._doubt("hyphen_at_line_end", line)
        return f"{text[:-1]}{rest}" if self.setting.hyphenated else f"{text}{rest}"
