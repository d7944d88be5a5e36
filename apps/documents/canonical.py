"""Canonical JSON: the exact bytes that people sign. Pure Python, no Django.

UTF-8, NFC, keys sorted by code point, no white space, nothing escaped that need not be. The same
facts always give the same bytes, so anyone can take the JSON out of a document and hash it again.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BISHKEK = ZoneInfo("Asia/Bishkek")
Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


def canonical_bytes(value: object) -> bytes:
    """The canonical bytes of dicts, lists, strings, integers, booleans and None.

    Raises TypeError for anything else (a float has no one spelling, a date is written by
    `moment`), ValueError for text that is not Unicode or for two keys equal after NFC.
    """
    text = json.dumps(_normal(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("text holds a lone surrogate") from error


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def moment(at: datetime) -> str:
    """A point in time as documents print it: Bishkek time with its offset, to the millisecond."""
    if at.tzinfo is None:
        raise ValueError("a point in time needs its zone")
    return at.astimezone(BISHKEK).isoformat(timespec="milliseconds")


def parse_moment(text: str) -> datetime:
    """The aware UTC datetime behind `moment`."""
    return datetime.fromisoformat(text).astimezone(UTC)


def short_hash(digest: str) -> str:
    """A hash for the foot of a page: the first and the last digits, in groups of four."""
    return f"{digest[:4]} {digest[4:8]} {digest[8:12]} … {digest[-4:]}"


def grouped_hash(digest: str) -> str:
    """The whole hash in groups of eight, so that an eye can compare it."""
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def _normal(value: object) -> Json:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value))
    if isinstance(value, Mapping):
        result: dict[str, Json] = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key must be text, not {type(key).__name__}")
            normal = unicodedata.normalize("NFC", key)
            if normal in result:
                raise ValueError(f"two keys are equal after normalisation: {normal}")
            result[normal] = _normal(item)
        return result
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    raise TypeError(f"canonical JSON holds no {type(value).__name__}")
