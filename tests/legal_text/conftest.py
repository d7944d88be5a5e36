"""The real acts, each read once for all tests."""

import pytest

from apps.legal_text import structure
from tests.legal_text import acts, test_structure, test_traps


@pytest.fixture(scope="session")
def real_acts():
    """Name -> reading, of every stored act."""
    return {name: structure.parse(acts.text(name)) for name in acts.ALL}


@pytest.fixture(scope="session")
def forms():
    """Name -> reading, of every written example: all kinds of acts, and every trap."""
    written = {f"trap: {name}": "\n".join(trap[0]) for name, trap in test_traps.TRAPS.items()}
    return {name: structure.parse(text) for name, text in (test_structure.EVERY | written).items()}
