"""One byte changed, appended, a seal taken away or a foreign one: each is told apart, online and offline."""

import io
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command

from apps.documents import services, signing
from apps.documents.canonical import sha256_hex
from apps.documents.enums import DocumentState
from apps.documents.models import GeneratedDocument
from apps.documents.pdf_seals import read_sealed
from apps.documents.verification import Verdict, verify

from .conftest import AT, CONTENT

LATER = AT + timedelta(days=30)


def offline(data: bytes, **more: Any) -> Verdict:
    return verify(data, at=more.pop("at", LATER), offline=True, **more)


@pytest.fixture
def registered(db: None, sealed_pdf: bytes) -> GeneratedDocument:
    """The sealed protocol in the register, as the worker leaves it."""
    stored = services.store_file(data=sealed_pdf, media_type="application/pdf", at=AT)
    return GeneratedDocument.objects.create(
        kind="PA",
        number="PA-2026-0001",
        source_type="protocols.agreementprotocol",
        source_id=1,
        canonical_json=CONTENT.decode(),
        content_hash=sha256_hex(CONTENT),
        file=stored,
        state=DocumentState.READY,
        public=True,
        created_at=AT,
        rendered_at=AT,
        sealed_at=AT,
    )


def test_the_file_as_issued_is_valid(registered: GeneratedDocument, sealed_pdf: bytes) -> None:
    verdict = verify(sealed_pdf, at=LATER)

    assert verdict.valid
    assert verdict.problems == []
    assert (verdict.registered, verdict.number, verdict.kind, verdict.state) == (
        True,
        "PA-2026-0001",
        "PA",
        "in_force",
    )
    assert verdict.covers_whole_file
    assert verdict.hash == sha256_hex(sealed_pdf)
    assert verdict.content_hash == sha256_hex(CONTENT)


def test_the_signers_are_read_from_the_sheet_and_the_seal(sealed_pdf: bytes) -> None:
    signers = offline(sealed_pdf).signers

    assert [(s.name, s.method, s.status) for s in signers] == [
        ("Гүлнара Асанова", "portal", "signed"),
        ("Үсөн Өмүров", "portal", "signed"),
        ("Makuldashuu seal", "seal", "signed"),
    ]
    assert signers[0].organization == "Суу министрлиги"
    assert signers[2].at == "2026-12-18T15:30:00.000+06:00"


def test_offline_the_seal_and_the_json_suffice(sealed_pdf: bytes) -> None:
    verdict = offline(sealed_pdf, ca_pem=signing.ca_pem())

    assert verdict.valid
    assert verdict.registered is None
    assert verdict.number == "PA-2026-0001"


def test_one_changed_byte_anywhere_is_seen(sealed_pdf: bytes) -> None:
    place = read_sealed(sealed_pdf)
    gap = sealed_pdf.index(b"/Contents <") + len(b"/Contents <")
    positions = [
        *random.Random(7).sample(range(len(sealed_pdf)), 60),
        *range(gap, gap + 2100, 37),
        gap + 5000,
    ]

    assert place.covers_whole_file
    for position in positions:
        changed = bytearray(sealed_pdf)
        changed[position] ^= 1
        verdict = offline(bytes(changed))
        assert not verdict.valid, position
        assert verdict.problems[0] in {"bytes_changed", "not_a_document"}, (position, verdict.problems)
        assert position < 5 or verdict.problems[0] == "bytes_changed", (position, verdict.problems)


@pytest.mark.parametrize("tail", [b"\n", b"x" * 5000, b"%%EOF\n", b"\x00"])
def test_appended_bytes_are_told_apart_from_changed_ones(
    registered: GeneratedDocument, sealed_pdf: bytes, tail: bytes
) -> None:
    verdict = verify(sealed_pdf + tail, at=LATER)

    assert verdict.problems == ["bytes_appended", "not_registered"]
    assert not verdict.covers_whole_file
    assert verdict.number == "PA-2026-0001"


def test_an_edit_saved_behind_the_seal_is_appended(sealed_pdf: bytes) -> None:
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed_pdf))
    writer.root["/Note"] = pdf_string("another text")
    writer.root[pdf_name("/Note")] = pdf_string("another text")
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)

    assert offline(output.getvalue()).problems == ["bytes_appended"]


def test_a_cut_file_is_changed(sealed_pdf: bytes) -> None:
    assert offline(sealed_pdf[:-10]).problems == ["bytes_changed"]


def test_a_rewritten_file_has_lost_its_seal(registered: GeneratedDocument, protocol_pdf: bytes) -> None:
    verdict = verify(protocol_pdf, at=LATER)

    assert verdict.problems == ["seal_removed", "not_registered"]


def test_a_stranger_is_not_a_document_or_has_no_seal() -> None:
    plain = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(plain)

    assert offline(plain.getvalue()).problems == ["no_seal"]
    assert offline(b"%PDF-1.7 nothing else").problems == ["not_a_document"]
    assert offline(b"PK\x03\x04").problems == ["not_a_document"]
    assert offline(b"").problems == ["not_a_document"]


def test_the_seal_of_another_installation_is_foreign(
    protocol_pdf: bytes, settings: Any, tmp_path: Path
) -> None:
    own = signing.ca_pem()
    settings.KEYS_ROOT = tmp_path / "other"

    stranger = signing.seal(protocol_pdf, reason="PA-2026-0001", at=AT)

    assert offline(stranger, ca_pem=own).problems == ["foreign_signer"]
    assert offline(stranger).valid


def test_a_foreign_signature_over_the_seal_is_not_the_portals(
    registered: GeneratedDocument,
    sealed_pdf: bytes,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = signing.ca_pem()
    settings.KEYS_ROOT = tmp_path / "other"
    monkeypatch.setattr(signing, "FIELD_NAME", "Second")

    twice = signing.seal(sealed_pdf, reason="copy", at=LATER)

    assert verify(twice, at=LATER, ca_pem=own).problems == ["foreign_signer", "not_registered"]


def test_a_certificate_expired_since_is_a_note_and_expired_at_sealing_a_refusal(
    registered: GeneratedDocument, protocol_pdf: bytes, sealed_pdf: bytes
) -> None:
    years_later = AT + timedelta(days=365 * 5)

    since = verify(sealed_pdf, at=years_later)
    backdated = offline(signing.seal(protocol_pdf, reason="x", at=years_later), at=years_later)

    assert since.valid
    assert since.notes == ["certificate_expired_since"]
    assert backdated.problems == ["certificate_invalid_at_signing"]


def test_a_sealed_file_the_register_does_not_know_is_not_valid_online(db: None, sealed_pdf: bytes) -> None:
    verdict = verify(sealed_pdf, at=LATER)

    assert verdict.problems == ["not_registered"]
    assert verdict.registered is False


def test_an_annulled_document_says_so(registered: GeneratedDocument, sealed_pdf: bytes) -> None:
    services.annul_document(document_id=registered.pk, at=LATER)

    verdict = verify(sealed_pdf, at=LATER)

    assert (verdict.problems, verdict.state) == (["annulled"], "annulled")


def test_a_file_brought_to_another_number_is_a_mismatch(
    registered: GeneratedDocument, sealed_pdf: bytes
) -> None:
    assert verify(sealed_pdf, at=LATER, expected_number="PA-2026-0002").problems == ["number_mismatch"]
    assert verify(sealed_pdf, at=LATER, expected_number="№ pa-2026-0001").valid


def test_a_register_row_with_another_number_than_the_printed_one_is_a_mismatch(
    db: None, sealed_pdf: bytes
) -> None:
    stored = services.store_file(data=sealed_pdf, media_type="application/pdf", at=AT)
    GeneratedDocument.objects.create(
        kind="PA",
        number="PA-2026-0007",
        source_type="x",
        source_id=7,
        file=stored,
        state=DocumentState.READY,
        created_at=AT,
        rendered_at=AT,
        sealed_at=AT,
    )

    assert verify(sealed_pdf, at=LATER).problems == ["number_mismatch"]


def test_a_dossier_of_the_register_is_known_but_carries_no_seal(db: None) -> None:
    services.register_file(
        kind="DOSSIER",
        source_type="draft_acts.draftact",
        source_id=1,
        data=b"PK\x05\x06" + b"\0" * 18,
        media_type="application/zip",
        at=AT,
        public=True,
    )

    verdict = verify(b"PK\x05\x06" + b"\0" * 18, at=LATER)

    assert (verdict.registered, verdict.kind, verdict.problems) == (True, "DOSSIER", ["no_seal"])


def run_command(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    with pytest.raises(SystemExit) as stop:
        call_command("verify_document", *arguments)
    return int(stop.value.code or 0), json.loads(capsys.readouterr().out)


def test_the_command_prints_one_json_and_its_exit_code(
    registered: GeneratedDocument, sealed_pdf: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad, ca = tmp_path / "good.pdf", tmp_path / "bad.pdf", tmp_path / "ca.pem"
    good.write_bytes(sealed_pdf)
    bad.write_bytes(sealed_pdf + b" ")
    ca.write_bytes(signing.ca_pem())

    assert run_command(str(good), capsys=capsys)[0] == 0
    code, answer = run_command(str(bad), "--offline", "--ca", str(ca), capsys=capsys)
    assert (code, answer["problems"]) == (1, ["bytes_appended"])
    assert list(answer) == [
        "valid",
        "registered",
        "number",
        "kind",
        "state",
        "covers_whole_file",
        "hash",
        "content_hash",
        "signers",
        "problems",
        "notes",
    ]
    assert list(answer["signers"][0]) == ["name", "role", "organization", "method", "status", "at"]
    code, answer = run_command(str(tmp_path / "none.pdf"), capsys=capsys)
    assert (code, answer["error"]) == (2, "cannot_read")
    code, answer = run_command(str(good), "--offline", "--ca", str(good), capsys=capsys)
    assert (code, answer["error"]) == (2, "bad_ca")


def test_the_command_needs_no_database_offline(
    sealed_pdf: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "good.pdf"
    file.write_bytes(sealed_pdf)

    assert run_command(str(file), "--offline", capsys=capsys)[0] == 0


def test_keys_are_private_and_made_once(settings: Any, tmp_path: Path) -> None:
    settings.KEYS_ROOT = tmp_path / "keys"

    signing.ensure_keys(at=AT)
    first = {path.name: path.read_bytes() for path in settings.KEYS_ROOT.glob("*.*")}
    signing.ensure_keys(at=datetime(2030, 1, 1, tzinfo=UTC))

    assert {path.name: path.read_bytes() for path in settings.KEYS_ROOT.glob("*.*")} == first
    assert {path.stat().st_mode & 0o777 for path in settings.KEYS_ROOT.glob("*.*")} == {0o600}


def test_demo_keys_say_so_and_seal_no_real_document(
    settings: Any, tmp_path: Path, protocol_pdf: bytes
) -> None:
    from django.core.exceptions import ImproperlyConfigured

    settings.KEYS_ROOT, settings.PORTAL_DEMO = tmp_path / "keys", True
    sealed = signing.seal(protocol_pdf, reason="x", at=AT)
    settings.PORTAL_DEMO = False

    assert "DEMO" in offline(sealed).signers[-1].name
    with pytest.raises(ImproperlyConfigured):
        signing.seal(protocol_pdf, reason="x", at=AT)


def test_the_seal_keeps_the_file_archival(sealed_pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed_pdf)) as pdf:
        assert "/Version" not in pdf.Root or float(str(pdf.Root.Version)[1:]) < 2
        assert pdf.pdf_version == "1.7"
