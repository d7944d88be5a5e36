"""The ministry opens a consultation: every association addressed gets its own review, delivery and term."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.audit import services as audit
from apps.core.errors import GateClosed, InvalidInput, require
from apps.deadlines.enums import Stage
from apps.documents import services as documents
from apps.documents.enums import DocumentKind
from apps.draft_acts import conditions as act_conditions
from apps.draft_acts import selectors as act_selectors
from apps.draft_acts import services as draft_acts
from apps.draft_acts.models import DraftAct
from apps.organizations.models import Organization

from .. import contents, policies, selectors
from ..models import Consultation, LeftOut, Review, Term
from ._common import append_term, request_document, typed, write_to_association


@transaction.atomic
def open_consultation(
    *, actor: Any, act_id: int, association_ids: Iterable[int], left_out: Mapping[int, str], at: datetime
) -> Consultation:
    """Send the registered act to the associations: one review each, with its delivery and its opinion's term.

    `left_out` gives the public reason for each association that the rule proposes and the ministry leaves out.
    Raises NotAllowed, TransitionNotAllowed, InvalidInput, and GateClosed with every unmet paper, the scope, and the
    bylaw drafts that are missing where the procedure asks for them here (G1, G2, G7). The package of a bill is frozen.
    """
    act = DraftAct.objects.locked(act_id)
    require(policies.can_open_consultation(actor, act))
    chosen, reasons = _addressees(act, set(association_ids), left_out, at)
    if unmet := act_conditions.unmet_opening(act, at=at):
        raise GateClosed(unmet=unmet)
    draft_acts.freeze_package(actor=actor, act=act, at=at)
    draft_acts.advance(act=act, action="open_consultation", at=at)

    preview = selectors.preview_term(act, at)
    consultation = Consultation.objects.create(
        act=act,
        version=act_selectors.current_version(act),
        template=preview.template,
        opened_at=at,
        opened_by=actor,
    )
    LeftOut.objects.bulk_create(
        LeftOut(consultation=consultation, association=association, reason=reason)
        for association, reason in reasons.items()
    )
    reviews, terms = [], []
    for association in chosen:
        review = Review.objects.create(
            consultation=consultation,
            association=association,
            sent_at=at,
            deemed_at=preview.delivery.due_at,
            due_at=preview.latest.due_at,
        )
        reviews.append(review)
        terms += _first_terms(review, preview, at)
    number = documents.take_number(kind=DocumentKind.NOTIFICATION, at=at)
    request_document(
        kind=DocumentKind.NOTIFICATION,
        source=consultation,
        number=number,
        act_id=act.pk,
        at=at,
        content=contents.of_notification(
            consultation, number=number, reviews=reviews, terms=terms, left_out=reasons
        ),
    )
    audit.record(
        actor=actor,
        action="consultation.opened",
        target=consultation,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={
            "round": consultation.round,
            "version": consultation.version_id,
            "associations": [association.pk for association in chosen],
            "left_out": [association.pk for association in reasons],
            "notification": number,
        },
    )
    for review in reviews:
        write_to_association(review, "opened", at)
    return consultation


def _addressees(
    act: DraftAct, chosen: set[int], left_out: Mapping[int, str], at: datetime
) -> tuple[list[Organization], dict[Organization, str]]:
    """Who is addressed and who is left out, with reasons. Raises InvalidInput, naming the fields of the page."""
    proposed = selectors.proposed_associations(act, at)
    if not chosen <= {association.pk for association in proposed}:
        raise InvalidInput(
            fields={"associations": [_("Choose among the national associations that are active.")]}
        )
    if not chosen:
        raise InvalidInput(
            fields={
                "associations": [_("Choose at least one association: a consultation is held with somebody.")]
            }
        )
    reasons, missing = {}, {}
    for association in proposed:
        if association.pk in chosen:
            continue
        reason = typed(LeftOut, ["reason"], {"reason": left_out.get(association.pk, "")})["reason"]
        if not reason:
            missing[f"reason_{association.pk}"] = [
                _("Say why this association is left out. Everyone will read the reason.")
            ]
        reasons[association] = reason
    if missing:
        raise InvalidInput(fields=missing)
    return [association for association in proposed if association.pk in chosen], reasons


def _first_terms(review: Review, preview: selectors.TermPreview, at: datetime) -> list[Term]:
    """Delivery, and the opinion's term written ahead from the day on which time alone delivers."""
    act = review.consultation.act
    delivery = append_term(
        act=act,
        review=review,
        stage=Stage.DELIVERY,
        start=preview.delivery.start,
        template=preview.template,
        cause="opened",
        at=at,
        deadline=preview.delivery,
    )
    opinion = append_term(
        act=act,
        review=review,
        stage=Stage.OPINION,
        start=preview.latest.start,
        template=preview.template,
        cause="deemed",
        at=at,
        deadline=preview.latest,
    )
    return [delivery, opinion]
