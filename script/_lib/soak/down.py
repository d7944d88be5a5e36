"""How long a filing takes, from the button to the receipt, while Redis, the mail server or the printer is down or hangs."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import bootstrap
import localstack
from bench import percentile

from . import Figure, Sizes, place, stack
from .mail import MailServer
from .person import OFFICE, Signatory, timed

GOAL = 1.0  # seconds, of 95 in 100


def run(sizes: Sizes) -> Iterator[Figure]:
    place.fresh()
    each = -(-sizes.filings // len(OFFICE))
    place.make_drafts(each * (len(STATES) + 1))
    acts = iter(place.numbers())
    names = ("web", "worker", "worker-documents", "relay")
    with (
        MailServer() as mail,
        stack.Stack(
            *names, log=bootstrap.var() / "processes.log", environment={"EMAIL_URL": mail.url}
        ) as running,
    ):
        people = [Signatory(running.url, code).sign_in() for code in OFFICE]
        for name, state in STATES.items():
            chunk = [next(acts) for _ in range(each)]
            taken: list[float] = []
            with state(running, mail):
                for person in people:
                    timed([person], iter(chunk), each, taken.append)
            p95 = percentile(taken, 0.95)
            value = f"p95 {p95 * 1000:.0f} ms, slowest {max(taken) * 1000:.0f} ms of {len(taken)}"
            yield Figure(f"filing while {name}", value, "p95 < 1 s", p95 < GOAL)


@contextmanager
def all_well(_running: stack.Stack, _mail: MailServer) -> Iterator[None]:
    yield


@contextmanager
def redis_down(_running: stack.Stack, _mail: MailServer) -> Iterator[None]:
    stack.kill_server("redis")
    yield
    stack.start_servers()
    until = time.monotonic() + 10
    while "redis" not in localstack.pids() and time.monotonic() < until:
        time.sleep(0.05)


@contextmanager
def redis_hangs(_running: stack.Stack, _mail: MailServer) -> Iterator[None]:
    with stack.frozen_server("redis"):
        yield


@contextmanager
def mail_down(_running: stack.Stack, mail: MailServer) -> Iterator[None]:
    mail.down()
    yield
    mail.up()


@contextmanager
def mail_hangs(_running: stack.Stack, mail: MailServer) -> Iterator[None]:
    mail.hangs = True
    yield
    mail.hangs = False
    mail.release()


@contextmanager
def printer_down(running: stack.Stack, _mail: MailServer) -> Iterator[None]:
    running.kill("worker-documents")
    yield
    running.mend()


@contextmanager
def printer_hangs(running: stack.Stack, _mail: MailServer) -> Iterator[None]:
    process = running.running["worker-documents"]
    everyone = [process.pid, *stack.children(process.pid)]
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in everyone:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


STATES: dict[str, Callable[..., object]] = {
    "all is well": all_well,
    "Redis is down": redis_down,
    "Redis hangs": redis_hangs,
    "mail is down": mail_down,
    "mail hangs": mail_hangs,
    "the printer of PDFs is down": printer_down,
    "the printer of PDFs hangs": printer_hangs,
}
