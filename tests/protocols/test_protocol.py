"""The meeting, the protocol and its signatures."""

import json

import pytest
from django.db import IntegrityError, transaction

from apps.core.errors import NotAllowed, TransitionNotAllowed
from apps.documents.canonical import sha256_hex
from apps.documents.models import GeneratedDocument
from apps.notifications.models import OutboxMessage
from apps.protocols import conditions, selectors, services
from apps.protocols.errors import (
    AlreadyFixed,
    CompromiseWithoutWording,
    HashMismatch,
    ProtocolNotReady,
    RulesNotAccepted,
)
from apps.protocols.models import AgendaPoint, AgreementProtocol, ProtocolPoint, Signature
from apps.register.demo.way import Way
from apps.reviews.models import Term
from tests.way import met, replied, signed

UNION = "lsg-union"


def test_the_ministry_cannot_withdraw_an_objection_of_the_association(way: Way) -> None:
    replied(way).working_days(2).meet(UNION, {})

    with way.now("finance.drafter") as (drafter,), pytest.raises(NotAllowed):
        services.save_outcome(
            actor=drafter, review_id=way.review(UNION).pk, remark_number=1, outcome="withdrawn", at=way.at
        )

    assert way.remarks(UNION)[0].withdrawn_at is None


def test_the_association_withdraws_at_the_meeting_and_the_remark_says_so(way: Way) -> None:
    replied(way).working_days(2).meet(UNION, {})

    with way.now("union.officer") as (officer,):
        services.save_outcome(
            actor=officer, review_id=way.review(UNION).pk, remark_number=1, outcome="withdrawn", at=way.at
        )

    remark = AgendaPoint.objects.get(remark__number=1, remark__opinion__author__code=UNION).remark
    assert remark.withdrawn_at == way.at
    assert selectors.outcome_of(remark, None) == "withdrawn"


def test_a_compromise_without_wording_is_refused(way: Way) -> None:
    replied(way).working_days(2).meet(UNION, {})

    with way.now("finance.drafter") as (drafter,), pytest.raises(CompromiseWithoutWording):
        services.save_outcome(
            actor=drafter, review_id=way.review(UNION).pk, remark_number=1, outcome="compromise", at=way.at
        )


def test_people_of_another_ministry_and_of_another_association_record_nothing(way: Way) -> None:
    replied(way)

    for key in ("water.drafter", "water.signatory", "cities.officer", "justice.coordinator", "admin.first"):
        with way.now(key) as (stranger,), pytest.raises(NotAllowed):
            services.record_meeting(
                actor=stranger,
                review_id=way.review(UNION).pk,
                day=way.at.date(),
                place="x",
                recorder="x",
                attendees=[{"side": "state", "name": "a"}, {"side": "association", "name": "b"}],
                at=way.at,
            )


def test_fixing_lists_every_objection_without_an_outcome(way: Way) -> None:
    replied(way).working_days(2).meet(UNION, {1: {"outcome": "open"}})

    with way.now("finance.drafter") as (drafter,), pytest.raises(ProtocolNotReady) as refusal:
        services.fix_protocol(actor=drafter, review_id=way.review(UNION).pk, at=way.at)

    assert [u.code for u in refusal.value.unmet] == ["outcome_missing"]
    assert not AgreementProtocol.objects.exists()


def test_a_protocol_with_an_open_point_is_one_of_disagreements(way: Way) -> None:
    met(way, last="open").fix(UNION)

    protocol = way.protocol(UNION)
    text = json.loads(protocol.canonical)
    assert protocol.number == "PD-2026-0001"
    assert protocol.open_points == 1
    assert text["counts"] == {"settled": 0, "compromise": 1, "withdrawn": 0, "open": 1, "noted": 0} | {
        "settled": text["counts"]["settled"],
        "noted": text["counts"]["noted"],
    }
    assert protocol.content_hash == sha256_hex(protocol.canonical.encode())


def test_without_an_open_point_it_is_one_of_agreement_with_a_term_to_sign(way: Way) -> None:
    met(way).fix(UNION)

    assert way.protocol(UNION).number == "PA-2026-0001"
    assert Term.objects.filter(review=way.review(UNION), stage="signing", length=5).count() == 1


def test_fixed_twice_is_refused(way: Way) -> None:
    met(way).fix(UNION)

    with pytest.raises(AlreadyFixed):
        way.fix(UNION)


def test_signing_another_text_than_the_one_shown_is_refused(way: Way) -> None:
    met(way).fix(UNION)

    with way.now("finance.signatory") as (signatory,), pytest.raises(HashMismatch):
        services.sign_protocol(
            actor=signatory, protocol_id=way.protocol(UNION).pk, content_hash="0" * 64, at=way.at
        )


def test_nobody_signs_before_the_organisation_accepted_the_rules(way: Way) -> None:
    met(way).fix(UNION)
    protocol = way.protocol(UNION)

    with way.now("union.signatory") as (signatory,), pytest.raises(RulesNotAccepted):
        services.sign_protocol(
            actor=signatory, protocol_id=protocol.pk, content_hash=protocol.content_hash, at=way.at
        )


def test_an_officer_and_a_drafter_do_not_sign(way: Way) -> None:
    met(way).fix(UNION)
    protocol = way.protocol(UNION)

    for key in ("union.officer", "finance.drafter", "cities.signatory", "water.signatory", "committee.clerk"):
        with way.now(key) as (person,), pytest.raises(NotAllowed):
            services.sign_protocol(
                actor=person, protocol_id=protocol.pk, content_hash=protocol.content_hash, at=way.at
            )


def test_one_signature_leaves_it_closed_and_names_the_missing_side(way: Way) -> None:
    met(way).fix(UNION).sign(UNION, "association")

    protocol = way.protocol(UNION)
    assert protocol.state == "fixed"
    gate = conditions.gate_protocol(way.act, way.at)
    assert "signature_missing_state" in {u.code for u in gate.unmet}
    assert "signature_missing_association" not in {u.code for u in gate.unmet}
    assert not GeneratedDocument.objects.filter(number=protocol.number).exists()


def test_both_signatures_complete_it_and_ask_for_the_file_once(way: Way) -> None:
    met(way).fix(UNION).sign(UNION).sign(UNION)

    protocol = way.protocol(UNION)
    assert protocol.state == "signed"
    assert protocol.signatures.count() == 2
    document = GeneratedDocument.objects.get(number=protocol.number)
    assert document.content_hash == protocol.content_hash
    assert document.public
    assert OutboxMessage.objects.filter(template="protocols.signed").count() == 4


def test_an_annulled_protocol_keeps_its_number_and_frees_the_outcomes(way: Way) -> None:
    met(way).fix(UNION)
    protocol = way.protocol(UNION)

    with way.now("finance.signatory") as (signatory,):
        services.annul_protocol(actor=signatory, protocol_id=protocol.pk, reason="Ката", at=way.at)
    way.hours(1).fix(UNION)

    assert [p.number for p in AgreementProtocol.objects.order_by("pk")] == ["PA-2026-0001", "PA-2026-0002"]


def test_going_round_the_service_fails_in_the_database(way: Way) -> None:
    met(way).fix(UNION)
    protocol = way.protocol(UNION)
    attempts = [
        lambda: AgreementProtocol.objects.filter(pk=protocol.pk).update(canonical="{}"),
        lambda: AgreementProtocol.objects.filter(pk=protocol.pk).update(kind="PD"),
        lambda: AgreementProtocol.objects.filter(pk=protocol.pk).delete(),
        lambda: AgendaPoint.objects.filter(frozen_at__isnull=False).update(outcome="open"),
        lambda: ProtocolPoint.objects.update(outcome="open"),
        lambda: Signature.objects.create(
            protocol=protocol,
            side="state",
            organization=protocol.review.association,
            user=way.cast["finance.signatory"],
            content_hash="0" * 64,
            at=way.at,
        ),
    ]

    for attempt in attempts:
        with pytest.raises(Exception) as refusal, transaction.atomic():
            attempt()
        assert isinstance(refusal.value.__cause__ or refusal.value, Exception)
        assert (
            "frozen" in str(refusal.value)
            or "append-only" in str(refusal.value)
            or isinstance(refusal.value, IntegrityError)
            or "permission denied" in str(refusal.value)
        )


def test_signed_cannot_be_said_without_two_signatures(way: Way) -> None:
    met(way).fix(UNION).sign(UNION, "state")

    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementProtocol.objects.filter(pk=way.protocol(UNION).pk).update(state="signed", signed_at=way.at)
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_protocol_of_each_association_goes_its_own_way(way: Way) -> None:
    signed(way)

    assert way.protocol(UNION).state == way.protocol("cities").state == "signed"
    assert way.protocol(UNION).number != way.protocol("cities").number


def test_after_a_withdrawal_nothing_more_is_recorded_fixed_or_signed(way: Way) -> None:
    met(way).fix(UNION).hours(1).withdraw("Башка долбоор менен бириктирилет.")
    protocol = way.protocol(UNION)

    with way.now("finance.signatory") as (signatory,), pytest.raises(TransitionNotAllowed):
        services.sign_protocol(
            actor=signatory, protocol_id=protocol.pk, content_hash=protocol.content_hash, at=way.at
        )
    for step in (lambda: way.fix("cities"), lambda: way.meet("cities", {})):
        with pytest.raises(TransitionNotAllowed):
            step()

    assert not Signature.objects.exists()
