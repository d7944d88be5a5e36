"""Reads of documents. Sight is the owning stage's decision: callers that serve people ask it, or take public() only."""

from .models import GeneratedDocument


def find_by_number(number: str) -> GeneratedDocument | None:
    """The document printed with this number, whatever its state; spaces, "№" and case do not matter."""
    cleaned = "".join(number.split()).removeprefix("№").upper()[:40]
    if not cleaned or "\x00" in cleaned:
        return None
    return GeneratedDocument.objects.select_related("file").filter(number=cleaned).first()


def find_by_file_hash(sha256: str) -> GeneratedDocument | None:
    """The document whose file has this SHA-256."""
    return GeneratedDocument.objects.select_related("file").filter(file__sha256=sha256).first()


def find_by_content_hash(content_hash: str) -> GeneratedDocument | None:
    """The document whose canonical JSON has this SHA-256 (H)."""
    documents = GeneratedDocument.objects.select_related("file").filter(content_hash=content_hash)
    return documents.order_by("-id").first() if content_hash else None


def document_of(*, kind: str, source_type: str, source_id: int) -> GeneratedDocument | None:
    """The one document of a kind made from a source."""
    return (
        GeneratedDocument.objects.select_related("file")
        .filter(kind=kind, source_type=source_type, source_id=source_id)
        .first()
    )
