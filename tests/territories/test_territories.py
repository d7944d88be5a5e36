"""Territories: the reference list, names with their language, and what the database refuses."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from apps.territories import services
from apps.territories.enums import Kind, NoteStatus
from apps.territories.models import Territory

pytestmark = pytest.mark.django_db

NARYN_OBLAST = "41704000000000"


@pytest.fixture
def loaded() -> None:
    services.load_territories()


def an_aimak(**changes):
    fields = {
        "code": "41799999999999", "kind": Kind.AIYL_AIMAK, "name_ru": "Новый",
        "note_status": NoteStatus.UNVERIFIED,
    }  # fmt: skip
    return Territory(**{**fields, **changes})


def test_the_list_holds_every_level_with_its_parents(loaded):
    assert {kind: Territory.objects.of_kind(kind).count() for kind in Kind.values} == {
        "oblast": 7, "raion": 40, "city": 31, "city_district": 4, "aiyl_aimak": 453,
    }  # fmt: skip
    top = Territory.objects.filter(parent=None)
    assert set(top.values_list("kind", flat=True)) == {"oblast", "city"}
    assert top.count() == 9  # seven oblasts, Bishkek and Osh


def test_loading_twice_adds_nothing_and_keeps_what_was_corrected(loaded, django_assert_num_queries):
    Territory.objects.filter(code=NARYN_OBLAST).update(name_en="Naryn Oblast")

    with django_assert_num_queries(3):  # one read between two savepoints
        assert services.load_territories() == 0

    assert Territory.objects.get(code=NARYN_OBLAST).name_en == "Naryn Oblast"


def test_loading_mends_a_list_that_lost_a_row(loaded):
    Territory.objects.filter(kind=Kind.AIYL_AIMAK).order_by("code").first().delete()

    assert services.load_territories() == 1


def test_a_name_comes_in_the_language_of_the_page(loaded):
    naryn = Territory.objects.get(code=NARYN_OBLAST)

    with translation.override("ky"):
        assert str(naryn.name()) == "Нарын облусу"
    assert (naryn.name("en").text, naryn.name("en").lang) == ("Naryn Region", "en")


def test_a_name_without_a_kyrgyz_form_is_russian_and_says_so(loaded):
    aimak = Territory.objects.of_kind(Kind.AIYL_AIMAK).without_kyrgyz_name().order_by("code").first()

    name = aimak.name("ky")

    assert (name.text, name.lang) == (aimak.name_ru, "ru")


def test_the_aimaks_say_that_they_are_from_before_the_reform(loaded):
    aimaks = Territory.objects.of_kind(Kind.AIYL_AIMAK)

    assert set(aimaks.values_list("note_status", flat=True)) == {NoteStatus.PRE_REFORM}


def test_a_unit_is_valid_on_its_days_and_an_unknown_date_is_no_limit(loaded):
    old = an_aimak(valid_from=date(2020, 1, 1), valid_to=date(2024, 12, 31))
    old.save()

    days = [date(2019, 12, 31), date(2020, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    valid_on = Territory.objects.filter(pk=old.pk).valid_on
    assert [valid_on(day).exists() for day in days] == [False, True, True, False]
    assert Territory.objects.filter(code=NARYN_OBLAST).valid_on(date(1999, 1, 1)).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "12"}, {"code": NARYN_OBLAST}, {"kind": "village"}, {"name_ru": ""},
        {"note_status": "guess"},
        {"valid_from": date(2025, 1, 1), "valid_to": date(2024, 1, 1)},
    ],
)  # fmt: skip
def test_a_row_that_breaks_the_classifier_is_refused_by_the_database(loaded, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        an_aimak(**wrong).save()


def test_only_a_unit_that_ended_has_a_successor(loaded):
    naryn = Territory.objects.get(code=NARYN_OBLAST)

    with pytest.raises(IntegrityError), transaction.atomic():
        an_aimak(successor=naryn).save()
    an_aimak(successor=naryn, valid_to=date(2025, 1, 1)).save()


def test_load_reference_fills_an_empty_installation_and_can_be_run_again():
    call_command("load_reference")
    count = Territory.objects.count()

    call_command("load_reference")

    assert Territory.objects.count() == count == 535
