"""The register, the protocols and the decisions: what is found, what stays hidden, how much it costs."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core import clock
from apps.register.demo import texts
from apps.register.demo.way import Way
from tests.way import filed, replied, signed

CANARY = "Кенар"
# The clock is held in these tests, so its one query a request comes on top.
LIST_QUERIES = 6


def test_an_act_in_preparing_is_nowhere(
    way: Way, people: dict[str, User], read_at: Callable, again: Callable
) -> None:
    again(replace(texts.WASTE, title_ky=f"{CANARY} жөнүндө", title_ru=f"О {CANARY}"))
    way.working_days(1).register()

    pages = [
        "/ru/",
        "/ru/acts/",
        f"/ru/acts/?q={CANARY}",
        "/ru/protocols/",
        "/ru/decisions/",
        "/ru/sitemap.xml",
    ]
    for by in (None, people["finance.drafter"], people["union.officer"], people["chamber.auditor"]):
        for page in pages:
            said = read_at(way, page, by=by).replace(f'value="{CANARY}"', "").replace(f"«{CANARY}»", "")
            assert CANARY not in said.replace(f"“{CANARY}”", ""), page


def test_the_address_of_a_preparing_act_answers_as_if_there_were_none(
    way: Way, people: dict[str, User], read_at: Callable
) -> None:
    hidden = read_at(way, f"/ru/acts/{way.act.token}/", status=404)
    absent = read_at(way, "/ru/acts/2026-9999/", status=404)

    assert hidden == absent
    for tab in ("", "text/", "opinions/", "documents/", "history/", "decisions/"):
        read_at(way, f"/ru/acts/{way.act.token}/{tab}", by=people["finance.drafter"], status=404)


def test_words_are_found_in_every_form_in_both_languages(
    way: Way, read_at: Callable, again: Callable
) -> None:
    way.working_days(1).register()
    again(texts.PASTURES).working_days(1).register()

    russian = read_at(way, "/ru/acts/?q=выравнивающий трансферт")
    kyrgyz = read_at(way, "/ky/acts/?q=трансферттерге")
    misspelt = read_at(way, "/ru/acts/?q=транферт")

    assert way.act.number in russian
    assert "пастбищами" not in russian
    assert way.act.number in kyrgyz
    assert way.act.number in misspelt
    assert "пастбищами" not in misspelt
    assert "Эти названия на них похожи" in misspelt
    assert "Эти названия на них похожи" not in russian


def test_a_number_finds_its_act(way: Way, read_at: Callable) -> None:
    way.working_days(1).register()

    assert f"/ru/acts/{way.act.number}/" in read_at(way, f"/ru/acts/?q={way.act.number}")


def test_filters_narrow_the_list_and_become_chips(way: Way, read_at: Callable, again: Callable) -> None:
    way.working_days(1).register().open()
    other = again(texts.PASTURES).working_days(1).register()

    page = read_at(way, "/ru/acts/?stage=open&initiator=minfin")

    assert way.act.number in page
    assert other.act.number not in page
    assert 'href="?initiator=minfin"' in page  # the chip takes the stage away and keeps the rest
    assert other.act.number in read_at(way, "/ru/acts/?stage=registered")
    assert way.act.number not in read_at(way, "/ru/acts/?stage=closing")
    assert way.act.number not in read_at(way, "/ru/acts/?year=2025")


def test_the_stage_of_the_list_follows_the_clock_alone(way: Way, read_at: Callable) -> None:
    way.working_days(1).register().open()
    number = way.act.number
    assert number in read_at(way, "/ru/acts/?stage=open")

    way.working_days(30)

    assert number not in read_at(way, "/ru/acts/?stage=open")
    assert number in read_at(way, "/ru/acts/?stage=expired")


def test_an_empty_list_says_what_to_remove(way: Way, read_at: Callable) -> None:
    way.working_days(1).register()

    page = read_at(way, "/en/acts/?q=nothing+of+the+kind&stage=adopted")

    assert "Nothing for “nothing of the kind”." in page
    assert "Remove the filter “Adopted”" in page


@pytest.mark.parametrize(
    "query",
    [
        "page=999999999999",
        "page=x",
        "stage=nonsense",
        "initiator=%00",
        "year=x&kind=%27",
        "q=%00",
        "q=" + "я" * 5000,
    ],
)
def test_hostile_queries_are_answered_calmly(way: Way, reader: Client, query: str) -> None:
    way.working_days(1).register()

    with clock.frozen(way.at):
        for page in ("acts", "protocols", "decisions"):
            assert reader.get(f"/ru/{page}/?{query}").status_code == 200


def test_protocols_are_listed_once_both_have_signed(way: Way, read_at: Callable) -> None:
    signed(way, last="open")
    number = way.protocol("lsg-union").number

    assert number in read_at(way, "/ru/protocols/?open=on")
    assert number in read_at(way, f"/ru/protocols/?q={number}")
    assert number in read_at(way, "/ru/protocols/?q=трансферт&association=lsg-union")
    assert number not in read_at(way, "/ru/protocols/?kind=PA")


def test_a_protocol_in_circulation_is_not_listed(way: Way, read_at: Callable) -> None:
    replied(way).working_days(2).meet("cities", {1: {"outcome": "open"}}).fix("cities")
    number = way.protocol("cities").number

    for page in (
        "protocols/",
        f"acts/{way.act.number}/history/",
        f"acts/{way.act.number}/opinions/",
        "sitemap.xml",
    ):
        assert number not in read_at(way, f"/ru/{page}")


def test_decisions_are_listed(way: Way, read_at: Callable) -> None:
    signed(way).working_days(1).certify().working_days(1).decide("submitted", "14-3201", "Киргизилди.")

    page = read_at(way, "/ru/decisions/?kind=submitted")

    assert "14-3201" in page
    assert f"/ru/acts/{way.act.number}/decisions/" in page


def test_the_register_costs_the_same_for_one_act_and_for_twelve(
    way: Way, queries: Callable, again: Callable
) -> None:
    filed(way)
    first = queries(way, "/ru/acts/")

    for _ in range(3):
        later = again(texts.PASTURES)
        later.working_days(1).register().open()

    assert len(first) == len(queries(way, "/ru/acts/")) == LIST_QUERIES, first
    searched = queries(way, "/ru/acts/?stage=open&stage=answers&q=трансферт")
    assert len(searched) == LIST_QUERIES, "\n".join(sql[:90] + " … " + sql[-200:] for sql in searched)


def test_the_start_page_costs_the_same_for_one_act_and_for_many(
    way: Way, queries: Callable, again: Callable
) -> None:
    signed(way).working_days(1).certify()
    again(texts.PASTURES).working_days(1).register().open()
    first = queries(way, "/ru/")

    for _ in range(2):
        again(texts.WASTE).working_days(1).register().open()

    assert len(first) == len(queries(way, "/ru/")) == 10, first


def test_the_language_switch_keeps_page_and_query(way: Way, read_at: Callable) -> None:
    way.working_days(1).register()

    page = read_at(way, "/ru/acts/?stage=registered")

    assert 'href="/ky/acts/?stage=registered"' in page
    assert 'href="/en/acts/?stage=registered"' in page
    assert 'hreflang="ky"' in page
