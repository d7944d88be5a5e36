"""Two editions compared: what was put in does not change what follows, and a remark never lands on another provision."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.legal_text import compare as comparing
from apps.legal_text import structure
from apps.legal_text.provisions import ReadAct
from tests.legal_text import acts

OLD = """Статья 1. Предмет закона
1. Настоящий Закон определяет порядок согласования проектов актов с ассоциациями местного самоуправления.
2. Закон не распространяется на международные договоры республики.
Статья 2. Местный бюджет
1. Местный бюджет утверждается местным кенешем до начала финансового года.
2. (Утратила силу в соответствии с Законом КР от 1 мая 2020 года № 1)
3. Доходы местного бюджета состоят из налоговых и неналоговых поступлений.
Статья 3. Межбюджетные отношения
1. Выравнивающие трансферты распределяются по формуле, утверждаемой Кабинетом Министров.
2. Проекты решений о трансфертах согласуются с ассоциацией в течение двадцати рабочих дней."""


def read(text: str) -> ReadAct:
    return structure.parse(text, lang="ru")


def compared(new: str, old: str = OLD) -> dict[str, comparing.Difference]:
    rows = comparing.compare(read(old), read(new)).differences
    return {row.old or f"+{row.new}": row for row in rows}


def test_an_article_put_in_renumbers_what_follows_and_changes_nothing():
    new = OLD.replace("Статья 3.", "Статья 4.").replace("Статья 2.", "Статья 3.")
    inserted = "Статья 2. Принципы\n1. Открытость и доступ к сведениям обязательны для обеих сторон.\n"
    new = new.replace("Статья 3. Местный", f"{inserted}Статья 3. Местный")

    rows = compared(new)

    assert rows["+art_2"].states == rows["+art_2__para_1"].states == ("added",)
    assert (rows["art_2"].new, rows["art_2"].states) == ("art_3", ("renumbered",))
    assert (rows["art_3__para_2"].new, rows["art_3__para_2"].states) == ("art_4__para_2", ("unchanged",))
    assert not any("changed" in row.states for row in rows.values())


def test_changed_words_are_told_one_by_one():
    new = OLD.replace("в течение двадцати рабочих дней", "в течение тридцати дней")

    row = compared(new)["art_3__para_2"]

    assert row.states == ("changed",)
    assert row.sure
    assert [(edit.kind, edit.text) for edit in row.edits] == [
        ("same", "Проекты решений о трансфертах согласуются с ассоциацией в течение"),
        ("gone", " двадцати рабочих"),
        ("new", " тридцати"),
        ("same", " дней."),
    ]


def test_a_paragraph_taken_to_another_article_is_moved_and_one_put_in_its_stead_is_not_it():
    line = "2. Закон не распространяется на международные договоры республики."
    new = (
        OLD.replace(line, "2. Ассоциация вправе запросить любые документы к проекту акта.") + f"\n3{line[1:]}"
    )

    act = comparing.compare(read(OLD), read(new))

    assert act.of_old("art_1__para_2").states == ("moved", "renumbered")
    assert act.follow("art_1__para_2").eid == "art_3__para_3"
    assert "art_1__para_2" in [row.new for row in act.differences if row.states == ("added",)]


def test_a_removed_provision_and_one_said_wholly_anew_lose_their_remarks():
    gone = OLD.replace("\n2. Закон не распространяется на международные договоры республики.", "")
    anew = OLD.replace(
        "Закон не распространяется на международные договоры республики.", "Споры решает координатор."
    )

    assert comparing.compare(read(OLD), read(gone)).follow("art_1__para_2").reason == "removed"
    followed = comparing.compare(read(OLD), read(anew)).follow("art_1__para_2")
    assert (followed.eid, followed.reason, followed.states) == (None, "unsure", ("changed",))


def test_chapters_are_told_by_what_stands_in_them():
    old = "Глава 1. Общие положения\n" + OLD.replace("Статья 3.", "Глава 2. Отношения\nСтатья 3.")
    new = OLD.replace("Статья 2.", "Глава 2. Бюджет\nСтатья 2.").replace(
        "Статья 3.", "Глава 3. Отношения\nСтатья 3."
    )

    rows = compared("Глава 1. Общие положения\n" + new, old)

    assert (rows["chp_2"].new, rows["chp_2"].states) == ("chp_3", ("renumbered",))
    assert rows["+chp_2"].states == ("added",)
    assert rows["art_2"].states == ("moved",)
    assert rows["art_3"].states == ("unchanged",)


def test_kyrgyz_editions_and_what_is_stored_of_a_comparison():
    old = "1-берене. Бюджет\n1. Жергиликтүү бюджетти айылдык кеңеш бекитет.\n2. Мөөнөт он жумуш күнүн түзөт."
    new = old.replace("он жумуш", "жыйырма жумуш")
    comparison = comparing.compare(structure.parse(old), structure.parse(new))

    again = comparing.from_dict(comparing.as_dict(comparison))

    row = again.of_old("art_1__para_2")
    assert [edit.text.strip() for edit in row.edits if edit.kind != "same"] == ["он", "жыйырма"]
    assert again.counts() == comparison.counts()
    assert not again.is_equal
    assert comparing.compare(structure.parse(old), structure.parse(old)).is_equal


def test_a_real_code_against_itself_with_one_article_put_in():
    old = structure.parse(acts.text(acts.WATER_CODE))
    lines = acts.text(acts.WATER_CODE).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("Статья 40."))
    new = structure.parse(
        "\n".join([*lines[:at], "Статья 39-1. Совет", "Совет бассейна созывается.", *lines[at:]])
    )

    comparison = comparing.compare(old, new)

    assert [row.new for row in comparison.differences if row.states != ("unchanged",)] == ["art_39-1"]


WORDS = st.lists(
    st.sampled_from(["бюджет", "кеңеш,", "в", "и", "(доход)", "24-1", "2,5 %", "\n", "  ", "өз-өзүнчө", "«акт».", "—"]),
    max_size=14,
).map(" ".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS)
def test_the_edits_lead_from_the_old_text_to_the_new_one_exactly(old, new):
    found = comparing.edits(old, new)

    assert "".join(edit.text for edit in found if edit.kind != "new") == old
    assert "".join(edit.text for edit in found if edit.kind != "gone") == new
    assert all(edit.text for edit in found)
    assert not any(a.kind == b.kind for a, b in itertools.pairwise(found))


# --- a text edited at random, and where its provisions truly went

VOCABULARY = (
    "бюджет кенеш доход расход ассоциация министерство орган решение проект закон средства трансферт округ район "
    "порядок срок протокол замечание ответ документ подпись заседание комиссия глава участок земля вода дорога школа "
    "больница налог сбор тариф житель община совет выборы депутат отчёт программа развитие договор передача функция "
    "источник сумма учёт казна субвенция надзор контроль проверка жалоба суд штраф размер ставка льгота статистика "
    "территория план карта реестр портал сертификат"
).split()
_ids = itertools.count()


@dataclass
class Part:
    """A paragraph, or an article of them; `identity` stays whatever is edited."""

    words: list[str]
    parts: list[Part] = field(default_factory=list)
    identity: int = field(default_factory=lambda: next(_ids))
    stub: bool = False


def sentence(chance: random.Random) -> list[str]:
    return [chance.choice(VOCABULARY) for _ in range(chance.randint(6, 16))]


def grown(chance: random.Random) -> list[Part]:
    return [
        Part(sentence(chance)[:4], [Part(sentence(chance)) for _ in range(chance.randint(1, 4))])
        for _ in range(chance.randint(2, 6))
    ]


def copied(act: list[Part]) -> list[Part]:
    return [Part(list(p.words), copied(p.parts), p.identity, p.stub) for p in act]


def edit_once(act: list[Part], chance: random.Random) -> None:
    article = chance.choice(act)
    within = article.parts
    what = chance.choice(
        ["put in", "put in article", "delete", "delete article", "move", "move article", "change", "repeal"]
    )
    if what == "put in":
        within.insert(chance.randint(0, len(within)), Part(sentence(chance)))
    elif what == "put in article":
        act.insert(chance.randint(0, len(act)), Part(sentence(chance)[:4], [Part(sentence(chance))]))
    elif what == "delete" and len(within) > 1:
        within.pop(chance.randrange(len(within)))
    elif what == "delete article" and len(act) > 1:
        act.remove(article)
    elif what == "move" and len(within) > 1:
        part = chance.choice(within)
        if not part.stub:
            within.remove(part)
            there = chance.choice(act).parts
            there.insert(chance.randint(0, len(there)), part)
    elif what == "move article":
        act.remove(article)
        act.insert(chance.randint(0, len(act)), article)
    elif what == "change":
        part = chance.choice([article, *within])
        for _ in range(chance.randint(1, 4)):
            part.words[chance.randrange(len(part.words))] = chance.choice(VOCABULARY)
    elif what == "repeal":
        part = chance.choice(within)
        part.words, part.stub = ["(утратил", "силу)"], True


def written(act: list[Part], language: str) -> str:
    lines = []
    for number, article in enumerate(act, 1):
        words = " ".join(article.words).capitalize()
        lines.append(f"{number}-берене. {words}" if language == "ky" else f"Статья {number}. {words}")
        lines += [f"{at}. {' '.join(part.words).capitalize()}." for at, part in enumerate(article.parts, 1)]
    return "\n".join(lines)


def identities(act: list[Part]) -> dict[str, Part]:
    found = {}
    for number, article in enumerate(act, 1):
        found[f"art_{number}"] = article
        found |= {f"art_{number}__para_{at}": part for at, part in enumerate(article.parts, 1)}
    return found


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["ru", "ky"]), st.integers(0, 8))
def test_a_remark_is_on_its_provision_or_has_lost_its_place_never_on_another(seed, language, edits):
    chance = random.Random(seed)
    old = grown(chance)
    new = copied(old)
    for _ in range(edits):
        edit_once(new, chance)
    before, after = identities(old), identities(new)
    comparison = comparing.compare(
        structure.parse(written(old, language)), structure.parse(written(new, language))
    )

    where = {part.identity: eid for eid, part in after.items()}
    assert {row.old for row in comparison.differences if row.old} == set(before)
    assert {row.new for row in comparison.differences if row.new} == set(after)
    for eid, part in before.items():
        followed = comparison.follow(eid)
        assert followed.eid is None or after[followed.eid].identity == part.identity, (eid, followed)
        untouched = part.identity in where and after[where[part.identity]].words == part.words
        if untouched and not part.parts and not part.stub:
            assert followed.eid == where[part.identity], (eid, followed)
