"""A canary word stands in everything that is closed. It is in no answer to those who may not see it."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.protocols.models import AgreementProtocol
from tests.isolation import crawler, probes, table
from tests.isolation.crawler import Reading
from tests.isolation.probes import FULL, address, ask, count
from tests.isolation.world import ANYBODY, CANARY, MARK, World

pytestmark = pytest.mark.django_db

# Whose canaries a person may see: those of the own organisation, and what the law lets the auditor look at.
MAY_SEE: dict[str, tuple[str, ...]] = {
    "cabinet.clerk": ("restrictedcertified", "restrictedfilename"),
    "justice.coordinator": ("restricted", "stamped"),
    "admin.first": ("invited", "proposed"),
    "chamber.auditor": (
        "point",
        "invitedname",
        "restricted",
    ),  # letters stand there by the name of whom they went to
    "cities.officer": ("point", "restrictedcertified", "restrictedfilename"),
    "water.drafter": ("prepother", "otherpaper", "otherfile"),
    "union.officer": (
        "draft",
        "return",
        "reply",
        "point",
        "stamped",
        "restrictedcertified",
        "restrictedfilename",
    ),
    "finance.drafter": (
        "preptitle",
        "prepsummary",
        "preptext",
        "preparing",
        "mended",
        "answer",
        "point",
        "restricted",
        "stamped",
        "entering",
        "packed",
        "prepfunction",
    ),
}


def closed(world: World) -> list[str]:
    """Addresses behind which a canary is, or could be."""
    found = [address(name, {}) for name in ("desk", "act_list", "letters", "organization_admin")]
    for way in world.ways.values():
        number, token = way.act.number or "0000-0000", way.act.token
        found += [
            f"/ky/acts/{number}/{tab}"
            for tab in ("", "text/", "norms/", "opinions/", "documents/", "history/")
        ]
        found += [f"/ky/packages/{number}/", f"/ky/packages/{number}/dossier.zip"]
        found += [
            f"/ky/acts/prepare/{token}/",
            f"/ky/acts/prepare/{token}/norms/",
            f"/ky/acts/prepare/{token}/package/",
            f"/ky/acts/prepare/{token}/functions/",
            f"/ky/acts/prepare/{token}/text/ru/",
            f"/api/v1/acts/{token}/",
        ]
        found += [f"/api/v1/acts/{act}/versions/{n}/provisions/" for act in (number, token) for n in (1, 2)]
        for code in ("lsg-union", "cities"):
            review = f"/ky/acts/{number}/reviews/{code}/"
            found += [
                review + page
                for page in ("", "opinion/", "paper/", "answers/", "replies/", "meeting/", "protocol/")
            ]
            found.append(f"/api/v1/reviews/{number}/{code}/opinion/")
    for number in AgreementProtocol.objects.exclude(state="signed").values_list("number", flat=True):
        found += [f"/ky/protocols/{number}/{page}" for page in ("", "protocol.json", "protocol.pdf")]
        found.append(f"/api/v1/protocols/{number}/")
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
    for name in ("registered", "certified"):
        found += [address("act_attachment", place.kwargs) for place in table.restricted_paper(name)(world)]
    invited = User.objects.get(email__startswith=CANARY)
    return [*found, address("person", {"user_id": invited.pk}), *searches()]


def public(world: World) -> list[str]:
    """Where a search engine would begin; the dossier of every act; machine addresses; what is not there."""
    found = [
        address(name, {})
        for name in ("home", "act_list", "protocol_list", "decision_list", "desk", "sitemap")
    ]
    found += [f"/ky/acts/{way.act.number or '0000-0000'}/dossier.zip" for way in world.ways.values()]
    return [
        *found,
        "/api/schema/",
        "/ky/api/",
        "/metrics",
        "/healthz",
        "/readyz",
        "/ky/nowhere/",
        "/api/v1/nowhere/",
    ]


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


@pytest.fixture(scope="module")
def anybodys(world: World) -> Reading:
    """All that is found without an account."""
    reading = crawler.read(world.client(ANYBODY), public(world) + closed(world), of_a_kind=100 if FULL else 6)
    count("public answers", len(reading.pages))
    return reading


def test_no_public_answer_holds_a_canary(anybodys: Reading) -> None:
    assert not anybodys.where(CANARY)
    assert not [status for status in anybodys.statuses if status >= 500]
    kinds = {crawler.kind(url).split()[0] for url in anybodys.pages}
    assert kinds >= {
        "act",
        "act_text",
        "review",
        "term",
        "receipt",
        "protocol",
        "certificate",
        "dossier",
        "act_text_file",
    }
    assert kinds >= {
        "review_document",
        "protocol_pdf",
        "certificate_pdf",
        "sitemap",
        "api:provision",
        "api:remark",
    }


def test_personal_addresses_are_in_no_public_answer(anybodys: Reading) -> None:
    assert not [url for url, text in anybodys.pages.items() if "demo.example" in text]


def test_files_are_read_to_their_words(anybodys: Reading) -> None:
    """Else a canary inside of one would go unseen."""
    pdf = next(text for url, text in anybodys.pages.items() if url.endswith("/certificate.pdf"))
    assert "CC-2026-" in pdf
    assert '"gates"' in pdf  # the JSON attached to it
    dossier = "\n".join(text for url, text in anybodys.pages.items() if url.endswith("/dossier.zip"))
    assert "MANIFEST.sha256" in dossier
    assert "Негиздеме-маалымкат" in dossier  # words of a paper in DOCX, in the archive


# Who sees most of what is closed; everybody in full size.
READERS = MAY_SEE if FULL else ("finance.drafter",)


@pytest.mark.parametrize("person", READERS)
def test_no_canary_where_it_does_not_belong(person: str, world: World) -> None:
    reading = crawler.read(world.client(person), closed(world), of_a_kind=1)
    allowed = tuple(CANARY + part for part in MAY_SEE[person])
    found = reading.where(CANARY)
    leaks = {
        url: wrong
        for url, words in found.items()
        if (wrong := [w for w in words if not w.startswith(allowed)])
    }
    assert not leaks
    assert not [status for status in reading.statuses if status >= 500]
    seen = {word for words in found.values() for word in words}
    missed = [part for part in allowed if not any(word.startswith(part) for word in seen)]
    assert not missed, "The reader did not come to where these canaries are: the test would not see a leak."


def test_no_search_finds_what_is_closed(world: World) -> None:
    client: Any = world.client(ANYBODY)
    for url in searches():
        answer = ask(client, "GET", url)
        assert answer.status == 200
        if url.startswith("/api/"):
            assert answer.body == b'{"next":null,"previous":null,"results":[]}'
        else:
            assert world.ways["preparing"].act.token.encode() not in answer.body
            assert CANARY.encode() not in answer.body
    assert b"2026-" in ask(client, "GET", "/api/v1/acts/?q=трансферттер").body  # what is public is found


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
