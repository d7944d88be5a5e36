"""Files made to exhaust whoever reads them: read, or refused by name; what they cost grows with their size alone.

Figures at full size (a million paragraphs) are taken by hand; here each is as large as shows that it is not quadratic.
"""

import zlib

import pikepdf
import pytest

from apps.legal_text import reader, sandbox
from apps.legal_text.errors import UnreadableText
from tests.legal_text import acts, test_bad_input
from tests.legal_text.acts import paragraph, run

ARTICLE = paragraph(run("Статья 1. А"))


def nested_tables(depth):
    inner = ARTICLE
    for _ in range(depth):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    return acts.docx_body(inner)


def nested_boxes(depth):
    inner = ARTICLE
    for _ in range(depth):
        inner = f"<w:p><w:r><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></w:r></w:p>"
    return acts.docx_body(inner)


def wide_table():
    cells = "".join(f"<w:tc>{paragraph(run(f'графа {n * 7919}'))}</w:tc>" for n in range(4000))
    return acts.docx_body(f"{ARTICLE}<w:tbl><w:tr>{cells}</w:tr></w:tbl>")


def empty_paragraphs():
    return acts.docx_body(
        "".join(f'<w:p w:rsidR="{n * 2654435761 % 2**32:08X}"/>' for n in range(20_000)) + ARTICLE
    )


def footnotes(ids):
    """An article that names each of these footnotes; the first of them names itself."""
    named = "".join(f'<w:r><w:footnoteReference w:id="{n}"/></w:r>' for n in ids)
    notes = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:t>Сноска</w:t></w:r><w:r><w:footnoteReference w:id="{ids[0]}"/></w:r></w:p>'
        "</w:footnote>"
        for n in ids
    )
    document = f'<w:document xmlns:w="{acts.W}"><w:body>{paragraph(run("Статья 1. А") + named)}</w:body></w:document>'
    return acts.docx_with(
        {"word/document.xml": document.encode()},
        {"word/footnotes.xml": f'<w:footnotes xmlns:w="{acts.W}">{notes}</w:footnotes>'.encode()},
    )


def circles():
    """Styles and lists that are made after each other, and levels that no list has."""
    numbering = (
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="A"/><w:styleLink w:val="B"/></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="B"/><w:styleLink w:val="A"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="9"/></w:num>'
    )
    body = "".join(
        paragraph(run("пункт"), f'<w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="{n % 2 + 1}"/></w:numPr>')
        for n in range(3000)
    )
    return acts.docx_body(ARTICLE + body, numbering)


def odt_repeated():
    many = 'table:number-rows-repeated="100000000" table:number-columns-repeated="100000000"'
    cell = f"<table:table-cell {many}><text:p>Статья 1. А</text:p></table:table-cell>"
    return acts.odt_body(f"<table:table><table:table-row {many}>{cell}</table:table-row></table:table>")


def odt_nested(depth):
    return acts.odt_body(
        "<text:list><text:list-item>" * depth
        + "<text:p>Статья 1. А</text:p>"
        + "</text:list-item></text:list>" * depth
    )


def odt_circle():
    styles = "".join(
        f'<style:style style:name="{a}" style:family="text" style:parent-style-name="{b}"/>'
        for a, b in ("xy", "yx")
    )
    return acts.odt_body('<text:p>Статья 1. <text:span text:style-name="x">А</text:span></text:p>', styles)


READ = {
    "tables within tables": lambda: nested_tables(50),
    "boxes within boxes": lambda: nested_boxes(60),
    "a table of thousands of columns": wide_table,
    "empty paragraphs without end": empty_paragraphs,
    "a footnote that names itself": lambda: footnotes(range(1, 3)),
    "thousands of footnotes in one line": lambda: footnotes(range(1, 3001)),
    "lists and styles in circles": circles,
    "odt: rows and columns repeated a hundred million times": odt_repeated,
    "odt: lists within lists": lambda: odt_nested(110),
    "odt: styles in a circle": odt_circle,
}


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read(name):
    act = reader.read(READ[name]())

    assert act.provisions[0].label == "Статья 1."


def page_loop(document):
    document.Root.Pages.Kids.append(document.Root.Pages)


REFUSED = {
    "tables nested past all sense": (lambda: nested_tables(120), "damaged"),
    "odt: lists nested past all sense": (lambda: odt_nested(400), "damaged"),
    "rows that pack to nothing": (
        lambda: acts.docx_body(f"<w:tbl>{'<w:tr><w:tc><w:p/></w:tc></w:tr>' * 60_000}</w:tbl>"),
        "bomb",
    ),
    "pdf: pages in a circle": (lambda: test_bad_input.pdf(page_loop), "damaged"),
    "pdf: no such table of objects": (
        lambda: test_bad_input.pdf().replace(b"startxref\n", b"startxref\n9"),
        "damaged",
    ),
    "pdf: the end is gone": (lambda: test_bad_input.pdf().replace(b"%%EOF", b"").replace(b"startxref", b""), "damaged"),
    "docx: the letters are not letters": (lambda: acts.docx_body(paragraph(run("1 2 3"))), "empty"),
    "docx that says it is a picture": (
        lambda: acts.docx_with({"[Content_Types].xml": b'<Types><Default Extension="xml" ContentType="image/png"/></Types>'}),
        "encrypted_or_not_docx",
    ),
    "odt without its content": (lambda: acts.odt_body("", added={"content.xml": b"<a/>"}), "empty"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_no_editor_makes_is_refused_by_name(name):
    make, code = REFUSED[name]

    with pytest.raises(UnreadableText) as refusal:
        reader.read(make())

    assert refusal.value.code == code


def test_a_page_that_unpacks_to_far_more_than_memory_costs_a_process_and_no_more():
    packed = zlib.compress(b" " * (150 * 1024 * 1024), 1)

    def bomb(document):
        content = document.make_stream(b"x")
        content.write(packed, filter=pikepdf.Name.FlateDecode)
        document.pages[0].Contents = content

    with pytest.raises(UnreadableText) as refusal:
        sandbox.read_in_child(test_bad_input.pdf(bomb), memory_mb=250)

    assert refusal.value.code in ("too_heavy", "damaged")


LINES = {
    "quotations that never end": ("О внесении изменений\nСтатья 1.\nВнести изменения:\n", '1) изложить:\n"б\n'),
    "numbers that go on after a note": ("Статья 1. А\nПримечание.\n1. т\n", "2. т\n"),
    "headings without dots": ("Статья 1. А\n", "Статья 5 Закон\n"),
    "instructions under one long sentence": (
        f"О внесении изменений\nСтатья 1.\nВнести {'слово ' * 5000}изменения:\n", "1) т\n",
    ),
    "marks that never close": ("Статья 1. А\n", "(В редакции Закона\n"),
    "annexes without end": ("Статья 1. А\nТекст.\n", "тиркеме\n"),
    "footnotes of nothing": ("Статья 1. А[1]\n", "[1] Сноска [2]\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_no_text_makes_reading_quadratic(name):
    """Thousands of lines each; a step that looked back through all of them would be felt here."""
    first, repeated = LINES[name]

    act = reader.read((first + repeated * 6_000).encode())

    assert len(act.provisions) > 1
