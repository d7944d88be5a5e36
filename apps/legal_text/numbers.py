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

_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\Z")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
#: Cyrillic letters that stand in for Roman ones in typed texts.
_ROMAN_LOOKALIKES = str.maketrans({"І": "I", "Х": "X", "М": "M", "С": "C", "У": "V", "Ӏ": "I"})
#: Letters typed for digits inside an article's number («Статья З09-3»).
_DIGIT_LOOKALIKES = str.maketrans({"З": "3", "О": "0", "O": "0"})

ORDINALS = {
    "ПЕРВ": 1, "ВТОР": 2, "ТРЕТ": 3, "ЧЕТВЕРТ": 4, "ЧЕТВЁРТ": 4, "ПЯТ": 5, "ШЕСТ": 6, "СЕДЬМ": 7, "ВОСЬМ": 8,
    "ДЕВЯТ": 9, "ДЕСЯТ": 10,
    "БИРИНЧИ": 1, "ЭКИНЧИ": 2, "ҮЧҮНЧҮ": 3, "ТӨРТҮНЧҮ": 4, "БЕШИНЧИ": 5, "АЛТЫНЧЫ": 6, "ЖЕТИНЧИ": 7,
    "СЕГИЗИНЧИ": 8, "ТОГУЗУНЧУ": 9, "ОНУНЧУ": 10,
}  # fmt: skip


def superscript(digits: str) -> str:
    """The digits raised: "12" -> "¹²"."""
    return digits.translate(_DIGIT_TO_SUPERSCRIPT)


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
    head = re.match(rf"([^\W\d_]+|\d+)((?:\s?[-–—‑]\s?\d+|[{SUPERSCRIPTS}]+)*)\Z", printed)
    if not head:
        return None
    base, tail = head.groups()
    if base.isdigit():
        value: int | None = int(base)
    else:
        value = roman(base)
        if value is None:
            value = next((n for stem, n in ORDINALS.items() if base.upper().startswith(stem)), None)
    return None if value is None else normalise(f"{value}{tail}")


def letter(printed: str) -> str:
    """A sub-point's letter in ASCII: "ж¹" -> "zh-1"."""
    base, tail = printed[0].lower(), printed[1:]
    return LETTERS.get(base, base) + (normalise(f"0{tail}")[1:] if tail else "")


def split_last(number: str) -> tuple[str, int]:
    """("24", 1) for "24-1", ("", 24) for "24": what stands before the last step, and the last step."""
    head, _, last = number.rpartition("-")
    return head, int(last)


def sort_key(number: str) -> tuple[int, ...]:
    """Order of numbers among siblings: 24 < 24-1 < 25."""
    return tuple(int(part) for part in number.split("-") if part.isdigit())
