"""make_keys: the installation's CA and seal, made once; prints where they are. Run at the start, before the workers."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.core import clock
from apps.documents import signing


class Command(BaseCommand):
    help = "Make the keys of the seal when they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(str(signing.ensure_keys(at=clock.now())))
