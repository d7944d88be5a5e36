"""The next draft from accepted proposals: decided, looked at, made; promises are kept by it and remarks keep their place."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from apps.audit.models import JournalEntry
from apps.core.errors import InvalidInput, NotAllowed, VersionConflict
from apps.documents.services import open_file
from apps.draft_acts import services as draft_acts
from apps.draft_acts.models import DraftActVersion
from apps.legal_text import docx_export, provisions, reader
from apps.register.demo import acts
from apps.register.demo.way import Way
from apps.reviews import merging, promises, services
from apps.reviews.enums import PlaceOutcome
from apps.reviews.models import MergeChoice, MergedProvision, RemarkPlace
from tests.way import people, way

__all__ = ["people", "way"]

UNION, CITIES = "lsg-union", "cities"
PART_1, PART_2 = "art_2__para_1", "art_2__para_2"
# The demonstration: №1 on art_2 part 1, partly accepted («… с учётом мнения ассоциаций.»); №2 on part 2, accepted
# («… табигый кырсык болгон учурларды кошпогондо.»); one of the cities on part 2, rejected.
KY_1 = (
    "Теңдөөчү трансферттердин көлөмдөрүн аныктоо тартиби жана мөөнөттөрү ассоциациялардын пикирин эске алуу менен "
    "Министрлер Кабинети тарабынан бекитилет."
)
RU_1 = (
    "Порядок и сроки определения объёмов выравнивающих трансфертов утверждаются Кабинетом Министров с учётом мнения "
    "ассоциаций."
)
KY_2 = "Теңдөөчү трансферттердин көлөмү бюджеттик жылдын ичинде азайтылбайт, табигый кырсык болгон учурларды кошпогондо."
RU_2 = "Объём выравнивающих трансфертов в течение бюджетного года не уменьшается, кроме случаев стихийных бедствий."
CITIES_ACCEPTED = (("accepted", "Срок переносится.", "Местные кенеши получают расчёты до 1 июля."),)


@pytest.fixture
def answered(way: Way) -> Way:
    """A consultation in which every association has its answers."""
    return acts._answered(way)


@pytest.fixture
def disputed(way: Way) -> Way:
    """The same, with two accepted wordings for one provision, in two languages."""
    filed = acts._filed_by_both(way).working_days(5).answer(UNION, acts.ANSWERS).hours(1)
    return filed.answer(CITIES, CITIES_ACCEPTED)


def plan(way: Way) -> merging.Plan:
    return merging.plan(way.act)


def save(
    way: Way, eid: str, *said: tuple[str, str], person: str = "finance.drafter", **fields: Any
) -> MergedProvision:
    """`said`: (decision, reason) of each proposal on the provision, in order."""
    unit = plan(way).unit(eid)
    assert unit is not None
    choices = {p.remark.pk: pair for p, pair in zip(unit.proposals, said, strict=False)}
    typed = {f"wording_{lang}": words for lang, words in unit.typed.items()}
    with way.now(person) as (actor,):
        return services.save_merged(
            actor=actor,
            act_id=way.act.pk,
            eid=eid,
            edit_version=fields.pop("edit_version", unit.edit_version),
            fields={**typed, "choices": choices, "lang": "ru", **fields},
            at=way.at,
        )


def decide_both(way: Way) -> None:
    save(way, PART_1, ("take", ""), wording_ky=KY_1, wording_ru=RU_1)
    save(way, PART_2, ("take", ""), wording_ky=KY_2, wording_ru=RU_2)


def make(way: Way, person: str = "finance.drafter", **more: Any) -> DraftActVersion:
    with way.now(person) as (actor,):
        return services.make_next_draft(
            actor=actor, act_id=way.act.pk, at=way.at, **{"seen": plan(way).seen, **more}
        )


def publish(way: Way) -> None:
    with way.now("finance.drafter", "finance.signatory") as (drafter, signatory):
        for language in ("ky", "ru"):
            draft_acts.confirm_text(actor=drafter, act_id=way.act.pk, language=language, at=way.at)
        services.publish_version(actor=signatory, act_id=way.act.pk, at=way.at)
        way.act.refresh_from_db()


def texts(version: DraftActVersion) -> dict[str, Any]:
    return {text.language: text for text in version.texts.all()}


def said(version: DraftActVersion, eid: str) -> tuple[str, str]:
    provision = version.provisions.get(eid=eid)
    return provision.text_ky, provision.text_ru


def codes(way: Way) -> list[str]:
    return [unmet.code for unmet in merging.unmet(plan(way))]


def test_accepted_wordings_are_listed_by_provision_with_the_words_that_stand_now(answered: Way) -> None:
    found = plan(answered)

    assert [(u.eid, [p.remark.number for p in u.proposals]) for u in found.units] == [
        (PART_1, [1]),
        (PART_2, [2]),
    ]
    assert found.units[1].present["ru"].startswith("Объём выравнивающих")
    assert found.units[1].typed == found.units[1].present  # the wording leaves words out
    assert not found.units[1].conflict


def test_two_wordings_for_one_provision_are_shown_as_a_conflict(disputed: Way) -> None:
    unit = plan(disputed).unit(PART_2)

    assert unit is not None
    assert [p.promise.lang for p in unit.proposals] == ["ky", "ru"]
    assert unit.conflict
    assert unit.proposals[1].fitted == "Местные кенеши получают расчёты до 1 июля."
    assert unit.typed == unit.present  # neither is put in by itself: the drafter brings both together


def test_one_text_for_two_proposals_keeps_the_one_that_stands_and_leaves_the_other_open(
    disputed: Way,
) -> None:
    save(disputed, PART_1, ("leave", "Позже."))
    save(disputed, PART_2, ("take", ""), ("leave", "Срок не изменён."), wording_ky=KY_2, wording_ru=RU_2)
    make(disputed)
    publish(disputed)

    states = {
        (p.review.association.code, p.remark.number): str(p.state) for p in promises.promises(disputed.act)
    }
    assert states[(UNION, 2)] == "kept"
    assert states[(CITIES, 1)] == "changed"


def test_a_whole_wording_is_put_into_its_language_by_itself(way: Way) -> None:
    filed = acts._filed_by_both(way).working_days(5)
    filed.answer(UNION, [("rejected", "Нет.", "")] * 3).hours(1).answer(CITIES, CITIES_ACCEPTED)

    unit = plan(way).unit(PART_2)

    assert unit is not None
    assert not unit.conflict
    assert unit.typed["ru"] == "Местные кенеши получают расчёты до 1 июля."
    assert unit.typed["ky"] == unit.present["ky"]


def test_a_draft_of_both_proposals_keeps_both_promises_and_every_remark_its_place(answered: Way) -> None:
    decide_both(answered)
    before = DraftActVersion.objects.get(act=answered.act)

    version = make(answered.hours(1))

    assert said(version, PART_1) == (KY_1, RU_1)
    assert said(version, PART_2) == (KY_2, RU_2)
    untouched = (
        "eid",
        "position",
        "kind",
        "number",
        "text_ky",
        "text_ru",
        "heading_ky",
        "label_ky",
        "parent_eid",
    )
    others = [v.provisions.exclude(eid__in=[PART_1, PART_2]).order_by("position") for v in (before, version)]
    assert list(others[0].values_list(*untouched)) == list(others[1].values_list(*untouched))
    for text in texts(version).values():
        assert text.confirmed_at is None  # the drafter looks at it as at an upload
        assert text.file.media_type.endswith("wordprocessingml.document")

    publish(answered)

    assert {p.remark.number: p.state for p in promises.promises(answered.act)} == {1: "kept", 2: "kept"}
    assert {p.outcome for p in RemarkPlace.objects.all()} == {PlaceOutcome.CARRIED}
    assert RemarkPlace.objects.count() == 4
    assert plan(answered).units == ()


def test_the_file_of_a_made_text_reads_as_its_provisions(answered: Way) -> None:
    decide_both(answered)

    version = make(answered)

    for text in texts(version).values():
        with open_file(text.file) as file:
            again = reader.read(file.read())
        assert again.provisions == provisions.from_dict(text.read).provisions


def test_the_journal_names_what_was_taken_and_what_was_left(answered: Way) -> None:
    save(answered, PART_1, ("take", ""), wording_ky=KY_1, wording_ru=RU_1)
    save(answered, PART_2, ("leave", "Ждёт закона о бюджете."))

    version = make(answered)

    entry = JournalEntry.objects.get(action="proposals.merged")
    first, second = answered.remarks(UNION)[:2]
    assert entry.data["take"] == [first.pk]
    assert entry.data["leave"] == [second.pk]
    assert entry.data["edit"] == []
    assert entry.data["version"] == version.number == 2
    assert JournalEntry.objects.filter(action="text.uploaded", data__version=2).count() == 2
    assert "Ждёт" not in str(entry.data)

    publish(answered)

    assert {p.remark.number: p.state for p in promises.promises(answered.act)} == {
        1: "kept",
        2: "not_taken_up",
    }
    assert [unit.eid for unit in plan(answered).units] == [PART_2]  # it stays an open promise


def test_one_language_alone_is_refused_until_the_other_is_marked_as_to_be_translated(answered: Way) -> None:
    save(answered, PART_2, ("take", ""), wording_ky=KY_2)
    save(answered, PART_1, ("leave", "Позже."))
    assert codes(answered) == ["other_language"]
    with pytest.raises(services.NotSettled) as refused:
        make(answered)
    assert PART_2 in refused.value.unmet[0].url
    assert DraftActVersion.objects.filter(act=answered.act).count() == 1

    save(answered, PART_2, ("take", ""), wording_ky=KY_2, untranslated=True)
    version = make(answered)

    russian, kyrgyz = texts(version)["ru"], texts(version)["ky"]
    assert next((d["code"], d["eid"]) for d in russian.read["doubts"]) == ("to_translate", PART_2)
    assert russian.confirmed_at is None
    assert "to_translate" not in {d["code"] for d in kyrgyz.read["doubts"]}
    assert said(version, PART_2)[1] != RU_2
    assert said(version, PART_2)[0] == KY_2
    assert JournalEntry.objects.get(action="proposals.merged").data["to_translate"] == {
        "ky": [],
        "ru": [PART_2],
    }


@pytest.mark.parametrize(
    ("choice", "fields", "code"),
    [
        (("", ""), {}, "undecided"),
        (("leave", ""), {}, "no_reason"),
        (("take", ""), {}, "same_words"),
        (("edit", ""), {}, "same_words"),
        (("take", ""), {"wording_ky": "Башка сөздөр.", "wording_ru": RU_2}, "not_as_proposed"),
        (("edit", ""), {"wording_ky": KY_2, "wording_ru": "Одно.\nДругое."}, "too_many_lines"),
        (("edit", ""), {"wording_ky": KY_2, "wording_ru": "3. Другая часть."}, "another_unit"),
        (("edit", ""), {"wording_ky": KY_2, "wording_ru": ""}, "empty"),
    ],
)
def test_what_is_not_settled_is_named_with_its_place(
    answered: Way, choice: tuple[str, str], fields: dict[str, str], code: str
) -> None:
    save(answered, PART_1, ("take", ""), wording_ky=KY_1, wording_ru=RU_1)
    save(answered, PART_2, choice, **fields)

    found = merging.unmet(plan(answered))

    assert code in [unmet.code for unmet in found]
    assert all(unmet.url.endswith(f"#{PART_2}") for unmet in found)
    with pytest.raises(services.NotSettled):
        make(answered)


def test_with_edits_other_words_may_stand_and_the_ledger_says_so(answered: Way) -> None:
    save(answered, PART_1, ("leave", "Позже."))
    save(answered, PART_2, ("edit", ""), wording_ky="Көлөм азайтылбайт.", wording_ru="Объём не уменьшается.")
    make(answered)
    publish(answered)

    assert {p.remark.number: p.state for p in promises.promises(answered.act)}[2] == "changed"
    # However much the words changed, the ministry wrote them for this very provision.
    assert {p.outcome for p in RemarkPlace.objects.all()} == {PlaceOutcome.CARRIED}


def test_only_the_initiators_people_and_only_once_everybody_is_answered(way: Way) -> None:
    acts._filed_by_both(way).working_days(5).answer(UNION, acts.ANSWERS)

    with way.now("water.drafter") as (stranger,), pytest.raises(NotAllowed):
        services.make_next_draft(actor=stranger, act_id=way.act.pk, seen="", at=way.at)
    with pytest.raises(services.AnswersOutstanding):
        save(way, PART_2, ("take", ""))
    with pytest.raises(services.AnswersOutstanding):
        make(way)
    with pytest.raises(NotAllowed):
        save(way, PART_2, ("take", ""), person="union.officer")


def test_what_a_colleague_saved_is_not_written_over(answered: Way) -> None:
    save(answered, PART_2, ("take", ""), wording_ky=KY_2)

    with pytest.raises(VersionConflict) as conflict:
        save(answered, PART_2, ("leave", "Нет."), edit_version=0)

    assert conflict.value.theirs["wording_ky"] == KY_2
    assert conflict.value.theirs["edit_version"] == 1
    assert MergeChoice.objects.get().decision == "take"


def test_a_choice_of_another_remark_or_another_kind_is_refused(answered: Way) -> None:
    foreign = answered.remarks(UNION)[2].pk
    with pytest.raises(InvalidInput):
        save(answered, PART_2, choices={foreign: ("take", "")})
    with pytest.raises(InvalidInput):
        save(answered, PART_2, ("swallow", ""))
    assert not MergedProvision.objects.exists()


def test_another_look_is_asked_when_the_choices_changed_meanwhile(answered: Way) -> None:
    decide_both(answered)
    seen = plan(answered).seen
    save(answered, PART_2, ("leave", "Позже."))

    with pytest.raises(VersionConflict):
        make(answered, seen=seen)

    assert DraftActVersion.objects.filter(act=answered.act).count() == 1


def test_a_version_that_somebody_works_on_is_not_written_over(answered: Way) -> None:
    decide_both(answered)
    make(answered)

    with pytest.raises(services.DraftHasOtherText):
        make(answered)

    with answered.now("finance.drafter") as (drafter,):
        draft_acts.discard_version(actor=drafter, act_id=answered.act.pk, at=answered.at)
    assert make(answered).number == 2  # the choices are still there


def test_a_begun_version_that_says_the_same_is_taken(answered: Way) -> None:
    decide_both(answered)
    with answered.now("finance.drafter") as (drafter,):
        services.begin_version(actor=drafter, act_id=answered.act.pk, at=answered.at)

    assert said(make(answered), PART_2) == (KY_2, RU_2)
    assert DraftActVersion.objects.filter(act=answered.act).count() == 2


def test_a_document_that_would_be_read_otherwise_is_refused_with_the_place(
    answered: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide_both(answered)
    export = docx_export.export

    def losing(act: Any) -> bytes:
        merged = any(p.text == KY_2 for p in act.provisions)
        kept = tuple(p for p in act.provisions if not (merged and p.eid == "art_3__para_2"))
        return export(dataclasses.replace(act, provisions=kept))

    monkeypatch.setattr(docx_export, "export", losing)

    with pytest.raises(draft_acts.ReadOtherwise) as refused:
        make(answered)

    assert [unmet.url.partition("#")[2] for unmet in refused.value.unmet] == ["art_3__para_2"]
    assert DraftActVersion.objects.filter(act=answered.act).count() == 1


def test_a_text_mended_by_hand_is_merged_as_it_was_mended(answered: Way) -> None:
    """The document of a mended text reads otherwise where it was mended: that is no refusal, and no mending is lost."""
    with answered.now("finance.drafter") as (drafter,):
        services.begin_version(actor=drafter, act_id=answered.act.pk, at=answered.at)
        draft_acts.mend_text(
            actor=drafter,
            act_id=answered.act.pk,
            language="ru",
            operation={"do": "renumber", "eid": "art_3__para_2", "number": "5"},
            step=0,
            at=answered.at,
        )
    publish(answered)
    save(answered, PART_1, ("take", ""), wording_ky=KY_1, wording_ru=RU_1)
    save(answered, PART_2, ("leave", "Позже."))

    version = make(answered)

    read = texts(version)["ru"].read
    assert "art_3__para_5" in {p["eid"] for p in read["provisions"]}
    assert said(version, PART_1) == (KY_1, RU_1)
    assert ("mended_before", "art_3__para_5") in {(d["code"], d["eid"]) for d in read["doubts"]}
    assert texts(version)["ky"].read["doubts"] == texts(plan(answered).version)["ky"].read["doubts"]
