"""Writes of territories. Loading fills an empty installation and never touches a row already there."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from .models import Territory

DATA = Path(__file__).resolve().parent / "data" / "territories.json"


@transaction.atomic
def load_territories() -> int:
    """Load the reference list, parents first; rows already there stay as they are. Returns how many came."""
    units = json.loads(DATA.read_text(encoding="utf-8"))["units"]
    ids = dict(Territory.objects.values_list("code", "id"))
    before = len(ids)
    waiting = [unit for unit in units if unit["code"] not in ids]
    while waiting:
        ready = [unit for unit in waiting if unit["parent"] is None or unit["parent"] in ids]
        if not ready:
            raise ValueError(f"No parent for {sorted(unit['code'] for unit in waiting)}")
        Territory.objects.bulk_create([_territory(unit, ids) for unit in ready], ignore_conflicts=True)
        ids = dict(Territory.objects.values_list("code", "id"))
        waiting = [unit for unit in waiting if unit["code"] not in ids]
    return len(ids) - before


def _territory(unit: dict[str, Any], ids: dict[str, int]) -> Territory:
    return Territory(
        code=unit["code"],
        kind=unit["kind"],
        parent_id=ids[unit["parent"]] if unit["parent"] else None,
        name_ky=unit["ky"] or "",
        name_ru=unit["ru"],
        name_en=unit["en"] or "",
        note_status=unit["status"],
        note=unit.get("note", ""),
    )
