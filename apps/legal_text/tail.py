"""What stands below the last unit of an act: who signed, and place, date and number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from apps.legal_text import labels
from apps.legal_text.lines import Line

_NAME = r"[А-ЯЁҢӨҮ]\.\s?(?:[А-ЯЁҢӨҮ][а-я]?\.)?\s?[А-ЯЁҢӨҮ][а-яёңөү]+(?:-[А-ЯЁҢӨҮ][а-яёңөү]+)?"
_HAS_NAME = re.compile(_NAME + r"\s*\Z")
_ROLE_FIRST = re.compile(
    r"(?:И\.\s?о\.\s*|Исполняющ\w+ обязанности\s+)?(?:Президент|Председател[ья]|Премьер-министр|Министр|Торага"
    r"|Мэр|Глава|Директор|Губернатор|Руководитель|Полномочный представитель|Заместитель|Первый заместитель|Аким"
    r"|Статс-секретарь)(?![а-яёңөү])"
)
_ROLE_LAST = re.compile(
    r"(?:[Пп]резиденти|[Тт]өрагасы|[Тт]орагасы|[Мм]инистри|[Мм]эри|[Бб]ашчысы|[Аа]кими|[Дд]иректору|[Жж]етекчиси"
    r"|[Оо]рун басары|[Өө]күлү|[Пп]ремьер-министри)(?![а-яёңөү])"
)
_PLACE_OR_DATE = re.compile(
    r"(?:г\.|гор\.|город|с\.|№|N\s?\d|от\s+\d|\d{4}\s?[-–]?\s?жыл|\d{1,2}\s+\S+\s+\d{4}\s+год|\d{1,2}\.\d{1,2}\.\d{4})"
    r"|.{0,40}(?:\sш\.|\sшаары|\sайылы),?\s*\Z|принят|.*кабыл алын",
    re.I,
)
_INLINE = re.compile(
    rf"(.*[.»\"”])\s+((?:Президент|Председатель|Премьер-министр|Торага)\b[^.]{{0,120}}?\s{_NAME})\Z", re.S
)
#: «Министрлер Кабинетинин / Төрагасы»: in Kyrgyz the body stands before the office, perhaps on lines of its own.
_GENITIVE = re.compile(r"(?:[нтд][ыиуү]н)\Z", re.I)
_LONGEST = 20


def with_signature_apart(lines: Sequence[Line]) -> list[Line]:
    """The lines, the last one cut in two when a signature was run on behind its text."""
    if lines and (match := _INLINE.match(lines[-1].text)):
        last = lines[-1]
        return [*lines[:-1], Line(last.no, match[1], last.after_blank), Line(last.no, match[2], False)]
    return list(lines)


def split(lines: Sequence[Line]) -> tuple[int, int]:
    """(index of the first line of the signature, index of the first line after it: place, date, number)."""
    start = len(lines)
    while start and len(lines) - start < _LONGEST and _may_be_tail(lines[start - 1].text):
        start -= 1
    signature = next((i for i in range(start, len(lines)) if _is_role(lines[i].text)), None)
    if signature is None:
        return len(lines), len(lines)
    while signature > start and _GENITIVE.search(lines[signature - 1].text):
        signature -= 1
    closing = signature + 1
    while closing < len(lines) and (
        _is_role(lines[closing].text) or not _PLACE_OR_DATE.match(lines[closing].text)
    ):
        closing += 1
    return signature, closing


def is_signature(text: str) -> bool:
    """A line of a signature: an office, or a name alone or at its end."""
    return _is_role(text) or (len(text) < 100 and bool(_HAS_NAME.search(text)))


def _is_role(text: str) -> bool:
    return bool(_ROLE_FIRST.match(text) or _ROLE_LAST.search(text))


def _may_be_tail(text: str) -> bool:
    if len(text) > 160 or text.startswith(("(", "-", "–")):
        return False
    if labels.read(text) and not _PLACE_OR_DATE.match(text):
        return False
    return not (text.endswith((".", ";", ":")) and len(text) > 30 and not _PLACE_OR_DATE.match(text))
