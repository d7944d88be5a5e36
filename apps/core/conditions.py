"""The shape in which every stage says what it still lacks."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Unmet:
    """One unmet condition: a stable code, a message for a citizen, where to meet it, and whose turn it is."""

    code: str
    message: Any  # str or lazy translation
    url: str = ""
    owner: Any = ""


@dataclass(frozen=True)
class Condition:
    """A gate as shown: `status` is met | unmet | later | not_applicable; `detail` says why."""

    code: str
    title: Any
    status: str
    detail: Any = ""
    unmet: tuple[Unmet, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return self.status in {"met", "not_applicable"}
