"""`manage.py heartbeat`: ask the portal's own page once a minute and write down whether it answered."""

import signal
import threading
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error as DatabaseError
from django.db import connection

from apps.core import clock, health
from apps.deadlines import probe, services

log = structlog.get_logger("deadlines.heartbeat")


class Command(BaseCommand):
    help = "Ask the portal's own page once a minute and keep the answers. Runs until SIGTERM or SIGINT."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="ask once and leave; exit 1 without an answer"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            if not self._beat():
                raise SystemExit(1)
            return
        told = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: told.set())
        while not told.is_set():
            self._beat()
            told.wait(settings.HEARTBEAT_EVERY.total_seconds())

    def _beat(self) -> bool:
        """Whether the page answered. Nothing that happens to the database ends the process: the gap will tell."""
        answered, detail = probe.ask(settings.HEARTBEAT_PAGE, site=settings.SITE_URL)
        try:
            at = clock.now()
            outage = services.beat(answered=answered, detail=detail, at=at)
            health.heartbeat("heartbeat", at=at)
        except DatabaseError as problem:
            log.warning("heartbeat.not_kept", problem=type(problem).__name__, answered=answered)
            self._disconnect()
            return False
        if not answered:
            log.warning("heartbeat.no_answer", detail=detail)
        if outage is not None:
            log.warning("heartbeat.outage", number=outage.number, seconds=outage.length.total_seconds())
        return answered

    def _disconnect(self) -> None:
        try:
            connection.close()
        except DatabaseError:
            connection.connection = None
