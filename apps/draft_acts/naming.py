"""How a provision is called in words: "статья 2, часть 1", "2-берене, 1-бөлүк". From its eid, which is lasting.

Kinds and eids: see legal_text. Kyrgyz puts the number first, Russian and English after the word.
"""

import re

from .models import Provision

WORDS: dict[str, tuple[str, str, str]] = {  # eid prefix: ky, ru, en
    "part": ("бөлүк", "часть", "part"),
    "sec": ("бөлүм", "раздел", "section"),
    "chp": ("глава", "глава", "chapter"),
    "art": ("берене", "статья", "article"),
    "para": ("бөлүк", "часть", "paragraph"),
    "point": ("пункт", "пункт", "point"),
    "subpoint": ("пунктча", "подпункт", "subpoint"),
    "al": ("абзац", "абзац", "indent"),
    "note": ("эскертүү", "примечание", "note"),
    "att": ("тиркеме", "приложение", "annex"),
    "qstr": ("жаңы текст", "новый текст", "new text"),
}
ALONE: dict[str, tuple[str, str, str]] = {
    "preamble": ("преамбула", "преамбула", "preamble"),
    "signature": ("кол", "подпись", "signature"),
    "closing": ("корутунду бөлүк", "заключительная часть", "closing"),
}
LETTERS = dict(zip("abvgdezijklmnoprstufhc", "абвгдезийклмнопрстуфхц", strict=True))
_INDEX = {"ky": 0, "ru": 1, "en": 2}
_PIECE = re.compile(r"^([a-z]+)(?:_(.+?))?(-dup\d+)?$")


def name_of(eid: str, language: str) -> str:
    """The name of an eid in ky, ru or en, first letter capital; unknown pieces are given as they are."""
    which = _INDEX.get(language, 1)
    words = [_piece(piece, which) for piece in eid.split("__")]
    text = ", ".join(words)
    return text[:1].upper() + text[1:]


def provision_name(provision: Provision, language: str) -> str:
    """What a remark on this provision says it is about."""
    return name_of(provision.eid, language)


def _piece(piece: str, which: int) -> str:
    if piece in ALONE:
        return ALONE[piece][which]
    found = _PIECE.match(piece)
    if found is None or found[1] not in WORDS:
        return piece
    word, number = WORDS[found[1]][which], found[2] or ""
    if found[1] == "subpoint" and which < 2:
        number = LETTERS.get(number, number)
    if not number:
        return word
    return f"{number}-{word}" if which == 0 else f"{word} {number}"
