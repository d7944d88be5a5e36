"""The people and the way of an act, shared by the tests of the later stages: the demonstration's own."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apps.accounts.models import User
from apps.core import clock
from apps.deadlines import services as deadlines
from apps.legal_text import reader, sandbox
from apps.organizations import services as organizations
from apps.register.demo import acts, cast, texts
from apps.register.demo.way import Text, Way

BEGIN = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)  # Tuesday, 10:00 in Bishkek
LONG_AGO = datetime(2025, 1, 15, 4, 0, tzinfo=UTC)


@pytest.fixture
def people(db: Any) -> dict[str, User]:
    """An account a role, in the organisations of the reference data."""
    deadlines.seed_calendar()
    deadlines.seed_templates()
    with clock.frozen(LONG_AGO):
        organizations.seed_institutions(at=LONG_AGO)
        return cast.load(at=LONG_AGO)


@pytest.fixture
def way(people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> Way:
    """An act just prepared, on Tuesday, 1 September 2026."""
    # The child process that reads uploads has its own tests; here only its half second is left out.
    monkeypatch.setattr(
        sandbox,
        "read_in_child",
        lambda data, *, filename, lang=None: reader.read(data, filename=filename, lang=lang),
    )
    return start(people)


def start(people: dict[str, User], text: Text = texts.TRANSFERS) -> Way:
    return Way(people, BEGIN).prepare(text)


replied, met, signed, filed = acts._replied, acts._met, acts._signed, acts._filed_by_both
