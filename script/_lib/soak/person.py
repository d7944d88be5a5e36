"""A signatory with patience: opens the opinion, submits it, and after any mishap does so again, until there is a receipt."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import requests
from smoke.visitor import Unexpected, Visitor, last_part

PASSWORD = "makuldashuu-demo"
OFFICE = {"lsg-union": "union", "cities": "cities"}
PATIENCE = 120.0  # seconds for one opinion


@dataclass(frozen=True)
class Acknowledged:
    """What the portal has promised: this number, for the opinion of this association on this act."""

    act: str
    association: str
    receipt: str
    at: float
    seconds: float  # from pressing the button to the receipt, without mishaps of before
    attempts: int


class Signatory:
    """One person of an association in front of the portal, or a second window of the same person."""

    def __init__(self, site: str, association: str) -> None:
        self.association = association
        self.email = f"{OFFICE[association]}.signatory@demo.example"
        self.visitor = Visitor(site, {"email": self.email, "password": PASSWORD})

    def sign_in(self) -> Signatory:
        self.visitor.sign_in()
        return self

    def address(self, act: str) -> str:
        return f"acts/{act}/reviews/{self.association}/opinion/"

    def form(self, act: str) -> tuple[str, list[tuple[str, str]]]:
        """Where the button leads, and what it sends."""
        form = self.visitor.open(self.address(act)).form(action="/opinion/submit/")
        if form.has("code"):
            form.fill(code=form.page.demo_code)
        return form.action, form.values

    def press(self, action: str, values: list[tuple[str, str]]) -> str:
        """The number of the receipt. Raises Unexpected, or what the connection raises."""
        answer = self.visitor.session.post(action, data=values, allow_redirects=False, timeout=30)
        target = answer.headers.get("Location", "")
        if answer.status_code != 302 or "/receipts/" not in target:
            raise Unexpected(f"submitting gave {answer.status_code} {target}")
        return last_part(target)

    def file(self, act: str, *, stop: threading.Event | None = None) -> Acknowledged | None:
        """Until there is a receipt; None when `stop` was set before. Raises Unexpected after two minutes."""
        began, attempts, known = time.monotonic(), 0, None
        while True:
            attempts += 1
            try:
                known = known or self.form(act)
                pressed = time.monotonic()
                receipt = self.press(*known)
                done = time.monotonic()
                return Acknowledged(act, self.association, receipt, done, done - pressed, attempts)
            except (Unexpected, requests.RequestException) as mishap:
                if stop is not None and stop.is_set():
                    return None
                if time.monotonic() - began > PATIENCE:
                    raise
                time.sleep(random.uniform(0.02, 0.2))
                if isinstance(mishap, Unexpected):
                    self._in_again()
                    if "gave 400" in str(mishap):
                        known = None  # a code of the second factor that is over: another one is asked for

    def _in_again(self) -> None:
        """The session may be gone, and the form with it; who is still signed in is led on to the desk."""
        try:
            if self.visitor.open("login/").path.endswith("/login/"):
                self.sign_in()
        except (Unexpected, requests.RequestException):
            pass


@dataclass
class Crowd:
    """Several windows that file what waits, each act once. `acknowledged` grows while it runs."""

    site: str
    acts: Iterable[str]
    windows: int = 2  # of each association
    pause: float = 0.2  # seconds at most between two opinions of one window
    acknowledged: list[Acknowledged] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    gave_up: list[tuple[str, str]] = field(default_factory=list)  # (act, association) of each problem
    heard: threading.Condition = field(default_factory=threading.Condition)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> Crowd:
        for association in OFFICE:
            waiting = deque(self.acts)
            for _ in range(self.windows):
                person = Signatory(self.site, association).sign_in()
                work = threading.Thread(target=self._work, args=(person, waiting), daemon=True)
                self._threads.append(work)
        for work in self._threads:
            work.start()
        return self

    def _work(self, person: Signatory, waiting: deque[str]) -> None:
        while not self._stop.is_set():
            try:
                act = waiting.popleft()
            except IndexError:
                return
            try:
                done = person.file(act, stop=self._stop)
            except Exception as problem:
                self.problems.append(f"{act} {person.association}: {problem}")
                self.gave_up.append((act, person.association))
                continue
            if done is not None:
                with self.heard:
                    self.acknowledged.append(done)
                    self.heard.notify_all()
            time.sleep(random.uniform(0, self.pause))

    @property
    def busy(self) -> bool:
        return any(work.is_alive() for work in self._threads)

    def after_the_next(self, seconds: float) -> None:
        """Wait for somebody to be given a receipt."""
        with self.heard:
            self.heard.wait(seconds)

    def stop(self) -> None:
        self._stop.set()
        for work in self._threads:
            work.join(60)

    def finish(self, seconds: float) -> None:
        """Until everything is filed."""
        until = time.monotonic() + seconds
        for work in self._threads:
            work.join(max(0.1, until - time.monotonic()))


def timed(people: Iterable[Signatory], acts: Iterator[str], each: int, note: Callable[[float], None]) -> None:
    """Each person files so many acts, one after the other, and the seconds are noted."""
    for person in people:
        for _ in range(each):
            done = person.file(next(acts))
            assert done is not None
            note(done.seconds)
