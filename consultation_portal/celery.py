"""The Celery application. Redis is its broker and nothing else; every task is idempotent."""

import contextlib
import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation_portal.settings")

app = Celery("consultation_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

BEHIND_PAGES = 10  # of 19


@celeryd_init.connect
def stand_behind_pages(sender: str = "", **kwargs: Any) -> None:
    """Whoever waits before a page goes before whoever waits for a PDF, when both want the processor."""
    if sender.startswith("documents@"):
        os.setpriority(os.PRIO_PROCESS, 0, BEHIND_PAGES)
        # Where Linux shares out by sessions, the session has a priority of its own, too.
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(BEHIND_PAGES))
