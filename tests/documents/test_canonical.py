import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.documents.canonical import (
    canonical_bytes,
    grouped_hash,
    moment,
    parse_moment,
    sha256_hex,
    short_hash,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("абвгд"), inner),
)


def test_canonical_json_is_utf8_sorted_and_without_spaces() -> None:
    assert canonical_bytes({"ү": 1, "a": ["ң", None, True]}) == '{"a":["ң",null,true],"ү":1}'.encode()


def test_composed_and_decomposed_text_give_the_same_bytes() -> None:
    composed = "й ё Өңүр"

    assert canonical_bytes({"t": unicodedata.normalize("NFD", composed)}) == canonical_bytes({"t": composed})


@given(JSON)
def test_canonical_bytes_survive_a_reading(value: object) -> None:
    import json

    body = canonical_bytes(value)

    assert canonical_bytes(json.loads(body)) == body


@pytest.mark.parametrize("value", [1.5, datetime(2026, 1, 1, tzinfo=UTC), {1: "a"}, b"x", {1, 2}])
def test_what_has_no_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_bytes({"v": value})


def test_lone_surrogates_and_keys_equal_after_nfc_are_refused() -> None:
    with pytest.raises(ValueError):
        canonical_bytes("\ud800")
    with pytest.raises(ValueError):
        canonical_bytes({"й": 1, unicodedata.normalize("NFD", "й"): 2})


def test_a_moment_is_printed_in_bishkek_and_read_back() -> None:
    at = datetime(2026, 5, 28, 17, 59, 59, 999000, tzinfo=UTC)

    assert moment(at) == "2026-05-28T23:59:59.999+06:00"
    assert parse_moment(moment(at)) == at
    with pytest.raises(ValueError):
        moment(datetime(2026, 5, 28))


def test_hashes_are_shown_in_groups() -> None:
    digest = sha256_hex(b"")

    assert short_hash(digest) == "e3b0 c442 98fc … b855"
    assert grouped_hash(digest).replace(" ", "") == digest
