"""`manage.py invite_admin EMAIL`: the first administrators of an installation. Prints a one-time link."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import override

from apps.accounts.services import INVITATION_DAYS
from apps.core import clock
from apps.core.errors import DomainError, InvalidInput
from apps.organizations import services


class Command(BaseCommand):
    help = "Invite an administrator and print the one-time link. Run it again for a second administrator, or a new link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--lang", default="ky", choices=[code for code, _ in settings.LANGUAGES])

    def handle(self, *args: Any, **options: Any) -> None:
        language = options["lang"]
        try:
            with override(language):
                person, token = services.invite_administrator(
                    email=options["email"], language=language, at=clock.now()
                )
        except InvalidInput as refusal:
            words = [str(text) for found in refusal.fields.values() for text in found] or [str(refusal)]
            raise CommandError(" ".join(words), returncode=2) from refusal
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if token is None:
            raise CommandError(f"{person.email} has an account and administers the portal already: sign in.")
        with override(language):
            self.stdout.write(settings.SITE_URL + reverse("invitation", args=[token]))
        self.stderr.write(
            f"For {person.email}; works once, within {INVITATION_DAYS} days. Give it to that person only."
        )
