"""The real acts, each read once for all tests."""

import pytest

from apps.legal_text import structure
from tests.legal_text import acts, examples


@pytest.fixture(scope="session")
def real_acts():
    """Name -> reading, of every stored act."""
    return {name: structure.parse(acts.text(name)) for name in acts.ALL}


@pytest.fixture(scope="session")
def form_texts():
    """Name -> text, of every written example: all kinds of acts, and every trap."""
    return examples.every()


@pytest.fixture(scope="session")
def forms(form_texts):
    """Name -> reading, of the same."""
    return {name: structure.parse(text) for name, text in form_texts.items()}
