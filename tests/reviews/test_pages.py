"""The pages of a consultation: who sees what, nothing typed is lost, no growth of queries."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core import clock
from apps.draft_acts.models import DraftAct, Provision
from apps.reviews import said, selectors, services
from apps.reviews.models import ConsolidatedOpinion, Consultation, Remark, RemarkAnswer, Review

from .conftest import DAY, HOUR, OPENED, Cast, file_opinion, fresh, write_opinion

Bring = Callable[[str], tuple[Review, datetime]]
ARGS = ["2026-0017", "union"]


@pytest.fixture
def visit(client: Client) -> Callable[..., Any]:
    """visit(person, at, name, *args, data=…): a page as this person sees it at that time."""

    def go(
        person: Any, at: datetime, name: str, *args: Any, data: Any = None, query: str = "", **headers: Any
    ) -> Any:
        client.logout()
        with clock.frozen(at):
            if person is not None:
                client.force_login(person)
            address = reverse(name, args=args) + query
            if data is None:
                return client.get(address, headers=headers)
            return client.post(address, data, headers=headers)

    return go


JSON = {"accept": "application/json"}


# --- a draft is nobody else's to see -----------------------------------------------------------

DRAFT_PAGES: dict[str, tuple[Any, ...]] = {
    "opinion_write": (),
    "opinion_save": (),
    "remark_save": (),
    "remark_delete": (1,),
    "opinion_ready": (),
    "opinion_recall": (),
    "opinion_submit": (),
}


@pytest.mark.parametrize("name", DRAFT_PAGES)
def test_an_opinion_being_written_is_not_there_for_anybody_else(
    name: str, at_stage: Bring, cast: Cast, visit: Callable[..., Any]
) -> None:
    review, at = at_stage("opinion")
    write_opinion(review, cast, "disagree", "objection", at=at, ready=False)

    for person in (
        None,
        cast.drafter,
        cast.minister,
        cast.stranger,
        cast.jamilya,
        cast.coordinator,
        cast.auditor,
    ):
        data = None if name == "opinion_write" else {"version": 1}
        assert visit(person, at, name, *ARGS, *DRAFT_PAGES[name], data=data).status_code == 404


def test_unsent_answers_are_the_ministrys_alone(
    at_stage: Bring, cast: Cast, visit: Callable[..., Any]
) -> None:
    _review, at = at_stage("answers")
    remark = Remark.objects.get(number=1)
    services.save_answer(
        actor=cast.drafter, remark_id=remark.pk, edit_version=0, fields={"reason": "КАНАРЕЙКА"}, at=at
    )

    for person in (None, cast.aigul, cast.bakyt, cast.stranger, cast.coordinator, cast.auditor):
        assert visit(person, at, "answers", *ARGS).status_code == 404
        assert visit(person, at, "answer_save", *ARGS, 1, data={"reason": "x"}).status_code == 404
        assert "КАНАРЕЙКА" not in visit(person, at, "review", *ARGS).content.decode()
    assert "КАНАРЕЙКА" in visit(cast.drafter, at, "answers", *ARGS).content.decode()


def test_unsent_replies_are_the_associations_alone(
    at_stage: Bring, cast: Cast, visit: Callable[..., Any]
) -> None:
    _review, at = at_stage("replies")
    remark = Remark.objects.get(number=1)
    services.save_reply(
        actor=cast.aigul, remark_id=remark.pk, edit_version=0, fields={"text": "КАНАРЕЙКА"}, at=at
    )

    for person in (None, cast.drafter, cast.minister, cast.jamilya, cast.coordinator):
        assert visit(person, at, "replies", *ARGS).status_code == 404
        assert "КАНАРЕЙКА" not in visit(person, at, "review", *ARGS).content.decode()
    assert "КАНАРЕЙКА" in visit(cast.bakyt, at, "replies", *ARGS).content.decode()


def test_verbs_answer_to_posts_only(at_stage: Bring, cast: Cast, visit: Callable[..., Any]) -> None:
    _review, at = at_stage("answers")

    for name in ("review_acknowledge", "opinion_submit", "answers_send", "replies_send"):
        assert visit(cast.minister, at, name, *ARGS).status_code == 405


# --- every page at every stage -----------------------------------------------------------------


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
@pytest.mark.parametrize(
    "stage",
    [
        "delivery",
        "opinion",
        "expired",
        "expiry_established",
        "answers",
        "unanswered",
        "replies",
        "conciliation",
        "ended_without_remarks",
    ],
)
def test_the_page_of_a_review_is_public_at_every_stage(
    stage: str, language: str, at_stage: Bring, client: Client
) -> None:
    review, at = at_stage(stage)

    with clock.frozen(at):
        answer = client.get(f"/{language}/acts/2026-0017/reviews/union/")
        terms = selectors.terms_of(review)
        shown = {t.stage: client.get(reverse("term", args=[*ARGS, t.stage])).status_code for t in terms}

    assert answer.status_code == 200
    # What is written ahead of a silence is no term before that silence has come.
    running = {t.stage for t in terms if said.holds(t, fresh(review), at)}
    assert shown == {stage: 200 if stage in running else 404 for stage in shown}


def test_before_sending_the_page_shows_both_last_days(
    act: DraftAct, cast: Cast, visit: Callable[..., Any]
) -> None:
    page = visit(cast.minister, OPENED, "consultation_open", "2026-0017")

    assert page.status_code == 200
    preview = page.context["preview"]
    assert preview.earliest.last_day.isoformat() == "2026-09-29"
    assert preview.latest.last_day.isoformat() == "2026-10-02"
    assert visit(cast.drafter, OPENED, "consultation_open", "2026-0017").status_code == 403
    assert visit(None, OPENED, "consultation_open", "2026-0017").status_code == 403


def test_an_association_left_out_without_a_reason_is_named_and_the_page_keeps_what_was_typed(
    act: DraftAct, cast: Cast, visit: Callable[..., Any]
) -> None:
    data = {f"addressed_{cast.union.pk}": "on", f"reason_{cast.union.pk}": "жазылган сөз"}

    page = visit(cast.minister, OPENED, "consultation_open", "2026-0017", data=data)

    assert page.status_code == 400
    assert f"reason_{cast.cities.pk}" in page.context["form"].errors
    assert "жазылган сөз" in page.content.decode()
    assert not Consultation.objects.exists()


def test_sent_with_a_reason_the_reason_is_kept(act: DraftAct, cast: Cast, visit: Callable[..., Any]) -> None:
    data = {f"addressed_{cast.union.pk}": "on", f"reason_{cast.cities.pk}": "Шаарларга тиешеси жок"}

    visit(cast.minister, OPENED, "consultation_open", "2026-0017", data=data)

    consultation = Consultation.objects.get()
    assert [row.reason for row in consultation.left_out.all()] == ["Шаарларга тиешеси жок"]
    assert [review.association for review in consultation.reviews.all()] == [cast.union]


# --- an opinion from the first word to the receipt, without JavaScript -------------------------


def test_the_whole_way_of_an_opinion_through_the_pages(
    at_stage: Bring, cast: Cast, visit: Callable[..., Any]
) -> None:
    _review, at = at_stage("opinion")
    provision = Provision.objects.get(eid="art_2")

    page = visit(cast.aigul, at, "opinion_write", *ARGS, query="?provision=art_2")
    assert page.context["remark_form"]["provision"].value() == provision.pk
    visit(
        cast.aigul,
        at,
        "opinion_save",
        *ARGS,
        data={"verdict": "disagree", "statement": "Пикир", "lang": "ky"},
    )
    refused = visit(cast.aigul, at, "opinion_ready", *ARGS, data={"version": _version()})
    assert refused.status_code == 409
    visit(
        cast.aigul,
        at,
        "remark_save",
        *ARGS,
        data={"provision": provision.pk, "kind": "objection", "text": "Каршыбыз", "lang": "ky"},
    )
    assert visit(cast.aigul, at, "opinion_ready", *ARGS, data={"version": _version()}).status_code == 302
    page = visit(cast.bakyt, at, "opinion_write", *ARGS)
    assert "Каршыбыз" in page.content.decode()
    sent = visit(
        cast.bakyt, at, "opinion_submit", *ARGS, data={"version": page.context["opinion"].edit_version}
    )

    receipt = visit(None, at, "receipt", "RC-2026-0001")
    assert sent.headers["Location"].endswith("/receipts/RC-2026-0001/")
    assert "(+06:00)" in receipt.content.decode()
    assert visit(cast.aigul, at, "opinion_write", *ARGS).status_code == 302


def _version() -> int:
    return ConsolidatedOpinion.objects.get().edit_version


def test_a_colleagues_words_and_ones_own_are_both_on_the_page(
    at_stage: Bring, cast: Cast, visit: Callable[..., Any]
) -> None:
    _review, at = at_stage("opinion")
    first = {"verdict": "agree", "statement": "Биринчи", "lang": "ky", "version": 0}
    saved = visit(cast.aigul, at, "opinion_save", *ARGS, data=first, **JSON)
    stale = {"verdict": "agree", "statement": "Экинчи", "lang": "ky", "version": saved.json()["version"] - 1}

    automatic = visit(cast.aigul, at, "opinion_save", *ARGS, data=stale, **JSON)
    page = visit(cast.aigul, at, "opinion_save", *ARGS, data=stale)

    assert automatic.status_code == page.status_code == 409
    assert automatic.json()["theirs"]["statement"] == "Биринчи"
    assert "Биринчи" in page.content.decode()
    assert "Экинчи" in page.content.decode()
    assert ConsolidatedOpinion.objects.get().statement == "Биринчи"


def test_an_unfinished_remark_waits_for_its_author_and_is_not_in_the_opinion(
    at_stage: Bring, cast: Cast, client: Client
) -> None:
    _review, at = at_stage("opinion")
    with clock.frozen(at):
        client.force_login(cast.aigul)
        kept = client.post(reverse("remark_save", args=ARGS), {"text": "Чала сүйлөм"}, headers=JSON)
        page = client.get(reverse("opinion_write", args=ARGS))

    assert kept.json()["saved_at"]
    assert "Чала сүйлөм" in page.content.decode()
    assert not Remark.objects.exists()


# --- answers -----------------------------------------------------------------------------------


def test_sending_is_refused_with_a_link_to_each_remark_without_an_answer(
    at_stage: Bring, cast: Cast, visit: Callable[..., Any]
) -> None:
    _review, at = at_stage("answers")
    visit(
        cast.drafter,
        at,
        "answer_save",
        *ARGS,
        1,
        data={"outcome": "rejected", "reason": "Негиз", "lang": "ky"},
    )

    page = visit(cast.drafter, at, "answers_send", *ARGS, data={})

    assert page.status_code == 409
    assert 'href="/ky/acts/2026-0017/reviews/union/answers/#remark-2"' in page.content.decode()
    assert [
        row.remark.number
        for row in visit(cast.drafter, at, "answers", *ARGS, query="?only=unanswered").context["rows"]
    ] == [2]
    assert not RemarkAnswer.objects.filter(sent_at__isnull=False).exists()


def test_answers_are_public_once_sent(at_stage: Bring, cast: Cast, visit: Callable[..., Any]) -> None:
    _review, at = at_stage("answers")
    for number in (1, 2):
        visit(
            cast.drafter,
            at,
            "answer_save",
            *ARGS,
            number,
            data={"outcome": "accepted", "reason": "Макулбуз", "lang": "ky"},
        )

    assert visit(cast.drafter, at, "answers_send", *ARGS, data={}).status_code == 302
    assert "Макулбуз" in visit(None, at, "review", *ARGS).content.decode()


def test_the_screen_of_answers_costs_the_same_with_ten_times_the_remarks(
    opened: Review, cast: Cast, client: Client
) -> None:
    file_opinion(opened, cast, "disagree", "objection", "proposal", at=OPENED + DAY)
    few = _queries(client, cast)
    with clock.frozen(OPENED + DAY):
        other = fresh(Review.objects.get(association=cast.cities))
        opinion = services.start_opinion(actor=cast.jamilya, review_id=other.pk, at=OPENED + DAY)
        services.save_opinion(
            actor=cast.jamilya,
            review_id=other.pk,
            edit_version=1,
            fields={"verdict": "disagree"},
            at=OPENED + DAY,
        )
        provision = Provision.objects.first()
        for _number in range(20):
            services.save_remark(
                actor=cast.jamilya,
                review_id=other.pk,
                provision_id=provision.pk,  # type: ignore[union-attr]
                fields={"kind": "objection", "text": "Каршыбыз"},
                at=OPENED + DAY,
            )
        opinion.refresh_from_db()
        type(cast.cities).objects.filter(pk=cast.cities.pk).update(single_officer=True)
        services.submit_opinion(
            actor=cast.jamilya,
            review_id=other.pk,
            edit_version=opinion.edit_version,
            received_at=OPENED + DAY,
        )

    many = _queries(client, cast, "cities")

    assert many == few <= 13


def _queries(client: Client, cast: Cast, code: str = "union") -> int:
    with clock.frozen(OPENED + DAY + HOUR):
        client.force_login(cast.drafter)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(reverse("answers", args=["2026-0017", code])).status_code == 200
    return len(queries)


# --- the coordinator ---------------------------------------------------------------------------


def test_the_coordinator_decides_and_nobody_else(
    at_stage: Bring, cast: Cast, visit: Callable[..., Any]
) -> None:
    _review, at = at_stage("expired")

    for person in (None, cast.minister, cast.own_coordinator, cast.bakyt, cast.administrator):
        assert visit(person, at, "expiry_decide", *ARGS).status_code == 403
    assert visit(cast.coordinator, at, "expiry_decide", *ARGS).status_code == 200
    refused = visit(
        cast.coordinator, at, "expiry_decide", *ARGS, data={"effect": "new_term", "days": 99, "reason": ""}
    )
    assert set(refused.context["form"].errors) == {"days", "reason"}
    done = visit(
        cast.coordinator, at, "expiry_decide", *ARGS, data={"effect": "effect", "reason": "Далил бар"}
    )
    assert done.status_code == 302
    assert "NE-2026-0001" in visit(None, at, "review", *ARGS).content.decode()
