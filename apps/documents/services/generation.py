"""Asking for a document, laying a finished file into the register, annulling one."""

from datetime import datetime

from django.db import transaction

from apps.audit import services as audit
from apps.documents.canonical import sha256_hex
from apps.documents.enums import DocumentState
from apps.documents.models import GeneratedDocument
from apps.notifications import services as notifications

from .files import store_file


@transaction.atomic
def request_document(
    *,
    kind: str,
    source_type: str,
    source_id: int,
    at: datetime,
    public: bool,
    number: str | None = None,
    canonical: bytes | None = None,
    act_id: int | None = None,
) -> GeneratedDocument:
    """Fix what a document says and have it rendered; asked again, the first answer stands.

    Called inside the use-case that fixes the text, so there is no row to lock and no policy of its own.
    `canonical` are the bytes people signed; their hash is H. The file comes later, from the worker.
    """
    document, created = _fixed(kind, source_type, source_id, at, public, number, canonical, act_id)
    if created:
        _enqueue(document, at=at)
    return document


@transaction.atomic
def register_file(
    *,
    kind: str,
    source_type: str,
    source_id: int,
    data: bytes,
    media_type: str,
    at: datetime,
    public: bool,
    number: str | None = None,
    canonical: bytes | None = None,
    act_id: int | None = None,
) -> GeneratedDocument:
    """Keep a file made elsewhere (a dossier) as a ready document, once; asked again, the first file stands."""
    document, created = _fixed(kind, source_type, source_id, at, public, number, canonical, act_id)
    if created:
        document.file = store_file(data=data, media_type=media_type, at=at)
        document.state, document.rendered_at = DocumentState.READY, at
        document.save(update_fields=["file", "state", "rendered_at"])
        audit.record(
            actor=None,
            action="document.stored",
            target=document,
            at=at,
            act_id=act_id,
            data={"kind": document.kind, "sha256": document.file.sha256},
        )
    return document


@transaction.atomic
def annul_document(*, document_id: int, at: datetime) -> GeneratedDocument:
    """Mark a document as annulled; number and file stay. The use-case that calls this has asked its policy."""
    document = GeneratedDocument.objects.select_for_update().get(pk=document_id)
    if document.state != DocumentState.ANNULLED:
        document.state, document.annulled_at = DocumentState.ANNULLED, at
        document.save(update_fields=["state", "annulled_at"])
        audit.record(
            actor=None,
            action="document.annulled",
            target=document,
            at=at,
            act_id=document.act_id,
            data={"number": document.number},
        )
    return document


@transaction.atomic
def retry_document(*, document_id: int, at: datetime) -> GeneratedDocument:
    """Let the worker try a failed document again, from zero."""
    document = GeneratedDocument.objects.select_for_update().get(pk=document_id)
    if document.state == DocumentState.FAILED:
        document.state, document.attempts, document.problem = DocumentState.PENDING, 0, ""
        document.save(update_fields=["state", "attempts", "problem"])
        _enqueue(document, at=at, again=f":{int(at.timestamp())}")
    return document


def _fixed(
    kind: str,
    source_type: str,
    source_id: int,
    at: datetime,
    public: bool,
    number: str | None,
    canonical: bytes | None,
    act_id: int | None,
) -> tuple[GeneratedDocument, bool]:
    """(the one document of this kind and source, whether it is new)."""
    return GeneratedDocument.objects.get_or_create(
        kind=kind,
        source_type=source_type,
        source_id=source_id,
        defaults={
            "number": number,
            "act_id": act_id,
            "canonical_json": canonical.decode("utf-8") if canonical is not None else None,
            "content_hash": sha256_hex(canonical) if canonical is not None else "",
            "public": public,
            "created_at": at,
        },
    )


def _enqueue(document: GeneratedDocument, *, at: datetime, again: str = "") -> None:
    notifications.enqueue_task(
        task="documents.render",
        key=f"render:{document.pk}{again}",
        payload={"document_id": document.pk},
        at=at,
        act_id=document.act_id,
    )
