"""The cast of a consultation: a ministry, two associations, a coordinating body, and an act ready to be sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils.translation import override

from apps.accounts.models import User
from apps.core import clock
from apps.deadlines import services as deadlines
from apps.documents.models import StoredFile
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import (
    Attachment,
    DraftAct,
    DraftActVersion,
    Provision,
    ScopeStatement,
    VersionText,
)
from apps.organizations.models import Membership, Organization
from apps.reviews import services
from apps.reviews.models import Review

# Tuesday, 1 September 2026, 10:00 in Bishkek. No holidays follow for weeks.
OPENED = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Cast:
    """People by what they do. `aigul` writes for the union, `bakyt` countersigns; `jamilya` is of another association."""

    ministry: Organization
    other_ministry: Organization
    union: Organization
    cities: Organization
    justice: Organization
    drafter: User
    minister: User
    stranger: User  # a drafter of another ministry
    aigul: User
    bakyt: User
    jamilya: User
    coordinator: User
    own_coordinator: User  # a coordinator in the initiating ministry itself
    auditor: User
    administrator: User


def _person(name: str, organization: Organization, *roles: str) -> User:
    user = User.objects.create(
        email=f"{name}@example.org",
        full_name=name.title(),
        created_at=OPENED - 900 * DAY,
        is_demo=True,  # given its roles by the installation, without two administrators
    )
    for role in roles:
        Membership.objects.create(
            user=user,
            organization=organization,
            role=role,
            valid_from=OPENED - 900 * DAY,
            position_ru="Специалист",
        )
    return user


@pytest.fixture
def cast(db: Any) -> Cast:
    deadlines.seed_calendar()
    deadlines.seed_templates()

    def body(code: str, kind: str, **more: Any) -> Organization:
        return Organization.objects.create(
            code=code,
            kind=kind,
            name_ky=f"{code} уюму",
            name_ru=f"Орган {code}",
            opened_at=OPENED - 999 * DAY,
            **more,
        )

    ministry = body("finance", "state_body", coordinates=True)
    other = body("labour", "state_body")
    union = body("union", "association", is_national=True)
    cities = body("cities", "association", is_national=True)
    justice = body("justice", "state_body", coordinates=True)
    inspection = body("inspection", "supervisory")
    operator = body("operator", "operator")
    return Cast(
        ministry=ministry,
        other_ministry=other,
        union=union,
        cities=cities,
        justice=justice,
        drafter=_person("drafter", ministry, "drafter"),
        minister=_person("minister", ministry, "ministry_signatory"),
        stranger=_person("stranger", other, "drafter", "ministry_signatory"),
        aigul=_person("aigul", union, "association_officer"),
        bakyt=_person("bakyt", union, "association_signatory"),
        jamilya=_person("jamilya", cities, "association_officer", "association_signatory"),
        coordinator=_person("coordinator", justice, "coordinator"),
        own_coordinator=_person("owncoordinator", ministry, "coordinator"),
        auditor=_person("auditor", inspection, "auditor"),
        administrator=_person("administrator", operator, "administrator"),
    )


@pytest.fixture
def act(cast: Cast) -> DraftAct:
    """A registered law with both texts confirmed and its explanatory note."""
    with transaction.atomic():
        return _registered_act(cast)


def _registered_act(cast: Cast) -> DraftAct:
    at = OPENED - 2 * DAY
    act = DraftAct.objects.create(
        token="t" * 24,
        number="2026-0017",
        kind="law",
        initiator=cast.ministry,
        title_ky="Жергиликтүү бюджеттер жөнүндө мыйзам долбоору",
        title_ru="О местных бюджетах",
        state=ActState.REGISTERED,
        created_by=cast.drafter,
        created_at=at,
        updated_at=at,
        registered_at=at,
        registered_by=cast.minister,
        state_changed_at=at,
    )
    version = DraftActVersion.objects.create(act=act, number=1, created_at=at, created_by=cast.drafter)
    file = StoredFile.objects.create(sha256="a" * 64, size=1, media_type="text/plain", created_at=at)
    for language in ("ky", "ru"):
        VersionText.objects.create(
            version=version,
            language=language,
            file=file,
            filename="text.txt",
            read={"provisions": [], "doubts": []},
            parser_version="1",
            characters=1000,
            articles=3,
            uploaded_at=at,
            uploaded_by=cast.drafter,
            confirmed_at=at,
            confirmed_by=cast.drafter,
        )
    for number in (1, 2, 3):
        Provision.objects.create(
            version=version,
            position=number,
            eid=f"art_{number}",
            kind="article",
            number=str(number),
            label_ky=f"{number}-берене.",
            label_ru=f"Статья {number}.",
            heading_ky="Теңдөөчү трансферттер",
            heading_ru="Выравнивающие трансферты",
            text_ky="Тартиби Министрлер Кабинети тарабынан бекитилет.",
            text_ru="Порядок утверждается Кабинетом Министров.",
        )
    Attachment.objects.create(
        version=version,
        paper="explanatory_note",
        file=file,
        filename="note.pdf",
        uploaded_at=at,
        uploaded_by=cast.drafter,
    )
    version.frozen_at, version.text_hash = at, "b" * 64
    version.save()
    ScopeStatement.objects.create(
        act=act, touches_lsg=True, where="Статья 2", signed_by=cast.minister, signed_at=at
    )
    return act


@pytest.fixture
def opened(act: DraftAct, cast: Cast) -> Review:
    """The union's review; the cities have theirs beside it."""
    services.open_consultation(
        actor=cast.minister,
        act_id=act.pk,
        association_ids=[cast.union.pk, cast.cities.pk],
        left_out={},
        at=OPENED,
    )
    return Review.objects.select_related("association", "consultation__act").get(association=cast.union)


def fresh(review: Review) -> Review:
    return Review.objects.select_related("association", "consultation__act").get(pk=review.pk)


def write_opinion(
    review: Review, cast: Cast, verdict: str, *kinds: str, at: datetime, ready: bool = True
) -> int:
    """Aigul writes an opinion with one remark of each kind; returns the edit version of the whole."""
    opinion = services.start_opinion(actor=cast.aigul, review_id=review.pk, at=at)
    services.save_opinion(
        actor=cast.aigul,
        review_id=review.pk,
        edit_version=opinion.text_version,
        fields={"verdict": verdict, "statement": "Жалпы пикир", "lang": "ky"},
        at=at,
    )
    provisions = list(Provision.objects.order_by("position"))
    for index, kind in enumerate(kinds):
        services.save_remark(
            actor=cast.aigul,
            review_id=review.pk,
            provision_id=provisions[index % len(provisions)].pk,
            fields={
                "kind": kind,
                "text": f"Эскертүү {index + 1}",
                "lang": "ky",
                "proposed_wording": "Башкача",
            },
            at=at,
        )
    opinion.refresh_from_db()
    if ready:
        services.mark_ready(actor=cast.aigul, review_id=review.pk, edit_version=opinion.edit_version, at=at)
    return opinion.edit_version


def file_opinion(review: Review, cast: Cast, verdict: str, *kinds: str, at: datetime) -> Any:
    version = write_opinion(review, cast, verdict, *kinds, at=at)
    return services.submit_opinion(
        actor=cast.bakyt, review_id=review.pk, edit_version=version, received_at=at
    )


def answer_all(review: Review, cast: Cast, at: datetime, outcome: str = "rejected") -> None:
    from apps.reviews import selectors

    for remark in selectors.remarks_to_answer(review):
        services.save_answer(
            actor=cast.drafter,
            remark_id=remark.pk,
            edit_version=0,
            fields={"outcome": outcome, "reason": "Негиз"},
            at=at,
        )
    services.send_answers(actor=cast.drafter, review_id=review.pk, at=at)


def reply_all(review: Review, cast: Cast, at: datetime, objection: str = "maintained") -> None:
    from apps.reviews import selectors

    for remark in selectors.remarks_to_answer(review):
        outcome = objection if remark.kind == "objection" else "noted"
        services.save_reply(
            actor=cast.aigul, remark_id=remark.pk, edit_version=0, fields={"outcome": outcome}, at=at
        )
    services.send_replies(actor=cast.bakyt, review_id=review.pk, at=at)


@pytest.fixture
def at_stage(opened: Review, cast: Cast) -> Callable[[str], tuple[Review, datetime]]:
    """A review brought to a stage, and a moment within it."""

    def bring(stage: str) -> tuple[Review, datetime]:
        at = OPENED + HOUR
        if stage == "delivery":
            return opened, at
        if stage in {"expired", "expiry_established"}:
            at = opened.due_at + HOUR
            if stage == "expiry_established":
                services.decide_expiry(
                    actor=cast.coordinator, review_id=opened.pk, effect="effect", reason="Себеп", at=at
                )
            return fresh(opened), at + HOUR
        services.acknowledge(actor=cast.aigul, review_id=opened.pk, at=at)
        if stage == "opinion":
            return fresh(opened), at + HOUR
        if stage == "ended_without_remarks":
            file_opinion(opened, cast, "agree", at=at + DAY)
            return fresh(opened), at + DAY + HOUR
        file_opinion(opened, cast, "disagree", "objection", "proposal", at=at + DAY)
        if stage == "answers":
            return fresh(opened), at + DAY + HOUR
        if stage == "unanswered":
            term = opened.terms.filter(stage="answers").latest("sequence")
            return fresh(opened), term.due_at + HOUR
        answer_all(fresh(opened), cast, at + 2 * DAY)
        if stage == "replies":
            return fresh(opened), at + 2 * DAY + HOUR
        reply_all(fresh(opened), cast, at + 3 * DAY, "maintained" if stage == "conciliation" else "satisfied")
        return fresh(opened), at + 3 * DAY + HOUR

    return bring


@pytest.fixture(autouse=True)
def _september(settings: Any) -> Any:
    """Roles are judged by the clock: it stands in September 2026 unless a test moves it. Addresses are Kyrgyz."""
    with clock.frozen(OPENED), override("ky"):
        yield
