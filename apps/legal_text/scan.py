"""Walking the lines of a body and growing the units from them (their eids come later, in `eids`)."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from apps.legal_text import amendments, headings, labels, numbers
from apps.legal_text.lines import Line, label
from apps.legal_text.nodes import Node

_ARTICLE = labels.LEVELS["article"]
_DOT = labels.LEVELS["dot"]
_SENTENCE_END = (".", '."', ".»", ".”")
_BULLETS = ("-", "–", "—", "•", "·", "●", "\uf0b7")
_LONGEST_STYLED = 250
#: Sections within a section or a chapter («Подраздел 1», «§ 1»).
_KINDS = {"subsection": "section", "subchapter": "section"}
_MOST_UNCLOSED = 20
_LONGEST_MARK = 8
_LONGEST_HEADING = 8


class Scanner:
    """Grows units from lines, in document order, into `nodes` (shared by all scopes of an act).

    `scope` is the annex or quotation the lines stand in; `as_article` says that «1.» is a part of an article even
    where no article is open (quoted wording of a law).
    """

    def __init__(
        self, nodes: list[Node], *, amending: bool, scope: Node | None = None, as_article: bool = False
    ):
        self.nodes = nodes
        self.amending = amending
        self.scope = scope
        self.as_article = as_article
        self.stack: list[Node] = []
        self.lines: Sequence[Line] = ()
        self.last_article: str | None = None
        self.beside_note: str | None = None
        self.unclosed = 0
        self.marks_apart = False
        self.numbered_headings: frozenset[int] = frozenset()

    def run(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.numbered_headings = headings.numbered(lines)
        i = 0
        while i < len(lines):
            i = self._step(i)

    # one line, or the lines that belong together

    def _step(self, i: int) -> int:
        line = self.lines[i]
        if line.note:
            return self._footnote(i)
        if labels.is_mark(line.text) or labels.is_attention(line.text):
            return self._mark(i)
        if self._quotation_may_begin(line.text):
            end, sure = self._quote_end(i, line.text)
            self._quotation(line, line.text, self.lines[i + 1 : end or i + 1], closed=sure)
            return end or i + 1
        read = label(line)
        if read is None:
            return self._styled(i) if self._is_styled_heading(line) else self._paragraph(i)
        if read.doubt == labels.UNDOTTED and not self._follows(read):
            self._paragraph(i)
            self.nodes[-1].doubts.append("mention_or_heading")
            return i + 1
        if i in self.numbered_headings:
            return self._titled(i, dataclasses.replace(read, kind="chapter"))
        if labels.LEVELS[read.kind] <= _ARTICLE:
            return self._titled(i, read)
        return self._numbered(i, read)

    def _follows(self, read: labels.Label) -> bool:
        """Whether an article of this number comes next in this scope."""
        if self.last_article is None:
            return read.number == "1" or not self._is_plain()
        return numbers.follows(self.last_article, read.number or "")

    def _is_styled_heading(self, line: Line) -> bool:
        return line.heading > 0 and len(line.text) < _LONGEST_STYLED and line.text[-1] not in ".;:,"

    def _styled(self, i: int) -> int:
        """A heading that only its style shows: without a number, and doubted."""
        line = self.lines[i]
        read = labels.Label("chapter", None, "", line.text, "heading_by_style")
        node = self._open(read, "chapter", line)
        node.label, node.heading = None, line.text
        return i + 1

    def _footnote(self, i: int) -> int:
        """The text of a footnote: a note of the unit that names it; what follows goes on as if it were not there."""
        line = self.lines[i]
        mark = re.match(r"(\[(\d+)\])\s*", line.text)
        note = self._add("note", line, level=99, parent=self.stack[-1] if self.stack else self.scope)
        note.text = line.text
        if mark:
            note.label, note.text = mark[1], line.text[mark.end() :] or None
        return i + 1

    def _mark(self, i: int) -> int:
        """An edition mark or a warning block: a note of the article or container it follows."""
        end = i + 1
        text = self.lines[i].text
        doubts: list[str] = []
        if labels.is_attention(text):
            while (
                end < len(self.lines)
                and end - i < _LONGEST_MARK
                and not self.lines[end - 1].text.endswith(".")
            ):
                if label(self.lines[end]) or self.lines[end].after_blank:
                    break
                end += 1
        else:
            while labels.brackets_open("\n".join(line.text for line in self.lines[i:end])):
                following = label(self.lines[end]) if end < len(self.lines) else None
                stop = following and (labels.LEVELS[following.kind] <= _ARTICLE)
                if end >= len(self.lines) or end - i >= _LONGEST_MARK or stop:
                    doubts.append("unclosed_mark")
                    break
                end += 1
        owner = next((node for node in reversed(self.stack) if node.level <= _ARTICLE), self.scope)
        note = self._add("note", self.lines[i], level=99, parent=owner)
        note.text = "\n".join(line.text for line in self.lines[i:end])
        note.doubts += doubts
        self.marks_apart = owner is not self.scope
        return end

    def _titled(self, i: int, read: labels.Label) -> int:
        """A part, section, chapter or article, and its heading, which may stand on the next lines."""
        node = self._open(read, _KINDS.get(read.kind, read.kind), self.lines[i])
        end = i + 1
        rest = read.rest
        if read.kind == "article":
            self.last_article, self.beside_note = read.number, None
            if rest and not self._is_article_heading(rest, end):
                node.text = rest
                return end
            if not rest and self._is_heading_line(end, article=True):
                rest = self.lines[end].text
                end += 1
        elif not rest and self._is_heading_line(end, article=False):
            rest = self.lines[end].text
            end += 1
        first = end
        while (
            rest and end < len(self.lines) and end - first < _LONGEST_HEADING and self._continues(rest, end)
        ):
            rest = f"{rest}\n{self.lines[end].text}"
            if read.kind == "article" and rest.endswith("."):  # a title seldom ends so, a sentence does
                self._doubt_title(node, end)
            end += 1
        if read.kind == "article" and self._may_be_title(end, rest):
            self._doubt_title(node, end)
        node.heading = rest or None
        return end

    def _numbered(self, i: int, read: labels.Label) -> int:
        line = self.lines[i]
        in_article = self.as_article or any(node.kind == "article" for node in self.stack)
        if read.kind == "note":
            beside = next((node.number for node in reversed(self.stack) if node.level == _DOT), None)
            if not any(node.kind == "note" for node in self.stack):
                self.beside_note = beside
            node = self._open(read, "note", line)
        elif read.kind == "dot":
            self._leave_note(read)
            node = self._open(read, "paragraph" if in_article else "point", line)
        elif read.kind == "paren":
            under_point = any(node.level == _DOT for node in self.stack)
            node = self._open(read, "point" if in_article or not under_point else "subpoint", line)
        else:
            node = self._open(read, "subpoint", line)
        if read.rest:
            node.text = read.rest
            quoted_at = amendments.inline_quote(read.rest) if self._is_amending() else None
            if quoted_at is not None:
                return self._inline_quotation(i, node, quoted_at)
        return i + 1

    def _leave_note(self, read: labels.Label) -> None:
        """«3.» after a note goes on with the article when the article stands at 2."""
        note = next((node for node in self.stack if node.kind == "note"), None)
        if note is None or read.number == "1":
            return
        inside = next(
            (n.number for n in reversed(self.nodes) if n is note or (n.parent is note and n.level == _DOT)),
            None,
        )
        goes_on = numbers.follows(self.beside_note or "", read.number or "")
        if inside is None or (goes_on and not numbers.follows(inside, read.number or "")):
            del self.stack[self.stack.index(note) :]

    def _paragraph(self, i: int) -> int:
        """An unnumbered line: the own text of a unit that has none yet, else a counted paragraph (абзац)."""
        line = self.lines[i]
        quoted_at = amendments.inline_quote(line.text) if self._is_amending() else None
        current = self.stack[-1] if self.stack else self.scope
        if current is not None and current.text is None and self.nodes[-1] is current:
            node = current
        else:
            node = self._add("indent", line, level=99, parent=self._owner_of_paragraph(i))
        node.text = line.text
        self.marks_apart = False
        return i + 1 if quoted_at is None else self._inline_quotation(i, node, quoted_at)

    def _owner_of_paragraph(self, i: int) -> Node | None:
        """The unit an unnumbered line belongs to.

        After a list has ended with a full stop the line closes the part or article, unless the list goes on.
        """
        if not self.stack:
            return self.scope
        current = self.stack[-1]
        if self.marks_apart and current.level > _ARTICLE:
            return next((node for node in reversed(self.stack) if node.level <= _ARTICLE), current)
        if current.level <= _DOT or self.lines[i].text.startswith(_BULLETS):
            return current
        if not (self.nodes[-1].text or "").rstrip().endswith(_SENTENCE_END):
            return current
        following = self._next_level(i)
        if following is not None and following >= current.level:
            return current
        return next(
            (
                node
                for node in reversed(self.stack)
                if node.level in (following, _DOT) or node.level <= _ARTICLE
            ),
            current,
        )

    def _next_level(self, i: int) -> int | None:
        """Level of the next labelled line after line i, None at the end."""
        for following in self.lines[i + 1 : i + 41]:
            read = label(following)
            if read:
                return labels.LEVELS[read.kind]
        return None

    # headings

    def _is_article_heading(self, rest: str, following: int) -> bool:
        """Whether what stands after «Статья 5.» is its title; laws without titles go on with the text."""
        if rest.endswith((":", ";")) or len(rest) > 400 or rest.startswith("("):
            return False
        if not rest.endswith("."):
            return True
        has_body = following < len(self.lines) and not self._closes_article(self.lines[following])
        return has_body and len(rest) < 200 and ". " not in rest

    def _closes_article(self, line: Line) -> bool:
        if labels.is_mark(line.text):
            return True
        read = label(line)
        return read is not None and labels.LEVELS[read.kind] <= _ARTICLE

    def _is_heading_line(self, i: int, *, article: bool) -> bool:
        """Whether the line under a bare «Глава 1» or «Статья 5» is its title."""
        if i >= len(self.lines) or self.lines[i].row or self.lines[i].note:
            return False
        text = self.lines[i].text
        if self.lines[i].heading and label(self.lines[i]) is None:
            return True
        if (
            len(text) > 300
            or text.startswith(("(", "-", "–"))
            or labels.is_attention(text)
            or labels.read(text)
        ):
            return False
        if article:
            has_body = i + 1 < len(self.lines) and not self._closes_article(self.lines[i + 1])
            return has_body and text[0].isupper() and not text.endswith((".", ":", ";", ","))
        return not text.endswith((":", ";"))

    def _may_be_title(self, i: int, heading: str) -> bool:
        """Whether line i, read as the first text of an article, could be (more of) its title; text must follow it."""
        if i + 1 >= len(self.lines) or self._closes_article(self.lines[i + 1]):
            return False
        return headings.may_be_title(self.lines[i], heading)

    def _doubt_title(self, node: Node, i: int) -> None:
        if "title_or_text" not in node.doubts:
            node.doubts.append("title_or_text")
            node.doubted_at["title_or_text"] = self.lines[i].no

    def _continues(self, heading: str, i: int) -> bool:
        """Whether line i goes on with a heading broken in the middle."""
        line = self.lines[i]
        text = line.text
        if line.after_blank or labels.is_mark(text) or labels.read(text) or heading.endswith((".", ":", ";")):
            return False
        if text.isupper() and heading.isupper():
            return True
        return text[0].islower() and len(text) < 200 and not text.endswith((":", ";"))

    # amending acts

    def _is_amending(self) -> bool:
        return self._is_plain() and (
            self.amending or any(node.text and amendments.leads(node.text) for node in self.stack)
        )

    def _is_plain(self) -> bool:
        """Not inside a quotation: what is quoted is not searched for quotations again."""
        return self.scope is None or self.scope.kind != "quoted"

    def _quotation_may_begin(self, text: str) -> bool:
        if text[0] not in amendments.OPENING or not self.nodes or not self._is_amending():
            return False
        last = self.nodes[-1]
        before = (last.text or last.heading or "").rstrip()
        return bool(self.stack) and before.endswith(":") and last.kind != "quoted"

    def _inline_quotation(self, i: int, node: Node, at: int) -> int:
        text = node.text or ""
        quoted = text[at:]
        end, sure = self._quote_end(i, quoted)
        node.text = text[:at].rstrip()
        self._quotation(self.lines[i], quoted, self.lines[i + 1 : end or i + 1], closed=sure)
        return end or i + 1

    def _quote_end(self, i: int, opening: str) -> tuple[int | None, bool]:
        """(index after the quotation that begins in line i, whether its marks say so)."""
        if self.unclosed > _MOST_UNCLOSED:
            return None, False  # nobody writes so, and each one is searched for to the end of the text
        end, sure = amendments.quote_end(self.lines, i, opening, self._next_instruction)
        self.unclosed += end is None
        return end, sure

    def _next_instruction(self, line: Line) -> bool:
        """Whether the line is the unit that comes next among those that are open, and changes something."""
        read = label(line)
        if read is None or not (amendments.operates(line.text) or line.text.endswith(":")):
            return False
        level = labels.LEVELS[read.kind]
        return any(
            node.level == level and numbers.follows(node.number or "", read.number or "")
            for node in self.stack
        )

    def _quotation(self, line: Line, first: str, rest: Sequence[Line], *, closed: bool) -> None:
        quoted = self._add("quoted", line, level=99, parent=self.nodes[-1] if self.nodes else None)
        if quoted.parent is not None and quoted.parent.kind == "indent":
            quoted.parent = self.stack[-1] if self.stack else quoted.parent
        if not closed:
            quoted.doubts.append("unclosed_quote")
        inner = Scanner(
            self.nodes,
            amending=False,
            scope=quoted,
            as_article=self.as_article or any(node.kind == "article" for node in self.stack),
        )
        opening = re.match(rf"[{re.escape(amendments.OPENING)}]+\s*", first)
        bare = first[opening.end() :] if opening else first
        if opening and labels.read(bare):
            quoted.label = opening.group().strip()
            inner.run([Line(line.no, bare, line.after_blank), *rest])
        else:
            quoted.text = first
            inner.run(rest)

    # growing

    def _open(self, read: labels.Label, kind: str, line: Line) -> Node:
        level = labels.LEVELS[read.kind]
        while self.stack and self.stack[-1].level >= level:
            self.stack.pop()
        node = self._add(kind, line, level=level, parent=self.stack[-1] if self.stack else self.scope)
        node.number, node.label = read.number, read.printed
        if read.doubt:
            node.doubts.append(read.doubt)
        self.stack.append(node)
        self.marks_apart = False
        return node

    def _add(self, kind: str, line: Line, *, level: int, parent: Node | None) -> Node:
        node = Node(
            kind=kind, line=line.no, level=level, parent=parent, scope=self.scope, amends=self.amending
        )
        self.nodes.append(node)
        return node
