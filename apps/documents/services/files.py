"""Files by content. Another plot than the usual one: bytes are nobody's yet, so there is nothing to lock or to ask;
who may see them is decided by the row that points here.
"""

import logging
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.documents import storages
from apps.documents.canonical import sha256_hex
from apps.documents.models import StoredFile

logger = logging.getLogger(__name__)


class FileNotKept(DomainError):
    """The disk is full, or the bucket does not answer: the fault is ours, and the typed text goes back."""

    status = 503
    code = "file_not_kept"
    message = _("The file could not be stored just now, and nothing was changed. Try again in a few minutes.")


@transaction.atomic
def store_file(*, data: bytes, media_type: str, at: datetime) -> StoredFile:
    """Keep the bytes under their SHA-256 and return their row; the same bytes are kept once.

    The bytes are written, synced and renamed before the row exists: a row never points to nothing. Raises FileNotKept.
    """
    digest = sha256_hex(data)
    stored = StoredFile(sha256=digest, size=len(data), media_type=media_type, created_at=at)
    try:
        storages.put(stored.storage_name, data)
    except OSError as problem:
        logger.exception("file.not_kept", extra={"size": len(data)})
        raise FileNotKept() from problem
    StoredFile.objects.bulk_create([stored], ignore_conflicts=True)
    return StoredFile.objects.get(sha256=digest)


def open_file(stored: StoredFile) -> "File[bytes]":
    """The bytes, open for reading; the caller closes."""
    return storages.open_name(stored.storage_name)


def read_file(stored: StoredFile) -> bytes:
    """The bytes at once. For downloads use responses.file_response, which streams."""
    with open_file(stored) as file:
        data: bytes = file.read()
    return data
