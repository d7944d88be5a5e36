"""The bench's own installation: a folder with its own PostgreSQL, Redis, keys and a register of N acts.

It stays in var/bench-N, so that a second run measures at once; it is made again when its terms have grown old.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import bootstrap

CLEARED = (
    "DATABASE_URL DATABASE_OWNER_URL REDIS_URL ALLOWED_HOSTS SECRET_KEY STATIC_ROOT METRICS_TOKEN "
    "PORTAL_DEBUG PORTAL_TESTING PORTAL_CLOCK_OFFSET PORTAL_APP_ROLE "
    "WEB_BIND S3_BUCKET S3_ENDPOINT S3_REGION S3_ACCESS_KEY S3_SECRET_KEY"
).split()
VERSION = 1  # goes up when the data change
FRESH = 2 * 24 * 3600  # seconds: then what ends tomorrow has ended


def choose(acts: int) -> None:
    """The installation with the register of that many acts."""
    choose_folder(f"bench-{acts}")


def choose_folder(name: str) -> None:
    """Before anything is started: this process is about that installation, whatever the environment said."""
    if os.environ.get("BENCH_PLACE"):
        return  # chosen before the script entered its virtual environment
    os.environ["BENCH_PLACE"] = name
    for variable in (*CLEARED, "DJANGO_SETTINGS_MODULE", "PORTAL_TEST_DATABASE"):
        os.environ[variable] = ""
    for variable in ("DJANGO_SETTINGS_MODULE", "PORTAL_TEST_DATABASE", "PORTAL_APP_ROLE"):
        del os.environ[variable]
    parent = Path(os.environ.get("PORTAL_VAR") or bootstrap.BASE / "var")
    os.environ |= {
        "PORTAL_VAR": str(parent / name),
        "SITE_URL": "http://127.0.0.1",
        "PORTAL_DEMO": "1",
        "EMAIL_URL": "kept://",
        "TRUSTED_PROXIES": "0",
    }


def as_superuser(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc="postgres@" + parts.netloc.rpartition("@")[2]))


def fill(acts: int) -> None:
    """Make the register unless a fresh one is there."""
    stamp = bootstrap.var() / "bench.json"
    prepare = [sys.executable, "script/_lib/prepare.py"]
    if stamp.exists():
        made = json.loads(stamp.read_text())
        if made["version"] == VERSION and time.time() - made["at"] < FRESH:
            subprocess.run(prepare, check=True, stdout=sys.stderr)  # newer migrations
            return
        drop()
    subprocess.run(prepare, check=True, stdout=sys.stderr)
    bootstrap.say(f"Making {acts} acts")
    started = time.monotonic()
    command = [sys.executable, str(Path(__file__).with_name("data.py")), str(acts)]
    environment = {**os.environ, "DATABASE_URL": as_superuser(os.environ["DATABASE_URL"])}
    subprocess.run(command, check=True, stdout=sys.stderr, env=environment)
    bootstrap.say(f"{acts} acts made in {time.monotonic() - started:.0f} s")
    stamp.write_text(json.dumps({"version": VERSION, "acts": acts, "at": time.time()}))


def drop() -> None:
    """Away with the register and its files."""
    import localstack
    import psycopg2

    (bootstrap.var() / "bench.json").unlink(missing_ok=True)
    url = as_superuser(os.environ["DATABASE_OWNER_URL"])
    connection = psycopg2.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {localstack.DATABASE} WITH (FORCE)")
    connection.close()
    shutil.rmtree(bootstrap.var() / "files", ignore_errors=True)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        del os.environ[name]
    os.environ.update(localstack.up())
