"""What a Russian sentence leaves to the body: the noun that a verb or a participle of laying down belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from apps.legal_text.screening import ru_morph, ru_words
from apps.legal_text.screening.hits import NONE, UNKNOWN, Ruled
from apps.legal_text.screening.ru_morph import Reading
from apps.legal_text.screening.tokens import Token

_FAR = 60
_MODIFIERS = frozenset({"PRTF", "ADJF"})


#: With a body behind them these say how it is put together.
_MADE_UP_OF = frozenset("состав структура содержание количество число численность лимит".split())


#: «система платы» is a rule, «система мониторинга» is built.
_SYSTEM_OF_RULES = (
    "плат",
    "оплат",
    "тариф",
    "оцен",
    "показател",
    "критери",
    "классификац",
    "кодиров",
    "норм",
    "правил",
    "льгот",
)


_WHICH = frozenset({"который", "которая", "которое", "которые"})
WHICH_OBJECT = frozenset({"который", "которую", "которое", "которые"})


def kind_at(words: Sequence[Token], index: int, lemma: str) -> str | None:
    """The kind of rule this noun is, NONE when it is surely none, None when the word alone does not tell."""
    after = words[index + 1].low if index + 1 < len(words) else ""
    before = [words[place].low for place in range(max(0, index - 3), index)]
    typical = any(ru_words.TYPICAL.match(word) for word in before)
    if any(word.startswith("методическ") for word in before) and lemma in {
        "указание",
        "рекомендация",
        "документ",
    }:
        return "methodology"
    if lemma == "протокол" and any(word.startswith("клиническ") for word in before):
        return "regulation"
    if lemma == "план" and after.startswith("счет"):
        return "form"
    if lemma == "акт" and any(word.startswith("правов") for word in before):
        return "bylaw"
    if typical and lemma not in {"орган", "лицо"}:
        return ru_words.KIND.get(lemma, "form") if lemma not in ru_words.NO_RULE else "form"
    if lemma in _MADE_UP_OF:
        following = [words[place].low for place in range(index + 1, min(len(words), index + 4))]
        if any(ru_words.BODY_PARTS.match(word) for word in [*following, *before[-1:]]):
            return NONE
    if lemma == "величина" and not any(
        word.startswith(("предельн", "минимальн", "максимальн", "базов")) for word in before
    ):
        return NONE
    if lemma == "система" and not after.startswith(_SYSTEM_OF_RULES):
        return NONE
    if lemma == "организация":
        return (
            "regime" if after and ru_morph.nouns(after) and not after.startswith(("котор", "лиц")) else NONE
        )
    if lemma in ru_words.NO_RULE:
        return NONE
    if lemma not in ru_words.KIND and any(ru_words.OF_A_LIMIT.match(word) for word in before[-2:]):
        return "rates" if lemma not in _MADE_UP_OF else None
    return ru_words.KIND.get(lemma)


def subject(
    words: Sequence[Token], verb: int, *, start: int, plural: bool, skip: range = range(0)
) -> Ruled | None:
    """The rule that is the subject of a passive verb: before it, else after it; `skip`: the words of the body."""
    relative = antecedent(words, verb)
    if relative is not None:
        return relative
    first_noun: Ruled | None = None
    place = start
    while place < verb:
        low = words[place].low
        if words[place].is_word and place not in skip and not governed(words, place):
            for reading in _nominative(low, plural):
                kind = kind_at(words, place, reading.lemma)
                found = Ruled(place, place, kind or UNKNOWN)
                if first_noun is None:
                    first_noun = found
                    if kind and kind != NONE:
                        return found
                elif kind and kind != NONE and _may_be_subject(words, place, first_noun):
                    return found
                break
        place += 1
    if first_noun is None:
        return _after(words, verb, plural)
    return first_noun


def antecedent(words: Sequence[Token], verb: int, forms: frozenset[str] = _WHICH) -> Ruled | None:
    """«в порядке, который определяется …»: the noun before the relative clause."""
    for place in range(verb - 1, max(0, verb - 4), -1):
        if words[place].low in forms and words[place - 1].text == ",":
            for noun in range(place - 2, max(-1, place - 12), -1):
                for reading in ru_morph.nouns(words[noun].low):
                    kind = kind_at(words, noun, reading.lemma)
                    if kind is not None:
                        return Ruled(noun, noun, kind)
    return None


def _may_be_subject(words: Sequence[Token], place: int, first: Ruled) -> bool:
    """A later noun is the subject when it stands in a row with the first, or begins a clause of its own."""
    if first.kind == NONE:
        back = place - 1
        while back > first.last and ru_morph.is_modifier(words[back].low):
            back -= 1
        return words[back].low in {"и", ",", "или", "а"}
    return True


def _after(words: Sequence[Token], verb: int, plural: bool) -> Ruled | None:
    for place in range(verb + 1, min(len(words), verb + 16)):
        if words[place].text in ";:" or (words[place].is_word and ru_morph.is_finite(words[place].low)):
            break
        if not words[place].is_word or governed(words, place):
            continue
        for reading in _nominative(words[place].low, plural):
            kind = kind_at(words, place, reading.lemma)
            if kind is not None:
                return Ruled(place, place, kind)
            break
    return None


def _nominative(low: str, plural: bool) -> list[Reading]:
    """Readings that can be the subject; with a verb in the singular only singular ones."""
    return [
        reading
        for reading in ru_morph.nouns(low)
        if reading.case == "nom" and (plural or reading.number == "sing")
    ]


def governed(words: Sequence[Token], index: int) -> bool:
    """A preposition stands before the noun or before its adjectives."""
    back = index - 1
    steps = 0
    while back >= 0 and steps < 5 and words[back].is_word:
        if words[back].low in ru_words.PREPOSITIONS:
            return True
        if not ru_morph.is_modifier(words[back].low):
            return False
        back -= 1
        steps += 1
    return False


def owner_before(words: Sequence[Token], participle: int) -> Ruled | None:
    """The noun before the comma that the participle agrees with; a rule further left wins over a thing nearer."""
    wanted = ru_morph.cases(words[participle].low, _MODIFIERS)
    participle = _first_of_chain(words, participle, wanted)
    near: Ruled | None = None
    row = False
    for place in range(participle - 1, max(-1, participle - 40), -1):
        word = words[place]
        if word.text in ";:":
            break
        if word.low in {"и", "или", ","} and place < participle - 2:
            row = True
        if not word.is_word:
            continue
        if near is not None and near.kind != "class" and near.kind != NONE:
            break
        if near is not None and (ru_morph.is_finite(word.low) or participle - place > 25):
            break
        found = _agreeing(words, place, wanted, row)
        if found is None:
            continue
        if near is None:
            near = found
        elif found.kind not in {NONE, "class"} and _one_phrase(words, place, near):
            return found
    return near


def _first_of_chain(words: Sequence[Token], participle: int, wanted: frozenset[tuple[str, str, str]]) -> int:
    """«…, согласованным с … и утвержденным …»: the noun stands before the first participle of the row."""
    if words[participle - 1].low not in {"и", "или"}:
        return participle
    for place in range(participle - 2, max(0, participle - 14), -1):
        first = words[place]
        if first.is_word and words[place - 1].text == "," and ru_morph.is_passive_participle(first.low):
            return place if ru_morph.cases(first.low, _MODIFIERS) & wanted else participle
    return participle


def _one_phrase(words: Sequence[Token], place: int, near: Ruled) -> bool:
    """«перечня товаров, утвержденных …»; a comma between a rule and what is none parts them."""
    return near.kind == "class" or all(words[between].text != "," for between in range(place + 1, near.first))


def owner_after(words: Sequence[Token], participle: int, start: int) -> Ruled | None:
    """«в установленном Кабинетом Министров порядке»: the agreeing noun behind the body."""
    wanted = ru_morph.cases(words[participle].low, _MODIFIERS)
    for place in range(start, min(len(words), start + 8)):
        if words[place].text in ";:.,":
            break
        if words[place].is_word:
            found = _agreeing(words, place, wanted, False)
            if found is not None:
                return found
    return None


def _agreeing(
    words: Sequence[Token], place: int, wanted: frozenset[tuple[str, str, str]], row: bool
) -> Ruled | None:
    for reading in ru_morph.nouns(words[place].low):
        same = (reading.case, reading.number, reading.gender) in wanted
        kind = kind_at(words, place, reading.lemma)
        one_of_row = row and kind not in {None, NONE} and (reading.case, "plur", "") in wanted
        if same or one_of_row:
            if kind is None:
                kind = "class" if reading.number == "plur" and not reading.animate else NONE
            return Ruled(place, place, kind)
    return None


def object_after(words: Sequence[Token], verb: int, stop: int | None = None) -> Ruled | None:
    """What an active verb lays down: the first nouns in the accusative after it, a rule among them wins."""
    first: Ruled | None = None
    for place in range(verb + 1, min(len(words), stop or len(words), verb + 18)):
        word = words[place]
        if word.text in ";:":
            break
        if not word.is_word:
            continue
        if ru_morph.is_finite(word.low) and not ru_morph.is_noun(word.low):
            if ru_words.MAKING.match(word.low) or first is None:
                continue
            break
        if governed(words, place):
            continue
        for reading in ru_morph.nouns(word.low):
            if reading.case != "acc":
                continue
            kind = kind_at(words, place, reading.lemma)
            found = Ruled(place, place, kind or UNKNOWN)
            if first is None:
                first = found
                if kind and kind != NONE:
                    return found
            elif kind and kind != NONE and _in_row(words, first.last, place):
                return found
            break
    return first


def object_before(words: Sequence[Token], verb: int, start: int) -> Ruled | None:
    """«Порядок … определяет Кабинет Министров», «…, который определяет …»: the object may come first."""
    relative = antecedent(words, verb, WHICH_OBJECT)
    if relative is not None:
        return relative
    for place in range(start, verb):
        word = words[place]
        if not word.is_word or governed(words, place):
            continue
        for reading in ru_morph.nouns(word.low):
            if reading.case == "acc":
                kind = kind_at(words, place, reading.lemma)
                return Ruled(place, place, kind or UNKNOWN)
    return None


def _in_row(words: Sequence[Token], first: int, place: int) -> bool:
    back = place - 1
    while back > first and ru_morph.is_modifier(words[back].low):
        if ru_morph.is_active_participle(words[back].low):
            return False
        back -= 1
    return words[back].low in {"и", ",", "или", "также"}


def genitive_after(words: Sequence[Token], noun: int) -> Ruled | None:
    """«Определение порядка …»: the rule in the genitive behind the noun of making."""
    for place in range(noun + 1, min(len(words), noun + 6)):
        word = words[place]
        if not word.is_word or word.low in ru_words.PREPOSITIONS:
            if word.low in {"и", ","}:
                continue
            break
        for reading in ru_morph.nouns(word.low):
            if reading.case == "gen":
                kind = kind_at(words, place, reading.lemma)
                if kind is not None:
                    return Ruled(place, place, kind)
    return None


def clause_start(words: Sequence[Token], verb: int) -> int:
    """Where the clause of this verb can begin at the earliest: behind the verb, semicolon or colon before it.

    A clause put in between («…, если иное не предусмотрено законом, …») is stepped over.
    """
    place = verb - 1
    while place > max(-1, verb - _FAR):
        word = words[place]
        if word.text in ";:":
            return place + 1
        own = word.low in ru_words.MODAL and (  # «могут устанавливаться», «могут быть установлены»
            words[verb].low.endswith("ться") or words[verb - 1].low == "быть"
        )
        if word.is_word and not own and ru_morph.is_finite(word.low) and not _coordinated(words, place, verb):
            inserted = _insertion(words, place, verb)
            if inserted is None:
                return place + 1
            place = inserted
        place -= 1
    return max(0, verb - _FAR)


_SUBORDINATES = ("если", "когда", "котор", "пока", "хотя", "где", "поскольку")


def _insertion(words: Sequence[Token], finite: int, verb: int) -> int | None:
    """The comma before a subordinate clause that holds this verb and is closed by a comma; None when it is none."""
    if all(words[place].text != "," for place in range(finite + 1, verb)):
        return None
    for place in range(finite - 1, max(0, finite - 12), -1):
        if words[place].low.startswith(_SUBORDINATES):
            for before in (place - 1, place - 2):
                if before > 0 and words[before].text == ",":
                    return before
            return None
    return None


def _coordinated(words: Sequence[Token], earlier: int, verb: int) -> bool:
    """«разрабатывается … и утверждается»: one subject for both."""
    between = [words[place].low for place in range(earlier + 1, verb)]
    if "," in between and any(word.startswith("котор") for word in between):
        return False
    return bool(between) and between[-1] == "и"
