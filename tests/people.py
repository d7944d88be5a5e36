"""The people of the portal for tests of accounts, organisations, letters and journal. `saltanat` administers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.organizations.models import Membership, Organization

# Monday, 7 September 2026, 09:00 in Bishkek.
MORNING = datetime(2026, 9, 7, 3, 0, tzinfo=UTC)
PASSWORD = "Ысык-Көл-2026-тоо"


@dataclass
class People:
    operator: Organization
    ministry: Organization
    union: Organization
    agency: Organization
    saltanat: User  # administrator
    bermet: User  # the second administrator
    nurlan: User  # drafter of the ministry
    asel: User  # signatory of the ministry
    gulnara: User  # officer of the union
    bakyt: User  # signatory of the union


def body(code: str, kind: str, **more: Any) -> Organization:
    return Organization.objects.create(
        code=code,
        kind=kind,
        name_ky=f"{code} уюму",
        name_ru=f"Орган {code}",
        opened_at=MORNING - timedelta(days=99),
        **more,
    )


def person(name: str, **more: Any) -> User:
    return User.objects.create_user(
        f"{name}@example.org",
        PASSWORD,
        full_name=name.title(),
        created_at=MORNING - timedelta(days=90),
        **{"language": "ru", **more},
    )


def holds(user: User, organization: Organization, role: str, **more: Any) -> Membership:
    return Membership.objects.create(
        user=user, organization=organization, role=role, valid_from=MORNING - timedelta(days=80), **more
    )


def everybody() -> People:
    operator, ministry = body("operator", "operator"), body("finance", "state_body")
    union, agency = (
        body("union", "association", is_national=True),
        body("agency", "state_body", coordinates=True),
    )
    people = {name: person(name) for name in ("saltanat", "bermet", "nurlan", "asel", "gulnara", "bakyt")}
    holds(people["saltanat"], operator, "administrator")
    holds(people["bermet"], operator, "administrator")
    holds(people["nurlan"], ministry, "drafter")
    holds(people["asel"], ministry, "ministry_signatory")
    holds(people["gulnara"], union, "association_officer")
    holds(people["bakyt"], union, "association_signatory")
    return People(operator, ministry, union, agency, **people)
