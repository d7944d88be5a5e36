"""Bodies of the executive in a Russian sentence: where, in which case, and who."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.legal_text.screening import found, ru_morph
from apps.legal_text.screening.ru_words import PARTICIPLE, PREPOSITIONS
from apps.legal_text.screening.tokens import Token

_MASC = {"": "nom acc", "а": "gen", "у": "dat", "ом": "ins", "е": "loc",
         "ы": "nom acc", "и": "nom acc", "ов": "gen", "ам": "dat", "ами": "ins", "ах": "loc"}  # fmt: skip
_NEUT = {"о": "nom acc", "а": "gen nom acc", "у": "dat", "ом": "ins", "е": "loc", "": "gen",
         "ам": "dat", "ами": "ins", "ах": "loc"}  # fmt: skip
_FEM = {"а": "nom", "ы": "gen nom acc", "е": "dat loc", "у": "acc", "ой": "ins", "ою": "ins",
        "": "gen", "ам": "dat", "ами": "ins", "ах": "loc"}  # fmt: skip
_IYA = {"ия": "nom", "ии": "gen dat loc nom acc", "ию": "acc", "ией": "ins", "иею": "ins", "ий": "gen",
        "иям": "dat", "иями": "ins", "иях": "loc"}  # fmt: skip
_IE = {"ие": "nom acc", "ия": "gen nom acc", "ию": "dat", "ием": "ins", "ии": "loc", "ий": "gen",
       "иям": "dat", "иями": "ins", "иях": "loc"}  # fmt: skip


def _forms(stems: str, endings: dict[str, str]) -> dict[str, tuple[str, frozenset[str]]]:
    return {
        stem + ending: (stem, frozenset(cases.split()))
        for stem in stems.split()
        for ending, cases in endings.items()
    }


HEADS: dict[str, tuple[str, frozenset[str]]] = {
    **_forms(
        "кабинет орган банк комитет фонд департамент центр совет регулятор министр нацбанк соцфонд нацстатком"
        " кыргызпатент кыргызстандарт финнадзор госфиннадзор",
        _MASC,
    ),
    **_forms("правительств министерств агентств ведомств", _NEUT),
    **_forms("служб", _FEM),
    **_forms("инспекц администрац комисс", _IYA),
    **_forms("управлен", _IE),
}
_OWN_NAME = frozenset(
    "агентств служб инспекц комитет комисс фонд департамент центр администрац управлен совет".split()
)
#: Adjectives that make an «орган» one of the state's executive.
_OF_STATE = re.compile(
    r"(?:уполномочен|государствен|компетентн|лицензир|регистрир|регулир|регулятор|контролир|надзор|антимонопольн"
    r"|таможен|налогов|погранич|природоохран|республиканск|финансов|исполнительн|административн|правоохран"
    r"|карантин|ветеринар|санитар|статистическ|аккредит|аттестац|центральн|эмиссион)"
)
_NOT_STATE = re.compile(
    r"(?:местн|представительн|муниципальн|судебн|судейск|законодательн|городск|районн|областн|территориальн|сельск|айыл|аильн|коллегиальн|выборн|высш)"
)
_NAMING = re.compile(
    r"(?:государствен|национальн|республиканск|социальн|федеральн|фондов|погранич|таможен|налогов|пробирн)"
)
_GENITIVE_OF_STATE = re.compile(
    r"(?:исполнительн|государствен|налогов|внутренн|юстици|статистик|таможен|здравоохран|национальн|финансов|социальн"
    r"|образовани|казначейств|безопасност|надзор|санитар|пожарн|пробаци|авиаци|гражданск|миграци|занятост|стандартизаци"
    r"|приватизаци|карантин|ветеринар|архив)"
)
_NOT_AFTER_BODY = re.compile(
    r"(?:местн|муниципальн|прокуратур|суд|судебн|самоуправлени|мсу|жогорку|юридическ|обществ|акционерн|товариществ|кооператив|территориальн)"
)
_FOREIGN = re.compile(
    r"(?:российск|казахстан|узбекистан|таджик|китай|иностранн|других|зарубежн|росси|сша|герман|турци|белару|японии)"
)
_ABBREVIATION = re.compile(
    r"(?:мин(?:фин|юст|здрав|эконом|транс|труд|сельхоз|образован|природ|соц|культур|энерго)|гос(?:стро|комисси|агент)|нац(?:банк|статком)|соцфонд)[а-я]*\Z"
)
_ACT_INS = re.compile(
    r"(?:постановлени|решени|распоряжени|указани)(?:ем|ями)\Z|(?:приказ|акт|регламент|документ)(?:ом|ами)\Z|инструкци(?:ей|ями)\Z|положени(?:ем|ями)\Z|правилами\Z"
)
ADJECTIVE_END = re.compile(
    r".{2,}(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|им|ом|ем|ую|юю|ых|их|ыми|ими|ою|ею)\Z"
)


#: Somebody else whom «им» could mean.
_NOT_THEM = re.compile(
    r"(?:кенеш|самоуправлени|суд\Z|суда\Z|судом|судь|президент|работодател|работник|сторон|лиц|организаци|предприяти|закон"
    r"|собственник|пользовател|налогоплательщик|гражданин|владел|совет|собрани|учредител|банк|заявител)"
)
#: Said by their initials, in any case.
_INITIALS = frozenset("КМ НБКР МВД МЧС МИД ГКНБ ГНС ГТС ФОМС МОН".split())


@dataclass(frozen=True, slots=True)
class Body:
    """Words first..last of the sentence name a body; `by_act`: its document does («решением Кабинета Министров»)."""

    first: int
    last: int
    cases: frozenset[str]
    authority: str
    by_act: bool = False
    preposition: str | None = None

    def has(self, case: str) -> bool:
        return case in self.cases


def bodies(words: Sequence[Token]) -> list[Body]:
    """All bodies of the executive, in order."""
    answer: list[Body] = []
    for index in range(len(words)):
        body = _body_at(words, index)
        if body is None:
            continue
        before = words[body.first - 1].low if body.first else ""
        preposition = before if before in PREPOSITIONS else None
        if (
            preposition is None
            and before in {"и", "или", ",", "либо"}
            and answer
            and answer[-1].last == body.first - 2
        ):
            same = answer[-1]
            preposition = same.preposition if same.cases & body.cases else None
        answer.append(Body(body.first, body.last, body.cases, body.authority, body.by_act, preposition))
    return sorted([*answer, *_by_pronoun(words, answer)], key=lambda body: body.first)


def _by_pronoun(words: Sequence[Token], named: Sequence[Body]) -> Iterator[Body]:
    """«… представляется в уполномоченный орган в установленные им сроки»: the body named before, and nobody else is."""
    if not named or any(_NOT_THEM.match(word.low) for word in words):
        return
    for index in range(1, len(words)):
        if words[index].low not in {"им", "ими", "ею", "ей"}:
            continue
        near = words[index - 1].low, _low(words, index + 1)
        if not any(PARTICIPLE.match(low) for low in near):
            continue
        body = next((one for one in reversed(named) if one.last < index and index - one.last < 25), None)
        if body is not None and not body.by_act:
            yield Body(index, index, frozenset({"ins"}), body.authority)


def _body_at(words: Sequence[Token], index: int) -> Body | None:
    word = words[index]
    head = HEADS.get(word.low)
    if head is None:
        if _ABBREVIATION.match(word.low) and word.capital:
            return _by_act(words, index, index, _abbreviated(word.low), found.MINISTRY)
        if word.low.startswith("премьер-министр"):
            cases = HEADS.get(word.low.removeprefix("премьер-"), ("", frozenset[str]()))[1]
            return _by_act(words, index, index, cases, found.CABINET)
        if word.text in _INITIALS:
            authority = found.CABINET if word.text == "КМ" else found.MINISTRY
            return _by_act(words, index, index, frozenset({"nom", "ins", "gen"}), authority)
        return None
    stem, cases = head
    if stem == "кабинет":
        if _low(words, index + 1) != "министров" or _low(words, index - 1).startswith("совет"):
            return None
        if _low(words, index - 1) == "при":
            return None
        if _low(words, index - 1).startswith("председател") and "gen" in cases:
            chief = _low(words, index - 1)
            case = "ins" if chief.endswith("ем") else "nom" if chief.endswith("ь") else "gen"
            return _by_act(words, index - 1, index + 1, frozenset({case}), found.CABINET)
        return _by_act(words, index, _tail(words, index + 1), cases, found.CABINET)
    if stem == "правительств":
        if (
            _FOREIGN.match(_low(words, index + 1))
            or _FOREIGN.match(_low(words, index - 1))
            or _low(words, index - 1) == "при"
        ):
            return None
        return _by_act(words, index, _tail(words, index), cases, found.CABINET)
    first = _first_of_phrase(words, index)
    if _low(words, first - 1) == "то" and _low(words, first - 2) == "на" and first > 2:
        first -= 3  # «уполномоченным на то органом»
    adjectives = [words[place].low for place in range(first, index)]
    if any(_NOT_STATE.match(adjective) for adjective in adjectives):
        return None
    after = _low(words, index + 1)
    if _NOT_AFTER_BODY.match(after) or (
        stem == "администрац" and after.startswith(("район", "област", "город"))
    ):
        return None
    if stem == "министр":
        if word.low == "министров":
            return None
    elif stem == "орган":
        named = any(_OF_STATE.match(adjective) for adjective in adjectives) and not all(
            adjective.startswith("исполнительн") for adjective in adjectives
        )
        named = named or bool(_GENITIVE_OF_STATE.match(after)) and _low(words, index + 2) != "суд"
        named = named or (after == "," and _low(words, index + 2).startswith("уполномоченн"))
        if not named:
            return None
    elif stem == "банк":
        if not any(adjective.startswith("национальн") for adjective in adjectives):
            return None
    elif stem in _OWN_NAME and not _own_name(words, index, stem, adjectives):
        return None
    return _by_act(words, first, _tail(words, index), cases, found.MINISTRY)


def _abbreviated(low: str) -> frozenset[str]:
    """«Минобразования», «Минэнерго» stand in any case."""
    if low.endswith(("образования", "здравоохранения", "ы", "о")):
        return frozenset({"nom", "gen", "dat", "ins"})
    if low.endswith(("ом", "ами", "ой", "ем")):
        return frozenset({"ins"})
    return frozenset({"gen" if low.endswith(("а", "строя")) else "nom"})


def _own_name(words: Sequence[Token], index: int, stem: str, adjectives: list[str]) -> bool:
    """«Государственным агентством …», «Фондом обязательного …»: a body by its own name, not any committee or centre."""
    named = words[index].capital or (bool(adjectives) and words[index - len(adjectives)].capital)
    if named and _under_executive(words, index):
        return True
    if any(_NAMING.match(adjective) for adjective in adjectives):
        after = _low(words, index + 1)
        return not (stem == "служб" and after in {"и", ","} and not words[index - 1].capital)
    if stem in {"совет", "комисс", "центр", "управлен", "администрац", "комитет"}:
        return False
    after = _low(words, index + 1)
    if words[index].capital and (after.startswith("обязательн") or (stem != "фонд" and after == "по")):
        return True  # «Фонд обязательного медицинского страхования», «Агентство по …»
    return words[index].capital and index > 0 and words[index - 1].text != "." and stem != "служб"


def _under_executive(words: Sequence[Token], index: int) -> bool:
    """«Центром по аккредитации при Министерстве …»."""
    for place in range(index + 1, min(len(words) - 1, index + 10)):
        if words[place].text in ",;:(":
            return False
        if words[place].low == "при":
            return words[place + 1].low.startswith(("министерств", "кабинет", "правительств"))
    return False


def _by_act(words: Sequence[Token], first: int, last: int, cases: frozenset[str], authority: str) -> Body:
    """The body, or the document of the body when one stands before its genitive."""
    if "gen" in cases:
        for place in range(first - 1, max(-1, first - 3), -1):
            if _ACT_INS.match(words[place].low):
                return Body(_first_of_phrase(words, place), last, frozenset({"ins"}), authority, by_act=True)
            if not ru_morph.is_modifier(words[place].low):
                break
    return Body(first, last, cases, authority)


def _first_of_phrase(words: Sequence[Token], index: int) -> int:
    """Where the adjectives before a noun begin (six at most); participles that end a clause are no part of it."""
    first = index
    while first > 0 and index - first < 6:
        before = words[first - 1]
        if not before.is_word or not ADJECTIVE_END.match(before.low) or before.low in PREPOSITIONS:
            break
        if not ru_morph.is_modifier(before.low) or _is_verbal(before.low):
            break
        first -= 1
    return first


def _is_verbal(low: str) -> bool:
    """«регистрируемыми Министерством»: a passive participle has the body for its agent, not for its noun."""
    return not low.startswith("уполномоч") and ru_morph.is_passive_participle(low)


def _tail(words: Sequence[Token], last: int) -> int:
    """«… Кыргызской Республики» belongs to the name."""
    if _low(words, last + 1).startswith("кыргызск") and _low(words, last + 2).startswith("республик"):
        return last + 2
    return last


def _low(words: Sequence[Token], index: int) -> str:
    return words[index].low if 0 <= index < len(words) else ""
