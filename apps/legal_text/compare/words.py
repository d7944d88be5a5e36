"""Words of Russian and Kyrgyz texts, and which of them were taken out and put in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import Indel

from apps.legal_text.compare.result import Edit, EditKind
from apps.legal_text.normalize import normalize
from apps.legal_text.provisions import Provision

# A word with the white space before it: "24-1", "2,5", "өз", "кызмат-", one mark of punctuation.
_TOKEN = re.compile(r"(\s*)(\d+(?:[.,-]\d+)*|[^\W\d_]+(?:[-’'][^\W\d_]+)*|\S|\Z)")
#: Rows times columns of the table that word edits are read from; beyond it the whole text counts as exchanged.
_LARGEST = 60_000_000
_SHORT = 2


def words_of(provision: Provision) -> str:
    """Heading and text of a provision, normalised, on a line each. The label is no part of its words."""
    parts = (normalize(provision.heading), normalize(provision.text))
    return "\n".join(part for part in parts if part)


def tokens(text: str) -> list[tuple[str, str]]:
    """(white space before it, word or mark) for every word; joined they are the text."""
    return [(m[1], m[2]) for m in _TOKEN.finditer(text) if m[0]]


def only_words(text: str) -> list[str]:
    """Words in small letters, without punctuation: what resemblance is told by."""
    return [word.lower() for _, word in tokens(text) if word[:1].isalnum()]


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """Word by word from `old` to `new`: same and gone give the old text exactly, same and new the new one."""
    if old == new:
        return (Edit("same", old),) if old else ()
    if not old or not new:
        return tuple(Edit(kind, text) for kind, text in (("gone", old), ("new", new)) if text)  # type: ignore[arg-type]
    a, b = tokens(old), tokens(new)
    if len(a) * len(b) > _LARGEST:
        return (Edit("gone", old), Edit("new", new))
    runs: list[tuple[EditKind, str]] = []
    for step in Indel.opcodes([t[1] for t in a], [t[1] for t in b]):
        gone, put_in = a[step.src_start : step.src_end], b[step.dest_start : step.dest_end]
        if step.tag == "equal":
            for (space, word), (other_space, _) in zip(gone, put_in, strict=True):
                if space != other_space:
                    runs += [("gone", space), ("new", other_space), ("same", word)]
                else:
                    runs.append(("same", space + word))
        else:
            runs.append(("gone", _joined(gone)))
            runs.append(("new", _joined(put_in)))
    return tuple(Edit(kind, text) for kind, text in _settled(runs))


def _joined(some: Sequence[tuple[str, str]]) -> str:
    return "".join(space + word for space, word in some)


def _settled(runs: Sequence[tuple[EditKind, str]]) -> list[tuple[EditKind, str]]:
    """Neighbours joined, what is gone before what is new, and no islands of a comma or «и» between two edits."""
    joined: list[tuple[str, str, str]] = []  # same, gone, new: one of them "same" alone
    for kind, text in runs:
        if not text:
            continue
        if kind == "same":
            if joined and joined[-1][0]:
                joined[-1] = (joined[-1][0] + text, "", "")
            else:
                joined.append((text, "", ""))
        else:
            if not joined or joined[-1][0]:
                joined.append(("", "", ""))
            _, gone, new = joined[-1]
            joined[-1] = ("", gone + text, new) if kind == "gone" else ("", gone, new + text)
    settled: list[tuple[str, str, str]] = []
    for at, (same, gone, new) in enumerate(joined):
        island = 0 < at < len(joined) - 1 and len(same.strip()) <= _SHORT
        if same and not island:
            settled.append((same, "", ""))
        elif settled and not settled[-1][0]:
            settled[-1] = ("", settled[-1][1] + same + gone, settled[-1][2] + same + new)
        else:
            settled.append(("", same + gone, same + new))
    result: list[tuple[EditKind, str]] = []
    for same, gone, new in settled:
        kinds: tuple[tuple[EditKind, str], ...] = (("same", same), ("gone", gone), ("new", new))
        result += [(kind, text) for kind, text in kinds if text]
    return result
