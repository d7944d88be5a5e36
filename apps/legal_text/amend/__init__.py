"""From an amending act and the text it amends to the rows of a comparison table: current wording, proposed wording.

>>> rows = table(amending, amended)
"""

from apps.legal_text.amend.table import Row, table

__all__ = ["Row", "table"]
