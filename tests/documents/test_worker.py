"""The worker of documents lets pages go first."""

import os
import subprocess
import sys

import pytest

TELL = """
import os
from types import SimpleNamespace
from consultation_portal.celery import stand_behind_pages
stand_behind_pages(sender=SimpleNamespace(hostname={sender!r}))
print(os.getpriority(os.PRIO_PROCESS, 0))
print(open("/proc/self/autogroup").read().split()[-1] if os.path.exists("/proc/self/autogroup") else "none")
"""


@pytest.mark.parametrize(
    ("sender", "said", "nice"),
    [("documents@host", None, 5), ("documents@host", "0", 0), ("letters@host", None, 0)],
)
def test_documents_stand_behind_pages(sender: str, said: str | None, nice: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DOCUMENTS_NICE"}
    done = subprocess.run(
        [sys.executable, "-c", TELL.format(sender=sender)],
        capture_output=True,
        text=True,
        check=True,
        env=environment | ({"DOCUMENTS_NICE": said} if said else {}),
        start_new_session=True,
    )

    own, group = done.stdout.split()
    assert (int(own) == nice) if nice else (int(own) == os.getpriority(os.PRIO_PROCESS, 0))
    assert group in {str(nice), "none"}
