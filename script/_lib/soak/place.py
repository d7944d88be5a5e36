"""An installation for one part of the soak: its own folder, database and queue, made anew and gone afterwards."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import bootstrap
from bench import place as bench_place

from . import stack

DRAFTS = Path(__file__).with_name("drafts.py")


def choose(name: str) -> None:
    """Before anything is started: this process is about that installation. What an earlier run left is removed."""
    stack.adopt()
    if os.environ.get("BENCH_PLACE"):
        return
    bench_place.choose_folder(f"soak-{name}")
    sweep()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ |= {"PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}", "LOG_LEVEL": "WARNING"}


def sweep() -> None:
    """Stop what runs in the folder and remove it."""
    import localstack

    folder = bootstrap.var()
    if any(folder.iterdir()):
        localstack.down()
        shutil.rmtree(folder)


def fresh() -> None:
    """Tables, reference data, the demonstration's people; what an earlier trial filed is gone."""
    bench_place.drop()
    subprocess.run([sys.executable, "script/_lib/prepare.py"], check=True, stdout=sys.stderr)


def make_drafts(acts: int) -> None:
    """So many acts in consultation, each with an opinion of both associations that waits for its signatory."""
    environment = {**os.environ, "DATABASE_URL": bench_place.as_superuser(os.environ["DATABASE_URL"])}
    subprocess.run([sys.executable, str(DRAFTS), str(acts)], check=True, stdout=sys.stderr, env=environment)


def numbers() -> list[str]:
    """The acts of `make_drafts`, in order."""
    found = rows("SELECT number FROM draft_acts_draftact WHERE token LIKE 'bench%%' ORDER BY id")
    return [number for (number,) in found]


def rows(statement: str, *values: object) -> list[tuple[Any, ...]]:
    """What the database answers, over a connection of its own."""
    import psycopg2

    owner = os.environ["DATABASE_OWNER_URL"]
    with closing(psycopg2.connect(owner)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def manage(*command: str) -> dict[str, Any]:
    """The JSON that a management command prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command], stdout=subprocess.PIPE, text=True, check=False
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))
