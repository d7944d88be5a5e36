"""OpenDocument texts: what their reader sees, numbers of lists and raised digits included."""

import pytest

from apps.legal_text import normalize, odt_reader, reader, structure
from apps.legal_text.lines import CELL, HEADING, NOTE
from tests.legal_text import acts


def text_of(body, styles=""):
    text, doubts = odt_reader.text_of(acts.odt_body(body, styles))
    return text.split("\n"), [doubt.code for doubt in doubts]


def level(depth, form, suffix, **more):
    rest = "".join(f' text:{name.replace("_", "-")}="{value}"' for name, value in more.items())
    return f'<text:list-level-style-number text:level="{depth}" style:num-format="{form}" style:num-suffix="{suffix}"{rest}/>'


def numbered(*levels):
    return f'<text:list-style style:name="L">{"".join(levels)}</text:list-style>'


def item(words, rest=""):
    return f"<text:list-item><text:p>{words}</text:p>{rest}</text:list-item>"


@pytest.mark.parametrize("name", acts.ALL)
def test_odt_and_plain_text_of_one_act_give_the_same_reading(name):
    act = reader.read(acts.odt_of(acts.text(name).split("\n")))

    plain = structure.parse(acts.text(name))
    assert normalize.text_hash(act.provisions, None) == normalize.text_hash(plain.provisions, None)
    assert (act.kind, act.title, act.doubts) == (plain.kind, plain.title, plain.doubts)


@pytest.mark.parametrize(("name", "articles"), [(acts.BUDGET_CODE, 141), (acts.WATER_CODE, 100)])
def test_real_codes_have_all_their_articles(name, articles):
    act = reader.read(acts.odt_of(acts.text(name).split("\n")))

    assert len(acts.of_kind(act, "article")) == articles


def test_numbers_of_lists_are_part_of_the_text():
    inner = f"<text:list>{item('а')}{item('б')}</text:list>"
    body = (
        f'<text:list text:style-name="L">{item("Один", inner)}{item("Два", inner)}</text:list><text:p>Между</text:p>'
        f'<text:list text:style-name="L" text:continue-numbering="true">{item("Три")}</text:list>'
    )

    lines, doubts = text_of(body, numbered(level(1, "1", "."), level(2, "а, б, .., аа, аб, ... (ru)", ")")))

    assert lines == ["1. Один", "а) а", "б) б", "2. Два", "а) а", "б) б", "Между", "3. Три"]
    assert doubts == []


def test_numbers_of_several_levels_start_values_and_headers():
    inner = f"<text:list>{item('Пункт')}</text:list>"
    body = (
        '<text:list text:style-name="L"><text:list-header><text:p>Без номера</text:p></text:list-header>'
        f'<text:list-item text:start-value="4"><text:p>Четыре</text:p>{inner}</text:list-item>'
        "<text:list-item><text:p/></text:list-item></text:list>"
    )

    lines, _ = text_of(body, numbered(level(1, "1", "."), level(2, "1", ".", display_levels=2)))

    assert lines == ["Без номера", "4. Четыре", "4.1. Пункт", "5. "]


def test_a_list_of_an_unknown_form_is_a_doubt():
    lines, doubts = text_of(
        f'<text:list text:style-name="L">{item("А")}</text:list>', numbered(level(1, "一", "."))
    )

    assert (lines, doubts) == (["А"], ["list_number"])


def test_tracked_changes_are_read_as_accepted():
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Вычеркнуто</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:p>Было <text:change text:change-id="a"/><text:change-start text:change-id="b"/>стало'
        '<text:change-end text:change-id="b"/>.</text:p>'
    )

    assert text_of(body) == (["Было стало."], ["tracked_changes"])


def test_raised_digits_white_space_tables_and_what_is_left_out():
    body = (
        '<text:p>Статья 24<text:span text:style-name="up">1</text:span>.  Фонд\n  <text:s text:c="2"/>и<text:tab/>т</text:p>'
        "<table:table><table:table-row><table:table-cell><text:p>А</text:p><text:p>Б</text:p></table:table-cell>"
        "<table:table-cell><text:p>В</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p>Слово<text:note><text:note-body><text:p>Сноска</text:p></text:note-body></text:note>"
        "<office:annotation><text:p>Заметка</text:p></office:annotation>"
        '<draw:frame><draw:image xlink:href="Pictures/1.png"/></draw:frame>'
        "<draw:frame><draw:text-box><text:p>В рамке</text:p></draw:text-box></draw:frame></text:p>"
    )

    lines, doubts = text_of(body, acts.RAISED)

    assert lines == ["Статья 24¹. Фонд   и\tт", f"А Б{CELL}В", "Слово[1]", f"{NOTE}[1] Сноска", "В рамке"]
    assert sorted(doubts) == ["footnotes", "picture", "text_box"]


def test_headings_hidden_text_frames_of_one_cell_and_rows():
    cell = "<table:table-cell>{}</table:table-cell>".format
    row = "<table:table-row>{}</table:table-row>".format
    body = (
        '<text:h text:outline-level="2">Порядок</text:h>'
        "<text:p>Видно<text:hidden-text>скрыто</text:hidden-text></text:p>"
        f"<table:table>{row(cell('<text:p/>') + cell('<text:p>Приложение 1</text:p><text:p>к приказу</text:p>'))}"
        f"{row(cell('<text:p>1.</text:p>') + cell('<text:p>А</text:p>') + cell('<text:p>5</text:p>'))}</table:table>"
    )

    lines, doubts = text_of(body)

    assert lines == [f"{HEADING}2Порядок", "Видно", "Приложение 1", "к приказу", f"1.{CELL}А{CELL}5"]
    assert doubts == ["hidden_text"]
