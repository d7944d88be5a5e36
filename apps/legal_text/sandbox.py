"""Reading an uploaded file in a process of its own, with limits on memory, processor and time.

A file that exhausts them costs a process, never the web worker.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from apps.legal_text import provisions, reader
from apps.legal_text.errors import UnreadableText
from apps.legal_text.provisions import ReadAct

_ROOT = Path(__file__).resolve().parents[2]
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


def read_in_child(
    data: bytes,
    *,
    filename: str = "",
    lang: str | None = None,
    wall_seconds: float = 20,
    memory_mb: int = 600,
) -> ReadAct:
    """`reader.read` in a limited child process.

    Raises UnreadableText, also with `too_slow` (wall or processor time over) and `too_heavy` (memory over).
    """
    if len(data) > reader.MAX_BYTES:
        raise UnreadableText("too_large", f"{len(data)} bytes")
    task = ["read", filename.replace("\0", "")[:200], lang or ""]
    return provisions.from_dict(_done(data, task, wall_seconds, memory_mb)["act"])


def check_pdf_in_child(data: bytes, *, wall_seconds: float = 8, memory_mb: int = 600) -> None:
    """`pdf_package.check` in a limited child process: the objects of a PDF lie packed and may unpack to anything.

    Raises UnreadableText.
    """
    _done(data, ["check-pdf"], wall_seconds, memory_mb)


def _done(data: bytes, task: list[str], wall_seconds: float, memory_mb: int) -> dict[str, Any]:
    """What the child answers. Raises UnreadableText for its refusals and for limits it ran into."""
    command = [
        sys.executable, "-m", "apps.legal_text.child", str(memory_mb), str(max(1, round(wall_seconds))), *task,
    ]  # fmt: skip
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=wall_seconds,
            cwd=_ROOT,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableText("too_slow", f"{wall_seconds} s") from error
    if done.returncode == -signal.SIGXCPU or (done.returncode == -signal.SIGKILL and not done.stdout):
        raise UnreadableText("too_slow", f"signal {-done.returncode}")
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise UnreadableText("too_heavy", f"exit {done.returncode}: {last[:200]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise UnreadableText(answer["error"]["code"], answer["error"]["detail"])
    return answer
