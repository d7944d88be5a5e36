"""The drill: the bench's register is saved, restored into another installation on this machine, and compared."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import bootstrap
from bench import place

from . import Figure, Sizes


def run(sizes: Sizes) -> Iterator[Figure]:
    acts = sizes.acts
    place.fill(acts)
    folder = Path(tempfile.mkdtemp(prefix="makuldashuu-drill-"))
    folder.chmod(0o711)
    try:
        saved = _script("backup", folder / "backup")
        elsewhere = {"DATABASE_URL": "", "DATABASE_OWNER_URL": "", "REDIS_URL": "", "SECRET_KEY": ""}
        back = _script("restore", folder / "backup", **elsewhere, PORTAL_VAR=str(folder / "var"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    size = f"{back['rows']:,} rows, {back['files']} files, {saved['bytes'] / 1e6:.0f} MB"
    value = f"{saved['seconds']} s ({size}); RPO = the time between two backups"
    yield Figure(f"backup, {acts:,} acts", value, "", None)
    value = f"RTO {back['seconds']} s ({size}), everything equal: {back['equal']}"
    yield Figure(f"restore, {acts:,} acts", value, "digests agree", bool(back["equal"]))


def _script(name: str, target: Path, **environment: str) -> dict:
    command = [sys.executable, str(bootstrap.BASE / "script" / name), str(target)]
    done = subprocess.run(
        command, env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=False
    )
    answer = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    if done.returncode:
        raise RuntimeError(f"script/{name}: {answer.get('message', done.returncode)}")
    return dict(answer)
