"""The two database roles: who owns the tables, and what the application may do with them by default.

The owner (`DATABASE_OWNER_URL`) migrates; everything else logs in as the application's role (`DATABASE_URL`), which
owns nothing. Narrower rights (journal, signatures, Terms) are taken away by the migrations of those tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dj_database_url
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from apps.core.dbroles import APP_ROLE

_LOGIN = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


def log_in_as_owner() -> dict:
    """Let the default connection log in as the owner from now on; returns what `log_in_as` needs to go back."""
    if not settings.DATABASE_OWNER_URL:
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL is not set: only the owner of the database may migrate it."
        )
    before = {key: connection.settings_dict[key] for key in _LOGIN}
    owner = dj_database_url.parse(settings.DATABASE_OWNER_URL)
    log_in_as({key: owner.get(key) or before[key].__class__() for key in _LOGIN})
    return before


def log_in_as(login: dict) -> None:
    connection.close()
    connection.settings_dict.update(login)


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside this block the default connection has the rights of the database's owner."""
    before = log_in_as_owner()
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
