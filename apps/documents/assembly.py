"""From a DocumentSpec to the HTML of the page: what every document has, whatever its stage."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from apps.core import qr

from . import canonical
from .enums import SIGNATURES_NAME, DocumentKind, Side
from .registry import DocumentSpec, SignatureLine, SpecAttachment

TEMPLATE_VERSION = "1"  # goes up when the frame changes; kept with every document


@dataclass(frozen=True)
class SignatureSheet:
    state: list[SignatureLine]
    communities: list[SignatureLine]


@dataclass(frozen=True)
class DocumentView:
    """What templates know as `doc`."""

    kind: DocumentKind
    number: str
    title_ky: str
    title_ru: str
    at: datetime
    demo: bool
    content_hash: str
    verify_url: str
    signatures: SignatureSheet | None

    @property
    def full_title(self) -> str:
        words = f"{self.title_ky} · {self.title_ru}"
        return f"{self.number} · {words}" if self.number else words

    @property
    def json_name(self) -> str:
        return self.kind.json_name

    @property
    def hash_grouped(self) -> str:
        return canonical.grouped_hash(self.content_hash)

    @property
    def foot(self) -> str:
        """Foot of every page: DEMO where it is one, and the hash."""
        parts = ["DEMO"] if self.demo else []
        if self.content_hash:
            parts.append(f"SHA-256 {self.json_name}: {canonical.short_hash(self.content_hash)}")
        return " · ".join(parts)

    @property
    def verify_label(self) -> str:
        """The address in text: host and path without the number, which stands under it."""
        site = urlsplit(self.verify_url)
        path = site.path.removesuffix("/").removesuffix(self.number).rstrip("/") if self.number else site.path
        return f"{site.netloc}{path}"

    @property
    def qr(self) -> SafeString:
        return qr_svg(self.verify_url)


def qr_svg(address: str) -> SafeString:
    """A QR code as inline SVG with its own colours and a title for readers aloud."""
    return qr.svg(address, title=f"QR: {address}")


def build_html(
    spec: DocumentSpec, *, kind: str, content: bytes | None, at: datetime, demo: bool | None = None
) -> str:
    """The page of a document; `content` are the canonical bytes people signed, if there are any."""
    sheet = None
    if spec.signatures:
        sheet = SignatureSheet(
            state=[line for line in spec.signatures if line.side == Side.STATE],
            communities=[line for line in spec.signatures if line.side == Side.COMMUNITIES],
        )
    view = DocumentView(
        kind=DocumentKind(kind),
        number=spec.number or "",
        title_ky=spec.title_ky,
        title_ru=spec.title_ru,
        at=at,
        demo=spec.demo if demo is None else demo,
        content_hash=canonical.sha256_hex(content) if content is not None else "",
        verify_url=spec.verify_url,
        signatures=sheet,
    )
    with translation.override("ky"):
        return render_to_string(spec.template, {**spec.context, "doc": view})


def attachments_of(spec: DocumentSpec, *, kind: str, content: bytes | None) -> list[SpecAttachment]:
    """What is laid into the file: the canonical JSON, the list of signatures, and the stage's own."""
    inside = list(spec.attachments)
    if content is not None:
        name = DocumentKind(kind).json_name
        inside.append(SpecAttachment(name, content, "Canonical JSON", relationship="Source"))
    if spec.signatures:
        listed = canonical.canonical_bytes({"signatures": [line.as_json() for line in spec.signatures]})
        inside.append(SpecAttachment(SIGNATURES_NAME, listed, "Signatures", relationship="Data"))
    return inside
