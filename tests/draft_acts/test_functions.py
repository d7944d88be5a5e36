"""The function card: filled in before registration, asked for by the procedure, frozen with the version, shown."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from apps.core.errors import InvalidInput, NotAllowed
from apps.deadlines import selectors as deadlines
from apps.draft_acts import conditions, functions, services
from apps.draft_acts.models import CardFunction, DraftAct, NoFunction

from .conftest import AT, RU, YES, client_of

MOVES = {
    "eid": "art_2__para_2",
    "change": "moves",
    "function": "Подготовка проекта местного бюджета",
    "holder_before": "Министерство финансов",
    "holder_after": "айыл окмоту",
    "power": "delegated",
    "source": "",
    "yearly_som": 38_000_000,
}


def enter(cast: SimpleNamespace, act: DraftAct, **changes: Any) -> CardFunction:
    return services.save_function(actor=cast.drafter, act_id=act.pk, stated=MOVES | changes, lang="ru", at=AT)


def test_strangers_neither_see_nor_fill_the_card(cast: SimpleNamespace, complete: DraftAct) -> None:
    for who in ("other_drafter", "officer", "coordinator", "auditor", "administrator"):
        assert (
            client_of(getattr(cast, who))
            .get(reverse("act_prepare_functions", args=[complete.token]))
            .status_code
            == 404
        )
        with pytest.raises(NotAllowed):
            services.save_function(
                actor=getattr(cast, who), act_id=complete.pk, stated=MOVES, lang="ru", at=AT
            )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"function": " "}, "function"),
        ({"change": "x"}, "change"),
        ({"change": "creates", "holder_after": ""}, "holder_after"),
        ({"change": "removes", "holder_before": ""}, "holder_before"),
        ({"holder_after": "Министерство финансов"}, "holder_after"),
        ({"power": ""}, "power"),
        ({"eid": "art_9"}, "eid"),
        ({"yearly_som": None}, "yearly_som"),
        ({"yearly_som": -1}, "yearly_som"),
        ({"yearly_som": 10**15 + 1}, "yearly_som"),
        ({"yearly_som": 1.5}, "yearly_som"),
        ({"source": "а" * 501}, "source"),
    ],
)
def test_a_function_without_what_it_needs_is_refused(
    cast: SimpleNamespace, complete: DraftAct, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        enter(cast, complete, **change)

    assert set(refusal.value.fields) == {field}


def test_a_card_names_functions_or_says_that_there_is_none(cast: SimpleNamespace, complete: DraftAct) -> None:
    def none() -> NoFunction:
        return services.state_no_function(
            actor=cast.drafter, act_id=complete.pk, reason="Функции не меняются.", lang="ru", at=AT
        )

    none()
    row = enter(cast, complete)
    assert not NoFunction.objects.exists()
    with pytest.raises(InvalidInput):
        none()
    with pytest.raises(IntegrityError), transaction.atomic():
        NoFunction.objects.create(
            version=row.version, reason="x", lang="ru", entered_at=AT, entered_by=cast.drafter
        )
    services.remove_function(actor=cast.drafter, act_id=complete.pk, number=row.number, at=AT)
    assert none().reason == "Функции не меняются."


def test_the_procedure_asks_for_the_card_and_a_file_does_not_do(
    cast: SimpleNamespace, complete: DraftAct
) -> None:
    version = complete.versions.get()
    newer = deadlines.current_template(at=AT.replace(year=2027))

    def lacks() -> list[str]:
        return [unmet.code for unmet in conditions.unmet_papers_of(complete, version, newer)]

    services.add_attachment(
        actor=cast.drafter, act_id=complete.pk, paper="function_card", data=b"x", filename="x.txt", at=AT
    )
    assert lacks() == ["no_function_card"]
    enter(cast, complete)
    assert lacks() == []

    services.upload_text(
        actor=cast.drafter, act_id=complete.pk, language="ru", filename="ru.txt", at=AT,
        data=RU.replace("2. Айыл окмоту готовит проект бюджета.\n", "").encode(),
    )  # fmt: skip
    services.upload_text(
        actor=cast.drafter, act_id=complete.pk, language="ky", filename="ky.txt", at=AT, data=RU.encode()
    )
    services.upload_text(
        actor=cast.drafter, act_id=complete.pk, language="ky", filename="ky.txt", at=AT,
        data=RU.replace("2. Айыл окмоту готовит проект бюджета.\n", "").encode(),
    )  # fmt: skip
    assert "no_function_card" in lacks(), "its provision is not in the text any more"


def test_a_function_without_money_is_ticked_in_the_scope_statement(
    cast: SimpleNamespace, complete: DraftAct
) -> None:
    enter(cast, complete)

    with pytest.raises(InvalidInput) as refusal:
        services.register(actor=cast.signatory, act_id=complete.pk, scope=YES, at=AT)
    page = client_of(cast.signatory).get(reverse("act_register", args=[complete.token]))

    assert set(refusal.value.fields) == {"function_without_money"}
    assert page.context["form"]["function_without_money"].value() is True
    scope = YES | {"function_without_money": True}
    assert services.register(actor=cast.signatory, act_id=complete.pk, scope=scope, at=AT).number


def test_the_card_is_frozen_with_the_version_and_the_next_begins_with_it(
    cast: SimpleNamespace, complete: DraftAct
) -> None:
    row = enter(cast, complete, source="местный бюджет")
    services.register(actor=cast.signatory, act_id=complete.pk, scope=YES, at=AT)

    for wrong in (
        lambda: CardFunction.objects.update(yearly_som=1),
        lambda: CardFunction.objects.all().delete(),
        lambda: CardFunction.objects.create(
            version=row.version, number=2, entered_at=AT, entered_by=cast.drafter, lang="ru", **MOVES
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    with pytest.raises(services.VersionFrozen):
        enter(cast, complete)
    version = services.new_version(actor=cast.drafter, act_id=complete.pk, at=AT)
    assert functions.card(version).rows[0].function.source == "местный бюджет"


def test_no_source_stands_wherever_the_card_is_shown(cast: SimpleNamespace, complete: DraftAct) -> None:
    enter(cast, complete)
    enter(cast, complete, change="removes", holder_after="", function="Учёт скота", source="")
    scope = YES | {"function_without_money": True}
    act = services.register(actor=cast.signatory, act_id=complete.pk, scope=scope, at=AT)

    page = Client().get(f"/ru/acts/{act.number}/").content.decode()
    version = Client().get(f"/api/v1/acts/{act.number}/versions/1/").json()

    assert page.count("Нет источника финансирования") == 1, "a removed function costs nobody anything"
    assert "38\u00a0000\u00a0000" in page
    assert "1 функция без источника" in page
    assert [row["no_source"] for row in version["functions"]] == [True, False]
    assert version["functions"][0]["yearly_som"] == 38_000_000


def test_the_drafter_fills_the_card_on_its_pages(cast: SimpleNamespace, complete: DraftAct) -> None:
    drafter, card = client_of(cast.drafter), reverse("act_prepare_functions", args=[complete.token])
    new = reverse("function_new", args=[complete.token])

    assert drafter.post(reverse("functions_none", args=[complete.token]), {"reason": ""}).status_code == 400
    assert drafter.post(new, MOVES | {"yearly_som": "много"}).status_code == 400
    assert drafter.post(new, MOVES | {"yearly_som": "38 000 000"}).status_code == 302
    edit = reverse("function_edit", args=[complete.token, 1])
    assert "38000000" in drafter.get(edit).content.decode()
    assert drafter.post(edit, MOVES | {"yearly_som": "7"}).status_code == 302
    assert CardFunction.objects.get().yearly_som == 7
    assert drafter.get(card).status_code == 200
    assert drafter.post(reverse("function_remove", args=[complete.token, 1])).status_code == 302
    assert drafter.get(edit).status_code == 404
    assert drafter.post(
        reverse("functions_none", args=[complete.token]), {"reason": "Не меняются."}
    ).status_code == 302  # fmt: skip
    assert functions.card(complete.versions.get()).is_complete
