"""The two database roles: who owns the tables, and what the application may do with them by default.

The owner (`DATABASE_OWNER_URL`) migrates; everything else logs in as the application's role (`DATABASE_URL`), which
owns nothing. Narrower rights (journal, signatures, Terms) are taken away by the migrations of those tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dj_database_url
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from apps.core.dbroles import APP_ROLE

_LOGIN = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


def log_in_as_owner(**timeouts: float) -> dict:
    """Let the default connection log in as the owner from now on; returns what `log_in_as` needs to go back.

    `timeouts`: lock_timeout and statement_timeout in seconds, 0 for none.
    """
    if not settings.DATABASE_OWNER_URL:
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL is not set: only the owner of the database may migrate it."
        )
    before = {key: connection.settings_dict[key] for key in _LOGIN}
    owner = dj_database_url.parse(settings.DATABASE_OWNER_URL)
    login: dict[str, Any] = {key: owner.get(key) or before[key].__class__() for key in _LOGIN}
    words = " ".join(f"-c {name}={round(seconds * 1000)}" for name, seconds in timeouts.items())
    if words:
        login["OPTIONS"] = {
            **login["OPTIONS"],
            "options": f"{login['OPTIONS'].get('options', '')} {words}".strip(),
        }
    log_in_as(login)
    return before


def log_in_as(login: dict) -> None:
    connection.close()
    connection.settings_dict.update(login)


@contextmanager
def as_owner(**timeouts: float) -> Iterator[None]:
    """Inside this block the default connection has the rights of the database's owner; `timeouts` in seconds."""
    before = log_in_as_owner(**timeouts)
    try:
        yield
    finally:
        log_in_as(before)


def grant_defaults() -> None:
    """As the owner: what the application's role may do with every table made from now on. No TRUNCATE."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [APP_ROLE])
        if cursor.fetchone():
            role = connection.ops.quote_name(APP_ROLE)
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
            cursor.execute(
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}"
            )
            cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role}")


def one_migration_at_a_time() -> None:
    """Wait (lock_timeout) until no other session migrates this database; held until the connection is closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('migrate'))")


def drop_unfinished_indexes() -> None:
    """CREATE INDEX CONCURRENTLY that was cut short leaves an index nobody uses, and its name taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class c ON c.oid = indexrelid "
            "WHERE NOT indisvalid AND relnamespace = 'public'::regnamespace AND relowner = current_user::regrole "
            "AND relname !~ '_cc(new|old)[0-9]*$'"  # REINDEX CONCURRENTLY at work
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")


def who_holds() -> list[str]:
    """Sessions that hold tables of the portal at this moment: "1234 portal_app"."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT format('%s %s', pid, usename) FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "JOIN pg_class c ON c.oid = relation WHERE granted AND pid <> pg_backend_pid() "
            "AND relnamespace = 'public'::regnamespace AND pg_locks.database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1 LIMIT 5"
        )
        return [row[0] for row in cursor.fetchall()]
