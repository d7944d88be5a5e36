"""The text of an act in two languages, with the remarks beside it. Four queries for any length."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models.functions import Left
from django.urls import reverse

from apps.core.dates import language
from apps.core.typography import paragraphs
from apps.draft_acts import naming
from apps.draft_acts import norms as draft_norms
from apps.draft_acts.enums import NormState
from apps.draft_acts.models import DraftActVersion, Provision, ReferenceNorm
from apps.draft_acts.pieces import LONG_TO_READ, Pieces, divided
from apps.reviews import said
from apps.reviews.enums import OpinionLink, Silent
from apps.reviews.models import Remark, ReviewOpinion
from apps.reviews.pages import reply_parts

OPEN_OUTLINE = 40  # a longer outline begins folded, chapter by chapter
OPEN_REMARKS = 12  # more remarks than these begin folded, with their states
BRIEF_REMARKS = 60  # more than these are a line each that leads to the opinion: the text stays quick to open
EXCERPT = 80  # characters of such a line

HEADS = frozenset({"part", "section", "chapter"})  # they group articles and carry no text of their own
BLOCKS = HEADS | {"article", "annex", "preamble", "closing", "signature"}
MARK_OPEN, MARK_CLOSE = "\ue000", "\ue001"  # around a reference norm; templatetags/law.py sets them as <mark>
NOT_LISTED = frozenset({"preamble", "closing", "signature", "note"})  # left out of the outline


@dataclass(frozen=True)
class ShownRemark:
    """A remark beside the text, with its answer and reply where they are sent."""

    remark: Remark
    association: str
    code: str
    late: bool
    anchor: str
    review_url: str
    answer: Any = None
    reply: dict[str, Any] | None = None  # reviews.pages.reply_parts
    unanswered: bool = False  # and the term for it is over
    excerpt: str = ""  # its first words, where there are very many remarks


Row = tuple[str, str]  # the same piece of the text in ky and ru


@dataclass(frozen=True)
class Line:
    """One provision: its heading and the rows of its text, level in ky and ru, and the remarks on it.

    `missing`: the language ("ky", "ru") that lacks it; said once, at the topmost provision that is lacking.
    """

    eid: str
    heading: Row | None
    rows: list[Row]
    remarks: tuple[ShownRemark, ...] = ()
    missing: str = ""
    norms: tuple[ReferenceNorm, ...] = ()  # that are marked in it


@dataclass(frozen=True)
class Block:
    """A part of the text that stays together: an article, a heading, a point of a resolution."""

    head: Provision
    lines: list[Line] = field(default_factory=list)
    remarks: list[ShownRemark] = field(default_factory=list)


@dataclass(frozen=True)
class OutlineItem:
    """A line of the outline, in the shape of components/outline.html; `range` names what is folded under it."""

    url: str
    title: str
    lang: str
    count: str = ""
    children: tuple["OutlineItem", ...] = ()
    current: bool = False
    range: str = ""
    open: bool = False


@dataclass(frozen=True)
class ActText:
    """`open_remarks`: few enough to be read without unfolding each. Of a long text `blocks` are those of one piece."""

    version: DraftActVersion
    blocks: list[Block]
    outline: list[OutlineItem]
    remarks: int
    pieces: Pieces | None = None  # None: the whole text is here

    @property
    def open_remarks(self) -> bool:
        return self.remarks <= OPEN_REMARKS


def act_text(
    version: DraftActVersion,
    languages: str,
    silent: Mapping[int, Silent | None] | None = None,
    *,
    expected: int = 0,
    at: str | None = "",
) -> ActText:
    """The text of a version with every remark that is public; `languages` is both, ky or ru.

    `silent`: who let a term pass without a word, by review. `expected`: how many remarks the act has; very many are
    read without their words. `at`: the eid of a provision whose piece of a long text is shown; None for the whole text.
    """
    provisions = list(version.provisions.order_by("position"))
    remarks = _remarks(version, silent or {}, brief=expected > BRIEF_REMARKS)
    blocks = list(_blocks(provisions, remarks, _norms(version)))
    shown = _reading(provisions, at) if at is not None else None
    asked = {} if languages == "both" else {"text": languages}
    outline = _outline(
        blocks, {p.eid: p.parent_eid for p in provisions}, languages, asked if shown is not None else None
    )
    text = ActText(version, blocks, outline, sum(len(b.remarks) for b in blocks), shown)
    if shown is None:
        return text
    inside = {p.eid for p in provisions[shown.here.first : shown.here.last]}
    return replace(text, blocks=[block for block in blocks if block.head.eid in inside])


def _reading(provisions: Sequence[Provision], at: str) -> Pieces | None:
    """Where a reader of a long text is; None for a text that stands on one page."""
    if len(provisions) <= LONG_TO_READ:
        return None
    units = [{"eid": p.eid, "kind": p.kind, "parent": p.parent_eid} for p in provisions]
    return divided(units, at, language(), to_read=True)


def _remarks(
    version: DraftActVersion, silent: Mapping[int, Silent | None], *, brief: bool
) -> dict[int, list[ShownRemark]]:
    """Public remarks on this version by provision: those of filed opinions, late ones marked. Two queries."""
    here = language()
    links = ReviewOpinion.objects.filter(
        review__consultation__version=version, state=OpinionLink.IN_FORCE, opinion__submitted_at__isnull=False
    ).select_related("review__association", "review__consultation__act")
    filed = {
        link.opinion_id: (
            link.review.association.short_name(here),
            link.review.association.code,
            link.late,
            reverse("review", args=[link.review.consultation.act.number, link.review.association.code]),
            None if link.late else silent.get(link.review_id),
        )
        for link in links
    }
    rows = (
        Remark.objects.filter(provision__version=version, opinion__in=list(filed))
        .select_related("answer__reply")
        .order_by("provision__position", "opinion_id", "number")
    )
    if brief:
        rows = rows.only(*_BRIEF).annotate(first_words=Left("text", EXCERPT + 1))
    else:
        rows = rows.defer("state_interest", "local_interest")
    by_provision: dict[int, list[ShownRemark]] = defaultdict(list)
    for remark in rows:
        name, code, late, url, by = filed[remark.opinion_id]
        answer = said.answer_to(remark)
        by_provision[remark.provision_id].append(
            ShownRemark(
                remark=remark,
                association=name,
                code=code,
                late=late,
                anchor=f"remark-{code}-{remark.number}",
                review_url=url,
                answer=answer,
                reply=_held(remark, by) if brief else reply_parts(remark, said.reply_to(remark), by),
                unanswered=answer is None and by == Silent.MINISTRY,
                excerpt=_excerpt(remark.first_words) if brief else "",
            )
        )
    return by_provision


_BRIEF = (
    "number", "kind", "lang", "withdrawn_at", "provision_id", "opinion_id", "answer__outcome", "answer__sent_at",
    "answer__remark_id", "answer__reply__outcome", "answer__reply__sent_at", "answer__reply__answer_id",
)  # fmt: skip


def _held(remark: Remark, by: Silent | None) -> dict[str, Any] | None:
    """The outcome of the reply without its words."""
    held = said.reply_that_holds(remark, by)
    return {"outcome": held} if held else None


def _excerpt(text: str) -> str:
    """The first words of a remark, whole ones."""
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT].rpartition(' ')[0] or words[:EXCERPT]} …"


def _norms(version: DraftActVersion) -> dict[str, list[ReferenceNorm]]:
    """The reference norms that are marked in the text, by eid: all but the dismissed ones. One query."""
    by_eid: dict[str, list[ReferenceNorm]] = defaultdict(list)
    for norm in version.norms.exclude(state=NormState.DISMISSED).order_by("number"):
        by_eid[norm.eid].append(norm)
    return by_eid


def _blocks(
    provisions: Iterable[Provision],
    remarks: dict[int, list[ShownRemark]],
    norms: dict[str, list[ReferenceNorm]],
) -> Iterable[Block]:
    block: Block | None = None
    lacking: dict[str, str] = {}
    for provision in provisions:
        lacking[provision.eid] = (
            "" if provision.in_ky and provision.in_ru else "ru" if provision.in_ky else "ky"
        )
        missing = lacking[provision.eid]
        if missing == lacking.get(provision.parent_eid):
            missing = ""
        line = _line(
            provision, tuple(remarks.get(provision.pk, ())), missing, tuple(norms.get(provision.eid, ()))
        )
        if block is None or _begins(provision):
            if block is not None:
                yield block
            block = Block(provision)
        block.lines.append(line)
        block.remarks.extend(line.remarks)
    if block is not None:
        yield block


def _line(
    provision: Provision, remarks: tuple[ShownRemark, ...], missing: str, norms: tuple[ReferenceNorm, ...]
) -> Line:
    ky, ru = (_pieces(provision, code, norms) for code in ("ky", "ru"))
    heading = (ky.pop(0), ru.pop(0)) if provision.kind in BLOCKS else None
    if len(ky) != len(ru):  # the languages divide it differently: one row keeps them level
        ky, ru = ["\n".join(ky)], ["\n".join(ru)]
    rows = [row for row in zip(ky, ru, strict=True) if any(row)]
    return Line(provision.eid, heading if heading and any(heading) else None, rows, remarks, missing, norms)


def _pieces(provision: Provision, code: str, norms: tuple[ReferenceNorm, ...] = ()) -> list[str]:
    """The lines of a provision in one language; of an article and above the first is its heading, if only empty."""
    label, heading = (getattr(provision, f"{name}_{code}").strip() for name in ("label", "heading"))
    text = _marked(provision, code, norms).strip()
    body = paragraphs(text)
    title = " ".join(part for part in (label, heading) if part)
    if provision.kind in BLOCKS:
        return [title, *body]
    if not title:
        return body
    return [f"{title} {body[0]}", *body[1:]] if body else [title]


def _marked(provision: Provision, code: str, norms: tuple[ReferenceNorm, ...]) -> str:
    """The text with its reference norms between MARK_OPEN and MARK_CLOSE, a pair a line."""
    text: str = getattr(provision, f"text_{code}")
    # The two signs are of private use: a text that brings its own must not open or close anything.
    if MARK_OPEN in text or MARK_CLOSE in text:
        return text.replace(MARK_OPEN, "").replace(MARK_CLOSE, "")
    for mark in reversed(draft_norms.marks(provision, norms, code)):
        phrase = text[mark.start : mark.end].replace("\n", f"{MARK_CLOSE}\n{MARK_OPEN}")
        text = f"{text[: mark.start]}{MARK_OPEN}{phrase}{MARK_CLOSE}{text[mark.end :]}"
    return text


def _begins(provision: Provision) -> bool:
    """A block begins at an article and above; in an act without articles at each point of the first level."""
    return provision.kind in BLOCKS or not provision.parent_eid


def title_of(provision: Provision, languages: str) -> tuple[str, str]:
    """Label and heading of a provision, with the language they are in."""
    wanted = languages if languages in {"ky", "ru"} else ("ky" if language() == "ky" else "ru")
    for code in (wanted, "ru" if wanted == "ky" else "ky"):
        parts = [getattr(provision, f"label_{code}"), getattr(provision, f"heading_{code}")]
        if title := " ".join(part.strip() for part in parts if part and part.strip()):
            return title, code
    return provision.number or "", wanted


@dataclass
class _Branch:
    block: Block
    children: list["_Branch"] = field(default_factory=list)


def _outline(
    blocks: list[Block], parents: Mapping[str, str], languages: str, asked: dict[str, str] | None
) -> list[OutlineItem]:
    """What has a name, each under the nearest named unit around it; an act without articles shows its points.

    `asked`: what the page of a text in pieces was asked for besides its piece; None for a text that is whole here.
    """
    named: dict[str, _Branch] = {}
    roots: list[_Branch] = []
    for block in blocks:
        if block.head.kind in NOT_LISTED or not title_of(block.head, languages)[0]:
            continue
        above = block.head.parent_eid
        while above and above not in named:
            above = parents.get(above, "")
        branch = named[block.head.eid] = _Branch(block)
        (named[above].children if above else roots).append(branch)
    return [_item(branch, languages, len(named) <= OPEN_OUTLINE, asked)[0] for branch in roots]


def _item(
    branch: _Branch, languages: str, unfolded: bool, asked: dict[str, str] | None
) -> tuple[OutlineItem, int]:
    """The item, and how many remarks there are on it and on everything under it."""
    title, lang = title_of(branch.block.head, languages)
    below = [_item(child, languages, unfolded, asked) for child in branch.children]
    eid = branch.block.head.eid
    piece = "" if asked is None else f"?{urlencode({**asked, 'in': eid})}"
    count = len(branch.block.remarks) + sum(n for _, n in below)
    item = OutlineItem(
        url=f"{piece}#{eid}",
        title=title,
        lang=lang,
        count=str(count) if count else "",
        children=tuple(child for child, _ in below),
        range=_range([child.block.head.eid for child in branch.children]),
        open=unfolded,
    )
    return item, count


def _range(eids: list[str]) -> str:
    """«Статья 5 – статья 9»: what is folded under a chapter. Of a quotation the last piece of the name is enough."""
    if not eids:
        return ""
    first, last = (naming.name_of(eid.rpartition("__")[2], language()) for eid in (eids[0], eids[-1]))
    return first if len(eids) == 1 else f"{first} – {last[:1].lower()}{last[1:]}"
