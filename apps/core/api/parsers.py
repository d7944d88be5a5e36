"""JSON as it comes from outside: small, finite, not endlessly deep."""

import json
import math
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import JSONParser

from apps.core.errors import InvalidInput

MAX_BYTES = 64 * 1024  # use-cases name what is stored already; no text comes this way


class NotJSON(InvalidInput):
    message = _("What was sent is not JSON of the form that is read here.")


class StrictJSONParser(JSONParser):
    """Refuses what JSON does not have (NaN), what no column holds (1e400), and nesting that only hurts."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise NotJSON()
        try:
            return json.loads(raw.decode("utf-8"), parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError) as refusal:
            raise NotJSON() from refusal


def _finite(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else _refuse(digits)


def _refuse(digits: str) -> NoReturn:
    raise ValueError(digits)
