"""A server that speaks S3, for tests: moto on a port of this machine, and a bucket of its own for each test."""

import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.storage import storages

from apps.documents.buckets import Bucket


@contextmanager
def server() -> Iterator[str]:
    """Its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, "moto did not start"
                assert time.monotonic() < until, "moto does not answer"
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with server() as address:
        yield address


def options(address: str) -> dict[str, str]:
    return {
        "bucket_name": f"portal-{uuid.uuid4().hex[:8]}",
        "endpoint_url": address,
        "region_name": "us-east-1",
        "access_key": "portal",
        "secret_key": "only-for-tests",
    }


def environment(options: dict[str, str]) -> dict[str, str]:
    """The same for another process."""
    return {
        "S3_BUCKET": options["bucket_name"],
        "S3_ENDPOINT": options["endpoint_url"],
        "S3_ACCESS_KEY": options["access_key"],
        "S3_SECRET_KEY": options["secret_key"],
    }


@contextmanager
def in_use(settings: Any, options: dict[str, str], *, make: bool = True) -> Iterator[Bucket]:
    """The test's process stores files there."""
    before = settings.STORAGES
    place = {"BACKEND": "apps.documents.buckets.Bucket", "OPTIONS": options}
    settings.STORAGES, settings.FILES_IN_BUCKET = {**before, "default": place}, True
    bucket = storages["default"]
    assert isinstance(bucket, Bucket)
    if make:
        bucket.connection.create_bucket(Bucket=options["bucket_name"])
    try:
        yield bucket
    finally:
        for connection in (bucket.connection, bucket.unsigned_connection):
            connection.meta.client.close()
        settings.STORAGES, settings.FILES_IN_BUCKET = before, False


@pytest.fixture
def bucket(s3: str, settings: Any) -> Iterator[Bucket]:
    with in_use(settings, options(s3)) as found:
        yield found


def names(bucket: Bucket) -> set[str]:
    """What lies in it."""
    return {found.key for found in bucket.bucket.objects.all()}


def overwrite(bucket: Bucket, name: str, data: bytes) -> None:
    """Past the portal."""
    bucket.bucket.Object(name).put(Body=data)
