"""Is this file what the portal issued? One verdict, by file, for the page, the API and the command.

Reads hostile files: everything is decided on bytes, nothing in the file is run, fetched or shown.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from . import canonical, selectors
from .enums import SIGNATURES_NAME, DocumentKind, DocumentState, SignatureMethod, SignatureStatus
from .models import GeneratedDocument
from .pdf_seals import FIELD_NAME, Seal, SealedPdf, read_sealed, trusted_certificates
from .signing import ca_pem as own_ca_pem

PROBLEMS = (
    "not_a_document",
    "no_seal",
    "bytes_changed",
    "bytes_appended",
    "seal_removed",
    "foreign_signer",
    "certificate_invalid_at_signing",
    "not_registered",
    "number_mismatch",
    "annulled",
)
EXPIRED_SINCE = "certificate_expired_since"
_STATES = {DocumentState.READY: "in_force", DocumentState.ANNULLED: "annulled"}
_NUMBER = re.compile(r"\b([A-Z]{2}-\d{4}-\d{4,})\b")


@dataclass(frozen=True)
class Signer:
    name: str
    role: str | None
    organization: str | None
    method: str
    status: str
    at: str | None


@dataclass(frozen=True)
class Verdict:
    """The answer of verify_document, field by field."""

    valid: bool
    registered: bool | None
    number: str | None
    kind: str | None
    state: str | None
    covers_whole_file: bool
    hash: str
    content_hash: str | None
    signers: list[Signer] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def verify(
    data: bytes,
    *,
    at: datetime,
    offline: bool = False,
    ca_pem: bytes | None = None,
    expected_number: str | None = None,
) -> Verdict:
    """Judge the bytes of a file at the moment `at`.

    offline          no database: judged by seal and embedded JSON, `registered` is None
    ca_pem           certificates to trust instead of this installation's own
    expected_number  the number a person came with (by QR or by typing); another one in the file is a mismatch
    """
    digest = canonical.sha256_hex(data)
    row = None if offline else selectors.find_by_file_hash(digest)
    if not data.startswith(b"%PDF-"):
        return _not_a_pdf(row, digest, offline)
    trusted = trusted_certificates(own_ca_pem() if ca_pem is None else ca_pem)
    pdf = read_sealed(data)
    inside = _Inside.of(pdf)
    problems: list[str] = []
    notes: list[str] = []
    known = row or (None if offline else _known_by_content(inside, pdf))
    seal = pdf.last
    _judge_seal(pdf, seal, trusted, row, at, problems, notes, looks_like_ours=bool(inside.json_name or known))
    if inside.tampered:
        problems.append("bytes_changed")
    if not offline and row is None and "not_a_document" not in problems:
        problems.append("not_registered")
    number = (
        (row.number if row else None)
        or inside.number
        or _number_in(pdf.title)
        or (known.number if known else None)
    )
    printed = pdf.printed_number() if seal is not None and seal.intact and not problems else None
    if _mismatch(number, inside.number, printed, expected_number):
        problems.append("number_mismatch")
    if known is not None and known.state == DocumentState.ANNULLED:
        problems.append("annulled")
    return Verdict(
        valid=not problems,
        registered=None if offline else row is not None,
        number=number,
        kind=(known.kind if known else None) or inside.kind or (number or "")[:2] or None,
        state=_STATES.get(DocumentState(known.state)) if known else None,
        covers_whole_file=pdf.covers_whole_file,
        hash=digest,
        content_hash=inside.content_hash or (row.content_hash if row else None) or None,
        signers=inside.signers + _seals(pdf),
        problems=[code for code in PROBLEMS if code in problems],
        notes=notes,
    )


def _judge_seal(
    pdf: SealedPdf,
    seal: Seal | None,
    trusted: list[Any],
    row: GeneratedDocument | None,
    at: datetime,
    problems: list[str],
    notes: list[str],
    *,
    looks_like_ours: bool,
) -> None:
    if seal is None:
        if pdf.damaged_seal:
            problems.append("bytes_changed")
        elif not pdf.readable:
            problems.append("not_a_document")
        else:
            problems.append("seal_removed" if looks_like_ours else "no_seal")
        return
    if not seal.intact:
        problems.append("bytes_changed")
    if pdf.appended:
        problems.append("bytes_appended")
    issuer = seal.issuer_among(trusted)
    if issuer is None:
        problems.append("foreign_signer")
        return
    # The register's time when the file is in it; else the time the seal itself states.
    signed_at = (row.sealed_at if row else None) or seal.at
    if signed_at is None or not (seal.valid_at(signed_at) and seal.issuer_valid_at(issuer, signed_at)):
        problems.append("certificate_invalid_at_signing")
    elif not seal.valid_at(at):
        notes.append(EXPIRED_SINCE)


def _not_a_pdf(row: GeneratedDocument | None, digest: str, offline: bool) -> Verdict:
    """A registered file that is no PDF (a dossier) is known by its hash but carries no seal."""
    problems = ["not_a_document"] if row is None else ["no_seal"]
    if row is not None and row.state == DocumentState.ANNULLED:
        problems.append("annulled")
    return Verdict(
        valid=False,
        registered=None if offline else row is not None,
        number=row.number if row else None,
        kind=row.kind if row else None,
        state=_STATES.get(DocumentState(row.state)) if row else None,
        covers_whole_file=False,
        hash=digest,
        content_hash=(row.content_hash or None) if row else None,
        problems=problems,
    )


def _known_by_content(inside: "_Inside", pdf: SealedPdf) -> GeneratedDocument | None:
    """Which document of the register this file pretends to be."""
    if inside.content_hash and (document := selectors.find_by_content_hash(inside.content_hash)):
        return document
    number = inside.number or _number_in(pdf.title)
    return selectors.find_by_number(number) if number else None


def _mismatch(number: str | None, inside: str | None, printed: str | None, expected: str | None) -> bool:
    if expected and number and "".join(expected.split()).removeprefix("№").upper() != number:
        return True
    return any(other is not None and number is not None and other != number for other in (inside, printed))


def _number_in(title: str) -> str | None:
    match = _NUMBER.match(title)
    return match[1] if match else None


def _seals(pdf: SealedPdf) -> list[Signer]:
    return [
        Signer(
            name=seal.subject,
            role=None,
            organization=seal.organization,
            method=str(SignatureMethod.SEAL if seal.field_name == FIELD_NAME else SignatureMethod.PADES),
            status=str(SignatureStatus.SIGNED),
            at=canonical.moment(seal.at) if seal.at else None,
        )
        for seal in pdf.seals
    ]


@dataclass(frozen=True)
class _Inside:
    """What the JSON laid into the file says."""

    json_name: str | None = None
    content_hash: str | None = None
    number: str | None = None
    kind: str | None = None
    signers: list[Signer] = field(default_factory=list)
    tampered: bool = False

    @classmethod
    def of(cls, pdf: SealedPdf) -> "_Inside":
        names = {kind.json_name for kind in DocumentKind}
        name = next((name for name in sorted(pdf.attachments) if name in names), None)
        signers, over = _signature_lines(pdf.attachments.get(SIGNATURES_NAME))
        if name is None:
            return cls(signers=signers)
        body = pdf.attachments[name]
        digest, said = canonical.sha256_hex(body), _object(body)
        kind = said.get("kind")
        return cls(
            json_name=name,
            content_hash=digest,
            number=_text(said.get("number")),
            kind=kind if kind in DocumentKind.values else None,
            signers=signers,
            # The sheet names the hash each person signed: it must be the hash of the JSON beside it.
            tampered=bool(over - {digest, ""}),
        )


def _signature_lines(body: bytes | None) -> tuple[list[Signer], set[str]]:
    lines = _object(body).get("signatures")
    if not isinstance(lines, list):
        return [], set()
    known = [line for line in lines[:100] if isinstance(line, dict)]
    signers = [
        Signer(
            name=_text(line.get("name")) or "",
            role=_text(line.get("role")),
            organization=_text(line.get("organization")),
            method=_text(line.get("method")) or "",
            status=_text(line.get("status")) or "",
            at=_text(line.get("at")),
        )
        for line in known
    ]
    return signers, {_text(line.get("content_hash")) or "" for line in known}


def _object(body: bytes | None) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value[:500] if isinstance(value, str) and value else None
