"""From the bytes of an uploaded file to the act: the kind of file is told by its content, never by its name."""

from __future__ import annotations

import codecs
import re

from apps.legal_text import docx_reader, odt_package, odt_reader, structure
from apps.legal_text.errors import UnreadableText
from apps.legal_text.provisions import Doubt, ReadAct

#: Larger files are refused before anything looks into them.
MAX_BYTES = 20 * 1024 * 1024
#: Characters of text an act may have (the longest codes have about three million).
MAX_CHARACTERS = 8_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
_BINARY = (
    b"MZ",
    b"\x7fELF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
)
_MARKUP = re.compile(r"\s*<[!?/a-z]", re.I)
_LETTER = re.compile(r"[^\W\d_]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read(data: bytes, *, filename: str = "", lang: str | None = None) -> ReadAct:
    """Read an act from the bytes of a DOCX, an ODT, a PDF with text, or a text file (UTF-8, UTF-16 with its mark,
    Windows-1251).

    `filename` is only for the reader of a log; `lang` ("ru", "ky") is recognised when not given.
    Raises UnreadableText.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableText("too_large", f"{len(data)} bytes")
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise UnreadableText("empty", f"{len(data)} bytes")
    text, doubts, printed = _text_of(data, filename)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableText("too_large", f"{len(text)} characters")
    if not _LETTER.search(text):
        raise UnreadableText("empty", "no letters")
    return structure.parse(text, lang=lang, doubts=doubts, printed=printed)


def _text_of(data: bytes, filename: str) -> tuple[str, list[Doubt], structure.Printed]:
    if data.startswith(_PDF):
        from apps.legal_text import (
            pdf_reader,
        )  # two large libraries, which the other kinds of file do without

        return pdf_reader.text_of(data)
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise UnreadableText("encrypted_or_not_docx" if encrypted else "old_doc", filename)
    if data.startswith(_ZIP):
        is_odt = odt_package.is_opendocument(data)
        return *(odt_reader.text_of(data) if is_odt else docx_reader.text_of(data)), ()
    if _PDF in data[:1024]:
        raise UnreadableText("two_formats", "%PDF- is not at byte 0")
    if data.startswith(b"PK") or data.startswith(_BINARY):
        raise UnreadableText("not_text", f"begins with {data[:4]!r}")
    return *_decode(data), ()


def _decode(data: bytes) -> tuple[str, list[Doubt]]:
    """The text of a text file; Windows-1251 is guessed when it is not Unicode and looks like Cyrillic."""
    doubts: list[Doubt] = []
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        else:
            text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if _is_broken_utf8(data):
            raise UnreadableText("damaged", "UTF-8 with broken characters") from None
        try:
            text = data.decode("cp1251")
        except UnicodeDecodeError as error:
            raise UnreadableText("not_text", "neither UTF-8 nor Windows-1251") from error
        letters = _LETTER.findall(text)
        cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
        if not letters or cyrillic < 0.6 * len(letters) or len(letters) < 0.4 * len(text):
            raise UnreadableText("not_text", "not Cyrillic in Windows-1251") from None
        doubts.append(structure.doubt("encoding_guessed"))
    if _CONTROL.search(text):
        raise UnreadableText("not_text", "control characters")
    if _MARKUP.match(text):
        raise UnreadableText("not_text", "markup, not plain text")
    return text, doubts


def _is_broken_utf8(data: bytes) -> bool:
    """Nearly all of it is UTF-8 with Cyrillic: cut off or damaged, not another encoding."""
    text = data.decode("utf-8", "replace")
    cyrillic = sum("\u0400" <= character <= "\u04ff" for character in text)
    return cyrillic > 20 * text.count("\ufffd")
