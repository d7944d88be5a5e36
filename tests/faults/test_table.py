"""docs/faults.md names tests that exist."""

import re
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
ROWS = re.findall(r"^\| (?!Fault|---)(.+?) \| (.+?) \|$", (BASE / "docs/faults.md").read_text(), re.MULTILINE)


def test_every_fault_of_the_table_has_tests_that_exist() -> None:
    missing = []
    for fault, cell in ROWS:
        tests = re.findall(r"`(tests/\S+\.py)::(test_\w+)`", cell)
        if not tests:
            missing.append(f"{fault}: no test")
        for path, name in tests:
            file = BASE / path
            if not file.exists() or f"def {name}(" not in file.read_text():
                missing.append(f"{fault}: {path}::{name}")

    assert missing == []
    assert len(ROWS) > 15
