"""From an amending act and the text it amends to current and proposed wording; what cannot be applied is a doubt."""

from __future__ import annotations

import pytest

from apps.legal_text import amend, messages, structure
from tests.legal_text import acts

RU = """ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ
О местном бюджете
Статья 4. Сроки
1. Проект вносит исполнительный орган.
2. Проект рассматривается в течение двадцати дней со дня поступления.
Статья 5. Трансферты
1. Старый текст.
Статья 6. Кенеш
1. Проект утверждает местный кенеш до начала года.
2. Доходы района:
делятся между айылом и областью и районом.
Статья 7. Заявки
1. Заявки подаёт Правительство.
Статья 8. Перечень
1. К полномочиям относятся:
1) дороги и мосты;
2) дороги и школы;
3) больницы."""
KY = """КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МЫЙЗАМЫ
Жергиликтүү бюджет жөнүндө
4-берене. Мөөнөттөр
1. Долбоорду аткаруу органы киргизет.
2. Долбоор түшкөн күндөн тартып жыйырма күн ичинде каралат.
5-берене. Трансферттер
1. Эски текст.
6-берене. Кеңеш
1. Долбоорду жергиликтүү кеңеш бекитет.
2. Кирешелер:
айыл жана облус жана район ортосунда бөлүнөт.
7-берене. Табыштамалар
1. Табыштама берилет.
8-берене. Тизме
1. Ыйгарым укуктарга кирет:
1) жолдор;
2) мектептер;
3) ооруканалар."""


def rows(*instructions: str, text: str = RU) -> list[amend.Row]:
    if text is KY:
        opening = (
            "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МЫЙЗАМЫ",
            '"Жергиликтүү бюджет жөнүндө" Мыйзамга өзгөртүүлөрдү киргизүү тууралуу',
            "1-берене",
            '"Жергиликтүү бюджет жөнүндө" Мыйзамга төмөнкүдөй өзгөртүүлөр киргизилсин:',
        )
        closing = "2-берене"
    else:
        opening = (
            "ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ",
            'О внесении изменений в Закон "О местном бюджете"',
            "Статья 1.",
            'Внести в Закон "О местном бюджете" (Ведомости, 2020 г., № 7, ст. 229) следующие изменения:',
        )
        closing = "Статья 2."
    act = structure.parse("\n".join([*opening, *instructions, closing, "Күчүнө кирет."]))
    return list(amend.table(act, structure.parse(text)))


ONE = [
    (
        RU, '1) в части 2 статьи 4 слова "двадцати дней" заменить словами "тридцати рабочих дней";',
        "replace_words", "art_4__para_2", "двадцати дней", "тридцати рабочих дней",
    ),
    (
        RU, '1) часть 1 статьи 6 после слов "местный кенеш" дополнить словами "и ассоциация";',
        "add_words", "art_6__para_1", "местный кенеш до", "местный кенеш и ассоциация до",
    ),
    (
        RU, '1) в абзаце втором части 2 статьи 6 слова "и областью" исключить;',
        "remove_words", "art_6__para_2__al_2", "айылом и областью и районом", "айылом и районом",
    ),
    (
        RU, '1) по всему тексту слово "Правительство" заменить словами "Кабинет Министров";',
        "replace_words", "art_7__para_1", "Правительство", "Кабинет Министров",
    ),
    (
        RU, '1) часть 1 статьи 5 изложить в следующей редакции: "1. Новый текст.";',
        "reword", "art_5__para_1", "1. Старый текст.", "1. Новый текст",
    ),
    (RU, "1) статью 7 признать утратившей силу;", "repeal", "art_7", "Заявки подаёт", None),
    (RU, "1) пункт 3 части 1 статьи 8 исключить;", "remove_unit", "art_8__para_1__point_3", "3) больницы.", None),
    (
        KY, '1) 4-берененин 2-бөлүгүндө "жыйырма күн" деген сөздөр "отуз күн" деген сөздөр менен алмаштырылсын;',
        "replace_words", "art_4__para_2", "жыйырма күн", "отуз күн",
    ),
    (
        KY, '1) 6-берененин 1-бөлүгү "жергиликтүү кеңеш" деген сөздөрдөн кийин "макулдашып" деген сөз менен толукталсын;',
        "add_words", "art_6__para_1", "жергиликтүү кеңеш бекитет", "жергиликтүү кеңеш макулдашып бекитет",
    ),
    (
        KY, '1) 6-берененин 2-бөлүгүнүн экинчи абзацында "жана облус" деген сөздөр алып салынсын;',
        "remove_words", "art_6__para_2__al_2", "айыл жана облус жана", "айыл жана район",
    ),
    (KY, "1) 7-берене күчүн жоготту деп таанылсын;", "repeal", "art_7", "Табыштама берилет", None),
    (KY, "1) 8-берененин 1-бөлүгүнүн 3-пункту алып салынсын;", "remove_unit", "art_8__para_1__point_3", "3) ооруканалар.", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "instruction", "operator", "target", "current", "proposed"), ONE)
def test_an_instruction_is_applied_to_the_provision_it_names(
    text, instruction, operator, target, current, proposed
):
    (row,) = rows(instruction, text=text)

    assert (row.operator, row.target, row.doubt) == (operator, target, None)
    assert current in row.current
    assert row.proposed is None if proposed is None else proposed in row.proposed


def test_new_wording_in_quotation_marks_is_read_as_units():
    found = rows(
        "1) статью 5 изложить в следующей редакции:",
        '"Статья 5. Доли',
        "1. Новый текст.",
        '2. Ещё.";',
        "2) дополнить статьей 6-1 следующего содержания:",
        '"Статья 6-1. Новая',
        '1. Первая часть.";',
        "3) в статье 6:",
        "а) дополнить частью 3 следующего содержания:",
        '"3. Третья часть.";',
        'б) в части 1 слова "до начала" заменить словами "после начала".',
    )

    assert [(row.operator, row.target) for row in found] == [
        ("reword", "art_5"),
        ("add_unit", None),
        ("add_unit", "art_6"),
        ("replace_words", "art_6__para_1"),
    ]
    assert found[0].proposed == "Статья 5. Доли\n1. Новый текст.\n2. Ещё."
    assert found[1].proposed == "Статья 6-1. Новая\n1. Первая часть."
    assert found[2].proposed == "3. Третья часть."
    assert "после начала года" in found[3].proposed
    assert not any(row.doubt for row in found)


def test_new_kyrgyz_wording_in_quotation_marks():
    found = rows(
        "1) 5-берене төмөнкүдөй редакцияда баяндалсын:",
        '"5-берене. Үлүштөр',
        '1. Жаңы текст.";',
        "2) 6-беренеде:",
        "а) төмөнкүдөй мазмундагы 3-бөлүк менен толукталсын:",
        '"3. Үчүнчү бөлүк.";',
        text=KY,
    )

    assert [(row.operator, row.target, row.proposed, row.doubt) for row in found] == [
        ("reword", "art_5", "5-берене. Үлүштөр\n1. Жаңы текст.", None),
        ("add_unit", "art_6", "3. Үчүнчү бөлүк.", None),
    ]


DOUBTS = [
    (RU, ['1) в части 2 статьи 4 слова "сорока дней" заменить словами "года";'], "words_not_found"),
    (RU, ['1) в части 2 статьи 4 слова "двадцати дне" заменить словами "года";'], "words_not_found"),
    (RU, ['1) в статье 8 слово "дороги" заменить словом "улицы";'], "words_repeated"),
    (RU, ['1) в части 5 статьи 4 слова "двадцати дней" заменить словами "года";'], "address_not_found"),
    (RU, ["1) статью 70 признать утратившей силу;"], "address_not_found"),
    (RU, ['1) часть 1 статьи 4 дополнить словами "без промедления";'], "place_not_said"),
    (RU, ["1) второе предложение части 1 статьи 4 исключить;"], "sentence"),
    (RU, ["1) статью 5 изложить в следующей редакции;"], "no_new_wording"),
    (RU, ["1) дополнить статьей 5 следующего содержания:", '"Статья 5. Ещё', '1. Текст.";'], "exists_already"),
    (RU, ["1) в статье 6 дополнить частью 3 следующего содержания:", '"4. Часть.";'], "quote_differs"),
    (RU, ["1) статьи 4 и 5 поменять местами;"], "unclear"),
    (KY, ["1) 70-берене күчүн жоготту деп таанылсын;"], "address_not_found"),
    (KY, ['1) 4-беренеде "жылдык" деген сөз "айлык" деген сөз менен алмаштырылсын;'], "words_not_found"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "instructions", "doubt"), DOUBTS)
def test_what_cannot_be_applied_is_a_doubt_and_never_a_guess(text, instructions, doubt):
    (row,) = rows(*instructions, text=text)

    assert row.doubt == doubt
    assert row.doubt in messages.AMENDMENTS
    assert row.proposed is None or row.operator == "add_unit"


def test_the_real_kyrgyz_law_names_several_parts_in_one_instruction():
    law = structure.parse(acts.text(acts.KY_AMENDING_LAW))
    amended = structure.parse(
        "Жергиликтүү өз алдынча башкаруу жөнүндө\n37-берене. Кеңеш\n"
        "1. Кеңеш чогулат.\n2. Кворум керек.\n3. Чечим үчтөн экисинен кем эмеси менен кабыл алынат.\n"
        "4. Жыйын ачык.\n5. Төрага шайланат.\n6. Төрага үчтөн экисинен кем эмеси менен бошотулат.\n"
        "43-берене. Депутат\n4. Добуштун кеминде үчтөн экиси керек."
    )

    found = amend.table(law, amended)

    assert [(row.instruction, row.target, row.doubt) for row in found] == [
        ("art_1__point_1", "art_37__para_3", None),
        ("art_1__point_1", "art_37__para_6", None),
        ("art_1__point_2", "art_43__para_4", None),
        ("art_1__point_3", None, "address_not_found"),
    ]
    assert found[0].proposed == "3. Чечим көпчүлүгү менен кабыл алынат."
