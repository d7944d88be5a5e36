"""Files by content. Another plot than the usual one: bytes are nobody's yet, so there is nothing to lock or to ask;
who may see them is decided by the row that points here.
"""

from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from apps.documents import storages
from apps.documents.canonical import sha256_hex
from apps.documents.models import StoredFile


@transaction.atomic
def store_file(*, data: bytes, media_type: str, at: datetime) -> StoredFile:
    """Keep the bytes under their SHA-256 and return their row; the same bytes are kept once.

    The bytes are written, synced and renamed before the row exists: a row never points to nothing.
    """
    digest = sha256_hex(data)
    stored = StoredFile(sha256=digest, size=len(data), media_type=media_type, created_at=at)
    storages.put(stored.storage_name, data)
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
