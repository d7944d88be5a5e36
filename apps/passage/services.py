"""All writes at the doors: certificate, decisions, dossier."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.clock import local_date
from apps.core.conditions import Unmet
from apps.core.errors import InvalidInput, require
from apps.core.typed import clean_text
from apps.documents import services as documents
from apps.documents.canonical import canonical_bytes, moment, sha256_hex
from apps.documents.enums import DocumentKind
from apps.draft_acts import packages
from apps.draft_acts import services as draft_acts
from apps.draft_acts.models import ActPackage, DraftAct
from apps.notifications import services as notifications
from apps.organizations import policies as organizations
from apps.organizations.selectors import people
from apps.protocols import conditions as protocol_conditions
from apps.reviews import services as reviews
from apps.reviews.models import ReviewOpinion

from . import dossier, gates, policies, selectors
from .enums import DecisionKind
from .errors import AlreadyCertified, CertificateRefused, NoCertificate
from .models import Certificate, Decision, Dossier

SCHEMA = "makuldashuu/certificate/1"


@transaction.atomic
def issue_certificate(*, actor: User, act_id: int, at: datetime) -> Certificate:
    """Issue the certificate of the act's current round when G1–G7 hold.

    Raises NotAllowed, AlreadyCertified, CertificateRefused with every unmet condition and its link.
    """
    reviews.lock_reviews(act_id=act_id)
    act = DraftAct.objects.locked(act_id)
    require(policies.can_issue_certificate(actor, act))
    if selectors.certificate_in_force(act) is not None:
        raise AlreadyCertified()
    file = gates.read(act, at)
    conditions = gates.conditions_of(file)
    unmet = [u for c in conditions if not c.ok for u in (c.unmet or (Unmet(c.code, c.detail or c.title),))]
    if unmet:
        raise CertificateRefused(unmet=unmet)
    file = _with_every_note(file)
    consultation = file.consultation
    assert consultation is not None
    number = documents.take_number(kind=DocumentKind.CERTIFICATE, at=at)
    open_points = protocol_conditions.open_points(file.standings)
    content = canonical_bytes(_certificate_json(file, number, open_points))
    certificate = Certificate.objects.create(
        act=act,
        version=consultation.version,
        number=number,
        issued_at=at,
        issued_by=actor,
        text_hash=consultation.version.text_hash,
        open_points=open_points,
        gates=[{"code": c.code, "status": c.status} for c in conditions],
        canonical=content.decode(),
        content_hash=sha256_hex(content),
    )
    draft_acts.advance(act=act, action="certify", at=at)
    documents.request_document(
        kind=DocumentKind.CERTIFICATE,
        source_type=certificate._meta.label_lower,
        source_id=certificate.pk,
        number=number,
        canonical=content,
        act_id=act.pk,
        public=True,
        at=at,
    )
    audit.record(
        actor=actor,
        action="certificate.issued",
        target=certificate,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"number": number, "text_hash": certificate.text_hash, "open_points": open_points},
    )
    _tell_parties("passage.certificate_issued", act, {"certificate_id": certificate.pk}, certificate.pk, at)
    return certificate


@transaction.atomic
def record_decision(
    *,
    actor: User,
    act_id: int,
    kind: str,
    day: date,
    document_number: str,
    at: datetime,
    text: str = "",
    link: str = "",
) -> Decision:
    """Record what the Cabinet or the parliament did: submitted, returned, adopted or rejected. Public at once.

    Raises NotAllowed, NoCertificate, TransitionNotAllowed, InvalidInput.
    """
    act = DraftAct.objects.locked(act_id)
    require(policies.can_record_decision(actor, act))
    organization_id = policies.recording_organization(actor)
    assert organization_id is not None
    document_number, text = clean_text(document_number, one_line=True), clean_text(text)
    fields: dict[str, list[Any]] = {}
    if kind not in DecisionKind.values:
        fields["kind"] = [_("Choose a decision.")]
    if not document_number:
        fields["document_number"] = [_("Enter the number of the decision.")]
    if not (text or link.strip()):
        fields["text"] = [_("Give the text of the decision or its address.")]
    if day > local_date(at):
        fields["day"] = [_("The date of a decision cannot lie in the future.")]
    elif act.registered_at is not None and day < local_date(act.registered_at):
        fields["day"] = [_("The date of a decision cannot lie before the registration of the act.")]
    if fields:
        raise InvalidInput(fields=fields)
    certificate = selectors.certificate_in_force(act)
    if kind == DecisionKind.SUBMITTED and certificate is None:
        raise NoCertificate()
    action = policies.ACTION_OF[DecisionKind(kind)]
    decision = Decision(
        act=act,
        kind=kind,
        certificate=certificate,
        day=day,
        document_number=document_number,
        text=text,
        link=link.strip(),
        recorded_at=at,
        recorded_by=actor,
        organization_id=organization_id,
    )
    draft_acts.advance(act=act, action=action, at=at)
    decision.save(force_insert=True)
    audit.record(
        actor=actor,
        action=f"decision.{kind}",
        target=decision,
        at=at,
        organization_id=organization_id,
        act_id=act.pk,
        data={"kind": kind},
    )
    _tell_parties("passage.decision_recorded", act, {"decision_id": decision.pk}, decision.pk, at)
    return decision


def build_dossier(*, act_id: int, at: datetime) -> Dossier:
    """The ZIP of all public things of the act as it stands; the same state gives the same stored file.

    Needs no right beyond seeing a registered act: the dossier holds public things only, the same for everybody.
    """
    act = DraftAct.objects.public().get(pk=act_id)
    return _dossier(act, dossier.collect(act, at), at)


def build_package_dossier(*, package_id: int, at: datetime) -> Dossier:
    """The ZIP of all public things of a bill and of the public drafts in its package, stored with the bill."""
    page = packages.package_page(ActPackage.objects.get(pk=package_id))
    acts = [page.bill.act, *(row.act for row in page.bylaws)]
    entries = [entry for act in acts for entry in dossier.within(str(act.number), dossier.collect(act, at))]
    return _dossier(page.bill.act, sorted(entries, key=lambda entry: entry.path), at)


def _dossier(act: DraftAct, entries: list[dossier.Entry], at: datetime) -> Dossier:
    fingerprint = dossier.fingerprint(entries)
    known = Dossier.objects.filter(act=act, fingerprint=fingerprint).select_related("file").first()
    if known is not None:
        return known
    data = dossier.pack(act, entries)
    with transaction.atomic():
        DraftAct.objects.locked(act.pk)
        known = Dossier.objects.filter(act=act, fingerprint=fingerprint).select_related("file").first()
        if known is not None:
            return known
        stored = documents.store_file(data=data, media_type="application/zip", at=at)
        built = Dossier.objects.create(act=act, fingerprint=fingerprint, file=stored, created_at=at)
        audit.record(
            actor=None,
            action="dossier.built",
            target=built,
            at=at,
            act_id=act.pk,
            data={"sha256": stored.sha256, "fingerprint": fingerprint},
        )
    return built


def _with_every_note(file: gates.File) -> gates.File:
    """The certificate names the note of every silence: those that the sweep has not issued yet are issued now."""
    silent = [s.review for s in file.standings if s.review.filed_at is None and not s.has_note]
    for review in silent:
        reviews.establish_tacit(review_id=review.pk, at=file.at)
    return gates.read(file.act, file.at) if silent else file


def _certificate_json(file: gates.File, number: str, open_points: int) -> dict[str, Any]:
    act, consultation = file.act, file.consultation
    assert consultation is not None
    reviews = consultation.reviews.select_related("association", "closing_note").order_by("pk")
    return {
        "schema": SCHEMA,
        "number": number,
        "issued_at": moment(file.at),
        "site": settings.SITE_URL,
        "act": {
            "number": act.number,
            "kind": act.kind,
            "title_ky": act.title_ky,
            "title_ru": act.title_ru,
            "initiator": act.initiator.code,
            "version": consultation.version.number,
            "text_hash": consultation.version.text_hash,
        },
        "round": consultation.round,
        "open_points": open_points,
        "gates": _gates_json(file),
        "reviews": [_review_json(review) for review in reviews],
        "left_out": [
            {"association": row.association.code, "reason": row.reason}
            for row in consultation.left_out.select_related("association").order_by("pk")
        ],
    }


def _gates_json(file: gates.File) -> list[dict[str, str]]:
    """The gates with their words in both languages: a detail is said in the language that is active."""
    said: list[dict[str, str]] = []
    for language in ("ky", "ru"):
        with override(language):
            conditions = gates.conditions_of(file)
            said = said or [{"code": c.code, "status": c.status} for c in conditions]
            for gate, condition in zip(said, conditions, strict=True):
                gate[f"title_{language}"] = str(condition.title)
                gate[f"detail_{language}"] = str(condition.detail)
    return said


def _review_json(review: Any) -> dict[str, Any]:
    note = getattr(review, "closing_note", None)
    protocol = review.protocols.filter(state="signed").first()
    link = (
        ReviewOpinion.objects.filter(review=review, late=False, state="in_force")
        .select_related("opinion")
        .first()
    )
    late = (
        ReviewOpinion.objects.filter(review=review, late=True)
        .select_related("opinion__receipt")
        .order_by("pk")
    )
    return {
        "association": {
            "code": review.association.code,
            "name_ky": review.association.name_ky,
            "name_ru": review.association.name_ru,
        },
        "verdict": link.opinion.verdict if link else "",
        "note": note.number if note else "",
        "protocol": protocol.number if protocol else "",
        "open_points": protocol.open_points if protocol else 0,
        "late_opinions": [row.opinion.receipt.number for row in late],
    }


def _tell_parties(template: str, act: DraftAct, payload: dict[str, int], event: int, at: datetime) -> None:
    consultation = act.consultations.order_by("-round").first()
    associations = list(consultation.reviews.values_list("association_id", flat=True)) if consultation else []
    recipients = [
        *people([act.initiator_id], *organizations.STATE_SIDE, at=at),
        *people(associations, *organizations.COMMUNITIES_SIDE, at=at),
    ]
    notifications.enqueue(
        template=template,
        recipients=recipients,
        payload=payload,
        key=f"{template}:{event}",
        at=at,
        act_id=act.pk,
    )
