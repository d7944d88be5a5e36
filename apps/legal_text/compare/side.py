"""One edition prepared for comparing: who stands under whom, and the words of every unit with all below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from apps.legal_text.compare.words import only_words, words_of
from apps.legal_text.provisions import Provision

CONTAINERS = frozenset({"part", "section", "chapter"})
#: Of these an act, an annex or a quotation has one: it is the same unit whatever it says.
SINGLE = frozenset({"preamble", "signature", "closing"})


class Side:
    """An edition by eid. A unit's *holder* is what it stands under when parts, sections and chapters are not counted."""

    def __init__(self, provisions: Sequence[Provision], vocabulary: dict[str, int]) -> None:
        self.order = [provision.eid for provision in provisions]
        self.position = {eid: at for at, eid in enumerate(self.order)}
        self.by_eid = {provision.eid: provision for provision in provisions}
        self.words = {provision.eid: words_of(provision) for provision in provisions}
        self.children: dict[str | None, list[str]] = {}
        self.flow: dict[str | None, list[str]] = {}
        self.below: dict[str, list[str]] = {eid: [] for eid in self.order}
        self._vocabulary = vocabulary
        self._sequences: dict[str, list[int]] = {}
        self._prints: dict[str, str] = {}
        self._often: Counter[str] = Counter()
        for provision in provisions:
            self.children.setdefault(provision.parent, []).append(provision.eid)
            above = self.ancestors(provision.eid)
            for ancestor in above:
                self.below[ancestor].append(provision.eid)
            if provision.kind not in CONTAINERS:
                holder = next((eid for eid in above if not self.is_container(eid)), None)
                self.flow.setdefault(holder, []).append(provision.eid)

    def ancestors(self, eid: str) -> list[str]:
        """Eids of the units around it, the nearest first."""
        found: list[str] = []
        parent = self.by_eid[eid].parent
        while parent is not None and parent in self.by_eid:
            found.append(parent)
            parent = self.by_eid[parent].parent
        return found

    def is_container(self, eid: str) -> bool:
        return self.by_eid[eid].kind in CONTAINERS

    def kind(self, eid: str) -> str:
        return self.by_eid[eid].kind

    def step(self, eid: str) -> str:
        """The unit's own number; of an uncounted one the count in its address."""
        return self.by_eid[eid].number or eid.rpartition("__")[2].rpartition("_")[2]

    def print_of(self, eid: str) -> str:
        """Equal for units that say the same with all below them, whatever their own number."""
        found = self._prints.get(eid)
        if found is None:
            below = (f"{self.kind(e)}\x1f{self.by_eid[e].number}\x1f{self.words[e]}" for e in self.below[eid])
            found = self._prints[eid] = "\x1e".join((f"{self.kind(eid)}\x1f{self.words[eid]}", *below))
        return found

    def often(self, value: str) -> int:
        """How many units of the edition have this `print_of`."""
        if not self._often:
            self._often.update(self.print_of(eid) for eid in self.order)
        return self._often[value]

    def sequence(self, eid: str) -> list[int]:
        """The words of a unit and of all below it, as numbers of a vocabulary both editions share."""
        found = self._sequences.get(eid)
        if found is None:
            known = self._vocabulary
            text = "\n".join(self.words[e] for e in (eid, *self.below[eid]))
            found = [known.setdefault(word, len(known)) for word in only_words(text)]
            self._sequences[eid] = found
        return found
