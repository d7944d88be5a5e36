"""The text of an act in two languages, with the remarks beside it. Three queries for any length."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from apps.core.dates import language
from apps.core.typography import paragraphs
from apps.draft_acts.models import DraftActVersion, Provision
from apps.reviews import said
from apps.reviews.enums import OpinionLink, Silent
from apps.reviews.models import Remark, ReviewOpinion
from apps.reviews.pages import reply_parts

HEADS = frozenset({"part", "section", "chapter"})  # they group articles and carry no text of their own
BLOCKS = HEADS | {"article", "annex", "preamble", "closing", "signature"}
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


Row = tuple[str, str]  # the same piece of the text in ky and ru


@dataclass(frozen=True)
class Line:
    """One provision: its heading and the rows of its text, level in ky and ru, and the remarks on it."""

    eid: str
    heading: Row | None
    rows: list[Row]
    remarks: tuple[ShownRemark, ...] = ()


@dataclass(frozen=True)
class Block:
    """A part of the text that stays together: an article, a heading, a point of a resolution."""

    head: Provision
    lines: list[Line] = field(default_factory=list)
    remarks: list[ShownRemark] = field(default_factory=list)

    @property
    def is_heading(self) -> bool:
        return self.head.kind in HEADS


@dataclass(frozen=True)
class OutlineItem:
    """A line of the outline, in the shape of components/outline.html."""

    url: str
    title: str
    lang: str
    count: str = ""
    children: tuple["OutlineItem", ...] = ()
    current: bool = False


@dataclass(frozen=True)
class ActText:
    version: DraftActVersion
    blocks: list[Block]
    outline: list[OutlineItem]
    remarks: int


def act_text(
    version: DraftActVersion, languages: str, silent: Mapping[int, Silent | None] | None = None
) -> ActText:
    """The text of a version with every remark that is public; `languages` is both, ky or ru.

    `silent`: who let a term pass without a word, by review.
    """
    provisions = list(version.provisions.order_by("position"))
    remarks = _remarks(version, silent or {})
    blocks = list(_blocks(provisions, remarks))
    return ActText(version, blocks, _outline(blocks, languages), sum(len(b.remarks) for b in blocks))


def _remarks(version: DraftActVersion, silent: Mapping[int, Silent | None]) -> dict[int, list[ShownRemark]]:
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
        .defer("state_interest", "local_interest")
        .order_by("provision__position", "opinion_id", "number")
    )
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
                reply=reply_parts(remark, said.reply_to(remark), by),
                unanswered=answer is None and by == Silent.MINISTRY,
            )
        )
    return by_provision


def _blocks(provisions: Iterable[Provision], remarks: dict[int, list[ShownRemark]]) -> Iterable[Block]:
    block: Block | None = None
    for provision in provisions:
        line = _line(provision, tuple(remarks.get(provision.pk, ())))
        if block is None or _begins(provision):
            if block is not None:
                yield block
            block = Block(provision)
        block.lines.append(line)
        block.remarks.extend(line.remarks)
    if block is not None:
        yield block


def _line(provision: Provision, remarks: tuple[ShownRemark, ...]) -> Line:
    ky, ru = (_pieces(provision, code) for code in ("ky", "ru"))
    heading = (ky.pop(0), ru.pop(0)) if provision.kind in BLOCKS else None
    if len(ky) != len(ru):  # the languages divide it differently: one row keeps them level
        ky, ru = ["\n".join(ky)], ["\n".join(ru)]
    rows = [row for row in zip(ky, ru, strict=True) if any(row)]
    return Line(provision.eid, heading if heading and any(heading) else None, rows, remarks)


def _pieces(provision: Provision, code: str) -> list[str]:
    """The lines of a provision in one language; of an article and above the first is its heading, if only empty."""
    label, heading, text = (
        getattr(provision, f"{name}_{code}").strip() for name in ("label", "heading", "text")
    )
    body = paragraphs(text)
    title = " ".join(part for part in (label, heading) if part)
    if provision.kind in BLOCKS:
        return [title, *body]
    if not title:
        return body
    return [f"{title} {body[0]}", *body[1:]] if body else [title]


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


def _outline(blocks: list[Block], languages: str) -> list[OutlineItem]:
    """Articles under their chapters; an act without articles shows its points by number."""
    items: list[tuple[Block, list[Block]]] = []
    for block in blocks:
        if block.head.kind in NOT_LISTED or not title_of(block.head, languages)[0]:
            continue
        if items and items[-1][0].is_heading and not block.is_heading and block.head.kind != "annex":
            items[-1][1].append(block)
        else:
            items.append((block, []))
    return [
        _item(block, languages, tuple(_item(child, languages) for child in children))
        for block, children in items
    ]


def _item(block: Block, languages: str, children: tuple[OutlineItem, ...] = ()) -> OutlineItem:
    title, lang = title_of(block.head, languages)
    count = len(block.remarks)
    return OutlineItem(f"#{block.head.eid}", title, lang, str(count) if count else "", children)
