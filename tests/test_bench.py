"""script/bench: the shape of its rows on a small register, and a clock that is compared with an oracle."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BASE / "script" / "_lib"))

import bench  # noqa: E402
from bench import clock as bench_clock  # noqa: E402
from bench import screening as bench_screening  # noqa: E402

from apps.deadlines import rules  # noqa: E402

NAMES = ["deadline_sweep", "protocol_pdf", "list_page", "api_list", "act_page", "search", "repeated_page"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BASE / "script" / "bench"), *arguments]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=600, check=False
    )


def test_an_unknown_name_is_bad_input() -> None:
    done = run("list_pages")

    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "unknown_name"


def test_the_ratio_is_value_by_floor() -> None:
    assert bench.row("list_page", 200.0, "rps", 400.0) == {
        "name": "list_page",
        "value": 200.0,
        "unit": "rps",
        "floor": 400.0,
        "ratio": 0.5,
    }


def test_the_clock_agrees_with_the_oracle() -> None:
    assert bench_clock.measure(cases=2000, seed=7) == {"name": "clock", "cases": 2000, "wrong": 0, "seed": 7}


def test_a_clock_that_forgets_moved_working_days_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_COUNTING", {rules.WORKING_DAY})

    assert bench_clock.measure(cases=2000, seed=7)["wrong"] > 0


@pytest.mark.slow
@pytest.mark.skipif(
    os.environ.get("PORTAL_PROBES") != "all", reason="two minutes: in full size, PORTAL_PROBES=all"
)
def test_every_figure_has_its_floor(tmp_path: Path) -> None:
    """On a register of its own, made for this test; no figure is judged here."""
    done = run("--acts", "60", "--seconds", "0.5", PORTAL_VAR=str(tmp_path))

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr[-3000:]
    assert sorted(row["name"] for row in rows) == sorted(NAMES)
    assert all(list(row) == ["name", "value", "unit", "floor", "ratio"] for row in rows)
    assert all(row["ratio"] == pytest.approx(row["value"] / row["floor"], rel=0.05) for row in rows)
    assert not (tmp_path / "bench-60" / "pg" / "postmaster.pid").exists()


def test_screening_counts_what_is_right_found_and_missed() -> None:
    judged = [(True, True), (True, False), (False, True), (False, False)]

    assert bench_screening.figures(judged) == {
        "precision": 0.5, "recall": 0.5, "f1": 0.5, "n_positive": 2, "n": 4,
    }  # fmt: skip
    assert bench_screening.figures([])["precision"] is None
