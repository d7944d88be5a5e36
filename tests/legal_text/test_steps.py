"""Steps of mending as plain values: each leads to the unit it made, and the same steps give the same reading again."""

import json
import random

import pytest

from apps.legal_text import mending, steps, structure
from apps.legal_text.errors import MendingRefused
from apps.legal_text.outline import LADDER
from tests.legal_text import acts

LAW = """ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ
О местном бюджете
Статья 1. Цель
Настоящий Закон определяет полномочия.
Статья 2. Орган
1. Кенеш утверждает бюджет. 2. Орган готовит проект:
1) за год;
2) за квартал.
Статья 3. Последняя
Текст.
Порядок. Его виды.
"""
ACT = structure.parse(LAW)


@pytest.mark.parametrize(
    ("step", "leads_to"),
    [
        ({"do": "split", "eid": "art_2__para_1", "words": "2. Орган"}, "art_2__para_2"),
        ({"do": "split", "eid": "art_2__para_1", "field": "text", "at": 24}, "art_2__para_2"),
        ({"do": "merge", "eid": "art_2__para_1__point_2"}, "art_2__para_1__point_1"),
        ({"do": "in", "eid": "art_2__para_1__point_2"}, "art_2__para_1__point_1__subpoint_2"),
        ({"do": "out", "eid": "art_2__para_1__point_2"}, "art_2__para_2"),
        ({"do": "kind", "eid": "art_2__para_1__point_2", "kind": "indent"}, "art_2__para_1__point_1__al_2"),
        ({"do": "renumber", "eid": "art_3", "number": "3¹"}, "art_3-1"),
        ({"do": "annex", "eid": "art_3__al_2"}, "att_1"),
    ],
)
def test_a_step_leads_to_the_unit_it_made(step: dict, leads_to: str) -> None:
    mended = steps.apply(ACT, json.loads(json.dumps(step)))

    assert mended.eid == leads_to
    assert acts.joined(mended.act) == acts.joined(ACT)


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"do": "merge", "eid": "art_99"}, "unknown_unit"),
        ({"do": "erase", "eid": "art_1"}, "no_further"),
        ({"do": "kind", "eid": "art_1", "kind": "annexe"}, "no_further"),
        ({"do": "kind", "eid": "art_1"}, "no_further"),
        ({"do": "split", "eid": "art_1"}, "empty_side"),
        ({"do": "split", "eid": "art_1", "field": "label", "at": 9000}, "empty_side"),
        ({"do": "split", "eid": "art_1", "words": "нет таких слов"}, "words_not_found"),
        ({"do": "split", "eid": "art_2__para_1", "words": "е"}, "words_not_found"),
        ({"do": "renumber", "eid": "art_1", "number": "1; DROP"}, "bad_number"),
        ({"do": "renumber", "eid": "art_1"}, "bad_number"),
        ({}, "unknown_unit"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(step: dict, code: str) -> None:
    with pytest.raises(MendingRefused) as refusal:
        steps.apply(ACT, step)

    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    ("typed", "number"), [("24¹", "24-1"), (" 24-1. ", "24-1"), ("24.1", "24-1"), ("IV", "4"), ("в)", "в")]
)
def test_a_number_is_typed_as_it_is_printed(typed: str, number: str) -> None:
    assert steps.number_of(typed) == number


def test_places_are_offered_where_lines_sentences_and_numbers_begin() -> None:
    unit = acts.by_eid(ACT)["art_2__para_1"]

    assert [place.words[:8] for place in steps.places(unit)] == ["2. Орган"]
    assert [steps.place_of(unit, place.words) for place in steps.places(unit)] == steps.places(unit)


def test_the_same_steps_on_a_real_act_give_the_same_reading_again() -> None:
    first = act = structure.parse(acts.text(acts.KY_AMENDING_LAW))
    dice, taken = random.Random(7), []

    for _ in range(40):
        unit = dice.choice(act.provisions)
        step: dict = {
            "do": dice.choice(steps.DOES),
            "eid": unit.eid,
            "kind": dice.choice(LADDER),
            "number": "7-1",
        }
        for place in steps.places(unit)[:1]:
            step |= {"field": place.field, "at": place.at}
        try:
            mended = steps.apply(act, step)
        except MendingRefused:
            continue
        taken.append(step)
        act = mended.act
        assert mended.eid in {p.eid for p in act.provisions}

    again = first
    for step in taken:
        again = steps.apply(again, step).act
    assert len(taken) > 10
    assert again == act
    assert acts.joined(act) == acts.joined(first)
    assert mending.LADDER == LADDER
