"""Merging wordings into an act: one provision says something else, every other one stays, every eid names its own."""

import dataclasses

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.legal_text import docx_export, merging, messages, reader, structure
from apps.legal_text.errors import MergingRefused
from tests.legal_text import acts, drafting
from tests.legal_text.test_export import read_back

HEAD = ("ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О примере")
NEW = st.sampled_from(
    [
        "Решают кенеши по согласованию с ассоциацией.",
        "жооп берет жана отчёт түзөт;",
        "Новые слова:",
        "(в скобках)",
    ]
)


def read(*lines):
    return structure.parse("\n".join((*HEAD, *lines)), lang="ru")


ACT = read(
    "Статья 1. Предмет", "1. Первая часть.", "2. Вторая часть:", "1) пункт;", "Статья 2. Сроки", "Три дня."
)


def at(act, eid):
    return acts.by_eid(act)[eid]


def test_a_wording_takes_the_place_of_the_words_of_its_provision_alone():
    merged = merging.merge(ACT, {"art_1__para_2": "Вторая часть, с учётом мнения:"})

    assert merged.changed == ("art_1__para_2",)
    assert at(merged.act, "art_1__para_2").text == "Вторая часть, с учётом мнения:"
    assert [u for u in merged.act.provisions if u.eid != "art_1__para_2"] == [
        u for u in ACT.provisions if u.eid != "art_1__para_2"
    ]


@pytest.mark.parametrize("typed", ["2. Иначе.", "Иначе.", "  Иначе. \n\n"])
def test_the_number_may_be_typed_or_not(typed):
    merged = merging.merge(ACT, {"art_1__para_2": typed})

    assert (at(merged.act, "art_1__para_2").label, at(merged.act, "art_1__para_2").text) == ("2.", "Иначе.")


def test_a_number_that_only_looks_like_that_of_the_provision_is_a_word_of_its_text():
    merged = merging.merge(ACT, {"art_1__para_2": "2.5 процента доходов:"})

    assert at(merged.act, "art_1__para_2").text == "2.5 процента доходов:"


def test_a_title_stands_on_the_first_line_and_the_text_below():
    assert merging.words(at(ACT, "art_2")) == "Сроки\nТри дня."

    merged = merging.merge(ACT, {"art_2": "Сроки и порядок\nПять дней."})

    assert (at(merged.act, "art_2").heading, at(merged.act, "art_2").text) == (
        "Сроки и порядок",
        "Пять дней.",
    )


def test_the_same_words_change_nothing():
    assert merging.merge(ACT, {unit.eid: merging.words(unit) for unit in ACT.provisions}).changed == ()


@pytest.mark.parametrize(
    ("eid", "typed", "code"),
    [
        ("art_9", "Слова.", "unknown_unit"),
        ("art_1__para_1", " \n ", "empty"),
        ("art_2", "Только название", "empty"),
        ("art_1__para_1", "Одно.\nДругое.", "too_many_lines"),
        ("art_1__para_1", "3. Другая часть.", "another_unit"),
        ("art_1__para_1", "1) пункт;", "another_unit"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_place(eid, typed, code):
    with pytest.raises(MergingRefused) as refused:
        merging.merge(ACT, {eid: typed})

    assert (refused.value.code, refused.value.eid) == (code, eid)
    assert refused.value.message == messages.MERGING[code]


def test_a_text_that_would_shift_the_count_of_the_paragraphs_below_is_refused():
    act = read("Статья 1. А", "1. Часть.", "Глава 2. Б", "Статья 2. В", "1) пункт;", "абзац.")
    point = at(act, "art_2__point_1")
    assert point.text == "пункт;"
    assert at(act, "art_2__point_1__al_2")
    bare = dataclasses.replace(
        act,
        provisions=tuple(
            dataclasses.replace(u, text=None) if u.eid == point.eid
            else dataclasses.replace(u, eid="art_2__point_1__al_1") if u.eid == "art_2__point_1__al_2" else u
            for u in act.provisions
        ),
    )  # fmt: skip

    with pytest.raises(MergingRefused) as refused:
        merging.merge(bare, {point.eid: "пункт;"})

    assert refused.value.code == "moves_others"


@pytest.mark.parametrize(
    ("eid", "wording", "words"),
    [
        ("art_1__para_2", "2. Вторая часть, с учётом мнения:", "Вторая часть, с учётом мнения:"),
        ("art_1__para_2", "… с учётом мнения ассоциаций", "Вторая часть:"),
        ("art_2", "Пять дней.", "Сроки\nПять дней."),
        ("art_2", "Статья 2. Срок\nПять дней.", "Срок\nПять дней."),
        ("art_2", "Сроки\nПять дней.", "Сроки\nПять дней."),
        ("art_2", "", "Сроки\nТри дня."),
    ],
)
def test_a_proposed_wording_is_put_where_it_is_meant(eid, wording, words):
    assert merging.fitted(at(ACT, eid), wording) == words


def test_where_a_reading_is_not_the_wanted_one():
    merged = merging.merge(ACT, {"art_1__para_1": "Иначе."}).act

    assert merging.astray(merged, merged) == {}
    assert merging.astray(merged, ACT) == {"art_1__para_1": ("text",)}
    shorter = dataclasses.replace(ACT, provisions=ACT.provisions[:-1])
    assert merging.astray(ACT, shorter) == {"art_2": ("missing",)}
    assert merging.astray(shorter, ACT) == {"art_2": ("added",)}
    turned = dataclasses.replace(ACT, provisions=ACT.provisions[::-1])
    assert set(merging.astray(ACT, turned).values()) == {("order",)}


def test_a_merged_act_written_as_word_reads_back_as_the_merged_provisions():
    merged = merging.merge(ACT, {"art_1__para_1": "Иначе.", "art_2": "Срок\nПять дней."}).act

    assert merging.astray(merged, reader.read(docx_export.export(merged))) == {}


@settings(max_examples=120, deadline=None)
@given(drafting.drafts(), st.data())
def test_whatever_is_merged_all_other_provisions_stay_and_every_eid_names_its_own(draft, data):
    act = structure.parse("\n".join(draft), lang="ru")
    chosen = data.draw(st.lists(st.sampled_from([u.eid for u in act.provisions]), max_size=4, unique=True))
    wordings = {eid: merging.fitted(at(act, eid), data.draw(NEW)) for eid in chosen}

    try:
        merged = merging.merge(act, wordings)
    except MergingRefused:
        assume(False)

    assert [u.eid for u in merged.act.provisions] == [u.eid for u in act.provisions]
    for old, new in zip(act.provisions, merged.act.provisions, strict=True):
        if old.eid in merged.changed:
            assert merging.words(new) == wordings[old.eid]
            assert (old.number, old.label, old.parent) == (new.number, new.label, new.parent)
        else:
            assert old == new
    assert set(merged.changed) <= set(chosen)


@settings(max_examples=60, deadline=None)
@given(drafting.drafts(), st.data())
def test_what_a_merged_act_reads_back_as_is_equal_or_said_to_be_astray_at_a_changed_place(draft, data):
    act = structure.parse("\n".join(draft), lang="ru")
    eid = data.draw(st.sampled_from([u.eid for u in act.provisions]))
    try:
        merged = merging.merge(act, {eid: merging.fitted(at(act, eid), data.draw(NEW))})
    except MergingRefused:
        assume(False)

    again = read_back(merged.act)

    if merging.astray(merged.act, again):
        assert merged.changed
    else:
        assert [u.eid for u in again.provisions] == [u.eid for u in act.provisions]
