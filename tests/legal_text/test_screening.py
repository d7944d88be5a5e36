"""Delegations, local self-government, money between budgets and delegated powers in single sentences.

The examples in tests/data/screening/grammar_*.jsonl are made up after the grammar; the labelled sentences beside them are
real and measured by script/bench screening.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from apps.legal_text.screening import CABINET, MINISTRY, REASONS, Screened, as_dict, screen

DATA = Path(__file__).resolve().parents[1] / "data" / "screening"


def lines(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def wrong(lang: str) -> list[str]:
    rows = lines(f"grammar_{lang}.jsonl")
    return [row["text"] for row in rows if screen(row["text"], lang).reference_norm != row["label"]]


@pytest.mark.parametrize("lang", ["ru", "ky"])
def test_every_made_up_example_is_judged_as_the_grammar_says(lang: str) -> None:
    assert wrong(lang) == []


def test_local_self_government_is_told_in_made_up_examples() -> None:
    rows = lines("grammar_lsg.jsonl")

    misses = [
        row["text"] for row in rows if screen(row["text"], row["lang"]).concerns_lsg != row["concerns_lsg"]
    ]

    assert misses == []


def test_few_of_the_labelled_sentences_are_judged_otherwise() -> None:
    rows = [row for row in lines("reference_norms.jsonl") if not row.get("borderline")]

    misses = [row["text"] for row in rows if screen(row["text"], row["lang"]).reference_norm != row["label"]]

    assert len(misses) <= len(rows) * 0.02, misses


def only(text: str, lang: str = "ru"):
    found = screen(text, lang).delegations
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "phrase", "body", "object_", "kind", "rule"),
    [
        (
            "Лицензии выдаются в соответствии с Положением о лицензировании, утвержденным Кабинетом Министров.",
            "Положением о лицензировании, утвержденным Кабинетом Министров",
            "Кабинетом Министров", "Положением о лицензировании", "regulation", "participle",
        ),
        (
            "Плата за воду ежегодно утверждается Правительством Кыргызской Республики.",
            "Плата за воду ежегодно утверждается Правительством Кыргызской Республики",
            "Правительством Кыргызской Республики", "Плата за воду", "rates", "passive",
        ),
        (
            "Кабинет Министров по предложению министерства утверждает и пересматривает список дорог общего пользования.",
            "Кабинет Министров по предложению министерства утверждает и пересматривает список",
            "Кабинет Министров", "список дорог общего пользования", "list", "active",
        ),
        (
            "Определение порядка ведения реестра осуществляется Социальным фондом.",
            "порядка ведения реестра осуществляется Социальным фондом",
            "Социальным фондом", "порядка ведения реестра", "procedure", "noun",
        ),
        (
            "Надзор ведется в установленном Министерством финансов порядке.",
            "установленном Министерством финансов порядке",
            "Министерством", "порядке", "procedure", "participle",
        ),
    ],
)  # fmt: skip
def test_a_russian_delegation_is_told_with_its_body_and_its_object(
    text, phrase, body, object_, kind, rule
) -> None:
    found = only(text)

    assert (found.phrase, found.body, found.object) == (phrase, body, object_)
    assert (found.object_kind, found.rule) == (kind, rule)


@pytest.mark.parametrize(
    ("text", "phrase", "object_", "rule"),
    [
        (
            "Лицензия берүүнүн тартиби Министрлер Кабинети тарабынан аныкталат.",
            "тартиби Министрлер Кабинети тарабынан аныкталат", "Лицензия берүүнүн тартиби", "passive",
        ),
        (
            "Маалымат Министрлер Кабинети белгилеген мөөнөттө берилет.",
            "Министрлер Кабинети белгилеген мөөнөттө", "мөөнөттө", "participle",
        ),
        (
            "Ыйгарым укуктуу мамлекеттик орган тарабынан бекитилүүчү форма толтурулат.",
            "Ыйгарым укуктуу мамлекеттик орган тарабынан бекитилүүчү форма", "форма", "participle",
        ),
        (
            "Министрлер Кабинети товарлардын тизмегин бекитет.",
            "Министрлер Кабинети товарлардын тизмегин бекитет", "товарлардын тизмегин", "active",
        ),
    ],
)  # fmt: skip
def test_a_kyrgyz_delegation_is_told_with_its_object(text, phrase, object_, rule) -> None:
    found = only(text, "ky")

    assert (found.phrase, found.object, found.rule) == (phrase, object_, rule)


def test_a_text_that_lost_its_kyrgyz_letters_is_read_the_same() -> None:
    screened = screen("Толомдордун олчому Кыргыз Республикасынын Окмоту тарабынан белгиленет.", "ky")

    assert (screened.reference_norm, screened.authority) == (True, CABINET)


@pytest.mark.parametrize(
    ("text", "authority"),
    [
        ("Порядок устанавливается Кабинетом Министров, а форма - Министерством юстиции.", CABINET),
        ("Форма утверждается уполномоченным государственным органом в сфере статистики.", MINISTRY),
        ("Порядок устанавливается законом.", None),
    ],
)
def test_the_authority_is_the_cabinet_where_it_is_one_of_them(text, authority) -> None:
    assert screen(text, "ru").authority == authority


def test_both_addressees_of_one_sentence_are_found() -> None:
    found = screen(
        "Порядок устанавливается Кабинетом Министров, форма утверждается Министерством юстиции.", "ru"
    )

    assert [item.authority for item in found.delegations] == [CABINET, MINISTRY]


def test_the_cabinet_is_not_lost_behind_a_dash_or_an_or() -> None:
    dash = screen("Форма утверждается Министерством юстиции, а порядок выдачи - Кабинетом Министров.", "ru")
    either = screen("Порядок определяется министерством или Кабинетом Министров.", "ru")

    assert [item.authority for item in dash.delegations] == [MINISTRY, CABINET]
    assert [item.authority for item in either.delegations] == [CABINET]


def places(screened: Screened) -> list[tuple[int, int, str]]:
    return [
        (item.start, item.end, item.phrase)
        for group in (
            screened.delegations, screened.lsg_evidence, screened.budget_evidence, screened.delegated_evidence
        )
        for item in group
    ]  # fmt: skip


def test_every_phrase_is_the_text_at_its_place_and_every_rule_has_words() -> None:
    for name in ("reference_norms.jsonl", "lsg_relevance.jsonl", "grammar_ru.jsonl", "grammar_ky.jsonl"):
        for row in lines(name)[::3]:
            text = row["text"]
            screened = screen(text, row.get("lang"))
            assert all(text[start:end] == phrase for start, end, phrase in places(screened))
            for item in screened.delegations:
                assert item.object is None or text[item.object_start :].startswith(item.object)
                assert item.rule in REASONS
            assert all(item.rule in REASONS for item in screened.lsg_evidence + screened.budget_evidence)


MATTERS = [
    # text, language, local self-government, money between budgets, delegated powers
    ("Ставки утверждаются местными кенешами.", "ru", 1, 0, 0),
    ("Местные суды и местные государственные администрации действуют на основании закона.", "ru", 0, 0, 0),
    ("Судейское самоуправление осуществляется советом судей.", "ru", 0, 0, 0),
    ("Районный маслихат Республики Казахстан утверждает местный бюджет.", "ru", 0, 0, 0),
    ("Чрезвычайное положение вводится в отдельных местностях.", "ru", 0, 0, 0),
    ("Мэрия города Бишкек распоряжается муниципальной собственностью.", "ru", 1, 0, 0),
    ("Выравнивающие трансферты предоставляются ежегодно.", "ru", 1, 1, 0),
    ("Мероприятия финансируются за счет республиканского и местных бюджетов.", "ru", 1, 0, 0),
    ("Из республиканского бюджета местным бюджетам выделяются средства на школы.", "ru", 1, 1, 0),
    ("Органы местного самоуправления исполняют делегированные государственные полномочия.", "ru", 1, 0, 1),
    ("Местный кенеш передает часть своих полномочий мэру.", "ru", 1, 0, 0),
    ("Жергиликтүү кеңеш бюджетти бекитет.", "ky", 1, 0, 0),
    ("Жергиликтүү соттун жана жергиликтүү мамлекеттик администрациянын чечими.", "ky", 0, 0, 0),
    ("Жогорку Кеңеш мыйзам кабыл алат.", "ky", 0, 0, 0),
    ("Республикалык бюджеттен жергиликтүү бюджеттерге трансферттер берилет.", "ky", 1, 1, 0),
    ("Ыйгарым укуктуу мамлекеттик орган айыл өкмөтүнө маалымат берет.", "ky", 1, 0, 0),
    ("Мамлекеттик ыйгарым укуктар айыл өкмөттөрүнө мыйзам менен берилет.", "ky", 1, 0, 1),
]


@pytest.mark.parametrize(("text", "lang", "lsg", "money", "powers"), MATTERS)
def test_matters_of_local_self_government_are_told_from_their_look_alikes(
    text, lang, lsg, money, powers
) -> None:
    screened = screen(text, lang)

    judged = (screened.concerns_lsg, screened.inter_budget, screened.delegated_powers)
    assert judged == (bool(lsg), bool(money), bool(powers))


def test_a_missing_language_is_recognised() -> None:
    assert screen("Тартиби Министрлер Кабинети тарабынан бекитилет жана жарыяланат.", None).language == "ky"
    assert screen("Порядок определяется Кабинетом Министров и публикуется на сайте.", None).reference_norm


def test_the_answer_has_the_agreed_keys_in_the_agreed_order() -> None:
    assert list(as_dict(screen("Порядок.", "ru"))) == [
        "reference_norm", "authority", "phrases", "concerns_lsg", "inter_budget", "delegated_powers", "scores",
    ]  # fmt: skip
