"""Mending a reading by hand: what becomes of units and eids, what is refused, and that no character is ever lost."""

import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.legal_text import mending, messages, outline, provisions, steps, structure
from apps.legal_text.errors import MendingRefused
from apps.legal_text.provisions import Provision
from tests.legal_text import acts, drafting

HEAD = ("ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О примере")


def read(*lines):
    return structure.parse("\n".join((*HEAD, *lines)), lang="ru")


def eids(act):
    return [provision.eid for provision in act.provisions][1:]


def at(act, eid):
    return acts.by_eid(act)[eid]


def tree(act):
    return [(p.eid, p.parent) for p in act.provisions][1:]


def test_a_point_glued_to_another_is_split_off_and_takes_what_follows():
    act = read("Статья 1. А", "1. Часть:", "1) первый; 2) второй:", "а) буква;", "2. Дальше.")

    mended = mending.split(act, "art_1__para_1__point_1", len("первый; "))

    assert eids(mended) == [
        "art_1", "art_1__para_1", "art_1__para_1__point_1", "art_1__para_1__point_2",
        "art_1__para_1__point_2__subpoint_a", "art_1__para_2",
    ]  # fmt: skip
    assert (at(mended, "art_1__para_1__point_2").label, at(mended, "art_1__para_1__point_2").text) == (
        "2)",
        "второй:",
    )


def test_an_article_glued_to_another_is_split_off_and_takes_its_parts():
    act = read(
        "Глава 1. А",
        "Статья 1. А",
        "Текст. Статья 2. Название",
        "1. Часть.",
        "Абзац.",
        "Статья 3. Б",
        "Текст.",
    )

    mended = mending.split(act, "art_1", len("Текст. "))

    assert tree(mended)[1:] == [
        ("art_1", "chp_1"), ("art_2", "chp_1"), ("art_2__para_1", "art_2"), ("art_2__para_1__al_2", "art_2__para_1"),
        ("art_3", "chp_1"),
    ]  # fmt: skip
    assert at(mended, "art_2").heading == "Название"


def test_a_split_without_a_number_makes_a_counted_paragraph():
    act = read("Статья 1. А", "Первое. Второе.", "Третье.")

    mended = mending.split(act, "art_1", len("Первое."))

    assert [(u.eid, u.text) for u in acts.of_kind(mended, "indent")] == [
        ("art_1__al_2", "Второе."),
        ("art_1__al_3", "Третье."),
    ]


def test_the_rest_of_a_heading_becomes_text():
    act = read("Статья 1. Название Настоящий Закон")

    mended = mending.split(act, "art_1", len("Название "), field="heading")

    assert (at(mended, "art_1").heading, at(mended, "art_1").text) == ("Название", "Настоящий Закон")


def test_text_that_is_title_becomes_it_and_the_next_paragraph_the_text():
    act = read(
        "Статья 1. Полномочия Жогорку Кенеша",
        "Кыргызской Республики",
        "Принимает законы.",
        "Ещё.",
        "1. Часть.",
    )
    assert [(doubt.code, doubt.line) for doubt in act.doubts] == [("title_or_text", 4)]

    mended = mending.entitle(act, "art_1")

    assert (at(mended, "art_1").heading, at(mended, "art_1").text) == (
        "Полномочия Жогорку Кенеша Кыргызской Республики",
        "Принимает законы.",
    )
    assert eids(mended) == ["art_1", "art_1__al_2", "art_1__para_1"]
    assert mended.doubts == ()


def test_who_divides_title_and_text_has_answered_which_is_which():
    act = read("Статья 1. Настоящий Закон", "вступает в силу завтра.", "Ещё.")
    assert [doubt.code for doubt in act.doubts] == ["title_or_text"]

    mended = mending.split(act, "art_1", len("Настоящий "), field="heading")

    assert mended.doubts == ()


def test_a_doubt_keeps_the_page_it_was_printed_on():
    act = read("Статья 1. А", "Текст.", "Статья 3. Б", "1. Один.", "2. Два.")
    printed = dataclasses.replace(act.doubts[0], code="latin_letter", page=7, page_line=12)

    mended = mending.merge(dataclasses.replace(act, doubts=(printed,)), "art_3__para_2")

    assert [(d.code, d.eid, d.page, d.page_line) for d in mended.doubts if d.page] == [
        ("latin_letter", "art_3", 7, 12)
    ]


def test_a_mention_taken_for_a_heading_is_merged_back_and_its_parts_find_their_article():
    act = read("Статья 1. А", "1. По закону", "Статья 2. Применяется", "2. Часть.", "3. Часть.")
    assert "art_2__para_2" in eids(act)

    mended = mending.merge(act, "art_2")

    assert eids(mended) == ["art_1", "art_1__para_1", "art_1__para_2", "art_1__para_3"]
    assert at(mended, "art_1__para_1").text == "По закону Статья 2. Применяется"
    assert mended.doubts == ()


def test_words_may_go_on_with_a_heading():
    act = read("Статья 1. Порядок", "а) и условия", "1. Текст.")

    mended = mending.merge(act, "art_1__subpoint_a", field="heading")

    assert eids(mended) == ["art_1", "art_1__para_1"]
    assert at(mended, "art_1").heading == "Порядок а) и условия"


def test_levels_go_in_and_out():
    act = read("Статья 1. А", "1. Один.", "2. Два:", "1) пункт;", "абзац.", "3. Три.")

    deeper = mending.inward(act, "art_1__para_2")
    back = mending.outward(deeper, "art_1__para_1__point_2")

    assert "art_1__para_1__point_2" in eids(deeper)
    assert at(deeper, "art_1__para_1__point_1").parent == "art_1__para_1"
    assert eids(back)[:3] == ["art_1", "art_1__para_1", "art_1__para_2"]


def test_a_paragraph_with_a_number_becomes_the_unit_it_names():
    act = read("Статья 1. А", "Текст.", "Статья 7 Закона о чем-то", "1. Часть.", "2. Часть.")
    assert at(act, "art_1__al_2").kind == "indent"

    mended = mending.outward(act, "art_1__al_2")

    assert tree(mended) == [
        ("art_1", None), ("art_7", None), ("art_7__para_1", "art_7"), ("art_7__para_2", "art_7"),
    ]  # fmt: skip
    assert [doubt.code for doubt in mended.doubts] == ["number_gap"]


def test_a_heading_without_a_number_becomes_a_chapter_over_what_follows():
    act = read("Статья 1. А", "Текст.", "Общие положения", "Статья 2. Б", "Текст.")

    mended = mending.relevel(act, "art_1__al_2", "chapter")

    assert tree(mended) == [("art_1", None), ("chp_1", None), ("art_2", "chp_1")]


def test_a_unit_renumbered_has_its_new_eid_and_what_stands_in_it_too():
    act = read("Статья 24. А", "Текст.", "Статья 241. Б", "1. Текст.", "Статья 25. В", "Текст.")

    mended = mending.renumber(act, "art_24-1", "241")

    assert eids(mended) == ["art_24", "art_241", "art_241__para_1", "art_25"]
    assert at(mended, "art_241").label == "Статья 241."
    assert {doubt.code for doubt in mended.doubts} == {"number_gap", "number_order"}
    assert mending.renumber(mended, "art_241", "24-1").doubts[0].code == "number_gap"


def test_two_units_of_one_number_are_doubted_and_a_letter_is_a_number_of_a_sub_point():
    act = read("Статья 1. А", "1. Текст:", "1) п:", "а) б;", "2. Текст.")

    assert "art_1__para_1-dup2" in eids(mending.renumber(act, "art_1__para_2", "1"))
    assert "art_1__para_1__point_1__subpoint_zh-1" in eids(
        mending.renumber(act, "art_1__para_1__point_1__subpoint_a", "ж1")
    )


def test_an_annex_begins_where_a_person_says_and_takes_all_that_follows():
    act = read(
        "Статья 1. А",
        "Текст.",
        "Статья 2. Б",
        "1. Часть.",
        "ФОРМА ОТЧЕТА",
        "1. Графа.",
        "2. Графа:",
        "1) пункт.",
    )

    mended = mending.mark_annex(act, "art_2__para_1__al_2")

    assert tree(mended)[2:] == [
        ("art_2__para_1", "art_2"), ("att_1", None), ("att_1__point_1", "att_1"), ("att_1__point_2", "att_1"),
        ("att_1__point_2__point_1", "att_1__point_2"),
    ]  # fmt: skip
    assert at(mended, "att_1").heading == "ФОРМА ОТЧЕТА"


AMENDING = (
    "Статья 1.",
    "Внести изменения:",
    "1) пункт 2 изложить в следующей редакции:",
    '"2) новый.";',
    "2) слова исключить.",
)
REFUSED = {
    "words_not_found": lambda act: steps.place_of(at(act, "art_1"), "таких нет"),
    "words_twice": lambda act: steps.place_of(
        Provision("art_1", "article", "1", None, None, "за за", None), "за"
    ),
    "unknown_unit": lambda act: mending.split(act, "art_9", 1),
    "nothing_before": lambda act: mending.merge(act, "preamble"),
    "empty_side": lambda act: mending.split(act, "art_1", 0),
    "fixed_kind": lambda act: mending.inward(act, "preamble"),
    "no_further": lambda act: mending.relevel(act, "art_1", "article"),
    "needs_number": lambda act: mending.relevel(mending.split(act, "art_1", 7), "art_1__al_2", "article"),
    "not_numbered": lambda act: mending.renumber(act, "preamble", "1"),
    "not_titled": lambda act: mending.entitle(act, "art_1__point_1"),
    "bad_number": lambda act: mending.renumber(act, "art_1", "первая"),
    "holds_units": lambda act: mending.merge(act, "art_1__point_1__qstr_1"),
    "inside_other": lambda act: mending.mark_annex(act, "art_1__point_1__qstr_1__point_2"),
}


@pytest.mark.parametrize("code", messages.MENDING)
def test_what_makes_no_sense_is_refused_by_name(code):
    with pytest.raises(MendingRefused) as refusal:
        REFUSED[code](read(*AMENDING))

    assert (refusal.value.code, refusal.value.message) == (code, messages.MENDING[code])


def test_a_reading_that_nobody_mends_stays_what_it_was(real_acts, forms):
    for act in (*real_acts.values(), *forms.values()):
        again = outline.Outline(act).finished()

        assert again.provisions == act.provisions
        assert {(d.code, d.eid) for d in again.doubts} == {(d.code, d.eid) for d in act.doubts}


def assert_in_order(act):
    """Eids are one of a kind, and every unit stands in the one before it or around that one."""
    parents = {provision.eid: provision.parent for provision in act.provisions}
    assert len(parents) == len(act.provisions)
    around = set()
    for provision in act.provisions:
        assert provision.parent is None or provision.parent in around
        eid = provision.eid
        around = set()
        while eid is not None:
            around.add(eid)
            eid = parents[eid]


def step(act, choice, number):
    """One of the steps, at some unit; the same reading where it is refused."""
    unit = act.provisions[number % len(act.provisions)]
    length = len(unit.text or "")
    steps = {
        "split": lambda: mending.split(act, unit.eid, number % (length + 1)),
        "split heading": lambda: mending.split(act, unit.eid, number % 9, field="heading"),
        "split at a number": lambda: mending.split(act, unit.eid, _number_in(unit.text)),
        "merge": lambda: mending.merge(act, unit.eid),
        "inward": lambda: mending.inward(act, unit.eid),
        "outward": lambda: mending.outward(act, unit.eid),
        "relevel": lambda: mending.relevel(act, unit.eid, outline.LADDER[number % len(outline.LADDER)]),
        "renumber": lambda: mending.renumber(act, unit.eid, f"{number % 30}-{number % 3}"),
        "entitle": lambda: mending.entitle(act, unit.eid),
        "mark annex": lambda: mending.mark_annex(act, unit.eid),
    }
    try:
        return steps[choice]()
    except MendingRefused:
        return act


def _number_in(text):
    found = re.search(r".\b(?=\d+[.)])", text or "")
    return found.end() if found else 0


STEPS = st.sampled_from(
    [
        "split",
        "split heading",
        "split at a number",
        "merge",
        "merge",
        "inward",
        "outward",
        "relevel",
        "renumber",
        "entitle",
        "mark annex",
    ]
)


@settings(max_examples=50, deadline=None)
@given(drafting.drafts(), st.lists(st.tuples(STEPS, st.integers(0, 10_000)), min_size=1, max_size=6))
def test_whatever_is_mended_no_character_is_lost_and_the_outline_holds(draft, choices):
    act = structure.parse("\n".join(draft), lang="ru")
    whole = acts.joined(act)

    for choice, number in choices:
        act = step(act, choice, number)

        assert acts.joined(act) == whole
        assert_in_order(act)
        assert provisions.from_dict(provisions.as_dict(act)) == act
