"""Where bytes lie. The default storage of the installation: a folder, or a bucket that stands in for it (buckets.py).

In a folder a file is written aside, synced and renamed, so that a name always leads to whole bytes
that survive a power cut. A bucket gives the same promise by itself.
"""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage, storages


class Unreadable(OSError):
    """A bucket is away, refuses, or gives other bytes than were stored."""


def put(name: str, data: bytes) -> None:
    """Store `data` under `name`; return when it is safe. Existing bytes of the same size are left alone.

    Raises OSError: the disk is full, the bucket does not answer.
    """
    if _holds(name, len(data)):
        return
    if not _is_folder():
        default_storage.save(name, ContentFile(data))
        return
    target = Path(default_storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            aside.unlink()
        raise
    for folder in (target.parent, target.parent.parent, target.parent.parent.parent):
        _sync_folder(folder)


def open_name(name: str) -> File:
    """The stored bytes, open for reading. Raises FileNotFoundError, Unreadable."""
    return default_storage.open(name, "rb")


def chunks(name: str, size: int = 1024 * 1024) -> Iterator[bytes]:
    with open_name(name) as file:
        while block := file.read(size):
            yield block


def try_out() -> dict[str, bool | str]:
    """Write, read and remove a small file: where files lie, and whether somebody without keys could have read it.

    Raises OSError when it does not come back as it went.
    """
    probe = secrets.token_bytes(32)
    digest = hashlib.sha256(probe).hexdigest()
    name = f"{digest[:2]}/{digest[2:4]}/{digest}"
    put(name, probe)
    try:
        with open_name(name) as file:
            if file.read() != probe:
                raise Unreadable("The probe came back as something else.")
        if _is_folder():
            return {"files": "folder", "private": True}
        return {"files": "bucket", "private": not storages["default"].gives_to_anybody(name)}  # type: ignore[attr-defined]
    finally:
        default_storage.delete(name)


def _is_folder() -> bool:
    return isinstance(storages["default"], FileSystemStorage)


def _holds(name: str, size: int) -> bool:
    # A folder of a broken disk may hold a shorter file: the size tells, and the bytes are written again.
    try:
        return default_storage.size(name) == size
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
