"""The last hour: associations file on all their open acts, four at a time, while twenty readers browse.

The demonstration has signatories of two associations; between them they file as many opinions as five associations with
a hundred open acts each.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator

import bootstrap
import requests
from bench import percentile

from . import Figure, Sizes, place, stack
from .person import OFFICE, Crowd

READERS = 20
PAUSE = 2.0  # seconds a reader looks at a page
SECONDS = 600.0


def run(sizes: Sizes) -> Iterator[Figure]:
    place.fresh()
    each = -(-sizes.rush // len(OFFICE))
    place.make_drafts(each)
    numbers = place.numbers()
    names = ("web", "worker", "worker-documents", "relay")
    with stack.Stack(*names, log=bootstrap.var() / "processes.log") as running:
        over = threading.Event()
        pages: list[float] = []
        refused: list[str] = []
        readers = [
            threading.Thread(
                target=_browse, args=(running.url, numbers, n, over, pages, refused), daemon=True
            )
            for n in range(READERS)
        ]
        for reader in readers:
            reader.start()
        began = time.monotonic()
        crowd = Crowd(running.url, numbers, windows=2, pause=SECONDS * 4 / sizes.rush).start()
        crowd.finish(SECONDS * 1.5)
        took = time.monotonic() - began
        over.set()
        for reader in readers:
            reader.join(30)
    filed = [done.seconds for done in crowd.acknowledged]
    again = sum(done.attempts - 1 for done in crowd.acknowledged)
    for problem in [*crowd.problems, *refused][:10]:
        stack.say(problem)
    p95 = percentile(filed, 0.95)
    whole = len(filed) == each * len(OFFICE) and not crowd.problems and not refused
    value = (
        f"p95 {p95 * 1000:.0f} ms of {len(filed)} filings in {took / 60:.1f} min, "
        f"{len(crowd.problems)} not filed, {again} tries more"
    )
    yield Figure("rush: filing", value, "p95 < 1 s, no error", whole and p95 < 1)
    p95 = percentile(pages, 0.95)
    value = f"p95 {p95 * 1000:.0f} ms of {len(pages):,} pages for {READERS} readers, {len(refused)} refused"
    yield Figure("rush: reading", value, "p95 < 1 s, no error", p95 < 1 and not refused)


def _browse(
    site: str, numbers: list[str], n: int, over: threading.Event, pages: list[float], refused: list[str]
) -> None:
    """One reader: the register, an act, its text, a search; again and again."""
    dice, session = random.Random(n), requests.Session()
    session.trust_env = False
    while not over.is_set():
        act = dice.choice(numbers)
        path = dice.choice(
            ["acts/", f"acts/{act}/", f"acts/{act}/text/", f"acts/{act}/opinions/", "acts/?q=бюджет", ""]
        )
        began = time.monotonic()
        try:
            answer = session.get(f"{site}/ky/{path}", timeout=30)
            pages.append(time.monotonic() - began)
            if answer.status_code != 200:
                refused.append(f"{path}: {answer.status_code}")
        except requests.RequestException as problem:
            refused.append(f"{path}: {problem}")
        over.wait(dice.uniform(0, 2 * PAUSE))
