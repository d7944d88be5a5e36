"""Celery tasks of the documents queue: a warm, limited worker."""

import logging
import resource
from typing import Any

from celery import shared_task
from celery.signals import worker_process_init
from django.conf import settings

from apps.core import clock
from apps.notifications import services as notifications
from apps.notifications.models import OutboxMessage, OutboxState

from .enums import DocumentState

logger = logging.getLogger(__name__)

MEMORY_LIMIT = 2 * 1024**3  # address space, not resident memory: a warm worker maps about 0.4 GiB


@worker_process_init.connect
def prepare_process(**kwargs: Any) -> None:
    """A limit on memory before the first page, and warm fonts. No limit on CPU: it would kill a long-lived worker in
    the end; endless pages meet the task's time limit instead."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, resource.getrlimit(resource.RLIMIT_AS)[1]))
    from . import rendering

    try:
        rendering.press()
    except Exception:
        # The worker still delivers letters; each document tells what is missing.
        logger.exception("document.press_cold", extra={"base": str(settings.BASE_DIR)})


@shared_task(name="documents.render", soft_time_limit=60, time_limit=90)
def render(outbox_id: int) -> None:
    """Render the document an outbox row asks for. Safe to run twice, late, or from two workers."""
    from .services.render import render_document

    message = OutboxMessage.objects.filter(pk=outbox_id, state=OutboxState.PENDING).first()
    if message is None:
        return
    try:
        document = render_document(document_id=message.payload["document_id"], at=clock.now())
    except Exception as failure:  # the row waits for its next attempt and the queue moves on
        logger.exception("document.render_failed", extra={"outbox_id": outbox_id})
        notifications.mark_failed_attempt(outbox_id=outbox_id, problem=type(failure).__name__, at=clock.now())
        return
    if document is None:
        return  # another worker has it; the row comes again if that one dies
    if document.state == DocumentState.FAILED:
        notifications.mark_failed_attempt(
            outbox_id=outbox_id, problem=document.problem, at=clock.now(), final=True
        )
    else:
        notifications.mark_done(outbox_id=outbox_id, at=clock.now())
