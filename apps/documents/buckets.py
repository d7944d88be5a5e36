"""Stored files in an S3 bucket that all hosts share (django-storages), instead of in a folder of one machine.

The bucket is private: the portal alone has its keys, asks permission for every file as ever, and gives out no address
of the bucket. What is sent is signed together with its SHA-256, so that the bucket refuses other bytes; what comes back is
compared with the digest that is its name before anybody gets it.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from .storages import Unreadable

IN_MEMORY = 1024 * 1024  # bytes of a file that is being read; a larger one waits on disk
CLIENT = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path", "payload_signing_enabled": True},
    # Not every store that speaks S3 knows the newer checksums.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    # A bucket that hangs must not hold everybody who waits for a file, nor a row that is locked meanwhile.
    connect_timeout=2,
    read_timeout=10,
    retries={"total_max_attempts": 2, "mode": "standard"},
)
# One request a file, without threads of its own: nothing stored is larger than UPLOAD_MAX_BYTES by much.
TRANSFER = TransferConfig(multipart_threshold=256 * 1024 * 1024, use_threads=False)


class Bucket(S3Storage):
    """The storage of an installation with S3_BUCKET. Raises OSError where a folder would."""

    def get_default_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().get_default_settings()
        return settings | {
            "client_config": CLIENT,
            "transfer_config": TRANSFER,
            "max_memory_size": IN_MEMORY,
            "file_overwrite": True,  # the name is the digest: what is overwritten is the same
            "default_acl": None,
            "custom_domain": None,
            # Only the keys that the portal's settings name.
            "security_token": None,
            "session_profile": None,
        }

    def url(self, name: str, *args: Any, **options: Any) -> str:
        """Nobody gets a file past the portal's permission check."""
        raise NotImplementedError("Stored files are given out by the portal only.")

    def size(self, name: str) -> int:
        with _in_words_of_a_folder():
            size: int = super().size(name)
        return size

    def _save(self, name: str, content: "File[bytes]") -> str:
        with _in_words_of_a_folder():
            saved: str = super()._save(name, content)
        return saved

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        """The whole file, fetched and compared with its name. Raises FileNotFoundError, Unreadable."""
        fetched = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the caller closes it
        try:
            with _in_words_of_a_folder(), super()._open(name, mode) as there:
                digest = hashlib.sha256()
                for block in there.chunks():
                    digest.update(block)
                    fetched.write(block)
            if digest.hexdigest() != name.rpartition("/")[2]:
                raise Unreadable(f"The bucket gives other bytes than were stored as {name}.")
        except BaseException:
            fetched.close()
            raise
        fetched.seek(0)
        return File(fetched, name=name)

    def gives_to_anybody(self, name: str) -> bool:
        """Whether somebody without keys can read this file; in a private bucket nobody can."""
        client = self.unsigned_connection.meta.client
        try:
            client.get_object(Bucket=self.bucket_name, Key=name)["Body"].close()
        except ClientError as refused:
            if refused.response["ResponseMetadata"]["HTTPStatusCode"] in {401, 403, 404}:
                return False
            raise
        return True


@contextmanager
def _in_words_of_a_folder() -> Iterator[None]:
    """What the client says of a bucket that is away or refuses, as the error of reading or writing a file."""
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as problem:
        raise Unreadable(f"The bucket does not do it: {problem}") from problem
