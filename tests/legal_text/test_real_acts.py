"""Real acts, read as they were published: counts and places that a person checked in the texts."""

import pytest

from apps.legal_text import normalize, reader, structure
from tests.legal_text import acts


@pytest.fixture(scope="module")
def budget_code():
    return structure.parse(acts.text(acts.BUDGET_CODE))


@pytest.fixture(scope="module")
def water_code():
    return structure.parse(acts.text(acts.WATER_CODE))


@pytest.mark.parametrize("name", acts.ALL)
def test_labels_headings_and_texts_in_order_give_the_whole_act_back(name):
    act = structure.parse(acts.text(name))

    assert acts.joined(act) == acts.squeezed(acts.text(name))


@pytest.mark.parametrize("name", acts.ALL)
def test_every_eid_is_unique_ascii_and_every_parent_stands_before_its_children(name):
    act = structure.parse(acts.text(name))

    seen = set()
    for provision in act.provisions:
        assert provision.eid not in seen
        assert provision.eid.isascii()
        assert provision.parent is None or provision.parent in seen
        seen.add(provision.eid)


@pytest.mark.parametrize("name", acts.ALL)
def test_word_and_plain_text_of_one_act_give_the_same_reading_and_hash(name):
    plain = reader.read(acts.text(name).encode())
    word = reader.read(acts.docx_of(acts.text(name).split("\n")))

    assert word == plain
    assert normalize.text_hash(word.provisions, None) == normalize.text_hash(plain.provisions, None)


def test_budget_code_has_141_articles_the_inserted_ones_with_hyphens(budget_code):
    articles = [article.eid for article in acts.of_kind(budget_code, "article")]

    assert len(articles) == 141
    assert {"art_24-1", "art_50-1", "art_81-1", "art_43-1", "art_43-2", "art_43-3", "art_107-1"} <= set(
        articles
    )
    assert articles[0] == "art_1"
    assert articles[-1] == "art_132"
    assert budget_code.doubts == ()


def test_budget_code_is_named_and_recognised(budget_code):
    assert budget_code.kind == "code"
    assert budget_code.language == "ru"
    assert budget_code.title == "БЮДЖЕТНЫЙ КОДЕКС КЫРГЫЗСКОЙ РЕСПУБЛИКИ"
    assert budget_code.amending is False


def test_superscript_number_keeps_its_printed_label(budget_code):
    article = acts.by_eid(budget_code)["art_24-1"]

    assert (article.number, article.label) == ("24-1", "Статья 24¹.")
    assert article.heading == "Фонд Президента Кыргызской Республики"
    assert article.parent == "chp_4"


def test_contents_before_the_preamble_make_no_sections(budget_code):
    units = acts.by_eid(budget_code)

    assert len(acts.of_kind(budget_code, "section")) == 11
    assert len(acts.of_kind(budget_code, "chapter")) == 28
    assert units["preamble"].text.startswith("Настоящий Кодекс устанавливает основы")
    assert not any("dup" in eid for eid in units)


def test_heading_over_several_lines_and_edition_mark_cut_before_its_bracket(budget_code):
    units = acts.by_eid(budget_code)

    heading = " ".join(units["sec_5-1"].heading.split())
    assert heading == "ФОРМИРОВАНИЕ, ИСПОЛЬЗОВАНИЕ И УПРАВЛЕНИЕ СТАБИЛИЗАЦИОННЫМ ФОНДОМ КЫРГЫЗСКОЙ РЕСПУБЛИКИ"
    assert units["sec_5-1__note_1"].text == "(Раздел в редакции Закона КР от 18 января 2022 года №\n2)"
    assert units["chp_7-1"].parent == "sec_5-1"


def test_inserted_parts_points_and_sub_points(budget_code):
    units = acts.by_eid(budget_code)

    assert units["art_43-2__para_1-1"].label == "1¹."
    assert units["art_2__para_1__point_3-1"].text.startswith("бюджетная поддержка")
    assert units["art_2__para_1__point_38-1"].label == "38-1)"
    assert [u.label for e, u in units.items() if e.endswith(("__subpoint_zh-1", "__subpoint_zh-2"))] == [
        "ж¹)",
        "ж²)",
    ]


def test_repealed_units_stay_as_stubs_and_edition_marks_are_notes(budget_code):
    units = acts.by_eid(budget_code)

    assert units["art_110"].text.startswith("(Утратила силу")
    assert units["art_81__para_2"].text.startswith("(Утратила силу")
    assert units["art_81__note_1"].kind == "note"


def test_signature_run_on_behind_the_last_article_stands_apart(budget_code):
    units = acts.by_eid(budget_code)

    assert units["signature"].text == "Президент Кыргызской Республики А.Ш. Атамбаев"
    assert units["art_132"].text.endswith('"О введении в действие Бюджетного кодекса Кыргызской Республики".')


def test_water_code_has_100_articles_and_the_lost_superscript_is_restored_with_a_doubt(water_code):
    articles = [article.eid for article in acts.of_kind(water_code, "article")]
    doubts = {(doubt.code, doubt.eid, doubt.line) for doubt in water_code.doubts}

    assert len(articles) == 100
    assert articles[15:18] == ["art_16", "art_16-1", "art_17"]
    assert acts.by_eid(water_code)["art_16-1"].label == "Статья 161."
    assert ("flattened_number", "art_16-1", 228) in doubts


def test_counted_paragraphs_agree_with_the_law_s_own_count(water_code):
    """The text itself says «абзац пятнадцатый», «абзац восьмой», «абзац 5» at these places."""
    units = acts.by_eid(water_code)

    assert units["art_2__al_15"].text.startswith("(абзац пятнадцатый утратил силу")
    assert units["art_8__al_8"].text.startswith("- (абзац восьмой утратил силу")
    assert units["art_7__al_5"].text.startswith("- (абзац 5 утратил силу")


def test_chapter_with_its_title_on_the_next_line_and_signature_on_three(water_code):
    units = acts.by_eid(water_code)

    assert (units["chp_13"].label, units["chp_13"].heading) == (
        "Глава 13",
        "Ирригационная и другая водохозяйственная деятельность",
    )
    assert units["signature"].text == "Президент\nКыргызской Республики\nА.Акаев"
    assert units["art_40__para_2-1"].label == "2.1"


def test_kyrgyz_amending_law_with_article_labels_without_dots():
    act = structure.parse(acts.text(acts.KY_AMENDING_LAW))
    units = acts.by_eid(act)

    assert (act.kind, act.language, act.amending) == ("law", "ky", True)
    assert act.title.endswith("Кыргыз Республикасынын Мыйзамына өзгөртүүлөрдү киргизүү тууралуу")
    assert [(u.eid, u.label) for u in acts.of_kind(act, "article")] == [
        ("art_1", "1-берене"),
        ("art_2", "2-берене"),
    ]
    assert units["art_1"].heading is None
    assert units["art_1"].text.endswith("төмөнкүдөй өзгөртүүлөр киргизилсин:")
    assert [u.eid for u in acts.of_kind(act, "instruction")] == [f"art_1__point_{n}" for n in (1, 2, 3)]
    assert units["art_2"].text == "Ушул Мыйзам расмий жарыяланган күндөн тартып күчүнө кирет."
    assert "С.Ш. Жээнбеков" in units["signature"].text
    assert units["closing"].text == "Бишкек ш.\n2018-жылдын 15-февралы\n№21"


@pytest.mark.parametrize(
    ("name", "title", "eids"),
    [
        (
            acts.KY_RESOLUTION,
            "Кыргыз Республикасында кыртыштын бонитетин аныктоо тартибин бекитүү жөнүндө",
            ["preamble", "point_1", "point_2", "signature"],
        ),
        (
            acts.KY_RESOLUTION_CABINET,
            "Теңдөөчү трансферттердин көлөмдөрүн аныктоо тартибин бекитүү тууралуу",
            ["preamble", "point_1", "point_2", "point_2__subpoint_1", "point_2__subpoint_2", "point_3"],
        ),
    ],
)
def test_kyrgyz_resolutions_have_points_and_an_enacting_preamble(name, title, eids):
    act = structure.parse(acts.text(name))

    assert (act.kind, act.language, act.amending, act.title) == ("cabinet_resolution", "ky", False, title)
    assert [provision.eid for provision in act.provisions] == eids
    assert acts.by_eid(act)["preamble"].text.endswith("токтом кылат:")
