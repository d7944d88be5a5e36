"""Recognising what a line begins with: «Статья 24¹.», «5-берене», «1)», «а)», an edition mark, a note.

A line that only *mentions* a unit («Статья 21 настоящего Кодекса не применяется…») is no label: a heading has a
dot after its number, or nothing at all.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from dataclasses import dataclass
from typing import Literal

from apps.legal_text import numbers

LabelKind = Literal[
    "part", "section", "subsection", "chapter", "subchapter", "article", "note", "dot", "paren", "letter"
]

#: How deep a unit stands; a smaller one closes all that are deeper or equal.
LEVELS: dict[str, int] = {
    "part": 0, "section": 1, "subsection": 2, "chapter": 3, "subchapter": 4, "article": 5, "note": 6, "dot": 7,
    "paren": 8, "letter": 9,
}  # fmt: skip
#: A heading without a dot after its number may be a sentence that mentions the unit: the walk decides, and doubts.
UNDOTTED = "heading_without_dot"

_SUP = numbers.SUPERSCRIPTS
_STEP = r"(?:[-–—‑]\d{1,3})"
_ARABIC = rf"\d{{1,4}}{_STEP}*[{_SUP}]*{_STEP}*"
_ARTICLE_NUMBER = (
    rf"[\dЗ][\dОO]{{0,3}}{_STEP}*[{_SUP}]*{_STEP}*(?:\.\d{{1,3}}(?=\.?\s|\.?\Z))*(?:\s\d{{1,2}}(?=\s*\.))?"
)
_CONTAINER_NUMBER = (
    rf"(?:\d{{1,3}}|[IVXLCІХӀПШ]{{1,8}}|(?:[Оо][Нн]\s)?[А-ЯЁҢӨҮа-яёңөү]{{4,14}})"
    rf"{_STEP}*[{_SUP}]*(?:\.\d{{1,2}}(?=\.))?"
)

_ARTICLE_RU = re.compile(rf"((?:Статья|СТАТЬЯ)\s+({_ARTICLE_NUMBER})\s*(\.?))\s*(.*)\Z", re.S)
_ARTICLE_KY = re.compile(
    rf"(({_ARABIC})\s?[-–—‑]?\s?(?:берене|БЕРЕНЕ|Берене|статья|СТАТЬЯ)(?![\w-])\s*(\.?))\s*(.*)\Z", re.S
)
_CHAPTER_RU = re.compile(rf"((?:Глава|ГЛАВА)\s+({_CONTAINER_NUMBER})(?!\w)\s*(\.?))\s*(.*)\Z", re.S)
_CHAPTER_KY = re.compile(
    rf"(({_CONTAINER_NUMBER})\s?[-–—‑]?\s?(?:глава|ГЛАВА|Глава|бап|БАП|Бап)(?![\w-])\s*(\.?))\s*(.*)\Z", re.S
)
_SECTION_RU = re.compile(rf"((?:Раздел|РАЗДЕЛ)\s+({_CONTAINER_NUMBER})(?!\w)\s*(\.?))\s*(.*)\Z", re.S)
_SECTION_KY = re.compile(
    rf"(({_CONTAINER_NUMBER})\s?[-–—‑]?\s?(?:бөлүм|БӨЛҮМ|Бөлүм)(?![\w-])\s*(\.?))\s*(.*)\Z", re.S
)
_SUBSECTION_RU = re.compile(
    rf"((?:Подраздел|ПОДРАЗДЕЛ)\s+({_CONTAINER_NUMBER})(?!\w)\s*(\.?))\s*(.*)\Z", re.S
)
_SUBSECTION_KY = re.compile(
    rf"(({_CONTAINER_NUMBER})\s?[-–—‑]?\s?(?:бөлүмчө|БӨЛҮМЧӨ)(?![\w-])\s*(\.?))\s*(.*)\Z", re.S
)
_SUBCHAPTER = re.compile(
    rf"((?:(?:Параграф|ПАРАГРАФ)\s+|§\s*)({_CONTAINER_NUMBER})(?!\w)\s*(\.?))\s*(.*)\Z", re.S
)
_SUBCHAPTER_KY = re.compile(
    rf"(({_CONTAINER_NUMBER})\s?[-–—‑]?\s?(?:параграф|ПАРАГРАФ|§)(?![\w-])\s*(\.?))\s*(.*)\Z", re.S
)
_PART = re.compile(
    r"((?:ОБЩАЯ|Общая|ОСОБЕННАЯ|Особенная|ЖАЛПЫ|Жалпы|ӨЗГӨЧӨ|Өзгөчө)\s+(?:ЧАСТЬ|часть|БӨЛҮК|бөлүк)\s*(\.?))\s*(.*)\Z",
    re.S,
)
_PART_ORDINAL = re.compile(r"((?:ЧАСТЬ|Часть)\s+([А-ЯЁа-яё]{4,12})\s*(\.?))\s*(.*)\Z", re.S)
_DOT = re.compile(rf"((\d{{1,3}}(?:\.\d{{1,3}})*{_STEP}*[{_SUP}]*)(\.(?!\d)|(?=\s)))\s*(.*)\Z", re.S)
_ROMAN_DOT = re.compile(r"([IVX]{1,6}\.)\s*([А-ЯЁҢӨҮ].*[^.;:,])\Z", re.S)
_PAREN = re.compile(rf"((\d{{1,3}}(?:\.\d{{1,3}})*{_STEP}*[{_SUP}]*)\s?\))\s*(.*)\Z", re.S)
_LETTER = re.compile(rf"(([а-яёңөүa-z](?:[{_SUP}]+|{_STEP}|\d{{1,2}})?)\s?\))\s*(.*)\Z", re.S)
_NOTE = re.compile(
    r"(\*?\s?(?:Примечани[ея]|ПРИМЕЧАНИ[ЕЯ]|Эскертүү(?:лөр)?|ЭСКЕРТҮҮ(?:ЛӨР)?)(?:\s*\d+)?\s*(?:[.:]|\Z))\s*(.*)\Z",
    re.S,
)

_CONTAINERS_KY: tuple[tuple[LabelKind, re.Pattern[str]], ...] = (
    ("chapter", _CHAPTER_KY),
    ("section", _SECTION_KY),
    ("subsection", _SUBSECTION_KY),
    ("subchapter", _SUBCHAPTER_KY),
)
_CONTAINERS: tuple[tuple[LabelKind, re.Pattern[str]], ...] = (
    ("chapter", _CHAPTER_RU),
    ("section", _SECTION_RU),
    ("subsection", _SUBSECTION_RU),
    ("subchapter", _SUBCHAPTER),
    *_CONTAINERS_KY,
)
_LATIN_FIRST = frozenset("ACEHKMOPTXBYacehkmoptxby")
_LATIN_TO_CYRILLIC = str.maketrans("ACEHKMOPTXBYacekmoptxyu", "АСЕНКМОРТХВУасекмортхуи")

_MARK = re.compile(r"редакци|в действие|внесен|киргизил|дополнен|введен", re.I)
_REPEALED = re.compile(r"утрати|исключ|күчүн жогот|алып салын", re.I)
_ATTENTION = re.compile(r"(?:Внимание|ВНИМАНИЕ|Көңүл бур\w*|КӨҢҮЛ БУР\w*)\s*!")

_ANNEX_RU = re.compile(
    r"((?:Приложение|ПРИЛОЖЕНИЕ)(?:\s*(?:№|N)?\s*(\d{1,3}(?:-\d{1,2})?))?)\s*[.:]?(?:\s+([кК]\s\S.{0,250}))?\Z"
)
_ANNEX_KY = re.compile(
    r"((?:(\d{1,3})\s?[-–‑]\s?)?(?:тиркеме|Тиркеме|ТИРКЕМЕ)(?:\s*(?:№|N)?\s*(\d{1,3}))?)\s*[.:]?\Z"
)
_ANNEX_KY_TO = re.compile(
    r"(.{3,250}(?:на|не|нө|ка|ко|го|га|ге)\s+(?:карата\s+)?(?:№?\s?(\d{1,3})\s?[-–‑]?\s?)?(?:тиркеме|Тиркеме))\Z"
)
_APPROVED = re.compile(
    r"(УТВЕРЖД[ЕЁ]Н[АОЫ]?|Утвержд[её]н[аоы]?|БЕКИТИЛГЕН|Бекитилген|БЕКИТИЛДИ|Бекитилди)\s*:?\Z"
)


@dataclass(frozen=True, slots=True)
class Label:
    """What a line begins with. `number` is normalised, or None when the unit carries none."""

    kind: LabelKind
    number: str | None
    printed: str
    rest: str
    doubt: str | None = None


@functools.lru_cache(maxsize=8192)  # each step of reading asks for the same lines again
def read(line: str) -> Label | None:
    """The label a line begins with, or None for an unnumbered paragraph."""
    if line[:1] in _LATIN_FIRST and (cyrillic := _in_cyrillic(line)):
        label = read(cyrillic)
        if label is None or label.kind == "letter":
            return None
        return dataclasses.replace(label, printed=line[: len(label.printed)], doubt="latin_letter")
    first = line[:1]
    if first.isdigit():
        return _arabic_first(line)
    if first in "СЗ":
        label = _article(_ARTICLE_RU.match(line))
        if label:
            return label
    if first in "ГРIVXLCІХӀБЭҮТАЖСОДВПШЧ§":
        for kind, pattern in _CONTAINERS:
            label = _container(kind, pattern.match(line))
            if label:
                return label
        if roman := _ROMAN_DOT.match(line):
            number = numbers.container_number(roman[1][:-1])
            return Label("chapter", number, roman[1], roman[2]) if number else None
    if first in "ОЖӨЧ":
        label = _part(line)
        if label:
            return label
    if first in "ПЭ*":
        match = _NOTE.match(line)
        if match:
            return Label("note", None, match[1].strip(), match[2])
    match = _LETTER.match(line)
    if match:
        step = match[2][1:]
        flattened = "flattened_number" if step.isdecimal() and step.isascii() else None
        return Label("letter", numbers.letter(match[2]), match[1], match[3], flattened)
    return None


def _in_cyrillic(line: str) -> str | None:
    """The line with its first word in Cyrillic, if that word mixes Latin letters among Cyrillic ones."""
    word = re.match(r"[^\W\d_]{4,}", line)
    if word is None or not re.search(r"[а-яёңөү]", word.group(), re.I):
        return None
    cyrillic = word.group().translate(_LATIN_TO_CYRILLIC)
    if cyrillic[0] in _LATIN_FIRST:  # h and b look like no small letter of ours
        return None
    return cyrillic + line[word.end() :]


def _arabic_first(line: str) -> Label | None:
    label = _article(_ARTICLE_KY.match(line))
    for kind, pattern in _CONTAINERS_KY:
        label = label or _container(kind, pattern.match(line))
    if label:
        return label
    match = _PAREN.match(line)
    if match:
        return Label("paren", numbers.normalise(match[2]), match[1], match[3])
    match = _DOT.match(line)
    if match:
        number, dot, rest = match[2], match[3], match[4]
        # «2.1  Размеры…» without the last dot is a number; «2.5 процента» and «2017 года» are not.
        if dot or ("." in number and rest[:1].isupper()):
            return Label("dot", numbers.normalise(number), match[1].strip(), rest)
    return None


def _article(match: re.Match[str] | None) -> Label | None:
    if not match:
        return None
    printed, number, dot, rest = match[1].strip(), match[2], match[3], match[4]
    if rest[:1].islower():
        return None
    doubt = None
    if rest and not dot and not rest.startswith("("):
        if not _may_be_title(rest):
            return None
        doubt = UNDOTTED
    if re.search(r"[ЗОO]", number):
        doubt = "lookalike_letter"
    elif " " in number:
        doubt = "flattened_number"
    return Label("article", numbers.normalise(number), printed, rest, doubt)


def _may_be_title(rest: str) -> bool:
    """Words that could be a title although no dot stands before them; a sentence ends with its own."""
    return rest[0].isupper() and len(rest) < 200 and not rest.endswith((".", ";", ":", ","))


def _container(kind: LabelKind, match: re.Match[str] | None) -> Label | None:
    if not match:
        return None
    printed, number, dot, rest = match[1].strip(), numbers.container_number(match[2]), match[3], match[4]
    if number is None or rest[:1].islower():
        return None
    if rest and not dot and rest.endswith((".", ";", ",")) and not rest.isupper():
        return None
    doubt = "lookalike_letter" if re.match(r"[ПШ]{1,3}\Z", match[2]) else None
    return Label(kind, number, printed, rest, doubt)


def _part(line: str) -> Label | None:
    match = _PART.match(line)
    if match:
        number = "1" if match[1][:1] in "ОЖ" and match[1][:2].upper() in ("ОБ", "ЖА") else "2"
        return None if match[3] and not match[2] else Label("part", number, match[1].strip(), match[3])
    match = _PART_ORDINAL.match(line)
    if match:
        ordinal = numbers.container_number(match[2])
        if ordinal and not (match[4] and not match[3]) and not match[4][:1].islower():
            return Label("part", ordinal, match[1].strip(), match[4])
    return None


def is_mark(line: str) -> bool:
    """An edition mark in brackets: «(В редакции Законов КР от …)». A repealed unit's stub is not one."""
    head = line[:200]
    return head.startswith("(") and bool(_MARK.search(head)) and not _REPEALED.search(head)


def is_attention(line: str) -> bool:
    """The first line of a warning block: «Внимание! Изменения, внесённые …»."""
    return bool(_ATTENTION.match(line))


def brackets_open(text: str) -> bool:
    return text.count("(") > text.count(")")


def is_approval(line: str) -> bool:
    """«УТВЕРЖДЕНО», which heads an annex that does not call itself one."""
    return bool(_APPROVED.match(line))


def annex(line: str) -> tuple[str, str | None, str] | None:
    """(label as printed, number or None, rest of the line) when the line opens an annex."""
    if len(line) > 300 or "иркеме" not in line and "риложение" not in line and not line.isupper():
        approved = _APPROVED.match(line)
        return (approved[1], None, "") if approved else None
    if match := _ANNEX_RU.match(line):
        return None if (match[3] or "").endswith((".", ";", ":")) else (match[1], match[2], match[3] or "")
    if match := _ANNEX_KY.match(line) or _ANNEX_KY_TO.match(line):
        groups = [group for group in match.groups()[1:] if group]
        return (match[1], groups[0] if groups else None, "")
    approved = _APPROVED.match(line)
    return (approved[1], None, "") if approved else None
