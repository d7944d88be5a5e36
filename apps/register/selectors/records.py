"""The tabs behind the text: opinions, documents, history."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, prefetch_related_objects
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from apps.audit import selectors as audit
from apps.core.dates import language
from apps.documents.enums import DocumentKind
from apps.documents.models import GeneratedDocument
from apps.draft_acts import policies as act_policies
from apps.draft_acts import selectors as draft_acts
from apps.draft_acts.models import ActPackage, Attachment, DraftAct, PaperRestriction
from apps.organizations.models import Organization
from apps.protocols.enums import ProtocolState
from apps.protocols.models import AgreementProtocol, Signature
from apps.reviews import policies as reviews
from apps.reviews import said
from apps.reviews.enums import AnswerOutcome, OpinionLink, RemarkKind, ReplyOutcome, Silent
from apps.reviews.models import ConsolidatedOpinion, ExpiryDecision, Receipt, ReviewOpinion

from .act import ActFrame
from .promises import LATER_TEXTS
from .stages import ReviewState

# --- opinions ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RemarkCounts:
    """Remarks of one opinion, and what became of them so far."""

    objections: int = 0
    proposals: int = 0
    accepted: int = 0
    partly: int = 0
    rejected: int = 0
    maintained: int = 0
    unanswered: int = 0  # and the term for the answers is over

    @property
    def all(self) -> int:
        return self.objections + self.proposals

    @property
    def answered(self) -> int:
        return self.accepted + self.partly + self.rejected


@dataclass(frozen=True)
class FiledOpinion:
    """An opinion that was filed, in time or late; `replaced` when a later one took its place."""

    opinion: ConsolidatedOpinion
    receipt: Receipt | None
    late: bool
    replaced: bool
    remarks: RemarkCounts


@dataclass(frozen=True)
class AssociationPage:
    """One association on the tab of opinions."""

    state: ReviewState
    opinions: list[FiledOpinion] = field(default_factory=list)
    decisions: list[ExpiryDecision] = field(default_factory=list)


def opinions(page: ActFrame, at: datetime) -> list[AssociationPage]:
    """Every association's opinions, late ones included; three queries."""
    by_review: dict[int, list[FiledOpinion]] = defaultdict(list)
    links = list(
        ReviewOpinion.objects.filter(review__in=[r.review.pk for r in page.reviews])
        .exclude(state=OpinionLink.DRAFTING)
        .select_related("opinion__receipt", "opinion__paper__organization")
        .defer("opinion__canonical")
        .order_by("opinion__submitted_at")
    )
    silent = {r.review.pk: said.silent(r.review, at) for r in page.reviews}
    by = {link.opinion_id: silent[link.review_id] for link in links if not link.late}
    counts = _remark_counts([link.opinion_id for link in links], by)
    for link in links:
        by_review[link.review_id].append(
            FiledOpinion(
                opinion=link.opinion,
                receipt=getattr(link.opinion, "receipt", None),
                late=link.late,
                replaced=link.state == OpinionLink.REPLACED,
                remarks=counts.get(link.opinion_id, RemarkCounts()),
            )
        )
    decided: dict[int, list[ExpiryDecision]] = defaultdict(list)
    rows = ExpiryDecision.objects.filter(review__in=[r.review.pk for r in page.reviews])
    for decision in rows.select_related("organization", "term").order_by("decided_at"):
        decided[decision.review_id].append(decision)
    return [AssociationPage(r, by_review[r.review.pk], decided[r.review.pk]) for r in page.reviews]


def _remark_counts(opinion_ids: list[int], silent: Mapping[int, Silent | None]) -> dict[int, RemarkCounts]:
    """Counts by opinion. `silent`: who let a term pass without a word in the opinion's review."""
    sent = Q(remarks__answer__sent_at__isnull=False)
    open_ones = Q(remarks__withdrawn_at=None)
    unanswered = [pk for pk, by in silent.items() if by == Silent.MINISTRY]
    unreplied = [pk for pk, by in silent.items() if by == Silent.ASSOCIATION]

    def answered(outcome: str) -> Count:
        return Count("remarks", filter=sent & Q(remarks__answer__outcome=outcome))

    replied = Q(
        remarks__answer__reply__sent_at__isnull=False,
        remarks__answer__reply__outcome=ReplyOutcome.MAINTAINED,
    )
    by_silence = sent & Q(
        pk__in=unreplied,
        remarks__kind=RemarkKind.OBJECTION,
        remarks__answer__outcome__in=[AnswerOutcome.PARTLY_ACCEPTED, AnswerOutcome.REJECTED],
    )
    rows = (
        ConsolidatedOpinion.objects.filter(pk__in=opinion_ids)
        .annotate(
            objections=Count("remarks", filter=Q(remarks__kind=RemarkKind.OBJECTION)),
            proposals=Count("remarks", filter=Q(remarks__kind=RemarkKind.PROPOSAL)),
            accepted=answered(AnswerOutcome.ACCEPTED),
            partly=answered(AnswerOutcome.PARTLY_ACCEPTED),
            rejected=answered(AnswerOutcome.REJECTED),
            maintained=Count("remarks", filter=open_ones & (replied | by_silence)),
            unanswered=Count("remarks", filter=open_ones & Q(pk__in=unanswered)),
        )
        .values_list("pk", *(column.name for column in fields(RemarkCounts)))
    )
    return {pk: RemarkCounts(*numbers) for pk, *numbers in rows}


# --- documents --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DocumentRow:
    """A file, in the shape of components/docs.html."""

    title: str
    url: str
    kind: str
    size: int
    note: str = ""
    lang: str = ""
    icon: str = "doc"
    restriction: PaperRestriction | None = (
        None  # closed to the public; `url` is empty for who may not read it
    )
    steps: tuple[tuple[str, Any], ...] = ()  # address and words of what this reader may do with it


@dataclass(frozen=True)
class VersionFiles:
    number: int
    published_at: datetime | None
    text_hash: str
    rows: list[DocumentRow]


@dataclass(frozen=True)
class Documents:
    versions: list[VersionFiles]
    issued: list[DocumentRow]
    in_the_making: int


def documents(act: DraftAct, user: Any, at: datetime) -> Documents:
    """Texts and papers of every public version, and what the portal issued; five queries.

    Of a restricted paper everybody sees that it exists, why and until when; its address only who may read it.
    """
    versions = list(
        act.versions.exclude(frozen_at=None)
        .prefetch_related("texts__file", "attachments__file")
        .order_by("-number")
    )
    prefetch_related_objects([act], "restrictions")
    issued, waiting = [], 0
    rows = GeneratedDocument.objects.of_act(act.pk).public().select_related("file").defer("canonical_json")
    for document in rows.order_by("-created_at", "-pk"):
        if not document.is_ready or document.file is None:
            waiting += 1
            continue
        issued.append(
            DocumentRow(
                title=f"{DocumentKind(document.kind).label} {document.number or ''}".strip(),
                url=address_of_file(document, act.number or ""),
                kind="ZIP" if document.file.media_type == "application/zip" else "PDF",
                size=document.file.size,
                icon="seal" if document.sealed_at else "doc",
            )
        )
    for version in versions:
        draft_acts.mark_restricted(act, version.attachments.all(), at)
    reader = _Reader(
        reads=reviews.can_read_restricted(user, act) if act.restrictions.all() else False,
        restricts=act_policies.can_restrict(user, act),
    )
    return Documents([_version_files(act, version, reader) for version in versions], issued, waiting)


def package_list(package: ActPackage, bill: str) -> DocumentRow | None:
    """The list of a frozen package as a file, when it is made."""
    document = (
        GeneratedDocument.objects.ready()
        .public()
        .filter(kind=DocumentKind.PACKAGE_LIST, number=package.number)
        .select_related("file")
        .first()
        if package.number
        else None
    )
    if document is None or document.file is None:
        return None
    title = f"{DocumentKind.PACKAGE_LIST.label} {document.number}"
    return DocumentRow(title, address_of_file(document, bill), "PDF", document.file.size, icon="seal")


@dataclass(frozen=True)
class _Reader:
    """What the person may do with papers of this act."""

    reads: bool
    restricts: bool


def _version_files(act: DraftAct, version: Any, reader: _Reader) -> VersionFiles:
    rows = [
        DocumentRow(
            title=str(_TEXT_TITLES[text.language]),
            url=_version_address("act_text_file", act, version, text.language),
            kind=_ending(text.filename),
            size=text.file.size,
        )
        for text in sorted(version.texts.all(), key=lambda text: text.language)
    ]
    rows += [
        _paper_row(act, paper, reader)
        for paper in sorted(version.attachments.all(), key=lambda paper: paper.pk)
    ]
    return VersionFiles(version.number, version.frozen_at, version.text_hash, rows)


def _paper_row(act: DraftAct, paper: Attachment, reader: _Reader) -> DocumentRow:
    closed = paper.restriction is not None
    reads = reader.reads or not closed
    steps: list[tuple[str, Any]] = []
    if reader.restricts:
        words = _("Change the restriction") if closed else _("Restrict")
        steps.append((_address("act_attachment_restrict", act.number, paper.pk), words))
        if closed:
            steps.append((_address("act_attachment_open", act.number, paper.pk), _("Lift the restriction")))
    return DocumentRow(
        title=paper.title or str(paper.get_paper_display()),
        url=_address("act_attachment", act.number, paper.pk) if reads else "",
        kind=_ending(paper.filename) if reads else "",
        size=paper.file.size if reads else 0,
        note=str(paper.get_paper_display()) if paper.title else "",
        lang=paper.language if paper.title else "",
        icon="lock" if closed else "doc",
        restriction=paper.restriction,
        steps=tuple(steps),
    )


_TEXT_TITLES = {"ky": _("Text in Kyrgyz"), "ru": _("Text in Russian")}


def _version_address(name: str, act: DraftAct, version: Any, code: str) -> str:
    address = _address(name, act.number, code)
    return f"{address}?version={version.number}" if address else ""


def _ending(filename: str) -> str:
    return filename.rsplit(".", 1)[-1].upper() if "." in filename else ""


def _address(name: str, *args: Any) -> str:
    """The address of a page by its name; empty where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


_FILE_PAGES = {
    DocumentKind.PROTOCOL_OF_AGREEMENT: "protocol_pdf",
    DocumentKind.PROTOCOL_OF_DISAGREEMENTS: "protocol_pdf",
    DocumentKind.CERTIFICATE: "certificate_pdf",
}
_PAGES = {
    DocumentKind.PROTOCOL_OF_AGREEMENT: "protocol",
    DocumentKind.PROTOCOL_OF_DISAGREEMENTS: "protocol",
    DocumentKind.CERTIFICATE: "certificate",
    DocumentKind.RECEIPT: "receipt",
}


def address_of_file(document: GeneratedDocument, act_number: str) -> str:
    """Where the file is downloaded: the stage that issued it serves it."""
    name = _FILE_PAGES.get(DocumentKind(document.kind))
    if name:
        return _address(name, document.number)
    return _address("review_document", act_number, (document.number or "").lower())


def address_of_page(document: GeneratedDocument) -> str:
    """The page of what the document was made from, where there is one."""
    name = _PAGES.get(DocumentKind(document.kind))
    return _address(name, document.number) if name else ""


# --- history ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HistoryLine:
    """One public event as a sentence: when, and what which office did."""

    at: datetime
    sentence: str
    seq: int


# Actions that are public, each as a sentence. What is not here is not shown: drafts and preparing stay closed.
SENTENCES: dict[str, Any] = {
    "act.registered": _("%(who)s registered the draft and signed the scope statement."),
    "act.withdrawn": _("%(who)s withdrew the draft."),
    "attachment.restricted": _("%(who)s restricted a paper: its file is closed to the public for a term."),
    "attachment.opened": _("%(who)s lifted the restriction of a paper: its file is public."),
    "norm.confirmed": _("%(who)s confirmed the reference norm %(number)s."),
    "norm.dismissed": _("%(who)s dismissed the reference norm %(number)s, with a reason."),
    "norm.added": _("%(who)s added the reference norm %(number)s."),
    "norm.tied": _("%(who)s named the draft %(number)s as the bylaw of a reference norm."),
    "norm.untied": _("%(who)s untied a reference norm from the draft of its bylaw."),
    "package.made": _("%(who)s made the package of the bill."),
    "package.added": _("%(who)s put the draft %(number)s into the package."),
    "package.removed": _("%(who)s took the draft %(number)s out of the package."),
    "package.frozen": _("The package was frozen; its list is the document %(number)s."),
    **LATER_TEXTS,
    "consultation.opened": _("%(who)s opened the consultation and sent the draft to the associations."),
    "review.acknowledged": _("%(who)s acknowledged the delivery."),
    "opinion.submitted": _("%(who)s filed its opinion."),
    "opinion.confirmed": _("%(who)s confirmed its opinion that came outside the portal."),
    "expiry.decided": _("%(who)s decided what follows from the end of a term without an opinion."),
    "expiry.tacit": _("%(who)s: the term expired and no objection was received."),
    "answers.sent": _("%(who)s sent its answers to the remarks."),
    "answers.sent_to_late": _("%(who)s answered remarks of an opinion that came after the term."),
    "answers.expired": _("%(who)s did not answer the remarks in time: a conciliation meeting is due."),
    "replies.expired": _("%(who)s did not reply in time: objections that were not accepted stay maintained."),
    "conciliation.called_off": _("Nothing is left to settle with %(who)s: no meeting is needed any more."),
    "replies.sent": _("%(who)s sent its replies to the answers."),
    "remark.withdrawn": _("%(who)s withdrew a remark."),
    "protocol.fixed": _("The text of the protocol %(number)s was fixed."),
    "protocol.signed": _("%(who)s signed the protocol %(number)s."),
    "protocol.completed": _("The protocol %(number)s is signed by both sides."),
    "term.moved": _("%(who)s confirmed the outage No. %(number)s of the portal: a last day was moved."),
    "term.kept": _(
        "%(who)s confirmed the outage No. %(number)s of the portal: an expiry established before stays."
    ),
    "certificate.issued": _("The certificate %(number)s was issued at the request of %(who)s."),
    "decision.submitted": _("%(who)s recorded: the draft is submitted."),
    "decision.returned": _("%(who)s recorded: the draft is returned."),
    "decision.adopted": _("%(who)s recorded: the act is adopted."),
    "decision.rejected": _("%(who)s recorded: the act is not adopted."),
}


def history(act: DraftAct) -> list[HistoryLine]:
    """The public events of the act from the journal, the newest first; four queries.

    Names of offices are joined at reading, people are not named. A protocol appears with its steps once it is signed.
    """
    rows = (
        audit.history_of_act(act.pk)
        .select_related(None)
        .filter(action__in=SENTENCES, at__gte=act.registered_at)
    )
    entries = list(rows)
    protocols, signatures = _signed_protocols(act)
    for entry in entries:
        if entry.object_type == Signature._meta.label_lower and entry.object_id in signatures:
            entry.organization_id = signatures[entry.object_id][0]
    here = language()
    wanted = {entry.organization_id for entry in entries if entry.organization_id}
    names = {o.pk: o.name(here) for o in Organization.objects.filter(pk__in=wanted)}
    lines = []
    for entry in entries:
        number = entry.data.get("number", "")
        if entry.action.startswith("protocol."):
            number = protocols.get(entry.object_id, "")
            if entry.object_type == Signature._meta.label_lower:
                number = signatures.get(entry.object_id, (0, ""))[1]
            if not number:
                continue  # a protocol in circulation is not public yet
        values = {
            "who": names.get(entry.organization_id or 0, "–"),
            "number": number,
            "version": entry.data.get("version", ""),
        }
        said = str(SENTENCES[entry.action]) % values
        if entry.data.get("for"):
            said = _("%(sentence)s By a substitute during a leave.") % {"sentence": said}
        lines.append(HistoryLine(entry.at, str(said), entry.seq))
    return lines[::-1]


def _signed_protocols(act: DraftAct) -> tuple[dict[str, str], dict[str, tuple[int, str]]]:
    """Numbers of the signed protocols, and of each signature on them its organisation and that number."""
    signed = {"review__consultation__act": act, "state": ProtocolState.SIGNED}
    protocols = {
        str(pk): n for pk, n in AgreementProtocol.objects.filter(**signed).values_list("pk", "number")
    }
    rows = Signature.objects.filter(protocol__in=list(protocols)).values_list(
        "pk", "organization_id", "protocol__number"
    )
    return protocols, {str(pk): (organization, number) for pk, organization, number in rows}
