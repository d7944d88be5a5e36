"""Akoma Ntoso 3.0 (OASIS LegalDocML): a read act as XML, one expression for each language.

Every provision keeps its eid as `eId`. What the standard has no element for is an `hcontainer` that says its name:
sub-points and notes. A paragraph (абзац) is an `alinea`, a part (часть) a `paragraph`. Instructions of an amending act
are the unit they are numbered as; quoted new wording is a `quotedStructure` within the `mod` of its instruction.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from apps.legal_text.provisions import Provision, ReadAct

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_N = f"{{{NAMESPACE}}}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: ISO 639-2 codes, which the standard wants in addresses; and what `xml:lang` wants.
LANGUAGES = {"ky": "kir", "ru": "rus"}
_ELEMENTS = {
    "part": "part",
    "section": "section",
    "chapter": "chapter",
    "article": "article",
    "paragraph": "paragraph",
    "point": "point",
    "indent": "alinea",
}
#: An instruction is told by its own number: what it is numbered as says the last step of its eid.
_BY_PREFIX = {"para": "paragraph", "point": "point", "al": "indent", "subpoint": "subpoint"}
_APART = frozenset(("preamble", "signature", "closing", "annex"))
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Work:
    """What the text does not say about itself (FRBR): who made it, its number and dates, under which name it is kept.

    `number` becomes part of the address, ASCII only ("PA-2026-0001"). `date` is the work's; `version_date` and
    `version` are the expression's; `produced` is the day the file is made. `publisher` and `author` are names to show.
    """

    number: str
    date: datetime.date
    version_date: datetime.date
    produced: datetime.date
    author: str
    publisher: str
    version: int | None = None
    document: Literal["act", "bill"] = "bill"
    country: str = "kg"


def export(act: ReadAct, work: Work) -> bytes:
    """The act as an XML document in UTF-8; its language is that of the reading ("ru" where it is not known)."""
    root = etree.Element(f"{_N}akomaNtoso", nsmap={None: NAMESPACE})
    written: bytes = etree.tostring(_Export(act, work, root).tree(), encoding="UTF-8", xml_declaration=True)
    return written


def addresses(act: ReadAct, work: Work) -> tuple[str, str]:
    """(address of the work, of this expression), as the standard's naming convention has them."""
    kind = _UNSAFE.sub("-", act.kind or "other_decision")
    number = _UNSAFE.sub("-", work.number).strip("-") or "nn"
    of_work = f"/akn/{work.country}/{work.document}/{kind}/{work.date.isoformat()}/{number}"
    return of_work, f"{of_work}/{LANGUAGES.get(act.language or '', 'rus')}@{work.version_date.isoformat()}"


class _Export:
    def __init__(self, act: ReadAct, work: Work, root: etree._Element) -> None:
        self.act, self.work, self.root = act, work, root
        self.language = act.language or "ru"
        self.children: dict[str | None, list[Provision]] = {}
        for provision in act.provisions:
            self.children.setdefault(provision.parent, []).append(provision)

    def tree(self) -> etree._Element:
        document = _sub(self.root, self.work.document)
        document.set("name", _UNSAFE.sub("-", self.act.kind or "other_decision"))
        document.set("contains", "originalVersion")
        self._meta(_sub(document, "meta"), "main")
        top = self.children.get(None, [])
        for preamble in (provision for provision in top if provision.kind == "preamble"):
            self._preamble(document, preamble)
        body = _sub(document, "body")
        body.set(_XML_LANG, self.language)
        self._units(body, [provision for provision in top if provision.kind not in _APART])
        if not len(body):
            _sub(body, "hcontainer").set("name", "empty")
        self._conclusions(document, [p for p in top if p.kind in ("signature", "closing")])
        self._attachments(document, [p for p in top if p.kind == "annex"])
        return self.root

    # meta

    def _meta(self, meta: etree._Element, component: str) -> None:
        of_work, of_expression = addresses(self.act, self.work)
        identification = _sub(meta, "identification", source="#publisher")
        work = _sub(identification, "FRBRWork")
        self._properties(work, of_work, component, self.work.date, "Generation", "#author")
        _sub(work, "FRBRcountry", value=self.work.country)
        _sub(work, "FRBRsubtype", value=_UNSAFE.sub("-", self.act.kind or "other_decision"))
        _sub(work, "FRBRnumber", value=self.work.number)
        if self.act.title:
            _sub(work, "FRBRname", value=_clean(" ".join(self.act.title.split())))
        expression = _sub(identification, "FRBRExpression")
        self._properties(expression, of_expression, component, self.work.version_date, "Version", "#author")
        if self.work.version is not None:
            _sub(expression, "FRBRversionNumber", value=str(self.work.version))
        _sub(expression, "FRBRlanguage", language=LANGUAGES.get(self.language, "rus"))
        manifestation = _sub(identification, "FRBRManifestation")
        self._properties(
            manifestation, f"{of_expression}.xml", component, self.work.produced, "Transform", "#publisher"
        )
        _sub(manifestation, "FRBRformat", value="application/akn+xml")
        if component == "main":
            references = _sub(meta, "references", source="#publisher")
            for name, shown in (("author", self.work.author), ("publisher", self.work.publisher)):
                href = f"/akn/ontology/organization/{self.work.country}/{name}"
                _sub(references, "TLCOrganization", eId=name, href=href, showAs=_clean(shown))

    def _properties(
        self, level: etree._Element, uri: str, component: str, date: datetime.date, name: str, author: str
    ) -> None:
        _sub(level, "FRBRthis", value=f"{uri}/!{component}")
        _sub(level, "FRBRuri", value=uri)
        _sub(level, "FRBRdate", date=date.isoformat(), name=name)
        _sub(level, "FRBRauthor", href=author)

    # what stands around the units

    def _preamble(self, document: etree._Element, preamble: Provision) -> None:
        """The heading of the act is its preface; the wording its preamble, which has the eid where there is one."""
        if preamble.heading:
            preface = _sub(document, "preface")
            preface.set(_XML_LANG, self.language)
            for line in preamble.heading.split("\n"):
                _text(_sub(preface, "p"), line)
            if not preamble.text:
                preface.set("eId", preamble.eid)
        if preamble.text or not preamble.heading:
            wording = _sub(document, "preamble", eId=preamble.eid)
            wording.set(_XML_LANG, self.language)
            _text(_sub(wording, "p"), preamble.text or "")
            for further in self.children.get(preamble.eid, []):
                _text(_sub(wording, "p", eId=further.eid), _own_words(further))

    def _conclusions(self, document: etree._Element, blocks: list[Provision]) -> None:
        if blocks:
            conclusions = _sub(document, "conclusions")
            conclusions.set(_XML_LANG, self.language)
            for block in blocks:
                _text(_sub(conclusions, "p", eId=block.eid), _own_words(block))

    def _attachments(self, document: etree._Element, annexes: list[Provision]) -> None:
        if not annexes:
            return
        attachments = _sub(document, "attachments")
        for annex in annexes:
            attachment = _sub(attachments, "attachment", eId=annex.eid)
            if annex.label:
                _text(_sub(attachment, "num"), annex.label)
            if annex.heading:
                _text(_sub(attachment, "heading"), annex.heading)
            content = _sub(attachment, "doc", name="annex")
            self._meta(_sub(content, "meta"), annex.eid)
            body = _sub(content, "mainBody")
            body.set(_XML_LANG, self.language)
            if annex.text or not self.children.get(annex.eid):
                _text(_sub(body, "p"), annex.text or "")
            self._units(body, self.children.get(annex.eid, []))

    # units

    def _units(self, holder: etree._Element, provisions: Iterable[Provision]) -> None:
        """Units one after another. A quotation belongs to the paragraph before it, which announces it."""
        last: etree._Element | None = None
        for provision in provisions:
            if provision.kind != "quoted":
                last = self._unit(holder, provision)
                continue
            if last is None or last.tag != f"{_N}alinea" or last.find(f"{_N}content") is None:
                last = _sub(holder, "hcontainer", name="quotation")
                _sub(last, "content")
            self._quotation(last[-1], provision)

    def _unit(self, holder: etree._Element, provision: Provision) -> etree._Element:
        kind = provision.kind
        if kind == "instruction":
            kind = _BY_PREFIX.get(provision.eid.rpartition("__")[2].partition("_")[0], "point")
        element = _sub(holder, _ELEMENTS.get(kind, "hcontainer"), eId=provision.eid)
        if kind not in _ELEMENTS:
            element.set("name", kind)
        if provision.label:
            _text(_sub(element, "num"), provision.label)
        if provision.heading:
            _text(_sub(element, "heading"), provision.heading)
        inside = self.children.get(provision.eid, [])
        at_once = next((i for i, child in enumerate(inside) if child.kind != "quoted"), len(inside))
        if provision.text or at_once:
            words = _sub(element, "intro" if at_once < len(inside) else "content")
            if provision.text:
                _text(_sub(words, "p"), provision.text)
            for child in inside[:at_once]:
                self._quotation(words, child)
        elif not inside:
            _sub(_sub(element, "content"), "p")
        self._units(element, inside[at_once:])
        return element

    def _quotation(self, words: etree._Element, quoted: Provision) -> None:
        modification = _sub(_sub(words, "p"), "mod")
        structure = _sub(modification, "quotedStructure", eId=quoted.eid)
        if quoted.label:
            structure.set("startQuote", quoted.label)
        inside = self.children.get(quoted.eid, [])
        if quoted.text or not inside:
            _text(_sub(structure, "p"), quoted.text or "")
        self._units(structure, inside)


def _sub(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{_N}{tag}", {key: _clean(value) for key, value in attributes.items()})


def _own_words(provision: Provision) -> str:
    return "\n".join(part for part in (provision.label, provision.heading, provision.text) if part)


def _text(element: etree._Element, words: str) -> None:
    """Words as the element's text, line ends as `br`."""
    first, *others = _clean(words).split("\n")
    element.text = first
    for line in others:
        _sub(element, "br").tail = line


def _clean(words: str) -> str:
    """Without the few characters that XML cannot hold."""
    return _NOT_XML.sub("", words)
