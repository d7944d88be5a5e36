"""Where the stages tell how their documents are built.

A stage writes `documents.py` and imports it in its AppConfig.ready():

    @documents.register(DocumentKind.CERTIFICATE)
    def certificate(source_id: int) -> DocumentSpec:
        ...

The builder reads, never writes, and returns a plain context: what it returns is what the file says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .canonical import moment
from .enums import Side, SignatureMethod, SignatureStatus


@dataclass(frozen=True)
class SpecAttachment:
    """A file laid into the PDF (PDF/A-3): for example a detached foreign signature."""

    name: str
    data: bytes
    description: str = ""
    relationship: str = "Supplement"  # Source | Data | Alternative | Supplement | Unspecified


@dataclass(frozen=True)
class SignatureLine:
    """One line of the signature sheet, and one entry of `signatures.json` inside the file."""

    name: str
    role_ky: str
    role_ru: str
    organization_ky: str
    organization_ru: str
    side: Side
    at: datetime
    method: SignatureMethod = SignatureMethod.PORTAL
    status: SignatureStatus = SignatureStatus.SIGNED
    content_hash: str = ""
    reason: str = ""  # of a refusal

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "role": self.role_ky,
            "role_ru": self.role_ru,
            "organization": self.organization_ky,
            "organization_ru": self.organization_ru,
            "side": str(self.side),
            "method": str(self.method),
            "status": str(self.status),
            "at": moment(self.at),
            "content_hash": self.content_hash,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class DocumentSpec:
    """Everything a document says.

    template    path under templates/, extending documents/base_pdf.html (its first comment lists the blocks)
    context     plain values for that template
    number      as printed, without "№"; None for a document without one
    canonical   bytes of the canonical JSON; None = what request_document() kept in the row, if anything
    verify_url  full address behind the QR code; "" = no QR
    signatures  lines of the signature sheet; empty = no sheet and no signatures.json
    dated       the date under the title; None = the moment the document was asked for
    demo        DEMO is printed across every page
    """

    template: str
    context: Mapping[str, Any]
    number: str | None
    title_ky: str
    title_ru: str
    canonical: bytes | None = None
    attachments: Sequence[SpecAttachment] = ()
    verify_url: str = ""
    demo: bool = False
    dated: datetime | None = None
    signatures: Sequence[SignatureLine] = field(default=())


Builder = Callable[[int], DocumentSpec]
_builders: dict[str, Builder] = {}


def register(kind: str) -> Callable[[Builder], Builder]:
    """Decorator: this function builds the documents of that kind. One builder a kind."""

    def remember(builder: Builder) -> Builder:
        known = _builders.get(str(kind))
        if known is not None and (known.__module__, known.__qualname__) != (
            builder.__module__,
            builder.__qualname__,
        ):
            raise RuntimeError(f"{kind} already has a builder: {known.__module__}.{known.__qualname__}")
        _builders[str(kind)] = builder
        return builder

    return remember


def builder_of(kind: str) -> Builder:
    """The builder of a kind. Raises LookupError when no stage registered one."""
    try:
        return _builders[str(kind)]
    except KeyError:
        raise LookupError(f"no stage builds documents of kind {kind}") from None
