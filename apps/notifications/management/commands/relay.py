"""`manage.py relay`: publish the outbox to Celery until it is told to stop."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.notifications.relay import Relay


class Command(BaseCommand):
    help = "Publish due rows of the outbox to Celery. Runs until SIGTERM or SIGINT."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="publish what is due now and leave")

    def handle(self, *args: Any, **options: Any) -> None:
        relay = Relay()
        if options["once"]:
            relay.publish_due()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: relay.stop())
        relay.run()
