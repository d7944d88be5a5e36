"""`screen_text`: JSON lines {"text", "lang"} in, what the portal sees in each out; no database needed."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from apps.legal_text import screening

_LONGEST = 4_000_000  # letters; a whole code has 400,000


class Command(BaseCommand):
    help = (
        'Read JSON lines {"text", "lang"} and print a line for each, in the same order: reference norms, local '
        'self-government, money between budgets, delegated powers. A bad line gives {"error": ...}.'
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for line in sys.stdin.buffer:
            sys.stdout.write(json.dumps(_answer(line), ensure_ascii=False) + "\n")
            sys.stdout.flush()


def _answer(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "not_json"}
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        return {"error": "no_text"}
    text, lang = asked["text"], asked.get("lang")
    if lang not in (None, "", "ru", "ky"):
        return {"error": "unknown_lang"}
    if len(text) > _LONGEST:
        return {"error": "too_long"}
    return _printable(screening.as_dict(screening.screen(text, lang or None)))


def _printable(answer: dict[str, Any]) -> dict[str, Any]:
    """Half of a surrogate pair («\\ud800» in the line) cannot be written as UTF-8."""
    phrases = [phrase.encode("utf-8", "replace").decode("utf-8") for phrase in answer["phrases"]]
    return answer | {"phrases": phrases}
