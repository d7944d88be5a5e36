"""Notes of agreement and of expiry: they close a review that has no remark to settle."""

from datetime import datetime
from typing import Any

from apps.documents import services as documents
from apps.documents.canonical import canonical_bytes, sha256_hex
from apps.organizations.models import Organization

from .. import contents
from ..models import ClosingNote, Review
from ._common import request_document


def issue_note(
    review: Review,
    *,
    kind: str,
    at: datetime,
    verdict: str = "",
    reason: str = "",
    decided_by: Organization | None = None,
    proof: dict[str, Any] | None = None,
) -> ClosingNote:
    """Number, text and document of the note, inside the use-case that has established the fact."""
    prefix = contents.NOTE_PREFIX[kind]
    number = documents.take_number(kind=prefix, at=at)
    content = contents.of_note(
        review,
        kind=kind,
        number=number,
        at=at,
        verdict=verdict,
        reason=reason,
        decided_by=decided_by,
        proof=proof,
    )
    canonical = canonical_bytes(content)
    note = ClosingNote.objects.create(
        review=review,
        kind=kind,
        number=number,
        issued_at=at,
        canonical=canonical.decode("utf-8"),
        content_hash=sha256_hex(canonical),
    )
    request_document(
        kind=prefix, source=note, number=number, act_id=review.consultation.act_id, at=at, content=canonical
    )
    return note
