"""Rendering and sealing: worker only, because it loads WeasyPrint."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from apps.audit import services as audit
from apps.documents import assembly, registry, rendering, signing
from apps.documents.enums import DocumentKind, DocumentState
from apps.documents.models import GeneratedDocument

from .files import store_file

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5


def render_document(*, document_id: int, at: datetime) -> GeneratedDocument | None:
    """Render, seal and store a pending document. Once ready it is never rendered again.

    Returns the row, or None when another worker has it in hand. Another plot than the usual one: the attempt is
    counted in its own short transaction first, so that a page that kills the worker is not tried for ever.
    """
    document = _count_attempt(document_id)
    if document is None or document.state != DocumentState.PENDING:
        return document
    try:
        return _render_once(document_id, at)
    except Exception as error:
        _note_problem(document_id, type(error).__name__)
        raise


@transaction.atomic
def _count_attempt(document_id: int) -> GeneratedDocument | None:
    document = GeneratedDocument.objects.locked_if_free(document_id)
    if document is None or document.state != DocumentState.PENDING:
        return document
    if document.attempts >= MAX_ATTEMPTS:
        document.state = DocumentState.FAILED
        document.problem = document.problem or "interrupted"
        logger.error("document.failed", extra={"document_id": document_id})
    else:
        document.attempts += 1
    document.save(update_fields=["state", "attempts", "problem"])
    return document


@transaction.atomic
def _render_once(document_id: int, at: datetime) -> GeneratedDocument | None:
    # The row stays locked while the page is set: a second worker skips it.
    document = GeneratedDocument.objects.locked_if_free(document_id)
    if document is None or document.state != DocumentState.PENDING:
        return document
    sealed = sealed_pdf(document, at=at)
    document.file = store_file(data=sealed, media_type="application/pdf", at=at)
    document.state, document.rendered_at, document.sealed_at = DocumentState.READY, at, at
    document.template_version, document.problem = assembly.TEMPLATE_VERSION, ""
    document.save(update_fields=["file", "state", "rendered_at", "sealed_at", "template_version", "problem"])
    audit.record(
        actor=None,
        action="document.sealed",
        target=document,
        at=at,
        act_id=document.act_id,
        data={
            "kind": document.kind,
            "number": document.number,
            "sha256": document.file.sha256,
            "content_hash": document.content_hash,
        },
    )
    return document


def sealed_pdf(document: GeneratedDocument, *, at: datetime) -> bytes:
    """The file of a document, made from what its stage says now. Writes nothing."""
    return signing.seal(unsealed_pdf(document, at=at), reason=_reason(document), at=at)


def unsealed_pdf(document: GeneratedDocument, *, at: datetime) -> bytes:
    """The same file before the seal: what the PDF/A check reads."""
    spec = registry.builder_of(document.kind)(document.source_id)
    if document.number and spec.number != document.number:
        raise ValueError(f"the document is {document.number}, its builder says {spec.number}")
    content = document.canonical if document.canonical is not None else spec.canonical
    demo = spec.demo or settings.PORTAL_DEMO
    html = assembly.build_html(
        spec, kind=document.kind, content=content, at=spec.dated or document.created_at, demo=demo
    )
    title = f"{spec.title_ky} · {spec.title_ru}"
    metadata = rendering.PdfMetadata(title=f"{spec.number} · {title}" if spec.number else title, at=at)
    inside = assembly.attachments_of(spec, kind=document.kind, content=content)
    return rendering.render_pdf(html, metadata=metadata, attachments=inside, demo=demo)


@transaction.atomic
def _note_problem(document_id: int, problem: str) -> None:
    document = GeneratedDocument.objects.select_for_update().get(pk=document_id)
    if document.state != DocumentState.PENDING:
        return
    document.problem = problem[:200]
    if document.attempts >= MAX_ATTEMPTS:
        document.state = DocumentState.FAILED
    document.save(update_fields=["problem", "state"])


def _reason(document: GeneratedDocument) -> str:
    words = DocumentKind(document.kind).value
    return f"{document.number or words} SHA-256 {document.content_hash}".strip()
