"""The way of an act for the tests of the public pages, and a reader of pages who counts questions to the database."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.core import clock
from apps.register import conditional, parts
from apps.register.demo.way import Way
from tests.way import people, way

__all__ = ["people", "way"]


@pytest.fixture
def reader() -> Client:
    """Somebody without an account."""
    return Client()


@pytest.fixture
def read_at(reader: Client) -> Callable[..., Any]:
    """Read a page at the moment of a story; as a person, or without an account."""

    def read(way: Way, path: str, *, by: User | None = None, status: int = 200) -> str:
        client = Client() if by else reader
        if by:
            client.force_login(by)
        with clock.frozen(way.at):
            response = client.get(path)
        assert response.status_code == status, response.status_code
        return response.content.decode()

    return read


@pytest.fixture
def queries(reader: Client) -> Callable[..., list[str]]:
    """The queries of a page made anew, the one for its ETag among them; without those that open and close a session."""

    def of(way: Way, path: str, *, by: User | None = None) -> list[str]:
        client = Client() if by else reader
        if by:
            client.force_login(by)
        conditional._pages.clear()
        parts.clear()
        with clock.frozen(way.at), CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        assert response.status_code == 200
        return [
            query["sql"]
            for query in captured.captured_queries
            if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
        ]

    return of


@pytest.fixture
def again(people: dict[str, User]) -> Callable[..., Iterator[Way]]:
    """Another act on the same way."""
    from tests.way import start

    return lambda *text: start(people, *text)
