from collections.abc import Iterator
from typing import Any

import pytest

from tests.isolation.world import World, made


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with made(django_db_blocker, printed=False) as world:
        yield world
