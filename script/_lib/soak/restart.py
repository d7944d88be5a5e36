"""Restarts and an upgrade under readers that ask without a pause: the small test of script/test with more of them."""

from __future__ import annotations

from collections.abc import Iterator

from . import Figure, Sizes, trial


def run(sizes: Sizes) -> Iterator[Figure]:
    found = trial("tests/deployment/test_restart.py", "-k", "upgrade", TRIAL_RESTARTS=str(sizes.restarts))
    value = f"{sum(found['failed'].values())} of {found['answers']} lost; the slowest took {found['slowest']:.1f} s"
    yield Figure(
        f"{sizes.restarts} restarts and an upgrade behind nginx", value, "0 lost", not found["failed"]
    )
