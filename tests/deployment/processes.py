"""Processes of the portal as an installation runs them, on the test's own database."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

BASE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(BASE / "script" / "_lib"))

from smoke.server import CLEARED, DROPPED  # noqa: E402


def installation(var: Path, site: str, *, queue: int, **more: str) -> dict[str, str]:
    """The environment of a portal that is no demonstration. `queue`: a database of Redis that no other test uses."""
    name = connection.settings_dict["NAME"]
    kept = {name: value for name, value in os.environ.items() if name not in DROPPED}
    return {
        **kept,
        **dict.fromkeys(CLEARED, ""),
        "DJANGO_SETTINGS_MODULE": "consultation_portal.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "PORTAL_VAR": str(var),
        "PORTAL_DEMO": "0",
        "SITE_URL": site,
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "TRUSTED_PROXIES": "1",
        "WEB_WORKERS": "1",
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}",
        "DATABASE_OWNER_URL": f"{settings.DATABASE_OWNER_URL.rpartition('/')[0]}/{name}",
        "REDIS_URL": _queue(queue),
        "PYTHONWARNINGS": "ignore:You're running the worker",
        **more,
    }


def _queue(number: int) -> str:
    base, sign, _ = settings.REDIS_URL.partition("?db=")
    return f"{base}?db={number}" if sign else f"{base.rstrip('/').rstrip('0123456789').rstrip('/')}/{number}"


class Process:
    """One process in a group of its own; it can be ended, killed, and begun again."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.command, self.environment = command, environment
        self.begin()

    def begin(self, **more: Any) -> None:
        environment = self.environment | more.pop("environment", {})
        self.process = subprocess.Popen(
            self.command, cwd=BASE, env=environment, stdin=subprocess.DEVNULL, start_new_session=True, **more
        )

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def freeze(self) -> None:
        """It does nothing for a while, and whoever comes waits at its door."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def end_while_busy(self) -> None:
        """It is told to stop while its worker is still frozen; that one hears it when it comes back to itself."""
        self.process.terminate()
        self.process.send_signal(signal.SIGCONT)
        time.sleep(0.2)
        os.killpg(self.process.pid, signal.SIGCONT)
        self.process.wait(30)

    def kill(self) -> None:
        """As when the plug is pulled: it and its children have no last word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)


class Web(Process):
    """gunicorn with the settings of deploy/, listening at `bind`."""

    def __init__(self, bind: str, environment: dict[str, str]) -> None:
        line = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "consultation_portal.wsgi"]
        super().__init__(line, environment | {"WEB_BIND": bind})

    def begin(self, **more: Any) -> None:
        self._told, tell = os.pipe()
        super().begin(environment={"WEB_READY_FD": str(tell)}, pass_fds=[tell], **more)
        os.close(tell)

    def wait(self) -> None:
        """Until it can answer."""
        ready = os.read(self._told, 1)
        os.close(self._told)
        assert ready == b"1", "gunicorn did not start"


def report(**figures: Any) -> None:
    """What script/soak writes down."""
    if target := os.environ.get("TRIAL_REPORT"):
        Path(target).write_text(json.dumps(figures))
