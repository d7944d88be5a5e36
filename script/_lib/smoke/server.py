"""A portal of one's own for the time of a run: script/server on fresh data and a free port, ended with the run."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

BASE = Path(__file__).resolve().parents[3]
# What would make it another portal than the demonstration of a laptop. Empty, not absent: a `.env` would fill them in.
CLEARED = (
    "DATABASE_URL DATABASE_OWNER_URL REDIS_URL SITE_URL ALLOWED_HOSTS SECRET_KEY STATIC_ROOT METRICS_TOKEN "
    "WEB_BIND S3_BUCKET S3_ENDPOINT S3_REGION S3_ACCESS_KEY S3_SECRET_KEY PORTAL_DEBUG PORTAL_TESTING PORTAL_CLOCK_OFFSET"
).split()
DROPPED = "PORTAL_TEST_DATABASE PORTAL_APP_ROLE DJANGO_SETTINGS_MODULE PYTHONWARNINGS".split()


class NotStarted(Exception):
    """The server ended before it said its address; its words are on standard error."""

    def __init__(self, code: int) -> None:
        super().__init__(f"script/server ended with {code}")
        self.code = code


class Server:
    """`with Server() as server: server.url`. Its own folder, database and queue; nothing stays behind."""

    def __init__(self, *, log: IO[str] | None = None) -> None:
        self.log = log or sys.stderr
        self.url = ""
        self.var = Path()
        self._process: subprocess.Popen[str] | None = None
        self._reading: threading.Thread | None = None

    def __enter__(self) -> Server:
        self.var = Path(tempfile.mkdtemp(prefix="makuldashuu-"))
        # A server that runs as another user must be able to walk in; what is secret has its own rights.
        self.var.chmod(0o711)
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if name not in DROPPED}
        environment |= dict.fromkeys(CLEARED, "")
        environment |= {
            "PORTAL_VAR": str(self.var),
            "PORT": str(port),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "PORTAL_DEMO": "1",
            "EMAIL_URL": "kept://",
            "TRUSTED_PROXIES": "0",
        }
        self._process = subprocess.Popen(
            [sys.executable, str(BASE / "script" / "server")],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
        )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise NotStarted(self._process.wait())
        self.url = line.partition(": ")[2].strip().rstrip("/")
        # Nothing more is expected there; a full pipe must not stop the server.
        self._reading = threading.Thread(target=self._process.stdout.read, daemon=True)
        self._reading.start()

    def __exit__(self, *exc: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        if self._reading is not None:
            self._reading.join(5)
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()
        shutil.rmtree(self.var, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
