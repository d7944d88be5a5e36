"""Answers or replies that do not come: time alone opens the meeting, and silence never withdraws an objection."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.audit.models import JournalEntry
from apps.core import clock, statuses
from apps.core.errors import TransitionNotAllowed
from apps.deadlines.enums import Stage
from apps.documents.models import GeneratedDocument
from apps.documents.services.render import unsealed_pdf
from apps.notifications import registry
from apps.notifications.models import OutboxMessage
from apps.passage import gates
from apps.protocols.errors import ProtocolNotReady
from apps.protocols.models import AgendaPoint
from apps.register.demo.acts import ANSWERS
from apps.register.demo.way import Way
from apps.reviews import selectors
from apps.reviews import services as reviews
from apps.reviews.models import Review
from tests.documents.test_rendering import text_of
from tests.way import filed

UNION, CITIES = "lsg-union", "cities"
MS = timedelta(milliseconds=1)
AROUND = [-MS, timedelta(0), MS]
LATE_ANSWERS = [("accepted", "Эске алынды.", "")] * 3


def end_of(way: Way, stage: Stage, code: str = UNION) -> datetime:
    term = selectors.ruling_term(way.review(code), stage)
    assert term is not None
    return term.due_at


def stage(way: Way, at: datetime, code: str = UNION) -> str:
    """The same whether read by itself or with the facts of a list."""
    review = way.review(code)
    listed = Review.objects.with_facts().get(pk=review.pk)
    assert selectors.stage(review, at) == selectors.stage(listed, at)
    assert selectors.silent(review, at) == selectors.silent(listed, at)
    return str(selectors.stage(review, at))


def get(way: Way, name: str, *args: Any, person: str = "") -> str:
    client = Client()
    with way.now(*filter(None, [person])) as someone:
        if someone:
            client.force_login(someone[0], "allauth.account.auth_backends.AuthenticationBackend")
        response = client.get(reverse(name, args=args))
    assert response.status_code == 200, name
    return response.content.decode()


def api(way: Way) -> Any:
    return json.loads(get(way, "api:review", way.act.number, UNION))


def word(group: str, code: str) -> str:
    with override("ky"):
        return str(statuses.get(group, code).word)


@pytest.fixture
def unanswered(way: Way) -> Way:
    """The union's three remarks were not answered; their term has just ended."""
    filed(way)
    way.at = end_of(way, Stage.ANSWERS)
    return way


# --- the ministry is silent -----------------------------------------------------------------------


@pytest.mark.parametrize("moment", AROUND)
def test_the_meeting_is_due_by_time_alone_and_everywhere_at_once(moment: timedelta, unanswered: Way) -> None:
    way, over = unanswered, moment >= timedelta(0)
    way.at += moment

    assert stage(way, way.at) == ("unanswered" if over else "answers")
    found = api(way)
    assert (found["stage"], found["silent"]) == (("unanswered", "ministry") if over else ("answers", ""))
    assert ("conciliation_hold" in {t["stage"] for t in found["terms"]}) is over
    shown, waits = word("stage", "unanswered"), word("stage", "answers")
    # The cities filed a day later: their answers are still awaited, so the act shows both.
    for page in (get(way, "review", way.act.number, UNION), get(way, "act", way.act.number)):
        assert (shown in page) is over
    assert (waits in get(way, "review", way.act.number, UNION)) is not over
    for name in ("act_text", "act_opinions"):
        assert ("мөөнөтүндө жооп" in get(way, name, way.act.number).lower()) is over
    gate = {c.code: c for c in gates.certificate_conditions(way.act, way.at)}
    codes = {u.code for u in gate["G4"].unmet}
    assert ("answers_overdue" in codes) is over
    assert (gate["G5"].status == "unmet") is over


def test_every_unanswered_remark_is_a_point_of_the_meeting(unanswered: Way) -> None:
    way = unanswered.hours(34)
    first = way.remarks(UNION)[0]
    with way.now("union.signatory") as (signatory,):
        reviews.withdraw_remark(actor=signatory, remark_id=first.pk, at=way.at)

    way.hours(1).meet(UNION, {})

    points = AgendaPoint.objects.filter(meeting__consultation__act=way.act)
    assert [(p.remark.number, p.remark.kind) for p in points.order_by("remark__number")] == [
        (2, "proposal"),
        (3, "objection"),
    ]
    assert stage(way, way.at) == "conciliation"
    assert way.review(UNION).taken_up_at == way.at


def test_the_meetings_outcomes_go_into_the_protocol_and_open_the_gates(unanswered: Way) -> None:
    way = unanswered.hours(34).meet(UNION, {1: {"outcome": "settled"}, 2: {"outcome": "settled"}})
    with way.now("finance.drafter"), pytest.raises(ProtocolNotReady) as refusal:
        way.fix(UNION)
    assert [u.code for u in refusal.value.unmet] == ["outcome_missing"]

    way.meet(UNION, {3: {"outcome": "open"}}).hours(1).fix(UNION).sign(UNION)

    protocol = way.protocol(UNION)
    text = json.loads(protocol.canonical)
    assert protocol.number.startswith("PD-")
    assert [p["outcome"] for p in text["points"]] == ["settled", "settled", "open"]
    assert [(p["answer"], p["reply"], p["silent"]) for p in text["points"]] == [(None, None, "ministry")] * 3
    assert word("answer", "unanswered") in get(way, "protocol", protocol.number)
    gate = {c.code: c for c in gates.certificate_conditions(way.act, way.at)}
    assert {u.code for u in gate["G4"].unmet} <= {"answers_not_sent", "answers_overdue"}
    assert all("lsg-union" not in str(u.url) for code in ("G4", "G5", "G6") for u in gate[code].unmet)


def test_drafts_of_answers_stay_with_the_ministry_at_the_meeting(unanswered: Way) -> None:
    way = unanswered
    way.at -= timedelta(days=1)
    way.answer(UNION, [("rejected", "Бул сөз ичинде калат", "")], send=False)
    way.at += timedelta(days=2)

    page = get(way, "meeting", way.act.number, UNION, person="union.officer")
    way.meet(UNION, {n: {"outcome": "open"} for n in (1, 2, 3)}).fix(UNION)

    assert "Бул сөз ичинде калат" not in page
    assert "Бул сөз ичинде калат" not in way.protocol(UNION).canonical


@pytest.mark.parametrize("moment", AROUND)
def test_page_api_and_file_agree_on_whether_answers_are_late(moment: timedelta, unanswered: Way) -> None:
    way, late = unanswered, moment >= timedelta(0)
    way.at += moment
    way.answer(UNION, LATE_ANSWERS)

    table = GeneratedDocument.objects.get(kind="AT", act_id=way.act.pk)
    assert json.loads(table.canonical_json or "")["late"] is late
    assert ("Мөөнөт бүткөндөн кийин" in text_of(unsealed_pdf(table, at=way.at))) is late
    assert (word("time", "late") in get(way, "review", way.act.number, UNION)) is late
    due = next(t["due_at"] for t in api(way)["terms"] if t["stage"] == "answers")
    assert (datetime.fromisoformat(api(way)["answers_sent_at"]) >= datetime.fromisoformat(due)) is late


def test_late_answers_are_taken_marked_late_and_can_call_the_meeting_off(unanswered: Way) -> None:
    way = unanswered.hours(34).answer(UNION, LATE_ANSWERS)
    table = GeneratedDocument.objects.get(kind="AT", act_id=way.act.pk)
    assert stage(way, way.at) == "replies"
    assert json.loads(table.canonical_json)["late"] is True
    assert word("time", "late") in get(way, "review", way.act.number, UNION)

    way.hours(1).reply(UNION, ["satisfied"] * 3)

    assert stage(way, way.at) == "protocol"
    assert JournalEntry.objects.filter(action="conciliation.called_off").count() == 1
    assert OutboxMessage.objects.filter(template="reviews.called_off").exists()
    with pytest.raises(TransitionNotAllowed):
        way.meet(UNION, {})
    way.fix(UNION)
    assert way.protocol(UNION).number.startswith("PA-")


def test_answers_in_time_call_nothing_off(unanswered: Way) -> None:
    way = unanswered
    way.at -= MS
    way.answer(UNION, LATE_ANSWERS).hours(1).reply(UNION, ["satisfied"] * 3)

    assert (
        json.loads(GeneratedDocument.objects.get(kind="AT", act_id=way.act.pk).canonical_json)["late"]
        is False
    )
    assert not JournalEntry.objects.filter(action="conciliation.called_off").exists()
    assert "conciliation_hold" not in {t["stage"] for t in api(way)["terms"]}


def test_once_the_meeting_is_recorded_no_answer_comes(unanswered: Way) -> None:
    way = unanswered.hours(34).meet(UNION, {})

    with pytest.raises(TransitionNotAllowed):
        way.answer(UNION, LATE_ANSWERS, send=False)
    with pytest.raises(TransitionNotAllowed), way.now("finance.drafter") as (drafter,):
        reviews.send_answers(actor=drafter, review_id=way.review(UNION).pk, at=way.at)
    with pytest.raises(IntegrityError, match="taken up"), transaction.atomic():
        Review.objects.filter(pk=way.review(UNION).pk).update(answers_sent_at=way.at)
    with pytest.raises(IntegrityError, match="taken up"), transaction.atomic():
        Review.objects.filter(pk=way.review(UNION).pk).update(taken_up_at=None)


def test_before_the_term_ends_there_is_no_meeting(unanswered: Way) -> None:
    unanswered.at -= MS

    with pytest.raises(TransitionNotAllowed):
        unanswered.meet(UNION, {})


def test_the_meetings_days_are_counted_from_the_last_day_of_the_answers(unanswered: Way) -> None:
    way = unanswered
    answers = selectors.ruling_term(way.review(UNION), Stage.ANSWERS)
    call = selectors.ruling_term(way.review(UNION), Stage.CONCILIATION_CALL)
    hold = selectors.ruling_term(way.review(UNION), Stage.CONCILIATION_HOLD)
    assert answers is not None
    assert call is not None
    assert hold is not None

    assert call.start == answers.last_day
    assert hold.start == call.last_day
    assert call.cause == hold.cause == "answers_expired"


# --- the association is silent --------------------------------------------------------------------


@pytest.fixture
def unreplied(way: Way) -> Way:
    """Answers partly accepted, accepted, rejected; the term for the replies has just ended."""
    filed(way).working_days(2).answer(UNION, ANSWERS)
    way.at = end_of(way, Stage.REPLY)
    return way


@pytest.mark.parametrize("moment", AROUND)
def test_no_reply_keeps_objections_maintained_and_takes_accepted_remarks_as_satisfied(
    moment: timedelta, unreplied: Way
) -> None:
    way, over = unreplied, moment >= timedelta(0)
    way.at += moment

    assert stage(way, way.at) == ("conciliation" if over else "replies")
    found = api(way)
    assert (found["stage"], found["silent"]) == (("conciliation", "association") if over else ("replies", ""))
    maintained = word("reply", "maintained").lower()
    for page in (
        get(way, "review", way.act.number, UNION),
        get(way, "act_text", way.act.number),
        get(way, "act_opinions", way.act.number),
    ):
        assert (maintained in page.lower()) is over
    if not over:
        with pytest.raises(TransitionNotAllowed):
            way.meet(UNION, {})
        return
    way.meet(UNION, {1: {"outcome": "open"}, 3: {"outcome": "open"}}).hours(1).fix(UNION)
    text = json.loads(way.protocol(UNION).canonical)
    assert [(p["reply"]["outcome"], p["silent"], p["outcome"]) for p in text["points"]] == [
        ("maintained", "association", "open"),
        ("satisfied", "association", "settled"),
        ("maintained", "association", "open"),
    ]
    with pytest.raises(TransitionNotAllowed):
        way.reply(UNION, ["satisfied"] * 3)


def test_no_reply_to_accepted_remarks_needs_no_meeting(way: Way) -> None:
    filed(way).working_days(2).answer(UNION, LATE_ANSWERS)
    way.at = end_of(way, Stage.REPLY)

    assert stage(way, way.at) == "protocol"
    way.fix(UNION)
    assert way.protocol(UNION).number.startswith("PA-")


# --- on record ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("which", "action", "letter"),
    [
        ("unanswered", "answers.expired", "reviews.unanswered"),
        ("unreplied", "replies.expired", "reviews.unreplied"),
    ],
)
def test_the_sweep_puts_a_silence_on_record_once(
    which: str, action: str, letter: str, request: pytest.FixtureRequest
) -> None:
    way: Way = request.getfixturevalue(which)

    done = []
    for moment in (-MS, timedelta(0), timedelta(hours=1)):
        with clock.frozen(way.at + moment):
            done.append(reviews.record_silences(now=way.at + moment))

    assert done == [0, 1, 0]
    assert JournalEntry.objects.filter(action=action).count() == 1
    sent = OutboxMessage.objects.filter(template=letter)
    emails = [message.recipient.email for message in sent if message.recipient]
    assert len(emails) == len(set(emails)) > 1
    for language in ("ky", "ru", "en"):
        told = registry.build(letter, sent[0].payload, language)
        assert way.act.number in told.subject
        assert not any("%(" in words for words in told.paragraphs)


def test_nothing_is_on_record_for_remarks_all_withdrawn_or_an_act_withdrawn(unanswered: Way) -> None:
    way = unanswered
    way.at -= timedelta(hours=1)
    with way.now("union.signatory") as (signatory,):
        for remark in way.remarks(UNION):
            reviews.withdraw_remark(actor=signatory, remark_id=remark.pk, at=way.at)
    assert reviews.record_silences(now=way.at + timedelta(days=1)) == 0
    assert stage(way, way.at + timedelta(days=1)) == "protocol"

    way.withdraw("Кайра иштөө")
    assert reviews.record_silences(now=way.at + timedelta(days=30)) == 0
