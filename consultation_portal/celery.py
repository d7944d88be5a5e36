"""The Celery application. Redis is its broker and nothing else; every task is idempotent."""

import contextlib
import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation_portal.settings")

app = Celery("consultation_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def stand_behind_pages(sender: Any = None, **kwargs: Any) -> None:
    """Whoever waits before a page goes before whoever waits for a PDF, when both want the processor.

    DOCUMENTS_NICE says by how much (5, a third of a page's share); 0 switches it off.
    """
    nice = int(os.environ.get("DOCUMENTS_NICE", "5"))
    if nice and str(getattr(sender, "hostname", "")).startswith("documents@"):
        for pid in _family():
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, pid, nice)
        # Where Linux shares out by sessions, the session has a priority of its own, too.
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(nice))


def _family() -> list[int]:
    """This process and the children that render."""
    own = os.getpid()
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        return [own, *map(int, children)]
    return [own]
