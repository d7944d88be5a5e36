"""What a lawyer would look for in a text: delegations to a bylaw, local self-government, money between budgets.

`screen` judges one sentence or list item by its text alone; `screen_provisions` goes through a whole read act.
Plain Python: no database, no network. Rules, figures and limits: docs/domain/screening.md, docs/adr/0017.
"""

from apps.legal_text.screening.act import screen_provisions
from apps.legal_text.screening.engine import as_dict, screen
from apps.legal_text.screening.found import (
    CABINET,
    LABELS,
    MINISTRY,
    Delegation,
    Evidence,
    FoundAt,
    Screened,
)
from apps.legal_text.screening.reasons import REASONS

__all__ = [
    "CABINET",
    "LABELS",
    "MINISTRY",
    "REASONS",
    "Delegation",
    "Evidence",
    "FoundAt",
    "Screened",
    "as_dict",
    "screen",
    "screen_provisions",
]
