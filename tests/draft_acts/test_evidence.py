"""The evidence of the scope: what the portal found stands beside each question, and a "no" against it has its reason."""

import hashlib
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from apps.audit.models import JournalEntry
from apps.core.errors import InvalidInput
from apps.draft_acts import evidence, selectors, services
from apps.draft_acts.models import DraftAct, ScopeStatement

from .conftest import AT, KY, NO, RU, YES, client_of

MORE_KY = """3-берене. Каржылоо
1. Республикалык бюджеттен жергиликтүү бюджеттерге теңдөөчү трансферттер берилет.
2. Айрым мамлекеттик ыйгарым укуктар жергиликтүү өз алдынча башкаруу органдарына өткөрүлүп берилет.

4-берене."""
MORE_RU = """Статья 3. Финансирование
1. Из республиканского бюджета местным бюджетам предоставляются выравнивающие трансферты.
2. Отдельные государственные полномочия делегируются органам местного самоуправления.

Статья 4."""
FORM = {
    "touches_lsg": "yes",
    "where": "Статьи 1 и 2",
    "touches_inter_budget": "no",
    "touches_delegated_powers": "no",
}
BARE = {**NO, "reason": "", "reason_inter_budget": "", "reason_delegated_powers": ""}


def give(act: DraftAct, cast: SimpleNamespace, ky: str, ru: str) -> None:
    for language, text in (("ky", ky), ("ru", ru)):
        services.upload_text(
            actor=cast.drafter,
            act_id=act.pk,
            language=language,
            data=text.encode(),
            filename=f"{language}.txt",
            at=AT,
        )
        services.confirm_text(actor=cast.drafter, act_id=act.pk, language=language, at=AT)


@pytest.fixture
def telling(cast: SimpleNamespace, complete: DraftAct) -> DraftAct:
    """An act whose texts speak of local self-government, of money between budgets and of powers handed over."""
    give(complete, cast, KY.replace("3-берене.", MORE_KY), RU.replace("Статья 3.", MORE_RU))
    return complete


def sign(cast: SimpleNamespace, act: DraftAct, **scope: Any) -> ScopeStatement:
    services.register(actor=cast.signatory, act_id=act.pk, scope={**YES, **scope}, at=AT)
    return ScopeStatement.objects.get(act=act)


def refused(cast: SimpleNamespace, act: DraftAct, scope: dict[str, Any]) -> set[str]:
    with pytest.raises(InvalidInput) as refusal:
        services.register(actor=cast.signatory, act_id=act.pk, scope=scope, at=AT)
    return set(refusal.value.fields)


# --- what was found --------------------------------------------------------------------------------------


def test_both_languages_stand_level_by_provision_in_the_order_of_the_text(telling: DraftAct) -> None:
    found = evidence.of_version(selectors.current_version(telling))

    assert found is not None
    assert [row["eid"] for row in found["concerns_lsg"]] == [
        "preamble", "art_1", "art_2__para_1", "art_2__para_2", "art_3__para_1", "art_3__para_2",
    ]  # fmt: skip
    assert found["inter_budget"] == [
        {
            "eid": "art_3__para_1",
            "phrase_ky": "теңдөөчү трансферттер",
            "rule_ky": "budget_movement",
            "phrase_ru": "выравнивающие трансферты",
            "rule_ru": "budget_movement",
        }
    ]
    assert [row["eid"] for row in found["delegated_powers"]] == ["art_3__para_2"]


def test_a_provision_of_one_language_keeps_its_place_and_an_empty_phrase() -> None:
    place = {"phrase": "местный бюджет", "rule": "lsg_matter"}
    seen = {
        "ky": {"concerns_lsg": [{"eid": "art_2", "phrase": "айылдык кеңеш", "rule": "lsg_body"}]},
        "ru": {"concerns_lsg": [{"eid": "art_1", **place}, {"eid": "art_9", **place}]},
    }

    found = evidence.level(seen, {"art_1": 0, "art_2": 1})

    rows = found["concerns_lsg"]
    assert [row["eid"] for row in rows] == ["art_1", "art_2", "art_9"]
    assert (rows[0]["phrase_ky"], rows[1]["phrase_ru"]) == ("", "")
    assert evidence.counts(found) == {"concerns_lsg": 3, "inter_budget": 0, "delegated_powers": 0}


# --- the refusal -----------------------------------------------------------------------------------------


def test_a_no_against_the_evidence_needs_a_reason_for_each_topic(
    cast: SimpleNamespace, telling: DraftAct
) -> None:
    assert refused(cast, telling, BARE) == {"reason", "reason_inter_budget", "reason_delegated_powers"}
    assert refused(cast, telling, {**BARE, "reason": "Нет.", "reason_inter_budget": "Нет."}) == {
        "reason_delegated_powers"
    }
    assert not ScopeStatement.objects.exists()


def test_where_nothing_was_found_a_no_needs_no_reason(cast: SimpleNamespace, complete: DraftAct) -> None:
    signed = sign(cast, complete, touches_inter_budget=False, touches_delegated_powers=False)

    assert signed.found_lsg == 4
    assert (signed.found_inter_budget, signed.found_delegated_powers) == (0, 0)


@pytest.mark.parametrize("answer", ["touches_inter_budget", "touches_delegated_powers"])
@pytest.mark.parametrize("said", [None, "yes", 1])
def test_every_question_is_answered(
    cast: SimpleNamespace, telling: DraftAct, answer: str, said: object
) -> None:
    assert refused(cast, telling, {**YES, answer: said}) == {answer}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ky", "бюджеттер аралык мамилелер тууралуу"),
        ("ru", "о межбюджетных отношениях в"),
        ("en", "about inter-budget relations in"),
    ],
)
def test_the_refusal_names_the_topic_in_the_language_of_the_reader(
    cast: SimpleNamespace, telling: DraftAct, language: str, words: str
) -> None:
    client = client_of(cast.signatory)
    with override(language):
        page = reverse("act_register", args=[telling.token])

    answer = client.post(page, FORM | {"reason_delegated_powers": "Ыйгарым укук өткөрүлбөйт."})

    html = answer.content.decode().replace("\u00a0", " ")
    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {"reason_inter_budget"}
    assert words in html
    assert "Ыйгарым укук өткөрүлбөйт." in html, "nothing typed is lost"
    assert "Статьи 1 и 2" in html


# --- what is kept ----------------------------------------------------------------------------------------


def test_reasons_and_evidence_are_signed_together(cast: SimpleNamespace, telling: DraftAct) -> None:
    signed = sign(cast, telling, touches_inter_budget=False, reason_inter_budget="Только пример.")

    said = json.loads(signed.canonical)
    telling.refresh_from_db()
    assert signed.hash == hashlib.sha256(signed.canonical.encode()).hexdigest()
    assert said["act"] == telling.number
    assert said["text_hash"] == selectors.current_version(telling).text_hash != ""
    assert said["answers"]["touches_inter_budget"] is False
    assert said["answers"]["reason_inter_budget"] == "Только пример."
    assert said["evidence"] == signed.evidence
    assert said["evidence"]["inter_budget"][0]["phrase_ru"] == "выравнивающие трансферты"
    entry = JournalEntry.objects.get(action="act.registered")
    assert entry.data["scope_hash"] == signed.hash


def test_another_reason_gives_another_hash(cast: SimpleNamespace, telling: DraftAct) -> None:
    hashes = set()
    for reason in ("Первая.", "Вторая."):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            hashes.add(sign(cast, telling, touches_inter_budget=False, reason_inter_budget=reason).hash)
            raise ZeroDivisionError

    assert len(hashes) == 2


def test_the_evidence_stays_as_it_was_signed_when_a_later_text_says_less(
    cast: SimpleNamespace, telling: DraftAct
) -> None:
    before = sign(cast, telling, touches_inter_budget=False, reason_inter_budget="Только пример.").evidence
    services.new_version(actor=cast.drafter, act_id=telling.pk, at=AT)
    give(telling, cast, KY, RU)
    services.publish_version(actor=cast.signatory, act_id=telling.pk, at=AT)
    telling.refresh_from_db()

    now = evidence.of_version(selectors.current_version(telling))
    shown = {topic.topic: topic for topic in evidence.stated(telling)}

    assert now is not None
    assert not now["inter_budget"]
    assert ScopeStatement.objects.get(act=telling).evidence == before
    assert [place.eid for place in shown["inter_budget"].first] == ["art_3__para_1"]
    assert "/v1/" in shown["inter_budget"].first[0].url, "it leads to the version that was signed"
    assert Client().get(shown["inter_budget"].first[0].url).status_code == 302
    with pytest.raises(DatabaseError), transaction.atomic():
        ScopeStatement.objects.filter(act=telling).update(evidence=now)


EVIDENCE = {
    "concerns_lsg": [],
    "inter_budget": [{"eid": "art_1"}],
    "delegated_powers": [{"eid": "art_1"}, {"eid": "art_2"}],
}
WHOLE = {
    "touches_lsg": True,
    "where": "1",
    "touches_inter_budget": False,
    "reason_inter_budget": "Нет.",
    "touches_delegated_powers": False,
    "reason_delegated_powers": "Нет.",
    "found_inter_budget": 1,
    "found_delegated_powers": 2,
    "evidence": EVIDENCE,
    "canonical": "{}",
    "hash": "a" * 64,
}


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"reason_inter_budget": ""}, "scope_no_against_evidence"),
        ({"reason_delegated_powers": ""}, "scope_no_against_evidence"),
        ({"touches_delegated_powers": None}, "scope_signed_is_whole"),
        ({"hash": ""}, "scope_signed_is_whole"),
        ({"canonical": ""}, "scope_signed_is_whole"),
        ({"found_inter_budget": 0, "reason_inter_budget": ""}, "scope_evidence_is_counted"),
        ({"found_lsg": 1}, "scope_evidence_is_counted"),
        ({"evidence": None}, "scope_evidence_is_counted"),
        ({"touches_lsg": False}, "scope_no_has_reason"),
    ],
)
def test_the_database_refuses_a_statement_that_goes_round_the_service(
    cast: SimpleNamespace, act: DraftAct, wrong: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ScopeStatement.objects.create(act=act, signed_by=cast.signatory, signed_at=AT, **{**WHOLE, **wrong})

    assert ScopeStatement.objects.create(act=act, signed_by=cast.signatory, signed_at=AT, **WHOLE).pk


# --- what is shown ---------------------------------------------------------------------------------------


def test_the_signatory_sees_what_was_found_beside_each_question(
    cast: SimpleNamespace, telling: DraftAct
) -> None:
    page = client_of(cast.signatory).get(f"/en/acts/prepare/{telling.token}/register/")

    html = page.content.decode().replace("\u00a0", " ")
    assert "The portal found words about it in 6 provisions" in html
    assert "3 more provisions" in html
    assert '<mark class="mk-norm">выравнивающие трансферты</mark>' in html
    assert "предоставляются <mark" in html, "the words stand in their sentence"
    assert "Money moves between the republican and local budgets" in html
    assert f"{reverse('act_text_check', args=[telling.token, 'ru'])}#art_3__para_1".split("/", 2)[2] in html
    assert list(page.context["form"].fields)[:6] == [
        "touches_lsg", "where", "reason", "touches_inter_budget", "reason_inter_budget", "touches_delegated_powers",
    ]  # fmt: skip


def test_where_no_words_were_found_the_page_says_that_it_is_no_proof(
    cast: SimpleNamespace, complete: DraftAct
) -> None:
    page = client_of(cast.signatory).get(f"/en/acts/prepare/{complete.token}/register/")

    assert page.content.decode().count("That is no proof that there is nothing.") == 2
    assert "reason_inter_budget" not in page.context["form"].fields


def test_the_page_of_the_statement_takes_as_many_queries_for_a_longer_text(
    cast: SimpleNamespace, telling: DraftAct, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = selectors.current_version(telling)

    with django_assert_num_queries(3):
        found = evidence.preparing(telling, version)

    assert [topic.count for topic in found] == [6, 1, 1]


def test_everybody_reads_answers_reasons_and_evidence(cast: SimpleNamespace, telling: DraftAct) -> None:
    signed = sign(
        cast, telling, touches_delegated_powers=False, reason_delegated_powers="Повтор действующей нормы."
    )
    telling.refresh_from_db()

    html = Client().get(f"/en/acts/{telling.number}/").content.decode().replace("\u00a0", " ")
    said = Client().get(f"/api/v1/acts/{telling.number}/").json()["scope"]

    assert "Повтор действующей нормы." in html
    assert "When this was signed, the portal had found words about it in 1 provision" in html
    assert "Отдельные государственные полномочия</mark>" in html
    assert f"/en/acts/{telling.number}/v1/art_3__para_2/" in html or "art_3__para_2" in html
    assert said["reason_delegated_powers"] == "Повтор действующей нормы."
    assert said["evidence"] == signed.evidence
    assert (said["canonical"], said["hash"]) == (signed.canonical, signed.hash)


def test_the_evidence_of_an_act_in_preparing_is_there_for_its_own_people_only(
    cast: SimpleNamespace, telling: DraftAct
) -> None:
    page = f"/ru/acts/prepare/{telling.token}/register/"

    for stranger in (cast.other_signatory, cast.officer, cast.coordinator, cast.auditor, cast.administrator):
        answer = client_of(stranger).get(page)
        assert answer.status_code == 404
        assert "трансферты" not in answer.content.decode()
    assert Client().get(page).status_code == 404
    assert client_of(cast.other_signatory).get(f"/api/v1/acts/{telling.token}/").status_code == 404


def test_a_statement_older_than_the_evidence_is_shown_without_it(
    cast: SimpleNamespace, act: DraftAct
) -> None:
    ScopeStatement.objects.create(
        act=act, touches_lsg=True, where="1", signed_by=cast.signatory, signed_at=AT
    )

    assert not any(topic.looked_at for topic in evidence.stated(act))
