"""The portal's rules of signing: versioned text in three languages. A version that was accepted never changes."""

import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

CURRENT = 1
_DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Section:
    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Rules:
    """One version in one language. `sha256` is of the stored file with all three languages."""

    version: int
    language: str
    title: str
    sections: tuple[Section, ...]
    sha256: str


def versions() -> list[int]:
    return sorted(int(path.stem.removeprefix("rules_")) for path in _DATA.glob("rules_*.json"))


@functools.cache
def text(version: int, language: str) -> Rules:
    """The rules of a version in ky, ru or en. Raises KeyError when there is no such version or language."""
    path = _DATA / f"rules_{version}.json"
    if version not in versions():
        raise KeyError(version)
    raw = path.read_bytes()
    told = json.loads(raw)[language]
    return Rules(
        version=version,
        language=language,
        title=told["title"],
        sections=tuple(Section(part["heading"], tuple(part["paragraphs"])) for part in told["sections"]),
        sha256=hashlib.sha256(raw).hexdigest(),
    )
