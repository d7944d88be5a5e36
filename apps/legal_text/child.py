"""The limited process that reads one file: bytes on standard input, JSON on standard output.

Run as `python -m apps.legal_text.child MEMORY_MB CPU_SECONDS read NAME LANG`, or `… check-pdf`; see `sandbox`.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from apps.legal_text import provisions, reader
from apps.legal_text.errors import UnreadableText


def main(arguments: list[str]) -> int:
    memory_mb, cpu_seconds, task, *rest = arguments
    _limit(resource.RLIMIT_AS, int(memory_mb) * 1024 * 1024)
    _limit(resource.RLIMIT_CPU, int(cpu_seconds))
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    data = sys.stdin.buffer.read()
    try:
        answer = _read(data, *rest) if task == "read" else _checked(data)
    except UnreadableText as error:
        answer = {"error": {"code": error.code, "detail": error.detail}}
    except MemoryError:
        answer = {"error": {"code": "too_heavy", "detail": "memory"}}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True).encode("ascii"))
    return 0


def _read(data: bytes, filename: str, lang: str) -> dict[str, Any]:
    return {"act": provisions.as_dict(reader.read(data, filename=filename, lang=lang or None))}


def _checked(data: bytes) -> dict[str, Any]:
    from apps.legal_text import pdf_package  # its library is large, and reading a text does without

    pdf_package.check(data)
    return {}


def _limit(which: int, amount: int) -> None:
    """Never above what the system allows already."""
    _, hard = resource.getrlimit(which)
    amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(which, (amount, amount))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
