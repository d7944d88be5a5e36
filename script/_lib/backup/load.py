"""Restore a backup into an empty installation, and prove that it is what was saved.

Checked first, written second, compared third. Only then are the sequences moved on, so that a number given out between
backup and loss is never given to another document: nobody knows any more which ones were.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2

from . import postgres
from .save import DUMP, FORMAT, MANIFEST, SECRET, Failed, name_of, sha256_of, write

SKIPPED = 1000  # numbers of every kind that are left out after a loss


class NotEmpty(Exception):
    """There is something where the backup would go."""


class BadBackup(Exception):
    """The folder is no backup, or not a whole one."""


def read_manifest(source: Path) -> dict[str, Any]:
    """The manifest, after every file of the backup was compared with it. Raises BadBackup."""
    try:
        manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadBackup(f"{source} has no readable {MANIFEST}: it is not a finished backup.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadBackup(f"{source} is a backup in another format.")
    expected = {DUMP: manifest["database"]["sha256"]}
    expected |= {f"files/{name_of(row['sha256'])}": row["sha256"] for row in manifest["files"]}
    expected |= {f"keys/{name}": digest for name, digest in manifest["keys"].items()}
    bad = [
        name
        for name, digest in expected.items()
        if not (source / name).is_file() or sha256_of(source / name) != digest
    ]
    if manifest["secret_key"] and not (source / SECRET).is_file():
        bad.append(SECRET)
    if bad:
        raise BadBackup("Missing or damaged in the backup: " + ", ".join(bad[:20]))
    return manifest


def refuse_unless_empty(manifest: dict[str, Any], *, owner_url: str, app_role: str, keys: Path) -> None:
    """Raises NotEmpty. Files and keys of this very backup may lie there: an interrupted restore is repeated."""
    if app_role != manifest["database"]["app_role"]:
        raise BadBackup(
            f"The application's role was {manifest['database']['app_role']}; here it is {app_role}. "
            "Give it the same name, for the rights in the backup are its rights."
        )
    connection = psycopg2.connect(owner_url)
    try:
        cursor = connection.cursor()
        cursor.execute(postgres.TABLES)
        if tables := cursor.fetchall():
            raise NotEmpty(f"The database has {len(tables)} tables already.")
    finally:
        connection.close()
    for path in keys.glob("*.pem"):
        if sha256_of(path) != manifest["keys"].get(path.name):
            raise NotEmpty(f"There are other keys in {keys}.")
    if other := _other_files(manifest):
        raise NotEmpty(f"There are other files in the store, such as {other}.")


def _other_files(manifest: dict[str, Any]) -> str:
    from django.core.files.storage import FileSystemStorage, default_storage

    if not isinstance(default_storage, FileSystemStorage) and not hasattr(default_storage, "base_location"):
        return ""  # a bucket: what is there is there under the same digest
    known = {row["sha256"] for row in manifest["files"]}
    root = Path(default_storage.base_location)
    found = (path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))
    return next((path.name for path in found if path.name not in known), "")


def load(source: Path, manifest: dict[str, Any], *, owner_url: str, keys: Path, secret: Path | None) -> None:
    """Put files, keys and database in their places. Raises Failed; the database is then as empty as before."""
    from apps.documents import storages

    for row in manifest["files"]:
        name = name_of(row["sha256"])
        storages.put(name, (source / "files" / name).read_bytes())
    for name in manifest["keys"]:
        write(keys / name, [(source / "keys" / name).read_bytes()])
    if secret is not None and manifest["secret_key"]:
        write(secret, [(source / SECRET).read_bytes()])
    options = ["--no-owner", "--exit-on-error", "--single-transaction", str(source / DUMP)]
    if postgres.run(owner_url, "pg_restore", *options):
        raise Failed("pg_restore failed (see above). The database is empty as before.")


def compare(manifest: dict[str, Any], *, owner_url: str) -> None:
    """Raises Failed unless every table and every file says what it said. Nothing else may have run meanwhile."""
    connection = psycopg2.connect(owner_url)
    try:
        cursor = connection.cursor()
        found = postgres.digests(cursor)
    finally:
        connection.close()
    names = sorted(set(found) | set(manifest["tables"]))
    differ = [name for name in names if found.get(name) != manifest["tables"].get(name)]
    if differ:
        raise Failed("These tables are not what was saved: " + ", ".join(differ))
    _compare_files(manifest)


def _compare_files(manifest: dict[str, Any]) -> None:
    import hashlib

    from apps.documents import storages

    for row in manifest["files"]:
        digest = hashlib.sha256()
        for block in storages.chunks(name_of(row["sha256"])):
            digest.update(block)
        if digest.hexdigest() != row["sha256"]:
            raise Failed(f"The file {row['sha256']} is not what was saved.")


def check_journal(manifest: dict[str, Any]) -> int:
    """Rows of the journal; raises Failed unless the chain is whole and ends where it ended."""
    from apps.audit import selectors

    report = selectors.verify_chain()
    saved = manifest["journal"]
    if not report.ok or (saved and (report.rows, report.head) != (saved["seq"], saved["hash"])):
        raise Failed(f"The journal is broken at row {report.first_bad}, or it is not the one that was saved.")
    return report.rows


def read_ledger(path: Path) -> list[dict[str, Any]]:
    """The erasures in a file of `manage.py erasures` or in the manifest of a later backup. Raises BadBackup."""
    from apps.accounts import erasure

    try:
        return erasure.read_ledger(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as problem:
        raise BadBackup(f"{path} is no ledger of erasures: {problem}") from None


def erase_again(ledger: list[dict[str, Any]], *, at: datetime) -> int:
    """Contacts that stand in the backup and were erased after it are erased again; how many people."""
    from apps.accounts import erasure

    return erasure.erase_again(ledger, at=at)


def move_numbers_on(*, by: int, at: datetime) -> int:
    """Leave out `by` numbers of every kind in every year that may have been running; each jump is journalled."""
    from django.db import connection, transaction

    from apps.audit import services as audit
    from apps.documents.canonical import BISHKEK
    from apps.documents.enums import DocumentKind
    from apps.documents.models import NumberSequence
    from apps.draft_acts.services.registration import NUMBER_KIND

    kinds = {*NumberSequence.objects.values_list("kind", flat=True), NUMBER_KIND, *DocumentKind.values}
    kinds.discard(DocumentKind.DOSSIER)
    this_year = at.astimezone(BISHKEK).year
    last_year = max(NumberSequence.objects.values_list("year", flat=True), default=this_year)
    years = range(min(last_year, this_year), this_year + 1)
    with transaction.atomic(), connection.cursor() as cursor:
        for kind in sorted(kinds):
            for year in years:
                sequence = NumberSequence.objects.get_or_create(kind=kind, year=year)[0]
                # One by one: the database lets a sequence go only up, and only by one.
                cursor.execute(
                    f"DO $$ BEGIN FOR i IN 1..{int(by)} LOOP UPDATE documents_numbersequence SET last = last + 1 "
                    f"WHERE id = {int(sequence.pk)}; END LOOP; END $$"
                )
                data = {"kind": kind, "year": year, "from": sequence.last, "to": sequence.last + by}
                audit.record(actor=None, action="numbers.skipped", target=sequence, at=at, data=data)
    return len(kinds) * len(years)
