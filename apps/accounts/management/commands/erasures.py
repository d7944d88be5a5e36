"""Print the ledger of erasures, to be kept apart from the backups: script/restore DIR --erasures FILE reads it."""

import json
from typing import Any

from django.core.management import BaseCommand

from apps.accounts import erasure


class Command(BaseCommand):
    help = "Print whose contacts were erased, by number, when and on what ground (JSON)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(erasure.ledger(), ensure_ascii=False, indent=1))
