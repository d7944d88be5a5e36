"""Files that somebody made to do harm, each built here; nothing hostile lies in the repository."""

from __future__ import annotations

import io
import resource
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from apps.legal_text.docx_write import write_docx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODT = "application/vnd.oasis.opendocument.text"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><d>&j;</d>"
)
XXE = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = "<!doctype html><html><body><script>alert(1)</script>Статья 1.</body></html>".encode()
PROGRAM = b"MZ\x90\x00" + bytes(range(256)) * 20


def docx(added: dict[str, bytes] | None = None, replaced: dict[str, bytes] | None = None) -> bytes:
    """A small honest DOCX with parts added or exchanged."""
    out = io.BytesIO()
    first = io.BytesIO(write_docx("", ["Мыйзам жөнүндө", "1-берене. Аталышы", "Текст."]))
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (replaced or {}).get(name, old.read(name)))
        for name, part in (added or {}).items():
            new.writestr(name, part)
    return out.getvalue()


def odt(parts: dict[str, bytes], *, bare: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        new.writestr("mimetype", ODT, compress_type=zipfile.ZIP_STORED)
        for name, part in ({} if bare else {"content.xml": b"<x/>"} | parts).items():
            new.writestr(name, part)
    return out.getvalue()


def macro_enabled() -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx())) as package:
        types = package.read("[Content_Types].xml")
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return docx(
        replaced={
            "[Content_Types].xml": types.replace(kind, b"application/vnd.ms-word.document.macroEnabled")
        }
    )


def external_template() -> bytes:
    link = f'<Relationship Id="r" Type="{OFFICE}/attachedTemplate" Target="http://198.51.100.7/t" TargetMode="External"/>'
    return docx(
        {"word/_rels/settings.xml.rels": f'<Relationships xmlns="{RELS}">{link}</Relationships>'.encode()}
    )


def lying_size() -> bytes:
    """Both directories claim ten bytes for a part that unpacks to megabytes."""
    data = bytearray(docx({"word/media/x.bin": bytes(8_000_000)}))
    for signature, at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            if data[start + name_at :].startswith(b"word/media/x.bin"):
                data[start + at : start + at + 4] = struct.pack("<I", 10)
            start += 4
    return bytes(data)


def pdf(change: Callable[[pikepdf.Pdf], Any] = lambda document: None, **save: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        document.save(out, **save)
    return out.getvalue()


def opening(**action: Any) -> bytes:
    """A PDF that does something when it is opened."""

    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = document.make_indirect(pikepdf.Dictionary(**action))

    return pdf(change)


def hidden_script() -> bytes:
    """A script deep within an annotation, all of it packed away."""

    def change(document: pikepdf.Pdf) -> None:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        link = pikepdf.Dictionary(
            Subtype=pikepdf.Name.Link, A=pikepdf.Dictionary(S=pikepdf.Name.URI, Next=action)
        )
        document.pages[0].Annots = pikepdf.Array([link])

    return pdf(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def carrying() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments["x.exe"] = pikepdf.AttachedFileSpec(document, b"MZ")

    return pdf(change)


def scan() -> bytes:
    """A page that is a picture and nothing else."""

    def change(document: pikepdf.Pdf) -> None:
        picture = document.make_stream(
            bytes(100), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=10, Height=10,
            ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        document.pages[0].Contents = document.make_stream(b"q 600 0 0 800 0 0 cm /Im0 Do Q")

    return pdf(change)


def pages(count: int) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        tree = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Count=count))
        page = pikepdf.Dictionary(Type=pikepdf.Name.Page, Parent=tree, MediaBox=[0, 0, 9, 9])
        tree.Kids = pikepdf.Array([document.make_indirect(page) for _ in range(count)])
        document.Root.Pages = tree

    return pdf(change)


def pages_of_pages() -> bytes:
    """A tree of pages whose branches are the same branch a hundred times, five levels deep: 10^10 pages."""

    def change(document: pikepdf.Pdf) -> None:
        node = document.pages[0].obj
        for _ in range(5):
            kids = pikepdf.Array([node] * 100)
            node = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Count=1, Kids=kids))
        document.Root.Far = node

    data = pdf(change)
    with pikepdf.open(io.BytesIO(data)) as document:
        far = document.Root.Far.objgen[0]
        first = document.Root.Pages.objgen[0]
    return data.replace(b"/Pages %d 0 R" % first, b"/Pages %d 0 R" % far, 1)


def unpacks_to(megabytes: int) -> bytes:
    """A page drawn by a stream that is small on disk."""
    squeeze = zlib.compressobj(1)
    block = b" " * (1024 * 1024)
    packed = b"".join(squeeze.compress(block) for _ in range(megabytes)) + squeeze.flush()

    def change(document: pikepdf.Pdf) -> None:
        stream = pikepdf.Stream(document, b"")
        stream.write(packed, filter=pikepdf.Name.FlateDecode)
        document.pages[0].Contents = stream

    return pdf(change)


def png(width: int = 8, height: int = 8) -> bytes:
    """A grey picture; a large one only says so in its head."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + bytes(8) for _ in range(8))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


class LargeForm:
    """A form with a file of so many megabytes, made while it is read: what a socket would hand over."""

    content_type = "multipart/form-data; boundary=X"

    def __init__(self, fields: dict[str, str], megabytes: int) -> None:
        parts = "".join(
            f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        file = '--X\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        self._head, self._tail = (parts + file).encode(), b"\r\n--X--\r\n"
        self._filling = b"a" * 65536
        self.size = len(self._head) + megabytes * 1024 * 1024 + len(self._tail)
        self.left = self.size

    def read(self, size: int = -1) -> bytes:
        at = self.size - self.left
        if at < len(self._head):
            piece = self._head[at : at + size if size > 0 else None]
        elif self.left > len(self._tail):
            wanted = size if size > 0 else len(self._filling)
            piece = self._filling[: min(wanted, self.left - len(self._tail))]
        else:
            piece = self._tail[-self.left :][: size if size > 0 else None] if self.left else b""
        self.left -= len(piece)
        return piece

    readline = read  # asked for by the server's interface, never by a form


@dataclass
class Grown:
    megabytes: float = 0.0


@contextmanager
def memory() -> Iterator[Grown]:
    """By how much the memory of this process stood higher in between, at its highest."""
    grown = Grown()
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest mark so far
    before = _highest()
    yield grown
    grown.megabytes = (_highest() - before) / 1024


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: a write past that fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _highest() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])
