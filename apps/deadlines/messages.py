"""Letters of the outage register. The outbox keeps ids; the words are made when a letter is sent or read."""

from typing import Any

from django.utils.translation import gettext as _

from apps.core import dates
from apps.notifications.registry import letter, link

from .enums import OutageOrigin
from .models import Outage


@letter("deadlines.outage_noted")
def outage_noted(payload: dict[str, Any], language: str) -> dict[str, Any]:
    outage = Outage.objects.get(pk=payload["outage_id"])
    names = {
        "number": outage.number,
        "started": dates.datetime_words(outage.started_at, seconds=True),
        "ended": dates.datetime_words(outage.ended_at, seconds=True),
    }
    return {
        "subject": _("An outage awaits your decision: No. %(number)s") % names,
        "paragraphs": [
            _("The portal could not be reached from %(started)s to %(ended)s.") % names,
            _("The heartbeat of the portal stopped.")
            if outage.origin == OutageOrigin.HEARTBEAT
            else _("The administrator reports it: %(source)s") % {"source": outage.source},
            _(
                "A coordinator confirms the outage or refuses it, with a reason. "
                "Before that the page shows which terms would move, and to which day."
            ),
        ],
        "action_url": link("outage", outage.number),
        "action_label": _("Look at the outage"),
    }
