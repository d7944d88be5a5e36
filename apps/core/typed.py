"""What people type, made fit to keep: one form of each letter, nothing that cannot be seen or printed."""

import re
import unicodedata

# Cc control marks but tabs and line ends; Cf direction marks and zero width; Cs halves of letters; Co, Cn nothing.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_KEPT = {"\n", "\t", "\u00ad"}  # a soft hyphen is a person's own
_BLANK_LINES = re.compile(r"\n{3,}")


def clean_text(text: str, *, one_line: bool = False) -> str:
    """NFC, without control, direction and zero-width marks, trimmed; `one_line` joins lines by a space."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _UNSEEN)
    if one_line:
        return " ".join(text.split())
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()
