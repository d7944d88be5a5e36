"""What stands above the first unit of an act: kind, title, dates, contents, and the preamble's wording."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.legal_text import labels
from apps.legal_text.lines import Line, label

#: «… постановляет:», «… токтом кылат:»: the last line of a preamble.
ENACTING = re.compile(
    r"(?:постановля(?:ет|ю)|приказыва(?:ю|ет)|решил[аи]?|решает|обязыва(?:ю|ет)|распоряжаюсь"
    r"|токтом\s+кыл(?:ат|ам|ышат)|буйрук\s+кыл(?:ат|ам)|буйрук\s+берем|чечим\s+кыл(?:ат|ды)|чечти|жарлык\s+кыл(?:ат|ам))"
    r"\s*:\s*\Z",
    re.I,
)
_DATE = re.compile(r"\d{4}\s?[-–]?\s?(?:год|г\.|жыл|ж\.)|\d{1,2}\.\d{1,2}\.\d{4}")
_META = re.compile(
    r"(?:проект|долбоор)\b|от\s+[\"«_\d]|№|n\s?\d|г\.\s?\S|город\s|принят\b|принята?\s|бишкек|внимание|көңүл бур"
    r"|вступа(?:ет|ют) в силу|изменения, внесенн|содержание\Z|оглавление\Z|мазмуну\Z",
    re.I,
)
_ADOPTED = re.compile(r"кабыл алын(?:ган|ды)|^принят[аоы]?\s", re.I)
_TITLE_RU = re.compile(r"(?:О|Об|ОБ|Обо)\s+\S")
_TITLE_KY = re.compile(r"(?:жөнүндө|тууралуу)(?:гу)?[\"»”]?\Z", re.I)
_ACT_WORD = re.compile(
    r"\b(?:закон|конституционный закон|постановление|распоряжение|указ|приказ|решение"
    r"|мыйзам(?:ы|дык)?|токтому?|жарлы(?:к|гы)|буйру(?:к|гу)|чечими?|тескеме(?:си)?)\b",
    re.I,
)
_CODE = re.compile(r"\b(?:кодекс|кодекси)\b", re.I)
_WORDING = re.compile(
    r"(?:Настоящ\w+|Ушул|Бул)\s+(?:\w+\s+)?(?:Кодекс|Закон|Мыйзам|Положени|Жобо|Конституци)|Мы, народ|Биз, |Исходя|В целях"
    r"|В соответствии|Руководствуясь|На основании|Во исполнение",
)
_CODE_TAIL = re.compile(r"\s+(?:от\s+\d{1,2}\s.*|\d{4}[-\s].*№.*)\Z", re.S)
_ACT_THEN_TITLE = re.compile(
    r"(?:КОНСТИТУЦИОННЫЙ\s+)?(?:ЗАКОН|ПОСТАНОВЛЕНИЕ|УКАЗ|ПРИКАЗ)\b[^.]*?\s(?=(?:О|Об|ОБ)\s)", re.I
)


@dataclass(frozen=True, slots=True)
class Front:
    """`body` is the index of the first line that belongs to a unit; the lines before it are heading and wording."""

    title: str | None
    header: str
    heading: tuple[Line, ...]
    wording: tuple[Line, ...]
    body: int


def read(lines: Sequence[Line]) -> Front:
    """Divide the first lines of an act (or of a fragment that begins like one)."""
    body, contents_end = _body_start(lines)
    top = lines[:body]
    title, title_end = _title(top[: contents_end[0]] if contents_end else top)
    if contents_end:
        wording_at = contents_end[1]
    else:
        wording_at = _wording_start(top, title_end)
    header = " ".join(line.text for line in top[: title_end if title else len(top)])
    return Front(title, header, tuple(top[:wording_at]), _sentences(top[wording_at:]), body)


def _sentences(wording: Sequence[Line]) -> tuple[Line, ...]:
    """The wording, a sentence that goes on in the next line («… Кыргызской Республики / постановляет:») as one."""
    found: list[Line] = []
    for line in wording:
        before = found[-1] if found else None
        enacts = ENACTING.fullmatch(line.text)
        if before and before.text[-1] not in ".;:!?" and not line.note and (enacts or not line.after_blank):
            found[-1] = dataclasses.replace(before, text=f"{before.text}\n{line.text}")
        else:
            found.append(line)
    return tuple(found)


def _body_start(lines: Sequence[Line]) -> tuple[int, tuple[int, int] | None]:
    """Index of the first unit, and (start, end) of a table of contents before it, if there is one."""
    found = [label(line) for line in lines]
    structural = [i for i, read in enumerate(found) if _is_structural(read)]
    if structural:
        first = structural[0]
        contents = _contents(found, first)
        return (contents[2], contents[:2]) if contents else (first, None)
    for i, line in enumerate(lines):
        read = found[i]
        if read and read.kind in ("dot", "paren") and read.number == "1":
            return i, None
        if ENACTING.search(line.text):
            return i + 1, None
    return _unstructured_start(lines), None


def _is_structural(read: labels.Label | None) -> bool:
    return read is not None and labels.LEVELS[read.kind] <= labels.LEVELS["article"]


def _contents(found: Sequence[labels.Label | None], first: int) -> tuple[int, int, int] | None:
    """A run of headings without bodies whose first one comes again: (start, end of the run, where the body starts).

    A heading may go on in a second line; the run ends where the first one comes again, or where a body begins.
    """
    opening = found[first]
    if opening is None:
        return None

    def comes_again(read: labels.Label | None) -> bool:
        return read is not None and (read.kind, read.number) == (opening.kind, opening.number)

    end = first + 1
    while end < len(found) and not comes_again(found[end]):
        following = found[end + 1] if end + 1 < len(found) else None
        goes_on = found[end] is None and _is_structural(found[end - 1]) and not comes_again(following)
        if not _is_structural(found[end]) and not (goes_on and _is_structural(following)):
            break
        end += 1
    run = sum(_is_structural(read) for read in found[first:end])
    if run < 3 or end - first > 1.5 * run:
        return None
    again = next((at for at in range(end, len(found)) if comes_again(found[at])), None)
    return None if again is None else (first, end, again)


def _unstructured_start(lines: Sequence[Line]) -> int:
    """Without any unit the heading ends with the title and what belongs to it; the rest are paragraphs."""
    _, end = _title(lines)
    while end < len(lines) and _is_header(lines[end].text):
        end += 1
    return end


def _title(top: Sequence[Line]) -> tuple[str | None, int]:
    """The act's title and the index after its last line."""
    for i, line in enumerate(top[:40]):
        text = line.text
        if _is_wording(text) or labels.is_mark(text):
            if i and _is_wording(text):
                break
            continue
        if _TITLE_RU.match(text):
            return _joined(top, i)
        if split := _ACT_THEN_TITLE.match(text):
            title, end = _joined(top, i)
            return title[split.end() :] if title else None, end
        if _TITLE_KY.search(text):
            start = i
            while start and not _is_header(top[start - 1].text) and not top[start].after_blank:
                start -= 1
            return " ".join(part.text for part in top[start : i + 1]), i + 1
        if _CODE.search(text) and not _ADOPTED.search(text) and len(text) < 200 and not _DATE.match(text):
            following = top[i + 1].text if i + 1 < len(top) else ""
            if text.isupper() and following.isupper() and _TITLE_RU.match(following):
                title, end = _joined(top, i + 1)
                return f"{text} {title}", end
            return _CODE_TAIL.sub("", text), i + 1
    for i, line in enumerate(top[:40]):
        if not _is_header(line.text) and not _is_wording(line.text) and len(line.text) < 400:
            return _joined(top, i)
    return (top[0].text, 1) if top and len(top[0].text) < 400 else (None, 0)


def _joined(top: Sequence[Line], start: int) -> tuple[str, int]:
    """A title that runs over several lines: until a gap, a date, a mark or the wording."""
    parts = [top[start].text]
    end = start + 1
    while end < len(top):
        line = top[end]
        if line.after_blank or _is_header(line.text) or _is_wording(line.text) or _TITLE_KY.search(parts[-1]):
            break
        if not (line.text[0].islower() or line.text.isupper() or line.text[0] in '"«“('):
            break
        parts.append(line.text)
        end += 1
    return " ".join(parts), end


def _is_header(text: str) -> bool:
    """A line of the heading that is not the title: kind of act, body, date, place, number, adoption, edition mark."""
    if _TITLE_RU.match(text):
        return False
    short = len(text) < 160
    return (
        labels.is_mark(text)
        or labels.is_attention(text)
        or bool(_META.match(text))
        or (short and bool(_ADOPTED.search(text)))
        or (short and bool(_ACT_WORD.search(text)) and not _TITLE_KY.search(text))
        or (len(text) < 90 and bool(_DATE.search(text)) and not _TITLE_KY.search(text))
        or (
            text.isupper()
            and bool(re.match(r"КЫРГЫЗ|ЖОГОРКУ|КАБИНЕТ|ПРАВИТЕЛЬСТВ|МИНИСТ|ПРЕЗИДЕНТ|УЛУТТУК|НАЦИОН", text))
        )
    )


def _is_wording(text: str) -> bool:
    if ENACTING.search(text) or _WORDING.match(text):
        return True
    return len(text) > 200 and text.endswith((".", ":", ";")) and not labels.is_mark(text)


def _wording_start(top: Sequence[Line], title_end: int) -> int:
    """Index of the first line of the preamble's wording, after the title and what belongs to it."""
    open_mark = False
    for i in range(title_end, len(top)):
        text = top[i].text
        if open_mark or labels.is_mark(text):
            open_mark = labels.brackets_open(text) if not open_mark else ")" not in text
            continue
        if _is_wording(text):
            return _sentence_start(top, title_end, i) if ENACTING.search(text) else i
        if _is_header(text):
            continue
        if text.endswith((".", ":", ";")) and len(text) > 60:
            return i
    return len(top)


def _sentence_start(top: Sequence[Line], lowest: int, i: int) -> int:
    """Of a sentence whose last words enact («Мыйзамга ылайык / айылдык кеңеш / ТОКТОМ КЫЛАТ:»)."""
    while i > lowest and not (_is_header(top[i - 1].text) or top[i - 1].text.endswith((".", ";", ":", ")"))):
        i -= 1
    return i


_PARLIAMENT = re.compile(r"ЖОГОРКУ\s+КЕ(?:НЕШ|ҢЕШ)")
_LOCAL_BODY = re.compile(
    r"АЙЫЛ(?:НЫЙ|НОГО)?\s+(?:[ОӨ]КМОТУ|ӨКМӨТ)|\bМЭР(?:А|У|ОМ|ИЯ|ИИ|ИЯСЫ\w*|ИНИН|ДИН|ИНЕ)?\b"
)
_CABINET = re.compile(r"КАБИНЕТА?\s+МИНИСТРОВ|МИНИСТРЛЕР\s+КАБИНЕТ|ПРАВИТЕЛЬСТВ|ӨКМӨТ")
_STATE_ADMINISTRATION = re.compile(
    r"(?:ГОСУДАРСТВЕНН\w+|МАМЛЕКЕТТИК)\s+АДМИНИСТРАЦИ|ПОЛНОМОЧН\w+\s+ПРЕДСТАВИТЕЛ|ЫЙГАРЫМ\s+УКУКТУУ\s+ӨКҮЛ"
    r"|\bАКИМ(?:А|И|ИНИН)?\b|АКИМИАТ|АДМИНИСТРАЦИЯСЫНЫН"
)
_BANK = re.compile(r"НАЦИОНАЛЬН\w+\s+БАНК|УЛУТТУК\s+БАНК")
_KENESH = re.compile(r"КЕ(?:НЕШ|ҢЕШ)")


def act_kind(front: Front, closing: str) -> str | None:
    """The kind of act from its heading, else from the enacting words and who adopted or signed it."""
    header = front.header.upper()
    title = (front.title or "").upper()
    # The title may name other acts («О внесении изменений в Закон …»): look at it last.
    named = header.replace(title, " ") if title and _names_subject(front.title or "") else header
    wording = " ".join(line.text for line in front.wording).upper()
    rest_of_heading = " ".join(line.text for line in front.heading).upper()
    who = f"{named} {wording[-600:]}"
    if re.search(r"КОНСТИТУЦИОННЫЙ\s+ЗАКОН|КОНСТИТУЦИЯЛЫК\s+МЫЙЗАМЫ?\b", named):
        return "constitutional_law"
    if re.search(r"\bПОСТАНОВЛЕНИ|\bТОКТОМ", named):
        return _resolution_of(named) or _resolution_of(who) or "other_decision"
    if re.search(r"\bРАСПОРЯЖЕНИ|\bТЕСКЕМЕ|\bПРИКАЗ|\bБУЙРУ[КГ]", named):
        return _order_of(named)
    if re.search(r"\bУКАЗ\b|\bЖАРЛЫ[КГ]", named):
        return "presidential_decree"
    if re.search(r"\bРЕШЕНИЕ\b|\bЧЕЧИМИ?\b", named):
        if _STATE_ADMINISTRATION.search(named):
            return "state_administration_decision"
        return "kenesh_resolution" if _KENESH.search(named) else "other_decision"
    if re.search(r"\bКОДЕКСИ?\b", title) and not _names_subject(front.title or ""):
        return "code"
    if re.search(r"\bКОДЕКСИ?\b", named) and not re.search(r"\bЗАКОН|\bМЫЙЗАМ", named):
        return "code"
    if re.search(r"\bЗАКОН\b|\bМЫЙЗАМЫ?\b", named):
        return "law"
    enacted = re.search(r"ПОСТАНОВЛЯ|ТОКТОМ\s+КЫЛ", wording)
    if enacted:
        return _resolution_of(who) or "other_decision"
    if re.search(r"ПРИКАЗЫВА|БУЙРУК\s+КЫЛ", wording):
        return _order_of(who)
    end = closing.upper()
    if _PARLIAMENT.search(rest_of_heading.replace(title, " ")) or (
        _PARLIAMENT.search(end) or re.search(r"\bПРЕЗИДЕНТИ?\b", end)
    ):
        return "law"
    # In Kyrgyz the word may stand below the title: «… жөнүндө / Кыргыз Республикасынын Кодекси».
    below = rest_of_heading.replace(title, " ")
    if re.search(r"РЕСПУБЛИК\w+\s+КОДЕКСИ?\b", below):
        return "code"
    return "law" if re.search(r"РЕСПУБЛИК\w+\s+(?:ЗАКОН|МЫЙЗАМЫ)\b|\bЗАКОН\s+КЫРГЫЗ", below) else None


def _names_subject(title: str) -> bool:
    return bool(_TITLE_RU.match(title) or _TITLE_KY.search(title))


def _resolution_of(who: str) -> str | None:
    for kind, pattern in (
        ("parliament_resolution", _PARLIAMENT),
        ("national_bank_resolution", _BANK),
        ("state_administration_decision", _STATE_ADMINISTRATION),
        ("lsg_order", _LOCAL_BODY),
        ("cabinet_resolution", _CABINET),
        ("kenesh_resolution", _KENESH),
    ):
        if pattern.search(who):
            return kind
    return None


def _order_of(who: str) -> str:
    if _STATE_ADMINISTRATION.search(who):
        return "state_administration_decision"
    if _LOCAL_BODY.search(who):
        return "lsg_order"
    if _CABINET.search(who):
        return "cabinet_order"
    if re.search(r"\bПРИКАЗ|\bБУЙРУ[КГ]", who):
        return "ministry_order"
    return "other_decision"
