"""Looking into a PDF before anything draws from it: is it whole, one format only, and without anything that acts?

Told by the objects themselves: words like "JavaScript" in the bytes prove nothing, since objects lie packed.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pikepdf

from apps.legal_text.errors import UnreadableText

HEAD = b"%PDF-"
MAX_PAGES = 2_000
_DEEPEST = 20
_ACTIONS = frozenset(
    (
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/Sound",
    )
)
_ACTIVE_KEYS = frozenset(("/JS", "/JavaScript", "/AA", "/XFA"))
_CARRIERS = frozenset(("/FileAttachment", "/RichMedia", "/Screen", "/3D"))


def check(data: bytes) -> None:
    """Raises UnreadableText for a PDF that is damaged, locked, two formats at once, too long, or that can act."""
    if not data.startswith(HEAD):
        raise UnreadableText("two_formats", "%PDF- is not at byte 0")
    if b"PK\x05\x06" in data[-70_000:] and zipfile.is_zipfile(io.BytesIO(data)):
        raise UnreadableText("two_formats", "a PDF and a ZIP at once")
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True, attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise UnreadableText("encrypted", "opens with an empty password")
            pages = _page_count(pdf)
            if pages > MAX_PAGES:
                raise UnreadableText("too_many_pages", f"{pages} pages")
            _check_objects(pdf)
            if len(pdf.pages) == 0:
                raise UnreadableText("damaged", "no pages")
    except pikepdf.PasswordError as error:
        raise UnreadableText("encrypted", str(error)) from error
    except (
        pikepdf.PdfError,
        RecursionError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RuntimeError,
    ) as error:
        raise UnreadableText("damaged", str(error)[:200]) from error


def _page_count(pdf: pikepdf.Pdf) -> int:
    """What the tree of pages claims; a claim too low is caught by the library, which counts."""
    claimed = pdf.Root.Pages.get("/Count", 0)
    return int(claimed) if int(claimed) > MAX_PAGES else len(pdf.pages)


def _check_objects(pdf: pikepdf.Pdf) -> None:
    """Every object: an action may hide in any dictionary, not only in the catalogue."""
    opening = pdf.Root.get("/OpenAction")
    # A destination ("open at page 1, fit width") is harmless and common; any other action is not.
    if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") not in {None, "/GoTo"}:
        raise UnreadableText("active_content", "OpenAction")
    for item in pdf.objects:
        _check_value(item, depth=0)


def _check_value(value: Any, *, depth: int) -> None:
    if depth > _DEEPEST:
        raise UnreadableText("bomb", "objects within objects")
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        _check_dictionary(value, depth=depth)
        inner = [value[key] for key in value.keys()]  # noqa: SIM118 - keys of a PDF object, not of a dict
    elif isinstance(value, pikepdf.Array):
        inner = list(value)  # type: ignore[call-overload]
    else:
        return
    for part in inner:
        # Indirect objects come by themselves in pdf.objects.
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            _check_value(part, depth=depth + 1)


def _check_dictionary(holder: Any, *, depth: int) -> None:
    keys = set(holder.keys())
    if keys & _ACTIVE_KEYS or ("/S" in keys and str(holder["/S"]) in _ACTIONS):
        raise UnreadableText("active_content", f"{sorted(keys & _ACTIVE_KEYS) or holder.get('/S')}")
    if "/EmbeddedFiles" in keys or "/EF" in keys or str(holder.get("/Type", "")) == "/EmbeddedFile":
        raise UnreadableText("embedded_files", "an embedded file")
    if str(holder.get("/Subtype", "")) in _CARRIERS:
        raise UnreadableText("embedded_files", str(holder.get("/Subtype", "")))
