"""Is an uploaded file what it says, and harmless? Decided by its structure, never by its name or its first bytes alone.

media_type = inspect_upload(data, filename)      raises BadUpload with a code and a sentence for the person
"""

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import Any

import pikepdf
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image

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
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200  # of one part; office texts reach about 30
MAX_PAGES = 2000
MAX_PIXELS = 60_000_000
MAX_NAME = 120

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
    """The media type of a file that may be kept. Raises BadUpload.

    One type is tried: that of the name's ending. Nothing is repaired, unpacked to disk or run.
    """
    if not data:
        raise BadUpload("empty")
    if len(data) > (max_bytes or settings.UPLOAD_MAX_BYTES):
        raise BadUpload("too_large")
    _stem, dot, ending = clean_filename(filename).rpartition(".")
    media_type = TYPES.get(ending.lower()) if dot else None
    if media_type is None:
        raise BadUpload("unknown_type")
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


def _check_pdf(data: bytes) -> None:
    if not data.startswith(b"%PDF-"):
        raise BadUpload("not_what_it_says")
    if b"PK\x05\x06" in data[-70_000:] and zipfile.is_zipfile(io.BytesIO(data)):
        raise BadUpload("not_what_it_says")  # a PDF and a ZIP at once
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True, attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise BadUpload("encrypted")
            if len(pdf.pages) > MAX_PAGES:
                raise BadUpload("too_many_pages")
            if len(pdf.pages) == 0:
                raise BadUpload("damaged")
            _check_pdf_objects(pdf)
    except pikepdf.PasswordError as error:
        raise BadUpload("encrypted") from error
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise BadUpload("damaged") from error


_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToE",
    "/GoToR",
    "/Rendition",
    "/Movie",
    "/Sound",
}


def _check_pdf_objects(pdf: pikepdf.Pdf) -> None:
    """Walk every object: an action may hide in any dictionary, not only in the catalogue."""
    opening = pdf.Root.get("/OpenAction")
    # A destination ("open at page 1, fit width") is harmless and common; an action dictionary is judged below.
    if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") not in {None, "/GoTo"}:
        raise BadUpload("active_content")
    for item in pdf.objects:
        holder = item if isinstance(item, pikepdf.Dictionary | pikepdf.Stream) else None
        if holder is not None:
            _check_pdf_dictionary(holder, depth=0)
        elif isinstance(item, pikepdf.Array):
            _check_pdf_array(item, depth=0)


def _check_pdf_dictionary(holder: Any, *, depth: int) -> None:
    keys = set(holder.keys())
    if "/JS" in keys or "/JavaScript" in keys or "/AA" in keys or "/XFA" in keys:
        raise BadUpload("active_content")
    if "/S" in keys and str(holder["/S"]) in _ACTIONS:
        raise BadUpload("active_content")
    if "/EmbeddedFiles" in keys or "/EF" in keys or str(holder.get("/Type", "")) == "/EmbeddedFile":
        raise BadUpload("embedded_files")
    if str(holder.get("/Subtype", "")) in {"/FileAttachment", "/RichMedia", "/Screen", "/3D"}:
        raise BadUpload("embedded_files")
    if depth > 20:
        raise BadUpload("too_complex")
    for key in keys:
        _check_pdf_value(holder[key], depth=depth + 1)


def _check_pdf_array(items: Any, *, depth: int) -> None:
    if depth > 20:
        raise BadUpload("too_complex")
    for value in items:
        _check_pdf_value(value, depth=depth + 1)


def _check_pdf_value(value: Any, *, depth: int) -> None:
    # Indirect objects come by themselves in pdf.objects.
    if not isinstance(value, pikepdf.Object) or value.is_indirect:
        return
    if isinstance(value, pikepdf.Dictionary):
        _check_pdf_dictionary(value, depth=depth)
    elif isinstance(value, pikepdf.Array):
        _check_pdf_array(value, depth=depth)


def _check_docx(data: bytes) -> None:
    _check_office(data, main="word/document.xml")


def _check_xlsx(data: bytes) -> None:
    _check_office(data, main="xl/workbook.xml")


def _check_office(data: bytes, *, main: str) -> None:
    with _package(data) as package:
        names = set(package.namelist())
        if "[Content_Types].xml" not in names or main not in names:
            raise BadUpload("not_what_it_says")
        types = package.read("[Content_Types].xml").lower()
        if b"macroenabled" in types or b"vbaproject" in types:
            raise BadUpload("macros")
        for name in names:
            _check_part(package, name)
            if name.endswith(".rels") and _outside(package.read(name)):
                raise BadUpload("external_content")


def _check_odt(data: bytes) -> None:
    with _package(data) as package:
        names = package.namelist()
        if (
            "mimetype" not in names
            or package.read("mimetype").strip() != ODT.encode()
            or "content.xml" not in names
        ):
            raise BadUpload("not_what_it_says")
        for name in names:
            _check_part(package, name)
            if name.startswith(("Basic/", "Scripts/")):
                raise BadUpload("macros")
            if name.startswith("Object "):
                raise BadUpload("embedded_files")
        if "META-INF/manifest.xml" in names and b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise BadUpload("encrypted")


_INSIDE_OBJECTS = re.compile(r"(^|/)embeddings/", re.IGNORECASE)


def _check_part(package: zipfile.ZipFile, name: str) -> None:
    lowered = name.lower()
    if "vba" in lowered or "activex/" in lowered or "macrosheets/" in lowered:
        raise BadUpload("macros")
    if _INSIDE_OBJECTS.search(name) and not name.endswith("/"):
        raise BadUpload("embedded_files")
    if lowered.endswith((".xml", ".rels")) and _declares_entities(package.read(name)):
        raise BadUpload("active_content")


def _declares_entities(part: bytes) -> bool:
    """A document type in an office part: the door of entity bombs and of files drawn in (XXE)."""
    sample = part.replace(b"\x00", b"")  # UTF-16 hides nothing
    return b"<!DOCTYPE" in sample or b"<!ENTITY" in sample


def _outside(relations: bytes) -> bool:
    """Relations that load something by themselves; a hyperlink in the text is only a link."""
    for relation in re.findall(rb"<Relationship\b[^>]*>", relations):
        if b'"External"' in relation.replace(b"'", b'"') and b"/hyperlink" not in relation:
            return True
    return False


def _package(data: bytes) -> zipfile.ZipFile:
    """The ZIP directory of an office file, after the checks a bomb or a slip would fail. Sizes are those really read."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise BadUpload("encrypted")  # an office file under a password lies in an OLE container
    if not data.startswith(b"PK\x03\x04"):
        raise BadUpload("not_what_it_says")
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise BadUpload("damaged") from error
    entries = package.infolist()
    if len(entries) > MAX_ENTRIES or len({entry.filename for entry in entries}) != len(entries):
        raise BadUpload("too_complex")
    total = 0
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or "\x00" in entry.filename:
            raise BadUpload("not_what_it_says")
        if entry.flag_bits & 0x1:
            raise BadUpload("encrypted")
        if entry.filename.lower().endswith((".zip", ".docx", ".docm", ".xlsx", ".odt", ".jar")):
            raise BadUpload("embedded_files")
        total += _real_size(package, entry)
        if total > MAX_UNPACKED:
            raise BadUpload("too_complex")
    return package


def _real_size(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """Bytes an entry unpacks to, counted, not believed; stops at the limit."""
    limit = min(MAX_UNPACKED, max(1024 * 1024, entry.compress_size * MAX_RATIO))
    if entry.file_size > limit:
        raise BadUpload("too_complex")
    size = 0
    try:
        with package.open(entry) as part:
            while block := part.read(256 * 1024):
                size += len(block)
                if size > limit:
                    raise BadUpload("too_complex")
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise BadUpload("damaged") from error
    except Exception as error:  # zlib.error has no public base
        if isinstance(error, BadUpload):
            raise
        raise BadUpload("damaged") from error
    return size


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
    if re.match(r"\s*<(!doctype|html|script|svg|\?xml)", text[:2000], re.IGNORECASE):
        raise BadUpload("not_what_it_says")


def _check_picture(data: bytes, media_type: str) -> None:
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
