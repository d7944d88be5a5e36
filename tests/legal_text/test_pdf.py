"""PDFs with a text layer: printed lines become the paragraphs they were, page furniture goes, doubts are told."""

import time
from datetime import UTC, datetime

import pytest

from apps.documents import rendering
from apps.legal_text import normalize, pdf_reader, reader, sandbox, structure
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


def test_code_of_350_kb_is_read_in_the_limited_process_in_time(budget_code):
    started = time.monotonic()
    act = sandbox.read_in_child(budget_code)

    assert len(acts.of_kind(act, "article")) == 141
    assert time.monotonic() - started < GUARD


def test_a_hyphen_of_the_word_stays_and_one_of_the_setter_goes():
    words = ("социально-экономического развития Иссык-Кульской области " * 40).strip()

    text, _ = pdf_reader.text_of(acts.pdf_of(["Статья 1. Название", f"1. Меры {words}."], INDENTED))

    assert text.split("\n")[1] == f"1. Меры {words}."


def test_a_number_that_a_sentence_breaks_before_makes_no_point():
    sentence = "Порядок определяется в соответствии с пунктом " + "5) " * 300 + "настоящего Кодекса."

    text, _ = pdf_reader.text_of(acts.pdf_of([sentence.replace("  ", " ")], SPACED))

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
