"""The journeys stand on a whole portal: script/server with its own database, queue, workers and relay."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(BASE / "script" / "_lib"))

from smoke.server import Server  # noqa: E402


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration with everything running; its words are in the log of the failed test's folder."""
    if running := os.environ.get("PORTAL_JOURNEY_URL"):
        yield running.rstrip("/")  # a demonstration that runs already: for writing these tests
        return
    log = tmp_path_factory.mktemp("portal") / "server.log"
    with log.open("w") as words, Server(log=words) as server:
        yield server.url
    problems = [line for line in log.read_text().splitlines() if '"level": "error"' in line]
    assert problems == [], f"the portal wrote errors into {log}"
