"""Calendar, templates and their seeds in the database; rules that are constraints are gone round."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from apps.deadlines import selectors, services
from apps.deadlines.enums import BylawGate, Confirmation, DayKind, Paper, Stage
from apps.deadlines.models import CalendarDay, CalendarYear, ProcedureTemplate, ProcedureTerm, RequiredPaper
from apps.deadlines.seed import seeded_calendar

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 4, 28, 6, tzinfo=UTC)


@pytest.fixture
def seeded() -> None:
    services.seed_calendar()
    services.seed_templates()


@pytest.fixture
def standard(seeded: None) -> ProcedureTemplate:
    return selectors.current_template(at=NOON)


def a_day(**changes):
    fields = {
        "date": date(2030, 1, 2),
        "kind": DayKind.HOLIDAY,
        "name_ky": "Эс алуу күнү",
        "name_ru": "Выходной",
        "name_en": "Day off",
        "source": "Decree 1",
        "status": Confirmation.SEEDED,
    }
    return CalendarDay(**{**fields, **changes})


def test_the_table_counts_as_the_library_does(seeded):
    assert selectors.calendar_for() == seeded_calendar()


def test_the_example_of_the_law_ends_on_the_fourth_of_june(standard):
    deadline = selectors.deadline_of(standard, Stage.OPINION, date(2026, 4, 28))

    assert deadline.due_at.isoformat() == "2026-06-05T00:00:00+06:00"


def test_seeding_twice_changes_nothing_and_costs_little(seeded, django_assert_num_queries):
    models = (CalendarDay, CalendarYear, ProcedureTemplate, ProcedureTerm, RequiredPaper)
    counts = [model.objects.count() for model in models]

    with django_assert_num_queries(7):  # three reads between two pairs of savepoints
        services.seed_calendar()
        services.seed_templates()

    assert [model.objects.count() for model in models] == counts


def test_seeding_does_not_bring_back_a_day_that_was_taken_out(seeded):
    CalendarDay.objects.filter(date=date(2026, 5, 27)).delete()

    services.seed_calendar()

    assert not CalendarDay.objects.filter(date=date(2026, 5, 27)).exists()


def test_a_later_year_can_be_added_to_the_calendar(seeded):
    services.seed_calendar(first_year=2029, last_year=2029)

    assert selectors.calendar_for().last_year == 2029
    assert selectors.calendar_for([2025]).years == {2025}
    assert {day.year for day in selectors.calendar_for([2025]).days} == {2025}


def test_every_seeded_row_says_that_nobody_confirmed_it_yet(seeded):
    assert set(CalendarDay.objects.values_list("status", flat=True)) == {Confirmation.SEEDED}
    assert not CalendarDay.objects.filter(name_ky="").exists()
    assert not CalendarDay.objects.filter(source="").exists()


def test_a_proposed_day_does_not_count_yet(seeded, django_user_model):
    officer = django_user_model.objects.create_user("aida@example.kg", created_at=NOON)
    a_day(date=date(2026, 4, 29), status=Confirmation.PROPOSED, proposed_by=officer).save()

    assert selectors.calendar_for().is_working(date(2026, 4, 29))


def test_a_term_beyond_the_calendar_is_refused_in_words(standard):
    with pytest.raises(selectors.CalendarTooShort):
        selectors.deadline_of(standard, Stage.OPINION, date(2028, 12, 20))


@pytest.mark.parametrize(
    ("stage", "days"),
    [
        (Stage.CHALLENGE, 3), (Stage.CHALLENGE_DECISION, 5), (Stage.COMPLETENESS, 2), (Stage.DELIVERY, 3),
        (Stage.OPINION, 20), (Stage.ANSWERS, 10), (Stage.REPLY, 5), (Stage.CONCILIATION_CALL, 5),
        (Stage.CONCILIATION_HOLD, 10), (Stage.SECOND_TEXT, 10), (Stage.SECOND_OPINION, 10),
        (Stage.SECOND_ANSWER, 5), (Stage.SIGNING, 5), (Stage.CERTIFICATE_TACIT, 2), (Stage.CLOSING, 10),
        (Stage.EXTENSION, 10), (Stage.EXTENSION_DECISION, 2), (Stage.REFUSAL_DECISION, 2),
        (Stage.REFUSAL_REST, 3), (Stage.URGENCY_DISPUTE, 1), (Stage.URGENCY_DECISION, 1),
        (Stage.RECONSULTATION, 7),
    ],
)  # fmt: skip
def test_standard_gives_each_stage_its_days(standard, stage, days):
    assert selectors.term_days(standard, stage) == (days, "working")


def test_standard_has_a_term_for_every_stage(standard):
    assert set(standard.terms.values_list("stage", flat=True)) == set(Stage.values)


def test_a_large_text_has_thirty_days_for_the_opinion_and_no_more_for_the_answers(standard):
    assert selectors.term_days(standard, Stage.OPINION, large_text=True) == (30, "working")
    assert selectors.term_days(standard, Stage.ANSWERS, large_text=True) == (10, "working")


@pytest.mark.parametrize(
    ("articles", "chars", "large"),
    [(100, 150_000, False), (101, 1, True), (1, 150_001, True), (0, 0, False)],
)
def test_a_text_is_large_beyond_a_hundred_articles_or_150000_characters(standard, articles, chars, large):
    assert standard.is_large(articles=articles, chars=chars) is large


def test_a_stage_that_the_template_does_not_have_is_refused(seeded):
    empty = ProcedureTemplate.objects.create(
        code="STANDARD", version=3, valid_from=date(2030, 1, 1), silence="tacit", status=Confirmation.SEEDED
    )

    with pytest.raises(selectors.NoTerm):
        selectors.term_days(empty, Stage.OPINION)


def test_the_newest_version_in_force_on_that_day_rules(standard):
    later = ProcedureTemplate.objects.create(
        code="STANDARD", version=3, valid_from=date(2026, 5, 1), silence="tacit", status=Confirmation.SEEDED
    )

    assert selectors.current_template(at=datetime(2026, 4, 30, 17, 59, tzinfo=UTC)) == standard
    assert selectors.current_template(at=datetime(2026, 4, 30, 18, tzinfo=UTC)) == later  # 1 May in Bishkek


def test_before_the_first_version_there_is_no_template(seeded):
    with pytest.raises(selectors.NoTemplate):
        selectors.current_template(at=datetime(2020, 1, 1, tzinfo=UTC))


def test_from_november_2026_on_the_function_card_and_bylaw_drafts_are_asked_for(standard):
    newer = selectors.current_template(at=datetime(2026, 11, 25, tzinfo=UTC))

    assert (standard.version, standard.bylaws_at) == (1, BylawGate.NONE)
    assert (newer.version, newer.bylaws_at) == (2, BylawGate.OPENING)
    assert Paper.FUNCTION_CARD in selectors.required_papers(newer, "ministry_order", amending=False)
    assert list(newer.terms.order_by("stage").values_list("stage", "days", "days_large")) == list(
        standard.terms.order_by("stage").values_list("stage", "days", "days_large")
    )


def test_an_amending_act_also_needs_a_comparison_table(standard):
    always = [Paper.TEXT_KY, Paper.TEXT_RU, Paper.EXPLANATORY_NOTE]

    assert selectors.required_papers(standard, "law", amending=False) == always
    assert selectors.required_papers(standard, "law", amending=True) == [*always, Paper.COMPARISON_TABLE]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: ProcedureTerm.objects.filter(template=t).update(days=1),
        lambda t: ProcedureTerm.objects.filter(template=t).delete(),
        lambda t: RequiredPaper.objects.filter(template=t).update(amending_only=True),
        lambda t: RequiredPaper.objects.filter(template=t).delete(),
        lambda t: ProcedureTemplate.objects.filter(pk=t.pk).update(large_text_articles=1),
        lambda t: ProcedureTemplate.objects.filter(pk=t.pk).update(silence="conciliation"),
    ],
)
def test_a_version_of_a_template_cannot_be_changed_by_anyone(standard, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change(standard)


def test_a_version_of_a_template_can_still_be_confirmed(standard, django_user_model):
    coordinator = django_user_model.objects.create_user("bermet@example.kg", created_at=NOON)

    ProcedureTemplate.objects.filter(pk=standard.pk).update(
        status=Confirmation.CONFIRMED, confirmed_by=coordinator
    )

    assert selectors.current_template(at=NOON) == standard


def test_nobody_confirms_the_day_they_proposed(seeded, django_user_model):
    person = django_user_model.objects.create_user("cholpon@example.kg", created_at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        a_day(status=Confirmation.CONFIRMED, proposed_by=person, confirmed_by=person).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        a_day(status=Confirmation.CONFIRMED, proposed_by=person).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        a_day(status=Confirmation.PROPOSED).save()


@pytest.mark.parametrize("wrong", [{"kind": "festival"}, {"status": "rumoured"}, {"date": date(2026, 5, 27)}])
def test_a_day_of_an_unknown_kind_or_a_second_row_for_a_date_is_refused(seeded, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_day(**wrong).save()


def test_the_calendar_is_read_in_two_queries(seeded, django_assert_num_queries):
    with django_assert_num_queries(2):
        selectors.calendar_for()
