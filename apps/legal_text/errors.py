"""Refusals of this app."""

from __future__ import annotations

from apps.legal_text import messages


class UnreadableText(Exception):
    """The bytes are no act we can or may read.

    `code` is a key of `messages.UNREADABLE`; `message` its English msgid for the person; `detail` a technical
    remark for the log, never shown.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    @property
    def message(self) -> str:
        return messages.UNREADABLE.get(self.code, messages.UNREADABLE["damaged"])

    def __str__(self) -> str:
        return f"{self.code}: {self.detail or self.message}"


class MendingRefused(Exception):
    """A reading cannot be mended in this way; `code` is a key of `messages.MENDING`, `message` its English msgid."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        return messages.MENDING[self.code]


class MergingRefused(Exception):
    """A wording cannot become the words of the provision `eid`; `code` is a key of `messages.MERGING`."""

    def __init__(self, code: str, eid: str) -> None:
        super().__init__(code, eid)
        self.code = code
        self.eid = eid

    @property
    def message(self) -> str:
        """The English msgid for the person."""
        return messages.MERGING[self.code]
