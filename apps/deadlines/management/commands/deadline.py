"""`manage.py deadline --start D --days N [--unit working|calendar]`: a term, counted and explained."""

import json
import re
from datetime import date
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, ProgrammingError, transaction

from apps.deadlines import rules, seed, selectors

_BAD_INPUT, _NO_SET_UP = 2, 3
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")


class BadInput(ValueError):
    code = "bad_input"


class Command(BaseCommand):
    help = "Count a term and explain it day by day. Prints JSON; exit 2 when the input makes no term."
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = self._refuse_usage  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--start", required=True, help="day of the event, YYYY-MM-DD; it is not counted")
        parser.add_argument("--days", required=True, help="length of the term, a whole number from 1")
        parser.add_argument("--unit", default=rules.WORKING, help="working (default) or calendar")
        parser.add_argument("--lang", default="ky", choices=rules.LANGUAGES, help="language of the names")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            deadline = rules.add_days(
                _date(options["start"]), _number(options["days"]), options["unit"], self._calendar()
            )
        except (rules.DeadlineError, BadInput) as refusal:
            self._refuse(refusal.code, str(refusal))
        self.stdout.write(json.dumps(deadline.to_dict(options["lang"]), ensure_ascii=False))

    def _calendar(self) -> rules.Calendar:
        """The table; on an installation that has none yet, what it will be seeded with."""
        try:
            with transaction.atomic():
                calendar = selectors.calendar_for()
        except ProgrammingError:
            calendar = None
        except OperationalError as missing:
            self._refuse("no_database", str(missing).strip(), exit_code=_NO_SET_UP)
        if calendar is None or not calendar.years:
            self.stderr.write("No calendar is loaded yet: counted with the one an installation starts with.")
            return seed.seeded_calendar()
        return calendar

    def _refuse_usage(self, message: str) -> NoReturn:
        self._refuse(BadInput.code, message)

    def _refuse(self, code: str, message: str, *, exit_code: int = _BAD_INPUT) -> NoReturn:
        self.stdout.write(json.dumps({"error": code, "message": message}, ensure_ascii=False))
        raise SystemExit(exit_code)


def _date(text: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadInput(f"The start is a date such as 2026-04-28, not {text!r}.")


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise BadInput(f"The number of days is a whole number, not {text!r}.")
    return int(text)
