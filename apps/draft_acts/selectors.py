"""Reads of draft acts: the version in force, its texts and papers, and what the pages of preparing show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.dates import language as page_language
from apps.core.dates import last_day
from apps.deadlines import selectors as deadlines
from apps.legal_text import messages as legal_messages

from . import functions, naming, pieces
from .enums import Paper, TextLanguage
from .models import (
    Attachment,
    DraftAct,
    DraftActVersion,
    PaperRestriction,
    Provision,
    ScopeStatement,
    VersionText,
)

LANGUAGES = (TextLanguage.KY, TextLanguage.RU)
OUTLINE_KINDS = frozenset({"part", "section", "chapter", "article", "annex"})
OUTLINE_LENGTH = (
    12  # lines of the outline on the page of preparing; the whole of it stands on the page of the text
)


# --- the act and its versions --------------------------------------------------------------------


def current_version(act: DraftAct) -> DraftActVersion:
    """The version that counts: the newest public one, and before registration the one being prepared."""
    versions = act.versions.order_by("-number")
    if not act.is_preparing:
        versions = versions.exclude(frozen_at=None)
    found = versions.first()
    assert found is not None, "an act is created together with its first version"
    return found


def open_version(act: DraftAct) -> DraftActVersion | None:
    """The version that can still be edited: of an act in preparing, or of a registered act being mended."""
    return act.versions.filter(frozen_at=None).first()


def working_version(act: DraftAct) -> DraftActVersion:
    """The version its people work on: the open one, else the one that counts."""
    return open_version(act) or current_version(act)


def public_versions(act: DraftAct) -> QuerySet[DraftActVersion]:
    """Every version that became public, the newest first."""
    return act.versions.exclude(frozen_at=None).order_by("-number")


def paired_provisions(version: DraftActVersion) -> QuerySet[Provision]:
    """Provisions of a version in document order, Kyrgyz and Russian level with each other."""
    return version.provisions.order_by("position")


def signed_scope(act: DraftAct) -> bytes:
    """The scope statement as it was signed, answers with reasons and evidence; its SHA-256 is on the page of the act."""
    found = ScopeStatement.objects.filter(act=act).values_list("canonical", flat=True).first()
    return (found or "").encode()


EXCERPT = 70  # characters of a provision in a list to choose from


def choices_of_provisions(version: DraftActVersion, language: str) -> list[tuple[str, str]]:
    """(eid, name and first words) of the provisions that have a text, in document order, for a list to choose from."""
    rows = version.provisions.order_by("position").values_list("eid", "text_ky", "text_ru")
    choices = []
    for eid, ky, ru in rows:
        text = " ".join(((ky if language == "ky" else ru) or ru or ky).split())
        if text:
            cut = text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"
            choices.append((eid, f"{naming.name_of(eid, language)}: {cut}"))
    return choices


def texts(version: DraftActVersion) -> dict[str, VersionText]:
    """The texts of a version by language, with their files; `mended`: how many steps. One without a text is absent."""
    found = version.texts.select_related("file").annotate(mended=Count("steps"))
    return {text.language: text for text in found}


def papers(version: DraftActVersion) -> list[Attachment]:
    """The papers of a version with their files, in the order of the list of papers."""
    order = list(Paper.values)
    found = version.attachments.select_related("file").order_by("pk")
    return sorted(found, key=lambda attachment: order.index(attachment.paper))


def restricted(act: DraftAct, at: datetime) -> dict[int, PaperRestriction]:
    """Files of the act that are closed to the public now, by id of the stored file; one query, or what is prefetched."""
    ruling = {step.file_id: step for step in sorted(act.restrictions.all(), key=lambda step: step.pk)}
    return {file_id: step for file_id, step in ruling.items() if step.closed_at(at)}


def mark_restricted(act: DraftAct, papers: Iterable[Attachment], at: datetime) -> None:
    """Say on each paper of the act whether its file is closed to the public now."""
    running = restricted(act, at)
    for paper in papers:
        paper.restriction = running.get(paper.file_id)


def restriction_fields(step: PaperRestriction | None) -> dict[str, Any]:
    """What stands in the form of a restriction that runs."""
    if step is None or step.ends_at is None:
        return {}
    return {
        "ground": step.ground,
        "officer_name": step.officer_name,
        "officer_position": step.officer_position,
        "last_day": last_day(step.ends_at),
        "event": step.event,
    }


@dataclass(frozen=True)
class TextSize:
    """What decides whether a text is large: articles, and characters of the longer of the two languages."""

    articles: int
    characters: int


def text_size(version: DraftActVersion) -> TextSize:
    sizes = list(version.texts.values_list("articles", "characters"))
    return TextSize(max((s[0] for s in sizes), default=0), max((s[1] for s in sizes), default=0))


# --- the page of preparing -----------------------------------------------------------------------


@dataclass(frozen=True)
class DoubtView:
    """A doubt of the reader of texts, in the language of the page. `anchor` is the provision on the page of the text.

    `url` leads to it from there; `lang` is that of `place`; `printed`: "page 3, line 12" of a PDF, "" for other files.
    """

    message: str
    place: str
    anchor: str
    url: str = ""
    printed: str = ""
    lang: str = ""


@dataclass(frozen=True)
class OutlineItem:
    """A line of the outline, in the shape of components/outline.html."""

    title: str
    url: str
    lang: str
    current: bool = False
    count: str = ""
    children: tuple[Any, ...] = ()


@dataclass(frozen=True)
class TextView:
    """The text in one language: what came, what was recognised, what should be looked at."""

    language: str
    text: VersionText | None
    provisions: int = 0
    outline: tuple[OutlineItem, ...] = ()
    outline_rest: int = 0
    doubts: tuple[DoubtView, ...] = ()
    steps: int = 0  # of mending by hand

    @property
    def status(self) -> str:
        """A code of the status group "recognition"."""
        if self.text is None:
            return "waiting"
        if self.text.confirmed_at:
            return "confirmed"
        return "doubt" if self.doubts else "ready"


@dataclass(frozen=True)
class PaperRow:
    """A kind of paper, whether the template asks for it, and what was attached."""

    paper: Paper
    required: bool
    attachments: tuple[Attachment, ...] = ()
    only_amending: bool = False
    filled_in: bool = False  # of the function card: data, not a file

    @property
    def missing(self) -> bool:
        if self.paper == Paper.FUNCTION_CARD:
            return self.required and not self.filled_in
        return self.required and not self.attachments


@dataclass(frozen=True)
class PreparePage:
    """What the page of preparing shows; `required` are codes of deadlines.enums.Paper."""

    act: DraftAct
    version: DraftActVersion
    required: tuple[str, ...]
    stored_texts: dict[str, VersionText]
    texts: tuple[TextView, ...]
    papers: tuple[PaperRow, ...]

    @property
    def mending(self) -> bool:
        """A new version of an act that is registered already: titles and kind stay."""
        return not self.act.is_preparing

    @property
    def attached(self) -> set[str]:
        return {
            str(row.paper)
            for row in self.papers
            if (row.filled_in if row.paper == Paper.FUNCTION_CARD else row.attachments)
        }


def prepare_page(act: DraftAct, version: DraftActVersion, *, at: datetime) -> PreparePage:
    """In a fixed number of queries, however many papers and provisions there are."""
    template = deadlines.current_template(at=at)
    required = deadlines.required_papers(template, act.kind, amending=act.amending)
    found_texts, found_papers = texts(version), papers(version)
    mark_restricted(act, found_papers, at)
    return PreparePage(
        act=act,
        version=version,
        required=tuple(required),
        stored_texts=found_texts,
        texts=tuple(text_view(language, found_texts.get(language)) for language in LANGUAGES),
        papers=tuple(
            PaperRow(
                paper=paper,
                required=paper in required,
                attachments=tuple(a for a in found_papers if a.paper == paper),
                only_amending=paper == Paper.COMPARISON_TABLE,
                filled_in=paper == Paper.FUNCTION_CARD and functions.card(version).is_complete,
            )
            for paper in Paper
        ),
    )


def text_view(
    language: str, text: VersionText | None, *, whole: bool = False, page_url: str = ""
) -> TextView:
    """What was recognised in a text; `whole` gives the outline in full, its links on the page at `page_url`."""
    if text is None:
        return TextView(language, None)
    provisions = text.read["provisions"]
    outline = [
        OutlineItem(title=title, url=f"{page_url}{pieces.address(p['eid'], len(provisions))}", lang=language)
        for p in provisions
        if p["kind"] in OUTLINE_KINDS and (title := heading_of(p)) and "qstr_" not in p["eid"]
    ]
    shown = outline if whole else outline[:OUTLINE_LENGTH]
    return TextView(
        language=language,
        text=text,
        provisions=len(provisions),
        outline=tuple(shown),
        outline_rest=len(outline) - len(shown),
        doubts=tuple(doubts_of(text)),
        steps=getattr(text, "mended", 0),
    )


def heading_of(provision: dict[str, Any]) -> str:
    """«Статья 24¹. Название» of a read provision; its number alone where it has no label."""
    parts = [provision["label"], provision["heading"]]
    return " ".join(part for part in parts if part) or (provision["number"] or "")


def doubts_of(text: VersionText) -> list[DoubtView]:
    """The reader's doubts and ours (a text in the wrong place), in words, with their place."""
    units = {p["eid"]: p for p in text.read["provisions"]}
    doubts = []
    read_language = text.read.get("language")
    if read_language and read_language != text.language:
        doubts.append(DoubtView(str(WRONG_LANGUAGE[text.language]), "", ""))
    for doubt in text.read["doubts"]:
        eid = doubt["eid"] or ""
        place, lang = _place(units[eid], text.language) if eid in units else ("", "")
        printed = printed_at(doubt)
        if not place and doubt["line"] and not printed:
            place = gettext("line %(number)s") % {"number": doubt["line"]}
        message = legal_messages.DOUBTS.get(doubt["code"], doubt["message"])
        anchor = eid if eid in units else ""
        url = pieces.address(anchor, len(units)) if anchor else ""
        doubts.append(DoubtView(gettext(message), place, anchor, url, printed, lang))
    return doubts


def _place(unit: dict[str, Any], language: str) -> tuple[str, str]:
    """What a unit is called, and in which language: an article as it is printed, «3.» by its whole name."""
    if unit["kind"] in OUTLINE_KINDS and (title := heading_of(unit)):
        return title, language
    return naming.name_of(unit["eid"], page_language()), page_language()


def printed_at(doubt: dict[str, Any]) -> str:
    """Where a stored doubt about a PDF is printed, in the language of the page; "" without a page."""
    if not doubt.get("page"):
        return ""
    if not doubt.get("page_line"):
        return gettext("page %(page)s") % {"page": doubt["page"]}
    return gettext("page %(page)s, line %(line)s") % {"page": doubt["page"], "line": doubt["page_line"]}


WRONG_LANGUAGE = {
    TextLanguage.KY: _("This text stands in the place of the Kyrgyz text, but it reads as Russian."),
    TextLanguage.RU: _("This text stands in the place of the Russian text, but it reads as Kyrgyz."),
}


@dataclass(frozen=True)
class CheckedProvision:
    """A provision on the page where a text is checked, with the doubts about it."""

    eid: str
    name: str
    kind: str
    depth: int
    label: str
    heading: str
    text: str
    doubts: tuple[str, ...] = ()


def checked_provisions(
    text: VersionText, doubts: Iterable[DoubtView], piece: pieces.Piece
) -> list[CheckedProvision]:
    """What was recognised in a piece of a text, in document order; depth is the number of units around a provision."""
    by_eid: dict[str, list[str]] = {}
    for doubt in doubts:
        said = f"{doubt.message} ({doubt.printed})" if doubt.printed else doubt.message
        by_eid.setdefault(doubt.anchor, []).append(said)
    depths: dict[str, int] = {}
    here = page_language()
    rows = []
    for i, p in enumerate(text.read["provisions"][: piece.last]):
        depths[p["eid"]] = depths[p["parent"]] + 1 if p["parent"] in depths else 0
        if i < piece.first:
            continue
        rows.append(
            CheckedProvision(
                eid=p["eid"],
                name=naming.name_of(p["eid"], here),
                kind=p["kind"],
                depth=min(depths[p["eid"]], 5),
                label=p["label"] or "",
                heading=p["heading"] or "",
                text=p["text"] or "",
                doubts=tuple(by_eid.get(p["eid"], ())),
            )
        )
    return rows
