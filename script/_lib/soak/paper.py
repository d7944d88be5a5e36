"""docs/measured.md: one table, a line a figure; a newer measurement takes the place of the older one."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from pathlib import Path

import bootstrap

from . import Figure

PAPER = bootstrap.BASE / "docs" / "measured.md"
HEAD = "| what | figure | goal | met | when, on what | commit | command |\n|---|---|---|---|---|---|---|\n"
WORDS = {True: "yes", False: "no", None: ""}


def circumstances() -> str:
    """The date, and how busy the machine was: a figure without it says little."""
    load = os.getloadavg()[1]
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, load {load:.1f} on {os.cpu_count()} cores"


def record(figures: list[Figure], when: str, command: str) -> None:
    """Put the figures into the table of docs/measured.md; what is around the table stays."""
    git = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=bootstrap.BASE,
        capture_output=True,
        text=True,
        check=False,
    )
    commit = git.stdout.strip() or "unknown"
    before, rows, after = _split(PAPER)
    for figure in figures:
        cells = [figure.value, figure.goal, WORDS[figure.ok], when, commit, f"`{figure.command or command}`"]
        rows[figure.name] = f"| {figure.name} | " + " | ".join(cells) + " |\n"
    PAPER.write_text(before + HEAD + "".join(rows.values()) + after, encoding="utf-8")


def _split(path: Path) -> tuple[str, dict[str, str], str]:
    text = path.read_text(encoding="utf-8") if path.exists() else "# Measured\n\n"
    before, head, rest = text.partition(HEAD)
    if not head:
        return text.rstrip("\n") + "\n\n", {}, ""
    lines = rest.splitlines(keepends=True)
    count = next((i for i, line in enumerate(lines) if not line.startswith("|")), len(lines))
    rows = {line.split("|")[1].strip(): line for line in lines[:count]}
    return before, rows, "".join(lines[count:])
