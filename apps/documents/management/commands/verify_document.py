"""verify_document FILE [--offline --ca FILE]: is this file what the portal issued? One JSON object on standard output."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.core import clock
from apps.documents.verification import verify

OK, NEGATIVE, BAD_INPUT = 0, 1, 2


class Command(BaseCommand):
    help = "Verify a document of the portal by its bytes. Exit: 0 valid, 1 not valid, 2 bad input."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--offline", action="store_true", help="no database: by seal and embedded JSON")
        parser.add_argument("--ca", help="PEM file of the CA to trust instead of this installation's own")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = Path(options["file"]).read_bytes()
            ca_pem = Path(options["ca"]).read_bytes() if options["ca"] else None
        except OSError as error:
            self._answer({"error": "cannot_read", "message": str(error)}, BAD_INPUT)
        # Without a database the portal's clock cannot be asked; the machine's decides only about "expired since".
        at = datetime.now(UTC) if options["offline"] else clock.now()
        try:
            verdict = verify(data, at=at, offline=options["offline"], ca_pem=ca_pem)
        except ValueError as error:
            self._answer({"error": "bad_ca", "message": str(error)}, BAD_INPUT)
        self._answer(verdict.as_json(), OK if verdict.valid else NEGATIVE)

    def _answer(self, answer: dict[str, Any], code: int) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
        self.stdout.flush()
        sys.exit(code)
