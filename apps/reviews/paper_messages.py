"""The letters about an opinion that came on paper or by e-mail."""

from typing import Any

from django.utils.translation import gettext as _

from apps.core import dates
from apps.notifications.registry import letter

from .messages import _made, _names, _review  # the shape all letters of a review share
from .models import PaperOpinion, Review


def _paper(payload: dict[str, Any]) -> PaperOpinion:
    return PaperOpinion.objects.select_related("organization", "opinion").get(pk=payload["paper_id"])


def _paper_names(review: Review, paper: PaperOpinion, language: str) -> dict[str, Any]:
    return _names(review, language) | {
        "receiver": paper.organization.name(language),
        "stamp": dates.datetime_words(paper.received_at),
        "incoming": paper.incoming_number,
    }


@letter("reviews.paper_awaiting")
def paper_awaiting(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review, paper = _review(payload), _paper(payload)
    names = _paper_names(review, paper, language)
    return _made(
        review,
        language,
        _("Confirm your opinion that came outside the portal: № %(number)s") % names,
        _("%(receiver)s received it on %(stamp)s, incoming number %(incoming)s, and entered it here.")
        % names,
        _(
            "Compare it with what you sent. A signatory confirms it, or says what differs. "
            "It counts from the time of the stamp, once it is confirmed."
        ),
        page="paper",
        label=_("Compare and confirm"),
    )


@letter("reviews.paper_disputed")
def paper_disputed(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review, paper = _review(payload), _paper(payload)
    names = _paper_names(review, paper, language)
    return _made(
        review,
        language,
        _("An opinion entered from paper is disputed: № %(number)s") % names,
        _("%(association)s says that what was entered is not what it sent (incoming number %(incoming)s).")
        % names,
        _("Reason: %(reason)s") % {"reason": paper.reason},
        page="paper",
        label=_("Open what was entered"),
    )


@letter("reviews.paper_discarded")
def paper_discarded(payload: dict[str, Any], language: str) -> dict[str, Any]:
    review, paper = _review(payload), _paper(payload)
    names = _paper_names(review, paper, language)
    return _made(
        review,
        language,
        _("What was entered from paper is taken back: № %(number)s") % names,
        _("%(receiver)s has taken back what it entered of your opinion (incoming number %(incoming)s).")
        % names,
        _("Nothing was filed by it."),
        page="review",
        label=_("Open the review"),
    )
