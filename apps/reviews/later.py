"""How a review stands once later stages of the river have it: a protocol being signed, signed, the act withdrawn.

This app does not know those stages. One that does puts its view here when the portal starts; the page of a review
asks, so that it says the same as the page of the act.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .models import Review
from .pages import DocumentRow
from .selectors import StageView


@dataclass(frozen=True)
class Standing:
    """What is shown of the review, and documents of later stages that belong beside those of the consultation."""

    stage: StageView
    documents: tuple[DocumentRow, ...] = ()


View = Callable[[Review, datetime], Standing]
_views: list[View] = []


def register(view: View) -> View:
    """Give the view of a later stage; the last one given knows most."""
    _views.append(view)
    return view


def standing(review: Review, at: datetime) -> Standing | None:
    """How the review stands for everybody to see; None while no later stage has a word in it."""
    return _views[-1](review, at) if _views else None
