"""The portal's own processes with a tripwire: at a point that the file FAULT_PLAN names they die by SIGKILL, or stand still.

gunicorn loads `web` from here and Celery `worker`; everything else is the portal's. The first line of the file is a plan:

    statement 17        the web process dies before it sends the 17th statement of a POST's transaction
    commit 2            … after its 2nd commit, before it answers
    before_body, after_mail, after_write, before_ack      the worker dies there, once: the plan is taken away first;
                        with `alone` behind it only the process at work, not the one that would put the message back
    crash OP            a process that sets a page of this kind of document dies each time
    endless OP          … never ends and hears no signal
    pause               the web process stands still at its first write of a POST until the plan is gone
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from celery.signals import task_postrun, task_prerun

from consultation_portal.celery import app as worker
from consultation_portal.wsgi import application

__all__ = ["web", "worker"]
PLAN = Path(os.environ["FAULT_PLAN"])


def plan() -> list[str]:
    try:
        return PLAN.read_text().split()
    except OSError:
        return []


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def die_at(point: str) -> None:
    what = plan()
    if what[:1] != [point]:
        return
    PLAN.unlink()
    if what[1:] == ["alone"]:
        die()
    os.killpg(os.getpgid(0), signal.SIGKILL)


# --- the web process --------------------------------------------------------------------------------
class Counter:
    """Counts the statements of one request, and its commits."""

    def __init__(self, what: str, n: int) -> None:
        self.what, self.n, self.seen = what, n, 0

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.what == "statement" and context["connection"].in_atomic_block:
            self.seen += 1
            if self.seen == self.n:
                die()
        if self.what == "pause" and PLAN.exists() and sql.startswith(("INSERT", "UPDATE")):
            PLAN.with_suffix(".standing").touch()
            while PLAN.exists():
                time.sleep(0.02)
        return execute(sql, params, many, context)

    def committed(self) -> None:
        if self.what == "commit":
            self.seen += 1
            if self.seen == self.n:
                die()


def web(environ: dict[str, Any], start_response: Any) -> Any:
    what = plan()
    if environ["REQUEST_METHOD"] != "POST" or not what:
        return application(environ, start_response)
    from django.db import connection

    counter = Counter(what[0], int(what[1]) if len(what) > 1 else 0)
    commit = connection.commit

    def commit_and_count() -> None:
        commit()
        counter.committed()

    connection.commit = commit_and_count  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(counter.statement):
            return application(environ, start_response)
    finally:
        del connection.commit  # type: ignore[method-assign]


def _warm() -> None:
    """What a first request loads is loaded before the process is multiplied: a hundred of them die here in a row."""
    from django.db import connections
    from django.test import Client

    host = os.environ["SITE_URL"].partition("://")[2]
    assert Client(headers={"host": host}).get("/ky/login/").status_code == 200
    connections.close_all()


if Path(sys.argv[0]).name == "gunicorn":
    _warm()


# --- the workers ------------------------------------------------------------------------------------
@task_prerun.connect
def _before_body(**kwargs: Any) -> None:
    die_at("before_body")


@task_postrun.connect
def _before_ack(**kwargs: Any) -> None:
    die_at("before_ack")


def _after(module: Any, name: str, point: str) -> None:
    """The worker dies when this function has done its work."""
    work = getattr(module, name)

    def and_die(*args: Any, **kwargs: Any) -> Any:
        done = work(*args, **kwargs)
        die_at(point)
        return done

    setattr(module, name, and_die)


def _set_up_worker() -> None:
    from apps.documents.services import render
    from apps.notifications import delivery

    _after(delivery, "_send", "after_mail")
    _after(delivery, "deliver", "after_write")
    _after(render, "render_document", "after_write")
    press = render.sealed_pdf

    def sealed_pdf(document: Any, **more: Any) -> bytes:
        what = plan()
        if what == ["crash", document.kind]:
            os.kill(os.getpid(), signal.SIGSEGV)
        if what == ["endless", document.kind]:
            signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL})
            while True:
                pass
        return press(document, **more)

    render.sealed_pdf = sealed_pdf


@worker.on_after_finalize.connect
def _prepare(**kwargs: Any) -> None:
    _set_up_worker()
