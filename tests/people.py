"""The people of the portal for tests of accounts, organisations, letters and journal. `saltanat` administers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.accounts.demo import DEMO_PASSWORD
from apps.accounts.models import User
from apps.organizations.enums import POWER_ROLES
from apps.organizations.models import Membership, Organization

# Monday, 7 September 2026, 09:00 in Bishkek.
MORNING = datetime(2026, 9, 7, 3, 0, tzinfo=UTC)
LONG_BEFORE = MORNING - timedelta(days=80)
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
    """The role straight in the table; a power role from the first two administrators, made where there are none."""
    if role in POWER_ROLES and (role != "administrator" or _administrators().count() > 1):
        first, second = founders()
        more = {"granted_by": first, "confirmed_by": second, **more}
    return Membership.objects.create(
        **{"user": user, "organization": organization, "role": role, "valid_from": LONG_BEFORE, **more}
    )


def founders() -> list[User]:
    """Two administrators who are there from the beginning."""
    found = list(_administrators()[:2])
    if len(found) < 2:
        operator = Organization.objects.filter(kind="operator").first() or body("founding", "operator")
        for name in ("founder", "cofounder")[len(found) :]:
            found.append(person(name))
            holds(found[-1], operator, "administrator")
    return found


def _administrators() -> Any:
    held = {"memberships__role": "administrator", "memberships__valid_from__lte": LONG_BEFORE}
    return User.objects.filter(**held).order_by("pk")


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


def demo_account(people: People) -> User:
    """An account of the demonstration: a drafter of the ministry, with the password that is printed on the page."""
    aizada = person("aizada", is_demo=True)
    aizada.set_password(DEMO_PASSWORD)
    aizada.save()
    holds(aizada, people.ministry, "drafter")
    return aizada
