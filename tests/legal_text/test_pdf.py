"""PDFs with a text layer: printed lines become the paragraphs they were, page furniture goes, doubts are told."""

import time
from datetime import UTC, datetime

import pypdfium2
import pytest

from apps.documents import rendering
from apps.legal_text import normalize, pdf_reader, provisions, reader, sandbox, structure
from tests.legal_text import acts

#: As a ministry prints its drafts: first lines indented, justified, words divided.
INDENTED = "text-indent: 10mm; text-align: justify; font: 11pt/1.3 'PT Serif'; hyphens: auto"
SPACED = "margin: 0 0 5pt; text-align: left; font: 12pt/1.2 'PT Sans'"
DENSE = "text-align: justify; font: 12pt/1.2 'PT Sans'"
GUARD = 15  # seconds; five times the three that a code of 350 kB may take


@pytest.fixture(scope="module")
def budget_code():
    return acts.pdf_of(acts.text(acts.BUDGET_CODE).split("\n"), INDENTED, head="Бюджетный кодекс")


@pytest.fixture(scope="module")
def water_code():
    return acts.pdf_of(acts.text(acts.WATER_CODE).split("\n"), INDENTED, head="Водный кодекс")


def codes(act):
    return [doubt.code for doubt in act.doubts]


def test_budget_code_from_pdf_is_the_budget_code_from_text(budget_code):
    plain = structure.parse(acts.text(acts.BUDGET_CODE))

    act = reader.read(budget_code)

    assert len(acts.of_kind(act, "article")) == 141
    assert normalize.text_hash(act.provisions, None) == normalize.text_hash(plain.provisions, None)
    assert codes(act) == ["running_heads"]
    assert acts.by_eid(act)["art_24-1"].label == "Статья 24¹."


def test_water_code_from_pdf_is_the_water_code_from_text(water_code):
    plain = structure.parse(acts.text(acts.WATER_CODE))

    act = reader.read(water_code)

    assert len(acts.of_kind(act, "article")) == 100
    assert normalize.text_hash(act.provisions, None) == normalize.text_hash(plain.provisions, None)


@pytest.mark.parametrize("name", [acts.KY_AMENDING_LAW, acts.KY_RESOLUTION, acts.KY_RESOLUTION_CABINET])
def test_kyrgyz_acts_from_pdf_keep_every_letter(name):
    act = reader.read(acts.pdf_of(acts.text(name).split("\n"), INDENTED, lang="ky"))

    plain = structure.parse(acts.text(name))
    assert normalize.text_hash(act.provisions, None) == normalize.text_hash(plain.provisions, None)
    assert act.doubts == plain.doubts


@pytest.mark.parametrize("style", [SPACED, DENSE], ids=["spaced", "dense"])
def test_other_ways_of_setting_lose_no_article_and_no_letter(style):
    source = acts.text(acts.WATER_CODE)

    act = reader.read(acts.pdf_of(source.split("\n"), style, head="Водный кодекс"))

    assert len(acts.of_kind(act, "article")) == 100
    assert acts.joined(act) == acts.squeezed(source)


def test_where_the_page_does_not_show_paragraphs_that_is_told():
    act = reader.read(acts.pdf_of(acts.text(acts.WATER_CODE).split("\n"), DENSE))

    assert "paragraphs_by_look" in codes(act)


def test_a_doubt_names_the_page_and_the_line_that_a_person_counts_there():
    lines = ["ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О примере"]
    lines += [line for n in range(1, 60) for line in (f"Статья {n}. Название", "1. Текст.")]
    lines[lines.index("Статья 40. Название")] = "Статья 70. Название"
    data = acts.pdf_of(lines, INDENTED, head="Проект")

    found = {doubt.code: doubt for doubt in reader.read(data).doubts}

    printed = {code: printed_line(data, doubt.page, doubt.page_line) for code, doubt in found.items()}
    assert printed == {
        "running_heads": "Проект",
        "number_gap": "Статья 70. Название",
        "number_order": "Статья 41. Название",
    }
    assert (found["running_heads"].eid, found["running_heads"].page) == (None, 1)
    assert (found["number_gap"].eid, found["number_gap"].page) == ("art_70", 2)


def printed_line(data, page, line):
    """What stands there, told by the heights of the words alone."""
    document = pypdfium2.PdfDocument(data)
    text = document[page - 1].get_textpage()
    rows = {}
    for i in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(i)
        rows.setdefault(round(bottom / 4), []).append((left, text.get_text_bounded(left, bottom, right, top)))
    return " ".join(words for _, words in sorted(rows[sorted(rows, reverse=True)[line - 1]]))


def test_a_title_that_may_be_text_is_doubted_with_its_place_on_the_page():
    title = "Полномочия органов местного самоуправления в области охраны и использования водного фонда страны"
    lines = [
        line
        for n in range(1, 30)
        for line in (f"Статья {n}. Название", "Текст статьи, который кончается точкой.")
    ]
    lines += [f"Статья 30. {title}", "Кыргызская Республика", "1. Первая часть."]

    act = reader.read(acts.pdf_of(lines, SPACED))

    found = [doubt for doubt in act.doubts if doubt.code == "title_or_text"]
    assert [doubt.eid for doubt in found] == ["art_30"]
    assert (
        printed_line(acts.pdf_of(lines, SPACED), found[0].page, found[0].page_line) == "Кыргызская Республика"
    )


def test_a_title_that_a_full_line_goes_on_from_is_doubted_where_the_page_shows_no_paragraphs():
    lines = [line for n in range(1, 60) for line in (f"Статья {n}. Название", f"Текст статьи {n}. " * 9)]
    lines += [f"Статья 60. {'Кыргызской Республики ' * 6}".strip(), "1. Первая часть."]
    data = acts.pdf_of(lines, DENSE)

    found = next(doubt for doubt in reader.read(data).doubts if doubt.code == "title_or_text")

    assert (found.eid, found.page > 2) == ("art_60", True)
    assert printed_line(data, found.page, found.page_line).startswith(("Кыргызской", "Республики"))


def test_the_doubts_of_a_pdf_say_their_page_and_those_of_other_files_keep_their_shape(water_code):
    of_pdf = provisions.as_dict(reader.read(water_code))
    of_text = provisions.as_dict(structure.parse(acts.text(acts.WATER_CODE)))

    assert all(doubt["page"] for doubt in of_pdf["doubts"])
    assert {tuple(doubt) for doubt in of_text["doubts"]} == {("code", "eid", "line", "message")}
    assert provisions.as_dict(provisions.from_dict(of_pdf)) == of_pdf


def test_code_of_350_kb_is_read_in_the_limited_process_in_time(budget_code):
    started = time.monotonic()
    act = sandbox.read_in_child(budget_code)

    assert len(acts.of_kind(act, "article")) == 141
    assert time.monotonic() - started < GUARD


def test_a_hyphen_of_the_word_stays_and_one_of_the_setter_goes():
    words = ("социально-экономического развития Иссык-Кульской области " * 40).strip()

    text, *_ = pdf_reader.text_of(acts.pdf_of(["Статья 1. Название", f"1. Меры {words}."], INDENTED))

    assert text.split("\n")[1] == f"1. Меры {words}."


def test_a_number_that_a_sentence_breaks_before_makes_no_point():
    sentence = "Порядок определяется в соответствии с пунктом " + "5) " * 300 + "настоящего Кодекса."

    text, *_ = pdf_reader.text_of(acts.pdf_of([sentence.replace("  ", " ")], SPACED))

    assert text == sentence.replace("  ", " ")


def test_repeated_labels_at_the_head_of_pages_are_no_running_heads():
    lines = [line for n in range(1, 8) for line in (f"{n}-берене", "Текст. " * 700)]

    act = reader.read(acts.pdf_of(lines, "font: 12pt/1.2 'PT Sans'; break-before: auto"))

    assert len(acts.of_kind(act, "article")) == 7


def test_footnotes_at_the_foot_of_a_page_do_not_cut_the_sentence_that_goes_on():
    sentence = "Органы местного самоуправления решают вопросы местного значения " * 40
    note = "<span style='float: footnote; font-size: 8pt'>Сноска о словах.</span>"
    body = f"<p>Статья 1. Название</p><p>1. {sentence}слово{note} {sentence}{sentence}.</p><p>2. Вторая часть.</p>"
    style = (
        "@page { size: A5 } p { margin: 0; text-indent: 8mm; text-align: justify; font: 11pt/1.3 'PT Serif' }"
    )
    data = rendering.render_pdf(
        f"<html lang=ru><head><title>x</title><style>{style}</style></head><body>{body}</body></html>",
        metadata=rendering.PdfMetadata("x", datetime(2026, 3, 2, tzinfo=UTC)),
    )

    act = reader.read(data)

    assert [u.eid for u in act.provisions] == [
        "art_1",
        "art_1__para_1",
        "art_1__para_1__note_1",
        "art_1__para_2",
    ]
    assert acts.by_eid(act)["art_1__para_1__note_1"].text == "1. Сноска о словах."
    assert "footnotes" in codes(act)
