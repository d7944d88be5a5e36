"""Small typography of Kyrgyz, Russian and English text: non-breaking spaces, paragraphs, sizes of files."""

import re

from apps.core.dates import NBSP, language

_AFTER_SIGN = re.compile(r"([№§])[ \u00a0]?(?=[\w\d])")
_SHORT_WORD = re.compile(r"(?<![\w\u00a0-])([A-Za-zА-Яа-яЁёҢңӨөҮү]{1,2}) (?=\S)")
_UNIT = r"[%‰°]|(?:кг|км|га|мм|см|м|т|л|ч|КБ|МБ|kB|MB)(?!\w)|[A-Za-zА-Яа-яЁёҢңӨөҮү]{3,}"
_NUMBER_UNIT = re.compile(rf"(\d) (?={_UNIT})")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def nbsp(text: str) -> str:
    """The same text, held together where a line must not break.

    After № and §, after one- and two-letter words, between a number and its unit, inside thousands.
    """
    text = _AFTER_SIGN.sub(rf"\1{NBSP}", text)
    text = _THOUSANDS.sub(NBSP, text)
    text = _NUMBER_UNIT.sub(rf"\1{NBSP}", text)
    text = _SHORT_WORD.sub(rf"\1{NBSP}", text)
    return _SHORT_WORD.sub(rf"\1{NBSP}", text)  # two short words in a row share the space between them


def paragraphs(text: str) -> list[str]:
    """Lines of a provision or of a typed text, blank ones left out."""
    return [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def number_words(value: int | float, *, lang: str | None = None, decimals: int = 0) -> str:
    """1 234,5 in Kyrgyz and Russian, 1,234.5 in English; spaces do not break."""
    words = f"{value:,.{decimals}f}"
    if language(lang) == "en":
        return words
    return words.replace(",", NBSP).replace(".", ",")


def filesize_words(size: int, *, lang: str | None = None) -> str:
    """84 КБ, 1,2 МБ; in English 84 kB, 1.2 MB."""
    lang = language(lang)
    units = ("bytes", "kB", "MB") if lang == "en" else ("байт", "КБ", "МБ")
    if size < 1000:
        return f"{size}{NBSP}{units[0]}"
    if size < 1_000_000:
        return f"{number_words(max(1, round(size / 1000)), lang=lang)}{NBSP}{units[1]}"
    return f"{number_words(size / 1_000_000, lang=lang, decimals=1)}{NBSP}{units[2]}"
