"""The people of the demonstration (and of the tests): one account a role, a few more where two are needed.

Names are invented; the organisations are those of the reference data.
"""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts import second_factor
from apps.accounts.demo import DEMO_PASSWORD
from apps.accounts.models import User
from apps.organizations import services as organizations
from apps.organizations.enums import Rank, Role
from apps.organizations.models import Organization

OPERATOR = "portal-operator"


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    organization: str
    role: str
    position_ky: str
    position_ru: str
    language: str = "ky"
    rank: str = ""


PEOPLE = (
    Person("finance.drafter", "Айбек Токтосунов", "minfin", Role.DRAFTER, "Башкы адис", "Главный специалист"),
    Person(
        "finance.signatory",
        "Гүлнара Осмонова",
        "minfin",
        Role.MINISTRY_SIGNATORY,
        "Министрдин орун басары",
        "Заместитель министра",
        "ru",
        Rank.HEAD,
    ),
    Person("water.drafter", "Нурлан Абдыкеримов", "minagro", Role.DRAFTER, "Юрист", "Юрист", "ru"),
    Person(
        "water.signatory",
        "Жылдыз Мамбетова",
        "minagro",
        Role.MINISTRY_SIGNATORY,
        "Министр",
        "Министр",
        "ky",
        Rank.MINISTER,
    ),
    Person(
        "union.officer",
        "Эркин Сыдыков",
        "lsg-union",
        Role.ASSOCIATION_OFFICER,
        "Укук кеңешчиси",
        "Юрисконсульт",
    ),
    Person(
        "union.signatory",
        "Чолпон Бейшеналиева",
        "lsg-union",
        Role.ASSOCIATION_SIGNATORY,
        "Башкарманын төрагасы",
        "Председатель правления",
    ),
    Person("cities.officer", "Марат Исаков", "cities", Role.ASSOCIATION_OFFICER, "Адис", "Специалист", "ru"),
    Person(
        "cities.signatory",
        "Анара Касымова",
        "cities",
        Role.ASSOCIATION_SIGNATORY,
        "Аткаруучу директор",
        "Исполнительный директор",
        "ru",
    ),
    Person(
        "justice.coordinator",
        "Бакыт Эсенов",
        "minjust",
        Role.COORDINATOR,
        "Бөлүм башчысы",
        "Начальник отдела",
    ),
    Person(
        "agency.coordinator",
        "Салтанат Орозова",
        "lsg-agency",
        Role.COORDINATOR,
        "Бөлүм башчысы",
        "Начальник отдела",
        "ru",
    ),
    Person("cabinet.clerk", "Тимур Алиев", "cabinet", Role.CABINET_CLERK, "Кеңешчи", "Советник", "ru"),
    Person(
        "committee.clerk",
        "Айнура Жапарова",
        "committee-lsg",
        Role.COMMITTEE_CLERK,
        "Комитеттин катчысы",
        "Секретарь комитета",
    ),
    Person("chamber.auditor", "Руслан Бекетов", "accounts-chamber", Role.AUDITOR, "Аудитор", "Аудитор", "ru"),
    Person(
        "admin.first", "Мээрим Турдубаева", OPERATOR, Role.ADMINISTRATOR, "Администратор", "Администратор"
    ),
    Person(
        "admin.second", "Данияр Кожоев", OPERATOR, Role.ADMINISTRATOR, "Администратор", "Администратор", "ru"
    ),
)


def email_of(key: str) -> str:
    return f"{key}@demo.example"


def load(*, at: datetime) -> dict[str, User]:
    """The people by key, made where they are missing; their organisations are marked DEMO."""
    Organization.objects.get_or_create(
        code=OPERATOR,
        defaults={
            "kind": "operator",
            "name_ky": "Порталдын оператору",
            "name_ru": "Оператор портала",
            "name_en": "Operator of the portal",
            "opened_at": at,
        },
    )
    bodies = {
        body.code: body for body in Organization.objects.filter(code__in={p.organization for p in PEOPLE})
    }
    Organization.objects.filter(pk__in=[body.pk for body in bodies.values()]).update(is_demo=True)
    people: dict[str, User] = {}
    for person in PEOPLE:
        user = User.objects.filter(email=email_of(person.key)).first()
        if user is None:
            user = User.objects.create_user(
                email=email_of(person.key),
                password=DEMO_PASSWORD,
                full_name=person.name,
                language=person.language,
                created_at=at,
                is_demo=True,
            )
            organizations.grant_role(
                actor=None,
                user_id=user.pk,
                organization_id=bodies[person.organization].pk,
                role=person.role,
                rank=person.rank,
                position_ky=person.position_ky,
                position_ru=person.position_ru,
                at=at,
            )
        second_factor.give_demo_app(user_id=user.pk, at=at)
        people[person.key] = user
    return people
