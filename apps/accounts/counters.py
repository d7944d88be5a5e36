"""Counters of sign-in in the table of the throttles: removed when their time is over, and with their person.

The table is Django's cache and has no model. Its times are those of the database's own clock.
"""

from django.conf import settings
from django.db import connection

_KINDS = ("codes", "passkeys", "place", "confirm-password")  # each "kind:ID", or "kind:ID:network address"


def erase_expired() -> int:
    """Every row whose time is over; how many."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_table()} WHERE expires < clock_timestamp()")
        return int(cursor.rowcount)


def forget_person(user_id: int) -> int:
    """Every counter and every known network address of a person; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_table()} WHERE cache_key ~ %s",
            [f"^:[0-9]+:({'|'.join(_KINDS)}):{int(user_id)}(:|$)"],
        )
        return int(cursor.rowcount)


def _table() -> str:
    return connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
