"""script/soak: what it takes and refuses, and how a figure comes into docs/measured.md."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BASE / "script" / "_lib"))

from soak import PARTS, Figure, Sizes, paper  # noqa: E402

PAPER = f"""# Measured

Words before.

{paper.HEAD}| clock | 1 wrong | 0 wrong | no | long ago | abc | `script/soak clock` |
| other | 5 s | | | long ago | abc | `script/soak other` |

Words after.
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BASE / "script" / "soak"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["clocks"], "unknown_part"), (["clock", "--cases", "0"], "bad_number"), (["--fast"], "bad_arguments")],
)
def test_bad_input_is_refused(arguments: list[str], code: str) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == code


def test_a_short_run_tells_its_figure_and_is_not_written_down() -> None:
    before = paper.PAPER.read_bytes() if paper.PAPER.exists() else None

    done = run("clock", "--cases", "500")

    row = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr[-3000:]
    assert row["ok"] is True
    assert row["value"].startswith("0 wrong of 500")
    assert (paper.PAPER.read_bytes() if paper.PAPER.exists() else None) == before


def test_a_newer_figure_takes_the_place_of_the_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "PAPER", tmp_path / "measured.md")
    paper.PAPER.write_text(PAPER)

    figures = [Figure("clock", "0 wrong", "0 wrong", True), Figure("new", "1", "", None, "script/bench new")]
    paper.record(figures, "today, load 0.1 on 2 cores", "script/soak clock")

    text = paper.PAPER.read_text()
    assert "1 wrong" not in text
    assert "| clock | 0 wrong | 0 wrong | yes | today, load 0.1 on 2 cores |" in text
    assert "| other | 5 s |" in text
    assert "`script/bench new`" in text
    assert text.startswith("# Measured\n\nWords before.\n")
    assert text.endswith("\nWords after.\n")


def test_the_command_of_a_figure_repeats_it() -> None:
    assert Sizes().command("clock") == "script/soak clock"
    assert Sizes(cases=7).command("clock") == "script/soak clock --cases 7"


def test_every_part_can_be_run() -> None:
    assert [name for name in PARTS if not (BASE / "script" / "_lib" / "soak" / f"{name}.py").exists()] == []
