"""Terms against the oracle."""

from __future__ import annotations

from collections.abc import Iterator

from bench import clock

from . import Figure, Sizes


def run(sizes: Sizes) -> Iterator[Figure]:
    found = clock.measure(cases=sizes.cases, seed=20180703)
    value = f"{found['wrong']} wrong of {found['cases']:,}, seed {found['seed']}"
    yield Figure("terms against the oracle", value, "0 wrong", found["wrong"] == 0)
