"""The processes of the portal, the door they answer at, and the change to a newer version while they answer.

The door (one listening socket or several) is opened once and handed to every web process, as systemd does it
(LISTEN_FDS): whoever comes while one process goes and the next begins waits before the door and is let in.
On SIGHUP the script sets up what is new, becomes the new version itself (the same process, the same children), starts
a second web process, and only when that can answer tells the first one to finish and go.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import bootstrap

FIRST = 3  # of the door's descriptors, by systemd's convention
MOST = 4
STARTED_WITH, HANDED_OVER = "PORTAL_STARTED_WITH", "PORTAL_HANDED_OVER"
# Seconds to finish in: a web process its requests, a worker its task (CELERY_TASK_TIME_LIMIT).
FINISH = {"web": 30, "worker": 260, "worker-documents": 260}
SIGNALS = {signal.SIGHUP, signal.SIGINT, signal.SIGTERM}


# --- the door -------------------------------------------------------------------------------------
def remember_the_start() -> None:
    """First of all: what this process was started with, for the version that takes over; and its descriptors kept free."""
    if STARTED_WITH not in os.environ:
        os.environ[STARTED_WITH] = json.dumps(
            {"script": os.path.abspath(sys.argv[0]), "environment": dict(os.environ)}
        )
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(FIRST, FIRST + MOST):
            # Also through the exec into the interpreter of .venv.
            os.dup2(nothing, descriptor)
            os.set_inheritable(descriptor, True)
        if nothing >= FIRST + MOST:
            os.close(nothing)


def open_door(addresses: list[str]) -> int:
    """Listen at each address ("host:port" or "unix:/path") and return how many there are. Exits when one is taken."""
    if len(addresses) > MOST:
        bootstrap.stop(f"WEB_BIND has more than {MOST} addresses.")
    for number, address in enumerate(addresses):
        try:
            door = _unix(address[5:]) if address.startswith("unix:") else _tcp(address)
        except OSError as problem:
            bootstrap.stop(
                f"{address} cannot be used ({problem.strerror}). Choose another: PORT=8001 script/server"
            )
        door.listen(2048)
        os.dup2(door.fileno(), FIRST + number)
        door.close()
    return len(addresses)


def _tcp(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    door.bind((host.strip("[]"), int(port)))
    return door


def _unix(path: str) -> socket.socket:
    door = socket.socket(socket.AF_UNIX)
    if Path(path).exists() and stat.S_ISSOCK(os.stat(path).st_mode):
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(path) == 0:
                raise OSError(98, "somebody answers there")
        os.unlink(path)
    door.bind(path)
    os.chmod(path, 0o666)  # the folder says who may come near: nginx is another user
    return door


# --- the processes --------------------------------------------------------------------------------
class Inherited:
    """A child that the version before this one started; what is needed of subprocess.Popen."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                self.returncode = 0
            else:
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout: float) -> int:
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.05)
        return code


Process = subprocess.Popen | Inherited


class Portal:
    """The running processes, each in a group of its own so that Ctrl-C reaches only this script."""

    def __init__(self, lines: dict[str, list[str]], *, doors: int, web_environment: dict[str, str]) -> None:
        self.lines, self.doors, self.web_environment = lines, doors, web_environment
        self.running: dict[str, Process] = {}
        self.born: dict[str, float] = {}
        self.leaving: list[tuple[str, Process, float]] = []  # name, process, when its patience ends
        self.started = os.environ.pop(STARTED_WITH)
        self.stopping = self.renewing = False
        self._preparation: subprocess.Popen | None = None

    def start(self, name: str) -> None:
        self.running[name] = subprocess.Popen(
            self.lines[name], stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True
        )
        self.born[name] = time.monotonic()

    def start_web(self, *, seconds: float = 60) -> bool:
        """Start a web process at the door; whether it could answer in time. The one before it is left alone."""
        told, tell = os.pipe()
        web = subprocess.Popen(
            self.lines["web"],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
            pass_fds=(*range(FIRST, FIRST + self.doors), tell),
            preexec_fn=_in_child(
                {**self.web_environment, "LISTEN_FDS": str(self.doors), "WEB_READY_FD": str(tell)}
            ),
        )
        os.close(tell)
        until = time.monotonic() + seconds
        ready = False
        while not ready and time.monotonic() < until and web.poll() is None and not self.stopping:
            ready = bool(select.select([told], [], [], 0.1)[0]) and os.read(told, 1) == b"1"
        os.close(told)
        if ready:
            if before := self.running.get("web"):
                self.let_go("web", before)
            self.running["web"], self.born["web"] = web, time.monotonic()
        elif web.poll() is None:
            os.killpg(web.pid, signal.SIGKILL)
            web.wait()
        return ready

    def let_go(self, name: str, process: Process) -> None:
        """Tell a process to finish what it has begun and to end."""
        if process.poll() is None:
            os.kill(process.pid, signal.SIGTERM)
        self.leaving.append((name, process, time.monotonic() + FINISH.get(name, 15)))

    def watch(self) -> int:
        """Until told to stop. A process that ends is started again, unless it could not even begin."""
        while not self.stopping:
            for name, process in list(self.running.items()):
                code = process.poll()
                if code is None or self.stopping:
                    continue
                age = time.monotonic() - self.born[name]
                bootstrap.say(f"{name} ended with {code} after {age:.0f} s")
                if age < 10:
                    return 1
                if name != "web":
                    self.start(name)
                elif not self.start_web():
                    return 0 if self.stopping else 1
            self._see_off()
            self._prepare()
            time.sleep(0.1)
        return 0

    def _see_off(self) -> None:
        """What was told to go and has gone, or must be made to go; in its place comes what this version runs."""
        for entry in list(self.leaving):
            name, process, patience = entry
            if process.poll() is None and time.monotonic() < patience:
                continue
            self._end(name, process)
            self.leaving.remove(entry)
            if name in self.lines and name not in self.running and not self.stopping:
                self.start(name)

    @staticmethod
    def _end(name: str, process: Process) -> None:
        if process.poll() is None:
            bootstrap.say(f"{name} does not stop; killed")
        try:  # with children that outlived it, if any
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def stop(self) -> None:
        self.stopping = True
        everyone = [(name, process) for name, process, _patience in self.leaving] + list(self.running.items())
        for _name, process in everyone:
            if process.poll() is None:
                # Its head only: a worker's children would drop what they are at.
                os.kill(process.pid, signal.SIGTERM)
        until = time.monotonic() + 25
        for name, process in everyone:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            self._end(name, process)

    # --- to a newer version -----------------------------------------------------------------------
    def _prepare(self) -> None:
        """On SIGHUP: set up and migrate with the new version's script; when that went well, become it."""
        if self._preparation is None:
            if self.renewing:
                self.renewing = False
                script, environment = self._newer()
                bootstrap.say("Preparing the version that is there now")
                self._preparation = subprocess.Popen(
                    [script, "--prepare"],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=sys.stderr,
                    start_new_session=True,
                )
            return
        code = self._preparation.poll()
        if code is None:
            return
        self._preparation = None
        if code:
            bootstrap.say(f"It could not be prepared ({code}): what runs goes on.")
            return
        self._become()

    def _become(self) -> None:
        """The new version's script in this same process; its children stay its children, the door stays open."""
        script, environment = self._newer()
        handed = {
            "doors": self.doors,
            "running": {
                name: process.pid for name, process in self.running.items() if process.poll() is None
            },
            "leaving": [(name, process.pid) for name, process, _patience in self.leaving],
        }
        environment |= {**bootstrap.hand_over(), STARTED_WITH: self.started, HANDED_OVER: json.dumps(handed)}
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # until the new script listens to them
        os.execve(script, [script], environment)

    def _newer(self) -> tuple[str, dict[str, str]]:
        """The script at the path this one was started by, and its environment: the same data, whatever its folder."""
        started = json.loads(self.started)
        return started["script"], {**started["environment"], "PORTAL_VAR": str(bootstrap.var())}

    def take_over(self, handed: dict) -> None:
        """As the new version: a second web process, then the old one goes; the others end and begin again."""
        for name, pid in handed["leaving"]:
            self.leaving.append((name, Inherited(pid), time.monotonic() + FINISH.get(name, 15)))
        self.running = {name: Inherited(pid) for name, pid in handed["running"].items()}
        self.born = dict.fromkeys(self.running, time.monotonic())
        if not self.start_web():
            bootstrap.say("The version that is there now does not start: what runs goes on.")
            return
        for name in set(self.running) - {"web"}:
            self.let_go(name, self.running.pop(name))
        for name in set(self.lines) - {"web"} - {name for name, _process, _patience in self.leaving}:
            self.start(name)  # new in this version


def _in_child(environment: dict[str, str]):  # type: ignore[no-untyped-def]
    def prepare() -> None:
        os.environ.update(environment, LISTEN_PID=str(os.getpid()))

    return prepare


def handed_over() -> dict:
    """What the version before left to this one; empty at a first start."""
    return json.loads(os.environ.pop(HANDED_OVER, "{}"))
