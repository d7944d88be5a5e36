"""Is an uploaded file what it says, and harmless? Decided by its structure, never by its name or its first bytes alone.

media_type = inspect_upload(data, filename)      raises BadUpload with a code and a sentence for the person
"""

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import Any

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image

from apps.legal_text import sandbox
from apps.legal_text.errors import UnreadableText

log = structlog.get_logger(__name__)

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
TEXT = "text/plain"
PNG, JPEG = "image/png", "image/jpeg"

TYPES = {
    "pdf": PDF,
    "docx": DOCX,
    "xlsx": XLSX,
    "odt": ODT,
    "txt": TEXT,
    "png": PNG,
    "jpg": JPEG,
    "jpeg": JPEG,
}

MAX_ENTRIES = 2000
MAX_UNPACKED = 120 * 1024 * 1024
MAX_RATIO = 200  # of one part; office texts reach about 30
MAX_JUDGED = 64 * 1024 * 1024  # of a part that is looked at as a whole
MAX_PIXELS = 60_000_000
MAX_NAME = 120

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old office files, and of ones under a password
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_ENDINGS = ("doc", "xls", "ppt", "rtf")

MESSAGES: dict[str, Any] = {
    "empty": _("The file is empty. Choose it again."),
    "too_large": _("The file is larger than the portal keeps. Make it smaller or split it."),
    "unknown_type": _(
        "Files of this kind are not accepted. Accepted are PDF, DOCX, ODT, XLSX, TXT, PNG and JPEG."
    ),
    "not_what_it_says": _(
        "The content of the file does not match its name. Save it again in the right format."
    ),
    "damaged": _("The file is damaged or cut short. Save it again and choose it once more."),
    "old_format": _("This is an old office format (DOC, XLS, RTF). Save it as DOCX, XLSX or PDF."),
    "encrypted": _("The file is protected by a password. Save it without one."),
    "active_content": _("The file contains a script or an action that starts by itself. Save it without."),
    "embedded_files": _("The file carries other files inside. Attach them one by one."),
    "macros": _("The file contains macros. Save it without macros."),
    "external_content": _("The file draws content from another address. Save it with everything inside."),
    "too_complex": _(
        "The file unpacks to more than the portal can read safely. Make it simpler or split it."
    ),
    "too_many_pages": _("The file has too many pages. Split it."),
    "not_text": _("The text cannot be read. Save it in the encoding UTF-8."),
}


class BadUpload(Exception):
    """The file is not accepted. `code` names why; `message` is for the person."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = MESSAGES[code]

    def __str__(self) -> str:
        return str(self.message)


def inspect_upload(data: bytes, filename: str, *, max_bytes: int | None = None) -> str:
    """The media type of a file that may be kept. Raises BadUpload, and logs which.

    One type is tried: that of the name's ending. Nothing is repaired, unpacked to disk or run.
    """
    try:
        return _inspected(data, filename, max_bytes or settings.UPLOAD_MAX_BYTES)
    except BadUpload as refusal:
        log_refusal(refusal.code, data)
        raise


def log_refusal(code: str, data: bytes) -> None:
    """The one line about a file that was not accepted; its name is free text and stays out."""
    log.warning("upload.refused", code=code, size=len(data))


def _inspected(data: bytes, filename: str, max_bytes: int) -> str:
    if not data:
        raise BadUpload("empty")
    if len(data) > max_bytes:
        raise BadUpload("too_large")
    _stem, dot, ending = clean_filename(filename).rpartition(".")
    media_type = TYPES.get(ending.lower()) if dot else None
    if media_type is None:
        raise BadUpload("old_format" if dot and ending.lower() in _OLD_ENDINGS else "unknown_type")
    checks = {PDF: _check_pdf, DOCX: _check_docx, XLSX: _check_xlsx, ODT: _check_odt, TEXT: _check_text}
    checks.get(media_type, lambda data: _check_picture(data, media_type))(data)
    return media_type


def clean_filename(filename: str) -> str:
    """A name that is safe to show, to send in a header and to save: NFC, no path, no control or direction marks."""
    text = unicodedata.normalize("NFC", filename.encode("utf-8", "replace").decode("utf-8"))
    text = text.replace("\\", "/").rpartition("/")[2]
    # Cc control, Cf direction marks and zero width, Co/Cs/Cn nothing anybody can read, Zl/Zp line ends
    text = "".join(
        c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
    )
    text = re.sub(r'[<>:"|?*;%]', "_", text)
    text = re.sub(r"\s+", " ", text).strip().rstrip(" .")
    stem, dot, ending = text.rpartition(".")
    if not dot:
        stem, ending = text, ""
    stem = stem.strip(" .") or "file"
    room = MAX_NAME - len(ending) - len(dot)
    return f"{stem[: max(room, 1)]}{dot}{ending}"[:MAX_NAME]


#: Refusals of the reader of PDFs that bear another name here.
_PDF_CODES = {
    "two_formats": "not_what_it_says",
    "bomb": "too_complex",
    "too_slow": "too_complex",
    "too_heavy": "too_complex",
}


def _check_pdf(data: bytes) -> None:
    """The objects of a PDF lie packed and may unpack to anything: a limited process of its own looks at them."""
    if not data.startswith(b"%PDF-"):
        raise BadUpload("not_what_it_says")
    try:
        sandbox.check_pdf_in_child(data)
    except UnreadableText as refusal:
        raise BadUpload(_PDF_CODES.get(refusal.code, refusal.code)) from refusal


def _check_docx(data: bytes) -> None:
    _check_office(data, main="word/document.xml")


def _check_xlsx(data: bytes) -> None:
    _check_office(data, main="xl/workbook.xml")


def _check_office(data: bytes, *, main: str) -> None:
    package = _package(data)
    if "[Content_Types].xml" not in package or main not in package:
        raise BadUpload("not_what_it_says")
    types = package["[Content_Types].xml"].lower()
    if b"macroenabled" in types or b"vbaproject" in types:
        raise BadUpload("macros")
    if any(_outside(part) for name, part in package.items() if name.endswith(".rels")):
        raise BadUpload("external_content")


def _check_odt(data: bytes) -> None:
    package = _package(data)
    if package.get("mimetype", b"").strip() != ODT.encode() or "content.xml" not in package:
        raise BadUpload("not_what_it_says")
    if b"encryption-data" in package.get("META-INF/manifest.xml", b""):
        raise BadUpload("encrypted")
    for name in ("content.xml", "styles.xml"):
        part = package.get(name, b"")
        if re.search(rb"<[\w-]+:(?:event-listener|script|applet|plugin)\b", part):
            raise BadUpload("macros")
        if _LOADS.search(part):
            raise BadUpload("external_content")


#: Elements of OpenDocument that load what they name from elsewhere; a link in the text is only a link.
_LOADS = re.compile(
    rb"<[\w-]+:(?:image|fill-image|object|object-ole|floating-frame|section-source|background-image)\b[^>]{0,4000}?"
    rb"href\s*=\s*[\"'](?:[a-z][a-z0-9+.-]*:|/|\.\.)",
    re.IGNORECASE,
)
_INSIDE_OBJECTS = re.compile(r"(^|/)embeddings/|^Object ", re.IGNORECASE)
_MACRO_PARTS = re.compile(r"vba|(^|/)activex/|(^|/)macrosheets/|^(basic|scripts)/", re.IGNORECASE)
#: How an archive, an office container or a program begins: no part of a document does.
_CARRIED = (b"PK\x03\x04", _OLE, b"MZ", b"\x7fELF")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def _outside(relations: bytes) -> bool:
    """Relations that load something by themselves; a hyperlink in the text is only a link."""
    for relation in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", relations):
        if b'"External"' in relation.replace(b"'", b'"') and b"/hyperlink" not in relation:
            return True
    return False


def _package(data: bytes) -> dict[str, bytes]:
    """The parts of an office file by name, after the checks a bomb or a slip would fail.

    Only parts that are judged by what they say are kept whole; the others are empty here.
    """
    if data.startswith(_OLE):
        raise BadUpload("encrypted" if _OLE_ENCRYPTED in data else "old_format")
    if not data.startswith(b"PK\x03\x04") or b"%PDF-" in data[:1024]:
        raise BadUpload("not_what_it_says")
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise BadUpload("damaged") from error
    entries = package.infolist()
    if len(entries) > MAX_ENTRIES or len({entry.filename for entry in entries}) != len(entries):
        raise BadUpload("too_complex")
    parts: dict[str, bytes] = {}
    room = MAX_UNPACKED
    for entry in entries:
        _check_name(entry)
        parts[entry.filename], size = _unpacked(package, entry, room)
        room -= size
    return parts


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or "\x00" in name:
        raise BadUpload("not_what_it_says")
    if entry.flag_bits & 0x1:
        raise BadUpload("encrypted")
    if name.lower().endswith((".zip", ".docx", ".docm", ".xlsx", ".odt", ".jar")):
        raise BadUpload("embedded_files")
    if _MACRO_PARTS.search(name):
        raise BadUpload("macros")
    if _INSIDE_OBJECTS.search(name) and not name.endswith("/"):
        raise BadUpload("embedded_files")


_JUDGED = ("[Content_Types].xml", "mimetype", "META-INF/manifest.xml", "content.xml", "styles.xml")


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> tuple[bytes, int]:
    """(a part if it is judged by its content, its size): counted piece by piece, not believed; stops at the limit."""
    limit = min(room, max(1024 * 1024, entry.compress_size * MAX_RATIO))
    if entry.file_size > limit:
        raise BadUpload("too_complex")
    kept: list[bytes] = []
    size, before = 0, b""
    is_xml = entry.filename.lower().endswith((".xml", ".rels"))
    is_judged = entry.filename in _JUDGED or entry.filename.endswith(".rels")
    try:
        with package.open(entry) as part:
            while piece := part.read(256 * 1024):
                size += len(piece)
                if size > limit or (is_judged and size > MAX_JUDGED):
                    raise BadUpload("too_complex")
                if not before and piece.startswith(_CARRIED):
                    raise BadUpload("embedded_files")
                # A document type is the door of entity bombs and of files drawn in (XXE); UTF-16 hides nothing.
                if is_xml and _DECLARATION.search((before + piece).replace(b"\x00", b"")):
                    raise BadUpload("active_content")
                before = piece[-32:]
                if is_judged:
                    kept.append(piece)
    except BadUpload:
        raise
    except Exception as error:  # zlib.error and others have no common base
        raise BadUpload("damaged") from error
    return b"".join(kept), size


def _check_text(data: bytes) -> None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadUpload("not_text") from error
    if "\x00" in text:
        raise BadUpload("not_text")
    if re.match(r"\s*<[!?/a-z]", text[:2000], re.IGNORECASE) or "%PDF-" in text[:1024]:
        raise BadUpload("not_what_it_says")


def _check_picture(data: bytes, media_type: str) -> None:
    if b"PK\x05\x06" in data[-70_000:] and zipfile.is_zipfile(io.BytesIO(data)):
        raise BadUpload("not_what_it_says")  # a picture and a ZIP at once
    expected = {PNG: "PNG", JPEG: "JPEG"}[media_type]
    try:
        with Image.open(io.BytesIO(data), formats=[expected]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise BadUpload("too_complex")
            picture.verify()
    except BadUpload:
        raise
    except Image.DecompressionBombError as error:
        raise BadUpload("too_complex") from error
    except Exception as error:  # the library raises whatever its decoder met
        raise BadUpload("not_what_it_says") from error
