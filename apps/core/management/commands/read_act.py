"""`read_act FILE [--lang ru|ky]`: the provisions of an act as JSON; no database needed."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from apps.legal_text import provisions, reader, sandbox
from apps.legal_text.errors import UnreadableText


class Command(BaseCommand):
    help = "Print the structure of an act (DOCX, ODT, TXT or PDF with text) as JSON. Exit 2 when the file cannot be read."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--lang", choices=("ru", "ky"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            act = sandbox.read_in_child(
                _bytes(Path(options["file"])), filename=Path(options["file"]).name, lang=options["lang"]
            )
        except UnreadableText as error:
            self._write({"error": error.code, "message": error.message})
            sys.exit(2)
        self._write(provisions.as_dict(act))

    def _write(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _bytes(path: Path) -> bytes:
    """The file's bytes, no more than are needed to see that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(reader.MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableText("no_file", str(error)) from error
