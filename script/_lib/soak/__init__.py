"""The full figures: each part a module with `run(sizes) -> Iterator[Figure]`. Parts are named in `PARTS`."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import bootstrap

# On the register of N acts that script/bench makes; each of the others makes an installation of its own.
NEEDS_NOTHING = ("clock", "probes", "schema", "axe")  # or start a portal of their own
NEED_TOOLS = ("probes", "schema", "axe")  # what tests need, too
ON_THE_REGISTER = ("bench", "journal", "restore")
PARTS = (
    "clock",
    "kills",
    "twice",
    "down",
    "rush",
    "probes",
    "schema",
    "axe",
    *ON_THE_REGISTER,
    "restart",
    "nodes",
)


def _size(full: int, words: str) -> Any:
    return field(default=full, metadata={"words": words})


@dataclass(frozen=True)
class Sizes:
    """How much of everything. The defaults are the full figures; only these are written down."""

    acts: int = _size(100_000, "acts in the register of bench, journal and restore")
    cases: int = _size(1_000_000, "terms against the oracle")
    kills: int = _size(1000, "SIGKILLs while opinions are filed")
    redeliveries: int = _size(10_000, "messages of the outbox that come again")
    together: int = _size(50, "opinions that eight windows submit at once")
    filings: int = _size(60, "opinions filed while each dependency is down, and while it hangs")
    rush: int = _size(500, "opinions filed in the last hour")
    minutes: int = _size(10, "minutes of schemathesis as each role")
    tamperings: int = _size(1000, "changes of the journal that must be found")
    restarts: int = _size(3, "restarts before the upgrade")
    rounds: int = _size(10, "acts on which two nodes take opinions, one of them dying")

    def changed(self) -> dict[str, int]:
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}

    def command(self, part: str) -> str:
        return " ".join(["script/soak", part, *(f"--{name} {n}" for name, n in self.changed().items())])


@dataclass(frozen=True)
class Figure:
    """One line of docs/measured.md. `ok`: whether the goal is met; None where there is none."""

    name: str
    value: str
    goal: str
    ok: bool | None
    command: str = ""

    def row(self) -> dict[str, Any]:
        return asdict(self)


def trial(*arguments: str, **environment: str) -> dict[str, Any]:
    """A test of script/test, larger: what it wrote to TRIAL_REPORT. Raises RuntimeError when it failed before that."""
    with tempfile.TemporaryDirectory(prefix="makuldashuu-trial-") as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, str(bootstrap.BASE / "script" / "test"), "-n0", "-q", *arguments]
        variables = os.environ | environment | {"TRIAL_REPORT": str(report)}
        subprocess.run(command, env=variables, stdout=sys.stderr, check=False)
        if not report.exists():
            raise RuntimeError(f"{arguments[0]} failed (see above)")
        return dict(json.loads(report.read_text()))
