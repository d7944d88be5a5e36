"""A leave on the way of an act: the substitute files and signs, and every place names both."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from apps.accounts import second_factor
from apps.accounts.models import User
from apps.audit import selectors as audit
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.errors import NotAllowed
from apps.documents.models import GeneratedDocument
from apps.documents.services.render import unsealed_pdf
from apps.notifications.models import OutboxMessage
from apps.organizations import services as organizations
from apps.organizations.models import Membership, Organization, Substitution
from apps.protocols import services as protocols
from apps.register.demo import acts
from apps.register.demo.way import Way
from apps.reviews import services as reviews


def leave(way: Way, absent: str, substitute: str, days: int = 60) -> Substitution:
    """The holder of a role names a substitute from today on; two administrators confirm where they must."""
    with way.now(absent, substitute, "admin.first", "admin.second") as (away, stands_in, first, second):
        day = clock.local_date(way.at)
        named = organizations.name_substitute(
            actor=away,
            membership_id=Membership.objects.get(user=away).pk,
            substitute_id=stands_in.pk,
            first_day=day,
            last_day=day + timedelta(days=days),
            at=way.at,
        )
        if named.needs_administrators:
            for administrator in (first, second):
                organizations.confirm_substitution(actor=administrator, substitution_id=named.pk, at=way.at)
    return Substitution.objects.get(pk=named.pk)


@pytest.fixture
def colleague(people: dict[str, User]) -> User:
    """A second officer of the union."""
    at = people["union.officer"].created_at
    found = User.objects.create_user(
        "union.colleague@demo.example", full_name="Нурбек Асанов", created_at=at, is_demo=True
    )
    organizations.grant_role(
        actor=None,
        user_id=found.pk,
        organization_id=Organization.objects.get(code="lsg-union").pk,
        role="association_officer",
        position_ky="Кеңешчи",
        position_ru="Советник",
        at=at,
    )
    second_factor.give_demo_app(user_id=found.pk, at=at)
    people["union.colleague"] = found
    return found


def written(way: Way) -> Any:
    way.register().hours(2).open("lsg-union", left_out={"cities": "Шаарларга тиешеси жок."})
    way.working_days(1).acknowledge("lsg-union").working_days(3).write(
        "lsg-union", "on_condition", acts.REMARKS
    )
    return way.review("lsg-union")


def submit(way: Way, key: str) -> Any:
    review = way.review("lsg-union")
    with way.now(key) as (person,):
        opinion = review.opinion_links.get(state="drafting").opinion
        return reviews.submit_opinion(
            actor=person, review_id=review.pk, edit_version=opinion.edit_version, received_at=way.at
        )


def printed(number: str, way: Way) -> str:
    """The words of a document's PDF."""
    document = GeneratedDocument.objects.get(number=number)
    with clock.frozen(way.at), pypdfium2.PdfDocument(unsealed_pdf(document, at=way.at)) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdf).split())


def test_the_substitute_files_and_receipt_opinion_and_journal_name_both(
    way: Way, people: dict[str, User], colleague: User, read_at: Callable
) -> None:
    written(way)
    leave(way, "union.signatory", "union.colleague")

    receipt = submit(way.hours(1), "union.colleague")

    opinion = json.loads(
        GeneratedDocument.objects.get(
            source_type="reviews.consolidatedopinion", source_id=receipt.opinion_id
        ).canonical_json
        or ""
    )
    absent = {
        "name": "Чолпон Бейшеналиева",
        "position_ky": "Башкарманын төрагасы",
        "position_ru": "Председатель правления",
    }
    signed = {"name": "Нурбек Асанов", "position_ky": "Кеңешчи", "position_ru": "Советник", "for": absent}
    assert opinion["submitted_by"] == signed
    text = printed(receipt.number, way)
    assert "Нурбек Асанов" in text
    assert "Чолпон Бейшеналиева" in text
    line = JournalEntry.objects.get(action="opinion.submitted")
    assert (line.actor, line.data["for"]) == (colleague, people["union.signatory"].pk)
    shown = read_at(way, "/ru/journal/?action=opinion.submitted", by=people["chamber.auditor"])
    assert "Нурбек Асанов" in shown
    assert "замещает: Чолпон Бейшеналиева" in " ".join(shown.split())
    assert "замещает: Чолпон Бейшеналиева" in read_at(way, f"/ru/receipts/{receipt.number}/")
    history = read_at(way, f"/ru/acts/{way.act.number}/history/")
    assert "замещающий на время отпуска" in " ".join(history.split())
    assert "Нурбек" not in history  # offices are named there, people are not
    assert audit.verify_chain().ok


def test_who_prepared_an_opinion_does_not_countersign_it_as_a_substitute(
    way: Way, people: dict[str, User]
) -> None:
    written(way)
    leave(way, "union.signatory", "union.officer")

    with pytest.raises(NotAllowed):
        submit(way.hours(1), "union.officer")


def test_letters_of_the_role_come_to_the_substitute(
    way: Way, people: dict[str, User], colleague: User
) -> None:
    way.register()
    leave(way, "union.signatory", "union.colleague")
    way.hours(2).open("lsg-union", left_out={"cities": "Шаарларга тиешеси жок."})
    way.working_days(1).acknowledge("lsg-union").working_days(3).write("lsg-union", "agree")

    told = OutboxMessage.objects.filter(template="reviews.opinion_ready")
    assert {letter.recipient for letter in told} == {people["union.signatory"], colleague}


def test_the_protocol_names_the_substitute_and_for_whom(
    way: Way, people: dict[str, User], read_at: Callable
) -> None:
    acts._met(way).hours(1)
    way.fix("lsg-union")
    leave(way, "finance.signatory", "finance.drafter")
    protocol = way.protocol("lsg-union")
    with way.hours(1).now("finance.drafter") as (drafter,):
        organizations.accept_rules(
            actor=drafter,
            organization_id=Organization.objects.get(code="minfin").pk,
            version=protocols.RULES_VERSION,
            at=way.at,
        )
        page = f"/ru/protocols/{protocol.number}/"
    assert "Вы действуете как замещающий, замещаете: Гүлнара Осмонова" in read_at(
        way, page, by=people["finance.drafter"]
    )
    with way.now("finance.drafter") as (drafter,):
        protocols.sign_protocol(
            actor=drafter, protocol_id=protocol.pk, content_hash=protocol.content_hash, at=way.at
        )

    way.sign("lsg-union", "association")

    text = printed(protocol.number, way)
    assert "Айбек Токтосунов" in text
    assert "замещает: Гүлнара Осмонова, Заместитель министра" in text
    assert "кимдин ордуна: Гүлнара Осмонова" in text
    assert "замещает: Гүлнара Осмонова" in read_at(way, page)
    line = JournalEntry.objects.get(action="protocol.signed", actor=people["finance.drafter"])
    assert line.data["for"] == people["finance.signatory"].pk
    other = JournalEntry.objects.get(action="protocol.signed", actor=people["union.signatory"])
    assert "for" not in other.data


def test_after_the_leave_the_signature_keeps_what_it_was_and_the_right_is_gone(
    way: Way, people: dict[str, User], colleague: User, read_at: Callable
) -> None:
    written(way)
    named = leave(way, "union.signatory", "union.colleague")
    receipt = submit(way.hours(1), "union.colleague")

    with way.hours(1).now("union.signatory") as (signatory,):
        organizations.withdraw_substitution(actor=signatory, substitution_id=named.pk, at=way.at)

    assert "замещает: Чолпон Бейшеналиева" in read_at(way, f"/ru/receipts/{receipt.number}/")
    with way.hours(1).now("union.colleague") as (person,), pytest.raises(NotAllowed):
        remark = way.remarks("lsg-union")[0]
        reviews.withdraw_remark(actor=person, remark_id=remark.pk, at=way.at)
