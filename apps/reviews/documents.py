"""The files of the consultation. Each says what its canonical JSON says, and nothing that is not in it."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from apps.documents import selectors as documents
from apps.documents.canonical import parse_moment
from apps.documents.enums import DocumentKind
from apps.documents.registry import DocumentSpec, register
from apps.draft_acts.models import DraftAct

from .models import ClosingNote, ConsolidatedOpinion, Consultation, Receipt, Review

_MOMENTS = (
    "opened_at",
    "received_at",
    "due_at",
    "sent_at",
    "issued_at",
    "delivered_at",
    "handed_over_at",
    "entered_at",
    "confirmed_at",
)


@register(DocumentKind.NOTIFICATION)
def notification(source_id: int) -> DocumentSpec:
    return _spec(DocumentKind.NOTIFICATION, Consultation, source_id, "notification")


@register(DocumentKind.OPINION)
def opinion(source_id: int) -> DocumentSpec:
    return _spec(DocumentKind.OPINION, ConsolidatedOpinion, source_id, "opinion")


@register(DocumentKind.RECEIPT)
def receipt(source_id: int) -> DocumentSpec:
    return _spec(DocumentKind.RECEIPT, Receipt, source_id, "receipt")


@register(DocumentKind.ANSWERS)
def answers(source_id: int) -> DocumentSpec:
    return _spec(DocumentKind.ANSWERS, Review, source_id, "answers")


@register(DocumentKind.NOTE_OF_EXPIRY)
def note_of_expiry(source_id: int) -> DocumentSpec:
    return _spec(DocumentKind.NOTE_OF_EXPIRY, ClosingNote, source_id, "note")


@register(DocumentKind.NOTE_OF_AGREEMENT)
def note_of_agreement(source_id: int) -> DocumentSpec:
    return _spec(DocumentKind.NOTE_OF_AGREEMENT, ClosingNote, source_id, "note")


def _spec(kind: DocumentKind, model: Any, source_id: int, template: str) -> DocumentSpec:
    document = documents.document_of(kind=kind, source_type=model._meta.label_lower, source_id=source_id)
    if document is None or document.canonical_json is None:
        raise LookupError(f"{kind} {source_id} was never asked for")
    with override("ky"):
        title_ky = str(kind.label)
        verify_url = settings.SITE_URL + reverse("verify_number", args=[document.number])
    with override("ru"):
        title_ru = str(kind.label)
    return DocumentSpec(
        template=f"documents/reviews/{template}.html",
        context={"text": _with_times(json.loads(document.canonical_json))},
        number=document.number,
        title_ky=title_ky,
        title_ru=title_ru,
        verify_url=verify_url,
        dated=document.created_at,
        demo=DraftAct.objects.filter(pk=document.act_id, is_demo=True).exists(),
    )


def _with_times(value: Any) -> Any:
    """The same values, with moments and days as such, so that a page can put them into words."""
    if isinstance(value, list):
        return [_with_times(item) for item in value]
    if not isinstance(value, dict):
        return value
    said = {}
    for key, item in value.items():
        if key in _MOMENTS and item:
            said[key] = parse_moment(item)
        elif key in {"start", "last_day"} and item:
            said[key] = date.fromisoformat(item)
        else:
            said[key] = _with_times(item)
    return said
