"""Letters of this stage."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.core import dates
from apps.notifications.registry import letter, link

from .selectors.health import Problem


@letter("register.digest")
def digest(payload: dict[str, Any], language: str) -> dict[str, Any]:
    """What needs an administrator, at most once a day."""
    day = dates.date_words(date.fromisoformat(payload["day"]))
    problems = [Problem.from_data(data) for data in payload["problems"]]
    return {
        "subject": _("Problems of the portal, %(day)s") % {"day": day},
        "heading": _("Problems of the portal, %(day)s") % {"day": day},
        "paragraphs": [
            *[problem.sentence for problem in problems],
            _("This letter comes once a day, and only when there is something to tell."),
        ],
        "action_url": link("health"),
        "action_label": _("State of the portal"),
    }
