"""The installation's small CA and the portal's seal (PAdES, EC P-256).

Keys are made at the first start into settings.KEYS_ROOT, readable by the portal only. The CA signs
nothing but seal certificates; verification trusts the CA, so that a seal can be renewed.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from .pdf_seals import FIELD_NAME

CA_YEARS, SEAL_YEARS, DEMO_YEARS_BACK = 20, 3, 3
SIGNATURE_BYTES = 8192  # hex digits reserved; an EC seal with its chain takes about 3,000


def ensure_keys(*, at: datetime) -> Path:
    """Make the CA and the seal when they are missing; return the folder they lie in.

    Safe to call from several processes at once. Raises ImproperlyConfigured when keys made for a
    demo would seal real documents, or the other way round.
    """
    root = Path(settings.KEYS_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(root):
        if not (root / "seal.pem").exists():
            _make_keys(root, at=at, demo=settings.PORTAL_DEMO)
    if _says_demo(root) != settings.PORTAL_DEMO:
        raise ImproperlyConfigured(
            f"The keys in {root} were made {'for a demo' if _says_demo(root) else 'for real documents'}, "
            f"but PORTAL_DEMO says otherwise. Give this installation its own PORTAL_VAR."
        )
    return root


def keys(*, at: datetime) -> Path:
    """The folder of the keys; one host alone makes them when they are missing.

    With several hosts each would make its own, and none would believe the seals of the others: raises
    ImproperlyConfigured instead.
    """
    if settings.FILES_IN_BUCKET and not (Path(settings.KEYS_ROOT) / "seal.pem").exists():
        raise ImproperlyConfigured(
            f"There are no keys of the seal in {settings.KEYS_ROOT}. Copy them from another host; on the first one "
            f"make them with script/manage make_keys."
        )
    return ensure_keys(at=at)


def ca_pem() -> bytes:
    """The CA certificate(s) of this installation: what a reader needs to check a file offline.

    Empty when no keys were made yet.
    """
    path = Path(settings.KEYS_ROOT) / "ca.pem"
    return path.read_bytes() if path.exists() else b""


def seal(pdf: bytes, *, reason: str, at: datetime) -> bytes:
    """The same PDF with the portal's seal as its last, whole-file signature dated `at`."""
    root = keys(at=at)
    signer = _signer(str(root), (root / "seal.pem").stat().st_mtime_ns)
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD_NAME,
        reason=reason,
        location=settings.SITE_URL,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        cades_signed_attr_spec=CAdESSignedAttrSpec(),
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=True)
    field = SigFieldSpec(sig_field_name=FIELD_NAME)
    session = _ArchivalSigner(meta, signer=signer, new_field_spec=field).init_signing_session(writer)
    session.system_time = at  # the portal's clock, not this machine's
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=SIGNATURE_BYTES)
    output = BytesIO()
    prepared, _ = document.digest_tbs_document(output=output)
    asyncio.run(
        document.perform_signature(
            document_digest=prepared.document_digest,
            pdf_cms_signed_attrs=PdfCMSSignedAttributes(cades_signed_attrs=meta.cades_signed_attr_spec),
        )
    )
    return output.getvalue()


class _ArchivalSigner(signers.PdfSigner):
    """Announces the PAdES extension only: for a P-256 key pyHanko would also write /Version 2.0, which PDF/A-3 forbids."""

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        pdf_out.ensure_output_version(version=(1, 7))
        pdf_out.register_extension(ESIC_EXTENSION_1)


@lru_cache(maxsize=2)
def _signer(root: str, stamp: int) -> signers.SimpleSigner:
    """The loaded key; `stamp` renews the cache when the seal is renewed."""
    folder = Path(root)
    # The CA is not laid into the signature: bytes there are signed by nobody, and readers have the CA already.
    signer = signers.SimpleSigner.load(str(folder / "seal.key"), str(folder / "seal.pem"))
    if signer is None:
        raise ImproperlyConfigured(f"The seal in {folder} cannot be read.")
    return signer


def _make_keys(root: Path, *, at: datetime, demo: bool) -> None:
    # A demo is filled at past times, so its certificates begin in the past too.
    start = at - (timedelta(days=365 * DEMO_YEARS_BACK) if demo else timedelta(days=1))
    mark = " DEMO" if demo else ""
    ca_key, seal_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = _name(f"Makuldashuu{mark} CA")
    ca = (
        _certificate(ca_name, ca_name, ca_key, start, start + timedelta(days=365 * CA_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign=False), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    seal_until = at + timedelta(days=365 * SEAL_YEARS)
    seal_cert = (
        _certificate(_name(f"Makuldashuu{mark} seal"), ca_name, seal_key, start, seal_until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    _write(root / "ca.key", _private(ca_key))
    _write(root / "ca.pem", ca.public_bytes(serialization.Encoding.PEM))
    _write(root / "seal.key", _private(seal_key))
    # Last: its presence means that the set is complete.
    _write(root / "seal.pem", seal_cert.public_bytes(serialization.Encoding.PEM))


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "KG"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Макулдашуу"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not sign,
        crl_sign=not sign,
        encipher_only=False,
        decipher_only=False,
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_suffix(path.suffix + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _says_demo(root: Path) -> bool:
    certificate = x509.load_pem_x509_certificate((root / "seal.pem").read_bytes())
    return "DEMO" in certificate.subject.rfc4514_string()


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    with os.fdopen(os.open(root / ".lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
