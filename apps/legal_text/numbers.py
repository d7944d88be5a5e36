"""Numbers of structural units: superscripts, Roman numerals, ordinals in words, letters of sub-points."""

from __future__ import annotations

import re

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPT_TO_DIGIT = str.maketrans(SUPERSCRIPTS, "0123456789")
_DIGIT_TO_SUPERSCRIPT = str.maketrans("0123456789", SUPERSCRIPTS)

#: Sub-point letters in ASCII; one table for Russian and Kyrgyz. ё, ң, ө, ү follow the letter they sound like.
LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i",
    "й": "j", "к": "k", "л": "l", "м": "m", "н": "n", "ң": "ng", "о": "o", "ө": "oe", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ү": "ue", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch",
    "ъ": "hard", "ы": "y", "ь": "soft", "э": "eh", "ю": "yu", "я": "ya",
}  # fmt: skip

_LETTER_ORDER = list(LETTERS.values())

_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\Z")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
#: Cyrillic letters that stand in for Roman ones in typed texts.
_ROMAN_LOOKALIKES = str.maketrans(
    {"І": "I", "Х": "X", "М": "M", "С": "C", "У": "V", "Ӏ": "I", "П": "II", "Ш": "III"}
)
#: Letters typed for digits inside an article's number («Статья З09-3»).
_DIGIT_LOOKALIKES = str.maketrans({"З": "3", "О": "0", "O": "0"})

#: Stems of ordinals; of two that fit the longer one counts («пятнадцатая» is not «пятая»).
ORDINALS = {
    "ОДИННАДЦАТ": 11, "ДВЕНАДЦАТ": 12, "ТРИНАДЦАТ": 13, "ЧЕТЫРНАДЦАТ": 14, "ПЯТНАДЦАТ": 15, "ШЕСТНАДЦАТ": 16,
    "СЕМНАДЦАТ": 17, "ВОСЕМНАДЦАТ": 18, "ДЕВЯТНАДЦАТ": 19, "ДВАДЦАТ": 20,
    "ОН БИРИНЧИ": 11, "ОН ЭКИНЧИ": 12, "ОН ҮЧҮНЧҮ": 13, "ОН ТӨРТҮНЧҮ": 14, "ОН БЕШИНЧИ": 15, "ОН АЛТЫНЧЫ": 16,
    "ОН ЖЕТИНЧИ": 17, "ОН СЕГИЗИНЧИ": 18, "ОН ТОГУЗУНЧУ": 19, "ЖЫЙЫРМАНЧЫ": 20,
    "ПЕРВ": 1, "ВТОР": 2, "ТРЕТ": 3, "ЧЕТВЕРТ": 4, "ЧЕТВЁРТ": 4, "ПЯТ": 5, "ШЕСТ": 6, "СЕДЬМ": 7, "ВОСЬМ": 8,
    "ДЕВЯТ": 9, "ДЕСЯТ": 10,
    "БИРИНЧИ": 1, "ЭКИНЧИ": 2, "ҮЧҮНЧҮ": 3, "ТӨРТҮНЧҮ": 4, "БЕШИНЧИ": 5, "АЛТЫНЧЫ": 6, "ЖЕТИНЧИ": 7,
    "СЕГИЗИНЧИ": 8, "ТОГУЗУНЧУ": 9, "ОНУНЧУ": 10,
}  # fmt: skip


def superscript(digits: str) -> str:
    """The digits raised: "12" -> "¹²"."""
    return digits.translate(_DIGIT_TO_SUPERSCRIPT)


def raised(text: str) -> str:
    """Text that stands raised: digits as raised digits («1.» in «Статья 24¹.» too), words as they are."""
    return superscript(text) if re.fullmatch(r"[\d\s.,;:)\]]*", text) else text


def normalise(printed: str) -> str:
    """A printed Arabic number in one form: "24¹" and "24-1" -> "24-1"; "2.1" -> "2-1"; "З09-3" -> "309-3"."""
    raised = re.sub(
        rf"[{SUPERSCRIPTS}]+", lambda m: "-" + m.group().translate(_SUPERSCRIPT_TO_DIGIT), printed
    )
    raised = raised.translate(_DIGIT_LOOKALIKES)
    return "-".join(str(int(part)) for part in re.split(r"[-–—‑.\s]+", raised) if part)


def roman(printed: str) -> int | None:
    """The value of a Roman numeral, or None."""
    word = printed.upper().translate(_ROMAN_LOOKALIKES)
    if not word or not _ROMAN.match(word):
        return None
    total = 0
    for letter, following in zip(word, [*word[1:], ""], strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if following and _ROMAN_VALUES[following] > value else value
    return total


def container_number(printed: str) -> str | None:
    """Number of a section or chapter: Arabic, Roman or an ordinal in words; "V-1" -> "5-1"; None if it is none."""
    head = re.match(rf"((?:[Оо][Нн]\s)?[^\W\d_]+|\d+)((?:\s?[-–—‑]\s?\d+|[{SUPERSCRIPTS}]+)*)\Z", printed)
    if not head:
        return None
    base, tail = head.groups()
    if base.isdigit():
        value: int | None = int(base)
    else:
        value = roman(base)
        if value is None:
            fitting = [stem for stem in ORDINALS if base.upper().startswith(stem)]
            value = ORDINALS[max(fitting, key=len)] if fitting else None
    return None if value is None else normalise(f"{value}{tail}")


def letter(printed: str) -> str:
    """A sub-point's letter in ASCII: "ж¹" -> "zh-1"."""
    base, tail = printed[0].lower(), printed[1:].strip()
    if tail.isdecimal() and tail.isascii():
        tail = f"-{tail}"
    return LETTERS.get(base, base) + (normalise(f"0{tail}")[1:] if tail else "")


def follows(before: str, number: str) -> bool:
    """Whether `number` comes next after `before` among siblings: 25 or 24-1 after 24, 25 or 24-2 after 24-1; б after а."""
    if not before or not number:
        return False
    if before in _LETTER_ORDER and number in _LETTER_ORDER:
        return 0 < _LETTER_ORDER.index(number) - _LETTER_ORDER.index(before) <= 2
    if not before[:1].isdigit() or not number[:1].isdigit():
        return False
    steps = before.split("-")
    nexts = {f"{before}-1"} | {"-".join([*steps[:n], str(int(steps[n]) + 1)]) for n in range(len(steps))}
    return number in nexts


def sort_key(number: str) -> tuple[int, ...]:
    """Order of numbers among siblings: 24 < 24-1 < 25."""
    return tuple(int(part) for part in number.split("-") if part.isdigit())
