"""The portal's processes, each to be killed with SIGKILL and started again: what script/server runs, without its care."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.machinery
import importlib.util
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import bootstrap
import localstack

PR_SET_CHILD_SUBREAPER = 36
SERVERS = ("database", "redis")
BEGUN = 3.0  # seconds until a worker or the relay has read its code and works


def commands() -> dict[str, list[str]]:
    """The processes by name, as script/server runs them."""
    loader = importlib.machinery.SourceFileLoader("portal_server", str(bootstrap.BASE / "script" / "server"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))  # type: ignore[arg-type]
    loader.exec_module(module)
    return dict(module.commands())


def children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def adopt() -> None:
    """Processes whose parent dies become children of this one, and can be buried.

    Else one that was killed may stay as a shadow where nobody reaps, and PostgreSQL, which sees that its number is taken,
    refuses to start again. Before anything is started.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def bury(pids: list[int], *, seconds: float = 10) -> None:
    """Wait until these processes, killed a moment ago, are gone altogether."""
    until = time.monotonic() + seconds
    for pid in pids:
        while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.002)


class Stack:
    """`with Stack("web", "relay") as stack`: these processes run. Their words are in `log`."""

    def __init__(
        self,
        *names: str,
        log: Path,
        environment: dict[str, str] | None = None,
        instead: dict[str, str] | None = None,
    ) -> None:
        """`instead`: words of the command lines, and what stands there in this trial."""
        other = instead or {}
        self.lines = {
            name: [other.get(word, word) for word in line]
            for name, line in commands().items()
            if name in names
        }
        self.environment = {
            **os.environ,
            "PYTHONWARNINGS": "ignore:You're running the worker",
            **(environment or {}),
        }
        self.log = log
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.born: dict[str, float] = {}
        self.killed: set[str] = set()
        self.struck: set[str] = set()  # lost a child to `kill`; Celery ends when all are lost while it begins
        self.fallen: Counter[str] = Counter()  # ended by themselves, not by `kill`

    @property
    def url(self) -> str:
        return self.environment["SITE_URL"]

    def __enter__(self) -> Stack:
        try:
            for name in self.lines:
                self.start(name)
            if "web" in self.lines:
                self.wait_for_web(60)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        until = time.monotonic() + 15
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - time.monotonic()))
            young = children(process.pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            bury(young)

    def start(self, name: str) -> None:
        self.born[name] = time.monotonic()
        with self.log.open("ab") as words:
            self.running[name] = subprocess.Popen(
                self.lines[name],
                cwd=bootstrap.BASE,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
            )

    def mend(self) -> None:
        """Start again whatever does not run."""
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                if name not in self.killed | self.struck:
                    self.fallen[name] += 1
                self.killed.discard(name)
                self.struck.discard(name)
                self.start(name)

    def kill(self, name: str, *, child: bool = False) -> None:
        """SIGKILL to a process with all its children, or to one child alone. It stays dead until `mend`."""
        process = self.running[name]
        young = children(process.pid)
        with contextlib.suppress(ProcessLookupError):
            if child and young:
                os.kill(random.choice(young), signal.SIGKILL)
                self.struck.add(name)
                return
            os.killpg(process.pid, signal.SIGKILL)
        self.killed.add(name)
        process.wait()
        bury(young)

    @contextlib.contextmanager
    def halted(self, name: str) -> Iterator[None]:
        """A process that stands still with all its children."""
        everyone = [self.running[name].pid, *children(self.running[name].pid)]
        for pid in everyone:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in everyone:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def stands(self, name: str) -> bool:
        """Whether it has come to its work since it was started: the web answers, the others had time to begin."""
        if name in SERVERS:
            return True
        if name == "web":
            return self.web_answers(0.5)
        return time.monotonic() - self.born[name] > BEGUN

    def web_answers(self, seconds: float) -> bool:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{self.url}/healthz", timeout=seconds) as answer,
        ):
            return bool(answer.status == 200)
        return False

    def wait_for_web(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.mend()
            if self.web_answers(2):
                return
            time.sleep(0.05)
        raise RuntimeError(f"The web process does not come back: {self.log}")


# --- PostgreSQL and Redis ---------------------------------------------------------------------------
def kill_server(name: str) -> None:
    """SIGKILL to PostgreSQL (and to each of its processes: no last word to the disk) or to Redis."""
    parent = localstack.pids()[name]
    everyone = [parent, *children(parent)]
    for pid in everyone:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    bury(everyone)


def start_servers() -> None:
    """Both again, after whatever happened to them."""
    localstack.again()


@contextlib.contextmanager
def frozen_server(name: str) -> Iterator[None]:
    """A server that hangs: it takes connections and answers nothing."""
    parent = localstack.pids()[name]
    everyone = [parent, *children(parent)]
    for pid in everyone:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in everyone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def say(*words: object) -> None:
    print(*words, file=sys.stderr, flush=True)
