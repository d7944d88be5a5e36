"""A provision's name in words, from its lasting eid."""

import pytest

from apps.draft_acts.naming import name_of


@pytest.mark.parametrize(
    ("eid", "ky", "ru"),
    [
        ("art_2__para_1", "2-берене, 1-бөлүк", "Статья 2, часть 1"),
        ("art_24-1__para_2__point_3", "24-1-берене, 2-бөлүк, 3-пункт", "Статья 24-1, часть 2, пункт 3"),
        ("point_3__subpoint_b", "3-пункт, б-пунктча", "Пункт 3, подпункт б"),
        ("att_1__art_3", "1-тиркеме, 3-берене", "Приложение 1, статья 3"),
        ("preamble", "Преамбула", "Преамбула"),
        ("chp_2", "2-глава", "Глава 2"),
        ("art_3__al_2", "3-берене, 2-абзац", "Статья 3, абзац 2"),
        ("x-y", "X-y", "X-y"),
    ],
)
def test_an_eid_is_said_in_words(eid: str, ky: str, ru: str) -> None:
    assert name_of(eid, "ky") == ky
    assert name_of(eid, "ru") == ru
    assert name_of(eid, "en")
