"""What may be kept and what is refused, each by its own code."""

import io
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from docx import Document
from PIL import Image

from apps.documents.uploads import DOCX, MESSAGES, BadUpload, clean_filename, inspect_upload

RELS = "http://schemas.openxmlformats.org"


def pdf(change: Callable[[pikepdf.Pdf], None] = lambda pdf: None, **save: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        document.save(out, **save)
    return out.getvalue()


def docx(extra: dict[str, bytes | str] | None = None, *, replace: dict[str, bytes] | None = None) -> bytes:
    first = io.BytesIO()
    document = Document()
    document.add_paragraph("Айыл өкмөтү жөнүндө: ң ө ү")
    document.save(first)
    out = io.BytesIO()
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (replace or {}).get(name, old.read(name)))
        for name, body in (extra or {}).items():
            new.writestr(name, body)
    return out.getvalue()


def odt(**extra: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", "<x/>")
        for name, body in extra.items():
            package.writestr(name.replace("__", "/"), body)
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, kind)
    return out.getvalue()


def entity_bomb() -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><l>&b;</l>'


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("негиздеме.pdf", pdf(), "application/pdf"),
        ("Мыйзам долбоору.DOCX", docx(), DOCX),
        ("text.odt", odt(), "application/vnd.oasis.opendocument.text"),
        ("a.txt", "Өмүр, ңүө".encode(), "text/plain"),
        ("a.txt", "Өмүр".encode("utf-16"), "text/plain"),
        ("a.png", picture("PNG"), "image/png"),
        ("a.jpg", picture("JPEG"), "image/jpeg"),
    ],
)
def test_an_ordinary_file_is_accepted(name: str, data: bytes, media_type: str) -> None:
    assert inspect_upload(data, name) == media_type


def with_action(action: dict[str, Any], key: str = "/OpenAction") -> bytes:
    return pdf(
        lambda document: document.Root.__setitem__(key, document.make_indirect(pikepdf.Dictionary(action)))
    )


def with_attachment(document: pikepdf.Pdf) -> None:
    document.attachments["x.exe"] = pikepdf.AttachedFileSpec(document, b"MZ")


def many_pages(document: pikepdf.Pdf) -> None:
    for _ in range(2001):
        document.add_blank_page()


BAD_PDFS = {
    "html before": (b"<html>" + pdf(), "not_what_it_says"),
    "renamed html": (b"<html><script>", "not_what_it_says"),
    "renamed exe": (b"MZ\x90\x00", "not_what_it_says"),
    "space before": (b" " + pdf(), "not_what_it_says"),
    "truncated": (pdf()[:200], "damaged"),
    "only a head": (b"%PDF-1.7\n", "damaged"),
    "polyglot": (pdf() + docx(), "not_what_it_says"),
    "javascript at opening": (
        with_action({"/S": pikepdf.Name("/JavaScript"), "/JS": "app.alert(1)"}),
        "active_content",
    ),
    "launch": (with_action({"/S": pikepdf.Name("/Launch"), "/F": "cmd.exe"}), "active_content"),
    "additional actions": (
        with_action({"/O": pikepdf.Dictionary({"/S": pikepdf.Name("/JavaScript")})}, "/AA"),
        "active_content",
    ),
    "launch deep inside": (
        pdf(
            lambda d: d.pages[0].__setitem__(
                "/Annots",
                pikepdf.Array(
                    [
                        pikepdf.Dictionary(
                            {
                                "/Subtype": pikepdf.Name("/Link"),
                                "/A": pikepdf.Dictionary({"/S": pikepdf.Name("/Launch")}),
                            }
                        )
                    ]
                ),
            )
        ),
        "active_content",
    ),
    "hidden in an object stream": (
        pdf(
            lambda d: d.Root.__setitem__("/Hidden", d.make_indirect(pikepdf.Dictionary({"/JS": "x"}))),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        ),
        "active_content",
    ),
    "embedded": (pdf(with_attachment), "embedded_files"),
    "password": (pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "encrypted"),
    "owner's password": (pdf(encryption=pikepdf.Encryption(owner="a", user="")), "encrypted"),
    "too many pages": (pdf(many_pages), "too_many_pages"),
}


@pytest.mark.parametrize("case", BAD_PDFS)
def test_a_bad_pdf_is_refused_by_its_structure(case: str) -> None:
    data, code = BAD_PDFS[case]

    with pytest.raises(BadUpload) as refused:
        inspect_upload(data, "file.pdf")

    assert refused.value.code == code


def test_a_pdf_that_opens_at_a_page_is_accepted() -> None:
    def open_at(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = pikepdf.Array([document.pages[0].obj, pikepdf.Name("/Fit")])

    assert inspect_upload(pdf(open_at), "a.pdf") == "application/pdf"


def lying_size() -> bytes:
    """The directory says ten bytes; the part unpacks to megabytes."""
    data = bytearray(docx({"word/big.xml": b"<x>" + b" " * 5_000_000}))
    where = data.rindex(b"word/big.xml") - 46
    data[where + 24 : where + 28] = (10).to_bytes(4, "little")
    return bytes(data)


OUTSIDE = (
    f'<Relationships xmlns="{RELS}/package/2006/relationships"><Relationship Id="r" '
    f'Type="{RELS}/officeDocument/2006/relationships/%s" Target="http://x.example/t" TargetMode="External"/>'
    "</Relationships>"
)
BAD_OFFICE = {
    "macros": (docx({"word/vbaProject.bin": b"\0"}), "macros"),
    "macros by type": (
        docx(replace={"[Content_Types].xml": b'<Types xmlns="x">macroEnabled</Types>'}),
        "macros",
    ),
    "bomb": (docx({"word/big.xml": b" " * 60_000_000}), "too_complex"),
    "lying size": (lying_size(), "damaged"),
    "thousands of entries": (docx({f"word/{n}.xml": b"" for n in range(2500)}), "too_complex"),
    "nested zip": (docx({"word/inner.zip": b"PK"}), "embedded_files"),
    "embedded object": (docx({"word/embeddings/oleObject1.bin": b"x"}), "embedded_files"),
    "entities": (docx(replace={"word/document.xml": entity_bomb()}), "active_content"),
    "entities in utf-16": (
        docx(replace={"word/document.xml": entity_bomb().decode().encode("utf-16")}),
        "active_content",
    ),
    "external template": (
        docx({"word/_rels/settings.xml.rels": OUTSIDE % "attachedTemplate"}),
        "external_content",
    ),
    "slip": (docx({"../../etc/cron.d/x": b"x"}), "not_what_it_says"),
    "no document": (docx(replace={})[:0] + odt(), "not_what_it_says"),
    "old office format": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old_format"),
    "password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted",
    ),
    "archive under another name": (docx({"word/media/image1.png": b"PK\x03\x04"}), "embedded_files"),
    "truncated": (docx()[:-100], "damaged"),
    "html": (b"<html>", "not_what_it_says"),
}


@pytest.mark.parametrize("case", BAD_OFFICE)
def test_a_bad_office_file_is_refused_by_its_structure(case: str) -> None:
    data, code = BAD_OFFICE[case]

    with pytest.raises(BadUpload) as refused:
        inspect_upload(data, "file.docx")

    assert refused.value.code == code


def test_a_link_in_the_text_is_no_external_content() -> None:
    assert inspect_upload(docx({"word/_rels/x.xml.rels": OUTSIDE % "hyperlink"}), "a.docx") == DOCX


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.exe", b"MZ", "unknown_type"),
        ("a.svg", b"<svg/>", "unknown_type"),
        ("a.docm", docx(), "unknown_type"),
        ("pdf", b"%PDF-", "unknown_type"),
        ("a.txt", b"\xff\xfe\xff", "not_text"),
        ("a.txt", "привет".encode("cp1251"), "not_text"),
        ("a.txt", b"a\0b", "not_text"),
        ("a.txt", b"<!doctype html><script>", "not_what_it_says"),
        ("a.png", b"<svg onload=x>", "not_what_it_says"),
        ("a.png", picture("JPEG"), "not_what_it_says"),
        ("a.odt", odt(Basic__x="x"), "macros"),
        ("a.odt", docx(), "not_what_it_says"),
    ],
)
def test_other_bad_files_are_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(BadUpload) as refused:
        inspect_upload(data, name)

    assert refused.value.code == code


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadUpload) as refused:
        inspect_upload(b"x" * 101, "a.txt", max_bytes=100)

    assert refused.value.code == "too_large"


def test_every_refusal_has_a_sentence() -> None:
    assert all(str(BadUpload(code)).endswith(".") for code in MESSAGES)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Temp\\негиздеме.docx", "негиздеме.docx"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b\r\nX: y.pdf", "abX_ y.pdf"),
        ("  Өмүр   үчүн .pdf", "Өмүр үчүн.pdf"),
        ("", "file"),
        ("...", "file"),
        (".pdf", "file.pdf"),
        (unicodedata.normalize("NFD", "й.txt"), "й.txt"),
        ("\ud800.txt", "_.txt"),
    ],
)
def test_hostile_names_are_cleaned(given: str, clean: str) -> None:
    assert clean_filename(given) == clean


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_filename("ү" * 300 + ".docx")

    assert len(name) == 120
    assert name.endswith(".docx")
