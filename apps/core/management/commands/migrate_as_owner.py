"""`migrate`, with the rights of the database's owner (DATABASE_OWNER_URL), beside a portal that is running.

A migration that waits for a table makes everybody wait behind it. So it waits two seconds, gives up whole, and comes
again; and one that would hold its tables for long is stopped. Two that run at once (two hosts) go one after the other.
"""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connection

from apps.core.ownership import (
    as_owner,
    drop_unfinished_indexes,
    grant_defaults,
    one_migration_at_a_time,
    who_holds,
)

LOCK_NOT_AVAILABLE, DEADLOCK, CANCELED = "55P03", "40P01", "57014"


class Command(Migrate):
    help = "Migrate as the owner of the database, and make the table of the sign-in throttles."
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:  # type: ignore[override]
        super().add_arguments(parser)  # type: ignore[arg-type]
        parser.add_argument(
            "--lock-timeout", type=float, default=2, metavar="S", help="seconds to wait for a table"
        )
        parser.add_argument(
            "--statement-timeout", type=float, default=900, metavar="S", help="seconds for a statement"
        )
        parser.add_argument(
            "--tries", type=int, default=15, help="how often to come again while a table is in use"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        timeouts = {name: options.pop(name) for name in ("lock_timeout", "statement_timeout")}
        tries = options.pop("tries")
        with as_owner(**timeouts):
            for turn in range(1, tries + 1):
                try:
                    self._migrate(*args, **options)
                    return
                except OperationalError as problem:
                    self._explain(problem, turn, tries, timeouts)
                pause = min(2.0 ** (turn - 1), 15)
                self.stderr.write(f"Again in {pause:g} s ({turn} of {tries} tries).")
                time.sleep(pause)

    def _explain(self, problem: OperationalError, turn: int, tries: int, timeouts: dict[str, float]) -> None:
        """Say who is in the way and return, or raise when coming again is no use. Leaves the database alone."""
        code = getattr(problem.__cause__, "pgcode", None)
        if code == CANCELED:
            raise CommandError(
                f"A statement took longer than {timeouts['statement_timeout']:g} s; its migration was "
                "undone, the portal runs on as before. At a quiet hour: --statement-timeout SECONDS."
            ) from problem
        if code not in {LOCK_NOT_AVAILABLE, DEADLOCK}:
            raise problem
        connection.close()  # and with it goes whatever it held
        holders = who_holds()
        said = "Others hold a table that the migration needs" + (
            f" (sessions {', '.join(holders)})" if holders else ""
        )
        if turn == tries:
            raise CommandError(
                f"{said}; {tries} tries of {timeouts['lock_timeout']:g} s. What was begun was undone, the portal runs "
                "on as before. Run it again at a quieter time, or end that session."
            ) from problem
        self.stderr.write(f"{said}. What was begun was undone.")

    def _migrate(self, *args: Any, **options: Any) -> None:
        one_migration_at_a_time()
        drop_unfinished_indexes()
        grant_defaults()
        super().handle(*args, **options)
        call_command("createcachetable", verbosity=0)
