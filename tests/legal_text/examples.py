"""All written examples of acts under one roof."""

from tests.legal_text import test_structure, test_traps


def every() -> dict[str, str]:
    """Name -> text."""
    traps = {f"trap: {name}": "\n".join(trap[0]) for name, trap in test_traps.TRAPS.items()}
    return test_structure.EVERY | traps
