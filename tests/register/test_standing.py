"""The page of a review says what the page of the act says, also after the consultation's own stages."""

import pytest
from django.test import Client

from apps.core import clock
from apps.register.demo.way import Way
from apps.reviews import later
from tests.way import filed, met, signed


def stands(way: Way) -> tuple[str, str]:
    with clock.frozen(way.at):
        found = later.standing(way.review("lsg-union"), way.at)
    assert found is not None
    return found.stage.group, found.stage.code


def test_a_review_is_followed_to_its_signed_protocol(way: Way) -> None:
    met(way)
    prepared = stands(way)
    way.working_days(1).fix("lsg-union")
    fixed = stands(way)
    way.sign("lsg-union")

    assert (prepared, fixed, stands(way)) == (
        ("protocol", "assembling"),
        ("stage", "protocol"),
        ("protocol", "agreement"),
    )


def test_a_withdrawn_act_leaves_no_review_waiting(way: Way) -> None:
    filed(way).working_days(1).withdraw("Долбоор кайра иштелип чыгат.")

    assert stands(way) == ("act", "withdrawn")


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_signed_protocol_stands_among_the_documents(way: Way, client: Client, language: str) -> None:
    signed(way)
    number = way.review("lsg-union").protocols.get().number

    with clock.frozen(way.at):
        page = client.get(f"/{language}/acts/{way.act.number}/reviews/lsg-union/").content.decode()

    assert f'href="/{language}/protocols/{number}/"' in page
