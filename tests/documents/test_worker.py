"""The worker of documents lets pages go first."""

import os
import subprocess
import sys

import pytest

TELL = """
import os
from celery.signals import celeryd_init
from consultation_portal.celery import app
celeryd_init.send(sender={sender!r}, instance=None, conf=app.conf, options={{}})
print(os.getpriority(os.PRIO_PROCESS, 0))
print(open("/proc/self/autogroup").read().split()[-1] if os.path.exists("/proc/self/autogroup") else "none")
"""


@pytest.mark.parametrize(("sender", "nice"), [("documents@host", 10), ("letters@host", 0)])
def test_documents_stand_behind_pages(sender: str, nice: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TELL.format(sender=sender)],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ,
        start_new_session=True,
    )

    own, group = done.stdout.split()
    assert int(own) == os.getpriority(os.PRIO_PROCESS, 0) + nice
    assert group in {str(nice), "none"}
