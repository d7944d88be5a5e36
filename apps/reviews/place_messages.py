"""The letters about a later text: remarks that lost their place, promises that are lost, what a person settled."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.draft_acts.naming import name_of
from apps.notifications.registry import letter, link

from .enums import PlaceOutcome
from .messages import _act_line, _names, _review
from .models import Remark, RemarkPlace, Review


def _list_of(review: Review, ids: list[int], language: str) -> str:
    rows = Remark.objects.filter(pk__in=ids).select_related("provision").order_by("number")
    said = [f"№ {remark.number} ({name_of(remark.provision.eid, language)})" for remark in rows]
    return _("Remarks of %(association)s: %(list)s.") % (_names(review, language) | {"list": ", ".join(said)})


def _about(payload: dict[str, Any], language: str, subject: str, *paragraphs: str) -> dict[str, Any]:
    review = _review(payload)
    return {
        "subject": subject % _names(review, language),
        "paragraphs": [_act_line(review, language), *paragraphs],
        "action_url": link("act_promises", review.consultation.act.number),
        "action_label": _("Open the promises of the act"),
    }


@letter("reviews.promise_lost")
def promise_lost(payload: dict[str, Any], language: str) -> dict[str, Any]:
    n = len(payload["remark_ids"])
    return _about(
        payload,
        language,
        _("A promise is lost in the new text: № %(number)s"),
        ngettext(
            "Version %(version)s no longer holds what was promised in answer to %(n)s remark.",
            "Version %(version)s no longer holds what was promised in answer to %(n)s remarks.",
            n,
        )
        % {"version": payload["version"], "n": n},
        _list_of(_review(payload), payload["remark_ids"], language),
        _("Both sides receive this letter; the committee clerk sees it on the page of the act."),
    )


@letter("reviews.places_lost")
def places_lost(payload: dict[str, Any], language: str) -> dict[str, Any]:
    n = len(payload["remark_ids"])
    return _about(
        payload,
        language,
        _("Remarks without a place in the new text: № %(number)s"),
        ngettext(
            "In version %(version)s the provision of %(n)s remark was not found for certain.",
            "In version %(version)s the provisions of %(n)s remarks were not found for certain.",
            n,
        )
        % {"version": payload["version"], "n": n},
        _list_of(_review(payload), payload["remark_ids"], language),
        _(
            "Choose the provision each belongs to now. That a remark does not apply any more only its association says."
        ),
    )


@letter("reviews.place_settled")
def place_settled(payload: dict[str, Any], language: str) -> dict[str, Any]:
    place = RemarkPlace.objects.select_related("remark", "provision", "version").get(pk=payload["place_id"])
    values = {
        "remark": place.remark.number,
        "version": place.version.number,
        "provision": name_of(place.provision.eid, language) if place.provision else "",
    }
    if place.outcome == PlaceOutcome.CLOSED:
        said = _("Remark №%(remark)s does not apply to version %(version)s any more, says its association.")
    else:
        said = _("Remark №%(remark)s belongs in version %(version)s to: %(provision)s.")
    return _about(
        payload,
        language,
        _("The place of a remark is settled: № %(number)s"),
        said % values,
        *([_("Reason: %(reason)s") % {"reason": place.reason}] if place.reason else []),
    )
