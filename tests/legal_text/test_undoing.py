"""The way back to a reading: exact for any two, small for two that differ little."""

from hypothesis import given
from hypothesis import strategies as st

from apps.legal_text import provisions, steps, structure, undoing
from tests.legal_text import acts

UNITS = st.lists(st.sampled_from("abc"), max_size=6)
READINGS = st.dictionaries(
    st.sampled_from(["provisions", "doubts", "title", "kind"]),
    st.one_of(UNITS, st.none(), st.integers()),
    max_size=4,
)


@given(READINGS, READINGS)
def test_any_reading_comes_back_of_any_other(before, after):
    assert undoing.go_back(after, undoing.way_back(before, after)) == before


def test_of_a_code_only_what_a_step_changed_is_kept():
    act = structure.parse(acts.text(acts.WATER_CODE))
    before = provisions.as_dict(act)
    eid = acts.of_kind(act, "paragraph")[100].eid
    after = provisions.as_dict(steps.apply(act, {"do": "merge", "eid": eid}).act)

    way = undoing.way_back(before, after)

    assert len(way["runs"]["provisions"][2]) < 20
    assert undoing.go_back(after, way) == before


def test_a_fingerprint_tells_readings_apart_and_not_their_keys():
    one = {"title": "а", "provisions": []}

    assert undoing.fingerprint(one) == undoing.fingerprint({"provisions": [], "title": "а"})
    assert undoing.fingerprint(one) != undoing.fingerprint({**one, "title": "б"})
