"""What it takes to have a reading back as it was: kept beside every step of mending.

It works on stored values alone (the dictionaries of `provisions.as_dict`) and knows nothing of what they mean: a parser
or a step of mending that changes meanwhile changes nothing here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

Stored = Mapping[str, Any]


def way_back(before: Stored, after: Stored) -> dict[str, Any]:
    """How `before` is made again of `after`: of each list the run that differs, other values as they were.

    {"runs": {key: [first, last of it in `after`, what stood there]}, "values": {key: value}, "new": [keys]}.
    """
    runs: dict[str, list[Any]] = {}
    values: dict[str, Any] = {}
    for key, was in before.items():
        became = after.get(key)
        if isinstance(was, list) and isinstance(became, list):
            if was != became:
                runs[key] = _run(was, became)
        elif key not in after or was != became:
            values[key] = was
    return {"runs": runs, "values": values, "new": sorted(after.keys() - before.keys())}


def go_back(after: Stored, way: Stored) -> dict[str, Any]:
    """The reading before, of the one after it and its `way_back`. Raises KeyError or TypeError for another shape."""
    before = {key: value for key, value in after.items() if key not in way["new"]}
    for key, (first, last, stood) in way["runs"].items():
        became = after[key]
        before[key] = [*became[:first], *stood, *became[last:]]
    return {**before, **way["values"]}


def fingerprint(reading: Stored) -> str:
    """SHA-256 (hex) of a reading: equal for equal readings, in whatever order their keys were stored."""
    canonical = json.dumps(reading, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _run(was: Sequence[Any], became: Sequence[Any]) -> list[Any]:
    shorter = min(len(was), len(became))
    first = next((i for i in range(shorter) if was[i] != became[i]), shorter)
    alike = next((i for i in range(shorter - first) if was[-1 - i] != became[-1 - i]), shorter - first)
    return [first, len(became) - alike, list(was[first : len(was) - alike])]
