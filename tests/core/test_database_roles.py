"""The portal never has more rights in the database than a clerk: the owner's work is the owner's."""

import pytest
from django.db import ProgrammingError, connection
from django.test import override_settings

pytestmark = pytest.mark.django_db


def ask(statement: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def test_the_application_is_no_superuser_and_owns_nothing() -> None:
    name, superuser = ask("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user")
    (owned,) = ask(
        "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = current_user"
    )

    assert (name, superuser, owned) == (connection.settings_dict["USER"], False, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE django_session",
        "DROP TABLE django_session",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE django_session DISABLE TRIGGER ALL",
    ],
)
def test_the_application_cannot_do_what_is_the_owners(statement: str) -> None:
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit", "full_page_writes", "data_checksums"])
def test_a_committed_opinion_survives_a_power_cut(setting: str) -> None:
    (value,) = ask(f"SHOW {setting}")

    assert value == "on"


@pytest.mark.django_db(transaction=True)
def test_the_test_database_is_flushed_by_its_owner() -> None:
    (rows,) = ask("SELECT count(*) FROM django_session")

    assert rows == 0


@override_settings(DATABASE_OWNER_URL="")
def test_migrating_without_an_owner_is_refused() -> None:
    from django.core.exceptions import ImproperlyConfigured

    from apps.core.ownership import log_in_as_owner

    with pytest.raises(ImproperlyConfigured, match="DATABASE_OWNER_URL"):
        log_in_as_owner()
