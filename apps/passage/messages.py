"""Letters of this stage."""

from typing import Any

from django.utils.translation import gettext as _

from apps.notifications.registry import letter, link

from .models import Certificate, Decision


@letter("passage.certificate_issued")
def certificate_issued(payload: dict[str, Any], language: str) -> dict[str, Any]:
    found = Certificate.objects.select_related("act").get(pk=payload["certificate_id"])
    act = found.act
    if found.open_points:
        opened = _("Disagreements left open: %(n)s. They are counted on the certificate.") % {
            "n": found.open_points
        }
    else:
        opened = _("No disagreement is left open.")
    return {
        "subject": _("Certificate %(number)s is issued for draft act %(act)s")
        % {"number": found.number, "act": act.number},
        "paragraphs": [
            _("The consultation on “%(title)s” is complete.") % {"title": act.title(language)},
            opened,
        ],
        "action_url": link("certificate", found.number),
        "action_label": _("Open the certificate"),
    }


@letter("passage.decision_recorded")
def decision_recorded(payload: dict[str, Any], language: str) -> dict[str, Any]:
    found = Decision.objects.select_related("act", "organization").get(pk=payload["decision_id"])
    act = found.act
    return {
        "subject": _("Draft act %(act)s: %(decision)s")
        % {"act": act.number, "decision": found.get_kind_display()},
        "paragraphs": [
            _("%(office)s recorded a decision on “%(title)s”.")
            % {"office": found.organization.name(language), "title": act.title(language)},
            _("Number %(number)s.") % {"number": found.document_number},
        ],
        "action_url": link("act", act.number),
        "action_label": _("Open the draft act"),
    }
