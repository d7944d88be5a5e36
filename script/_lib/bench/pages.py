"""Public pages against the floor of a list, both served the same way in the same minute."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import bootstrap

from . import percentile, row
from .load import Load, Server
from .words import KY, RU

LIST = [
    "/ru/acts/",
    "/ky/acts/",
    "/ru/acts/?page=2",
    "/ru/acts/?kind=law",
    "/ru/acts/?stage=open",
    "/ky/acts/?stage=adopted",
    "/ru/acts/?stage=closing&kind=law",
]
API = ["/api/v1/acts/", "/api/v1/acts/?state=in_consultation", "/api/v1/acts/?kind=law"]
FLOOR = ["/"]


class Pages:
    """Both servers, running. Each method gives one row."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.stack = ExitStack()

    def __enter__(self) -> Pages:
        figures = bootstrap.var() / "metrics"
        figures.mkdir(exist_ok=True)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(figures)
        portal = Server(
            "consultation_portal.wsgi",
            bootstrap.BASE,
            bootstrap.var() / "web.log",
            config="deploy/gunicorn.conf.py",
        )
        floor = Server("floor:application", Path(__file__).parent, bootstrap.var() / "floor.log")
        self.floor = self.stack.enter_context(floor)
        self.portal = self.stack.enter_context(portal)
        self.base = f"http://127.0.0.1:{self.portal.port}"
        return self

    def __exit__(self, *exc: object) -> None:
        self.stack.close()

    def against_floor(self, paths: list[str], **options: Any) -> tuple[Load, Load]:
        """The load of these pages between two of the floor; the floor is the mean of both."""
        first = self.floor.load(FLOOR, seconds=self.seconds / 2)
        value = self.portal.load(paths, seconds=self.seconds, **options)
        second = self.floor.load(FLOOR, seconds=self.seconds / 2)
        if value.bad or first.bad or second.bad:
            raise RuntimeError(f"{paths[0]}: {value.bad} requests of the load failed")
        floor = Load(
            (first.rps + second.rps) / 2, (first.p95 + second.p95) / 2, (first.cpu + second.cpu) / 2, 0
        )
        constant = self.floor.load(["/constant"], seconds=1)
        bootstrap.say(
            f"  {paths[0]}: {value.rps:.0f}/s, p95 {value.p95:.0f} ms, CPU {value.cpu:.1f} ms; "
            f"list floor {floor.rps:.0f}/s, CPU {floor.cpu:.1f} ms; constant view {constant.rps:.0f}/s"
        )
        return value, floor

    def list_page(self) -> dict[str, Any]:
        value, floor = self.against_floor(LIST, unique=True)
        return row("list_page", value.rps, "rps", floor.rps)

    def api_list(self) -> dict[str, Any]:
        value, floor = self.against_floor(API)
        return row("api_list", value.rps, "rps", floor.rps)

    def act_page(self) -> dict[str, Any]:
        """CPU of the text with 150 provisions and 300 remarks. Its size and queries are said beside the row."""
        path = f"/ru/acts/{long_act()}/text/"
        _status, _headers, body = self.portal.get(path)
        bootstrap.say(
            f"  {path}: {len(body)} bytes, {len(gzip.compress(body, 6))} compressed, {queries(path)} queries"
        )
        value, floor = self.against_floor([path], unique=True, connections=2)
        return row("act_page", value.cpu, "ms", floor.cpu)

    def search(self) -> dict[str, Any]:
        """p95 of first pages of a search, one after the other; the floor asked the same way."""
        asked = list(searches(max(20, int(self.seconds * 20))))
        self.portal.one_by_one(asked[:4])
        taken = self.portal.one_by_one(asked)
        floor = self.floor.one_by_one(FLOOR * len(asked))
        bootstrap.say(f"  search: p50 {percentile(taken, 0.5):.0f} ms, slowest {max(taken):.0f} ms")
        return row("search", percentile(taken, 0.95), "ms", percentile(floor, 0.95))

    def repeated_page(self) -> dict[str, Any]:
        """A reader without an account asks again for pages that have not changed."""
        path = "/ru/acts/"
        _status, headers, _body = self.portal.get(path)
        known = {"If-None-Match": headers["etag"]} if "etag" in headers else {}
        if not known:
            bootstrap.say("  repeated_page: no ETag, so it is computed again")
        value, floor = self.against_floor([path], headers=known)
        return row("repeated_page", value.rps, "rps", floor.rps)


def long_act() -> str:
    import psycopg2

    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM draft_acts_draftact WHERE token LIKE 'bench%' ORDER BY id DESC LIMIT 1"
        )
        (number,) = cursor.fetchone()
    connection.close()
    return str(number)


def queries(path: str) -> int:
    """How many statements the page sends, asked in this process."""
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    Client().get(path, headers={"host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as captured:
        Client().get(f"{path}?n=1", headers={"host": "127.0.0.1"})
    connection.close()
    return len(captured)


def searches(count: int) -> Iterator[str]:
    from urllib.parse import quote

    dice = random.Random(7)
    kinds: list[Callable[[], str]] = [
        lambda: dice.choice(RU[:12]),  # in most acts
        lambda: dice.choice(KY[:12]),
        lambda: f"{dice.choice(RU)} {dice.choice(RU)}",
        lambda: f"{dice.choice(KY)} {dice.choice(KY)}",
        lambda: f"{dice.choice(RU)}-{dice.randrange(5000)}",  # in hardly any
        lambda: f"{dice.choice(KY)}-{dice.randrange(5000)}",
    ]
    for n in range(count):
        yield f"/{('ru', 'ky')[n % 2]}/acts/?q={quote(kinds[n % len(kinds)]())}&n={n}"
