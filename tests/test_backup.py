"""script/backup and script/restore: what was saved comes back, what is damaged or in use is refused."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from apps.accounts import erasure
from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.documents import services
from apps.documents.buckets import Bucket
from apps.documents.models import NumberSequence, StoredFile
from apps.register.demo.way import Way
from tests.bucket import bucket, in_use, names, options, overwrite, s3
from tests.way import filed, people, way

__all__ = ["bucket", "people", "s3", "way"]
pytestmark = pytest.mark.slow
BASE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BASE / "script" / "_lib"))
RESTORED = f"test_portal_{os.getpid()}"  # a name that script/test tidies up, should this run be killed


def named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@dataclass
class Installation:
    """A database and a folder of its own."""

    var: Path
    database: str

    def run(self, script: str, *arguments: str) -> tuple[int, dict[str, Any], str]:
        owner = settings.DATABASE_OWNER_URL
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "consultation_portal.settings",
            "PORTAL_VAR": str(self.var),
            "DATABASE_OWNER_URL": named(owner, self.database),
            "DATABASE_URL": named(os.environ["DATABASE_URL"], self.database),
        }
        command = [sys.executable, str(BASE / "script" / script), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        lines = done.stdout.splitlines()
        return done.returncode, json.loads(lines[-1]) if lines else {}, done.stderr

    def rows(self, query: str) -> list[tuple]:
        with (
            psycopg2.connect(named(settings.DATABASE_OWNER_URL, self.database)) as there,
            there.cursor() as cursor,
        ):
            cursor.execute(query)
            found = cursor.fetchall()
        there.close()
        return found


@pytest.fixture
def here(transactional_db: Any, way: Way) -> Installation:
    """The test's own database, with an act on which two associations have filed."""
    filed(way)
    connection.close()
    return Installation(Path(settings.PORTAL_VAR), connection.settings_dict["NAME"])


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Installation]:
    owner = psycopg2.connect(settings.DATABASE_OWNER_URL)
    owner.autocommit = True
    with owner.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{RESTORED}" TEMPLATE template0')
    yield Installation(tmp_path / "elsewhere", RESTORED)
    with owner.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{RESTORED}" WITH (FORCE)')
    owner.close()


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_backup_comes_back_whole_and_no_number_is_given_twice(
    here: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    known = set(StoredFile.objects.values_list("sha256", flat=True))
    numbers = dict(NumberSequence.objects.filter(kind__in=["RC", "OP"]).values_list("kind", "last"))
    head = JournalEntry.objects.order_by("-seq").values_list("seq", "hash").first()

    code, saved, words = here.run("backup", str(target))
    assert code == 0, words
    assert saved["journal"] == dict(zip(("seq", "hash"), head or (), strict=True))
    assert saved["files"] == len(known) > 0
    assert target.stat().st_mode & 0o077 == 0

    # After the backup somebody's contacts are erased; the ledger lies elsewhere.
    gone = User.objects.get(email="union.officer@demo.example")
    at = clock.now()
    accounts.deactivate(actor=None, user_id=gone.pk, at=at)
    erasure.erase_contacts(actor=None, user_id=gone.pk, ground="request", reference="12", at=at)
    ledger = tmp_path / "erasures.json"
    ledger.write_text(json.dumps(erasure.ledger()))
    connection.close()
    assert (elsewhere.run("restore", str(target), "--erasures", str(target))[1]["error"]) == "bad_backup"

    code, restored, words = elsewhere.run("restore", str(target), "--erasures", str(ledger))
    assert code == 0, (restored, words)
    assert restored["equal"] is True
    assert restored["erased_again"] == 1
    assert elsewhere.rows(f"SELECT email, is_active FROM accounts_user WHERE id = {gone.pk}") == [
        (f"erased-{gone.pk}@erased.invalid", False)
    ]
    assert not elsewhere.rows("SELECT FROM accounts_user WHERE email = 'union.officer@demo.example'")

    said = "SELECT number, content_hash, received_at FROM reviews_receipt ORDER BY id"
    assert elsewhere.rows(said) == here.rows(said)
    stored = files_below(elsewhere.var / "files")
    assert {name.rpartition("/")[2] for name in stored} == known
    assert all(stored[name] == (Path(settings.FILES_ROOT) / name).read_bytes() for name in stored)
    assert files_below(elsewhere.var / "keys").keys() >= {"ca.pem", "seal.pem"}
    moved = dict(elsewhere.rows("SELECT kind, last FROM documents_numbersequence WHERE kind IN ('RC', 'OP')"))
    assert set(moved) == set(numbers)
    assert all(moved[kind] >= numbers[kind] + 1000 for kind in numbers)
    # What the application may not do with the journal, it may not do after a restore either.
    assert elsewhere.rows("SELECT has_table_privilege('portal_app', 'audit_journalentry', 'UPDATE')") == [
        (False,)
    ]

    code, refused, words = elsewhere.run("restore", str(target))
    assert (code, refused["error"]) == (2, "not_empty")
    code, refused, words = here.run("backup", str(target))
    assert (code, refused["error"]) == (2, "not_empty")


def test_a_damaged_backup_is_not_restored(
    here: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    assert here.run("backup", str(target))[0] == 0
    one = next(path for path in (target / "files").rglob("*") if path.is_file())
    one.write_bytes(one.read_bytes()[:-1] + b"!")

    code, answer, _words = elsewhere.run("restore", str(target))

    assert (code, answer["error"]) == (2, "bad_backup")
    assert one.name in answer["message"]
    assert elsewhere.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_table_that_is_not_what_was_saved_is_told(
    here: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    assert here.run("backup", str(target))[0] == 0
    manifest = json.loads((target / "manifest.json").read_text())
    manifest["tables"]["reviews_receipt"]["digest"] = "1"
    (target / "manifest.json").write_text(json.dumps(manifest))

    code, answer, _words = elsewhere.run("restore", str(target))

    assert code == 1
    assert "reviews_receipt" in answer["message"]


def test_a_missing_stored_file_makes_no_backup(here: Installation, tmp_path: Path) -> None:
    stored = StoredFile.objects.first()
    assert stored is not None
    path = Path(settings.FILES_ROOT) / stored.storage_name
    kept = path.read_bytes()
    path.unlink()
    connection.close()
    try:
        code, answer, _words = here.run("backup", str(tmp_path / "backup"))
    finally:
        path.write_bytes(kept)

    assert code == 1
    assert stored.sha256 in answer["message"]
    assert not (tmp_path / "backup" / "manifest.json").exists()


def test_a_folder_that_is_no_backup_is_bad_input(elsewhere: Installation, tmp_path: Path) -> None:
    code, answer, _words = elsewhere.run("restore", str(tmp_path))

    assert (code, answer["error"]) == (2, "bad_backup")


def test_files_of_a_bucket_are_saved_and_come_back_into_another(
    transactional_db: Any, bucket: Bucket, s3: str, elsewhere: Installation, settings: Any, tmp_path: Path
) -> None:
    from backup import load, save

    owner, name = settings.DATABASE_OWNER_URL, connection.settings_dict["NAME"]
    target, role = tmp_path / "backup", connection.settings_dict["USER"]
    target.mkdir()
    at = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
    one, two = (
        services.store_file(data=data, media_type="text/plain", at=at) for data in (b"first", b"other")
    )
    kept = {"app_role": role, "keys": Path(settings.KEYS_ROOT), "secret": None}

    overwrite(bucket, two.storage_name, b"faked")
    with pytest.raises(save.Failed, match=f"{two.sha256} cannot be read"):
        save.save(target, owner_url=named(owner, name), **kept)
    overwrite(bucket, two.storage_name, b"other")
    save.save(target, owner_url=named(owner, name), **kept)

    with in_use(settings, options(s3)) as empty:
        manifest = load.read_manifest(target)
        there = named(owner, elsewhere.database)
        load.load(target, manifest, owner_url=there, keys=tmp_path / "keys", secret=None)
        load.compare(manifest, owner_url=there)
        assert names(empty) == {one.storage_name, two.storage_name}
        overwrite(empty, one.storage_name, b"faked")
        with pytest.raises(OSError, match=one.sha256):
            load.compare(manifest, owner_url=there)
