"""The texts that go along the way: the files given, else the two sample acts of the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parents[3]
ACTS = BASE / "tests" / "data" / "acts"
KYRGYZ = ACTS / "07_ky_myizam_2018-02-15_N21_zhob_ozgortuu.txt"
RUSSIAN = ACTS / "06_ru_vodnyi_kodeks_2005-8_red2021.txt"
# The Russian sample is a code of a hundred articles: the first two chapters are text enough for a way.
RUSSIAN_ENDS_BEFORE = "Глава 3"
NAMES = {"ky": "кыргызча", "ru": "по-русски"}


class BadInput(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class File:
    """A file with the text of an act, and what was recognised in it."""

    name: str
    data: bytes
    language: str
    title: str
    kind: str
    amending: bool


def read(path: Path) -> File:
    """Raises BadInput for a file that the portal would not take."""
    if not path.is_file():
        raise BadInput("not_found", f"There is no file {path}.")
    return _recognised(path.name, path.read_bytes())


def _recognised(name: str, data: bytes) -> File:
    from apps.legal_text import reader
    from apps.legal_text.errors import UnreadableText

    try:
        act = reader.read(data, filename=name)
    except UnreadableText as refusal:
        raise BadInput(refusal.code, f"{name} cannot be read: {refusal.code}.") from refusal
    title = " ".join((act.title or Path(name).stem).split())[:400]
    return File(name, data, act.language, title, act.kind or "law", act.amending)


def _samples() -> dict[str, File]:
    russian = RUSSIAN.read_text(encoding="utf-8").partition(f"\n{RUSSIAN_ENDS_BEFORE}")[0]
    return {"ky": read(KYRGYZ), "ru": _recognised(RUSSIAN.name, russian.encode())}


def pair(act: str | None, other: str | None) -> tuple[File, dict[str, File]]:
    """The act, and its text by language. Without --act-other one file stands for both languages."""
    if act is None:
        samples = _samples()
        if other is not None:
            second = read(Path(other))
            samples[second.language] = second
        return samples["ky"], samples
    first = read(Path(act))
    second_language = "ru" if first.language == "ky" else "ky"
    second = read(Path(other)) if other is not None else first
    if other is not None and second.language == first.language:
        raise BadInput("same_language", f"Both files are in the same language ({first.language}).")
    return first, {first.language: first, second_language: second}
