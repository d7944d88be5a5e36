"""All figures of script/bench, judged by the goals."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import bootstrap

from . import Figure, Sizes

# Goals in milliseconds were set on a machine whose floor took 4.1 ms of the processor (451 requests a second by two
# workers: 4.4 ms each): on another machine the same number of floors is asked for.
PAGE_FLOORS, SEARCH_FLOORS = 60 / 4.1, 50 / 4.4

# name: (goal in words, whether it is met)
GOALS: dict[str, tuple[str, Any]] = {
    "list_page": ("≥ 0.5 × the list floor", lambda row: row["ratio"] >= 0.5),
    "api_list": ("≥ 0.5 × the list floor", lambda row: row["ratio"] >= 0.5),
    "act_page": (
        f"≤ 60 ms CPU at a floor of 4.1: ≤ {PAGE_FLOORS:.1f} ×",
        lambda row: row["ratio"] <= PAGE_FLOORS,
    ),
    "search": (
        f"p95 ≤ 50 ms at a floor of 4.4: ≤ {SEARCH_FLOORS:.1f} ×",
        lambda row: row["ratio"] <= SEARCH_FLOORS,
    ),
    "repeated_page": ("≥ 2 × the list floor", lambda row: row["ratio"] >= 2),
    "protocol_pdf": ("≤ 1.3 × its HTML", lambda row: row["ratio"] <= 1.3),
    "deadline_sweep": ("≤ 10,000 ms", lambda row: row["value"] <= 10_000),
}


def run(sizes: Sizes) -> Iterator[Figure]:
    script = str(bootstrap.BASE / "script" / "bench")
    command = [sys.executable, script, "--acts", str(sizes.acts), "--seconds", "10"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    for line in done.stdout.splitlines():
        row = json.loads(line)
        if "error" not in row:
            yield figure(row, sizes.acts)


def figure(row: dict[str, Any], acts: int) -> Figure:
    words, met = GOALS[row["name"]]
    value = f"{row['value']} {row['unit']}; floor {row['floor']}; ratio {row['ratio']}"
    command = f"script/bench {row['name']} --acts {acts}"
    return Figure(f"{row['name']}, {acts:,} acts", value, words, met(row), command)
