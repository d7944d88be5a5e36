"""What the API gives: public things, by public names, in UTC, in pages, with a fixed number of queries."""

import base64
import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft4Validator

from apps.register.api import docs
from tests.isolation.world import ANYBODY, World

pytestmark = pytest.mark.django_db
V1 = "/api/v1/"
LISTS = (
    "acts", "consultations", "reviews", "opinions", "remarks", "answers", "protocols", "certificates", "decisions",
    "packages",
)  # fmt: skip


@pytest.fixture
def anybody(world: World) -> Client:
    return world.client(ANYBODY)


def get(client: Client, path: str, **more: Any) -> Any:
    response = client.get(V1 + path, **more)
    assert response.status_code == 200, response.content
    return response.json()


def all_pages(client: Client, path: str) -> list[Any]:
    """Every result of a list, by following `next`."""
    rows, url = [], V1 + path
    while url:
        page = client.get(url).json()
        rows += page["results"]
        url = page["next"]
        assert len(rows) < 1000, "the pages go in a circle"
    return rows


# --- what is there ----------------------------------------------------------------------------------


def test_an_act_is_read_from_its_registration_to_its_decision(world: World, anybody: Client) -> None:
    number = world.number("agreed")
    act = get(anybody, f"acts/{number}/")
    assert act["title_ky"]
    assert act["state"] == "submitted"
    assert act["scope"]["touches_lsg"] is True
    assert [row["document_number"] for row in get(anybody, "decisions/")["results"]] == ["14-3302"]
    verdicts = {row["association"]["code"]: row["verdict"] for row in _of(anybody, "opinions/", number)}
    assert verdicts == {"lsg-union": "agree", "cities": "outside_competence"}
    notes = [row["closing_note"]["kind"] for row in _of(anybody, "reviews/", number)]
    assert notes == ["agreement", "agreement"]


def _of(client: Client, path: str, number: str) -> Any:
    return get(client, f"{path}?act={number}")["results"]


def test_a_remark_comes_with_its_provision_answer_and_reply(world: World, anybody: Client) -> None:
    number = world.number("certified")
    [remark] = [r for r in _of(anybody, "remarks/", number) if r["association"] == "cities"]
    assert (remark["eid"], remark["kind"]) == ("art_2__para_2", "objection")
    assert remark["answer"]["outcome"] == "rejected"
    assert remark["answer"]["reply"]["outcome"] == "maintained"
    provision = get(anybody, f"acts/{number}/versions/1/provisions/{remark['eid']}/")
    assert provision["text_ky"]
    assert provision["text_ru"]


def test_a_protocol_comes_with_its_points_and_signatures(world: World, anybody: Client) -> None:
    signed = world.ways["certified"].protocol("cities")
    protocol = get(anybody, f"protocols/{signed.number}/")
    assert protocol["content_hash"] == signed.content_hash
    assert sorted(s["side"] for s in protocol["signatures"]) == ["association", "state"]
    assert [point["outcome"] for point in protocol["points"]] == ["open"]


def test_the_stage_of_a_review_follows_from_the_time(world: World, anybody: Client) -> None:
    stages = {r["association"]["code"]: r["stage"] for r in _of(anybody, "reviews/", world.number("expired"))}
    assert stages == {"lsg-union": "ended_without_remarks", "cities": "expired"}


def test_a_package_is_read_with_its_public_acts_only(world: World, anybody: Client) -> None:
    bill = world.number("registered")
    [package] = all_pages(anybody, f"packages/?act={bill}")
    assert package == get(anybody, f"packages/{bill}/")
    assert (package["bill"], package["number"], package["frozen_at"]) == (bill, None, None)
    assert [(act["number"], act["is_bill"], act["fulfils"]) for act in package["acts"]] == [(bill, True, [])]
    # Its bylaw draft is in preparing, and stands here for nobody.
    assert get(world.client("finance.drafter"), f"packages/{bill}/") == package
    for nothing in (f"act={world.number('certified')}", "initiator=minagro"):
        assert all_pages(anybody, f"packages/?{nothing}") == [], nothing
    assert all_pages(anybody, "packages/?frozen=false&initiator=minfin") == [package]
    [frozen] = all_pages(anybody, "packages/?frozen=true")
    assert frozen["number"].startswith("PL-")
    assert [(act["kind"], act["is_bill"], bool(act["fulfils"])) for act in frozen["acts"]] == [
        ("law", True, False), ("cabinet_resolution", False, True),
    ]  # fmt: skip
    assert all_pages(anybody, f"packages/?act={frozen['acts'][1]['number']}") == [frozen]


# --- whose -------------------------------------------------------------------------------------------


def test_drafts_are_for_their_own_people(world: World, anybody: Client) -> None:
    number = world.number("written")
    address = f"reviews/{number}/lsg-union/opinion/"
    assert get(anybody, address) == {"in_force": None, "draft": None}
    own = get(world.client("union.officer"), address)["draft"]
    assert own["remarks"]
    assert own["receipt"] is None
    for other in ("cities.officer", "finance.signatory", "chamber.auditor", "admin.first"):
        assert get(world.client(other), address)["draft"] is None


def test_unsent_answers_and_replies_are_for_their_own_people(world: World, anybody: Client) -> None:
    answered, replied = world.number("answered"), world.number("replied")
    assert _of(anybody, "answers/", answered) == []
    assert [a["sent_at"] for a in _of(world.client("finance.drafter"), "answers/", answered)] == [None]
    assert {a["reply"] for a in _of(anybody, "answers/", replied) if a["remark"] == 1} == {None}
    own = [a for a in _of(world.client("union.signatory"), "answers/", replied) if a["reply"]]
    assert [a["reply"]["sent_at"] for a in own] == [None]
    inside = [r["answer"] for r in _of(anybody, "remarks/", answered)]
    assert inside == [None] * len(inside)


def test_own_acts_in_preparing_stand_among_the_others(world: World, anybody: Client) -> None:
    tokens = {name: world.ways[name].act.token for name in ("preparing", "other")}
    for key, mine in (("finance.drafter", {"preparing"}), ("water.signatory", {"other"}), (ANYBODY, set())):
        seen = {row["reference"] for row in all_pages(world.client(key), "acts/?page_size=5")}
        assert {name for name, token in tokens.items() if token in seen} == mine


# --- how it comes ------------------------------------------------------------------------------------


def test_pages_lead_through_everything_once(world: World, anybody: Client) -> None:
    for name in LISTS:
        whole = get(anybody, f"{name}/?page_size=100")["results"]
        assert all_pages(anybody, f"{name}/?page_size=1") == whole, name
        assert len(whole) >= 1, name
    provisions = f"acts/{world.number('certified')}/versions/1/provisions/"
    assert (
        all_pages(anybody, provisions + "?page_size=2")
        == get(anybody, provisions + "?page_size=100")["results"]
    )


def test_pages_lead_back(anybody: Client) -> None:
    first = get(anybody, "remarks/?page_size=3")
    second = anybody.get(first["next"]).json()
    assert anybody.get(second["previous"]).json()["results"] == first["results"]


def test_a_cursor_tells_nothing_and_is_not_made_by_hand(anybody: Client) -> None:
    following = get(anybody, "remarks/?page_size=1")["next"]
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    inside = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert not re.search(rb"[0-9]{2,}", inside) or b"[" not in inside
    for wrong in (cursor[:-4] + "AAAA", "cD0xMjM=", "", "ы", "A" * 5000, "%00"):
        refused = anybody.get(f"{V1}remarks/", {"cursor": wrong})
        assert refused.status_code == 400, wrong
        assert "cursor" in refused.json()["fields"]
    assert anybody.get(f"{V1}acts/", {"cursor": cursor}).status_code == 400  # of another list


def test_no_internal_id_and_no_local_time(world: World, anybody: Client) -> None:
    found: list[tuple[str, Any]] = []

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for inner in value:
                walk(inner, path)
        else:
            found.append((path, value))

    for name in LISTS:
        walk(get(anybody, f"{name}/?page_size=100"), name)
    assert not [path for path, _ in found if path.rsplit(".", 1)[1] in {"id", "pk", "email", "full_name"}]
    moments = [(path, value) for path, value in found if path.endswith("_at") and value]
    assert len(moments) > 50
    for path, value in moments:
        assert value.endswith("Z"), path
        assert datetime.fromisoformat(value).utcoffset() is not None


QUERIES = {
    "acts/": 1, "consultations/": 3, "reviews/": 2, "opinions/": 1, "remarks/": 3, "answers/": 2, "protocols/": 2,
    "certificates/": 1, "decisions/": 1, "acts/{act}/": 2, "acts/{act}/versions/": 8,
    "acts/{act}/versions/1/provisions/": 2, "acts/?initiator=minfin": 2,
    "acts/?stage=open&q=бюджет": 2,  # whether the words are found as typed; only else near ones
}  # fmt: skip


@pytest.mark.parametrize("path", QUERIES)
def test_queries_do_not_grow_with_rows(path: str, world: World, anybody: Client) -> None:
    path, expected = path.format(act=world.number("certified")), QUERIES[path]
    sizes = ("&page_size=1", "&page_size=100") if "?" in path else ("?page_size=1", "?page_size=100")
    for size in sizes:
        with CaptureQueriesContext(connection) as caught:
            get(anybody, path + size)
        assert len(caught) == expected, "\n".join(query["sql"][:200] for query in caught)


def test_filters_are_those_of_the_pages(world: World, anybody: Client) -> None:
    assert {a["initiator"]["code"] for a in all_pages(anybody, "acts/?initiator=minagro")} == {"minagro"}
    expired = {a["number"] for a in all_pages(anybody, "acts/?stage=expired")}
    assert world.number("expired") in expired
    assert world.number("certified") not in expired
    assert {p["kind"] for p in all_pages(anybody, "protocols/?kind=PD")} == {"PD"}
    assert world.number("mended") in {
        a["number"] for a in all_pages(anybody, f"acts/?q={world.number('mended')}")
    }
    filed = {r["filed_at"] is not None for r in all_pages(anybody, "reviews/?filed=false")}
    assert filed == {False}
    answered = all_pages(anybody, f"remarks/?act={world.number('certified')}&answered=false")
    assert answered == []


def test_a_description_made_before_keeps_no_filter_from_its_choices(world: World, anybody: Client) -> None:
    assert anybody.get("/api/schema/").status_code == 200
    found = get(anybody, "acts/?initiator=minagro&association=&year=2026")["results"]
    assert {act["initiator"]["code"] for act in found} == {"minagro"}


# --- how it describes itself -------------------------------------------------------------------------


def test_answers_are_as_described(world: World, anybody: Client) -> None:
    """Each list and a row of each against the OpenAPI description."""
    described = docs.schema()
    addresses = {f"/api/v1/{name}/": f"/api/v1/{name}/" for name in LISTS}
    addresses["/api/v1/acts/{act}/"] = f"/api/v1/acts/{world.number('certified')}/"
    addresses["/api/v1/reviews/{act}/{association}/opinion/"] = (
        f"/api/v1/reviews/{world.number('certified')}/cities/opinion/"
    )
    addresses["/api/v1/acts/{act}/versions/"] = f"/api/v1/acts/{world.number('certified')}/versions/"
    for path, url in addresses.items():
        answer = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        # OpenAPI 3.0 says "nullable" where JSON Schema says null.
        schema = _nullable({**answer, "components": described["components"]})
        errors = list(Draft4Validator(schema).iter_errors(anybody.get(url).json()))
        assert not errors, (path, errors[0].message, list(errors[0].absolute_path))


def _nullable(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_nullable(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    # Without a check of formats an empty text is also a uri: one of two becomes any of two.
    plain = {("anyOf" if key == "oneOf" else key): _nullable(inner) for key, inner in schema.items()}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


@pytest.mark.parametrize("accept", ["application/vnd.oai.openapi", "application/vnd.oai.openapi+json"])
def test_the_description_can_be_fetched(accept: str, anybody: Client) -> None:
    response = anybody.get("/api/schema/", HTTP_ACCEPT=accept)
    assert response.status_code == 200
    assert b"/api/v1/reviews/{act}/{association}/opinion/submit" in response.content


def test_every_refusal_is_described() -> None:
    paths = docs.schema()["paths"]
    submit = paths["/api/v1/reviews/{act}/{association}/opinion/submit"]["post"]["responses"]
    assert set(submit) == {"200", "201", "400", "403", "404", "409", "429"}
    assert {"200", "400"} <= set(paths["/api/v1/acts/"]["get"]["responses"])
    assert {"200", "404"} <= set(paths["/api/v1/acts/{act}/"]["get"]["responses"])


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_people_read_the_description_on_a_page(language: str, anybody: Client) -> None:
    response = anybody.get(f"/{language}/api/")
    text = response.content.decode()
    assert response.status_code == 200
    for path, methods in docs.schema()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in text
    main = text[text.index("<main") : text.index("</main>")]
    assert not re.search(r"<script|style=|https?://", main)


def test_the_bare_address_leads_to_the_page(anybody: Client) -> None:
    response = anybody.get("/api/", HTTP_ACCEPT_LANGUAGE="ru")
    assert (response.status_code, response["Location"]) == (302, "/ru/api/")


def test_refusals_speak_the_readers_language(anybody: Client) -> None:
    said = {
        language: json.loads(anybody.get(f"{V1}acts/0/", HTTP_ACCEPT_LANGUAGE=language).content)["message"]
        for language in ("ky", "ru", "en")
    }
    assert len(set(said.values())) == 3, said
