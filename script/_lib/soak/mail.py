"""A mail server in this process: it takes letters and keeps them, refuses connections, or takes them and says nothing."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from dataclasses import dataclass, field
from typing import BinaryIO


@dataclass(frozen=True)
class Letter:
    message_id: str
    to: str
    subject: str
    body: str


@dataclass
class MailServer:
    """`with MailServer() as mail: mail.url`. Its port stays the same while it is down."""

    letters: list[Letter] = field(default_factory=list)
    hangs: bool = False
    callers: list[socket.socket] = field(default_factory=list)
    calls: int = 0  # connections taken so far
    port: int = 0
    _door: socket.socket | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> MailServer:
        return self.up()

    def __exit__(self, *exc: object) -> None:
        self.down()

    def up(self) -> MailServer:
        self._door = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._take, args=(self._door,), daemon=True).start()
        return self

    def down(self) -> None:
        """Connections are refused, and those that were open are closed."""
        if self._door is not None:
            # shutdown wakes the thread that waits in accept; close alone would not.
            self._door.shutdown(socket.SHUT_RDWR)
            self._door.close()
            self._door = None
        self.release()

    def release(self) -> None:
        """Let go of everybody who waits for a word."""
        while self.callers:
            self.callers.pop().close()

    def of(self, message_id: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.message_id == message_id]

    def repeated(self) -> int:
        """How many letters came more than once under one Message-ID."""
        ids = [letter.message_id for letter in self.letters]
        return len(ids) - len(set(ids))

    def _take(self, door: socket.socket) -> None:
        while True:
            try:
                caller = door.accept()[0]
            except OSError:
                return
            self.calls += 1
            if self.hangs:
                self.callers.append(caller)
            else:
                threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        try:
            with caller, caller.makefile("rb") as lines:
                self._session(caller, lines)
        except OSError:
            pass

    def _session(self, caller: socket.socket, lines: BinaryIO) -> None:
        def say(words: str) -> None:
            caller.sendall(f"{words}\r\n".encode())

        say("220 mail.test ESMTP")
        to = ""
        for line in lines:
            word = line[:4].upper()
            if word in {b"EHLO", b"HELO"}:
                say("250 mail.test")
            elif word == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
                say("250 ok")
            elif word == b"DATA":
                say("354 go on")
                data = b""
                for piece in lines:
                    if piece == b".\r\n":
                        break
                    data += piece
                # Kept before it is acknowledged: who hears "ok" may count on it.
                self._keep(to, data)
                say("250 kept")
            elif word == b"QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    def _keep(self, to: str, data: bytes) -> None:
        message = email.message_from_bytes(data, policy=email.policy.default)
        part = message.get_body(("plain",))
        body = part.get_content() if part else ""
        self.letters.append(Letter(str(message["Message-ID"]), to, str(message["Subject"]), body))
