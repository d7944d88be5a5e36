"""Is this process alive, and can it do its work? Who beats, and since when not?

Ready means: the database answers and is migrated. Redis, relay and beat are told but do not count: an opinion is
filed without them, so a node must not be taken out of service when they are away.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import redis
import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.core import clock

log = structlog.get_logger(__name__)
HEARTBEATS = ("relay", "sweep", "heartbeat")
SILENT_AFTER = timedelta(minutes=3)

_informed: dict[str, Callable[[datetime], str]] = {}

_migrated = False  # once true it stays true: code and database of a running process do not part


def heartbeat(name: str, *, at: datetime) -> None:
    """Called by relay, sweep and heartbeat at each round; shown by /readyz."""
    cache.set(f"heartbeat.{name}", at.isoformat(), timeout=None)


def last_heartbeats(*names: str) -> dict[str, datetime | None]:
    """When each was last heard of, None for never; one question to the database."""
    found = cache.get_many([f"heartbeat.{name}" for name in names])
    given = {name: found.get(f"heartbeat.{name}") for name in names}
    return {name: datetime.fromisoformat(value) if value else None for name, value in given.items()}


def inform(name: str, read: Callable[[datetime], str]) -> None:
    """One more field of /readyz, told and not counted: "ok", or what is wrong."""
    _informed[name] = read


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: 200, or 503 with what is missing."""
    state: dict[str, str] = {"redis": _redis()}
    try:
        state["database"] = "ok"
        state["migrations"] = "ok" if _is_migrated() else "missing"
        now = clock.now()
        state |= {name: _heartbeat_state(name, now) for name in HEARTBEATS}
        state |= {name: read(now) for name, read in _informed.items()}
    except DatabaseError:
        log.warning("readyz.database_down")
        state["database"] = "down"
    ready = state["database"] == "ok" and state["migrations"] == "ok"
    return JsonResponse({"ready": ready, **state}, status=200 if ready else 503)


def _is_migrated() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    return _migrated


def _heartbeat_state(name: str, now: datetime) -> str:
    last = cache.get(f"heartbeat.{name}")
    if last is None:
        return "never seen"
    return "ok" if now - datetime.fromisoformat(last) < SILENT_AFTER else f"silent since {last}"


def _redis() -> str:
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
        client.ping()
        client.close()
    except redis.RedisError:
        return "down"
    return "ok"
