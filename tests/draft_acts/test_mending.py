"""A drafter mends what was recognised in a text: by buttons, step by step, undone after leaving, nothing typed lost."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.models import JournalEntry
from apps.core.errors import InvalidInput, NotAllowed, VersionConflict
from apps.draft_acts import mended, selectors, services
from apps.draft_acts.models import DraftAct, MendingStep, Provision, VersionText
from apps.draft_acts.services._common import VersionFrozen
from apps.legal_text import steps, structure

from .conftest import AT, KY, RU, YES, client_of, upload_both

RUN_TOGETHER = RU.replace("бюджет.\n2. Айыл", "бюджет. 2. Айыл")


@pytest.fixture
def drafter(cast: SimpleNamespace) -> Client:
    return client_of(cast.drafter)


@pytest.fixture
def flawed(cast: SimpleNamespace, act: DraftAct) -> DraftAct:
    """An act whose Russian text has two parts run together, both texts confirmed."""
    upload_both(cast.drafter, act)
    put(cast, act, RUN_TOGETHER)
    services.confirm_text(actor=cast.drafter, act_id=act.pk, language="ru", at=AT)
    return act


def put(cast: SimpleNamespace, act: DraftAct, text: str, language: str = "ru") -> None:
    services.upload_text(
        actor=cast.drafter, act_id=act.pk, language=language, data=text.encode(), filename="a.txt", at=AT
    )


def mend(
    cast: SimpleNamespace, act: DraftAct, *, step: int | None = None, by: Any = None, **operation: Any
) -> MendingStep:
    return services.mend_text(
        actor=by or cast.drafter, act_id=act.pk, language="ru", operation=operation, step=step, at=AT
    )


SPLIT = {"do": "split", "eid": "art_2__para_1", "words": "2. Айыл"}


def text_of(act: DraftAct) -> VersionText:
    return VersionText.objects.get(version__act=act, language="ru", version__frozen_at=None)


def side(act: DraftAct, eid: str) -> Provision:
    return Provision.objects.get(version__act=act, version__frozen_at=None, eid=eid)


def test_strangers_and_the_signed_out_find_nothing(cast: SimpleNamespace, flawed: DraftAct) -> None:
    for name in ("act_text_mend", "act_text_undo"):
        address = reverse(name, args=[flawed.token, "ru"])
        for client in (Client(), client_of(cast.other_drafter), client_of(cast.officer)):
            assert client.post(address, {"step": 0, **SPLIT}).status_code == 404
    with pytest.raises(NotAllowed):
        mend(cast, flawed, by=cast.other_drafter, **SPLIT)

    assert not MendingStep.objects.exists()


def test_a_split_stands_in_the_text_beside_the_other_language_and_is_confirmed_again(
    cast: SimpleNamespace, flawed: DraftAct
) -> None:
    assert not side(flawed, "art_2__para_2").in_ru
    file = text_of(flawed).file_id

    step = mend(cast, flawed, **SPLIT)

    text = text_of(flawed)
    assert (step.number, step.eid) == (1, "art_2__para_2")
    assert (side(flawed, "art_2__para_2").text_ru, side(flawed, "art_2__para_2").in_ky) == (
        "Айыл окмоту готовит проект бюджета.",
        True,
    )
    assert text.confirmed_at is None
    assert text.file_id == file
    entry = JournalEntry.objects.filter(action="text.mended").get()
    assert (entry.data["do"], entry.data["eid"], entry.data["step"]) == ("split", "art_2__para_1", 1)


def test_every_step_is_undone_one_after_the_other_after_leaving(
    cast: SimpleNamespace, flawed: DraftAct
) -> None:
    before = text_of(flawed).read
    mend(cast, flawed, **SPLIT)
    mend(cast, flawed, do="renumber", eid="art_3", number="3¹")
    mend(cast, flawed, do="out", eid="art_2__para_2")
    after_two = None
    for left in (2, 1, 0):
        services.undo_mending(actor=cast.colleague, act_id=flawed.pk, language="ru", step=left + 1, at=AT)
        after_two = after_two or text_of(flawed).read
        assert MendingStep.objects.count() == left

    assert "art_3-1" in {p["eid"] for p in after_two["provisions"]}
    assert text_of(flawed).read == before
    assert JournalEntry.objects.filter(action="text.mending_undone").count() == 3
    with pytest.raises(services.mending.NothingToUndo):
        services.undo_mending(actor=cast.drafter, act_id=flawed.pk, language="ru", step=None, at=AT)


def test_undoing_gives_back_the_very_reading_though_parser_and_steps_are_others_now(
    cast: SimpleNamespace, flawed: DraftAct, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = text_of(flawed)
    text.read = {**text.read, "weight": 7, "title": None}  # as some other parser would have stored it
    text.save(update_fields=["read"])
    readings = []
    for operation in (
        SPLIT,
        {"do": "renumber", "eid": "art_3", "number": "3¹"},
        {"do": "merge", "eid": "art_1"},
    ):
        readings.append(text_of(flawed).read)
        mend(cast, flawed, **operation)
    monkeypatch.setattr(steps, "apply", None)
    monkeypatch.setattr(structure, "parse", None)

    for reading in reversed(readings):
        services.undo_mending(actor=cast.drafter, act_id=flawed.pk, language="ru", step=None, at=AT)

        assert text_of(flawed).read == reading


def test_a_reading_that_does_not_come_back_exactly_is_refused_and_nothing_changes(
    cast: SimpleNamespace, flawed: DraftAct
) -> None:
    mend(cast, flawed, **SPLIT)
    text = text_of(flawed)
    text.read["provisions"][1]["heading"] = "Чужое"
    text.save(update_fields=["read"])

    with pytest.raises(services.mending.NoWayBack):
        services.undo_mending(actor=cast.drafter, act_id=flawed.pk, language="ru", step=1, at=AT)

    assert MendingStep.objects.count() == 1
    assert text_of(flawed).read == text.read


def test_the_database_lets_no_step_be_changed_left_out_or_taken_without_a_way_back(
    cast: SimpleNamespace, flawed: DraftAct
) -> None:
    text = text_of(flawed)
    bare = {
        "text": text,
        "operation": {"do": "in", "eid": "x"},
        "eid": "x",
        "done_at": AT,
        "done_by": cast.drafter,
    }
    for number, operation in ((1, SPLIT), (2, {"do": "renumber", "eid": "art_3", "number": "31"})):
        assert mend(cast, flawed, **operation).number == number

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        MendingStep.objects.filter(number=1).update(eid="art_9")
    with pytest.raises(IntegrityError, match="mending_has_way_back"), transaction.atomic():
        MendingStep.objects.create(number=3, way_back={"runs": {}, "values": {}, "new": []}, **bare)
    with pytest.raises(IntegrityError, match="without a gap"), transaction.atomic():
        MendingStep.objects.filter(number=1).delete()
        connection.check_constraints()
    with pytest.raises(IntegrityError, match="without a gap"), transaction.atomic():
        MendingStep.objects.create(number=4, before={}, **bare)
        connection.check_constraints()

    # As a process of an earlier version takes one: the database keeps the reading for it.
    MendingStep.objects.create(number=3, **bare)
    assert MendingStep.objects.get(number=3).before == text_of(flawed).read


def test_a_step_keeps_little_of_a_long_text(cast: SimpleNamespace, act: DraftAct) -> None:
    put(cast, act, RU + "".join(f"\nСтатья {n}. Ещё\n1. Один.\n2. Два.\n" for n in range(4, 150)))

    step = mend(cast, act, do="merge", eid="art_77__para_2")

    assert step.way_back is not None
    assert len(json.dumps(step.way_back)) < len(json.dumps(text_of(act).read)) / 50


def test_what_makes_no_sense_changes_nothing(cast: SimpleNamespace, flawed: DraftAct) -> None:
    before = text_of(flawed)

    with pytest.raises(InvalidInput):
        mend(cast, flawed, do="merge", eid="preamble")
    with pytest.raises(VersionConflict):
        mend(cast, flawed, step=4, **SPLIT)

    after = text_of(flawed)
    assert (after.read, after.confirmed_at) == (before.read, before.confirmed_at)
    assert not MendingStep.objects.exists()


def test_the_text_of_a_public_version_is_mended_no_more(cast: SimpleNamespace, registered: DraftAct) -> None:
    with pytest.raises(VersionFrozen):
        mend(cast, registered, do="out", eid="art_2__para_2")
    text = VersionText.objects.get(version__act=registered, language="ru")

    with pytest.raises(IntegrityError), transaction.atomic():
        MendingStep.objects.create(
            text=text, number=1, operation={}, eid="x", done_at=AT, done_by=cast.drafter
        )


def test_steps_are_frozen_with_their_version_and_a_new_one_begins_without_them(
    cast: SimpleNamespace, complete: DraftAct
) -> None:
    put(cast, complete, RUN_TOGETHER)
    mend(cast, complete, **SPLIT)
    services.confirm_text(actor=cast.drafter, act_id=complete.pk, language="ru", at=AT)
    act = services.register(actor=cast.signatory, act_id=complete.pk, scope=YES, at=AT)
    step = MendingStep.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        MendingStep.objects.filter(pk=step.pk).delete()
    services.new_version(actor=cast.drafter, act_id=act.pk, at=AT)
    mend(cast, act, do="merge", eid="art_2__para_2")
    services.undo_mending(actor=cast.drafter, act_id=act.pk, language="ru", step=1, at=AT)

    assert side(act, "art_2__para_2").in_ru  # as it was published, not as the file was read
    services.discard_version(actor=cast.drafter, act_id=act.pk, at=AT)
    assert MendingStep.objects.get() == step


def test_another_file_begins_without_steps(cast: SimpleNamespace, flawed: DraftAct) -> None:
    mend(cast, flawed, **SPLIT)

    put(cast, flawed, RU)

    assert not MendingStep.objects.exists()
    assert side(flawed, "art_2__para_2").in_ru


# --- the page ------------------------------------------------------------------------------------------


def page_of(act: DraftAct, language: str = "ru") -> str:
    return f"/en/acts/prepare/{act.token}/text/{language}/"


def test_a_unit_is_mended_by_buttons_and_the_page_comes_back_to_it(drafter: Client, flawed: DraftAct) -> None:
    plain = drafter.get(page_of(flawed)).content.decode()
    opened = drafter.get(page_of(flawed) + "?at=art_2__para_1").content.decode()
    assert 'href="?at=art_2__para_1#art_2__para_1"' in plain
    assert 'name="do"' not in plain
    assert opened.count('name="do"') == 7
    place = next(
        p for p in mended.mend_view(text_of(flawed), "art_2__para_1").places if p.words.startswith("2. ")
    )
    assert f'<option value="{place.code}">2. Айыл' in opened

    answer = drafter.post(
        page_of(flawed) + "mend/", {"do": "split", "eid": "art_2__para_1", "step": 0, "place": place.code}
    )

    assert answer["Location"] == page_of(flawed) + "?at=art_2__para_2#art_2__para_2"
    after = drafter.get(answer["Location"]).content.decode()
    assert "Mended by hand: 1 step" in after
    assert "Split: Article 2, paragraph 1" in after

    drafter.post(page_of(flawed) + "undo/", {"step": 1})

    assert "Mended by hand" not in drafter.get(page_of(flawed)).content.decode()


def test_a_refusal_comes_with_what_was_typed(drafter: Client, flawed: DraftAct) -> None:
    typed = {"do": "split", "eid": "art_2__para_1", "step": 0, "words": "таких слов нет"}

    wrong = drafter.post(page_of(flawed) + "mend/", typed)
    late = drafter.post(page_of(flawed) + "mend/", {**typed, "step": 3})
    number = drafter.post(
        page_of(flawed) + "mend/", {"do": "renumber", "eid": "art_1", "step": 0, "number": "первая"}
    )
    gone = drafter.post(page_of(flawed) + "mend/", {"do": "merge", "eid": "art_77", "step": 0})

    assert (wrong.status_code, late.status_code, number.status_code, gone.status_code) == (400, 409, 400, 400)
    assert "These words were not found in this unit." in wrong.content.decode()
    assert 'value="таких слов нет"' in wrong.content.decode()
    assert "A colleague changed this text meanwhile." in late.content.decode()
    assert 'value="таких слов нет"' in late.content.decode()
    assert 'value="первая"' in number.content.decode()
    assert "There is no such provision in this text." in gone.content.decode()
    # The page came back at the address of the form, which cannot be asked for: links lead to the page itself.
    assert f'href="{page_of(flawed)}?at=art_1#art_1"' in wrong.content.decode()
    assert f'href="{page_of(flawed)}?#art_2__para_1"' in wrong.content.decode()
    assert drafter.get(page_of(flawed) + "mend/").status_code == 405


def test_a_text_that_was_mended_meanwhile_is_not_confirmed(
    cast: SimpleNamespace, drafter: Client, flawed: DraftAct
) -> None:
    mend(cast, flawed, **SPLIT)

    drafter.post(page_of(flawed) + "confirm/", {"text": text_of(flawed).pk, "step": 0})
    assert text_of(flawed).confirmed_at is None
    drafter.post(page_of(flawed) + "confirm/", {"text": text_of(flawed).pk, "step": 1})

    assert text_of(flawed).confirmed_at == AT


# --- one language beside the other ------------------------------------------------------------------


def test_what_one_language_lacks_is_listed_before_publication(
    cast: SimpleNamespace, drafter: Client, flawed: DraftAct
) -> None:
    put(cast, flawed, KY.replace("2-берене. Өкүлчүлүктүү орган", "4-берене. Өкүлчүлүктүү орган"), "ky")

    html = drafter.get(f"/en/acts/prepare/{flawed.token}/").content.decode()

    assert "The two languages differ" in html
    assert f'<a href="{page_of(flawed, "ru")}#art_2">Article 2</a>: not in this language: Kyrgyz' in html
    assert f'<a href="{page_of(flawed, "ky")}#art_4">Article 4</a>: not in this language: Russian' in html
    assert "#art_4__para_1" not in html  # said once, at the topmost


def test_level_texts_say_so_and_one_alone_says_nothing(
    cast: SimpleNamespace, drafter: Client, act: DraftAct
) -> None:
    put(cast, act, RU)
    alone = drafter.get(f"/en/acts/prepare/{act.token}/").content.decode()
    put(cast, act, KY, "ky")

    assert "in both languages." not in alone
    assert (
        "Every provision is there in both languages."
        in drafter.get(f"/en/acts/prepare/{act.token}/").content.decode()
    )


def test_the_page_of_a_text_costs_the_same_however_long_it_is(
    cast: SimpleNamespace, drafter: Client, flawed: DraftAct
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            drafter.get(page_of(flawed) + "?at=art_1")
        return len(captured)

    mend(cast, flawed, **SPLIT)
    short = cost()
    put(cast, flawed, RU + "\n".join(f"Статья {n}. Ещё\n1. Текст." for n in range(4, 40)))
    for n in range(3):
        mend(cast, flawed, do="renumber", eid="art_5", number="5") if not n else mend(
            cast, flawed, do="in", eid=f"art_1{n}__para_1"
        )

    assert cost() <= short
    assert selectors.texts(selectors.open_version(flawed))["ru"].mended == 3
