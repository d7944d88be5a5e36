"""An ODT as an archive: that it is one, not locked, and that nothing in it runs or is drawn from outside."""

from __future__ import annotations

from lxml import etree

from apps.legal_text.archive import Archive
from apps.legal_text.errors import UnreadableText

MIMETYPE = b"application/vnd.oasis.opendocument.text"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
SCRIPT = "{urn:oasis:names:tc:opendocument:xmlns:script:1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_RUNS = (f"{OFFICE}script", f"{SCRIPT}event-listener", f"{DRAW}plugin", f"{DRAW}applet")
#: Elements that load what they name; a link in the text (text:a) is only a link.
_LOADS = (
    f"{DRAW}image",
    f"{DRAW}fill-image",
    f"{DRAW}object",
    f"{DRAW}object-ole",
    f"{DRAW}floating-frame",
    f"{TEXT}section-source",
    f"{STYLE}background-image",
)
_ROOTS = ("content.xml", "styles.xml")


class Package(Archive):
    """The parts of an ODT, checked. Raises UnreadableText where it is not one we may read."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        if not self.has("mimetype") or self.bytes_of("mimetype").strip() != MIMETYPE:
            raise UnreadableText("not_text", "another kind of OpenDocument")
        if not self.has("content.xml"):
            raise UnreadableText("damaged", "no content.xml")
        if self.has("META-INF/manifest.xml") and b"encryption-data" in self.bytes_of("META-INF/manifest.xml"):
            raise UnreadableText("encrypted", "parts are encrypted")
        self.roots: dict[str, etree._Element] = {}
        for name in _ROOTS:
            if self.has(name):
                self.roots[name] = self.xml(name)
                _check(self.roots[name], name)


def is_opendocument(data: bytes) -> bool:
    """OpenDocument files say so in their first part, stored as it is."""
    return b"mimetypeapplication/vnd.oasis.opendocument" in data[:200]


def _check(root: etree._Element, name: str) -> None:
    for element in root.iter(*_RUNS):
        raise UnreadableText("has_macros", f"{name}: {element.tag}")
    for element in root.iter(*_LOADS):
        target = str(element.get(_HREF, ""))
        if "://" in target or target.startswith(("//", "/", "..")):
            raise UnreadableText("external_template", f"{name}: {element.tag}")
