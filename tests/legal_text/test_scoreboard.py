"""The page that says how well acts are read is what the parser does now."""

from tests.legal_text import acts, scoreboard


def test_the_scoreboard_is_up_to_date(real_acts, forms, form_texts):
    page = scoreboard.page(real_acts, {name: (form_texts[name], act) for name, act in forms.items()})

    assert scoreboard.PAGE.read_text(encoding="utf-8") == page, "run script/reading-score"


def test_a_lost_character_and_a_moved_one_are_counted(real_acts):
    act = real_acts[acts.KY_RESOLUTION]
    text = acts.text(acts.KY_RESOLUTION)

    assert scoreboard.lost(text, act) == 0
    assert scoreboard.lost(text + "абв", act) == 3
    assert scoreboard.lost(text[::-1], act) == 1
