"""`migrate`, with the rights of the database's owner (DATABASE_OWNER_URL)."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate

from apps.core.ownership import as_owner, grant_defaults


class Command(Migrate):
    help = "Migrate as the owner of the database, and make the table of the sign-in throttles."
    requires_system_checks: list = []

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            grant_defaults()
            super().handle(*args, **options)
            call_command("createcachetable", verbosity=0)
