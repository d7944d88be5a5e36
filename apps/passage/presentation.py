"""certificate.json as pages and the PDF show it."""

import json
from typing import Any

from .models import Certificate


def certificate_text(certificate: Certificate) -> dict[str, Any]:
    """The frozen JSON; gates and reviews as lists of dicts, in the order they were written."""
    text: dict[str, Any] = json.loads(certificate.canonical)
    return text
