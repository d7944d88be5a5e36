"""Remarks and a later text: carried to their provision when it becomes public, settled by a person where that is unsure."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, TransitionNotAllowed, require
from apps.draft_acts import policies as act_policies
from apps.draft_acts import selectors as draft_acts
from apps.draft_acts import services as acts
from apps.draft_acts.enums import ActState, TextLanguage
from apps.draft_acts.models import DraftAct, DraftActVersion, Provision
from apps.legal_text import compare

from .. import merging, policies, promises, selectors
from ..enums import PlaceCause, PlaceOutcome, PromiseState
from ..models import Remark, RemarkPlace, Review
from ..workflow import UNANSWERED
from ._common import typed, write_to_association, write_to_ministry


class AnswersOutstanding(TransitionNotAllowed):
    """An opinion or the answers to one are still awaited."""

    code = "answers_outstanding"
    message = _("A later text follows the answers: they are to be sent to every association first.")


def begin_version(*, actor: User, act_id: int, at: datetime) -> DraftActVersion:
    """Begin the next text: before the consultation opens, or within it once every association is answered.

    Raises NotAllowed, TransitionNotAllowed, AnswersOutstanding.
    """
    require(act_policies.can_prepare(actor, DraftAct.objects.get(pk=act_id)))
    answered = is_answered(act_id=act_id, at=at)
    return acts.new_version(actor=actor, act_id=act_id, at=at, answered=answered)


@transaction.atomic
def publish_version(*, actor: User, act_id: int, at: datetime) -> DraftActVersion:
    """Make the next text public, carry the remarks to it, and tell both sides what lost its place or its promise.

    Raises NotAllowed, TransitionNotAllowed, AnswersOutstanding, NothingToPublish, GateClosed.
    """
    act = DraftAct.objects.locked(act_id)
    require(act_policies.can_publish_version(actor, act))
    answered = is_answered(act_id=act_id, at=at)
    previous = draft_acts.current_version(act)
    version = acts.publish_version(actor=actor, act_id=act_id, at=at, answered=answered)
    _carry(act, previous, version, at)
    return version


def is_answered(*, act_id: int, at: datetime) -> bool:
    """True in a consultation in which nothing is awaited any more, False before it opens.

    Raises AnswersOutstanding, and TransitionNotAllowed for an act in another state: its text does not change here.
    """
    act = DraftAct.objects.get(pk=act_id)
    if act.state == ActState.REGISTERED:
        return False
    if act.state != ActState.IN_CONSULTATION:
        raise TransitionNotAllowed()
    if any(selectors.stage(review, at) in UNANSWERED for review in selectors.reviews_of(act)):
        raise AnswersOutstanding()
    return True


def _carry(act: DraftAct, previous: DraftActVersion, version: DraftActVersion, at: datetime) -> None:
    reviews = promises.reviews_by_opinion(act)
    remarks = promises.remarks_of_act(reviews)
    if not remarks:
        return
    before = {promise.remark.pk: promise.state for promise in promises.promises(act, until=previous.number)}
    compared = [compare.from_dict(row.compared) for row in version.comparisons.all()]
    provisions = {p.eid: p for p in version.provisions.only("pk", "eid")}
    stayed = merging.stayed(previous, version)
    places = []
    for remark in remarks:
        place = _place_of(remark, previous, version, compared, provisions, stayed, at)
        if place is not None:
            places.append(place)
    RemarkPlace.objects.bulk_create(places, batch_size=500)
    lost_place = [place.remark_id for place in places if place.outcome == PlaceOutcome.DISPLACED]
    audit.record(
        actor=None,
        action="remarks.carried",
        target=version,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={
            "version": version.number,
            "carried": len(places) - len(lost_place),
            "displaced": lost_place,
        },
    )
    lost = [
        promise.remark.pk
        for promise in promises.promises(act)
        if promise.state == PromiseState.LOST and before.get(promise.remark.pk) != PromiseState.LOST
    ]
    if lost:
        audit.record(
            actor=None,
            action="promises.lost",
            target=version,
            at=at,
            organization_id=act.initiator_id,
            act_id=act.pk,
            data={"version": version.number, "remarks": lost},
        )
    _tell(remarks, reviews, version, lost_place, lost, at)


def _place_of(
    remark: Remark,
    previous: DraftActVersion,
    version: DraftActVersion,
    compared: list[compare.Comparison],
    provisions: dict[str, Provision],
    stayed: set[str],
    at: datetime,
) -> RemarkPlace | None:
    """Where the remark belongs now; None when it has been settled that it does not apply any more.

    `stayed`: provisions that the ministry gave their new words itself, so that they are the same however changed.
    """
    spot: Provision | None = remark.provision
    cause: str = PlaceCause.UNSURE
    if remark.provision.version_id != previous.pk:
        last = promises.ruling_place(remark, previous.pk)
        if last is None or last.outcome == PlaceOutcome.CLOSED:
            return None
        spot, cause = last.provision, last.cause
    new: Provision | None = None
    if spot is not None:
        followed = compare.follow_in_all(compared, spot.eid)
        eid = followed.eid or (spot.eid if spot.eid in stayed else None)
        new = provisions.get(eid) if eid else None
        cause = PlaceCause.REMOVED if followed.reason == "removed" else PlaceCause.UNSURE
    return RemarkPlace(
        remark=remark,
        version=version,
        provision=new,
        outcome=PlaceOutcome.CARRIED if new else PlaceOutcome.DISPLACED,
        cause="" if new else cause,
        decided_at=at,
    )


def _tell(
    remarks: list[Remark],
    reviews: dict[int, Review],
    version: DraftActVersion,
    lost_place: list[int],
    lost: list[int],
    at: datetime,
) -> None:
    """A letter a review to each side: its promises that are lost, else its remarks that lost their place."""
    by_review: dict[int, list[Remark]] = {}
    for remark in remarks:
        if remark.pk in lost_place or remark.pk in lost:
            by_review.setdefault(reviews[remark.opinion_id].pk, []).append(remark)
    for review in reviews.values():
        concerned = by_review.get(review.pk)
        if not concerned:
            continue
        promised = [remark.pk for remark in concerned if remark.pk in lost]
        event = "promise_lost" if promised else "places_lost"
        ids = {
            "version": version.number,
            "remark_ids": promised or [remark.pk for remark in concerned],
        }
        for write in (write_to_association, write_to_ministry):
            write(review, event, at, key=f"{review.pk}:{version.pk}", **ids)


@transaction.atomic
def settle_place(
    *, actor: User, remark_id: int, provision_id: int | None, reason: str = "", lang: str = "ky", at: datetime
) -> RemarkPlace:
    """Say where a remark that lost its place belongs in the newest text, or why it does not apply any more.

    `provision_id` None: no longer applies, which only the remark's association may say, with a reason. Raises NotAllowed,
    InvalidInput (no such provision in the newest text, no reason), TransitionNotAllowed (it has its place).
    """
    remark = Remark.objects.select_related("provision__version").get(pk=remark_id)
    act = DraftAct.objects.locked(remark.provision.version.act_id)
    review = promises.reviews_by_opinion(act).get(remark.opinion_id)
    require(review is not None and policies.can_settle_place(actor, review))
    assert review is not None
    version = draft_acts.current_version(act)
    last = promises.ruling_place(remark, version.pk)
    if last is None or last.outcome == PlaceOutcome.CARRIED or act.state == ActState.WITHDRAWN:
        raise TransitionNotAllowed()
    provision = None
    if provision_id is not None:
        provision = version.provisions.filter(pk=provision_id).first()
        if provision is None:
            raise InvalidInput(fields={"provision": [_("Choose a provision of the newest text.")]})
    else:
        require(policies.can_close_remark(actor, review))
    words = typed(RemarkPlace, ["reason"], {"reason": reason})["reason"]
    if provision is None and not words:
        raise InvalidInput(fields={"reason": [_("Say why the remark does not apply any more.")]})
    place = RemarkPlace.objects.create(
        remark=remark,
        version=version,
        provision=provision,
        outcome=PlaceOutcome.CHOSEN if provision else PlaceOutcome.CLOSED,
        reason=words,
        lang=lang if lang in TextLanguage.values else TextLanguage.KY,
        decided_at=at,
        decided_by=actor,
    )
    data: dict[str, Any] = {"remark": remark.pk, "number": remark.number, "version": version.number}
    audit.record(
        actor=actor,
        action="remark.placed" if provision else "remark.closed",
        target=place,
        at=at,
        organization_id=policies.settling_office(actor, review),
        act_id=act.pk,
        data=data | ({"eid": provision.eid} if provision else {}),
    )
    for write in (write_to_association, write_to_ministry):
        write(review, "place_settled", at, key=str(place.pk), place_id=place.pk)
    return place
