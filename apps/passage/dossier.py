"""The dossier: a ZIP of public things only, the same for everybody, checkable with `sha256sum -c`.

Reproducible: entries sorted, fixed times, no compression differences between two builds of the same state.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from apps.core.dates import last_day
from apps.documents import services as documents
from apps.documents.models import GeneratedDocument, StoredFile
from apps.draft_acts import functions
from apps.draft_acts import selectors as acts
from apps.draft_acts.models import DraftAct, PaperRestriction
from apps.protocols.models import AgreementProtocol
from apps.reviews.models import ClosingNote, ConsolidatedOpinion, Receipt

from .models import Certificate, Decision


@dataclass(frozen=True)
class Entry:
    """One file of the dossier: its path inside, its kind, number, SHA-256, and where the bytes are."""

    path: str
    kind: str
    sha256: str
    size: int
    number: str = ""
    title: str = ""
    stored: StoredFile | None = None
    data: bytes = b""

    def read(self) -> bytes:
        return documents.read_file(self.stored) if self.stored is not None else self.data


def collect(act: DraftAct, at: datetime) -> list[Entry]:
    """Everything public of the act, in the order of paths. In the place of a restricted paper stands why it is closed."""
    return sorted(_entries(act, at), key=lambda entry: entry.path)


def within(folder: str, entries: list[Entry]) -> list[Entry]:
    """The same entries in a folder of their own: an act in the dossier of a package."""
    return [replace(entry, path=f"{folder}/{entry.path}") for entry in entries]


def fingerprint(entries: list[Entry]) -> str:
    """SHA-256 over the list of paths and hashes: the state of the file that a dossier shows."""
    return hashlib.sha256(_sums(entries)).hexdigest()


def pack(act: DraftAct, entries: list[Entry]) -> bytes:
    """The ZIP: the entries, `manifest.json`, and `MANIFEST.sha256` over all of them."""
    manifest = {
        "schema": "makuldashuu/dossier/1",
        "act": {"number": act.number, "title_ky": act.title_ky, "title_ru": act.title_ru, "state": act.state},
        "files": [
            {
                "path": e.path,
                "kind": e.kind,
                "number": e.number,
                "title": e.title,
                "sha256": e.sha256,
                "size": e.size,
            }
            for e in entries
        ],
    }
    listing = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    inside = [*entries, _made("manifest.json", "manifest", listing)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in inside:
            _write(archive, entry.path, entry.read())
        _write(archive, "MANIFEST.sha256", _sums(inside))
    return buffer.getvalue()


def _sums(entries: list[Entry]) -> bytes:
    return "".join(f"{e.sha256}  {e.path}\n" for e in sorted(entries, key=lambda e: e.path)).encode()


def _write(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    info = zipfile.ZipInfo(path, date_time=(2018, 7, 3, 0, 0, 0))
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    archive.writestr(info, data)


def _made(path: str, kind: str, data: bytes, number: str = "", title: str = "") -> Entry:
    return Entry(path, kind, hashlib.sha256(data).hexdigest(), len(data), number, title, data=data)


def _kept(path: str, kind: str, stored: StoredFile, number: str = "", title: str = "") -> Entry:
    return Entry(path, kind, stored.sha256, stored.size, number, title, stored=stored)


def _entries(act: DraftAct, at: datetime) -> Iterator[Entry]:
    restricted = acts.restricted(act, at)
    if signed := acts.signed_scope(act):
        yield _made("1-act/scope.json", "scope_statement", signed)
    for version in act.versions.exclude(frozen_at=None).order_by("number"):
        base = f"1-act/version-{version.number}"
        for text in version.texts.select_related("file").order_by("language"):
            yield _kept(
                f"{base}/text-{text.language}{_ending(text.filename)}", "text", text.file, title=text.language
            )
        card = functions.card(version)
        if card.rows or card.none:
            words = json.dumps(functions.as_json(card), ensure_ascii=False, indent=1, sort_keys=True)
            yield _made(f"{base}/function-card.json", "function_card", words.encode())
        for paper in version.attachments.select_related("file").order_by("pk"):
            name = f"{base}/papers/{paper.paper}-{paper.language or 'all'}-{paper.pk}"
            if (closed := restricted.get(paper.file_id)) is not None:
                yield _made(f"{name}-restricted.json", paper.paper, _why_closed(closed), title=paper.title)
            else:
                yield _kept(f"{name}{_ending(paper.filename)}", paper.paper, paper.file, title=paper.title)
    for document in (
        GeneratedDocument.objects.of_act(act.pk).ready().public().select_related("file").order_by("pk")
    ):
        assert document.file is not None
        yield _kept(
            f"2-documents/{document.filename}", document.kind, document.file, number=document.number or ""
        )
    for opinion in (
        ConsolidatedOpinion.objects.filter(
            review_links__review__consultation__act=act, submitted_at__isnull=False
        )
        .distinct()
        .order_by("pk")
    ):
        receipt = Receipt.objects.get(opinion=opinion)
        yield _made(
            f"3-records/opinion-{receipt.number}.json", "opinion", opinion.canonical.encode(), receipt.number
        )
    for note in ClosingNote.objects.filter(review__consultation__act=act).order_by("pk"):
        yield _made(f"3-records/note-{note.number}.json", "note", note.canonical.encode(), note.number)
    for protocol in AgreementProtocol.objects.filter(review__consultation__act=act, state="signed").order_by(
        "pk"
    ):
        yield _made(
            f"3-records/protocol-{protocol.number}.json",
            "protocol",
            protocol.canonical.encode(),
            protocol.number,
        )
    for certificate in Certificate.objects.filter(act=act).order_by("pk"):
        yield _made(
            f"3-records/certificate-{certificate.number}.json",
            "certificate",
            certificate.canonical.encode(),
            certificate.number,
        )
    for decision in Decision.objects.filter(act=act).select_related("organization").order_by("pk"):
        said = {
            "kind": decision.kind,
            "day": decision.day.isoformat(),
            "number": decision.document_number,
            "text": decision.text,
            "link": decision.link,
            "recorded_by": decision.organization.code,
        }
        data = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()
        yield _made(f"3-records/decision-{decision.pk}.json", "decision", data, decision.document_number)


def _why_closed(step: PaperRestriction) -> bytes:
    assert step.ends_at is not None
    said = {
        "restricted_until": last_day(step.ends_at).isoformat(),
        "or_until": step.event,
        "ground": step.ground,
        "officer": {"name": step.officer_name, "position": step.officer_position},
        "lang": step.lang,
    }
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _ending(filename: str) -> str:
    ending = filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    return f".{ending}" if ending.isalnum() and ending.isascii() and len(ending) <= 5 else ""
