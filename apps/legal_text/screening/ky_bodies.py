"""Bodies of the executive in a Kyrgyz sentence, and how they stand in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.legal_text.screening import found
from apps.legal_text.screening.tokens import Token

#: Folded forms of the head, with the case group; everything after the head's own ending is a case.
_HEAD = re.compile(
    r"(?P<stem>кабинети|окмоту|окмот|министрлиги|министрликтер(?:и)?|министрлик|органдары|органдар|органы|орган|банкы|банк|фонду|фонд"
    r"|агенттиги|агенттик|комитети|комитет|инспекциясы|кызматы|департаменти|ведомстволору|ведомстволор|ведомствосу|ведомство"
    r"|администрациясы|борбору|министри|минфин|минюст|кыргызпатент|кыргызстандарт)(?P<case>нын|нин|нун|дын|дин|дун|тын|тин|тун|на|не|но|га|ге|го|ка|ке|н|ды|ди|ду|ты|ти|ту"
    r"|нда|нде|ндо|да|де|до|та|те|нан|нен|нон|дан|ден|дон)?\Z"
)
_GENITIVE = frozenset("нын нин нун дын дин дун тын тин тун".split())
_DATIVE = frozenset("на не но га ге го ка ке".split())
_NATIONAL = re.compile(r"(?:улуттук|мамлекеттик|республикалык|социалдык|милдеттуу)\Z")
_ACT = re.compile(r"(?:токтом|буйру[кг]|чечим|тескеме|акты|нускама|жобо|эреже|регламент)")


@dataclass(frozen=True, slots=True)
class Body:
    """Words first..last; `role`: "agent" (… тарабынан, токтому менен), "subject", "document" (its act in the dative
    before «ылайык»), "owner" (genitive) or "receiver" (dative)."""

    first: int
    last: int
    authority: str
    role: str
    by_act: bool = False


def bodies(words: Sequence[Token], folded: Sequence[str]) -> list[Body]:
    answer = []
    for index in range(len(folded)):
        body = _body_at(words, folded, index)
        if body is not None:
            answer.append(body)
    return answer


def _body_at(words: Sequence[Token], folded: Sequence[str], index: int) -> Body | None:
    match = _HEAD.match(folded[index])
    if match is None:
        return None
    stem, case = match["stem"], match["case"] or ""
    before = [folded[place] for place in range(max(0, index - 6), index)]
    last_before = before[-1] if before else ""
    first = index
    authority = found.MINISTRY
    if stem == "кабинети":
        if last_before != "министрлер":
            return None
        first, authority = index - 1, found.CABINET
    elif stem in {"окмоту", "окмот"}:
        if (
            last_before.startswith(("айыл", "росси", "казак"))
            or _foreign(before)
            or (stem == "окмот" and not words[index].capital and case)
        ):
            return None
        authority = found.CABINET
    elif stem.startswith("орган"):
        start = _organ_start(before)
        if start is None:
            return None
        first = index - start
    elif stem.startswith("банк"):
        if last_before != "улуттук":
            return None
        first = index - 1
    elif stem.startswith("министри") and stem == "министри":
        first = index - 1 if before else index
    elif stem.startswith(
        ("фонд", "агентти", "комитет", "инспекция", "кызмат", "департамент", "администрация", "борбор")
    ):
        place = next(
            (back for back in range(1, min(7, len(before) + 1)) if _NATIONAL.match(before[-back])), None
        )
        if (
            place is None
            or not words[index - place].capital
            and not stem.startswith(("агентти", "комитет", "фонд"))
        ):
            return None
        if "жергиликтуу" in before:
            return None
        first = index - place
    first = _with_republic(folded, first)
    return _role(folded, first, index, authority, case)


def _foreign(before: Sequence[str]) -> bool:
    """«Казакстан Республикасынын Өкмөтү»."""
    state = before[-1:] and before[-1].startswith(("республикасынын", "федерациясынын"))
    return bool(state) and len(before) > 1 and before[-2] != "кыргыз"


_FIELD = frozenset("авиация салык бажы статистика юстиция ветеринардык казыналык".split())


def _organ_start(before: Sequence[str]) -> int | None:
    """How many words before «орган» its name begins; None when it is no body of the executive."""
    if "башкаруу" in before[-4:] or "соттук" in before or "окулчулуктуу" in before or "сот" in before[-2:]:
        return None
    for back in range(1, len(before) + 1):
        word = before[-back]
        if word.startswith("укуктуу") and back < len(before) and before[-back - 1] == "ыйгарым":
            return back + 1
        if word == "," or word == ";":
            return None
    for back in range(1, min(4, len(before) + 1)):
        if before[-back] in _FIELD and back < 3:
            return back
        if before[-back] in {"мамлекеттик", "бийлигинин", "бийлик"}:
            return back
    return None


def _with_republic(folded: Sequence[str], first: int) -> int:
    if first >= 2 and folded[first - 1] == "республикасынын" and folded[first - 2] == "кыргыз":
        return first - 2
    return first


def _role(folded: Sequence[str], first: int, last: int, authority: str, case: str) -> Body | None:
    after = [folded[place] for place in range(last + 1, min(len(folded), last + 14))]
    if case in _GENITIVE:
        return _document(folded, first, last, authority, after)
    if case in _DATIVE:
        return Body(first, last, authority, "receiver")
    if case:
        return None
    for step, word in enumerate(after):
        if word == "тарабынан":
            return Body(first, last + 1 + step, authority, "agent")
        if step >= 8 or not _between_agents(word):
            break
    return Body(first, last, authority, "subject")


def _between_agents(word: str) -> bool:
    """Between a body and «тарабынан»: a second body, brackets, «жана»."""
    return bool(
        re.match(
            r"(?:жана|же|,|\(|\)|менен|мамлекеттик|ыйгарым|укуктуу|орган|органдар|органы|министрли|ведомство|жергиликтуу|оз|алдынча|башкаруу|органдары|кенеш|кенештер|боюнча|тийиштуу|тиешелуу|-|\d)",
            word,
        )
    )


def _document(folded: Sequence[str], first: int, last: int, authority: str, after: Sequence[str]) -> Body:
    """«Министрлер Кабинетинин токтому менен», «… чечиминде», «… токтомуна ылайык»."""
    for step, word in enumerate(after[:12]):
        if not _ACT.match(word):
            continue
        place = last + 1 + step
        following = folded[place + 1] if place + 1 < len(folded) else ""
        if following == "менен":
            return Body(first, place + 1, authority, "agent", by_act=True)
        if re.search(r"[ыиуо]?н?д[аео]\Z", word):
            return Body(first, place, authority, "agent", by_act=True)
        if following == "ылайык" and not word.startswith("чечим"):
            return Body(first, place + 1, authority, "document", by_act=True)
    return Body(first, last, authority, "owner")
