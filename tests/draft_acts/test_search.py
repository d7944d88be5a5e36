"""Search by word forms: Russian by the database's dictionary, Kyrgyz by stems, titles in spite of a misspelling."""

from datetime import timedelta

import pytest

from apps.draft_acts import search, services
from apps.draft_acts.models import DraftAct

from .conftest import AT, YES, upload_both

FORMS = [
    "мыйзам мыйзамдын мыйзамга мыйзамды мыйзамда мыйзамдан мыйзамдар мыйзамдарынын мыйзамы мыйзамына мыйзамында",
    "бюджет бюджети бюджеттин бюджетинин бюджетке бюджеттердин бюджеттери бюджетине бюджетинен",
    "берене беренеси беренесинин беренелер беренеге беренеде беренелери беренесине",
    "кеңеш кеңештин кеңеши кеңештер кеңешинин кеңешке",
    "өкмөт өкмөтү өкмөтүнүн өкмөткө",
    "башкаруу башкаруунун башкарууга башкаруусу башкаруусунун",
    "орган органдар органдары органдарынын органы",
    "салык салыгы салыктар салыктын",
    "суу сууну суунун",
]


@pytest.mark.parametrize("forms", FORMS, ids=lambda forms: forms.split()[0])
def test_forms_of_a_kyrgyz_word_share_a_stem(forms: str) -> None:
    assert len({search.kyrgyz_stem(word) for word in forms.split()}) == 1


def test_different_words_keep_different_stems() -> None:
    words = [forms.split()[0] for forms in FORMS]

    assert len({search.kyrgyz_stem(word) for word in words}) == len(words)


def found(words: str, language: str | None = None) -> list[str | None]:
    return [
        act.number for act in search.query(DraftAct.objects.public(), words, language).order_by("-rank", "id")
    ]


@pytest.mark.parametrize(
    "words",
    [
        "местных бюджетов",
        "кенешем",
        "Жергиликтүү бюджеттердин",
        "айылдык кеңештеринин",
        "местном бютжете",  # a misspelling
        "жергиликтуу",  # typed without a Kyrgyz keyboard
        "жepгиликтүү бюджeттep",  # with Latin letters in it
        "жергиликт\u04b1\u04b1 ке\u04a5ештер",  # with letters that look like ү and ң
        "2026-0001",
        "№ 2026-00",
        "БЮДЖЕТ",
    ],
)
def test_a_registered_act_is_found(registered: DraftAct, words: str) -> None:
    assert found(words) == [registered.number]


@pytest.mark.parametrize("words", ["водный кодекс", "суу", "2027-0001", "' OR 1=1 --", "%", "& | ! :*"])
def test_other_words_find_nothing_or_harm_nothing(registered: DraftAct, words: str) -> None:
    assert found(words) in ([], [registered.number])
    assert words in {"%", "& | ! :*"} or found(words) == []


def test_no_words_leave_the_list_as_it_is(registered: DraftAct) -> None:
    assert found("   ") == [registered.number]


def test_an_act_being_prepared_has_nothing_to_be_found_by(complete: DraftAct) -> None:
    complete.refresh_from_db()

    assert complete.search_ky is None
    assert complete.search_ru is None
    assert complete.search_plain == ""


def test_the_title_counts_more_than_the_text(cast, registered: DraftAct) -> None:
    other = services.create_act(actor=cast.drafter, initiator_id=cast.finance.pk, kind="law", at=AT)
    services.save_act(
        actor=cast.drafter, act_id=other.pk, edit_version=1,
        fields={"title_ky": "Айылдык кеңеш жөнүндө", "title_ru": "О полномочиях айылных кенешей"}, at=AT,
    )  # fmt: skip
    upload_both(cast.drafter, other)
    other = services.register(actor=cast.signatory, act_id=other.pk, scope=YES, at=AT + timedelta(hours=1))

    assert found("кенеш") == [other.number, registered.number]


def test_one_language_can_be_asked_for(registered: DraftAct) -> None:
    assert found("утверждает", "ru") == [registered.number]
    assert found("утверждает", "ky") == []
