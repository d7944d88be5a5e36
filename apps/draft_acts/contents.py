"""What the documents of this stage say, as canonical JSON: every word comes from rows that are public."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import override

from apps.documents.canonical import moment

from . import naming, packages, selectors
from .models import ActPackage, DraftAct, DraftActVersion

SCHEMA = "makuldashuu/package/1"
SCOPE_SCHEMA = "makuldashuu/scope/1"


def of_package(package: ActPackage, *, at: datetime) -> dict[str, Any]:
    """package.json: the bill, the drafts of its bylaws with text hashes and papers, and what each of them fulfils."""
    page = packages.package_page(package)
    return {
        "schema": SCHEMA,
        "number": package.number,
        "issued_at": moment(at),
        "site": settings.SITE_URL,
        "bill": _act(page.bill, at),
        "bylaws": [{**_act(row, at), "fulfils": [r.norm.number for r in row.norms]} for row in page.bylaws],
        "norms": [_norm(norm) for norm in packages.confirmed(page.bill.version)],
    }


def _act(row: packages.MemberRow, at: datetime) -> dict[str, Any]:
    act, version = row.act, row.version
    closed = selectors.restricted(act, at)
    return {
        "number": act.number,
        "kind": act.kind,
        "title_ky": act.title_ky,
        "title_ru": act.title_ru,
        "initiator_ky": act.initiator.name_ky,
        "initiator_ru": act.initiator.name_ru,
        "state": act.state,
        "version": version.number,
        "text_hash": version.text_hash,
        "papers": [
            {
                "paper": paper.paper,
                "title": paper.title,
                "language": paper.language,
                "sha256": None if paper.file_id in closed else paper.file.sha256,
            }
            for paper in selectors.papers(version)
        ],
    }


def _norm(norm: Any) -> dict[str, Any]:
    said = {"number": norm.number, "eid": norm.eid, "authority": norm.authority}
    for code in ("ky", "ru"):
        with override(code):
            said[f"place_{code}"] = naming.name_of(norm.eid, code)
            said[f"body_{code}"] = str(norm.get_authority_display())
        said[f"phrase_{code}"] = norm.phrase(code)
    said["bylaw"] = norm.fulfilled_by.act.number if norm.fulfilled_by_id else ""
    return said


def of_scope(
    act: DraftAct,
    version: DraftActVersion,
    answers: Mapping[str, bool | str],
    found: Mapping[str, Any] | None,
    *,
    at: datetime,
) -> dict[str, Any]:
    """scope.json: the answers with their reasons and what the portal had found in the texts when they were signed.

    `answers`: fields of the statement; `found`: evidence.Evidence, None when the texts were never looked at.
    """
    return {
        "schema": SCOPE_SCHEMA,
        "site": settings.SITE_URL,
        "act": act.number,
        "kind": act.kind,
        "title_ky": act.title_ky,
        "title_ru": act.title_ru,
        "initiator_ky": act.initiator.name_ky,
        "initiator_ru": act.initiator.name_ru,
        "version": version.number,
        "text_hash": version.text_hash,
        "answers": dict(answers),
        "evidence": found,
        "signed_at": moment(at),
    }
