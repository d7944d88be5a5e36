"""The traps of Kyrgyz acts, each as lines and what must come of them: the units, and what is doubted about which."""

import pytest

from apps.legal_text import structure
from tests.legal_text import acts

RU = ("ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О примере")
KY = ("КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МЫЙЗАМЫ", "Мисал жөнүндө")
RU_AMENDS = ("ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О внесении изменений в Закон", "Статья 1.")
RU_AMENDS = (*RU_AMENDS, "Внести в Закон следующие изменения:")

#: name -> (lines, the eids of the body in order, doubts as (code, eid))
TRAPS = {
    "kyrgyz headings in all their forms": (
        (*KY, "I БӨЛҮМ.", "ЖАЛПЫ ЖОБОЛОР", "1-глава. Негизги", "1-берене. Аталышы", "Текст.", "2-статья. Эски",
         "Текст.", "3-берене", "Текст мында.", "II бөлүм. Экинчи", "2-бап", "Бап аталышы", "4-берене.",
         "Аталышы кийинки сапта", "1. Текст.", "III глава. Үчүнчү", "5-БЕРЕНЕ. ЧОҢ", "Текст."),
        "sec_1 chp_1 art_1 art_2 art_3 sec_2 chp_2 art_4 art_4__para_1 chp_3 art_5",
        (),
    ),
    "a title or the first text, in either language": (
        (*RU, "Статья 1.", "О правах граждан.", "1. Граждане имеют права.", "Статья 2. Полномочия Жогорку Кенеша",
         "Кыргызской Республики", "1. Текст.", "Статья 3. Настоящий Закон", "вступает в силу со дня опубликования.",
         "Статья 4.", "Название без точки", "Текст.", "5-берене.", "Жарандардын укуктары жөнүндө.", "Текст.",
         "Статья 6.", "Текст один."),
        "art_1 art_1__para_1 art_2 art_2__para_1 art_3 art_4 art_5 art_5__al_2 art_6",
        (("title_or_text", "art_1"), ("title_or_text", "art_2"), ("title_or_text", "art_3"), ("title_or_text", "art_5")),
    ),
    "inserted numbers": (
        (*RU, "Статья 1. А", "Текст.", "Статья 1¹. Б", "1. Текст.", "1¹. Вставка.", "1-2. Вторая:", "1) а;", "1¹) б;",
         "1-2) в.", "Статья 1-2. В", "Текст.", "Статья 1-2-1. Г", "Текст.", "Глава 1-1. Д", "Статья 2. Е", "Текст."),
        "art_1 art_1-1 art_1-1__para_1 art_1-1__para_1-1 art_1-1__para_1-2 art_1-1__para_1-2__point_1 "
        "art_1-1__para_1-2__point_1-1 art_1-1__para_1-2__point_1-2 art_1-2 art_1-2-1 chp_1-1 art_2",
        (),
    ),
    "numbers with dots": (
        (*RU, "Статья 1. А", "1. Текст:", "1.1) пункт;", "1.2) второй.", "Статья 1.1. Вставка", "1. Текст."),
        "art_1 art_1__para_1 art_1__para_1__point_1-1 art_1__para_1__point_1-2 art_1-1 art_1-1__para_1",
        (),
    ),
    "repealed stubs stay as units": (
        (*RU, "Статья 1. А", "1. Текст:", "1) а;", "2) (утратил силу в соответствии с Законом КР от 18 января 2022 года № 2)",
         "2. (Утратила силу)", "Статья 2. (Утратила силу в соответствии с Законом КР)", "Статья 3 (Исключена)",
         "4-берене (Күчүн жоготту - КР 2020-жылдын 1-майындагы № 1 Мыйзамы)"),
        "art_1 art_1__para_1 art_1__para_1__point_1 art_1__para_1__point_2 art_1__para_2 art_2 art_3 art_4",
        (),
    ),
    "a raised digit that was lost, articles, points and letters": (
        (*RU, "Статья 1. А", "Текст:", "1) а;", "2) б;", "3) в;", "31) вставка;", "4) г:", "а) один;", "б) два;",
         "б1) вставка.", "Статья 11. Вставка", "Текст.", "Статья 2. Б", "Текст."),
        "art_1 art_1__point_1 art_1__point_2 art_1__point_3 art_1__point_3-1 art_1__point_4 art_1__point_4__subpoint_a "
        "art_1__point_4__subpoint_b art_1__point_4__subpoint_b-1 art_1-1 art_2",
        (("flattened_number", "art_1__point_3-1"), ("flattened_number", "art_1__point_4__subpoint_b-1"),
         ("flattened_number", "art_1-1")),
    ),
    "a number that may be anything is doubted, not guessed": (
        (*RU, "Статья 1. А", "Текст:", "1) а;", "31) б;", "4) в."),
        "art_1 art_1__point_1 art_1__point_31 art_1__point_4",
        (("number_gap", "art_1__point_31"), ("number_order", "art_1__point_4")),
    ),
    "old codes do not count monotonically": (
        (*RU, "Статья 1. А", "Текст.", "Статья 2. Б", "Текст.", "Статья 1-1. В", "Текст.", "Статья 1-2. Г", "Текст.",
         "Статья 3. Д", "Текст."),
        "art_1 art_2 art_1-1 art_1-2 art_3",
        (("number_order", "art_1-1"),),
    ),
    "a step that is missing": (
        (*RU, "Статья 1. А", "Текст.", "Статья 1-1. Б", "Текст.", "Статья 1-3. В", "Текст."),
        "art_1 art_1-1 art_1-3",
        (("number_gap", "art_1-3"),),
    ),
    "letters for digits, Latin letters for Cyrillic ones": (
        (*RU, "Cтатья 1. А", "Текст.", "Статья З. В", "Текст.", "РАЗДЕЛ П. ДРУГОЕ", "Статья 4. Г", "Текст."),
        "art_1 art_3 sec_2 art_4",
        (("latin_letter", "art_1"), ("lookalike_letter", "art_3"), ("number_gap", "art_3"),
         ("lookalike_letter", "sec_2"), ("number_gap", "sec_2")),
    ),
    "double numbers": (
        (*RU, "Статья 1. А", "1. Текст.", "1. Ещё.", "Статья 1. Б", "Текст."),
        "art_1 art_1__para_1 art_1__para_1-dup2 art_1-dup2",
        (("duplicate_number", "art_1__para_1-dup2"), ("duplicate_number", "art_1-dup2")),
    ),
    "mentions at the start of a line": (
        (*RU, "Статья 1. Первая", "Статья 21 настоящего Кодекса не применяется.", "Статьи 5-7 применяются.",
         "Глава 3 Закона применяется.", "Раздел II применяется.", "Часть 2 статьи 3 применяется.", "2018 год был.",
         "2.5 процента.", "5-берененин 2-бөлүгү колдонулат.", "5-берене колдонулбайт.", "Статья 2 Закона исключена."),
        "art_1 " + " ".join(f"art_1__al_{n}" for n in range(2, 11)),
        (),
    ),
    "a heading without a dot where its number comes next, a mention where it does not": (
        (*RU, "Статья 1 Предмет", "1. Текст.", "Статья 7 Закона «О примере»", "Статья 2 Термины", "1. Текст."),
        "art_1 art_1__para_1 art_1__para_1__al_2 art_2 art_2__para_1",
        (("heading_without_dot", "art_1"), ("mention_or_heading", "art_1__para_1__al_2"),
         ("heading_without_dot", "art_2")),
    ),
    "table of contents with wrapped lines": (
        (*RU, "Содержание", "Глава 1. Общие ..... 3", "Статья 1. А ..... 3", "Статья 2. Очень длинное",
         "название ..... 4", "Глава 2. Другие ..... 5", "Глава 1. Общие", "Статья 1. А", "Текст.",
         "Статья 2. Очень длинное название", "Текст.", "Глава 2. Другие", "Статья 3. В", "Текст."),
        "chp_1 art_1 art_2 chp_2 art_3",
        (),
    ),
    "sections within sections and chapters": (
        (*RU, "Раздел I. А", "Подраздел 1. Б", "Глава 1. В", "§ 1. Г", "Статья 1. Д", "Текст.", "§ 2. Е", "Статья 2. Ё",
         "Текст.", "Глава 2. Ж", "Параграф 1. З", "Статья 3. И", "Текст."),
        "sec_1 sec_1__sec_1 chp_1 chp_1__sec_1 art_1 chp_1__sec_2 art_2 chp_2 chp_2__sec_1 art_3",
        (),
    ),
    "parts of a code, sections by words": (
        ("УГОЛОВНЫЙ КОДЕКС КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "ОБЩАЯ ЧАСТЬ", "РАЗДЕЛ ПЕРВЫЙ.", "ОБЩЕЕ", "Глава пятнадцатая. Одна",
         "Статья 1. А", "Текст.", "ОСОБЕННАЯ ЧАСТЬ", "Раздел второй. Два", "Статья 2. Б", "Текст."),
        "part_1 sec_1 chp_15 art_1 part_2 sec_2 art_2",
        (("number_gap", "chp_15"),),
    ),
    "a note with parts of its own, then the article goes on": (
        (*RU, "Статья 1. А", "1. Текст.", "Примечание.", "1. Первое.", "2. Второе.", "2. Вторая часть.",
         "*Примечание. Ещё.", "Эскертүү: Текст."),
        "art_1 art_1__para_1 art_1__note_1 art_1__note_1__para_1 art_1__note_1__para_2 art_1__para_2 art_1__note_2 "
        "art_1__note_3",
        (),
    ),
    "edition marks and warnings are notes": (
        (*RU, "Статья 1. А", "1. Текст.", "(В редакции Законов КР от 18 января 2022 года № 2, 18 апреля", "2025 года № 77)",
         "Внимание! Изменения, внесенные Законом КР от 1 мая 2026 года,", "вступают в силу с 1 января 2027 года.",
         "2. Ещё.", "(КР 2022-жылдын 18-январындагы № 2 Мыйзамынын редакциясына ылайык)",
         "Көңүл буруңуздар! Өзгөртүүлөр күчүнө кирет."),
        "art_1 art_1__para_1 art_1__note_1 art_1__note_2 art_1__para_2 art_1__note_3 art_1__note_4",
        (),
    ),
    "counted paragraphs": (
        (*RU, "Статья 1. А", "Первый абзац:", "- второй;", "• третий.", "1. Часть:", "второй абзац;", "третий абзац."),
        "art_1 art_1__al_2 art_1__al_3 art_1__para_1 art_1__para_1__al_2 art_1__para_1__al_3",
        (),
    ),
    "nested instructions": (
        (*RU_AMENDS, "1) в статье 5:", "а) часть 2 изложить в следующей редакции:", '"2. Новая часть:', "1) пункт;",
         '2) пункт.";', "б) в части 3 слова \"А\" заменить словами \"Б\";", "в) дополнить частью 4 следующего содержания:",
         '"4. Часть.";', "2) статью 6 признать утратившей силу."),
        "art_1 art_1__point_1 art_1__point_1__subpoint_a art_1__point_1__subpoint_a__qstr_1 "
        "art_1__point_1__subpoint_a__qstr_1__para_2 art_1__point_1__subpoint_a__qstr_1__para_2__point_1 "
        "art_1__point_1__subpoint_a__qstr_1__para_2__point_2 art_1__point_1__subpoint_b art_1__point_1__subpoint_v "
        "art_1__point_1__subpoint_v__qstr_1 art_1__point_1__subpoint_v__qstr_1__para_4 art_1__point_2",
        (),
    ),
    "a quotation mark that was saved does not swallow what follows": (
        (*RU_AMENDS, "1) пункт 5 изложить в следующей редакции:", '"5) термин "бюджет";', "2) в статье 6:",
         'а) пункт 3 изложить в следующей редакции: "3) термин "сбор";', "б) пункт 4 исключить.", "Статья 2.",
         "Закон вступает в силу."),
        "art_1 art_1__point_1 art_1__point_1__qstr_1 art_1__point_1__qstr_1__point_5 art_1__point_2 "
        "art_1__point_2__subpoint_a art_1__point_2__subpoint_a__qstr_1 "
        "art_1__point_2__subpoint_a__qstr_1__point_3 art_1__point_2__subpoint_b art_2",
        (("unclosed_quote", "art_1__point_1__qstr_1"), ("unclosed_quote", "art_1__point_2__subpoint_a__qstr_1")),
    ),
    "one instruction without a number": (
        (*RU_AMENDS, 'в статье 3 слова "А" исключить.', "Статья 2.", "Закон вступает в силу."),
        "art_1 art_1__al_2 art_2",
        (),
    ),
}  # fmt: skip


def read(lines):
    return structure.parse("\n".join(lines))


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_read_as_a_lawyer_reads_it(name):
    lines, expected, doubts = TRAPS[name]

    act = read(lines)

    assert [u.eid for u in act.provisions if u.kind != "preamble"] == expected.split()
    assert [(d.code, d.eid) for d in act.doubts if not d.code.endswith("_unknown")] == list(doubts)
    assert all(doubt.line for doubt in act.doubts if not doubt.code.endswith("_unknown"))
    assert acts.joined(act) == acts.squeezed("".join(lines))


def test_kinds_of_units_in_an_amending_act():
    one = read(TRAPS["one instruction without a number"][0])
    nested = read(TRAPS["nested instructions"][0])

    assert [u.eid for u in acts.of_kind(one, "instruction")] == ["art_1__al_2"]
    assert [u.eid.rpartition("__")[2] for u in acts.of_kind(nested, "instruction")] == [
        "point_1", "subpoint_a", "subpoint_b", "subpoint_v", "point_2",
    ]  # fmt: skip
    assert {u.kind for u in nested.provisions if "__qstr_1__" in u.eid} == {"paragraph", "point"}


def test_a_long_title_of_a_code_and_a_preamble_that_ends_on_a_line_of_its_own():
    code = read(("КОДЕКС КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О ПРАВОНАРУШЕНИЯХ", "Статья 1. А", "Текст."))
    resolution = read(
        (
            "ПОСТАНОВЛЕНИЕ",
            "О мерах",
            "В соответствии с Законом Кабинет Министров",
            "постановляет:",
            "1. Утвердить.",
        )
    )

    kenesh = read(
        ("Айылдык кеңештин", "ТОКТОМУ", "2025-жылдын 17-январы № 8", "Бюджетти бекитүү жөнүндө", "Мыйзамга ылайык",
         "Мырза-Аке айылдык кеңеши", "", "ТОКТОМ КЫЛАТ:", "1. Бекитилсин.")
    )  # fmt: skip

    assert kenesh.provisions[0].text == "Мыйзамга ылайык\nМырза-Аке айылдык кеңеши\nТОКТОМ КЫЛАТ:"
    assert (code.kind, code.title) == ("code", "КОДЕКС КЫРГЫЗСКОЙ РЕСПУБЛИКИ О ПРАВОНАРУШЕНИЯХ")
    assert [u.eid for u in resolution.provisions] == ["preamble", "point_1"]
    assert resolution.provisions[0].text.endswith("Министров\nпостановляет:")


def test_annexes_their_headers_and_what_stands_before_them():
    act = read(
        ("КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МИНИСТРЛЕР КАБИНЕТИНИН ТОКТОМУ", "Жобону бекитүү жөнүндө",
         "Мыйзамга ылайык Министрлер Кабинети токтом кылат:", "1. Бекитилсин.", "2. Күчүнө кирсин.",
         "Министрлер Кабинетинин Төрагасы А.У. Жапаров", "Министрлер Кабинетинин", "№ 444 токтомуна", "1-тиркеме",
         "ЖОБО", "1-глава. Жалпы", "1. Пункт.", "2-глава. Дагы", "2. Пункт.", "Приложение 2", "УТВЕРЖДЕНО",
         "постановлением № 444", "ФОРМА", "1. Пункт.", "Приложение", "к Положению", "Налоги\t100", "Всего:\t300")
    )  # fmt: skip
    units = acts.by_eid(act)

    assert [u.eid for u in act.provisions][1:] == [
        "point_1", "point_2", "signature", "att_1", "att_1__chp_1", "att_1__point_1", "att_1__chp_2", "att_1__point_2",
        "att_2", "att_2__point_1", "att_3", "att_3__al_2",
    ]  # fmt: skip
    assert units["signature"].text == "Министрлер Кабинетинин Төрагасы А.У. Жапаров"
    assert (units["att_3"].heading, units["att_3"].text) == ("к Положению", "Налоги\t100")
    assert units["att_2"].heading == "УТВЕРЖДЕНО\nпостановлением № 444\nФОРМА"


KINDS = {
    "constitutional_law": (
        "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН КОНСТИТУЦИЯЛЫК МЫЙЗАМЫ\nПрезидентти шайлоо жөнүндө",
        'КОНСТИТУЦИОННЫЙ ЗАКОН\nО внесении изменений в конституционный Закон "О Кабинете Министров"',
    ),
    "code": (
        "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН САЛЫК КОДЕКСИ\n2022-жылдын 18-январы № 3",
        "Кодекс Кыргызской Республики о правонарушениях",
        "Жоруктар жөнүндө\nКЫРГЫЗ РЕСПУБЛИКАСЫНЫН КОДЕКСИ",
    ),
    "law": (
        "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МЫЙЗАМЫ\nСалык кодексине өзгөртүүлөрдү киргизүү тууралуу",
        "Проект\nЗакон Кыргызской Республики\n«О местном самоуправлении»",
        "ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ\nО Национальном банке Кыргызской Республики",
    ),
    "presidential_decree": (
        "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН ПРЕЗИДЕНТИНИН\nЖАРЛЫГЫ\nЧаралар жөнүндө",
        "Указ Президента Кыргызской Республики\nОб утверждении Положения",
    ),
    "parliament_resolution": (
        "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН ЖОГОРКУ КЕҢЕШИНИН ТОКТОМУ\nМыйзамды кабыл алуу жөнүндө",
        "ПОСТАНОВЛЕНИЕ\nЖОГОРКУ КЕНЕША КЫРГЫЗСКОЙ РЕСПУБЛИКИ\nО принятии Закона",
    ),
    "cabinet_resolution": (
        "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН ӨКМӨТҮНҮН ТОКТОМУ\nТартип жөнүндө",
        "Постановление Кабинета Министров Кыргызской Республики\nО порядке",
    ),
    "cabinet_order": (
        "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МИНИСТРЛЕР КАБИНЕТИНИН ТЕСКЕМЕСИ\nЧаралар жөнүндө",
        "РАСПОРЯЖЕНИЕ ПРЕДСЕДАТЕЛЯ КАБИНЕТА МИНИСТРОВ КЫРГЫЗСКОЙ РЕСПУБЛИКИ\nО мерах",
    ),
    "ministry_order": (
        "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН ФИНАНСЫ МИНИСТРЛИГИНИН БУЙРУГУ\nФорманы бекитүү жөнүндө",
        "ПРИКАЗ\nГосударственного агентства по делам местного самоуправления\nОб утверждении формы",
    ),
    "national_bank_resolution": (
        "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН УЛУТТУК БАНКЫ\nБАШКАРМАНЫН ТОКТОМУ\nЧен жөнүндө",
        "ПОСТАНОВЛЕНИЕ\nПравления Национального банка Кыргызской Республики\nО размере",
    ),
    "kenesh_resolution": (
        "Мырза-Аке айылдык кенешинин токтому\nБюджет жөнүндө",
        "БИШКЕКСКИЙ ГОРОДСКОЙ КЕНЕШ\nПОСТАНОВЛЕНИЕ\nО бюджете",
        "РЕШЕНИЕ айылного кенеша\nО бюджете",
    ),
    "lsg_order": (
        "АЙЫЛ ӨКМӨТҮНҮН ТЕСКЕМЕСИ\nЧаралар жөнүндө",
        "Бишкек шаарынын мэринин БУЙРУГУ\nЧаралар жөнүндө",
        "ПОСТАНОВЛЕНИЕ МЭРИИ ГОРОДА БИШКЕК\nО мерах",
        "РАСПОРЯЖЕНИЕ главы айыл окмоту\nО мерах",
    ),
    "state_administration_decision": (
        "Алай районунун акиминин ТЕСКЕМЕСИ\nЧаралар жөнүндө",
        "Алай райондук мамлекеттик администрациясынын ТОКТОМУ\nЧаралар жөнүндө",
        "РАСПОРЯЖЕНИЕ\nполномочного представителя Президента в Чуйской области\nО мерах",
    ),
    "other_decision": (
        "Борбордук шайлоо комиссиясынын ТОКТОМУ\nШайлоо жөнүндө",
        "РЕШЕНИЕ Центральной избирательной комиссии\nО выборах",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_act_is_known_by_its_heading_in_both_languages(kind):
    for heading in KINDS[kind]:
        assert structure.parse(f"{heading}\n1. Утвердить.\n2. Бекитилсин.").kind == kind, heading
