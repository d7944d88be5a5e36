"""The page of an act and its tabs: what everybody sees, what a role may do next, what opening the text does."""

from collections.abc import Callable

from apps.accounts.models import User
from apps.register.demo.way import Way
from apps.reviews.models import Review
from tests.way import filed, replied, signed

UNION = "lsg-union"
TEXT_QUERIES = 12
SECRET = "КӨРҮНБӨСҮН"


def address(way: Way, tab: str = "") -> str:
    return f"/ru/acts/{way.act.number}/{tab}"


def test_the_act_shows_each_verdict_and_never_merges_them(way: Way, read_at: Callable) -> None:
    filed(way)

    page = read_at(way, address(way))

    assert "Согласовано при условии" in page
    assert "Не согласовано" in page
    assert "Ведомство отвечает на замечания" in page


def test_the_unsent_stays_closed_on_every_tab(way: Way, people: dict[str, User], read_at: Callable) -> None:
    way.working_days(1).register().open().working_days(1).acknowledge()
    remark = {"eid": "art_2__para_1", "kind": "objection", "text": SECRET, "reasoning": SECRET}
    way.write(UNION, "disagree", [remark], statement=SECRET)
    filed_remark = {"eid": "art_2__para_2", "kind": "objection", "text": "Ачык эскертүү"}
    way.write("cities", "disagree", [filed_remark]).file("cities")
    way.answer("cities", [("rejected", SECRET, SECRET)], send=False)

    for tab in TABS:
        for by in (None, people["water.drafter"], people["chamber.auditor"], people["cities.officer"]):
            assert SECRET not in read_at(way, address(way, tab), by=by), tab
    assert "Ачык эскертүү" in read_at(way, address(way, "text/"))


def test_remarks_stand_beside_the_text_with_answers_and_replies(way: Way, read_at: Callable) -> None:
    replied(way)

    page = read_at(way, address(way, "text/"))

    assert 'id="art_2__para_1"' in page
    assert 'href="#remarks-art_2__para_1"' in page
    assert 'id="remark-lsg-union-1"' in page
    assert page.count("Возражение поддержано") >= 3
    assert '<h3 lang="ky">' in page
    assert '<h3 lang="ru">' in page


def test_one_language_can_be_read_alone(way: Way, read_at: Callable) -> None:
    way.working_days(1).register()

    page = read_at(way, address(way, "text/?text=ky"))

    assert '<h3 lang="ky">' in page
    assert '<h3 lang="ru">' not in page


def test_opening_the_text_acknowledges_delivery_for_the_associations_own_people(
    way: Way, people: dict[str, User], read_at: Callable
) -> None:
    way.working_days(1).register().open().working_days(1)

    read_at(way, address(way, "text/"), by=people["finance.drafter"])
    read_at(way, address(way, "text/"))
    assert not Review.objects.exclude(acknowledged_at=None).exists()
    page = read_at(way, address(way, "text/"), by=people["union.officer"])
    way.hours(1)
    again = read_at(way, address(way, "text/"), by=people["union.signatory"])

    acknowledged = Review.objects.exclude(acknowledged_at=None).get()
    assert acknowledged.association.code == UNION
    assert acknowledged.acknowledged_by == people["union.officer"]
    assert "доставка подтверждена" in page
    assert "доставка подтверждена" not in again


def test_a_late_opinion_is_shown_and_marked(way: Way, read_at: Callable) -> None:
    way.working_days(1).register().open().working_days(30)
    way.write(
        UNION, "disagree", [{"eid": "art_2__para_1", "kind": "objection", "text": "Кечиккен каршы пикир"}]
    )
    way.file(UNION)

    opinions, text = read_at(way, address(way, "opinions/")), read_at(way, address(way, "text/"))

    assert "Поступило позже срока" in opinions
    assert "Срок истёк" in opinions
    assert "Кечиккен каршы пикир" in text
    assert "Поступило позже срока" in text


def test_an_association_left_out_stands_there_with_its_reason(way: Way, read_at: Callable) -> None:
    reason = "Актынын шаарларга тиешеси жок."
    way.working_days(1).register().open(UNION, left_out={"cities": reason})

    assert reason in read_at(way, address(way))
    assert reason in read_at(way, address(way, "opinions/"))


def test_the_next_steps_are_those_of_the_role(way: Way, people: dict[str, User], read_at: Callable) -> None:
    way.working_days(1).register()
    opening = f"/ru/acts/{way.act.number}/consultation/"
    assert f'href="{opening}"' in read_at(way, address(way), by=people["finance.signatory"])
    assert f'href="{opening}"' not in read_at(way, address(way), by=people["water.signatory"])

    way.open().working_days(1).acknowledge()
    writing = f"/ru/acts/{way.act.number}/reviews/{UNION}/opinion/"

    assert f'href="{writing}"' in read_at(way, address(way), by=people["union.officer"])
    assert f'href="{writing}"' not in read_at(way, address(way), by=people["cities.officer"])
    assert f'{writing}?provision=art_2__para_1#remark-form"' in read_at(
        way, address(way, "text/"), by=people["union.officer"]
    )
    assert writing not in read_at(way, address(way, "text/"))


def test_the_history_names_offices_and_no_people(
    way: Way, people: dict[str, User], read_at: Callable
) -> None:
    signed(way).working_days(1).certify()

    page = read_at(way, address(way, "history/"))

    assert "протокол" in page
    assert "Министерство финансов" in page
    assert not [person.full_name for person in people.values() if person.full_name in page]
    assert "preparing" not in page


TABS = ("", "text/", "opinions/", "documents/", "history/", "decisions/")


def test_the_tabs_of_an_act_do_not_cost_more_with_more_remarks(
    way: Way, queries: Callable, again: Callable
) -> None:
    few, many = _with_remarks(way, 1), _with_remarks(again(), 40)

    cost = {
        tab: (len(queries(few, address(few, tab))), len(queries(many, address(many, tab)))) for tab in TABS
    }

    assert all(one == other for one, other in cost.values()), cost
    assert cost["text/"][0] == TEXT_QUERIES, queries(few, address(few, "text/"))
    assert max(one for tab, (one, _) in cost.items() if tab) <= 14, cost


OVERVIEW_QUERIES = 24  # the frame, gates, evidence (2), package, decisions of an open consultation


def test_the_overview_does_not_cost_more_with_more_associations(
    way: Way, queries: Callable, again: Callable
) -> None:
    two = way.working_days(1).register().open()
    one = again().working_days(1).register().open("cities", left_out={UNION: "Сынак."})

    cost = queries(two, address(two, "")), queries(one, address(one, ""))

    assert len(cost[0]) <= len(cost[1]) + 1, (
        cost
    )  # the public reason of who was left out is one more row, not a query
    assert max(map(len, cost)) <= OVERVIEW_QUERIES, cost


def _with_remarks(way: Way, count: int) -> Way:
    remark = {"eid": "art_2__para_1", "kind": "objection", "text": "Каршыбыз", "reasoning": "Себеби бар."}
    way.working_days(1).register().open().working_days(1).acknowledge()
    way.write(UNION, "disagree", [remark] * count).file(UNION).write("cities", "agree").file("cities")
    return way
