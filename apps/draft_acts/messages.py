"""Letters of this stage. Built when they are sent or read, in the reader's language, from ids."""

from typing import Any

from django.utils.translation import gettext as _

from apps.notifications.registry import letter, link

from .models import DraftAct


def _act(payload: dict[str, Any]) -> DraftAct:
    return DraftAct.objects.select_related("initiator", "scope").get(pk=payload["act_id"])


@letter("draft_acts.registered")
def registered(payload: dict[str, Any], language: str) -> dict[str, Any]:
    """To the people of the initiator: the act has its number; what comes next."""
    act = _act(payload)
    if act.scope.touches_lsg:
        further = _("The consultation is opened from the page of the act.")
    else:
        further = _(
            "The scope statement says that it does not touch local self-government; the reason is public."
        )
    return {
        "subject": _("Draft act № %(number)s is registered") % {"number": act.number},
        "heading": _("The draft act is registered"),
        "paragraphs": [
            _("“%(title)s” has the number %(number)s and is public.")
            % {"title": act.title(language), "number": act.number},
            further,
        ],
        "action_url": link("act", act.number),
        "action_label": _("Open the act"),
    }


@letter("draft_acts.withdrawn")
def withdrawn(payload: dict[str, Any], language: str) -> dict[str, Any]:
    """To everyone concerned: the initiator took the act back; terms have stopped."""
    act = _act(payload)
    return {
        "subject": _("Draft act № %(number)s is withdrawn") % {"number": act.number},
        "heading": _("The draft act is withdrawn"),
        "paragraphs": [
            _("%(initiator)s withdrew “%(title)s”.")
            % {"initiator": act.initiator.name(language), "title": act.title(language)},
            _("Reason: %(reason)s") % {"reason": act.withdrawal_reason},
            _("Terms have stopped; nothing more needs to be done. Opinions already filed stay public."),
        ],
        "action_url": link("act", act.number),
        "action_label": _("Open the act"),
    }
