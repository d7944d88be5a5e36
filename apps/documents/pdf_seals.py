"""Signatures of a PDF, read from its bytes. Python only, no database: the same offline.

A signature covers the file except its own hexadecimal gap. So three things are checked beside the mathematics: the last
signature ends where the file ends, nothing hides in the gap, and what follows the last signature is named as appended.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

FIELD_NAME = "PortalSeal"
MAX_ATTACHMENT = 20 * 1024 * 1024
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_HEX = re.compile(
    rb"<(?:[0-9A-F]+|[0-9a-f]+)>"
)  # one spelling throughout: a letter in the other case is a changed byte
_SHA256 = cms.DigestAlgorithm({"algorithm": "sha256", "parameters": core.Null()}).dump()
_PRINTED = re.compile(r"№\s*([A-Z]{2}-\d{4}-\d{4,})")


@dataclass(frozen=True)
class Seal:
    """One signature: whether its bytes are intact, who made it, and when by its own word."""

    field_name: str
    intact: bool
    certificate: x509.Certificate
    at: datetime | None
    end: int

    @property
    def subject(self) -> str:
        return _attribute(self.certificate, NameOID.COMMON_NAME) or self.certificate.subject.rfc4514_string()

    @property
    def organization(self) -> str | None:
        return _attribute(self.certificate, NameOID.ORGANIZATION_NAME)

    def issuer_among(self, trusted: Iterable[x509.Certificate]) -> x509.Certificate | None:
        """The trusted CA that issued this certificate, whatever the dates."""
        for authority in trusted:
            try:
                self.certificate.verify_directly_issued_by(authority)
            except (ValueError, TypeError, InvalidSignature):
                continue
            return authority
        return None

    def valid_at(self, at: datetime) -> bool:
        return _valid_at(self.certificate, at)

    def issuer_valid_at(self, issuer: x509.Certificate, at: datetime) -> bool:
        return _valid_at(issuer, at)


@dataclass(frozen=True)
class SealedPdf:
    """A PDF as its signatures see it. `seals` in the order of signing."""

    data: bytes
    readable: bool
    seals: list[Seal] = field(default_factory=list)
    damaged_seal: bool = False  # there is the place of a signature, but what is there cannot be read
    attachments: dict[str, bytes] = field(default_factory=dict)
    title: str = ""

    @property
    def last(self) -> Seal | None:
        return self.seals[-1] if self.seals else None

    @property
    def appended(self) -> bool:
        return self.last is not None and self.last.end < len(self.data)

    @property
    def covers_whole_file(self) -> bool:
        return self.last is not None and self.last.intact and self.last.end == len(self.data)

    def printed_number(self) -> str | None:
        """The number printed on the first page. Called only for files under our own intact seal: the text is read by a
        native library, which hostile files do not reach."""
        import pypdfium2

        document = pypdfium2.PdfDocument(self.data)
        try:
            page = document[0]
            text = page.get_textpage().get_text_range()
        finally:
            document.close()
        match = _PRINTED.search(text)
        return match[1] if match else None


def read_sealed(data: bytes) -> SealedPdf:
    """Read signatures, attachments and title; never raises for bad files."""
    places = _places(data)
    body = data[: places[-1].end] if places else data
    attachments, title, readable = _contents(body)
    if not places:
        # A changed byte in the words /ByteRange themselves still leaves the signature's other words.
        return SealedPdf(
            data, readable, damaged_seal=b"ETSI.CAdES.detached" in data, attachments=attachments, title=title
        )
    seals = _seals(body)
    return SealedPdf(data, readable, seals, not seals, attachments, title)


def trusted_certificates(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM bundle; raises ValueError when there is text but no certificate in it."""
    return x509.load_pem_x509_certificates(pem) if pem.strip() else []


@dataclass(frozen=True)
class _Place:
    start: int
    stop: int
    end: int


def _places(data: bytes) -> list[_Place]:
    """Where signatures lie: a byte range from 0 whose gap is exactly one hexadecimal string."""
    found = {}
    for match in _BYTE_RANGE.finditer(data):
        start, stop, length = (int(group) for group in match.groups())
        gap = data[start:stop]
        if start < stop and gap[:1] == b"<" and gap[-1:] == b">":
            found[stop + length] = _Place(start, stop, stop + length)
    return [found[end] for end in sorted(found)]


def _seals(body: bytes) -> list[Seal]:
    try:
        signatures = PdfFileReader(BytesIO(body), strict=False).embedded_signatures
    except Exception:  # any parser error of a hostile file means the same: it cannot be read
        return []
    seals = []
    for signature in signatures:
        seal = _seal(signature, body)
        if seal is None:
            return []
        seals.append(seal)
    return sorted(seals, key=lambda seal: seal.end)


def _seal(signature: EmbeddedPdfSignature, body: bytes) -> Seal | None:
    try:
        parts = [int(part) for part in signature.byte_range]
        certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
        at = signature.self_reported_timestamp
        intact = _intact(signature, parts, body)
    except Exception:
        return None
    return Seal(
        field_name=str(signature.field_name),
        intact=intact,
        certificate=certificate,
        at=at.astimezone(UTC) if at is not None and at.tzinfo is not None else None,
        end=parts[2] + parts[3],
    )


def _intact(signature: EmbeddedPdfSignature, parts: list[int], body: bytes) -> bool:
    """Whether not one byte of what the signature covers, nor of its own gap, is another."""
    first, length, second, rest = parts
    if first != 0 or length >= second or second + rest > len(body):
        return False
    gap = body[length:second]
    written = gap[1:-1]
    container = bytes(signature.pkcs7_content)
    whole = cms.ContentInfo.load(container).dump()
    # The gap holds the signature in hexadecimal, then zeros, and nothing else.
    if _HEX.fullmatch(gap) is None or bytes.fromhex(written.decode()) != whole.ljust(
        len(written) // 2, b"\x00"
    ):
        return False
    if signature.field_name == FIELD_NAME and not _as_we_write(signature):
        return False
    return _mathematics(signature)


def _as_we_write(signature: EmbeddedPdfSignature) -> bool:
    """The few bytes of the container that no mathematics covers are those the portal writes."""
    signed, signer = signature.signed_data, signature.signer_info
    algorithms = signed["digest_algorithms"]
    return (
        signed["version"].native == "v1"
        and signer["version"].native == "v1"
        and signer["digest_algorithm"].dump() == _SHA256
        and len(algorithms) == 1
        and algorithms[0].dump() == _SHA256
    )


def _mathematics(signature: EmbeddedPdfSignature) -> bool:
    intact, valid = validate_sig_integrity(
        signature.signer_info,
        signature.signer_cert,
        expected_content_type="data",
        actual_digest=signature.compute_digest(),
    )
    return bool(intact and valid)


def _contents(body: bytes) -> tuple[dict[str, bytes], str, bool]:
    """(attachments by name, title, whether the file could be read)."""
    try:
        with pikepdf.open(BytesIO(body)) as pdf:
            attachments: dict[str, bytes] = {}
            for name, spec in list(pdf.attachments.items())[:50]:
                content = spec.get_file().read_bytes()
                if len(content) <= MAX_ATTACHMENT:
                    attachments[name] = content
            return attachments, str(pdf.docinfo.get("/Title", "")), True
    except Exception:  # a file that cannot be read has nothing inside
        return {}, "", False


def _valid_at(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc


def _attribute(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str | None:
    values = certificate.subject.get_attributes_for_oid(oid)
    return str(values[0].value) if values else None
