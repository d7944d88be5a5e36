"""Every address × person × method, and a canary in everything closed: the tests of isolation in their full size."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import bootstrap

from . import Figure, Sizes


def run(_sizes: Sizes) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts"
        environment = {**os.environ, "PORTAL_PROBES": "all", "PORTAL_PROBES_COUNTS": str(counts)}
        done = subprocess.run(
            [sys.executable, str(bootstrap.BASE / "script" / "test"), "-n0", "-q", "tests/isolation"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        tried: Counter[str] = Counter()
        for line in counts.read_text().splitlines() if counts.exists() else []:
            number, what = line.split(" ", 1)
            tried[what] += int(number)
    if done.returncode:
        print(done.stdout[-4000:], file=sys.stderr)
    leaks = "0 leaks" if done.returncode == 0 else "LEAKS"
    probes, answers = tried["probes"], tried["public answers"]
    yield Figure(
        "isolation probes",
        f"{leaks} in {probes:,} probes",
        "0 in ≥ 5,000",
        not done.returncode and probes >= 5000,
    )
    value = f"{leaks} in {answers:,} public answers, each read to its words"
    yield Figure("canary", value, "0 in ≥ 1,000", not done.returncode and answers >= 1000)
