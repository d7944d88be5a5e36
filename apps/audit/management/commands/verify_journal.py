"""`manage.py verify_journal [--from N]`: is the journal whole? Prints one JSON object."""

import json
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, ProgrammingError

from apps.audit import selectors

_BROKEN, _BAD_INPUT, _NO_SET_UP = 1, 2, 3


class Command(BaseCommand):
    help = (
        "Walk the chain of the journal. Exit 0: whole; 1: broken or a published head is gone; 2: bad input."
    )
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = self._refuse_usage  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from", dest="first", default="1", metavar="N", help="number of the first row to check"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        text = str(options["first"])
        if not (text.isascii() and text.isdigit() and 1 <= int(text) < 2**63):
            self._refuse("bad_row_number", f"The first row is a whole number from 1, not {text!r}.")
        try:
            report = selectors.verify_chain(int(text))
            heads_match = selectors.published_head_matches()
            gone = None if heads_match is not False else selectors.missing_head()
        except (OperationalError, ProgrammingError) as missing:
            self._refuse("no_database", str(missing).strip(), exit_code=_NO_SET_UP)
        answer = {
            "rows": report.rows,
            "ok": report.ok and heads_match is not False,
            "first_bad": report.first_bad or (gone.seq if gone else None),
            "head": report.head,
            "published_head_matches": heads_match,
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if not answer["ok"]:
            raise SystemExit(_BROKEN)

    def _refuse_usage(self, message: str) -> NoReturn:
        self._refuse("bad_input", message)

    def _refuse(self, code: str, message: str, *, exit_code: int = _BAD_INPUT) -> NoReturn:
        self.stdout.write(json.dumps({"error": code, "message": message}, ensure_ascii=False))
        raise SystemExit(exit_code)
