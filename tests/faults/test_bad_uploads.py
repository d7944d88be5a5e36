"""Every bad file of the rules, sent through the two real pages that take files: the text of an act and its papers.

Refused with 400 and a sentence in the reader's language, nothing stored, one line in the log, in time.
"""

import logging
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pikepdf
import pytest
from django.conf import settings as conf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from apps.accounts.models import User
from apps.core import clock
from apps.documents import uploads
from apps.documents.models import StoredFile
from apps.draft_acts import services
from apps.draft_acts.enums import ActKind, Paper
from apps.draft_acts.models import Attachment, DraftAct, VersionText
from apps.legal_text import messages
from apps.organizations.models import Organization
from tests.faults import hostile
from tests.way import BEGIN, people

__all__ = ["people"]
GUARD = 10.0  # seconds; the goal is two
LIMIT = 9 * 1024 * 1024
FLAT = 64  # megabytes: a few times the largest file, far from what a bomb would take


def reader(code: str) -> str:
    """What the reader of texts says."""
    return messages.UNREADABLE[code]


def keeper(code: str) -> Any:
    """What the keeper of files says."""
    return uploads.MESSAGES[code]


@dataclass(frozen=True)
class Bad:
    """A file, and what each page answers; None where the page rightly takes it."""

    name: str
    make: Callable[[], bytes]
    as_text: Any
    as_paper: Any


def both(name: str, make: Callable[[], bytes], code: str) -> Bad:
    """An office file: the keeper looks first on both pages."""
    return Bad(name, make, keeper(code), keeper(code))


def portable(make: Callable[[], bytes], code: str, as_paper: str = "") -> Bad:
    return Bad("файл.pdf", make, reader(code), keeper(as_paper or code))


JS = {"S": pikepdf.Name.JavaScript, "JS": "app.alert(1)"}
LAUNCH = {"S": pikepdf.Name.Launch, "F": "cmd.exe"}
BAD = {
    "docx bomb": both("a.docx", lambda: hostile.docx({"word/x.xml": b" " * 60_000_000}), "too_complex"),
    "docx of many parts that together unpack to 130 MB": both(
        "a.docx",
        lambda: hostile.docx({f"word/{n}.bin": (b"%d" % n) * 300_000 for n in range(100, 245)}),
        "too_complex",
    ),
    "thousands of entries": both(
        "a.docx", lambda: hostile.docx({f"w/{n}": b"" for n in range(2500)}), "too_complex"
    ),
    "lying sizes": both("a.docx", hostile.lying_size, "damaged"),
    "nested zip": both("a.docx", lambda: hostile.docx({"word/inner.zip": hostile.docx()}), "embedded_files"),
    "nested zip under another name": both(
        "a.docx", lambda: hostile.docx({"word/media/i.png": hostile.docx()}), "embedded_files"
    ),
    "entity bomb in docx": both(
        "a.docx",
        lambda: hostile.docx(replaced={"word/document.xml": hostile.BILLION_LAUGHS}),
        "active_content",
    ),
    "entity bomb in odt": both(
        "a.odt", lambda: hostile.odt({"content.xml": hostile.BILLION_LAUGHS}), "active_content"
    ),
    "xxe in docx": both(
        "a.docx", lambda: hostile.docx(replaced={"word/document.xml": hostile.XXE}), "active_content"
    ),
    "xxe in utf-16": both(
        "a.docx",
        lambda: hostile.docx({"word/x.xml": hostile.XXE.decode().encode("utf-16")}),
        "active_content",
    ),
    "xxe in odt": both("a.odt", lambda: hostile.odt({"styles.xml": hostile.XXE}), "active_content"),
    "odt bomb": both("a.odt", lambda: hostile.odt({"x.xml": b" " * 60_000_000}), "too_complex"),
    "odt with macros": both("a.odt", lambda: hostile.odt({"Basic/Standard/M.xml": b"<x/>"}), "macros"),
    "odt with a picture from outside": both(
        "a.odt",
        lambda: hostile.odt({"content.xml": b'<d:image x:href="http://198.51.100.7/x"/>'}),
        "external_content",
    ),
    "odt under a password": both(
        "a.odt", lambda: hostile.odt({"META-INF/manifest.xml": b"<m:encryption-data/>"}), "encrypted"
    ),
    "odt without a text": both("a.odt", lambda: hostile.odt({}, bare=True), "not_what_it_says"),
    "vbaProject": both("a.docx", lambda: hostile.docx({"word/vbaProject.bin": b"x"}), "macros"),
    "docm under the name docx": both("a.docx", hostile.macro_enabled, "macros"),
    "docm": Bad("a.docm", hostile.macro_enabled, keeper("macros"), keeper("unknown_type")),
    "external template": both("a.docx", hostile.external_template, "external_content"),
    "zip slip": both("a.docx", lambda: hostile.docx({"../../etc/cron.d/x": b"x"}), "not_what_it_says"),
    "truncated docx": both("a.docx", lambda: hostile.docx()[:9000], "damaged"),
    "html renamed": Bad("a.docx", lambda: hostile.HTML, reader("not_text"), keeper("not_what_it_says")),
    "html as text": Bad("a.txt", lambda: hostile.HTML, reader("not_text"), keeper("not_what_it_says")),
    "program renamed": Bad("a.pdf", lambda: hostile.PROGRAM, reader("not_text"), keeper("not_what_it_says")),
    "program": Bad("a.exe", lambda: hostile.PROGRAM, reader("not_text"), keeper("unknown_type")),
    "svg with script": Bad("a.svg", lambda: hostile.SVG, reader("not_text"), keeper("unknown_type")),
    "html as odt": Bad("a.odt", lambda: hostile.HTML, reader("not_text"), keeper("not_what_it_says")),
    "xlsx with macros": Bad(
        "a.xlsx",
        lambda: hostile.docx({"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"}),
        None,
        keeper("macros"),
    ),
    "program as picture": Bad("a.jpg", lambda: hostile.PROGRAM, None, keeper("not_what_it_says")),
    "picture and zip": Bad("a.png", lambda: hostile.png() + hostile.docx(), None, keeper("not_what_it_says")),
    "picture of 10^10 points": Bad(
        "a.png", lambda: hostile.png(100_000, 100_000), None, keeper("too_complex")
    ),
    "truncated picture": Bad("a.png", lambda: hostile.png()[:40], None, keeper("not_what_it_says")),
    "svg as png": Bad("a.png", lambda: hostile.SVG, reader("not_text"), keeper("not_what_it_says")),
    "svg as text": Bad(
        "a.txt", lambda: b"<!-- -->" + hostile.SVG, reader("not_text"), keeper("not_what_it_says")
    ),
    "old doc": Bad("a.doc", lambda: hostile.OLE + bytes(900), reader("old_doc"), keeper("old_format")),
    "old doc renamed": Bad(
        "a.docx", lambda: hostile.OLE + bytes(900), reader("old_doc"), keeper("old_format")
    ),
    "docx under a password": Bad(
        "a.docx",
        lambda: hostile.OLE + "EncryptedPackage".encode("utf-16-le"),
        reader("encrypted_or_not_docx"),
        keeper("encrypted"),
    ),
    "pdf not at byte 0": portable(lambda: b"\n\n" + hostile.pdf(), "two_formats", "not_what_it_says"),
    "html before a pdf": portable(
        lambda: b"<html><script>alert(1)</script>" + hostile.pdf(), "two_formats", "not_what_it_says"
    ),
    "pdf and zip": portable(lambda: hostile.pdf() + hostile.docx(), "two_formats", "not_what_it_says"),
    "opens with a script": portable(lambda: hostile.opening(**JS), "active_content"),
    "launches a program": portable(lambda: hostile.opening(**LAUNCH), "active_content"),
    "script packed away": portable(hostile.hidden_script, "active_content"),
    "embedded file": portable(hostile.carrying, "embedded_files"),
    "password": portable(
        lambda: hostile.pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "encrypted"
    ),
    "owner's password": portable(
        lambda: hostile.pdf(encryption=pikepdf.Encryption(owner="a", user="")), "encrypted"
    ),
    "truncated pdf": portable(lambda: hostile.pdf()[:300], "damaged"),
    "10,000 pages": portable(lambda: hostile.pages(10_000), "too_many_pages"),
    "pages of pages": portable(hostile.pages_of_pages, "damaged"),
    "page that unpacks to 900 MB": Bad(
        "a.pdf", lambda: hostile.unpacks_to(900), reader("too_heavy"), None
    ),  # nothing unpacks it before a reader does, and that is not this server
    "scan": Bad("a.pdf", hostile.scan, reader("scanned"), None),
    "0 bytes": Bad("a.pdf", lambda: b"", reader("empty"), keeper("empty")),
    "too large": Bad("a.txt", lambda: b"a" * (LIMIT + 1), reader("too_large"), keeper("too_large")),
}


@pytest.fixture
def drafter(people: dict[str, User]) -> User:
    return people["finance.drafter"]


@pytest.fixture
def act(drafter: User) -> DraftAct:
    body = Organization.objects.get(code="minfin")
    return services.create_act(actor=drafter, initiator_id=body.pk, kind=ActKind.LAW, at=BEGIN)


@pytest.fixture
def client(drafter: User) -> Client:
    client = Client()
    client.force_login(drafter, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> Any:
    with clock.frozen(BEGIN):
        yield


def kept() -> set[str]:
    """Names of the files on the disk."""
    root = Path(conf.FILES_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def refusals(caplog: pytest.LogCaptureFixture) -> list[Any]:
    return [record for record in caplog.records if "upload.refused" in str(record.msg)]


def post(client: Client, act: DraftAct, page: str, language: str, name: str, data: bytes) -> Any:
    with override(language):
        address = (
            reverse("act_text_upload", args=[act.token, "ru"])
            if page == "text"
            else reverse("act_attachment_add", args=[act.token])
        )
    rest = {} if page == "text" else {"paper": Paper.EXPLANATORY_NOTE}
    return client.post(address, {**rest, "file": SimpleUploadedFile(name, data)})


CASES = [
    pytest.param(page, bad, id=f"{page}: {name}")
    for name, bad in BAD.items()
    for page in ("text", "paper")
    if (bad.as_text if page == "text" else bad.as_paper) is not None
]
LANGUAGES = ("ky", "ru", "en")


@pytest.mark.parametrize(("page", "bad"), CASES)
def test_a_bad_file_is_refused(
    page: str, bad: Bad, client: Client, act: DraftAct, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.UPLOAD_MAX_BYTES = LIMIT
    data = bad.make()
    language = LANGUAGES[len(bad.name + page) % 3]
    before = kept()

    with caplog.at_level(logging.WARNING), hostile.memory() as grown:
        began = time.monotonic()
        answer = post(client, act, page, language, bad.name, data)
        took = time.monotonic() - began

    with override(language):
        said = gettext(str(bad.as_text)) if page == "text" else str(bad.as_paper)
    assert answer.status_code == 400
    assert said in unescape(answer.content.decode())
    assert (VersionText.objects.count(), Attachment.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
    assert kept() == before
    assert len(refusals(caplog)) == 1
    assert took < GUARD
    assert grown.megabytes < FLAT


@pytest.mark.parametrize("page", ["text", "paper"])
def test_300_megabytes_are_read_to_their_end_and_not_kept(
    page: str, client: Client, act: DraftAct, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Through the server's own entrance, piece by piece: who is cut off in the middle sees no page that says why."""
    settings.UPLOAD_MAX_BYTES = LIMIT
    sent = hostile.LargeForm({"paper": Paper.EXPLANATORY_NOTE, "title": "Негиздеме жана эсептөөлөр"}, 300)
    with override("ky"):
        url = (
            reverse("act_text_upload", args=[act.token, "ru"])
            if page == "text"
            else reverse("act_attachment_add", args=[act.token])
        )
    before = kept()

    with caplog.at_level(logging.WARNING), hostile.memory() as grown, hostile.files_up_to(LIMIT + 1):
        answer = client.generic(
            "POST",
            url,
            b"",
            CONTENT_TYPE=sent.content_type,
            CONTENT_LENGTH=str(sent.size),
            **{"wsgi.input": sent},
        )

    with override("ky"):
        said = gettext(str(reader("too_large"))) if page == "text" else str(keeper("too_large"))
    body = unescape(answer.content.decode())
    assert answer.status_code == 400
    assert said in body
    assert page == "text" or "Негиздеме жана эсептөөлөр" in body
    assert sent.left == 0
    assert grown.megabytes < FLAT
    assert kept() == before
    assert len(refusals(caplog)) == 1
    assert not VersionText.objects.exists()
    assert not Attachment.objects.exists()


def test_what_is_larger_still_is_refused_unread(client: Client, act: DraftAct) -> None:
    sent = hostile.LargeForm({}, 600)

    answer = client.generic(
        "POST", reverse("act_attachment_add", args=[act.token]), b"",
        CONTENT_TYPE=sent.content_type, CONTENT_LENGTH=str(sent.size), **{"wsgi.input": sent},
    )  # fmt: skip

    assert (answer.status_code, answer["X-Error-Code"]) == (400, "too_large")
    assert sent.left > 500 * 1024 * 1024


@pytest.mark.parametrize(
    "fields", [{f"f{n}": "" for n in range(6000)}, {"title_ru": "я" * 5_000_000}], ids=["many", "long"]
)
@pytest.mark.parametrize("kind", ["multipart", "urlencoded"])
def test_a_form_that_is_too_much_is_refused_in_words(
    kind: str, fields: dict[str, str], client: Client, act: DraftAct
) -> None:
    more = {"content_type": "application/x-www-form-urlencoded"} if kind == "urlencoded" else {}
    data: Any = urlencode(fields) if more else fields

    answer = client.post(reverse("act_save", args=[act.token]), data, **more)

    assert (answer.status_code, answer["X-Error-Code"]) == (400, "too_large")


@pytest.mark.parametrize("code", [*messages.UNREADABLE, *uploads.MESSAGES])
def test_every_refusal_is_said_in_each_language(code: str) -> None:
    said = set()
    for language in LANGUAGES:
        with override(language):
            said |= {
                gettext(str(found[code]))
                for found in (messages.UNREADABLE, uploads.MESSAGES)
                if code in found
            }

    assert len(said) >= 3


def test_what_stood_there_before_a_refused_file_stays(client: Client, act: DraftAct) -> None:
    assert post(client, act, "text", "ky", "a.docx", hostile.docx()).status_code == 302
    first = VersionText.objects.get()

    answer = post(client, act, "text", "ky", "b.pdf", hostile.opening(**JS))

    assert answer.status_code == 400
    assert VersionText.objects.get() == first


def test_a_scan_is_a_paper_though_no_text(client: Client, act: DraftAct) -> None:
    answer = post(client, act, "paper", "ky", "скан.pdf", hostile.scan())

    assert answer.status_code == 302
    assert Attachment.objects.get().file.media_type == uploads.PDF


# --- names -------------------------------------------------------------------------------------------

NAMES = {
    "traversal": (b"../../../etc/cron.d/note.txt", "note.txt"),
    "windows traversal": (rb"..\..\windows\note.txt", "note.txt"),
    "right to left": ("note\u202etxt.exe.txt".encode(), "notetxt.exe.txt"),
    "NUL": (b"no\x00te.txt", "note.txt"),
    "encoded line ends": (b"note%0d%0aSet-Cookie: a=b.txt", "note_0d_0aSet-Cookie_ a=b.txt"),
    "300 bytes": (("ү" * 150 + ".txt").encode(), "ү" * 116 + ".txt"),
    "markup": (b"<script>alert(1)</script>.txt", "script_.txt"),
    "decomposed": (unicodedata.normalize("NFD", "й.txt").encode(), "й.txt"),
    "not utf-8": (b"\xed\xa0\x80\xff.txt", None),
    "nothing but dots": (b"..", None),
}


def content(download: Any) -> str:
    return b"".join(download.streaming_content).decode()


def sent_raw(client: Client, address: str, name: bytes) -> Any:
    """A request as no browser would write it: the name goes out byte by byte."""
    parts = (
        b'--X\r\nContent-Disposition: form-data; name="paper"\r\n\r\nexplanatory_note\r\n'
        b'--X\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n'
        b"Content-Type: text/plain\r\n\r\n" + "Негиздеме".encode() + b"\r\n--X--\r\n"
    )
    return client.post(address, parts, content_type="multipart/form-data; boundary=X")


@pytest.mark.parametrize("case", NAMES)
def test_a_hostile_name_is_cleaned_or_refused(case: str, client: Client, act: DraftAct) -> None:
    name, clean = NAMES[case]
    address = reverse("act_attachment_add", args=[act.token])

    answer = sent_raw(client, address, name)

    assert answer.status_code in (302, 400)
    for paper in Attachment.objects.all():
        assert clean is None or paper.filename == clean
        assert len(paper.filename) <= uploads.MAX_NAME
        download = client.get(reverse("act_prepare_attachment", args=[act.token, paper.pk]))
        assert (download.status_code, content(download)) == (200, "Негиздеме")
        assert "\n" not in download["Content-Disposition"]
        assert download["Content-Disposition"].startswith("attachment")
        page = client.get(reverse("act_prepare", args=[act.token])).content.decode()
        assert "<script>alert(1)" not in page
        assert "\u202e" not in page
    if clean is not None:
        assert Attachment.objects.count() == 1
    assert all(len(Path(path).name) == 64 for path in kept())  # on the disk only fingerprints


def test_a_line_end_within_a_name_ends_the_header_and_nothing_is_kept(client: Client, act: DraftAct) -> None:
    answer = sent_raw(client, reverse("act_attachment_add", args=[act.token]), b"a\r\nX-Evil: 1\r\n\r\nb.txt")

    assert answer.status_code in (302, 400)
    assert "X-Evil" not in answer
    assert not Attachment.objects.filter(filename__contains="Evil").exists()


def test_names_that_are_equal_after_nfc_are_two_papers_at_two_addresses(
    client: Client, act: DraftAct
) -> None:
    for form, text in (("NFC", "бир"), ("NFD", "эки")):
        answer = post(
            client, act, "paper", "ky", unicodedata.normalize(form, "й.txt"), f"Негиздеме {text}".encode()
        )
        assert answer.status_code == 302

    papers = list(Attachment.objects.order_by("pk"))
    found = [
        content(client.get(reverse("act_prepare_attachment", args=[act.token, paper.pk]))) for paper in papers
    ]
    assert [paper.filename for paper in papers] == ["й.txt", "й.txt"]
    assert found == ["Негиздеме бир", "Негиздеме эки"]
