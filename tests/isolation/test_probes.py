"""Nobody sees what is not theirs: every address of the resolver, tried by everybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import pytest
from django.test import Client

from tests.isolation import probes
from tests.isolation.probes import FULL, Answer, ask, count
from tests.isolation.table import ALL, PERSONS, RULES, Place, Rule, everybody, rules_of
from tests.isolation.world import ANYBODY, World

pytestmark = pytest.mark.django_db
# Where everybody may read, a few readers stand for all in the small run.
FEW = frozenset({ANYBODY, "water.drafter", "cities.officer", "chamber.auditor"})
NAMES = sorted(set(probes.names()))
NOWHERE, NOWHERE_API = "/ky/acts/0000-0000/", "/api/v1/acts/0000-0000/"


def test_every_address_is_classified() -> None:
    new = [name for name in NAMES if name not in RULES]
    assert not new, (
        f"These addresses are in no rule of tests/isolation/table.py: {new}. "
        "Say there who sees what is behind each, then run the probes."
    )
    gone = [name for name in RULES if name not in NAMES]
    assert not gone, f"These rules of tests/isolation/table.py have no address any more: {gone}"


@pytest.fixture(scope="module")
def browsers(world: World) -> dict[str, Client]:
    return {key: world.client(key) for key in ALL}


@pytest.fixture(scope="module")
def nothing(world: World, browsers: dict[str, Client]) -> dict[tuple[str, bool], Answer]:
    """What each person is answered where there is nothing: on pages, and by the API."""
    return {
        (key, api): ask(client, "GET", NOWHERE_API if api else NOWHERE)
        for key, client in browsers.items()
        for api in (False, True)
    }


@dataclass(frozen=True)
class Probe:
    """One person before one address, with what the table expects."""

    name: str
    rule: Rule
    place: Place
    person: str
    method: str

    def __str__(self) -> str:
        return f"{self.method} {probes.address(self.name, self.place.kwargs)} ({self.name}) by {self.person or 'anybody'}"

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")

    @property
    def right(self) -> Any:
        return self.rule.does if self.method == "POST" else self.rule.reads


def _drawn(name: str, further: int, person: str) -> bool:
    """Before the first place of a rule stand all; before each further one, in the small run, the same quarter."""
    return person == ANYBODY or crc32(f"{name} {further} {person}".encode()) % 4 == 0


def probes_of(name: str, world: World) -> Iterator[Probe]:
    for rule in rules_of(name):
        for further, place in enumerate(rule.places(world)):
            open_to_all = rule.reads is everybody and rule.sight is everybody
            for person in sorted(FEW if open_to_all and not FULL else ALL):
                if further and not FULL and not _drawn(name, further, person):
                    continue
                yield Probe(name, rule, place, person, "GET")
                if rule.does is not None or person == ANYBODY or FULL:
                    yield Probe(name, rule, place, person, "POST")
                if person in {ANYBODY, "cities.officer"} or FULL:
                    for method in ("HEAD", "PUT", "DELETE"):
                        yield Probe(name, rule, place, person, method)


def verdict(probe: Probe, answer: Answer, nothing: Answer) -> str:
    """Empty when the answer is as the table says; else what is wrong."""
    if answer.status >= 500:
        return "a server error"
    if probe.method in {"PUT", "DELETE"}:
        # A form of the accounts' library takes PUT for POST, with all that goes before a POST.
        refused = (
            not 200 <= answer.status < 300 or probe.name.startswith("account_") or probe.name == "styleguide"
        )
        return "" if refused else "is done, though no address has this method"
    if probe.method == "HEAD" and answer.status == 405:
        return ""  # refused before anything is looked up
    if probe.right is None:
        # The method is refused before anything is looked up: that tells nothing of the object.
        refused = answer.status in {403, 404, 405} or answer.to_sign_in
        return "" if refused else "is answered, though the address has no such method"
    if probe.person not in probe.rule.sight(probe.place):
        if not probe.place.kwargs and probe.person == ANYBODY:
            return "" if answer.to_sign_in else "does not lead to sign-in"
        if answer.status != 404:
            return "sees that there is something"
        if probe.method != "HEAD" and (answer.body, answer.headers) != (nothing.body, nothing.headers):
            return f"can tell the refusal from a missing page: {probes.difference(answer, nothing)}"
        return ""
    if probe.person in probe.right(probe.place):
        return "" if answer.is_through else "is kept out"
    if probe.method == "POST":
        # What is typed may be looked at before the right; nothing may come of it.
        return "" if answer.status in {400, 403, 409} else "is not refused"
    return "" if answer.status == 403 else "is not refused by 403"


@pytest.mark.parametrize("name", [name for name in NAMES if name in RULES])
def test_who_sees_and_does_what(
    name: str, world: World, browsers: dict[str, Client], nothing: dict[tuple[str, bool], Answer]
) -> None:
    wrong, asked = [], 0
    for probe in probes_of(name, world):
        url = probes.address(name, probe.place.kwargs)
        more = probe.rule.sends if probe.method == "POST" else {}
        answer = ask(browsers[probe.person], probe.method, url, more)
        asked += 1
        missing = nothing[(probe.person, probe.is_api)]
        if more and answer.status == 404:
            # Whoever sent a text gets it back with the 404, from an address that is not there too.
            missing = ask(browsers[probe.person], probe.method, url + "nothing/", more)
        problem = verdict(probe, answer, missing)
        if problem:
            wrong.append(f"{probe}: {problem} ({answer})")
    count("probes", asked)
    assert asked or name == "api_nothing", "The rule has no place in the world: nothing was tried."
    assert not wrong, "\n".join(wrong[:40])


@pytest.mark.parametrize("person", ["", "cities.officer"])
def test_missing_things_are_alike(person: str, browsers: dict[str, Client], nothing: Any) -> None:
    """Objects that never were, impossible names, unknown addresses: one answer for all of them."""
    pages = [
        "/ky/acts/2026-9999/", "/ky/acts/%00/", "/ky/acts/%E2%80%AE/text/", "/ky/acts/prepare/nobodysaddress/",
        "/ky/acts/2026-0001/reviews/nobody/", "/ky/acts/%00/reviews/lsg-union/meeting/", "/ky/acts/%00/decision/",
        "/ky/acts/%00/certificate/", "/ky/protocols/PA-2026-9999/", "/ky/protocols/%00/", "/ky/certificates/%00/",
        "/ky/receipts/RC-2026-9999/", "/ky/letters/999999999/", "/ky/letters/99999999999999999999999/",
        "/ky/acts/2026-0001/attachments/99999999999999999999/", "/ky/administration/people/99999999999999999999/",
        "/ky/acts/2026-0001/reviews/lsg-union/meeting/", "/ky/nowhere/", "/ky/acts/2026-0001/documents/RC-2026-9999/",
    ]  # fmt: skip
    api = [
        "/api/v1/acts/2026-9999/", "/api/v1/acts/%00/", "/api/v1/acts/2026-0001/versions/99/",
        "/api/v1/acts/2026-0001/versions/1/provisions/nothing/", "/api/v1/opinions/RC-2026-9999/",
        "/api/v1/remarks/RC-2026-9999/1/", "/api/v1/answers/RC-2026-9999/1/", "/api/v1/protocols/PA-2026-9999/",
        "/api/v1/certificates/CC-2026-9999/", "/api/v1/consultations/2026-9999/1/", "/api/v1/nothing/", "/api/v2/",
        "/api/v1/reviews/2026-0001/nobody/", "/api/v1/reviews/2026-0001/nobody/opinion/",
    ]  # fmt: skip
    client, wrong = browsers[person], []
    for is_api, urls in ((False, pages), (True, api)):
        for url in urls:
            answer, expected = ask(client, "GET", url), nothing[(person, is_api)]
            if (answer.status, answer.body) != (404, expected.body):
                wrong.append(f"{url}: {answer}")
    assert not wrong, "\n".join(wrong)


def test_nothing_is_where_the_probes_look_for_nothing(nothing: dict[tuple[str, bool], Answer]) -> None:
    """The comparison stands on this: the answer for a missing page is a 404 with words in it."""
    assert {answer.status for answer in nothing.values()} == {404}
    assert all(len(answer.body) > 50 for answer in nothing.values())
    assert (
        nothing[(ANYBODY, False)].body != nothing[("finance.drafter", False)].body
    )  # signed in, the frame says so
    assert len(PERSONS) == 15
