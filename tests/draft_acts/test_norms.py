"""Reference norms: found, decided, added by hand, carried over, frozen, shown."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from apps.audit.models import JournalEntry
from apps.core.errors import InvalidInput, NotAllowed
from apps.draft_acts import services
from apps.draft_acts.enums import NormState
from apps.draft_acts.models import DraftAct, DraftActVersion, ReferenceNorm

from .conftest import AT, TITLES, YES, client_of

KY = """КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МЫЙЗАМЫ

Жергиликтүү бюджет жөнүндө

1-берене. Максаты
Бул Мыйзам айылдык кеңештердин бюджеттик ыйгарым укуктарын аныктайт.

2-берене. Эсептөө
1. Трансферттерди эсептөө тартиби Министрлер Кабинети тарабынан бекитилет.
2. Айыл өкмөтү бюджеттин долбоорун даярдайт.
"""
RU = """ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ

О местном бюджете

Статья 1. Цель
Настоящий Закон определяет бюджетные полномочия айылных кенешей.

Статья 2. Расчёт
1. Порядок расчёта трансфертов утверждается Кабинетом Министров.
2. Айыл окмоту готовит проект бюджета.
"""


def put(cast: SimpleNamespace, act: DraftAct, **texts: str) -> None:
    for language, text in texts.items():
        services.upload_text(
            actor=cast.drafter,
            act_id=act.pk,
            language=language,
            data=text.encode(),
            filename=f"{language}.txt",
            at=AT,
        )
        services.confirm_text(actor=cast.drafter, act_id=act.pk, language=language, at=AT)


def decide(cast: SimpleNamespace, act: DraftAct, decision: str, reason: str = "", number: int = 1) -> None:
    services.decide_norms(
        actor=cast.drafter,
        act_id=act.pk,
        numbers=[number],
        decision=decision,
        reason=reason,
        lang="ru",
        at=AT,
    )


@pytest.fixture
def bill(cast: SimpleNamespace, act: DraftAct) -> DraftAct:
    """A bill in preparing that leaves the procedure of transfers to the Cabinet."""
    act = services.save_act(
        actor=cast.drafter, act_id=act.pk, edit_version=act.edit_version, fields=TITLES, at=AT
    )
    put(cast, act, ky=KY, ru=RU)
    return act


@pytest.fixture
def public_bill(cast: SimpleNamespace, bill: DraftAct) -> DraftAct:
    decide(cast, bill, "confirmed")
    return services.register(actor=cast.signatory, act_id=bill.pk, scope=YES, at=AT)


def test_a_norm_is_found_when_a_text_is_confirmed_level_in_both_languages(bill: DraftAct) -> None:
    norm = ReferenceNorm.objects.get(version__act=bill)

    assert (norm.eid, norm.authority, norm.state, norm.origin) == (
        "art_2__para_1", "cabinet", "found", "portal",
    )  # fmt: skip
    assert "Министрлер Кабинети" in norm.phrase_ky
    assert "Кабинетом Министров" in norm.phrase_ru
    text = bill.versions.get().provisions.get(eid=norm.eid)
    assert text.text_ru[norm.start_ru :].startswith(norm.phrase_ru)
    assert norm.why


def test_strangers_find_no_page_and_may_not_decide(cast: SimpleNamespace, bill: DraftAct) -> None:
    for who in ("other_drafter", "officer", "coordinator", "auditor", "administrator"):
        page = client_of(getattr(cast, who)).get(reverse("act_prepare_norms", args=[bill.token]))
        assert page.status_code == 404, who
        with pytest.raises(NotAllowed):
            services.decide_norms(
                actor=getattr(cast, who), act_id=bill.pk, numbers=[1], decision="confirmed", reason="",
                lang="ru", at=AT,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "decision", "reason", "field"),
    [([1], "dismissed", " ", "reason"), ([], "confirmed", "", "norms"), ([7], "confirmed", "", "norms"),
     ([1], "forgotten", "", "decision"), ([1], "confirmed", "а" * 2001, "reason")],
)  # fmt: skip
def test_a_decision_without_what_it_needs_is_refused(
    cast: SimpleNamespace, bill: DraftAct, numbers: list[int], decision: str, reason: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.decide_norms(
            actor=cast.drafter, act_id=bill.pk, numbers=numbers, decision=decision, reason=reason, lang="ru",
            at=AT,
        )  # fmt: skip

    assert set(refusal.value.fields) == {field}
    assert ReferenceNorm.objects.get().state == NormState.FOUND


def test_a_decision_is_journaled_and_the_same_again_changes_nothing(
    cast: SimpleNamespace, bill: DraftAct
) -> None:
    decide(cast, bill, "dismissed", "Порядок уже утверждён.")
    decide(cast, bill, "dismissed", "Порядок уже утверждён.")

    norm = ReferenceNorm.objects.get()
    entries = JournalEntry.objects.filter(action="norm.dismissed_unpublished")
    assert (norm.state, norm.reason, norm.decided_by) == ("dismissed", "Порядок уже утверждён.", cast.drafter)
    assert [entry.data["number"] for entry in entries] == ["1"]
    assert "утверждён" not in str(entries[0].data), "no free text in the journal"


def test_a_decision_stays_where_provision_and_phrase_are_the_same(
    cast: SimpleNamespace, bill: DraftAct
) -> None:
    decide(cast, bill, "dismissed", "Порядок уже утверждён.")

    put(cast, bill, ru=RU.replace("готовит проект", "разрабатывает проект"))
    kept = ReferenceNorm.objects.get()
    put(cast, bill, ru=RU.replace("утверждается Кабинетом", "и сроки утверждаются Кабинетом"))
    changed = ReferenceNorm.objects.get()

    assert (kept.state, kept.reason) == ("dismissed", "Порядок уже утверждён.")
    assert (changed.state, changed.reason) == ("found", "")


def test_a_text_that_is_mended_is_looked_at_again(cast: SimpleNamespace, bill: DraftAct) -> None:
    """Renumbered, the article has another address: the norm is found there."""
    version = bill.versions.get()
    text = version.texts.get(language="ru")
    assert text.screened["norms"]

    services.mend_text(
        actor=cast.drafter, act_id=bill.pk, language="ru", step=None, at=AT,
        operation={"do": "renumber", "eid": "art_2", "number": "7"},
    )  # fmt: skip

    text.refresh_from_db()
    assert text.screened is None
    services.confirm_text(actor=cast.drafter, act_id=bill.pk, language="ru", at=AT)
    text.refresh_from_db()
    assert {norm["eid"] for norm in text.screened["norms"]} == {"art_7__para_1"}


def test_a_norm_added_by_hand_stands_in_its_provision(cast: SimpleNamespace, bill: DraftAct) -> None:
    stated = {"eid": "art_2__para_2", "language": "ru", "phrase": "готовит проект бюджета",
              "authority": "ministry_or_authorised_body"}  # fmt: skip

    for wrong in ({"phrase": "нет таких слов"}, {"eid": "art_9"}, {"authority": "x"}, {"phrase": ""}):
        with pytest.raises(InvalidInput):
            services.add_norm(actor=cast.drafter, act_id=bill.pk, stated=stated | wrong, lang="ru", at=AT)
    norm = services.add_norm(actor=cast.drafter, act_id=bill.pk, stated=stated, lang="ru", at=AT)
    with pytest.raises(InvalidInput):
        services.add_norm(actor=cast.drafter, act_id=bill.pk, stated=stated, lang="ru", at=AT)

    assert (norm.state, norm.origin, norm.number) == ("confirmed", "hand", 2)
    put(cast, bill, ru=RU.replace("готовит проект", "составляет проект"))
    assert not ReferenceNorm.objects.filter(origin="hand").exists(), "its words are gone"
    assert JournalEntry.objects.filter(action="norms.found").latest("seq").data["lost"] == 1


def test_norms_of_a_public_version_keep_their_place_and_may_still_be_decided(
    cast: SimpleNamespace, public_bill: DraftAct
) -> None:
    decide(cast, public_bill, "dismissed", "Порядок уже утверждён.")
    norm = ReferenceNorm.objects.get()

    for change in ({"phrase_ru": "другое"}, {"eid": "art_1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReferenceNorm.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        norm.delete()
    assert JournalEntry.objects.filter(action="norm.dismissed", act_id=public_bill.pk).exists()


def test_once_the_consultation_is_open_nothing_moves(cast: SimpleNamespace, public_bill: DraftAct) -> None:
    DraftAct.objects.filter(pk=public_bill.pk).update(state="in_consultation")

    with pytest.raises(services.NormsAreSettled):
        decide(cast, public_bill, "dismissed", "Поздно.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferenceNorm.objects.update(state="dismissed", reason="Поздно.")
    page = client_of(cast.drafter).get(reverse("act_prepare_norms", args=[public_bill.token]))
    assert page.status_code == 200
    assert b'name="decision"' not in page.content


def test_a_new_version_begins_with_the_decisions(cast: SimpleNamespace, public_bill: DraftAct) -> None:
    version = services.new_version(actor=cast.drafter, act_id=public_bill.pk, at=AT)

    assert version.norms.get().state == NormState.CONFIRMED
    services.discard_version(actor=cast.drafter, act_id=public_bill.pk, at=AT)
    assert ReferenceNorm.objects.count() == 1


def test_a_text_confirmed_before_the_portal_looked_is_looked_at_in_the_next_version(
    cast: SimpleNamespace, public_bill: DraftAct
) -> None:
    services.new_version(actor=cast.drafter, act_id=public_bill.pk, at=AT)
    version = DraftActVersion.objects.get(frozen_at=None)
    version.norms.all().delete()
    version.texts.update(screened=None)
    services.publish_version(actor=cast.signatory, act_id=public_bill.pk, at=AT)

    newer = services.new_version(actor=cast.drafter, act_id=public_bill.pk, at=AT)

    assert newer.norms.get().eid == "art_2__para_1"


def test_the_drafter_decides_on_several_in_one_form(cast: SimpleNamespace, bill: DraftAct) -> None:
    page, drafter = reverse("act_prepare_norms", args=[bill.token]), client_of(cast.drafter)

    refused = drafter.post(page, {"norms": ["1"], "decision": "dismissed", "reason": ""})
    taken = drafter.post(page, {"norms": ["1"], "decision": "dismissed", "reason": "Уже есть."})

    assert refused.status_code == 400
    assert 'value="1" checked' in refused.content.decode()
    assert taken.status_code == 302
    assert ReferenceNorm.objects.get().reason == "Уже есть."


def test_everybody_sees_the_norms_of_a_public_act_marked_in_its_text(
    cast: SimpleNamespace, public_bill: DraftAct
) -> None:
    nobody = Client()
    text = nobody.get(f"/ru/acts/{public_bill.number}/text/").content.decode()
    page = nobody.get(f"/ru/acts/{public_bill.number}/norms/").content.decode()

    norm = ReferenceNorm.objects.get()
    assert text.count('<mark class="mk-norm">') == 2
    assert f"#norm-{norm.number}" in text
    assert norm.phrase_ru.replace(" ", " ")[:10] in text
    assert "Статья 2, часть 1" in page
    assert reverse("act_prepare_norms", args=[public_bill.token]) not in page

    decide(cast, public_bill, "dismissed", "Порядок уже <утверждён>.")
    assert "mk-norm" not in nobody.get(f"/ru/acts/{public_bill.number}/text/").content.decode()
    assert (
        "Порядок уже &lt;утверждён&gt;."
        in nobody.get(f"/ru/acts/{public_bill.number}/norms/").content.decode()
    )


def test_the_api_gives_norms_of_public_versions_only(cast: SimpleNamespace, bill: DraftAct) -> None:
    address = f"/api/v1/acts/{bill.token}/versions/1/norms/"
    assert Client().get(address).status_code == 404
    assert client_of(cast.drafter).get(address).json()["results"][0]["state"] == "found"

    decide(cast, bill, "confirmed")
    act = services.register(actor=cast.signatory, act_id=bill.pk, scope=YES, at=AT)

    (row,) = Client().get(f"/api/v1/acts/{act.number}/versions/1/norms/").json()["results"]
    assert (row["number"], row["eid"], row["state"]) == (1, "art_2__para_1", "confirmed")
    assert Client().get(row["url"]).json() == row
