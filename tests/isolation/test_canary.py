"""A canary word stands in everything that is closed. It is in no answer to those who may not see it."""

from typing import Any

import pytest

from tests.isolation import crawler, probes
from tests.isolation.probes import address, ask
from tests.isolation.world import ANYBODY, CANARY, MARK, World

pytestmark = pytest.mark.django_db

# Whose canaries a person may see: those of the own organisation, and what the law lets the auditor look at.
MAY_SEE = {
    ANYBODY: (),
    "cabinet.clerk": (),
    "justice.coordinator": (),
    "admin.first": ("invited",),
    "chamber.auditor": ("point",),
    "cities.officer": ("point",),
    "water.drafter": ("prepother",),
    "union.officer": ("draft", "return", "reply", "point"),
    "finance.drafter": ("preparing", "prep", "mended", "answer", "point"),
}
NEVER = {"finance.drafter": ("prepother",)}  # begins like one's own, and is not


def seeds(world: World) -> list[str]:
    """Where reading begins: the public pages, every act, the closed addresses, the API."""
    found = [
        address(name, {})
        for name in ("home", "act_list", "protocol_list", "decision_list", "desk", "sitemap")
    ]
    for way in world.ways.values():
        number, token = way.act.number or "0000-0000", way.act.token
        found += [f"/ky/acts/{number}/{tab}" for tab in ("", "text/", "opinions/", "documents/", "history/")]
        found += [
            f"/ky/acts/{number}/dossier.zip",
            f"/ky/acts/{number}/decisions/",
            f"/ky/acts/{number}/certificate/",
        ]
        found += [
            f"/ky/acts/prepare/{token}/",
            f"/ky/acts/prepare/{token}/text/ru/",
            f"/api/v1/acts/{token}/",
        ]
        for code in ("lsg-union", "cities"):
            review = f"/ky/acts/{number}/reviews/{code}/"
            found += [
                review + page for page in ("", "opinion/", "answers/", "replies/", "meeting/", "protocol/")
            ]
            found.append(f"/api/v1/reviews/{number}/{code}/opinion/")
    lists = (
        "acts",
        "consultations",
        "reviews",
        "opinions",
        "remarks",
        "answers",
        "protocols",
        "certificates",
    )
    found += [f"/api/v1/{name}/?page_size=100" for name in (*lists, "decisions")]
    found += [
        "/api/schema/",
        "/ky/api/",
        "/metrics",
        "/healthz",
        "/readyz",
        "/ky/nowhere/",
        "/api/v1/nowhere/",
    ]
    return found + searches()


def searches() -> list[str]:
    """Searches that would find what is closed."""
    pages = (
        "/ky/acts/",
        "/ky/protocols/",
        "/ky/decisions/",
        "/api/v1/acts/",
        "/api/v1/protocols/",
        "/api/v1/decisions/",
    )
    return [f"{page}?q={MARK}" for page in pages]


@pytest.mark.parametrize("person", MAY_SEE)
def test_no_canary_where_it_does_not_belong(person: str, world: World) -> None:
    reading = crawler.read(world.client(person), seeds(world), of_a_kind=12 if person == ANYBODY else 3)
    allowed = tuple(CANARY + part for part in MAY_SEE[person])
    never = tuple(CANARY + part for part in NEVER.get(person, ()))
    leaks = {
        url: wrong
        for url, found in reading.where(CANARY).items()
        if (
            wrong := [
                word for word in found if not word.startswith(allowed) or (never and word.startswith(never))
            ]
        )
    }
    assert not leaks
    assert not [status for status in reading.statuses if status >= 500]
    assert len(reading.pages) > 200
    if allowed:  # the crawler gets to where the canaries are
        seen = {word for found in reading.where(CANARY).values() for word in found}
        assert {part for part in MAY_SEE[person] if any(w.startswith(CANARY + part) for w in seen)} >= set(
            MAY_SEE[person]
        ) - {"preparing"}


def test_personal_addresses_are_in_no_public_answer(world: World) -> None:
    reading = crawler.read(world.client(ANYBODY), seeds(world), of_a_kind=12)
    assert not reading.where("@demo.example")
    assert not [url for url, text in reading.pages.items() if "demo.example" in text]
    documents = [url for url in reading.pages if url.endswith((".pdf", ".zip")) or "/documents/" in url]
    assert any("Советтин" in reading.pages[u] or "Макулда" in reading.pages[u] for u in documents)


def test_no_search_finds_what_is_closed(world: World) -> None:
    client: Any = world.client(ANYBODY)
    for url in searches():
        answer = ask(client, "GET", url)
        assert answer.status == 200
        if url.startswith("/api/"):
            assert answer.body == b'{"next":null,"previous":null,"results":[]}'
        else:
            assert b"mk-acts" not in answer.body or CANARY.encode() not in answer.body
    own = ask(world.client("finance.drafter"), "GET", f"/api/v1/acts/?q={MARK}")
    assert CANARY.encode() in own.body  # the search would find it


def test_a_known_hash_confirms_nothing(world: World) -> None:
    """Who guesses the hash of a closed file is not told by a 304 that it is there."""
    from apps.draft_acts.models import VersionText

    text = VersionText.objects.select_related("file").filter(version__act=world.ways["preparing"].act).first()
    assert text is not None
    url = probes.address(
        "act_prepare_file", {"token": world.ways["preparing"].act.token, "language": text.language}
    )
    etag = {"HTTP_IF_NONE_MATCH": f'"{text.file.sha256}"'}
    assert ask(world.client("finance.drafter"), "GET", url, etag).status == 304
    for person in (ANYBODY, "water.drafter", "union.officer"):
        assert ask(world.client(person), "GET", url, etag).status == 404
    public = probes.address("act_text_file", {"number": world.number("mended"), "language": "ru"})
    mended = VersionText.objects.select_related("file").get(
        version__act=world.ways["mended"].act, version__frozen_at=None, language="ru"
    )
    assert (
        ask(world.client(ANYBODY), "GET", public, {"HTTP_IF_NONE_MATCH": f'"{mended.file.sha256}"'}).status
        == 200
    )
