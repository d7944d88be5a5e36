"""What every script does first: system packages, virtual environment, front-end files, secret, environment.

Only the standard library: it runs with the bare `python3` of a fresh Debian and then re-executes the script with
the interpreter of `.venv`. Everything is stamped, so that a second start costs milliseconds. All words go to
standard error; standard output belongs to the command.

Exit code 3 means that something is missing which the script may not or cannot install; the line says what.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import fcntl
import hashlib
import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

BASE = Path(__file__).resolve().parent.parent.parent
VENV = BASE / ".venv"
SETUP_MISSING = 3


def say(*words: object) -> None:
    print(*words, file=sys.stderr, flush=True)


def stop(message: str) -> NoReturn:
    """The set-up cannot go on: say why and exit 3."""
    say(message)
    raise SystemExit(SETUP_MISSING)


def load_env_file() -> None:
    """Values of a `.env` beside the checkout, where the environment does not already say otherwise."""
    path = BASE / ".env"
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, sign, value = line.strip().partition("=")
            value = value.strip().strip("'\"")
            if sign and value and not name.startswith("#"):
                os.environ.setdefault(name.strip(), value)


def var() -> Path:
    """The folder of this installation's own data: database, keys, stored files."""
    folder = Path(os.environ.get("PORTAL_VAR") or BASE / "var")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    with open(var() / name, "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# --- system packages ----------------------------------------------------------------------------
def _library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _postgresql() -> bool:
    # A checkout without Debian's server takes the wheel in requirements.txt; root may as well have the real one.
    return bool(
        os.environ.get("DATABASE_URL")
        or os.geteuid()
        or next(Path("/usr/lib/postgresql").glob("*/bin/initdb"), None)
    )


RUNTIME: dict[str, Callable[[], bool]] = {
    "python3-venv": lambda: VENV.exists() or importlib.util.find_spec("ensurepip") is not None,
    "libpango-1.0-0": _library("pango-1.0"),
    "libpangoft2-1.0-0": _library("pangoft2-1.0"),
    "libharfbuzz-subset0": _library("harfbuzz-subset"),
    "redis-server": lambda: bool(
        os.environ.get("REDIS_URL") or shutil.which("redis-server") or shutil.which("valkey-server")
    ),
    "postgresql": _postgresql,
}
DEVELOPMENT: dict[str, Callable[[], bool]] = {
    "chromium": _program("chromium"),
    "poppler-utils": _program("pdftotext"),
    "gettext": _program("xgettext"),
    "nginx": _program("nginx"),
}


def ensure_packages(*, dev: bool) -> None:
    """Debian packages: installed as root, asked for otherwise."""
    os.environ["PATH"] = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/local/sbin:/usr/sbin:/sbin"
    wanted = RUNTIME | (DEVELOPMENT if dev else {})
    missing = [name for name, present in wanted.items() if not present()]
    if not missing:
        return
    command = [
        "apt-get",
        "install",
        "-y",
        "--no-install-recommends",
        "-o",
        "DPkg::Lock::Timeout=300",
        *missing,
    ]
    if os.geteuid() or not shutil.which("apt-get"):
        stop("Missing on this machine. Ask an administrator to run:\n  sudo " + " ".join(command))
    say("Installing", *missing)
    quiet = {
        "stdin": subprocess.DEVNULL,
        "stdout": sys.stderr,
        "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    }
    subprocess.run(["apt-get", "update", "-q", "-o", "DPkg::Lock::Timeout=300"], check=False, **quiet)  # type: ignore[call-overload]
    if subprocess.run([command[0], "-q", *command[1:]], check=False, **quiet).returncode:  # type: ignore[call-overload]
        stop("Installing system packages failed. By hand:\n  " + " ".join(command))


# --- Python -------------------------------------------------------------------------------------
def _digest(*paths: Path) -> str:
    found = hashlib.sha256(".".join(map(str, sys.version_info[:3])).encode())
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()


def in_venv() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def ensure_venv(*, dev: bool) -> None:
    """The virtual environment, and in it exactly what the requirements and constraints say."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs before anything is installed
        stop(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
    files = [BASE / "requirements.txt", BASE / "constraints.txt"] + (
        [BASE / "requirements-dev.txt"] if dev else []
    )
    stamp, digest = VENV / f".stamp-{'dev' if dev else 'run'}", _digest(*files)
    if stamp.exists() and stamp.read_text() == digest:
        return
    with locked("setup.lock"):
        if stamp.exists() and stamp.read_text() == digest:
            return
        python = VENV / "bin" / "python"
        if not python.exists():
            say("Making the virtual environment")
            if subprocess.run(
                [sys.executable, "-m", "venv", str(VENV)], stdout=sys.stderr, check=False
            ).returncode:
                shutil.rmtree(VENV, ignore_errors=True)
                stop("The virtual environment could not be made (see above).")
        say("Installing Python packages")
        command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
        command += ["-c", str(BASE / "constraints.txt"), "-r", str(files[-1] if dev else files[0])]
        if subprocess.run(command, stdout=sys.stderr, cwd=BASE, check=False).returncode:
            stop("Installing Python packages failed (see above).")
        stamp.write_text(digest)


# --- front-end files ----------------------------------------------------------------------------
def ensure_vendor() -> None:
    """The third-party stylesheets and fonts named in script/vendor.json, copied out of their npm packages."""
    listing, lockfile = BASE / "script" / "vendor.json", BASE / "package-lock.json"
    target = BASE / "static" / "vendor"
    stamp, digest = target / ".stamp", _digest(listing, lockfile)
    if stamp.exists() and stamp.read_text() == digest:
        return
    with locked("setup.lock"):
        if stamp.exists() and stamp.read_text() == digest:
            return
        say("Fetching the front-end files")
        environment = {**os.environ, "PATH": f"{VENV / 'bin'}:{os.environ.get('PATH', '')}"}
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if subprocess.run(command, cwd=BASE, env=environment, stdout=sys.stderr, check=False).returncode:
            stop("Fetching the front-end files failed (see above).")
        fresh = target.with_name("vendor.new")
        shutil.rmtree(fresh, ignore_errors=True)
        for row in json.loads(listing.read_text(encoding="utf-8")):
            if row["to"].startswith("dev/"):
                continue  # tests read it in node_modules; it must not be served
            place = fresh / row["to"]
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(BASE / "node_modules" / row["package"] / row["from"], place)
        (fresh / ".stamp").write_text(digest)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)


def ensure_compose_schema() -> None:
    """For the test of docker-compose.yml: the JSON schema inside the last docker-compose written in Python."""
    target = VENV / "share" / "compose-spec.json"
    if target.exists():
        return
    with locked("setup.lock"), tempfile.TemporaryDirectory() as folder:
        command = [str(VENV / "bin" / "python"), "-m", "pip", "download", "-q", "--disable-pip-version-check"]
        command += ["--no-deps", "-d", folder, "docker-compose==1.29.2"]
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
            stop("Fetching the schema of docker-compose.yml failed (see above).")
        target.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            target.write_bytes(wheel.read("compose/config/compose_spec.json"))


# --- the environment of the portal's processes -----------------------------------------------------
def ensure_secret() -> None:
    """SECRET_KEY: the given one, else one made at the first start and kept beside the data."""
    if os.environ.get("SECRET_KEY"):
        return
    path = var() / "secret_key"
    with locked("secret.lock"):
        if not path.exists():
            with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as handle:
                handle.write(secrets.token_urlsafe(50))
    os.environ["SECRET_KEY"] = path.read_text()


def set_defaults() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation_portal.settings")
    os.environ.setdefault("PORTAL_VAR", str(var()))
    os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    # On a laptop the portal is a demo; a public address over https is never one by default.
    os.environ.setdefault("PORTAL_DEMO", "0" if os.environ["SITE_URL"].startswith("https://") else "1")
    os.environ["PATH"] = f"{VENV / 'bin'}:{os.environ.get('PATH', '')}"
    os.environ["PYTHONUNBUFFERED"] = "1"


def enter(*, dev: bool = False, stack: bool = True) -> None:
    """Set up everything a script needs, in the order in which one part needs the other.

    dev: also what tests and checks need. stack: PostgreSQL and Redis, running and named in the environment.
    """
    load_env_file()
    ensure_packages(dev=dev)
    ensure_venv(dev=dev)
    if not in_venv():
        python = str(VENV / "bin" / "python")
        os.execv(python, [python, *sys.argv])
    ensure_vendor()
    if dev:
        ensure_compose_schema()
    ensure_secret()
    set_defaults()
    os.chdir(BASE)
    subprocess.run(
        [sys.executable, str(BASE / "script" / "messages.py"), "--compile"], check=True, stdout=sys.stderr
    )
    if stack:
        import localstack

        os.environ.update(localstack.up())
        _stay()


# --- who uses the private servers ---------------------------------------------------------------
_using: int | None = None


def _stay() -> None:
    """Note that this process, also after an exec, uses the private PostgreSQL and Redis."""
    global _using
    handed = os.environ.pop("PORTAL_STACK_USER", "")
    _using = int(handed) if handed else os.open(var() / "stack.users", os.O_CREAT | os.O_RDWR, 0o600)
    os.set_inheritable(_using, True)
    fcntl.flock(_using, fcntl.LOCK_SH)


def hand_over() -> dict[str, str]:
    """The variables by which the version that this process becomes knows that it uses them already."""
    return {"PORTAL_STACK_USER": str(_using)} if _using is not None else {}


def leave() -> None:
    """Stop the private servers, unless another script still uses them."""
    if _using is None:
        return
    try:
        fcntl.flock(_using, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    import localstack

    localstack.down()
