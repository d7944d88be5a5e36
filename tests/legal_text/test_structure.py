"""Forms of acts that the stored real ones do not show, written after the customs of drafting."""

import textwrap

import pytest

from apps.legal_text import labels, numbers, provisions, structure
from tests.legal_text import acts

RU_AMENDING_LAW = """Проект

ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ

О внесении изменений в некоторые законодательные акты Кыргызской Республики

Статья 1.
Внести в Уголовный кодекс Кыргызской Республики (Ведомости Жогорку Кенеша, 1998 г., № 7, ст. 229) следующие изменения:
1. Статью 44 изложить в следующей редакции:
"Статья 44. Штраф
1. Штраф есть денежное взыскание.
2. Размер "базового" штрафа:
1) за проступки;
2) за преступления".
2. В статье 5:
а) в части 2 слова "А" заменить словами "Б";
б) дополнить частью 3 следующего содержания:
«3. Новая часть.».
Статья 2.
В Закон "О чем-то" внести следующее изменение:
1) пункт 3 изложить в следующей редакции: "3) новый пункт;".
Статья 3. Настоящий Закон вступает в силу по истечении десяти дней со дня официального опубликования.

Президент
Кыргызской Республики
"""

KY_AMENDING_LAW = """КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МЫЙЗАМЫ
"Өзүн-өзү башкаруу жөнүндө" Мыйзамга өзгөртүүлөрдү киргизүү тууралуу
1-берене.
Мыйзамга төмөнкүдөй өзгөртүүлөр киргизилсин:
1) 4-берененин 2-бөлүгү төмөнкүдөй редакцияда баяндалсын:
"2. Айыл өкмөтү үч күндүн ичинде жооп берет.";
2) төмөнкү мазмундагы 5-1-берене менен толукталсын:
“5-1-берене. Ңөү аталышы
1. Биринчи бөлүк.
2. Экинчи бөлүк.”.
2-берене. Ушул Мыйзам расмий жарыяланган күндөн тартып он күн өткөндөн кийин күчүнө кирет.
"""

RU_RESOLUTION = """ПОСТАНОВЛЕНИЕ
КАБИНЕТА МИНИСТРОВ КЫРГЫЗСКОЙ РЕСПУБЛИКИ
от 10 августа 2022 года № 444
Об утверждении Положения о порядке
учета имущества

В соответствии со статьей 19 Закона Кабинет Министров Кыргызской Республики постановляет:
1. Утвердить Положение согласно приложению.
2. Министерствам:
- привести решения в соответствие;
- принять меры.
3. Контроль возложить на управление.

Председатель Кабинета Министров             А.У. Жапаров

Приложение
к постановлению Кабинета Министров
Кыргызской Республики
от 10 августа 2022 года № 444

ПОЛОЖЕНИЕ
о порядке учета имущества

Глава 1. Общие положения
1. Настоящее Положение определяет порядок.
2. Термины:
1) имущество - вещи;
2) учет - запись.
Глава 2. Порядок
3. Порядок следующий:
а) первое;
б) второе.
Примечание. К пункту 3.
Приложение 2
ФОРМА
отчета
"""

KENESH_RESOLUTION = """Мырза-Аке айылдык кеңешинин VIII чакырылышынын кезексиз III сессиясынын
ТОКТОМУ
2025-жылдын 17-январь № 8, Мырза-Аке айылы
Бюджетти бекитүү жөнүндө

Мыйзамга ылайык айылдык кеңеш ТОКТОМ КЫЛАТ:
1. Бюджет бекитилсин.
2. Токтом күчүнө кирсин.
Айылдык кеңештин төрагасы: А. Асанов

Мырза-Аке айылдык кеңешинин
2025-жылдын 17-январындагы
№ 8 токтомуна
1-тиркеме

БЮДЖЕТ
1. Кирешелер.
"""

KY_LAW = """КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МЫЙЗАМЫ
Бишкек шаары, 2021-жылдын 20-октябры № 123
Жергиликтүү өз алдынча башкаруу органдары жөнүндө
Ушул Мыйзам мамилелерди жөнгө салат.
I БӨЛҮМ. ЖАЛПЫ ЖОБОЛОР
1-глава. Негизги жоболор
1-берене. Мыйзамдын предмети
1. Биринчи бөлүк.
2. Экинчи бөлүк:
1) пункт;
2) экинчи пункт.
Эскертүү. Бул эскертүү.
24¹-берене. Кошумча
Текст ушул.
II БӨЛҮМ. ЭКИНЧИ
1-глава. Кайталанган
25-берене. Аягы
Текст.
25-берене. Дагы
Ушул Мыйзамдын 21-беренеси колдонулбайт.
Кыргыз Республикасынын Президенти С.Ш. Жээнбеков
2018-жылдын 15-февралында Кыргыз Республикасынын Жогорку Кеңеши тарабынан кабыл алынган
"""

EVERY = {
    "ru amending law": RU_AMENDING_LAW,
    "ky amending law": KY_AMENDING_LAW,
    "ru resolution": RU_RESOLUTION,
    "kenesh resolution": KENESH_RESOLUTION,
    "ky law": KY_LAW,
}


def eids(act):
    return [provision.eid for provision in act.provisions]


def body(*lines):
    return structure.parse("\n".join(("ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О примере", *lines)), lang="ru")


@pytest.mark.parametrize("name", EVERY)
def test_every_form_gives_the_whole_text_back(name):
    assert acts.joined(structure.parse(EVERY[name])) == acts.squeezed(EVERY[name])


@pytest.mark.parametrize("name", EVERY)
def test_a_reading_survives_json(name):
    act = structure.parse(EVERY[name])

    assert provisions.from_dict(provisions.as_dict(act)) == act


def test_amending_law_has_instructions_and_quoted_articles_with_a_prefix():
    act = structure.parse(RU_AMENDING_LAW)
    units = acts.by_eid(act)

    assert (act.kind, act.amending) == ("law", True)
    assert [u.eid for u in acts.of_kind(act, "instruction")] == [
        "art_1__para_1",
        "art_1__para_2",
        "art_1__para_2__subpoint_a",
        "art_1__para_2__subpoint_b",
        "art_2__point_1",
    ]
    assert units["art_1__para_1__qstr_1__art_44"].heading == "Штраф"
    assert units["art_1__para_1__qstr_1__art_44__para_2__point_2"].text == 'за преступления".'
    assert units["art_1__para_2__subpoint_b__qstr_1__para_3"].text == "Новая часть.»."
    assert units["art_2__point_1__qstr_1__point_3"].text == 'новый пункт;".'
    assert units["art_3"].text.startswith("Настоящий Закон вступает")
    assert units["signature"].text == "Президент\nКыргызской Республики"


def test_kyrgyz_amending_law_quotes_a_part_and_an_inserted_article():
    act = structure.parse(KY_AMENDING_LAW)
    units = acts.by_eid(act)

    assert (act.kind, act.language, act.amending) == ("law", "ky", True)
    assert units["art_1__point_1"].kind == "instruction"
    assert units["art_1__point_1__qstr_1__para_2"].text == 'Айыл өкмөтү үч күндүн ичинде жооп берет.";'
    assert units["art_1__point_2__qstr_1__art_5-1"].heading == "Ңөү аталышы"
    assert units["art_2"].text.startswith("Ушул Мыйзам")


def test_resolution_with_annexes():
    act = structure.parse(RU_RESOLUTION)
    units = acts.by_eid(act)

    assert (act.kind, act.title) == (
        "cabinet_resolution",
        "Об утверждении Положения о порядке учета имущества",
    )
    assert units["point_2__al_3"].text == "- принять меры."
    assert units["att_1"].heading.endswith("ПОЛОЖЕНИЕ\nо порядке учета имущества")
    assert units["att_1__point_2__subpoint_1"].parent == "att_1__point_2"
    assert (units["att_1__point_3"].parent, units["att_1__point_3__subpoint_b"].label) == (
        "att_1__chp_2",
        "б)",
    )
    assert units["att_1__chp_2__note_1"].label == "Примечание."
    assert (units["att_2"].label, units["att_2"].number) == ("Приложение 2", "2")


def test_kenesh_resolution_whose_annex_says_its_word_last():
    act = structure.parse(KENESH_RESOLUTION)
    units = acts.by_eid(act)

    assert (act.kind, act.title) == ("kenesh_resolution", "Бюджетти бекитүү жөнүндө")
    assert units["att_1"].label.endswith("№ 8 токтомуна\n1-тиркеме")
    assert eids(act)[-2:] == ["att_1", "att_1__point_1"]


def test_chapters_repeat_their_section_only_when_the_number_repeats_and_double_articles_are_doubted():
    act = structure.parse(KY_LAW)

    assert [u.eid for u in acts.of_kind(act, "chapter")] == ["sec_1__chp_1", "sec_2__chp_1"]
    assert [u.eid for u in acts.of_kind(act, "article")] == ["art_1", "art_24-1", "art_25", "art_25-dup2"]
    assert {(doubt.code, doubt.eid) for doubt in act.doubts} >= {("duplicate_number", "art_25-dup2")}
    assert acts.by_eid(act)["art_1__note_1"].text == "Бул эскертүү."
    assert acts.by_eid(act)["closing"].text.endswith("кабыл алынган")


def test_a_mention_of_an_article_is_no_heading():
    act = body(
        "Статья 1. Первая", "Статья 21 настоящего Кодекса не применяется.", "5-берененин 2-бөлүгү колдонулат."
    )

    assert [u.eid for u in acts.of_kind(act, "article")] == ["art_1"]
    assert acts.by_eid(act)["art_1__al_2"].text.startswith("5-берененин")


def test_points_whose_raised_digit_was_lost_are_read_with_a_hyphen():
    act = body("Статья 1. Термины", "1) а;", "2) б;", "3) в;", "31) вставка;", "32) вторая;", "4) г.")

    numbers_read = [u.number for u in acts.of_kind(act, "point")]
    assert numbers_read == ["1", "2", "3", "3-1", "3-2", "4"]
    assert [doubt.code for doubt in act.doubts] == ["flattened_number"] * 2


def test_honest_high_numbers_are_left_alone():
    act = body("Статья 1. Термины", *(f"{n}) пункт;" for n in range(1, 45)))

    assert [u.number for u in acts.of_kind(act, "point")] == [str(n) for n in range(1, 45)]
    assert act.doubts == ()


def test_gaps_and_disorder_in_numbers_are_doubted():
    act = body("Статья 1. Первая", "Текст.", "Статья 3. Третья", "Текст.", "Статья 2. Вторая", "Текст.")

    assert [(doubt.code, doubt.eid) for doubt in act.doubts] == [
        ("number_gap", "art_3"),
        ("number_order", "art_2"),
    ]


def test_a_paragraph_after_a_finished_list_belongs_to_the_part_and_within_a_list_to_the_point():
    act = body(
        "Статья 1. Первая",
        "1. Органы:",
        "1) первый;",
        "2) второй.",
        "Порядок определяется законом.",
        "2. Другие:",
        "1) третий.",
        "Он независим.",
        "2) четвертый.",
    )
    units = acts.by_eid(act)

    assert units["art_1__para_1__al_2"].text == "Порядок определяется законом."
    assert units["art_1__para_2__point_1__al_2"].text == "Он независим."


def test_quotation_that_never_closes_is_doubted_and_loses_nothing():
    text = RU_AMENDING_LAW.replace('за преступления".', "за преступления.")
    act = structure.parse(text)

    assert acts.joined(act) == acts.squeezed(text)
    assert "unclosed_quote" in {doubt.code for doubt in act.doubts}


def test_text_without_structure_becomes_counted_paragraphs():
    act = structure.parse("Справка\nПервый абзац.\nВторой абзац.")

    assert eids(act) == ["preamble", "al_1", "al_2"]
    assert {doubt.code for doubt in act.doubts} >= {"no_structure", "kind_unknown"}


def test_kyrgyz_without_its_letters_is_told_and_doubted():
    damaged = KY_LAW.translate(str.maketrans("ңөүҢӨҮ", "ноуНОУ"))

    act = structure.parse(damaged)

    assert act.language == "ky"
    assert "kyrgyz_letters_lost" in {doubt.code for doubt in act.doubts}


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("КОНСТИТУЦИОННЫЙ ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ\nО Кабинете Министров", "constitutional_law"),
        ("КЫРГЫЗ РЕСПУБЛИКАСЫНЫН КОНСТИТУЦИЯЛЫК МЫЙЗАМЫ\nСоттор жөнүндө", "constitutional_law"),
        ("ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ\nО внесении изменений в Бюджетный кодекс", "law"),
        ("УКАЗ ПРЕЗИДЕНТА КЫРГЫЗСКОЙ РЕСПУБЛИКИ\nО мерах", "presidential_decree"),
        ("КЫРГЫЗ РЕСПУБЛИКАСЫНЫН ПРЕЗИДЕНТИНИН ЖАРЛЫГЫ\nЧаралар жөнүндө", "presidential_decree"),
        ("ПОСТАНОВЛЕНИЕ ЖОГОРКУ КЕНЕША КЫРГЫЗСКОЙ РЕСПУБЛИКИ\nО законе", "parliament_resolution"),
        ("ПОСТАНОВЛЕНИЕ ПРАВИТЕЛЬСТВА КЫРГЫЗСКОЙ РЕСПУБЛИКИ\nО мерах", "cabinet_resolution"),
        ("РАСПОРЯЖЕНИЕ КАБИНЕТА МИНИСТРОВ КЫРГЫЗСКОЙ РЕСПУБЛИКИ\nО мерах", "cabinet_order"),
        ("ПРИКАЗ\nМинистерства финансов Кыргызской Республики\nОб утверждении формы", "ministry_order"),
        ("ПОСТАНОВЛЕНИЕ ПРАВЛЕНИЯ НАЦИОНАЛЬНОГО БАНКА\nО ставке", "national_bank_resolution"),
        ("ПОСТАНОВЛЕНИЕ\nБаткенского городского кенеша\nО бюджете", "kenesh_resolution"),
        ("РАСПОРЯЖЕНИЕ МЭРИИ ГОРОДА ОШ\nО благоустройстве", "lsg_order"),
        (
            "РАСПОРЯЖЕНИЕ\nАлайской районной государственной администрации\nО мерах",
            "state_administration_decision",
        ),
    ],
)
def test_kind_of_act_from_its_heading(heading, kind):
    act = structure.parse(f"{heading}\n1. Утвердить.\n2. Бекитилсин.")

    assert act.kind == kind


@pytest.mark.parametrize(
    ("printed", "normalised"),
    [
        ("24¹", "24-1"),
        ("50-1", "50-1"),
        ("82-1-1", "82-1-1"),
        ("2.1", "2-1"),
        ("З09-3", "309-3"),
        ("13¹⁰", "13-10"),
    ],
)
def test_printed_numbers_in_one_form(printed, normalised):
    assert numbers.normalise(printed) == normalised


@pytest.mark.parametrize(
    ("printed", "number"),
    [("I", "1"), ("IX", "9"), ("XIV", "14"), ("V-1", "5-1"), ("7-1", "7-1"), ("13¹", "13-1"), ("ПЕРВЫЙ", "1"),
     ("третья", "3"), ("IIII", None), ("государства", None)],
)  # fmt: skip
def test_numbers_of_sections_and_chapters(printed, number):
    assert numbers.container_number(printed) == number


def test_sub_point_letters_are_ascii_and_each_its_own():
    letters = [numbers.letter(letter) for letter in numbers.LETTERS]

    assert [numbers.letter(letter) for letter in "абвгде"] == ["a", "b", "v", "g", "d", "e"]
    assert all(letter.isascii() and letter.isalpha() for letter in letters)
    assert len(set(letters)) == len(letters)


def test_numbered_headings_of_an_annex_are_chapters_when_points_count_by_themselves():
    act = structure.parse(
        "ПОСТАНОВЛЕНИЕ\nКАБИНЕТА МИНИСТРОВ\nО порядке\nКабинет Министров постановляет:\n1. Утвердить.\n2. Опубликовать.\n"
        "Приложение\nПОЛОЖЕНИЕ\n1. Общие положения\n1. Настоящее Положение определяет порядок.\n2. Термины:\n- один.\n"
        "2. Порядок учета\n3. Учет ведется.\n"
    )

    assert eids(act)[-7:] == [
        "att_1", "att_1__chp_1", "att_1__point_1", "att_1__point_2", "att_1__point_2__al_2", "att_1__chp_2",
        "att_1__point_3",
    ]  # fmt: skip
    assert not act.doubts


def test_kyrgyz_signature_over_three_lines():
    act = structure.parse(
        KENESH_RESOLUTION.split("Айылдык кеңештин")[0]
        + "Кыргыз Республикасынын\nМинистрлер Кабинетинин\nТөрагасы\n"
    )

    assert act.provisions[-1].text == "Кыргыз Республикасынын\nМинистрлер Кабинетинин\nТөрагасы"


def test_lines_broken_at_a_width_are_joined_with_a_doubt():
    whole = "ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ\nО примере\n" + "\n".join(
        f"Статья {n}. Название статьи\n1. " + "Органы местного самоуправления решают вопросы. " * 6
        for n in range(1, 9)
    )
    broken = "\n".join(textwrap.fill(line, 70) for line in whole.split("\n"))
    act = structure.parse(broken)

    assert [doubt.code for doubt in act.doubts] == ["short_lines"]
    assert acts.joined(act) == acts.squeezed(whole)
    assert acts.by_eid(act)["art_8__para_1"].text.startswith("Органы местного")


@pytest.mark.parametrize("line", ["hабвгд 1", "bабвгд 1", "Hабвгд", "Cтатья 5. Х"])
def test_a_word_of_two_alphabets_is_read_to_its_end(line: str) -> None:
    labels.read.cache_clear()

    labels.read(line)
