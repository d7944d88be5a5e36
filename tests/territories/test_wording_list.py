"""The list of names that still need a Kyrgyz form agrees with the data. No database."""

import json
import re
from pathlib import Path

from apps.territories.services import DATA

LIST = Path(__file__).resolve().parents[2] / "docs" / "domain" / "wording-to-confirm.md"


def test_every_territory_without_a_kyrgyz_name_is_listed_for_confirmation_and_no_other():
    units = json.loads(DATA.read_text(encoding="utf-8"))["units"]

    listed = re.findall(r"^\| ([0-9]{14}) \|", LIST.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(listed) == sorted(unit["code"] for unit in units if not unit["ky"])
