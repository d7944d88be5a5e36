"""What Word documents hold besides plain paragraphs: lists of every kind, styles, notes, frames, what is not printed."""

import pytest

from apps.legal_text import docx_reader, lines, reader
from tests.legal_text import acts
from tests.legal_text.acts import paragraph, run

W = f'xmlns:w="{acts.W}"'


def level(depth, form, text, *, start=1, more=""):
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(number, *levels, more=""):
    return f'<w:abstractNum w:abstractNumId="{number}">{more}{"".join(levels)}</w:abstractNum>'


def num(number, of, overrides=""):
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def item(depth, list_id=1, value="т", style=""):
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return paragraph(
        run(value) if value else "",
        f'{named}<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>',
    )


def styled(value, style):
    return paragraph(run(value), f'<w:pStyle w:val="{style}"/>')


def docx(body, numbering="", styles="", notes=""):
    data = {
        "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
        "word/numbering.xml": f"<w:numbering {W}>{numbering}</w:numbering>",
        "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
    }
    added = {"word/footnotes.xml": f"<w:footnotes {W}>{notes}</w:footnotes>".encode()}
    return acts.docx_with({name: part.encode() for name, part in data.items()}, added)


def printed(body, numbering="", styles="", notes=""):
    text, doubts = docx_reader.text_of(docx(body, numbering, styles, notes))
    return text.split("\n"), [(doubt.code, doubt.line) for doubt in doubts]


ITEMS = "".join(item(depth) for depth in (0, 1, 1, 0, 1))
LISTS = {
    "numbers of the levels above": (
        abstract(1, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2.")) + num(1, 1),
        ITEMS,
        ["1. т", "1.1. т", "1.2. т", "2. т", "2.1. т"],
    ),
    "a level that never begins again": (
        abstract(1, level(0, "upperRoman", "Раздел %1."), level(1, "decimal", "Статья %2.", more='<w:lvlRestart w:val="0"/>'))
        + num(1, 1),
        ITEMS,
        ["Раздел I. т", "Статья 1. т", "Статья 2. т", "Раздел II. т", "Статья 3. т"],
    ),
    "a level of the list itself in place of the one it is made after": (
        abstract(1, level(0, "decimal", "%1."), level(1, "decimal", "%2)"))
        + num(1, 1, f'<w:lvlOverride w:ilvl="1">{level(1, "russianLower", "%2)")}</w:lvlOverride>'),
        ITEMS,
        ["1. т", "а) т", "б) т", "2. т", "а) т"],
    ),
    "a start of its own at every beginning": (
        abstract(1, level(0, "decimal", "%1."), level(1, "decimal", "%2)"))
        + num(1, 1, '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="5"/></w:lvlOverride>'),
        ITEMS,
        ["1. т", "5) т", "6) т", "2. т", "5) т"],
    ),
    "all numbers in digits": (
        abstract(1, level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2.", more="<w:isLgl/>")) + num(1, 1),
        ITEMS,
        ["I. т", "1.1. т", "1.2. т", "II. т", "2.1. т"],
    ),
    "a list that names a style": (
        abstract(1, more='<w:numStyleLink w:val="S"/>')
        + abstract(2, level(0, "decimal", "%1-берене."), level(1, "decimal", "%2."), more='<w:styleLink w:val="S"/>')
        + num(1, 1) + num(2, 2),
        ITEMS,
        ["1-берене. т", "1. т", "2. т", "2-берене. т", "1. т"],
    ),
    "an empty item is counted": (
        abstract(1, level(0, "decimal", "%1)")) + num(1, 1),
        item(0) + item(0, value="") + item(0) + item(0, list_id=0),
        ["1) т", "2) ", "3) т", "т"],
    ),
    "letters past the last one": (
        abstract(1, level(0, "lowerLetter", "%1)", start=26)) + num(1, 1),
        item(0) + item(0),
        ["z) т", "aa) т"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_numbered_as_word_numbers_them(name):
    numbering, body, expected = LISTS[name]

    assert printed(body, numbering) == (expected, [])


def test_a_form_word_stores_twice_is_read_from_its_second_place():
    stored = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
        'markup-compatibility/2006"><mc:Fallback><w:numFmt w:val="russianUpper"/></mc:Fallback></mc:AlternateContent>'
        '<w:lvlText w:val="%1."/></w:lvl>'
    )

    assert printed(item(0) + item(0), abstract(1, stored) + num(1, 1))[0] == ["А. т", "Б. т"]


def test_styles_number_and_a_style_may_take_the_number_away():
    styles = (
        '<w:style w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
        '<w:style w:styleId="C"><w:basedOn w:val="A"/><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="D"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="E"><w:basedOn w:val="F"/></w:style><w:style w:styleId="F"><w:basedOn w:val="E"/></w:style>'
    )
    numbering = abstract(
        1, level(0, "decimal", "Статья %1."), level(1, "decimal", "%2.", more='<w:pStyle w:val="D"/>')
    ) + num(1, 1)

    read, _ = printed("".join(styled("т", style) for style in "ADBCE"), numbering, styles)

    assert read == ["Статья 1. т", "1. т", "Статья 2. т", "т", "т"]


def test_headings_by_style_alone_are_chapters_with_a_doubt():
    styles = (
        '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="H2"><w:basedOn w:val="H1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    body = (
        paragraph(run("ПОСТАНОВЛЕНИЕ КАБИНЕТА МИНИСТРОВ"))
        + paragraph(run("О порядке"))
        + paragraph(run("Кабинет Министров постановляет:"))
        + paragraph(run("1. Утвердить."))
        + paragraph(run("Приложение"))
        + styled("ПОЛОЖЕНИЕ", "H1")
        + styled("Общие положения", "H2")
        + paragraph(run("1. Первый."))
        + styled("Порядок", "H2")
        + paragraph(run("2. Второй."))
    )

    act = reader.read(docx(body, styles=styles))

    assert [u.eid for u in act.provisions][2:] == [
        "att_1", "att_1__chp_1", "att_1__point_1", "att_1__chp_2", "att_1__point_2",
    ]  # fmt: skip
    assert acts.by_eid(act)["att_1__chp_2"].heading == "Порядок"
    assert [(d.code, d.eid) for d in act.doubts] == [
        ("heading_by_style", "att_1__chp_1"),
        ("heading_by_style", "att_1__chp_2"),
    ]


def test_footnotes_become_notes_of_the_unit_that_names_them():
    reference = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    note = f'<w:footnote w:id="7">{paragraph("<w:r><w:footnoteRef/></w:r>" + run(" Сноска."))}</w:footnote>'
    body = "".join(
        (
            paragraph(run("Статья 1. Название")),
            paragraph(run("1) первый") + reference + run(";")),
            paragraph(run("второй абзац;")),
            paragraph(run("2) третий.")),
        )
    )

    act = reader.read(docx(body, notes=note))
    units = acts.by_eid(act)

    assert units["art_1__point_1"].text == "первый[1];"
    assert (units["art_1__point_1__note_1"].label, units["art_1__point_1__note_1"].text) == ("[1]", "Сноска.")
    assert units["art_1__point_1__al_2"].text == "второй абзац;"
    assert "art_1__point_2" in units
    assert ("footnotes", "art_1__point_1__note_1") in {(d.code, d.eid) for d in act.doubts}


def test_a_footnote_that_is_not_there_is_told():
    body = paragraph(run("Слово") + '<w:r><w:footnoteReference w:id="9"/></w:r>')

    assert printed(body) == (["Слово"], [("footnotes_left_out", 1)])


def test_what_is_not_printed_is_left_out_and_told():
    styles = '<w:style w:styleId="Hid"><w:rPr><w:vanish/></w:rPr></w:style>'
    body = paragraph(
        run("Видно")
        + run(" скрыто", "<w:vanish/>")
        + run(" и это", '<w:rStyle w:val="Hid"/>')
        + run(" дальше", '<w:vanish w:val="0"/>')
    )

    assert printed(body, styles=styles) == (["Видно дальше"], [("hidden_text", 1)])


def test_raised_digits_with_their_dot_by_style_and_by_position():
    styles = '<w:style w:styleId="Up"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    body = (
        paragraph(run("Статья 24") + run("1.", '<w:rStyle w:val="Up"/>') + run(" Фонд"))
        + paragraph(run("3") + run("1)", '<w:position w:val="6"/>') + run(" пункт;"))
        + paragraph(run("м") + run("2", '<w:vertAlign w:val="subscript"/>'))
    )

    assert printed(body, styles=styles)[0] == ["Статья 24¹. Фонд", "3¹) пункт;", "м2"]


def test_moved_and_joined_paragraphs_take_the_number_of_where_they_end():
    numbering = abstract(1, level(0, "decimal", "%1.")) + num(1, 1)
    gone = '<w:rPr><w:moveFrom w:id="3"/></w:rPr>'
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = (
        paragraph(f'<w:moveFrom w:id="1">{run("ушло")}</w:moveFrom>', listed + gone)
        + paragraph(run("Начало "), listed + '<w:rPr><w:del w:id="4"/></w:rPr>')
        + paragraph(run("и конец."), listed)
        + paragraph(f'<w:moveTo w:id="2">{run("пришло")}</w:moveTo>', listed)
    )

    assert printed(body, numbering)[0] == ["1. Начало и конец.", "2. пришло"]


def test_what_stands_in_fields_links_tags_and_controls_is_text():
    body = paragraph(
        f"<w:hyperlink>{run('ссылка')}</w:hyperlink>"
        f"<w:smartTag>{run(' метка')}</w:smartTag>"
        f"<w:fldSimple>{run(' поле')}</w:fldSimple>"
        f"<w:sdt><w:sdtPr/><w:sdtContent>{run(' выбор')}</w:sdtContent></w:sdt>"
        '<w:r><w:sym w:font="Symbol" w:char="F0B7"/></w:r>'
    )

    assert printed(body) == (["ссылка метка поле выбор•"], [])


CELL = "<w:tc>{}</w:tc>".format


def table(*rows):
    made = "".join(f"<w:tr>{''.join(CELL(cell) for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl>{made}</w:tbl>"


def test_numbers_in_rows_of_a_table_make_no_units():
    row = [paragraph(run(word)) for word in ("1.", "Налог", "5")]
    act = reader.read(
        docx(
            paragraph(run("Статья 1. А"))
            + paragraph(run("1. Ставки:"))
            + table(row, row)
            + paragraph(run("2. Б."))
        )
    )

    assert [u.eid for u in act.provisions] == [
        "art_1", "art_1__para_1", "art_1__para_1__al_2", "art_1__para_1__al_3", "art_1__para_2",
    ]  # fmt: skip
    assert acts.by_eid(act)["art_1__para_1__al_2"].text == "1.\tНалог\t5"


def test_a_frame_of_one_cell_and_a_list_in_two_columns_are_text():
    empty = paragraph("")
    frame = table([empty, paragraph(run("Приложение 1")) + paragraph(run("к постановлению"))])
    columns = table([paragraph(run("1.")), paragraph(run("Утвердить.")) + paragraph(run("Ещё абзац."))])

    text, doubts = printed(frame + columns)

    assert text == ["Приложение 1", "к постановлению", "1. Утвердить.", "Ещё абзац."]
    assert doubts == [("table_units", 3)]


def test_two_languages_side_by_side_are_one_row_each_and_that_is_told():
    both = [paragraph(run("1. А")) + paragraph(run("2. Б")), paragraph(run("1. В")) + paragraph(run("2. Г"))]

    assert printed(table(both)) == ([f"1. А 2. Б{lines.CELL}1. В 2. Г"], [("table_units_unread", 1)])
