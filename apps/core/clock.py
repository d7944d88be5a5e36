"""The only clock: the database's, so that every process and every node agrees on what is late.

Read once per request (`begin_request` … `end_request`, see the middleware); outside a request each call reads anew.
`PORTAL_CLOCK_OFFSET` moves it in a demo or a test; settings refuse it anywhere else.
"""

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

BISHKEK = ZoneInfo("Asia/Bishkek")

_request: contextvars.ContextVar[dict | None] = contextvars.ContextVar("clock_request", default=None)
_frozen: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in UTC. Within a request every call gives the same moment."""
    if _frozen is not None:
        return _frozen
    slot = _request.get()
    if slot is not None and "now" in slot:
        return slot["now"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return accept(cursor.fetchone()[0])


def accept(told: datetime) -> datetime:
    """The present moment from a `clock_timestamp()` that another query has just brought along; kept for the request."""
    if _frozen is not None:
        return _frozen
    moment = told.astimezone(UTC) + timedelta(seconds=settings.PORTAL_CLOCK_OFFSET)
    slot = _request.get()
    if slot is not None:
        slot.setdefault("now", moment)
        return slot["now"]
    return moment


def unmoved(moment: datetime) -> datetime:
    """What a clock outside the portal shows at a moment of this one: codes of a telephone know of no offset."""
    return moment - timedelta(seconds=settings.PORTAL_CLOCK_OFFSET)


def local_date(moment: datetime) -> date:
    """The calendar day of a moment in Bishkek (+06:00), where every term is counted."""
    return moment.astimezone(BISHKEK).date()


def begin_request() -> contextvars.Token:
    return _request.set({})


def end_request(token: contextvars.Token) -> None:
    _request.reset(token)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` for a test or while the demo set is made; refused elsewhere."""
    global _frozen
    if not (settings.TESTING or settings.PORTAL_DEMO):
        raise RuntimeError("The legal clock can be held only in a test or a demo.")
    before, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before
