from typing import Any

import pytest

from tests.people import People, everybody


@pytest.fixture
def people(db: Any) -> People:
    return everybody()
