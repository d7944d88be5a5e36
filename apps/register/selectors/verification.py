"""The page of verification: a document by its number, and a verdict on a file in plain words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.documents import selectors as documents
from apps.documents.canonical import parse_moment
from apps.documents.enums import DocumentKind
from apps.documents.models import GeneratedDocument
from apps.documents.verification import Verdict
from apps.draft_acts.models import DraftAct

from .records import address_of_file, address_of_page


@dataclass(frozen=True)
class FoundDocument:
    """A public document of the register, and where it belongs."""

    document: GeneratedDocument
    kind: str
    state: str  # a code of the status group "verification"
    act: DraftAct | None
    page_url: str
    file_url: str


def find(number: str) -> FoundDocument | None:
    """The public document printed with this number; what is not public is not found."""
    document = documents.find_by_number(number)
    if document is None or not document.public:
        return None
    act = DraftAct.objects.public().select_related("initiator").filter(pk=document.act_id).first()
    if document.act_id and act is None:
        return None
    return FoundDocument(
        document=document,
        kind=str(DocumentKind(document.kind).label),
        state="annulled" if document.annulled_at else "registered",
        act=act,
        page_url=address_of_page(document),
        file_url=address_of_file(document, act.number or "") if act and document.file else "",
    )


# What each finding means, in plain words. One of them is enough for a file not to be what it says it is.
PROBLEMS: dict[str, Any] = {
    "not_a_document": _(
        "This file is not a document that the portal could have issued: it is not a PDF, or it cannot be read."
    ),
    "no_seal": _("The file carries no seal of the portal."),
    "bytes_changed": _("At least one byte of the file was changed after the seal was put on it."),
    "bytes_appended": _("Something was added to the end of the file after the seal was put on it."),
    "seal_removed": _("The file looks like a document of the portal, but its seal is missing."),
    "foreign_signer": _("The file is sealed, but not by this portal."),
    "certificate_invalid_at_signing": _(
        "The certificate of the seal was not valid when the seal was put on."
    ),
    "not_registered": _("There is no file with exactly these bytes in the register."),
    "number_mismatch": _(
        "The number in the file is not the number you came with, or the file names two numbers."
    ),
    "annulled": _("The document was annulled and is no longer in force."),
}
NOTES: dict[str, Any] = {
    "certificate_expired_since": _(
        "The certificate of the seal has expired since. It was valid when the seal was put on, which is what counts."
    ),
}
METHODS: dict[str, Any] = {
    "portal": _("signed in the portal"),
    "seal": _("seal of the portal"),
    "pades": _("electronic signature in the file"),
    "cms": _("detached electronic signature"),
}


@dataclass(frozen=True)
class ShownSigner:
    name: str
    organization: str
    method: Any
    refused: bool
    at: datetime | None


@dataclass(frozen=True)
class ShownVerdict:
    """The verdict of documents.verification as the page says it."""

    verdict: Verdict
    state: str  # a code of the status group "verification"
    problems: list[Any]
    notes: list[Any]
    signers: list[ShownSigner] = field(default_factory=list)
    found: FoundDocument | None = None

    @property
    def hash_known(self) -> bool:
        return bool(self.verdict.registered)


def shown(verdict: Verdict) -> ShownVerdict:
    """Findings in words; the document of the register beside them when it is public."""
    return ShownVerdict(
        verdict=verdict,
        state=_state(verdict),
        problems=[PROBLEMS[code] for code in verdict.problems if code in PROBLEMS],
        notes=[NOTES[code] for code in verdict.notes if code in NOTES],
        signers=[
            ShownSigner(
                name=signer.name,
                organization=signer.organization or "",
                method=METHODS.get(signer.method, signer.method),
                refused=signer.status == "refused",
                at=_moment(signer.at),
            )
            for signer in verdict.signers
        ],
        found=find(verdict.number) if verdict.number else None,
    )


def _state(verdict: Verdict) -> str:
    if verdict.valid:
        return "valid"
    if verdict.problems == ["annulled"]:
        return "annulled"
    if set(verdict.problems) & {"bytes_changed", "bytes_appended"}:
        return "changed"
    if set(verdict.problems) <= {"not_a_document", "no_seal", "not_registered"}:
        return "unknown"
    return "invalid"


def _moment(text: str | None) -> datetime | None:
    try:
        return parse_moment(text) if text else None
    except (ValueError, OverflowError):
        return None  # the words come from the file, which may say anything
