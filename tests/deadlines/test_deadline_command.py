"""`manage.py deadline`: the JSON that others' programs read."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from apps.deadlines import services
from apps.deadlines.management.commands.deadline import Command
from apps.deadlines.models import CalendarDay, CalendarYear

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calendar() -> None:
    services.seed_calendar()


def run(capsys, *arguments: str) -> dict:
    call_command("deadline", *arguments)
    return json.loads(capsys.readouterr().out)


def refused(capsys, *arguments: str) -> dict:
    with pytest.raises(SystemExit) as exit_:
        Command().run_from_argv(["manage.py", "deadline", *arguments])
    captured = capsys.readouterr()
    assert exit_.value.code == 2
    assert captured.err == ""
    return json.loads(captured.out)


def test_the_example_prints_exactly_these_fields(capsys):
    printed = run(capsys, "--start", "2026-04-28", "--days", "20")

    assert list(printed) == ["start", "days", "unit", "first_day", "last_day", "due_at", "explanation"]
    assert printed["start"] == "2026-04-28"
    assert (printed["days"], printed["unit"]) == (20, "working")
    assert printed["first_day"] == "2026-04-29"
    assert printed["last_day"] == "2026-06-04"
    assert printed["due_at"] == "2026-06-05T00:00:00+06:00"
    assert printed["explanation"][0] == {
        "date": "2026-04-28", "counted": False, "n": None, "reason": "start", "name": None,
    }  # fmt: skip
    assert printed["explanation"][3] == {
        "date": "2026-05-01", "counted": False, "n": None, "reason": "holiday", "name": "Эмгек майрамы",
    }  # fmt: skip
    assert printed["explanation"][-1]["n"] == 20


def test_calendar_days_and_names_in_another_language(capsys):
    printed = run(capsys, "--start", "2026-04-28", "--days", "20", "--unit", "calendar", "--lang", "en")

    assert printed["last_day"] == "2026-05-18"
    assert printed["explanation"][3]["name"] == "Labor Day"


def test_an_installation_without_a_calendar_counts_with_the_one_it_starts_with(capsys):
    CalendarDay.objects.all().delete()
    CalendarYear.objects.all().delete()

    printed = run(capsys, "--start", "2026-04-28", "--days", "20")

    assert printed["last_day"] == "2026-06-04"


def test_the_table_rules_over_the_library(capsys):
    CalendarDay.objects.filter(date=date(2026, 5, 27)).delete()

    assert run(capsys, "--start", "2026-04-28", "--days", "20")["last_day"] == "2026-06-03"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--start", "2026-04-28", "--days", "0"], "bad_term"),
        (["--start", "2026-04-28", "--days=-3"], "bad_term"),
        (["--start", "2026-04-28", "--days", "3", "--unit", "weeks"], "bad_term"),
        (["--start", "2026-04-28", "--days", "1e3"], "bad_input"),
        (["--start", "2026-04-28", "--days", "٣"], "bad_input"),
        (["--start", "2026-02-30", "--days", "3"], "bad_input"),
        (["--start", "28.04.2026", "--days", "3"], "bad_input"),
        (["--start", "2026-04-28"], "bad_input"),
        (["--start", "2026-04-28", "--days", "3", "--weeks"], "bad_input"),
        (["--start", "0001-01-01", "--days", "3"], "no_calendar"),
        (["--start", "2028-12-31", "--days", "3"], "no_calendar"),
        (["--start", "2026-04-28", "--days", "999999999"], "no_calendar"),
        (["--start", "9999-12-31", "--days", "1"], "no_calendar"),
    ],
)
def test_bad_input_is_one_json_object_and_exit_2(capsys, arguments, code):
    printed = refused(capsys, *arguments)

    assert set(printed) == {"error", "message"}
    assert printed["error"] == code
    assert printed["message"]
