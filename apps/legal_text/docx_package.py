"""A DOCX as an archive: which part is the text, and that nothing in it is drawn from outside or runs."""

from __future__ import annotations

import posixpath

from apps.legal_text.archive import Archive
from apps.legal_text.errors import UnreadableText

_LINKED = ("attachedTemplate", "oleObject", "frame", "subDocument", "aFChunk", "package", "control")


class Package(Archive):
    """The parts of a DOCX, checked. Raises UnreadableText where it is not one we may read."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.main = self._main_part()
        self._check_links()

    def neighbour(self, name: str) -> str:
        """Path of a part that lies beside the main one ("numbering.xml")."""
        return posixpath.join(posixpath.dirname(self.main), name)

    def _main_part(self) -> str:
        if not self.has("[Content_Types].xml"):
            raise UnreadableText("encrypted_or_not_docx", "no content types")
        types = self.bytes_of("[Content_Types].xml")
        if b"macroEnabled" in types:
            raise UnreadableText("has_macros", "macro-enabled document")
        if self.has("_rels/.rels"):
            for relation in self.xml("_rels/.rels"):
                if relation.get("Type", "").endswith("/officeDocument"):
                    target = str(relation.get("Target", "")).lstrip("/")
                    if self.has(target) and b"wordprocessingml" in types:
                        return target
        raise UnreadableText("encrypted_or_not_docx", "no Word text inside")

    def _check_links(self) -> None:
        for name in self.names():
            if not name.endswith(".rels"):
                continue
            for relation in self.xml(name):
                kind = relation.get("Type", "").rpartition("/")[2]
                if kind in _LINKED and relation.get("TargetMode") == "External":
                    raise UnreadableText("external_template", f"{name}: {kind}")
