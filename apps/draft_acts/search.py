"""Full-text search over acts: Russian by word forms, Kyrgyz by stems, both forgiving of typing by trigrams.

Words are folded here, not in the database, so that the result does not depend on its locale.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import F, FloatField, Model, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest

M = TypeVar("M", bound=Model)

MAX_WORDS = 20  # of a query
MAX_CHARACTERS = (
    400_000  # of a text that goes into an index: far beyond the longest code, below a tsvector's limit
)

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# One letter for those that look like it: other barred o, other n with a tail, straight u of Latin, ё.
_LOOKALIKES = str.maketrans({"ё": "е", "ɵ": "ө", "ѳ": "ө", "ӊ": "ң", "ҥ": "ң", "ұ": "ү", "ʏ": "ү"})
_LATIN = str.maketrans("aceopxyhkmtb", "асеорхункмтв")  # typed on a Latin keyboard within a Cyrillic word
_MIXED = re.compile(r"\w*[а-яөүң]\w*")
_KEYBOARD = str.maketrans({"ң": "н", "ө": "о", "ү": "у", "ё": "е"})  # typed without a Kyrgyz keyboard

# Inflectional endings: number, possession, case; each only after the sounds it stands after, so that a stem's own last
# letters are seldom taken for one. They come off one after another while a stem of _STEM letters remains.
_A, _Y = "[аеоө]", "[ыиуү]"
_OPEN, _VOICED, _HARD = "(?<=[аеоөыиуүэяю])", "(?<=[бвгджзйлмнңр])", "(?<=[птксшчфхцщ])"
_CLOSED = "(?<=[бвгджзйлмнңрптксшчфхцщ])"
_ENDINGS = re.compile(
    "(?:"
    rf"(?:{_OPEN}л|{_VOICED}[лд]|{_HARD}т){_A}р"  # plural
    rf"|(?:{_OPEN}н|{_VOICED}д|{_HARD}т)(?:{_Y}н?|{_A}н)"  # genitive, accusative, ablative
    rf"|(?:{_OPEN}д|{_VOICED}д|{_HARD}т){_A}(?:н|г{_Y})?"  # locative, ablative, what is there
    rf"|(?:{_OPEN}г|{_VOICED}г|{_HARD}к){_A}"  # dative
    rf"|{_OPEN}с{_Y}(?:н{_A}?)?"  # a third person's, after a vowel, with accusative or dative
    rf"|{_CLOSED}{_Y}(?:н{_A}?)?"  # the same after a consonant
    rf"|{_OPEN}б{_Y}з|{_CLOSED}{_Y}б{_Y}з"  # ours
    rf"|{_CLOSED}{_A}"
    ")$"
)
_VERBAL = re.compile(r"(?:уу|үү|оо|өө)$")  # the verbal noun: башкаруу, өзгөртүү
_TAIL = re.compile(rf"(?:{_A}|{_Y})н?$")  # органы may be орган + ы or орга + ны: both end as орг
_UNVOICED = {"г": "к", "б": "п"}  # салык, салыгы; китеп, китеби
_STEM = 3


def fold(text: str) -> str:
    """Small letters, one form of each letter and of those that look like it, ё as е; ң ө ү stay what they are."""
    folded = unicodedata.normalize("NFC", text).casefold().translate(_LOOKALIKES)
    return _MIXED.sub(lambda word: word[0].translate(_LATIN), folded)


def fold_plain(text: str) -> str:
    """The folded words with ң ө ү as they are typed on a Russian keyboard, for comparison by trigrams."""
    return " ".join(_WORD.findall(fold(text).translate(_KEYBOARD)))


def kyrgyz_stem(word: str) -> str:
    """A folded word without its endings: мыйзамдарынын, мыйзамга, мыйзамы → мыйзам.

    Not linguistics: two forms of a word must meet, whatever the stem looks like.
    """
    if not word.isalpha():
        return word
    for ending in (_ENDINGS, _VERBAL, _TAIL):
        while len(shorter := ending.sub("", word, count=1)) >= _STEM and shorter != word:
            word = shorter
    return word[:-1] + _UNVOICED.get(word[-1], word[-1])


def kyrgyz_stems(text: str) -> str:
    """The stems of a Kyrgyz text in its order, joined by spaces: what is indexed and what is searched for."""
    return " ".join(kyrgyz_stem(part) for word in _WORD.findall(fold(text)) for part in word.split("-"))


def vectors(*, title: dict[str, str], summary: dict[str, str], body: dict[str, str]) -> dict[str, Any]:
    """Values of an act's search columns; the arguments map "ky" and "ru" to a text. Its number needs no column."""

    def vector(language: str, config: str, words: Callable[[str], str]) -> SearchVector:
        return (
            SearchVector(Value(words(title[language])), weight="A", config=config)
            + SearchVector(Value(words(summary[language])), weight="B", config=config)
            + SearchVector(Value(words(body[language][:MAX_CHARACTERS])), weight="D", config=config)
        )

    return {
        "search_ky": vector("ky", "simple", kyrgyz_stems),
        "search_ru": vector("ru", "russian", fold),
        "search_plain": fold_plain(f"{title['ky']} {title['ru']}")[:4000],
    }


def query(qs: QuerySet[M], words: str, language: str | None = None) -> QuerySet[M]:
    """Acts of `qs` that match, each with `rank` (order by "-rank"). No words: `qs` as it is, with rank 0.

    Every word must be found, in the Russian or in the Kyrgyz text; "ky" or "ru" as `language` looks only there.
    A number finds its act. Only where nothing is found so, a misspelt word finds titles that resemble it.
    """
    matches, rank = matching(words, language)
    found = qs.filter(matches)
    if words.strip() and not found.exists():
        # Comparing every title by trigrams takes a thousand times longer than looking words up, so it comes last.
        # The operator, not a comparison of the similarity: only the operator uses the index. Its threshold is 0.6.
        plain = fold_plain(words.replace("\x00", " "))
        found = qs.filter(search_plain__trigram_word_similar=plain)
        rank = TrigramWordSimilarity(plain, "search_plain")
    return found.annotate(rank=rank)


def matching(words: str, language: str | None = None) -> tuple[Q, Any]:
    """The condition by which acts match and the rank of each, for a caller that ranks fewer acts than match."""
    found = _WORD.findall(fold(words.replace("\x00", " ")))[:MAX_WORDS]
    if not found:
        return Q(), Value(0.0, output_field=FloatField())
    typed = " ".join(found)
    russian = SearchQuery(typed, config="russian", search_type="plain")
    kyrgyz = SearchQuery(kyrgyz_stems(typed), config="simple", search_type="plain")
    number = words.strip().lstrip("№ ")[:12]
    matches = Q(number__startswith=number) if number else Q()
    ranks = []
    if language != "ky":
        matches |= Q(search_ru=russian)
        ranks.append(Coalesce(SearchRank(F("search_ru"), russian), Value(0.0), output_field=FloatField()))
    if language != "ru":
        matches |= Q(search_ky=kyrgyz)
        ranks.append(Coalesce(SearchRank(F("search_ky"), kyrgyz), Value(0.0), output_field=FloatField()))
    return matches, Greatest(*ranks) if len(ranks) > 1 else ranks[0]
