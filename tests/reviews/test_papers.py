"""Opinions that came on paper or by e-mail: entered by the receiver, confirmed by the association, as of the stamp."""

import io
import json
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.errors import GateClosed, InvalidInput, NotAllowed, TransitionNotAllowed, VersionConflict
from apps.deadlines import rules
from apps.documents.models import GeneratedDocument, StoredFile
from apps.draft_acts.models import Provision
from apps.notifications import registry
from apps.notifications.models import OutboxMessage
from apps.organizations.models import Membership
from apps.protocols import assembly
from apps.reviews import selectors, services
from apps.reviews.enums import ReviewStage
from apps.reviews.models import (
    ClosingNote,
    ConsolidatedOpinion,
    PaperOpinion,
    Receipt,
    Remark,
    Review,
    ReviewOpinion,
    Term,
)

from .conftest import DAY, HOUR, OPENED, Cast, file_opinion, fresh
from .test_documents import html_of

LAST_DAY = date(2026, 9, 29)
STAMP = datetime(2026, 9, 29, 16, 40, tzinfo=rules.BISHKEK)
ENTERED = datetime(2026, 9, 29, 18, 0, tzinfo=rules.BISHKEK)
CONFIRMED = datetime(2026, 10, 1, 11, 0, tzinfo=rules.BISHKEK)  # the term has ended meanwhile


def _scan() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        held = io.BytesIO()
        document.save(held)
    return held.getvalue()


SCAN = _scan()


@pytest.fixture
def running(opened: Review, cast: Cast) -> Review:
    services.acknowledge(actor=cast.aigul, review_id=opened.pk, at=OPENED + HOUR)
    return fresh(opened)


def enter(
    review: Review,
    actor: Any,
    verdict: str = "agree",
    *kinds: str,
    stamp: datetime | None = STAMP,
    at: datetime = ENTERED,
    **more: Any,
) -> PaperOpinion:
    fields = {
        "channel": "paper",
        "incoming_number": "01-17/455",
        "verdict": verdict,
        "statement": "Жалпы пикир",
        "lang": "ky",
    }
    paper = services.save_paper(
        actor=actor,
        review_id=review.pk,
        fields=fields | more.pop("fields", {}),
        received_at=stamp,
        at=at,
        **{"scan": SCAN, "filename": "кат.pdf", **more},
    )
    provisions = list(Provision.objects.order_by("position"))
    for n, kind in enumerate(kinds):
        services.save_paper_remark(
            actor=actor,
            paper_id=paper.pk,
            provision_id=provisions[n].pk,
            fields={"kind": kind, "text": f"Эскертүү {n + 1}", "lang": "ky"},
            at=at,
        )
    return PaperOpinion.objects.get(pk=paper.pk)


def send(paper: PaperOpinion, actor: Any, at: datetime = ENTERED) -> PaperOpinion:
    version = ConsolidatedOpinion.objects.get(pk=paper.opinion_id).edit_version
    return services.send_paper(actor=actor, paper_id=paper.pk, edit_version=version, at=at)


def confirm(paper: PaperOpinion, actor: Any, at: datetime = CONFIRMED) -> Receipt:
    return services.confirm_paper(actor=actor, paper_id=paper.pk, at=at)


# --- who enters, who confirms -----------------------------------------------------------------------


def test_only_a_receiver_enters(running: Review, cast: Cast) -> None:
    for stranger in (
        cast.stranger,
        cast.aigul,
        cast.bakyt,
        cast.jamilya,
        cast.auditor,
        cast.administrator,
        cast.own_coordinator,
    ):
        with pytest.raises(NotAllowed):
            enter(running, stranger)

    assert not PaperOpinion.objects.exists()
    assert not StoredFile.objects.filter(media_type="application/pdf").exists()


@pytest.mark.parametrize(
    ("who", "office"), [("drafter", "finance"), ("minister", "finance"), ("coordinator", "justice")]
)
def test_the_ministry_or_a_coordinator_receives(who: str, office: str, running: Review, cast: Cast) -> None:
    paper = enter(running, getattr(cast, who))

    assert (paper.organization.code, paper.state) == (office, "entering")


def test_only_the_associations_signatory_confirms(running: Review, cast: Cast) -> None:
    paper = send(enter(running, cast.drafter), cast.drafter)

    for stranger in (cast.drafter, cast.minister, cast.aigul, cast.jamilya, cast.coordinator):
        with pytest.raises(NotAllowed):
            confirm(paper, stranger)
        with pytest.raises(NotAllowed):
            services.dispute_paper(actor=stranger, paper_id=paper.pk, reason="Башка", at=CONFIRMED)

    assert not Receipt.objects.exists()


def test_another_office_does_not_touch_what_one_is_entering(running: Review, cast: Cast) -> None:
    paper = enter(running, cast.drafter)

    with pytest.raises(services.PaperIsOpen):
        enter(running, cast.coordinator, edit_version=paper.opinion.edit_version)
    with pytest.raises(NotAllowed):
        send(paper, cast.coordinator)


# --- what is entered --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"fields": {"channel": ""}}, "channel"),
        ({"fields": {"channel": "pigeon"}}, "channel"),
        ({"fields": {"incoming_number": " \u200b"}}, "incoming_number"),
        ({"fields": {"incoming_number": "ж" * 81}}, "incoming_number"),
        ({"fields": {"verdict": "maybe"}}, "verdict"),
        ({"stamp": None}, "received_at"),
        ({"stamp": OPENED - HOUR}, "received_at"),
        ({"stamp": ENTERED + timedelta(minutes=1)}, "received_at"),
        ({"scan": None}, "scan"),
        ({"scan": b""}, "scan"),
        ({"scan": b"%PDF-1.7\n"}, "scan"),
        ({"scan": b"<p>text", "filename": "letter.txt"}, "scan"),
        ({"scan": b"PK", "filename": "letter.docx"}, "scan"),
    ],
)
def test_what_makes_no_stamp_is_refused(
    more: dict[str, Any], field: str, running: Review, cast: Cast
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        enter(running, cast.drafter, **more)

    assert field in refusal.value.fields
    assert not PaperOpinion.objects.exists()


def test_the_same_page_saved_twice_is_a_conflict(running: Review, cast: Cast) -> None:
    paper = enter(running, cast.drafter)

    with pytest.raises(VersionConflict):
        enter(running, cast.minister, edit_version=paper.opinion.text_version - 1)


def test_a_verdict_that_does_not_stand_is_not_sent(running: Review, cast: Cast) -> None:
    paper = enter(running, cast.drafter, "disagree", "proposal")

    with pytest.raises(GateClosed) as refusal:
        send(paper, cast.drafter)

    assert [unmet.code for unmet in refusal.value.unmet] == ["objection_missing"]
    assert refusal.value.unmet[0].url == reverse("paper", args=["2026-0017", "union"])


def test_what_was_sent_does_not_change(running: Review, cast: Cast) -> None:
    paper = send(enter(running, cast.drafter, "disagree", "objection"), cast.drafter)
    version = ConsolidatedOpinion.objects.get(pk=paper.opinion_id).edit_version

    with pytest.raises(services.PaperIsOpen):
        enter(running, cast.drafter, edit_version=version)
    with pytest.raises(services.PaperIsSent):
        services.save_paper_remark(
            actor=cast.drafter, paper_id=paper.pk, provision_id=1, fields={"kind": "proposal"}, at=CONFIRMED
        )
    opinion = ConsolidatedOpinion.objects.filter(pk=paper.opinion_id)
    for change in (
        lambda: opinion.update(verdict="agree"),
        lambda: opinion.update(statement="Башка"),
        lambda: Remark.objects.filter(opinion=paper.opinion_id).update(text="Башка"),
        lambda: Remark.objects.filter(opinion=paper.opinion_id).delete(),
        lambda: PaperOpinion.objects.update(received_at=STAMP - DAY),
        lambda: PaperOpinion.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_database_files_no_paper_without_the_association(running: Review, cast: Cast) -> None:
    paper = send(enter(running, cast.drafter), cast.drafter)

    with pytest.raises(IntegrityError), transaction.atomic():
        ConsolidatedOpinion.objects.filter(pk=paper.opinion_id).update(
            submitted_at=STAMP, submitted_by=cast.bakyt, canonical="{}", content_hash="c" * 64
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewOpinion.objects.create(review=running, opinion=paper.opinion, state="in_force")


# --- confirmed --------------------------------------------------------------------------------------


def test_confirmed_it_is_filed_as_of_the_stamp(running: Review, cast: Cast) -> None:
    paper = send(enter(running, cast.drafter, "disagree", "objection", "proposal"), cast.drafter)
    assert selectors.stage(fresh(running), CONFIRMED) == ReviewStage.EXPIRED

    receipt = confirm(paper, cast.bakyt)

    review, link = fresh(running), ReviewOpinion.objects.get()
    assert (receipt.received_at, receipt.late, review.filed_at, link.late) == (STAMP, False, STAMP, False)
    assert selectors.stage(review, CONFIRMED) == ReviewStage.ANSWERS
    answers = Term.objects.get(review=review, stage="answers")
    assert (answers.start, answers.cause) == (rules.local_date(CONFIRMED), "paper_confirmed")
    said = json.loads(ConsolidatedOpinion.objects.get().canonical)
    assert said["received_at"] == "2026-09-29T16:40:00.000+06:00"
    assert said["paper"] == {
        "channel": "paper",
        "receiver": said["paper"]["receiver"],
        "incoming_number": "01-17/455",
        "received_at": "2026-09-29T16:40:00.000+06:00",
        "entered_at": "2026-09-29T18:00:00.000+06:00",
        "confirmed_at": "2026-10-01T11:00:00.000+06:00",
        "scan_sha256": paper.scan.sha256,
    }
    assert said["paper"]["receiver"]["code"] == "finance"
    assert set(GeneratedDocument.objects.values_list("kind", flat=True)) == {"NC", "OP", "RC"}
    actions = list(JournalEntry.objects.order_by("seq").values_list("action", flat=True))
    assert actions[-2:] == ["paper.sent", "opinion.confirmed"]
    for template in ("reviews.paper_awaiting", "reviews.opinion_filed", "reviews.receipt"):
        letter = OutboxMessage.objects.filter(template=template)[0]
        assert registry.build(template, letter.payload, "ky").subject


def test_the_office_is_that_of_the_day_of_the_confirmation(
    running: Review, cast: Cast, client: Client
) -> None:
    """Who came into office between stamp and confirmation is named with that office."""
    Membership.objects.create(
        user=cast.aigul, organization=cast.union, role="association_signatory", position_ru="Новый председатель",
        valid_from=CONFIRMED - HOUR,
    )  # fmt: skip

    with clock.frozen(CONFIRMED):
        new = User.objects.get(pk=cast.aigul.pk)
        receipt = confirm(send(enter(running, cast.drafter), cast.drafter), new)

    said = json.loads(ConsolidatedOpinion.objects.get().canonical)
    assert said["submitted_by"]["position_ru"] == "Новый председатель"
    with clock.frozen(CONFIRMED):
        page = client.get(f"/ru/receipts/{receipt.number.lower()}/").content.decode()
    assert "Новый председатель" in page


@pytest.mark.parametrize(
    ("stamp", "late"),
    [
        (datetime(2026, 9, 29, 23, 59, tzinfo=rules.BISHKEK), False),
        (datetime(2026, 9, 30, 0, 0, tzinfo=rules.BISHKEK), True),
    ],
)
def test_in_time_or_late_follows_the_stamp(stamp: datetime, late: bool, running: Review, cast: Cast) -> None:
    paper = enter(running, cast.drafter, stamp=stamp, at=CONFIRMED - HOUR)

    receipt = confirm(send(paper, cast.drafter, CONFIRMED - HOUR), cast.bakyt)

    assert (receipt.late, ReviewOpinion.objects.get().late) == (late, late)
    assert ClosingNote.objects.count() == (0 if late else 1)


def test_after_an_established_expiry_it_is_kept_and_counts_for_nothing(
    running: Review, cast: Cast, visit: Any
) -> None:
    services.decide_expiry(
        actor=cast.coordinator, review_id=running.pk, effect="effect", reason="Себеп", at=CONFIRMED - DAY
    )
    paper = enter(running, cast.drafter, "disagree", "objection", at=CONFIRMED - HOUR)

    receipt = confirm(send(paper, cast.drafter, CONFIRMED - HOUR), cast.bakyt)

    review = fresh(running)
    assert (receipt.late, ReviewOpinion.objects.get().late, review.filed_at) == (False, True, None)
    page = visit(None, CONFIRMED, "review").content.decode()
    assert "мөөнөтүнөн кийин келди" not in page
    assert selectors.stage(review, CONFIRMED) == ReviewStage.EXPIRY_ESTABLISHED


def test_a_paper_stamped_in_time_takes_the_place_of_a_late_opinion(running: Review, cast: Cast) -> None:
    file_opinion(running, cast, "agree", at=CONFIRMED - 3 * HOUR)
    paper = enter(running, cast.drafter, "disagree", "objection", at=CONFIRMED - HOUR)

    confirm(send(paper, cast.drafter, CONFIRMED - HOUR), cast.bakyt)

    links = ReviewOpinion.objects.order_by("pk").values_list("state", "late", "opinion__verdict")
    assert list(links) == [("replaced", True, "agree"), ("in_force", False, "disagree")]


def test_after_an_opinion_in_time_there_is_nothing_to_enter(running: Review, cast: Cast) -> None:
    paper = send(enter(running, cast.drafter), cast.drafter)
    file_opinion(running, cast, "agree", at=ENTERED + HOUR)

    with pytest.raises(TransitionNotAllowed):
        enter(running, cast.coordinator)
    with pytest.raises(TransitionNotAllowed):
        confirm(paper, cast.bakyt)

    assert Receipt.objects.count() == 1


def test_before_delivery_the_confirmation_delivers(opened: Review, cast: Cast) -> None:
    paper = enter(opened, cast.drafter, stamp=OPENED + HOUR, at=OPENED + 2 * HOUR)

    confirm(send(paper, cast.drafter, OPENED + 2 * HOUR), cast.bakyt, OPENED + 3 * HOUR)

    review = fresh(opened)
    assert (review.acknowledged_at, review.filed_at) == (OPENED + 3 * HOUR, OPENED + HOUR)


def test_confirmed_twice_it_is_filed_once(running: Review, cast: Cast) -> None:
    paper = send(enter(running, cast.drafter), cast.drafter)

    assert confirm(paper, cast.bakyt) == confirm(paper, cast.bakyt)
    assert Receipt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_confirmations_at_once_file_one_opinion(running: Review, cast: Cast) -> None:
    paper = send(enter(running, cast.drafter), cast.drafter)
    numbers: list[str] = []

    def press() -> None:
        try:
            numbers.append(confirm(paper, cast.bakyt).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert numbers == [numbers[0]] * 6
    assert Receipt.objects.count() == 1


def test_disputed_nothing_is_filed_and_it_can_be_entered_again(
    running: Review, cast: Cast, visit: Any
) -> None:
    paper = send(enter(running, cast.drafter), cast.drafter)
    with pytest.raises(InvalidInput):
        services.dispute_paper(actor=cast.bakyt, paper_id=paper.pk, reason=" ", at=CONFIRMED)

    services.dispute_paper(actor=cast.bakyt, paper_id=paper.pk, reason="Корутунду башка", at=CONFIRMED)

    assert not Receipt.objects.exists()
    told = {m.recipient for m in OutboxMessage.objects.filter(template="reviews.paper_disputed")}
    assert told == {cast.drafter, cast.minister, cast.own_coordinator, cast.coordinator}
    with pytest.raises(services.PaperIsDecided):
        confirm(paper, cast.bakyt)
    again = send(enter(running, cast.drafter, at=CONFIRMED), cast.drafter, CONFIRMED)
    for person in (cast.drafter, cast.bakyt):
        assert "Корутунду башка" in visit(person, CONFIRMED, "paper").content.decode()
    assert confirm(again, cast.bakyt, CONFIRMED + HOUR).received_at == STAMP


def test_the_receiver_takes_back_what_it_sent(running: Review, cast: Cast) -> None:
    paper = send(enter(running, cast.drafter), cast.drafter)

    services.discard_paper(actor=cast.minister, paper_id=paper.pk, at=CONFIRMED)

    with pytest.raises(services.PaperIsDecided):
        confirm(paper, cast.bakyt)
    assert OutboxMessage.objects.filter(template="reviews.paper_discarded").count() == 2


def test_an_opinion_being_written_in_the_portal_stays(running: Review, cast: Cast) -> None:
    services.start_opinion(actor=cast.aigul, review_id=running.pk, at=OPENED + DAY)

    confirm(send(enter(running, cast.drafter), cast.drafter), cast.bakyt)

    assert sorted(ReviewOpinion.objects.values_list("state", flat=True)) == ["drafting", "in_force"]


# --- pages ------------------------------------------------------------------------------------------


@pytest.fixture
def visit(client: Client) -> Callable[..., Any]:
    def go(person: Any, at: datetime, name: str, *args: Any, data: Any = None) -> Any:
        client.logout()
        with clock.frozen(at):
            if person is not None:
                client.force_login(person)
            address = reverse(name, args=["2026-0017", "union", *args])
            return client.get(address) if data is None else client.post(address, data)

    return go


def test_the_way_of_a_paper_through_the_pages(
    running: Review, cast: Cast, visit: Any, client: Client
) -> None:
    form = {
        "version": 0,
        "channel": "email",
        "received_at": "2026-09-29T16:40",
        "incoming_number": "01-17/455",
        "scan": SimpleUploadedFile("кат.pdf", SCAN),
        "verdict": "disagree",
        "statement": "",
        "lang": "ky",
    }
    visit(cast.drafter, ENTERED, "paper_save", data=form)
    remark = {
        "provision": Provision.objects.order_by("position")[0].pk,
        "kind": "objection",
        "text": "Каржысы жок милдет",
        "lang": "ky",
    }
    visit(cast.drafter, ENTERED, "paper_remark_save", data=remark)
    page = visit(cast.drafter, ENTERED, "paper").content.decode()
    paper = PaperOpinion.objects.get()
    assert paper.received_at == STAMP
    assert visit(cast.aigul, ENTERED, "paper").status_code == 404  # not sent yet
    assert visit(cast.coordinator, ENTERED, "paper_scan", paper.pk).status_code == 404
    assert "Каржысы жок милдет" in page
    version = ConsolidatedOpinion.objects.get().edit_version
    visit(cast.drafter, ENTERED, "paper_send", data={"version": version})
    shown = visit(cast.bakyt, CONFIRMED, "paper").content.decode()
    scan = visit(cast.bakyt, CONFIRMED, "paper_scan", paper.pk)
    desk = client.get("/ky/desk/").content.decode()

    filed = visit(cast.bakyt, CONFIRMED, "paper_confirm", data={})
    public = visit(None, CONFIRMED, "review").content.decode()

    assert "Каржысы жок милдет" in shown
    assert b"".join(scan.streaming_content) == SCAN
    assert reverse("paper", args=["2026-0017", "union"]) in desk
    assert filed.headers["Location"].lower().endswith("/receipts/rc-2026-0001/")
    assert "Кагаздан киргизилди" in public
    assert "Каржысы жок милдет" in public
    assert paper.filename not in public


def test_for_all_others_there_is_no_paper(running: Review, cast: Cast, visit: Any) -> None:
    paper = send(enter(running, cast.drafter), cast.drafter)

    for stranger in (None, cast.stranger, cast.jamilya, cast.auditor, cast.administrator):
        assert visit(stranger, CONFIRMED, "paper").status_code == 404
        assert visit(stranger, CONFIRMED, "paper_scan", paper.pk).status_code == 404
        for name in ("paper_save", "paper_send", "paper_confirm", "paper_dispute", "paper_discard"):
            assert visit(stranger, CONFIRMED, name, data={"x": 1}).status_code == 404
    assert "01-17/455" not in visit(None, CONFIRMED, "review").content.decode()


def test_refused_input_comes_back(running: Review, cast: Cast, visit: Any) -> None:
    form = {
        "channel": "paper",
        "received_at": "0001-01-01T00:00",
        "incoming_number": "77",
        "statement": "Сөзүм",
    }
    answer = visit(cast.drafter, ENTERED, "paper_save", data=form)
    without = visit(cast.drafter, ENTERED, "paper_save", data=form | {"received_at": "2026-09-29T10:00"})

    assert (answer.status_code, without.status_code) == (400, 400)
    assert "Сөзүм" in answer.content.decode()
    assert "Сөзүм" in without.content.decode()


def test_a_dispute_without_words_comes_back(running: Review, cast: Cast, visit: Any) -> None:
    send(enter(running, cast.drafter), cast.drafter)

    assert visit(cast.bakyt, CONFIRMED, "paper_dispute", data={"reason": ""}).status_code == 400
    assert visit(cast.bakyt, CONFIRMED, "paper_dispute", data={"reason": "Башка"}).status_code == 302
    assert visit(cast.drafter, CONFIRMED, "paper").status_code == 200


def test_programs_read_how_it_came(running: Review, cast: Cast, client: Client) -> None:
    confirm(send(enter(running, cast.drafter), cast.drafter), cast.bakyt)

    with clock.frozen(CONFIRMED):
        rows = client.get("/api/v1/opinions/").json()["results"]

    assert rows[0]["paper"] == {
        "channel": "paper",
        "receiver": rows[0]["paper"]["receiver"],
        "incoming_number": "01-17/455",
        "received_at": "2026-09-29T10:40:00Z",
        "entered_at": "2026-09-29T12:00:00Z",
        "confirmed_at": "2026-10-01T05:00:00Z",
    }
    assert rows[0]["paper"]["receiver"]["code"] == "finance"
    assert rows[0]["late"] is False


def test_a_colleague_who_saved_first_is_not_overwritten(running: Review, cast: Cast, visit: Any) -> None:
    enter(running, cast.minister)
    form = {
        "version": 0,
        "channel": "email",
        "received_at": "2026-09-29T10:00",
        "incoming_number": "77",
        "statement": "Меники",
    }

    page = visit(cast.drafter, ENTERED, "paper_save", data=form)

    assert page.status_code == 409
    assert "Меники" in page.content.decode()
    assert "01-17/455" in page.content.decode()


@pytest.mark.parametrize(("data", "name"), [("Макулбуз".encode(), "кат.txt"), (SCAN, "кат.PDF")])
def test_a_letter_is_kept_as_it_came(data: bytes, name: str, running: Review, cast: Cast, visit: Any) -> None:
    paper = enter(running, cast.drafter, scan=data, filename=name)

    got = visit(cast.drafter, ENTERED, "paper_scan", paper.pk)

    assert b"".join(got.streaming_content) == data
    assert "sandbox" in got.headers["Content-Security-Policy"] or name.endswith("PDF")


# --- what is printed --------------------------------------------------------------------------------


def test_the_files_say_who_entered_it_and_both_times(running: Review, cast: Cast) -> None:
    confirm(send(enter(running, cast.coordinator, "disagree", "objection"), cast.coordinator), cast.bakyt)

    for kind in ("OP", "RC"):
        page = html_of(GeneratedDocument.objects.get(kind=kind))
        for words in ("justice уюму", "Орган justice", "01-17/455", "16:40", "11:00"):
            assert words in page, (kind, words)


def test_the_protocol_says_who_entered_it(running: Review, cast: Cast) -> None:
    confirm(send(enter(running, cast.drafter, "disagree", "objection"), cast.drafter), cast.bakyt)

    said = assembly.assemble(fresh(running), at=CONFIRMED)["opinion"]["paper"]

    assert (said["receiver"]["code"], said["incoming_number"], said["channel"]) == (
        "finance",
        "01-17/455",
        "paper",
    )
    assert said["confirmed_at"] == "2026-10-01T11:00:00.000+06:00"
