"""Recognising what a line begins with: «Статья 24¹.», «5-берене», «1)», «а)», an edition mark, a note.

A line that only *mentions* a unit («Статья 21 настоящего Кодекса не применяется…») is no label: a heading has a
dot after its number, or nothing at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from apps.legal_text import numbers

LabelKind = Literal["part", "section", "chapter", "article", "dot", "paren", "letter", "note"]

#: How deep a unit stands; a smaller one closes all that are deeper or equal.
LEVELS: dict[str, int] = {
    "part": 0, "section": 1, "chapter": 2, "article": 3, "note": 4, "dot": 5, "paren": 6, "letter": 7,
}  # fmt: skip

_SUP = numbers.SUPERSCRIPTS
_STEP = r"(?:[-–—‑]\d{1,3})"
_ARABIC = rf"\d{{1,4}}{_STEP}*[{_SUP}]*{_STEP}*"
_ARTICLE_NUMBER = rf"[\dЗ][\dОO]{{0,3}}{_STEP}*[{_SUP}]*{_STEP}*(?:\s\d{{1,2}}(?=\s*\.))?"
_CONTAINER_NUMBER = rf"(?:\d{{1,3}}|[IVXLCІХӀ]{{1,8}}|[А-ЯЁҢӨҮа-яёңөү]{{4,12}}){_STEP}*[{_SUP}]*"

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
_PART = re.compile(
    r"((?:ОБЩАЯ|Общая|ОСОБЕННАЯ|Особенная|ЖАЛПЫ|Жалпы|ӨЗГӨЧӨ|Өзгөчө)\s+(?:ЧАСТЬ|часть|БӨЛҮК|бөлүк)\s*(\.?))\s*(.*)\Z",
    re.S,
)
_PART_ORDINAL = re.compile(r"((?:ЧАСТЬ|Часть)\s+([А-ЯЁа-яё]{4,12})\s*(\.?))\s*(.*)\Z", re.S)
_DOT = re.compile(rf"((\d{{1,3}}(?:\.\d{{1,3}})*{_STEP}*[{_SUP}]*)(\.(?!\d)|(?=\s)))\s*(.*)\Z", re.S)
_ROMAN_DOT = re.compile(r"([IVX]{1,6}\.)\s*([А-ЯЁҢӨҮ].*[^.;:,])\Z", re.S)
_PAREN = re.compile(rf"((\d{{1,3}}{_STEP}*[{_SUP}]*)\s?\))\s*(.*)\Z", re.S)
_LETTER = re.compile(rf"(([а-яёңөүa-z](?:[{_SUP}]+|{_STEP})?)\))\s*(.*)\Z", re.S)
_NOTE = re.compile(
    r"((?:Примечани[ея]|ПРИМЕЧАНИ[ЕЯ]|Эскертүү(?:лөр)?|ЭСКЕРТҮҮ(?:ЛӨР)?)(?:\s*\d+)?\s*(?:[.:]|\Z))\s*(.*)\Z",
    re.S,
)

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


def read(line: str) -> Label | None:
    """The label a line begins with, or None for an unnumbered paragraph."""
    first = line[:1]
    if first.isdigit():
        return _arabic_first(line)
    if first in "СЗ":
        label = _article(_ARTICLE_RU.match(line))
        if label:
            return label
    if first in "ГРIVXLCІХӀБЭҮТАЖСОДВП":
        for kind, pattern in (
            ("chapter", _CHAPTER_RU),
            ("section", _SECTION_RU),
            ("chapter", _CHAPTER_KY),
            ("section", _SECTION_KY),
        ):
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
    if first in "ПЭ":
        match = _NOTE.match(line)
        if match:
            return Label("note", None, match[1].strip(), match[2])
    match = _LETTER.match(line)
    if match:
        return Label("letter", numbers.letter(match[2]), match[1], match[3])
    return None


def _arabic_first(line: str) -> Label | None:
    label = (
        _article(_ARTICLE_KY.match(line))
        or _container("chapter", _CHAPTER_KY.match(line))
        or _container("section", _SECTION_KY.match(line))
    )
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
    if rest and (not dot or rest[0].islower()):
        return None
    doubt = (
        "lookalike_letter" if re.search(r"[ЗОO]", number) else "flattened_number" if " " in number else None
    )
    return Label("article", numbers.normalise(number), printed, rest, doubt)


def _container(kind: str, match: re.Match[str] | None) -> Label | None:
    if not match:
        return None
    printed, number, rest = match[1].strip(), numbers.container_number(match[2]), match[4]
    if number is None or rest[:1].islower():
        return None
    return Label("chapter" if kind == "chapter" else "section", number, printed, rest)


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
