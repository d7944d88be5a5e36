"""What every test stands on: a real database made by its owner and used with the rights of the application."""

import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.db import connection
from django.db.models.signals import pre_migrate

# The same examples in every small run, so that a change is not refused for what another one brought; new ones every time
# with PORTAL_PROBES=all.
hypothesis.settings.register_profile("small", derandomize=True)
if os.environ.get("PORTAL_PROBES") != "all":
    hypothesis.settings.load_profile("small")

# Files that take minutes go first: one that begins when everything else is done is waited for by an idle core.
LONG = (
    "tests/journeys/",
    "tests/isolation/",
    "tests/reviews/test_browser",
    "tests/test_bench",
    "tests/deployment/",
    "tests/faults/",
    "tests/register/test_o",
)

# What a test writes lies in a transaction that nobody else sees. Statistics gathered meanwhile say "no rows", and a page
# that takes 80 ms is then planned to take ten seconds.
STEADY_PLANS = """
DO $$ DECLARE name regclass; BEGIN
    FOR name IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = off)', name);
    END LOOP;
END $$
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        return next((n for n, path in enumerate(LONG) if item.nodeid.startswith(path)), len(LONG))

    items.sort(key=turn)


@pytest.fixture(scope="session")
def _owner_login(django_test_environment: None) -> dict:
    """From here on the test database is created and migrated by its owner, with the grants of an installation."""
    from apps.core.ownership import grant_defaults, log_in_as_owner

    done: set[str] = set()

    def grant_once(using: str, **kwargs: Any) -> None:
        if using not in done:
            done.add(using)
            grant_defaults()

    pre_migrate.connect(grant_once, weak=False, dispatch_uid="tests.grants")
    return log_in_as_owner()


@pytest.fixture(scope="session")
def django_db_setup(_owner_login: dict, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The bodies of tests run as the application's role: what the portal may not do, a test may not do either."""
    from apps.core.ownership import log_in_as, log_in_as_owner

    owner = connection.copy()
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(STEADY_PLANS)
        log_in_as(_owner_login)

    def flush_as_owner(statements: list[str]) -> None:
        # TRUNCATE is the owner's: the application's role has no right to it.
        connection.close()
        with owner.cursor() as cursor:
            cursor.execute("SET lock_timeout = '20s'")
            for statement in statements:
                cursor.execute(statement)
        owner.close()

    connection.ops.execute_sql_flush = flush_as_owner  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        owner.close()
        log_in_as_owner()


@pytest.fixture(scope="session", autouse=True)
def _old_keys() -> None:
    """The seal of a test run is older than every story told in it, whichever test comes first."""
    from datetime import UTC, datetime

    from apps.documents import signing

    signing.ensure_keys(at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="session", autouse=True)
def _both_factors() -> Iterator[None]:
    """Who is signed in by force has shown the second factor too; tests.factors.password_only leaves it out."""
    from django.test import Client

    from tests import factors

    patch = pytest.MonkeyPatch()
    patch.setattr(Client, "force_login", factors.both_factors)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page read by one test leaves its language to nobody."""
    from django.utils import translation

    with translation.override("ky"):
        yield
