"""Finding a review: loading and sight are one step. What was typed comes back whatever happens."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from apps.core import dates
from apps.core.errors import DomainError, VersionConflict
from apps.documents.models import GeneratedDocument
from apps.draft_acts.models import DraftAct

from ..models import Review


def public_act(request: HttpRequest, number: str) -> DraftAct:
    """A registered act. Everybody may see it; one in preparing has no number and so no address here."""
    act = (
        None
        if "\x00" in number
        else (DraftAct.objects.public().select_related("initiator").filter(number=number).first())
    )
    if act is None:
        raise Http404
    return act


def public_review(request: HttpRequest, number: str, code: str) -> Review:
    """The review of an association in the present round: public as soon as the consultation is open."""
    act = public_act(request, number)
    review = (
        Review.objects.with_facts()
        .filter(consultation__act=act, association__code=code)
        .select_related(
            "association", "consultation__act__initiator", "consultation__version", "consultation__template"
        )
        .order_by("-consultation__round")
        .first()
    )
    if review is None:
        raise Http404
    return review


def hide_unless(seen: bool) -> None:
    """What a person may not see answers as what does not exist."""
    if not seen:
        raise Http404


def is_automatic(request: HttpRequest) -> bool:
    """Autosave asks for JSON; a person's button for a page."""
    return "application/json" in request.headers.get("Accept", "")


def saved_json(request: HttpRequest, version: int) -> JsonResponse:
    saved_at = dates.time_words(request.received_at)  # type: ignore[attr-defined]
    return JsonResponse({"saved_at": saved_at, "version": version, "edit_version": version})


def refused_json(refusal: DomainError) -> JsonResponse:
    body: dict[str, Any] = {"error": refusal.code, "message": str(refusal)}
    if isinstance(refusal, VersionConflict):
        body["theirs"] = refusal.theirs
    fields = getattr(refusal, "fields", {})
    if fields:
        body["fields"] = {name: [str(message) for message in messages] for name, messages in fields.items()}
    return JsonResponse(body, status=refusal.status)


def documents_of(sources: dict[str, list[int]]) -> dict[tuple[str, int], list[GeneratedDocument]]:
    """The public documents of some sources (model label: ids), by source; one query a model."""
    found: dict[tuple[str, int], list[GeneratedDocument]] = {}
    for label, ids in sources.items():
        rows = GeneratedDocument.objects.public().select_related("file")
        for document in rows.filter(source_type=label, source_id__in=ids).order_by("pk"):
            found.setdefault((label, document.source_id), []).append(document)
    return found


View = Callable[..., HttpResponse]
