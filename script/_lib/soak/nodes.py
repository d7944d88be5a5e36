"""Two hosts and a bucket, one of them killed again and again while opinions are filed: the small test with more rounds."""

from __future__ import annotations

from collections.abc import Iterator

from . import Figure, Sizes, trial


def run(sizes: Sizes) -> Iterator[Figure]:
    found = trial("tests/deployment/test_nodes.py", TRIAL_ROUNDS=str(sizes.rounds))
    value = (
        f"{found['lost']} of {found['filed']} filings lost; {found['unsent']} of {found['letters']} letters not sent, "
        f"{found['repeated']} repeated; {found['twice']} of {found['documents']} documents made twice"
    )
    good = not found["lost"] and not found["unsent"] and not found["twice"]
    yield Figure(f"two nodes and a bucket, {sizes.rounds} nodes killed", value, "0, 0, 0", good)
