"""Nobody's request is lost while the portal is renewed: behind nginx, with readers that ask without a pause."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from apps.core.ownership import as_owner

from .processes import BASE, Web, installation, report

from front import Crowd, Nginx, Visitor  # isort: skip
from smoke.server import free_port  # isort: skip

pytestmark = pytest.mark.slow
# Before the upgrade; script/soak restart asks for three.
RESTARTS = int(os.environ.get("TRIAL_RESTARTS", "0"))
QUEUE = 4


def reads(path: str) -> Any:
    return lambda visitor: visitor.get(path)[0]


def sends_a_file(visitor: Visitor) -> int:
    """Not sent twice by nginx: it is lost if the process that has it goes away."""
    return visitor.post_file("/ru/verify/", "file", b"words " * 5000)[0]


WORKS = [reads("/ru/acts/"), sends_a_file, reads("/healthz"), reads("/ky/")]


# --- two web containers, one after the other ------------------------------------------------------
@contextmanager
def two_webs(folder: Path, port: int) -> Iterator[list[Web]]:
    (folder / "var" / "static").mkdir(parents=True)
    # Static files from their folders; mail and database as they are.
    environment = installation(folder / "var", f"https://127.0.0.1:{port}", queue=QUEUE, PORTAL_TESTING="1")
    webs = [Web(f"unix:{folder / f'web-{n}.sock'}", environment) for n in (1, 2)]
    try:
        for web in webs:
            web.wait()
        yield webs
    finally:
        for web in webs:
            web.stop()


def test_one_of_two_web_processes_is_renewed_and_no_request_is_lost(
    transactional_db: None, folder: Path
) -> None:
    port = free_port()
    with two_webs(folder, port) as webs, Nginx(folder, port, [web.environment["WEB_BIND"] for web in webs]):
        with Crowd(port, [sends_a_file], visitors=12, pause=0.1) as crowd:
            time.sleep(0.5)
            webs[0].freeze()
            time.sleep(0.3)  # now people stand at its door
            webs[0].end_while_busy()
            time.sleep(0.5)  # it is away, as while its container is made anew
            webs[0].begin()
            webs[0].wait()
            time.sleep(0.5)
        # The same crowd sees it when a process goes without finishing.
        with Crowd(port, [sends_a_file], visitors=6) as witness:
            time.sleep(0.5)
            webs[1].freeze()
            time.sleep(0.3)
            webs[1].kill()

    assert crowd.failed == {}
    assert crowd.answers[200] > 20
    assert witness.failed != {}


# --- script/server goes over to another version ---------------------------------------------------
COPIED = ("apps", "consultation_portal", "deploy", "locale", "script", "static", "templates")
SAID_BEFORE, SAID_AFTER = 'HttpResponse("ok\\n"', 'HttpResponse("ok, the next version\\n"'
MIGRATION = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("territories", "{last}")]
    operations = [
        migrations.RunSQL("ALTER TABLE territories_territory ADD COLUMN planted int", migrations.RunSQL.noop)
    ]
"""


def release(folder: Path) -> Path:
    """The portal as it is now, in a folder of its own, as each version has one on a machine."""
    folder.mkdir()
    for name in COPIED:
        shutil.copytree(
            BASE / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in (
        "manage.py",
        "requirements.txt",
        "constraints.txt",
        "package.json",
        "package-lock.json",
        ".npmrc",
    ):
        shutil.copy(BASE / name, folder / name)
    (folder / ".venv").symlink_to((BASE / ".venv").resolve())
    return folder


def next_release(folder: Path) -> Path:
    """Another answer and another column."""
    made = release(folder)
    health = made / "apps" / "core" / "health.py"
    text = health.read_text(encoding="utf-8")
    assert text.count(SAID_BEFORE) == 1
    health.write_text(text.replace(SAID_BEFORE, SAID_AFTER), encoding="utf-8")
    migrations = made / "apps" / "territories" / "migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    (migrations / "9999_planted.py").write_text(MIGRATION.format(last=last), encoding="utf-8")
    return made


def points_to(link: Path, target: Path) -> None:
    fresh = link.with_name("fresh")
    fresh.symlink_to(target)
    fresh.replace(link)


class Server:
    """`current/script/server` with its own database, at a socket."""

    def __init__(self, folder: Path, port: int) -> None:
        self.log = folder / "server.log"
        site, bind = f"https://127.0.0.1:{port}", f"unix:{folder / 'web.sock'}"
        environment = installation(folder / "var", site, queue=QUEUE, WEB_BIND=bind)
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [str(folder / "current" / "script" / "server")],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_for("Ctrl-C stops everything", 1)

    def wait_for(self, words: str, times: int, *, seconds: float = 180) -> None:
        until = time.monotonic() + seconds
        while self.log.read_text().count(words) < times:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            assert time.monotonic() < until, self.log.read_text()[-3000:]
            time.sleep(0.2)

    def renew(self, times: int) -> None:
        """SIGHUP, until the process before has gone: `times` have by then."""
        self.process.send_signal(signal.SIGHUP)
        self.wait_for("Shutting down: Master", times)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def children(self) -> set[int]:
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in listing.read_text().split()}


@pytest.fixture
def taken_back(transactional_db: None) -> Iterator[None]:
    """The next version's migration leaves the test's database as it found it."""
    yield
    connection.close()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE territories_territory DROP COLUMN IF EXISTS planted")
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_planted'")


def test_restarts_an_upgrade_and_a_version_that_cannot_start_lose_no_request(
    taken_back: None, folder: Path
) -> None:
    port = free_port()
    first, second, broken = (
        release(folder / "first"),
        next_release(folder / "second"),
        release(folder / "third"),
    )
    (broken / "deploy" / "gunicorn.conf.py").write_text("raise RuntimeError('planted')\n")
    (broken / "script" / "_lib" / "prepare.py").write_text("")  # it has nothing to prepare
    (folder / "current").symlink_to(first)
    server = Server(folder, port)
    try:
        with (
            Nginx(folder, port, [f"unix:{folder / 'web.sock'}"]),
            Crowd(port, WORKS, visitors=2, pause=0.1) as crowd,
        ):
            before = server.children()
            for turn in range(RESTARTS):
                server.renew(turn + 1)
            points_to(folder / "current", second)
            server.renew(RESTARTS + 1)
            points_to(folder / "current", broken)
            server.process.send_signal(signal.SIGHUP)
            server.wait_for("does not start: what runs goes on", 1)
            visitor = Visitor(port)
            said = visitor.get("/healthz")[2]
            visitor.close()
        until = time.monotonic() + 30
        while (
            len(server.children()) != len(before) or server.children() & before
        ) and time.monotonic() < until:
            time.sleep(0.2)
        renewed = server.children()
    finally:
        server.stop()

    report(restarts=RESTARTS, answers=crowd.answers[200], failed=crowd.failed, slowest=crowd.slowest)
    assert crowd.failed == {}
    assert crowd.answers[200] > 50
    assert said == b"ok, the next version\n"
    assert len(renewed) == len(before) == 6
    assert renewed & before == set()
    assert not (folder / "second" / "var").exists()  # the data stayed where they were
