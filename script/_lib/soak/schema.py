"""Schemathesis on the whole API as each role, on a demonstration of its own: no server error."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from smoke.server import Server
from smoke.visitor import Visitor

from . import Figure, Sizes, stack

PASSWORD = "makuldashuu-demo"
ROLES = (
    "",
    "finance.drafter",
    "finance.signatory",
    "union.officer",
    "union.signatory",
    "justice.coordinator",
    "committee.clerk",
    "cabinet.clerk",
    "chamber.auditor",
    "admin.first",
)
AT_ONCE = 2
TOOL = Path(sys.executable).with_name("schemathesis")


def run(sizes: Sizes) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with log.open("w") as words, Server(log=words) as server, ThreadPoolExecutor(AT_ONCE) as pool:
            jobs = [(server.url, role, sizes.minutes * 60) for role in ROLES]
            found = list(pool.map(lambda job: _as(*job), jobs))
        errors = [line for line in log.read_text().splitlines() if '"level": "error"' in line]
    for line in errors[:10]:
        stack.say(line[:1500])
    cases = sum(number for number, _failed in found)
    failed = [role or "nobody" for role, (_number, wrong) in zip(ROLES, found, strict=True) if wrong]
    value = f"{len(errors)} server errors in {cases:,} cases as {len(ROLES)} roles, {sizes.minutes} min each"
    if failed:
        value += f"; as {', '.join(failed)}"
    yield Figure("schemathesis", value, "0", not errors and not failed and cases > 0)


def _as(site: str, role: str, seconds: int) -> tuple[int, bool]:
    """(cases tried, whether a server error was found) with the session of this person; without one for ""."""
    headers = ["-H", f"Referer: {site}/"]
    if role:
        visitor = Visitor(site, {"email": f"{role}@demo.example", "password": PASSWORD})
        visitor.sign_in()
        jar = visitor.session.cookies.get_dict()
        token = next((value for name, value in jar.items() if "csrf" in name.lower()), "")
        headers += ["-H", "Cookie: " + "; ".join(f"{k}={v}" for k, v in jar.items())]
        headers += ["-H", f"X-CSRFToken: {token}"]
    command = [
        *(str(TOOL), "run", f"{site}/api/schema/?format=json", "--max-time", str(seconds)),
        *("--checks", "not_a_server_error", "--continue-on-failure", "--request-timeout", "20"),
        *("--warnings", "off", "--no-color", *headers),
    ]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=seconds + 600, check=False
        )
    numbers = re.findall(r"(\d+) generated", done.stdout.replace(",", ""))
    if done.returncode or not numbers:
        stack.say(role or "nobody", done.stdout[-3000:], done.stderr[-1000:])
    return sum(map(int, numbers)), done.returncode != 0
