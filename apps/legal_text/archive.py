"""Opening an office document as the archive it is, distrusting it: nothing is unpacked before its directory is checked.

Sizes in an archive's directory are claims. Every part is therefore unpacked once, in small pieces and never past
what the directory said, before any of it is parsed.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from apps.legal_text.errors import UnreadableText

MAX_ENTRIES = 2_000
MAX_UNPACKED = 60 * 1024 * 1024
#: XML packs well (20 to 40 times); a part that packs better than this and is not small is a bomb.
MAX_RATIO = 150
_RATIO_COUNTS_FROM = 1024 * 1024
_PIECE = 256 * 1024
_LOCAL_HEADER = 30

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MACRO_NAMES = re.compile(
    r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml)\Z|(?:^|/)activeX/|^(?:Basic|Scripts)/", re.I
)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
#: How an archive, an office container or a program begins: no part of a text does.
_CARRIED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"MZ", b"\x7fELF")


class Archive:
    """The parts of an office document, each unpacked once and found harmless. Raises UnreadableText."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        if b"%PDF-" in data[:1024]:
            raise UnreadableText("two_formats", "an archive that begins like a PDF")
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self._entries = {entry.filename: entry for entry in archive.infolist()}
                self._check_directory(archive.infolist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
            raise UnreadableText("damaged", str(error)) from error
        self._check_parts()

    def has(self, name: str) -> bool:
        return name in self._entries

    def names(self) -> list[str]:
        return list(self._entries)

    def bytes_of(self, name: str) -> bytes:
        return b"".join(self._pieces(name))

    def xml(self, name: str) -> etree._Element:
        """Root of an XML part; entities are neither resolved nor fetched, a document type is refused."""
        data = self.bytes_of(name).replace(_STRICT, _TRANSITIONAL)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise UnreadableText("damaged", f"{name}: {error}") from error
        if root.getroottree().docinfo.doctype:
            raise UnreadableText("unsafe_xml", name)
        return root

    # checks

    def _check_directory(self, entries: list[zipfile.ZipInfo]) -> None:
        if len(entries) > MAX_ENTRIES:
            raise UnreadableText("bomb", f"{len(entries)} entries")
        total = 0
        for entry in entries:
            name = entry.filename
            if (
                name.startswith(("/", "\\"))
                or "\\" in name
                or ":" in name
                or ".." in name.split("/")
                or "\0" in name
            ):
                raise UnreadableText("unsafe_archive", repr(name))
            if entry.flag_bits & 0x1:
                raise UnreadableText("encrypted", f"{name} is encrypted")
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise UnreadableText("damaged", f"{name}: method {entry.compress_type}")
            total += entry.file_size
            ratio = entry.file_size / max(entry.compress_size, 1)
            if total > MAX_UNPACKED or (entry.file_size > _RATIO_COUNTS_FROM and ratio > MAX_RATIO):
                raise UnreadableText("bomb", f"{name}: {entry.file_size} of {entry.compress_size} bytes")
            if _MACRO_NAMES.search(name):
                raise UnreadableText("has_macros", name)
        if len(self._entries) != len(entries):
            raise UnreadableText("unsafe_archive", "two entries of one name")
        self._check_overlap(entries)

    def _check_overlap(self, entries: list[zipfile.ZipInfo]) -> None:
        """Entries that share bytes unpack the same bomb many times."""
        end = 0
        for entry in sorted(entries, key=lambda entry: entry.header_offset):
            if entry.header_offset < end:
                raise UnreadableText("bomb", f"{entry.filename} overlaps")
            end = entry.header_offset + _LOCAL_HEADER + len(entry.filename) + entry.compress_size

    def _check_parts(self) -> None:
        for name in self._entries:
            is_xml = name.lower().endswith((".xml", ".rels"))
            before = b""
            for piece in self._pieces(name):
                if not before and piece.startswith(_CARRIED):
                    raise UnreadableText("embedded_files", name)
                if is_xml and _DECLARATION.search(
                    (before + piece).replace(b"\0", b"")
                ):  # UTF-16 hides nothing
                    raise UnreadableText("unsafe_xml", name)
                before = piece[-32:]

    # unpacking

    def _pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, never more than the directory claims."""
        entry = self._entries[name]
        at = entry.header_offset
        header = self._data[at : at + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise UnreadableText("damaged", f"{name}: no local header")
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        start = at + _LOCAL_HEADER + name_length + extra_length
        packed = memoryview(self._data)[start : start + entry.compress_size]
        if len(packed) < entry.compress_size:
            raise UnreadableText("damaged", f"{name}: truncated")
        size = crc = 0
        for piece in (
            _stored(packed) if entry.compress_type == zipfile.ZIP_STORED else _inflated(packed, name)
        ):
            size += len(piece)
            crc = zlib.crc32(piece, crc)
            if size > entry.file_size:
                raise UnreadableText("bomb", f"{name}: more than the {entry.file_size} bytes it claims")
            yield piece
        if size != entry.file_size or crc != entry.CRC:
            raise UnreadableText("damaged", f"{name}: size or checksum")


def _stored(packed: memoryview) -> Iterator[bytes]:
    for at in range(0, len(packed), _PIECE):
        yield bytes(packed[at : at + _PIECE])


def _inflated(packed: memoryview, name: str) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-15)
    try:
        piece = unpacker.decompress(packed, _PIECE)
        while piece:
            yield piece
            piece = unpacker.decompress(unpacker.unconsumed_tail, _PIECE)
    except zlib.error as error:
        raise UnreadableText("damaged", f"{name}: {error}") from error
