"""Two editions of an act compared, provision by provision and word by word.

>>> comparison = compare(old, new)
>>> comparison.follow("art_5__para_2").eid  # where a remark on the old provision belongs now
"""

from apps.legal_text.compare.differences import compare
from apps.legal_text.compare.result import (
    METHOD_VERSION,
    STATES,
    Comparison,
    Difference,
    Edit,
    Followed,
    as_dict,
    follow_in_all,
    from_dict,
)
from apps.legal_text.compare.words import edits, words_of

__all__ = [
    "METHOD_VERSION",
    "STATES",
    "Comparison",
    "Difference",
    "Edit",
    "Followed",
    "as_dict",
    "compare",
    "edits",
    "follow_in_all",
    "from_dict",
    "words_of",
]
