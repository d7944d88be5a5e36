"""The cast of the acts: a ministry with a drafter and a signatory, another ministry, an association, an administrator."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core import clock
from apps.deadlines.services import seed_calendar, seed_templates
from apps.draft_acts import services
from apps.draft_acts.enums import ActKind, Paper
from apps.draft_acts.models import DraftAct
from apps.legal_text import reader, sandbox
from apps.organizations.enums import OrganizationKind, Role
from apps.organizations.models import Membership, Organization

AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)  # a Monday, 11:00 in Bishkek
LONG_AGO = datetime(2025, 1, 9, 5, 0, tzinfo=UTC)

KY = """КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МЫЙЗАМЫ

Жергиликтүү бюджет жөнүндө

1-берене. Мыйзамдын максаты
Бул Мыйзам айылдык кеңештердин бюджеттик ыйгарым укуктарын аныктайт.

2-берене. Өкүлчүлүктүү орган
1. Айылдык кеңеш жергиликтүү бюджетти бекитет.
2. Айыл өкмөтү бюджеттин долбоорун даярдайт.

3-берене. Күчүнө кирүү тартиби
Мыйзам расмий жарыяланган күндөн тартып он күн өткөндөн кийин күчүнө кирет.
"""
RU = """ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ

О местном бюджете

Статья 1. Цель Закона
Настоящий Закон определяет бюджетные полномочия айылных кенешей.

Статья 2. Представительный орган
1. Айылный кенеш утверждает местный бюджет.
2. Айыл окмоту готовит проект бюджета.

Статья 3. Порядок вступления в силу
Закон вступает в силу по истечении десяти дней со дня официального опубликования.
"""
YES = {
    "touches_lsg": True,
    "where": "Статьи 1 и 2: бюджетные полномочия айылных кенешей.",
    "touches_inter_budget": True,
    "touches_delegated_powers": True,
    "function_without_money": False,
    "reason": "",
}
NO = {
    **YES,
    "touches_lsg": False,
    "where": "",
    "touches_inter_budget": False,
    "reason_inter_budget": "Деньги между бюджетами не движутся.",
    "touches_delegated_powers": False,
    "reason_delegated_powers": "Полномочия не передаются.",
    "reason": "Акт о протоколе визитов.",
}


def organization(code: str, kind: str, **fields: Any) -> Organization:
    defaults = {
        "name_ky": f"{code} ky",
        "name_ru": f"{code} ru",
        "name_en": f"{code} en",
        "opened_at": LONG_AGO,
    }
    return Organization.objects.create(code=code, kind=kind, **{**defaults, **fields})


def person(name: str, of: Organization, *roles: str) -> User:
    user = User.objects.create_user(
        f"{name}@example.org",
        "correct-horse-battery",
        full_name=name,
        created_at=LONG_AGO,
        is_demo=True,  # given its roles by the installation, without two administrators
    )
    for role in roles:
        Membership.objects.create(user=user, organization=of, role=role, valid_from=LONG_AGO)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _clock_held() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture(autouse=True)
def _read_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are read in this process, a hundred times faster; the test that asks for `child` uses the real way."""
    if "child" not in request.fixturenames:
        monkeypatch.setattr(sandbox, "read_in_child", lambda data, **named: reader.read(data, **named))


@pytest.fixture
def child() -> None:
    """Texts are read in a limited process of their own."""


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    seed_calendar(first_year=2026, last_year=2026)
    seed_templates()
    finance = organization("minfin", OrganizationKind.STATE_BODY, name_ru="Министерство финансов")
    labour = organization("mintrud", OrganizationKind.STATE_BODY)
    union = organization("sms", OrganizationKind.ASSOCIATION, is_national=True)
    operator = organization("portal", OrganizationKind.OPERATOR)
    supervision = organization("control", OrganizationKind.SUPERVISORY)
    justice = organization("minjust", OrganizationKind.STATE_BODY, coordinates=True)
    return SimpleNamespace(
        finance=finance,
        labour=labour,
        union=union,
        drafter=person("drafter", finance, Role.DRAFTER),
        colleague=person("colleague", finance, Role.DRAFTER),
        signatory=person("signatory", finance, Role.MINISTRY_SIGNATORY),
        other_drafter=person("other-drafter", labour, Role.DRAFTER),
        other_signatory=person("other-signatory", labour, Role.MINISTRY_SIGNATORY),
        officer=person("officer", union, Role.ASSOCIATION_OFFICER),
        union_signatory=person("union-signatory", union, Role.ASSOCIATION_SIGNATORY),
        coordinator=person("coordinator", justice, Role.COORDINATOR),
        auditor=person("auditor", supervision, Role.AUDITOR),
        administrator=person("administrator", operator, Role.ADMINISTRATOR),
    )


@pytest.fixture
def act(cast: SimpleNamespace) -> DraftAct:
    """An act just begun by the drafter of the ministry of finance."""
    return services.create_act(actor=cast.drafter, initiator_id=cast.finance.pk, kind=ActKind.LAW, at=AT)


TITLES = {"title_ky": "Жергиликтүү бюджет жөнүндө", "title_ru": "О местном бюджете"}


def upload_both(actor: User, act: DraftAct, *, confirm: bool = True) -> None:
    for language, text in (("ky", KY), ("ru", RU)):
        services.upload_text(
            actor=actor,
            act_id=act.pk,
            language=language,
            data=text.encode(),
            filename=f"{language}.txt",
            at=AT,
        )
        if confirm:
            services.confirm_text(actor=actor, act_id=act.pk, language=language, at=AT)


@pytest.fixture
def complete(cast: SimpleNamespace, act: DraftAct) -> DraftAct:
    """An act with titles, both texts confirmed and the explanatory note: ready for its signatory."""
    act = services.save_act(
        actor=cast.drafter, act_id=act.pk, edit_version=act.edit_version, fields=TITLES, at=AT
    )
    upload_both(cast.drafter, act)
    services.add_attachment(
        actor=cast.drafter,
        act_id=act.pk,
        paper=Paper.EXPLANATORY_NOTE,
        data="Негиздеме.".encode(),
        filename="note.txt",
        at=AT,
    )
    return act


@pytest.fixture
def registered(cast: SimpleNamespace, complete: DraftAct) -> DraftAct:
    return services.register(actor=cast.signatory, act_id=complete.pk, scope=YES, at=AT)
