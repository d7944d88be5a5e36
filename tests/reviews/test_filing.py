"""Filing an opinion: who is refused, what is stored, what the database itself holds."""

import json
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from apps.audit.models import JournalEntry
from apps.core.errors import GateClosed, NotAllowed, TransitionNotAllowed, VersionConflict
from apps.documents.canonical import sha256_hex
from apps.documents.models import GeneratedDocument
from apps.draft_acts.services import withdraw
from apps.notifications.models import OutboxMessage
from apps.organizations import policies as organization_policies
from apps.organizations.models import Membership, Organization
from apps.reviews import conditions, selectors, services
from apps.reviews.models import ClosingNote, ConsolidatedOpinion, Receipt, Remark, Review, ReviewOpinion, Term

from .conftest import DAY, HOUR, OPENED, Cast, file_opinion, fresh, write_opinion


@pytest.fixture
def running(opened: Review, cast: Cast) -> Review:
    services.acknowledge(actor=cast.aigul, review_id=opened.pk, at=OPENED + HOUR)
    return fresh(opened)


def test_the_officer_cannot_submit(running: Review, cast: Cast) -> None:
    version = write_opinion(running, cast, "agree", at=OPENED + DAY)

    with pytest.raises(NotAllowed):
        services.submit_opinion(
            actor=cast.aigul, review_id=running.pk, edit_version=version, received_at=OPENED + 2 * DAY
        )

    assert not Receipt.objects.exists()


def test_one_person_with_both_roles_is_refused_unless_registered_so(running: Review, cast: Cast) -> None:
    Membership.objects.create(
        user=cast.aigul, organization=cast.union, role="association_signatory", valid_from=OPENED - DAY
    )
    version = write_opinion(running, cast, "agree", at=OPENED + DAY)
    organization_policies.forget(cast.aigul)

    with pytest.raises(NotAllowed):
        services.submit_opinion(
            actor=cast.aigul, review_id=running.pk, edit_version=version, received_at=OPENED + 2 * DAY
        )
    Organization.objects.filter(pk=cast.union.pk).update(single_officer=True)
    receipt = services.submit_opinion(
        actor=cast.aigul, review_id=running.pk, edit_version=version, received_at=OPENED + 2 * DAY
    )

    assert receipt.single_officer


def test_the_signatory_submits_what_was_seen_and_nothing_else(running: Review, cast: Cast) -> None:
    seen = write_opinion(running, cast, "agree", at=OPENED + DAY)
    services.recall(actor=cast.aigul, review_id=running.pk, at=OPENED + DAY)
    opinion = selectors.draft_link(running).opinion  # type: ignore[union-attr]
    services.mark_ready(
        actor=cast.aigul, review_id=running.pk, edit_version=opinion.edit_version, at=OPENED + DAY
    )

    with pytest.raises(VersionConflict):
        services.submit_opinion(
            actor=cast.bakyt, review_id=running.pk, edit_version=seen, received_at=OPENED + 2 * DAY
        )


def test_an_opinion_not_handed_over_cannot_be_submitted(running: Review, cast: Cast) -> None:
    version = write_opinion(running, cast, "agree", at=OPENED + DAY, ready=False)

    with pytest.raises(TransitionNotAllowed):
        services.submit_opinion(
            actor=cast.bakyt, review_id=running.pk, edit_version=version, received_at=OPENED + 2 * DAY
        )


@pytest.mark.parametrize(
    ("verdict", "kinds", "code"),
    [
        ("", (), "verdict_missing"),
        ("agree", ("proposal",), "verdict_without_remarks"),
        ("outside_competence", ("objection",), "verdict_without_remarks"),
        ("agree_with_remarks", (), "remark_missing"),
        ("agree_with_remarks", ("proposal", "objection"), "verdict_proposals_only"),
        ("on_condition", ("proposal",), "objection_missing"),
        ("disagree", (), "objection_missing"),
    ],
)
def test_a_verdict_that_its_remarks_do_not_carry_is_not_handed_over(
    verdict: str, kinds: tuple[str, ...], code: str, running: Review, cast: Cast
) -> None:
    version = write_opinion(running, cast, verdict, *kinds, at=OPENED + DAY, ready=False)

    with pytest.raises(GateClosed) as refusal:
        services.mark_ready(actor=cast.aigul, review_id=running.pk, edit_version=version, at=OPENED + DAY)

    assert [unmet.code for unmet in refusal.value.unmet] == [code]


def test_the_database_refuses_such_a_verdict_too(running: Review, cast: Cast) -> None:
    write_opinion(running, cast, "disagree", "proposal", at=OPENED + DAY, ready=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        ConsolidatedOpinion.objects.update(
            submitted_at=OPENED + DAY, submitted_by=cast.bakyt, canonical="{}", content_hash="c" * 64
        )


def test_a_filing_in_time_starts_the_answers_and_gives_a_receipt(running: Review, cast: Cast) -> None:
    receipt = file_opinion(running, cast, "on_condition", "objection", "proposal", at=OPENED + DAY)

    opinion = ConsolidatedOpinion.objects.get()
    said = json.loads(opinion.canonical)
    assert (receipt.number, receipt.late) == ("RC-2026-0001", False)
    assert receipt.content_hash == opinion.content_hash == sha256_hex(opinion.canonical.encode())
    assert said["verdict"] == "on_condition"
    assert [remark["number"] for remark in said["remarks"]] == [1, 2]
    assert said["received_at"] == "2026-09-02T10:00:00.000+06:00"
    assert fresh(running).filed_at == OPENED + DAY
    assert Term.objects.get(review=running, stage="answers").start.isoformat() == "2026-09-02"
    assert set(GeneratedDocument.objects.values_list("kind", flat=True)) == {"NC", "OP", "RC"}
    assert JournalEntry.objects.filter(action="opinion.submitted").count() == 1
    letters = OutboxMessage.objects.filter(template__in=["reviews.opinion_filed", "reviews.receipt"])
    assert {letter.recipient for letter in letters} == {cast.drafter, cast.minister, cast.aigul, cast.bakyt}
    assert not ClosingNote.objects.exists()


def test_agreement_without_remarks_gives_its_note_at_once(running: Review, cast: Cast) -> None:
    file_opinion(running, cast, "outside_competence", at=OPENED + DAY)

    note = ClosingNote.objects.get()
    assert (note.kind, note.number) == ("agreement", "NA-2026-0001")
    assert not Term.objects.filter(stage="answers").exists()


def test_filing_before_acknowledging_acknowledges(opened: Review, cast: Cast) -> None:
    file_opinion(opened, cast, "agree", at=OPENED + HOUR)

    review = fresh(opened)
    assert review.acknowledged_by == cast.aigul
    assert review.filed_at == OPENED + HOUR


def test_a_late_opinion_is_stored_marked_and_undoes_nothing(running: Review, cast: Cast) -> None:
    late_at = running.due_at + DAY

    receipt = file_opinion(running, cast, "disagree", "objection", at=late_at)

    link = ReviewOpinion.objects.get()
    assert (receipt.late, link.state, link.late) == (True, "in_force", True)
    assert selectors.stage(fresh(running), late_at) == "expired"
    assert fresh(running).filed_at is None
    assert not Term.objects.filter(stage="answers").exists()
    assert not ClosingNote.objects.exists()
    assert conditions.gate_opinions(running.consultation.act, late_at).status == "unmet"


def test_within_a_new_term_the_association_speaks_again(running: Review, cast: Cast) -> None:
    late_at = running.due_at + DAY
    file_opinion(running, cast, "disagree", "objection", at=late_at)
    services.decide_expiry(
        actor=cast.coordinator,
        review_id=running.pk,
        effect="new_term",
        reason="Үзүрлүү",
        at=late_at + HOUR,
        days=5,
    )

    receipt = file_opinion(running, cast, "agree", at=late_at + DAY)

    assert not receipt.late
    assert list(ReviewOpinion.objects.order_by("pk").values_list("state", flat=True)) == [
        "replaced",
        "in_force",
    ]
    assert selectors.stage(fresh(running), late_at + DAY) == "ended_without_remarks"


def test_submitted_twice_the_same_receipt_comes_back(running: Review, cast: Cast) -> None:
    version = write_opinion(running, cast, "agree", at=OPENED + DAY)
    first, second = (
        services.submit_opinion(
            actor=cast.bakyt, review_id=running.pk, edit_version=version, received_at=OPENED + DAY + i * HOUR
        )
        for i in range(2)
    )

    assert first == second
    assert Receipt.objects.count() == 1


def test_a_submitted_opinion_is_frozen_in_the_database(running: Review, cast: Cast) -> None:
    file_opinion(running, cast, "disagree", "objection", at=OPENED + DAY)
    remark = Remark.objects.get()

    for change in (
        lambda: ConsolidatedOpinion.objects.update(statement="башка"),
        lambda: Remark.objects.update(text="башка"),
        lambda: Remark.objects.all().delete(),
        lambda: Remark.objects.create(
            opinion=remark.opinion, number=9, provision=remark.provision, kind="proposal", text="x"
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_terms_and_receipts_are_only_ever_added(running: Review, cast: Cast) -> None:
    file_opinion(running, cast, "agree", at=OPENED + DAY)

    for rows in (Term.objects, Receipt.objects, ClosingNote.objects):
        with pytest.raises(Exception, match=r"permission denied|append-only"), transaction.atomic():
            rows.update(id=F("id"))
        with pytest.raises(Exception, match=r"permission denied|append-only"), transaction.atomic():
            rows.all()._raw_delete("default")


@pytest.mark.django_db(transaction=True)
def test_eight_parallel_submits_give_one_opinion_and_one_receipt(opened: Review, cast: Cast) -> None:
    version = write_opinion(opened, cast, "disagree", "objection", at=OPENED + DAY)
    barrier, receipts, problems = threading.Barrier(8), [], []

    def submit() -> None:
        try:
            barrier.wait()
            receipt = services.submit_opinion(
                actor=type(cast.bakyt).objects.get(pk=cast.bakyt.pk),
                review_id=opened.pk,
                edit_version=version,
                received_at=OPENED + DAY,
            )
            receipts.append(receipt.number)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert problems == []
    assert receipts == ["RC-2026-0001"] * 8
    assert Receipt.objects.count() == 1
    assert ReviewOpinion.objects.filter(state="in_force").count() == 1
    assert JournalEntry.objects.filter(action="opinion.submitted").count() == 1
    assert OutboxMessage.objects.filter(template="reviews.receipt").count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_opinion_that_meets_a_withdrawal_waits_for_it_and_is_refused(opened: Review, cast: Cast) -> None:
    version = write_opinion(opened, cast, "agree", at=OPENED + DAY)
    problems: list[Exception] = []

    def submit() -> None:
        try:
            services.submit_opinion(
                actor=type(cast.bakyt).objects.get(pk=cast.bakyt.pk),
                review_id=opened.pk,
                edit_version=version,
                received_at=OPENED + DAY,
            )
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    filing = threading.Thread(target=submit)
    with transaction.atomic():
        withdraw(
            actor=cast.minister, act_id=opened.consultation.act_id, reason="Бириктирилет.", at=OPENED + DAY
        )
        filing.start()
        filing.join(timeout=1.5)  # it stands at the lock
        waited = filing.is_alive()
    filing.join(timeout=20)

    assert waited
    assert [type(problem) for problem in problems] == [TransitionNotAllowed]
    assert not Receipt.objects.exists()


def test_a_filing_needs_no_queue_and_no_printer(running: Review, cast: Cast, monkeypatch: Any) -> None:
    """Redis and the renderer could both be gone: nothing on this way publishes a task or prints."""
    from celery.app.base import Celery

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a filing published a task")

    monkeypatch.setattr(Celery, "send_task", refuse)

    receipt = file_opinion(running, cast, "agree", at=OPENED + DAY)

    assert receipt.number
