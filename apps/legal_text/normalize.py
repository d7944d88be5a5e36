"""One form of a text, so that the same text has the same hash whatever file it came from; and ky beside ru."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from apps.legal_text.provisions import Provision

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})
_SPACE = re.compile(r"\s+")


def normalize(text: str | None) -> str:
    """NFC, without invisible characters, hyphens of one kind, white space as single blanks. None is ""."""
    if not text:
        return ""
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE)).translate(_HYPHENS)
    return _SPACE.sub(" ", text).strip()


def text_hash(ky: Sequence[Provision] | None, ru: Sequence[Provision] | None) -> str:
    """SHA-256 (hex) over the normalised provisions of both languages, Kyrgyz first.

    Over canonical JSON, a list of [language, eid, label, heading, text]; equal for equal texts in any file format.
    """
    rows = [
        [
            lang,
            provision.eid,
            normalize(provision.label),
            normalize(provision.heading),
            normalize(provision.text),
        ]
        for lang, provisions in (("ky", ky or ()), ("ru", ru or ()))
        for provision in provisions
    ]
    canonical = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class AlignedProvision:
    """One unit in both languages; a side that lacks it is None."""

    eid: str
    kind: str
    ky: Provision | None
    ru: Provision | None


def align(ky: Sequence[Provision] | None, ru: Sequence[Provision] | None) -> list[AlignedProvision]:
    """Both languages by eid in document order; what only one side has stands after what it follows there."""
    by_ky = {provision.eid: provision for provision in ky or ()}
    by_ru = {provision.eid: provision for provision in ru or ()}
    only_ru: dict[str | None, list[str]] = {}
    anchor: str | None = None
    for eid in by_ru:
        if eid in by_ky:
            anchor = eid
        else:
            only_ru.setdefault(anchor, []).append(eid)
    order = list(only_ru.get(None, ()))
    for eid in by_ky:
        order.append(eid)
        order.extend(only_ru.get(eid, ()))
    aligned: list[AlignedProvision] = []
    for eid in order:
        left, right = by_ky.get(eid), by_ru.get(eid)
        present = left or right
        if present is not None:
            aligned.append(AlignedProvision(eid, present.kind, left, right))
    return aligned
