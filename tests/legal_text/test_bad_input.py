"""What must be refused, quickly and by name."""

import io
import struct
import time
import zipfile

import pikepdf
import pytest

from apps.legal_text import messages, reader, sandbox
from apps.legal_text.errors import UnreadableText
from tests.legal_text import acts

#: Seconds: five times what is asked for, so that a busy machine raises no false alarm.
GUARD = 10
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def external(kind, part="word/_rels/settings.xml.rels"):
    link = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="http://198.51.100.7/x" TargetMode="External"/>'
    return acts.docx_with(
        added={part: f'<Relationships xmlns="{RELATIONSHIPS}">{link}</Relationships>'.encode()}
    )


def document(content):
    return acts.docx_with({"word/document.xml": content})


def macro_enabled():
    types = zipfile.ZipFile(io.BytesIO(acts.docx_with())).read("[Content_Types].xml")
    return acts.docx_with(
        {
            "[Content_Types].xml": types.replace(
                b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                b"application/vnd.ms-word.document.macroEnabled.main+xml",
            )
        }
    )


def lying_size():
    """The directory claims 100 bytes for a part that unpacks to 8 MB."""
    data = bytearray(acts.docx_with(added={"word/media/x.bin": bytes(8_000_000)}))
    for signature, at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            if data[start + name_at :].startswith(b"word/media/x.bin"):
                data[start + at : start + at + 4] = struct.pack("<I", 100)
            start += 4
    return bytes(data)


def overlapping():
    """A second directory entry points at the bytes of the first."""
    data = acts.docx_with(added={"word/aaaa.bin": b"a" * 4000, "word/bbbb.bin": b"b" * 4000})
    archive = zipfile.ZipFile(io.BytesIO(data))
    first, second = archive.getinfo("word/aaaa.bin"), archive.getinfo("word/bbbb.bin")
    entry = data.rfind(b"word/bbbb.bin") - 46
    patched = bytearray(data)
    patched[entry + 42 : entry + 46] = struct.pack("<I", first.header_offset)
    assert struct.unpack("<I", data[entry + 42 : entry + 46])[0] == second.header_offset
    return bytes(patched)


def odg():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.graphics")
        archive.writestr("content.xml", "<x/>")
    return buffer.getvalue()


def pdf(change=lambda document: None, **save):
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        document.save(out, **save)
    return out.getvalue()


def scan(document):
    """The first page is a picture and nothing else."""
    picture = document.make_stream(
        bytes(100), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=10, Height=10,
        ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
    )  # fmt: skip
    page = document.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.Contents = document.make_stream(b"q 600 0 0 800 0 0 cm /Im0 Do Q")


def script(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def ten_thousand(document):
    document.Root.Pages = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Count=10_000))
    document.Root.Pages.Kids = pikepdf.Array(
        [document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page, Parent=document.Root.Pages,
         MediaBox=[0, 0, 9, 9])) for _ in range(10_000)]
    )  # fmt: skip


def renamed_first_part(name):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name.decode(), "x")
    return buffer.getvalue()


def spreadsheet():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<x/>")
    return buffer.getvalue()


BILLION_LAUGHS = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<w:document xmlns:w="'
    + acts.W.encode()
    + b'"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
)
XXE = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<w:document xmlns:w="'
    + acts.W.encode()
    + b'"><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
)

CASES = {
    "0 bytes": (lambda: b"", "empty"),
    "blank lines only": (lambda: b"\xef\xbb\xbf \r\n\t\n", "empty"),
    "zero-width characters only": (lambda: "\u200b\u200d\n".encode() * 10, "empty"),
    "digits only": (lambda: b"1. 2. 3.", "empty"),
    "blank document": (lambda: acts.docx_of(["", " "]), "empty"),
    "300 MB": (lambda: b"a" * (reader.MAX_BYTES + 1), "too_large"),
    "html renamed": (lambda: "<!DOCTYPE html><html><body>Статья 1.</body></html>".encode(), "not_text"),
    "svg with script": (lambda: b"<svg><script>alert(1)</script></svg>", "not_text"),
    "exe renamed": (lambda: b"MZ\x90\x00" + bytes(range(256)) * 20, "not_text"),
    "rtf": (lambda: b"{\\rtf1\\ansi text}", "not_text"),
    "text with NUL": (lambda: "Статья 1.\0 Текст".encode(), "not_text"),
    "random bytes": (lambda: bytes((i * 37 + i // 7) % 255 + 1 for i in range(4000)), "not_text"),
    "svg behind a comment": (lambda: b"<!-- x --><svg><script>alert(1)</script></svg>", "not_text"),
    "only the head of a pdf": (lambda: b"%PDF-1.7\n%...", "damaged"),
    "pdf not at byte 0": (lambda: b"\n\n  %PDF-1.7\n", "two_formats"),
    "pdf and zip in one": (lambda: pdf() + acts.docx_with(), "two_formats"),
    "zip that begins like a pdf": (lambda: renamed_first_part(b"%PDF-1.7"), "two_formats"),
    "pdf cut short": (lambda: pdf()[:300], "damaged"),
    "pdf of a scan": (lambda: pdf(scan), "scanned"),
    "pdf with one scanned page": (lambda: pdf(lambda d: (scan(d), d.add_blank_page())), "scanned"),
    "pdf without anything": (pdf, "empty"),
    "pdf under a password": (lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "encrypted"),
    "pdf with an owner's password": (
        lambda: pdf(encryption=pikepdf.Encryption(owner="a", user="")),
        "encrypted",
    ),
    "pdf that runs a script": (lambda: pdf(script), "active_content"),
    "pdf with a file inside": (
        lambda: pdf(lambda d: d.attachments.__setitem__("x", pikepdf.AttachedFileSpec(d, b"MZ"))),
        "embedded_files",
    ),
    "pdf of 10,000 pages": (lambda: pdf(ten_thousand), "too_many_pages"),
    "odt bomb": (lambda: acts.odt_body("", added={"big.xml": b" " * 9_000_000}), "bomb"),
    "odt with an entity bomb": (
        lambda: acts.odt_body("", added={"styles.xml": BILLION_LAUGHS}),
        "unsafe_xml",
    ),
    "odt with xxe": (lambda: acts.odt_body("", added={"content.xml": XXE}), "unsafe_xml"),
    "odt with macros": (lambda: acts.odt_body("", added={"Basic/Standard/x.xml": b"<x/>"}), "has_macros"),
    "odt with an event": (lambda: acts.odt_body("<script:event-listener/>"), "has_macros"),
    "odt with a picture from outside": (
        lambda: acts.odt_body('<draw:frame><draw:image xlink:href="http://198.51.100.7/x"/></draw:frame>'),
        "external_template",
    ),
    "odt with a section from a file": (
        lambda: acts.odt_body('<text:section-source xlink:href="../../etc/passwd"/>'),
        "external_template",
    ),
    "odt under a password": (
        lambda: acts.odt_body("", added={"META-INF/manifest.xml": b"<m:encryption-data/>"}),
        "encrypted",
    ),
    "odt cut short": (lambda: acts.odt_of(["Статья 1. А"] * 50)[:600], "damaged"),
    "archive within an odt": (lambda: acts.odt_body("", added={"x.bin": acts.docx_with()}), "embedded_files"),
    "archive within a docx": (
        lambda: acts.docx_with(added={"word/media/image1.png": acts.docx_with()}),
        "embedded_files",
    ),
    "program within a docx": (lambda: acts.docx_with(added={"word/x.bin": b"MZ\x90"}), "embedded_files"),
    "drawing of opendocument": (odg, "not_text"),
    "old doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_doc"),
    "encrypted docx": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "encrypted_or_not_docx",
    ),
    "spreadsheet": (spreadsheet, "encrypted_or_not_docx"),
    "truncated docx": (lambda: acts.docx_with()[:9000], "damaged"),
    "truncated utf-8": (lambda: ("Статья 1. Название\n" * 40).encode()[:-2], "damaged"),
    "flipped byte": (
        lambda: (lambda d: d[:200] + bytes([d[200] ^ 0xFF]) + d[201:])(acts.docx_with()),
        "damaged",
    ),
    "vbaProject": (lambda: acts.docx_with(added={"word/vbaProject.bin": b"x"}), "has_macros"),
    "docm": (macro_enabled, "has_macros"),
    "external template": (lambda: external("attachedTemplate"), "external_template"),
    "external object": (lambda: external("oleObject", "word/_rels/footer1.xml.rels"), "external_template"),
    "zip slip": (lambda: acts.docx_with(added={"../../etc/cron.d/x": b"x"}), "unsafe_archive"),
    "absolute name": (lambda: acts.docx_with(added={"/etc/x": b"x"}), "unsafe_archive"),
    "thousands of entries": (lambda: acts.docx_with(added={f"w/{i}": b"" for i in range(2100)}), "bomb"),
    "high ratio": (lambda: acts.docx_with(added={"word/x.xml": b" " * 9_000_000}), "bomb"),
    "over 60 MB unpacked": (
        lambda: acts.docx_with(added={f"word/{i}.bin": b"ab\n" * 300_000 for i in range(80)}),
        "bomb",
    ),
    "lying sizes": (lying_size, "bomb"),
    "overlapping entries": (overlapping, "bomb"),
    "entity bomb": (lambda: document(BILLION_LAUGHS), "unsafe_xml"),
    "xxe": (lambda: document(XXE), "unsafe_xml"),
    "xxe in utf-16": (lambda: document(XXE.decode().encode("utf-16")), "unsafe_xml"),
    "xxe in a part nobody reads": (lambda: acts.docx_with(added={"docProps/custom.xml": XXE}), "unsafe_xml"),
    "no xml": (lambda: document(b"<w:document"), "damaged"),
    "deep xml": (lambda: document(b"<a>" * 5000 + b"</a>" * 5000), "damaged"),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_refused_by_name_and_quickly(case):
    make, code = CASES[case]
    data = make()

    started = time.monotonic()
    with pytest.raises(UnreadableText) as refusal:
        reader.read(data, filename="act.docx")

    assert refusal.value.code == code
    assert refusal.value.message == messages.UNREADABLE[code]
    assert time.monotonic() - started < GUARD


def test_honest_document_is_not_refused():
    act = reader.read(acts.docx_with(), filename="anything.exe")

    assert [provision.eid for provision in act.provisions] == ["art_1"]


def test_hyperlinks_to_the_outside_are_no_reason_to_refuse():
    act = reader.read(external("hyperlink", "word/_rels/header1.xml.rels"))

    assert act.provisions


def test_child_passes_the_reading_and_the_refusals_on():
    data = acts.docx_with()

    assert sandbox.read_in_child(data) == reader.read(data)
    with pytest.raises(UnreadableText) as refusal:
        sandbox.read_in_child(b"%PDF-1.7")
    assert refusal.value.code == "damaged"


def test_child_that_takes_too_long_is_stopped():
    with pytest.raises(UnreadableText) as refusal:
        sandbox.read_in_child(acts.docx_with(), wall_seconds=0.01)

    assert refusal.value.code == "too_slow"


def test_child_that_needs_too_much_memory_is_stopped():
    with pytest.raises(UnreadableText) as refusal:
        sandbox.read_in_child(("Статья 1. Название\n1. Текст\n" * 100_000).encode(), memory_mb=64)

    assert refusal.value.code == "too_heavy"


@pytest.mark.parametrize(
    "line", ["1" * 100_000, "1." * 50_000, "(" * 100_000, '"' * 100_001, "Статья 1" + " " * 100_000]
)
def test_hostile_lines_do_not_slow_the_reading_down(line):
    text = f"О внесении изменений в закон\nСтатья 1.\nВнести изменения:\n{line}\n{line}x\n".encode()

    started = time.monotonic()
    reader.read(text)

    assert time.monotonic() - started < GUARD
