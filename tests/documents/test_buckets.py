"""Stored files in a bucket: the same promises as in a folder, and nobody gets one past the portal."""

import hashlib
import json
import socket
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from apps.documents import services, signing, storages
from apps.documents.buckets import Bucket
from apps.documents.models import StoredFile
from apps.documents.responses import file_response
from apps.documents.services.files import FileNotKept
from tests.bucket import bucket, in_use, names, options, overwrite, s3

from .conftest import AT

__all__ = ["bucket", "s3"]


def store(data: bytes) -> StoredFile:
    return services.store_file(data=data, media_type="text/plain", at=AT)


def test_a_file_is_kept_once_under_its_digest_and_comes_back_through_the_portal(
    db: None, bucket: Bucket
) -> None:
    data = "Өмүр, ң ү".encode() * 200_000  # larger than what is kept in memory

    first, second = store(data), store(data)
    response = file_response(first, filename="act.txt")

    assert first.pk == second.pk
    assert names(bucket) == {first.storage_name}
    assert b"".join(response.streaming_content) == data  # type: ignore[attr-defined]
    assert services.read_file(store(b"")) == b""
    response.close()


def test_without_the_portals_keys_nobody_gets_it(db: None, bucket: Bucket) -> None:
    stored = store(b"a closed paper")
    address = f"{bucket.endpoint_url}/{bucket.bucket_name}/{stored.storage_name}"

    with pytest.raises(OSError, match="403"), urlopen(address):
        pass
    with pytest.raises(NotImplementedError):
        bucket.url(stored.storage_name)

    bucket.bucket.Object(stored.storage_name).Acl().put(ACL="public-read")
    with urlopen(address) as response:  # so the refusal above was one
        assert response.read() == b"a closed paper"


def test_other_bytes_than_were_stored_are_given_to_nobody(db: None, bucket: Bucket) -> None:
    stored = store(b"as it was filed")
    overwrite(bucket, stored.storage_name, b"as it was faked")

    with pytest.raises(storages.Unreadable, match=stored.sha256):
        services.read_file(stored)
    with pytest.raises(storages.Unreadable):
        file_response(stored, filename="act.txt")


def test_a_shorter_file_is_written_again_and_a_lost_one_is_told(db: None, bucket: Bucket) -> None:
    stored = store(b"long enough")
    overwrite(bucket, stored.storage_name, b"lon")
    store(b"long enough")

    assert services.read_file(stored) == b"long enough"

    bucket.delete(stored.storage_name)
    with pytest.raises(FileNotFoundError):
        services.read_file(stored)


@pytest.mark.parametrize("there", ["nobody", "no bucket"])
def test_when_the_bucket_is_away_no_row_points_to_nothing(
    db: None, s3: str, settings: Any, there: str
) -> None:
    with socket.socket() as door:  # bound, and nobody listens
        door.bind(("127.0.0.1", 0))
        address = s3 if there == "no bucket" else f"http://127.0.0.1:{door.getsockname()[1]}"
        with in_use(settings, options(address), make=False):
            began = time.monotonic()
            with pytest.raises(FileNotKept):
                store(b"nowhere to go")
            took = time.monotonic() - began

    assert not StoredFile.objects.filter(sha256=hashlib.sha256(b"nowhere to go").hexdigest()).exists()
    assert took < 10


# --- several hosts --------------------------------------------------------------------------------
def test_a_host_without_the_keys_of_the_seal_does_not_make_its_own(
    bucket: Bucket, settings: Any, tmp_path: Path
) -> None:
    settings.KEYS_ROOT = tmp_path

    with pytest.raises(ImproperlyConfigured, match="Copy them from another host"):
        signing.keys(at=AT)
    assert list(tmp_path.iterdir()) == []

    signing.ensure_keys(at=AT)  # make_keys, on the first host
    assert signing.keys(at=AT) == tmp_path


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    with pytest.raises(SystemExit) as left:
        call_command("check_files")
    return int(left.value.code or 0), json.loads(capsys.readouterr().out)


def test_check_files_tells_whether_the_bucket_works_and_is_private(
    bucket: Bucket, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = checked(capsys)

    assert (code, said["ok"], said["private"], said["files"]) == (0, True, True, "bucket")
    assert said["bucket"] == bucket.bucket_name
    assert said["ca_sha256"] == hashlib.sha256(signing.ca_pem()).hexdigest()
    assert names(bucket) == set()

    monkeypatch.setattr(bucket, "default_acl", "public-read")
    code, said = checked(capsys)
    assert (code, said["private"]) == (1, False)

    bucket.bucket.delete()
    code, said = checked(capsys)
    assert (code, said["ok"]) == (1, False)
    assert "NoSuchBucket" in said["message"]


def test_check_files_in_a_folder(capsys: pytest.CaptureFixture[str], settings: Any) -> None:
    code, said = checked(capsys)

    assert (code, said["files"]) == (0, "folder")
    assert list(Path(settings.FILES_ROOT).rglob(".*")) == []
