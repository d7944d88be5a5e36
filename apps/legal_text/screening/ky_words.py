"""Kyrgyz words of delegation. Everything here is written with о for ө, у for ү, н for ң: texts that lost these letters
are read the same way (`fold`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_FOLD = str.maketrans("өѳүңӊњё", "ооуннне")


def fold(low: str) -> str:
    """The word without the letters an old encoding could not write."""
    return low.translate(_FOLD)


_MAKE = r"бекит|аныкт|белгил"
PASSIVE_FINITE = re.compile(
    r"(?:бекитил|аныктал|белгилен|регламенттел)(?:ет|ат|бейт|байт|иши|ышы|уусу|ууга|ууго|оого|ууго|ип|ып|е|а|се|са|бесе|баса)\Z|салын(?:ат|ышы)\Z"
)
ACTIVE_FINITE = re.compile(r"(?:бекитет|аныктайт|белгилейт|бекитишет|аныкташат|белгилешет|регламенттейт)\Z")
#: «… бекитсин»: an order to a body; «… бекитилсин» is a bylaw speaking of itself.
ACTIVE_ORDER = re.compile(r"(?:бекитсин|аныктасын|белгилесин)\Z")
CAN = re.compile(r"(?:бекитууго|аныктоого|белгилоого|беките|аныктай|белгилей)\Z")
PASSIVE_PARTICIPLE = re.compile(
    r"(?:бекитил|аныктал|белгилен|регламенттел|коюл)(?:ген|ган|гон|уучу|оочу|е)\Z|(?:каралган|алынган|иштелип)\Z"
)
ACTIVE_PARTICIPLE = re.compile(
    r"(?:бекиткен|аныктаган|белгилеген|бекитуучу|аныктоочу|белгилоочу|койгон|алган|бекитчу|аныктай|белгилей|беките)\Z"
)
#: Counts only with a document of the body: «токтомунда каралган тартипте».
ONLY_BY_ACT = frozenset({"каралган"})
#: Counts only of texts: «кабыл алынган эрежелер».
ADOPTED = frozenset({"алынган", "алган", "иштелип"})
NOUN_OF_MAKING = re.compile(r"(?:бекитуу|аныктоо|белгилоо)(?:су|ну|суну)?\Z")
#: «… бекитүү … тарабынан ишке ашырылат», «… аныктоо … компетенциясына кирет».
CARRIED_OUT = re.compile(r"(?:ашырылат|жургузулот)\Z")
COMPETENCE = re.compile(r"(?:компетенция|карамаг|ыйгарым|укуктарына|милдет)")
MAKES = re.compile(rf"(?:{_MAKE}|регламентте|салын|карал|кабыл|коюл|койгон)")
#: Any other verb form: it takes the agent for itself.
OTHER_VERB = re.compile(
    r".{2,}(?:[лн](?:ган|ген|гон|уучу|оочу)|[аеоу]т|(?:ыл|ил|ул|ол)[аео]т|[кг][ае]н|гон|уучу|оочу|[бвгджзйклмнпрстфхцчшщ]с[ыиу]н)\Z"
)
NO_VERB = re.compile(
    r"(?:орган|уюштур|кызмат|бюджет|кабинет|министр|убакыт|саламат|шайлоочу|департамент|мамлекет|депутат|комитет|окмот|университет)"
)

_KINDS = {
    "procedure": "тартиб тартип жол-жобо регламент механизм процедура",
    "regulation": "жобо устав нускама протокол",
    "rules": "эреже",
    "methodology": "методика методология усул ыкма формула",
    "form": "форма формат улгу бланк",
    "list": "таблица тизме классификац классификатор номенклатура туру турлору турлорун категория",
    "rates": "олчом ставка норматив ченем тариф толом акысы акынын баасы баалар лимит квота коэффициент сумма нарк"
    " усток пайыз улуш минимум чени чектик жыйым пошлина колом",
    "terms": "мооноту моонот узактыг мезгил",
    "conditions": "шарт учур негизд озгочолук чекто жагдай",
    "criteria": "критерий талап талаб корсоткуч стандарт параметр индикатор",
    "regime": "режим система тутум",
    "functions": "функция милдет укуктары укуктарын ыйгарым-укук",
    "content": "курам мазмун маалымат кырдаал",
}
KIND = [(stem, kind) for kind, stems in _KINDS.items() for stem in stems.split()]
KIND.sort(key=lambda pair: -len(pair[0]))
NO_RULE = re.compile(
    r"(?:программа|план|бюджет|стратегия|концепция|долбоор|орган|комиссия|кенеш|токтом|чечим|отчет|адам|кызматкер|жетекчи"
    r"|торага|башчы|министр|агентти|ишкана|мекеме|уюм|жак|жарандар|ченемди|сметa|структура|оператор|операторлор|мыйзам"
    r"|кодекс|конституция|президент|келишим|субъект)"
)
_BODY_PARTS = re.compile(
    r"(?:комисси|кенеш|комитет|коллеги|топ|орган|башкарма|окмот|кабинет|сандык|жекече|жеке)"
)
#: Now and then decided for one case: «ар бир долбоор боюнча … көлөмү».
WEAK = ("колом", "курам")
#: «тариф саясаты» is no tariff.
_COMPOUND = re.compile(
    r"(?:саясат|программа|план|стратеги|комисси|кенеш|комитет|орган|агентти|мыйзам)[а-я]*[ыиу]\Z"
)


def compound(ending: str, following: str) -> bool:
    return ending == "" and bool(_COMPOUND.match(following))


#: «мөөнөттүү», «чектелүү», «акысыз»: adjectives made of such nouns.
_ADJECTIVE = re.compile(r"(?:[тлд]уу|[лдт]оо|с[ыиу]з|з)\Z")


@lru_cache(maxsize=20_000)
def kind_of(folded: str, before: str) -> tuple[str, str] | None:
    """(kind, ending) of a noun that can be a rule; `before` is the word in front of it."""
    if folded.startswith("ченемди"):
        return None
    if folded.startswith("мыйзам") or folded.startswith("укуктуу"):
        return None
    for stem, kind in KIND:
        if folded.startswith(stem):
            if _ADJECTIVE.match(folded[len(stem) :]):
                return None
            if stem == "курам" and _BODY_PARTS.match(before):
                return None
            if stem == "протокол" and not before.startswith("клиникалык"):
                return None
            if stem == "жобо" and before in {"кодекстин", "мыйзамдын", "конституциянын"}:
                return None
            return kind, folded[len(stem) :]
    return None


_TYPICAL = re.compile(r"(?:типтуу|типтештирилген|улгулуу|стандарттуу)\Z")
_NEVER = re.compile(r"(?:орган|адам|жак|министр|кабинет|кызматкер)")


def typical(folded: Sequence[str], place: int) -> tuple[str, str] | None:
    """«типтүү келишим», «стандарттуу конкурстук документтер»: a form, whatever it is of."""
    word = folded[place]
    if len(word) < 5 or MAKES.match(word) or _NEVER.match(word):
        return None
    if any(_TYPICAL.match(folded[back]) for back in range(max(0, place - 2), place)):
        return "form", word[3:]
    return None


_CASES = (
    ("gen", re.compile(r"(?:нын|нин|нун|дын|дин|дун|тын|тин|тун|нон)\Z")),
    ("abl", re.compile(r"(?:дан|ден|дон|тан|тен|тон|нан|нен|нон)\Z")),
    ("loc", re.compile(r"(?:[дт][аео])(?:гы|ги|гу)?\Z")),
    ("dat", re.compile(r"(?:[гкн][аео])\Z")),
    ("acc", re.compile(r"(?:[ндт][ыиу]|[ыиу]н|н)\Z")),
)


@lru_cache(maxsize=5_000)
def case(ending: str) -> str:
    """The case an ending shows: "nom", "acc", "gen", "dat", "loc" or "abl"."""
    for name, pattern in _CASES:
        if pattern.search(ending):
            return name
    return "nom"


PLURAL = re.compile(r".{3,}[лдт](?:ар|ер|ор)")
