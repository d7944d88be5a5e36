"""Whole acts, hostile texts, and the command that screens lines."""

from __future__ import annotations

import io
import json
import sys
import time

import pytest
from django.core.management import call_command

from apps.legal_text import reader
from apps.legal_text.provisions import Provision, ReadAct
from apps.legal_text.screening import CABINET, MINISTRY, screen, screen_provisions
from tests.legal_text import acts


def act_of(*rows: tuple[str, str, str, str | None], language: str = "ru") -> ReadAct:
    """Rows of (eid, kind, text, parent)."""
    provisions = tuple(
        Provision(eid, kind, None, None, None, text, parent) for eid, kind, text, parent in rows
    )
    return ReadAct("law", None, language, False, (), provisions)


def test_the_water_code_gives_its_delegations_at_their_articles() -> None:
    act = reader.read((acts.ACTS / acts.WATER_CODE).read_bytes(), filename=acts.WATER_CODE)

    found = [item for item in screen_provisions(act) if item.label == "reference_norm"]

    texts = {provision.eid: provision.text for provision in act.provisions}
    assert all(texts[item.eid][item.start : item.end] == item.phrase for item in found)
    eids = {item.eid for item in found}
    assert {"art_38__para_2", "art_48__para_1", "art_84__para_2", "art_76__para_1", "art_64"} <= eids
    # the make-up of a council, a single zone, a decision of a local kenesh
    assert not {"art_9__para_2", "art_79__para_2", "art_67__para_1", "art_40__para_2-1"} & eids


@pytest.mark.parametrize(
    ("lead", "item", "authority"),
    [
        ("Кабинет Министров:", "утверждает порядок ведения реестра;", CABINET),
        (
            "К полномочиям уполномоченного государственного органа относятся:",
            "утверждение правил учета;",
            MINISTRY,
        ),
        ("Поручить Правительству Кыргызской Республики:", "разработать и утвердить порядок учета;", CABINET),
        ("Кабинетом Министров утверждаются:", "порядок ведения реестра;", CABINET),
        ("Кабинет Министров утверждает:", "программу развития;", None),
        ("Местными кенешами утверждаются:", "порядок ведения реестра;", None),
        ("Местные кенеши:", "утверждают порядок ведения реестра;", None),
        ("Исполнительный орган местного самоуправления:", "утверждает порядок ведения реестра;", None),
    ],
)
def test_an_item_is_a_delegation_when_its_lead_names_the_executive(lead, item, authority) -> None:
    act = act_of(("art_1", "article", lead, None), ("art_1__point_1", "point", item, "art_1"))

    found = [hit for hit in screen_provisions(act) if hit.label == "reference_norm"]

    assert [hit.delegation.authority for hit in found] == ([authority] if authority else [])


@pytest.mark.parametrize(
    ("lead", "item", "authority"),
    [
        ("Министрлер Кабинети төмөнкүлөрдү бекитет:", "реестрди жүргүзүүнүн тартибин;", CABINET),
        ("Министрлер Кабинетинин ыйгарым укуктарына кирет:", "эсепке алуунун эрежелерин бекитүү;", CABINET),
        ("Жергиликтүү кеңештер:", "эрежелерди бекитет;", None),
    ],
)
def test_a_kyrgyz_item_follows_its_lead_too(lead, item, authority) -> None:
    act = act_of(("art_1", "article", lead, None), ("art_1__point_1", "point", item, "art_1"), language="ky")

    found = [hit for hit in screen_provisions(act) if hit.label == "reference_norm"]

    assert [hit.delegation.authority for hit in found] == ([authority] if authority else [])


def test_a_heading_delegates_nothing_and_still_names_local_self_government() -> None:
    heading = "Порядок, установленный Кабинетом Министров для местных бюджетов"
    act = ReadAct(
        "law", None, "ru", False, (), (Provision("art_1", "article", "1", "Статья 1.", heading, None, None),)
    )

    assert [(hit.label, hit.part, hit.phrase) for hit in screen_provisions(act)] == [
        ("concerns_lsg", "heading", "местных бюджетов")
    ]


@pytest.mark.parametrize(
    "unit",
    [
        "Порядок устанавливается Кабинетом Министров ",
        "Министрлер Кабинети тарабынан бекитилет ",
        "местн",
        "(",
        "а, ",
    ],
)
def test_a_long_run_of_one_phrase_takes_time_in_proportion(unit) -> None:
    text = (unit * (80_000 // len(unit)))[:80_000]
    started = time.monotonic()

    screen(text, "ky" if "тарабынан" in unit else "ru")

    assert time.monotonic() - started < 6


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x01\ufffe", "1)", ".", ";;;", "«", "\ud800", "İ" * 50, "Порядок\n\n"]
)
@pytest.mark.parametrize("lang", ["ru", "ky", None])
def test_what_says_nothing_gives_nothing(text, lang) -> None:
    screened = screen(text, lang)

    assert (screened.delegations, screened.lsg_evidence, screened.budget_evidence) == ((), (), ())


def answers(monkeypatch, capsys, *given: bytes) -> list[dict[str, object]]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(given)), encoding="utf-8"))
    call_command("screen_text")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_screen_text_answers_every_line_in_order_and_goes_on_after_a_bad_one(monkeypatch, capsys) -> None:
    good = json.dumps({"text": "Порядок определяется Кабинетом Министров.", "lang": "ru"}).encode()

    told = answers(
        monkeypatch, capsys, good, b"{", b"[1]", b'{"text": 1}', b'{"text": "x", "lang": "en"}', b"\xff\xfe",
        b'{"text": "\\ud800"}', b"", good,
    )  # fmt: skip

    assert [line.get("error") for line in told] == [
        None, "not_json", "no_text", "no_text", "unknown_lang", "not_json", None, "not_json", None,
    ]  # fmt: skip
    assert told[0] == told[-1]
    assert (told[0]["reference_norm"], told[0]["authority"]) == (True, "cabinet")
    assert told[0]["phrases"] == ["Порядок определяется Кабинетом Министров"]
