"""Make a backup: one snapshot of the database, then every file that snapshot knows, then the keys, then the manifest.

Files are only ever added, and a file is on disk before the row that names it: whatever the snapshot names is there
when it is copied. The manifest is written last, so a folder without one is no backup.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg2

from . import postgres

FORMAT = 1
DUMP, MANIFEST, SECRET = "portal.dump", "manifest.json", "secret_key"
# The ledger of erasures as apps.accounts.erasure reads it: an older backup that is restored needs the newest one.
LEDGER = ("person", "created_at", "erased_at", "ground", "reference")
ERASURES = """
  SELECT row.person_id, to_json(person.created_at) #>> '{}', to_json(row.erased_at) #>> '{}', row.ground, row.reference
  FROM accounts_erasure row JOIN accounts_user person ON person.id = row.person_id ORDER BY row.erased_at, row.id"""


class Failed(Exception):
    """There is no whole backup; the words say why."""


def sha256_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def name_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def write(path: Path, blocks: Iterable[bytes]) -> str:
    """Write and sync a file only its owner may read; return the SHA-256 of what was written."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for block in blocks:
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def save(target: Path, *, owner_url: str, app_role: str, keys: Path, secret: Path | None) -> dict[str, Any]:
    """Fill the empty folder `target`; returns the manifest. Raises Failed."""
    target.chmod(0o700)
    manifest = _database(target, owner_url, app_role)
    _files(target, manifest["files"])
    manifest["keys"] = {
        path.name: write(target / "keys" / path.name, [path.read_bytes()])
        for path in sorted(keys.glob("*.pem"))
    }
    manifest["secret_key"] = secret is not None
    if secret is not None:
        write(target / SECRET, [secret.read_bytes()])
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    write(target / MANIFEST, [text.encode()])
    return manifest


def _database(target: Path, owner_url: str, app_role: str) -> dict[str, Any]:
    connection = psycopg2.connect(owner_url)
    try:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        cursor = connection.cursor()
        cursor.execute("SELECT pg_export_snapshot(), now(), current_setting('server_version')")
        snapshot, made_at, version = cursor.fetchone()
        options = [
            "--format=custom",
            f"--snapshot={snapshot}",
            "--no-owner",
            "--no-comments",
            f"--file={target / DUMP}",
        ]
        (target / DUMP).touch(mode=0o600)
        if postgres.run(owner_url, "pg_dump", *options):
            raise Failed("pg_dump failed (see above).")
        with open(target / DUMP, "rb") as file:
            os.fsync(file.fileno())
        cursor.execute("SELECT seq, hash FROM audit_journalentry ORDER BY seq DESC LIMIT 1")
        head = cursor.fetchone()
        cursor.execute("SELECT sha256, size FROM documents_storedfile ORDER BY sha256")
        files = [{"sha256": sha256, "size": size} for sha256, size in cursor.fetchall()]
        cursor.execute(ERASURES)
        erasures = [dict(zip(LEDGER, row, strict=True)) for row in cursor.fetchall()]
        cursor.execute("SELECT kind, year, last FROM documents_numbersequence ORDER BY kind, year")
        numbers = [{"kind": kind, "year": year, "last": last} for kind, year, last in cursor.fetchall()]
        return {
            "format": FORMAT,
            "made_at": made_at.isoformat(),
            "database": {
                "sha256": sha256_of(target / DUMP),
                "bytes": (target / DUMP).stat().st_size,
                "server_version": version,
                "app_role": app_role,
            },
            "tables": postgres.digests(cursor),
            "journal": {"seq": head[0], "hash": head[1]} if head else None,
            "numbers": numbers,
            "erasures": erasures,
            "files": files,
        }
    except psycopg2.Error as problem:
        raise Failed(str(problem).strip()) from problem
    finally:
        connection.close()


def _files(target: Path, files: list[dict[str, Any]]) -> None:
    """Copy every stored file; its name is its digest, so a spoiled one cannot pass."""
    from apps.documents import storages

    bad = []
    for row in files:
        name = name_of(row["sha256"])
        try:
            if write(target / "files" / name, storages.chunks(name)) == row["sha256"]:
                continue
            reason = "is damaged"
        except FileNotFoundError:
            reason = "is missing"
        except storages.Unreadable as problem:
            reason = f"cannot be read: {problem}"
        bad.append(f"{row['sha256']} {reason}")
    if bad:
        raise Failed("Stored files are not whole, so this is no backup:\n  " + "\n  ".join(bad))
