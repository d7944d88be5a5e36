"""Which provision of the old edition is which of the new one.

Siblings are matched under what holds them: first those that say exactly the same, then those that resemble each
other; after them what went to another place in the act; last what was put in the stead of another. Numbers decide
nothing alone, so that one article put in does not change all that follow. Parts, sections and chapters are told by
what stands in them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from apps.legal_text.compare.side import CONTAINERS, SINGLE, Side
from apps.legal_text.compare.words import only_words

_STUB = re.compile(r"утрати|исключ|күчүн жогот|алып салын", re.I)
_STUB_LENGTH = 160

_ALIKE = 0.5  # resemblance from which two siblings are taken for one
_ALIKE_SAME_NUMBER = 0.4
_ALIKE_OTHER_KIND = 0.8
_ALIKE_ELSEWHERE = 0.8
_SURE = 0.6
_MARGIN = 0.1  # by which it must resemble the other more than anything else does
_SURE_WORDS = 4  # different words both have
_STRAY_WORDS = 5
_CANDIDATES = 6


@dataclass(frozen=True, slots=True)
class Pair:
    new: str
    sure: bool


@dataclass(frozen=True, slots=True)
class _Resemblance:
    old: str
    new: str
    value: float
    weight: float
    common: int


class Matcher:
    """`pairs`: old eid -> Pair, once `run` was called."""

    def __init__(self, old: Side, new: Side) -> None:
        self.old, self.new = old, new
        self.pairs: dict[str, Pair] = {}
        self.taken: set[str] = set()

    def run(self) -> dict[str, Pair]:
        self._siblings(None, None, sure=True)
        self._elsewhere()
        self._in_the_stead()
        self._containers()
        return self.pairs

    # --- siblings

    def _siblings(self, old_holder: str | None, new_holder: str | None, *, sure: bool) -> None:
        olds = [eid for eid in self.old.flow.get(old_holder, ()) if eid not in self.pairs]
        news = [eid for eid in self.new.flow.get(new_holder, ()) if eid not in self.taken]
        if not olds or not news:
            return
        self._exactly(olds, news, sure=sure)
        self._singles(olds, news, sure=sure)
        self._alike(olds, news, sure=sure, floor=_ALIKE)

    def _exactly(self, olds: Sequence[str], news: Sequence[str], *, sure: bool) -> None:
        old_prints = [self.old.print_of(eid) for eid in olds]
        new_prints = [self.new.print_of(eid) for eid in news]
        often_old, often_new = Counter(old_prints), Counter(new_prints)
        for step in Indel.opcodes(old_prints, new_prints):
            if step.tag != "equal":
                continue
            alike = range(step.src_start, step.src_end), range(step.dest_start, step.dest_end)
            for i, j in zip(*alike, strict=True):
                plain = often_old[old_prints[i]] == often_new[new_prints[j]] == 1
                certain = (
                    plain and not self._is_stub(olds[i]) or _same_neighbours(old_prints, new_prints, i, j)
                )
                self._same(olds[i], news[j], sure=sure and certain or self._is_unmistakable(olds[i]))
        at = {value: eid for value, eid in zip(new_prints, news, strict=True) if eid not in self.taken}
        for value, eid in zip(old_prints, olds, strict=True):
            if eid not in self.pairs and value in at and often_old[value] == often_new[value] == 1:
                certain = sure and not self._is_stub(eid) or self._is_unmistakable(eid)
                self._same(eid, at[value], sure=certain)

    def _is_unmistakable(self, old: str) -> bool:
        """Nothing else in either edition says the same, and it says enough: whatever holds it now, this is it."""
        if self._is_stub(old) or len(self.old.sequence(old)) < _STRAY_WORDS:
            return False
        value = self.old.print_of(old)
        return self.old.often(value) == self.new.often(value) == 1

    def _is_stub(self, eid: str) -> bool:
        """«(утратил силу)»: many units say it, and nothing else."""
        words = self.old.words[eid]
        return (
            len(words) < _STUB_LENGTH
            and not self.old.below[eid]
            and (bool(_STUB.search(words)) or not self.old.sequence(eid))
        )

    def _same(self, old: str, new: str, *, sure: bool) -> None:
        """Two that say the same with all below them: what is below pairs by its place."""
        self._pair(old, new, sure=sure)
        for one, other in zip(self.old.below[old], self.new.below[new], strict=True):
            if one not in self.pairs and other not in self.taken:
                self._pair(one, other, sure=sure)

    def _pair(self, old: str, new: str, *, sure: bool) -> None:
        self.pairs[old] = Pair(new, sure)
        self.taken.add(new)

    def _singles(self, olds: Sequence[str], news: Sequence[str], *, sure: bool) -> None:
        there = {self.new.kind(eid): eid for eid in news if eid not in self.taken}
        for eid in olds:
            kind = self.old.kind(eid)
            if kind in SINGLE and kind in there and eid not in self.pairs:
                self._pair(eid, there[kind], sure=sure)
                self._siblings(eid, there[kind], sure=sure)

    def _alike(self, olds: Sequence[str], news: Sequence[str], *, sure: bool, floor: float) -> None:
        left = [eid for eid in olds if eid not in self.pairs]
        right = [eid for eid in news if eid not in self.taken]
        found = self._resemblances(left, right)
        by_old: dict[str, list[_Resemblance]] = {}
        by_new: dict[str, list[_Resemblance]] = {}
        for one in found:
            by_old.setdefault(one.old, []).append(one)
            by_new.setdefault(one.new, []).append(one)
        accepted: list[_Resemblance] = []
        for one in sorted(found, key=lambda one: (-one.weight, self.old.position[one.old])):
            if one.old in self.pairs or one.new in self.taken or not self._alike_enough(one, floor):
                continue
            rivals = [other.value for other in (*by_old[one.old], *by_new[one.new]) if other is not one]
            certain = _is_certain(one, max(rivals, default=0.0))
            self._pair(one.old, one.new, sure=sure and certain and self._is_headed_alike(one))
            accepted.append(one)
        for one in accepted:
            self._siblings(one.old, one.new, sure=self.pairs[one.old].sure)

    def _is_headed_alike(self, one: _Resemblance) -> bool:
        """Two articles with one paragraph in common are not yet one: what they say themselves counts too."""
        if not self.old.below[one.old] and not self.new.below[one.new]:
            return True
        a, b = only_words(self.old.words[one.old]), only_words(self.new.words[one.new])
        return bool(Indel.normalized_similarity(a, b) >= _ALIKE)

    def _alike_enough(self, one: _Resemblance, floor: float) -> bool:
        if self.old.kind(one.old) != self.new.kind(one.new):
            floor = max(floor, _ALIKE_OTHER_KIND)
        elif floor <= _ALIKE and self.old.step(one.old) == self.new.step(one.new):
            floor = _ALIKE_SAME_NUMBER
        return one.value >= floor

    def _resemblances(self, olds: Sequence[str], news: Sequence[str]) -> list[_Resemblance]:
        """How much they have in common, for those that have something: the nearest few of each, and the same number."""
        index: dict[int, list[str]] = {}
        for eid in news:
            for word in set(self.new.sequence(eid)):
                index.setdefault(word, []).append(eid)
        numbered = {(self.new.kind(eid), self.new.step(eid)): eid for eid in news}
        found = []
        for old in olds:
            words = set(self.old.sequence(old))
            shared: Counter[str] = Counter()
            for word in words:
                holders = index.get(word, ())
                if len(holders) <= 40 or len(holders) * 2 < len(news):
                    for eid in holders:
                        shared[eid] += 1
            nearest = [
                eid
                for eid, _ in sorted(
                    shared.items(),
                    key=lambda item: -2 * item[1] / (len(words) + len(set(self.new.sequence(item[0])))),
                )[:_CANDIDATES]
            ]
            same_number = numbered.get((self.old.kind(old), self.old.step(old)))
            if same_number is not None and same_number not in nearest:
                nearest.append(same_number)
            for new in nearest:
                found.append(self._resemblance(old, new, words))
        return found

    def _resemblance(self, old: str, new: str, words: set[int]) -> _Resemblance:
        a, b = self.old.sequence(old), self.new.sequence(new)
        value = Indel.normalized_similarity(a, b) if a and b else 0.0
        same = self.old.kind(old) == self.new.kind(new) and self.old.step(old) == self.new.step(new)
        return _Resemblance(old, new, value, value + (0.05 if same else 0.0), len(words.intersection(b)))

    # --- what is left

    def _elsewhere(self) -> None:
        """What went under another unit: told by its own words, which must be many."""
        olds = [eid for eid in self.old.order if self._is_stray(self.old, eid, self.pairs)]
        news = [eid for eid in self.new.order if self._is_stray(self.new, eid, self.taken)]
        often_old = Counter(self.old.print_of(eid) for eid in olds)
        often_new = Counter(self.new.print_of(eid) for eid in news)
        there = {self.new.print_of(eid): eid for eid in news}
        for eid in olds:
            value = self.old.print_of(eid)
            if eid not in self.pairs and value in there and often_old[value] == often_new[value] == 1:
                self._same(eid, there[value], sure=not self._is_stub(eid))
        self._alike(olds, news, sure=True, floor=_ALIKE_ELSEWHERE)

    def _is_stray(self, side: Side, eid: str, done: dict[str, Pair] | set[str]) -> bool:
        return (
            eid not in done
            and side.kind(eid) not in CONTAINERS | SINGLE
            and len(side.sequence(eid)) >= _STRAY_WORDS
        )

    def _in_the_stead(self) -> None:
        """What stands now where another stood: shown as one, but a person says whether it is the same."""
        for eid in self.old.order:
            if eid in self.pairs or self.old.is_container(eid):
                continue
            holder = next((e for e in self.old.ancestors(eid) if not self.old.is_container(e)), None)
            if holder is not None and holder not in self.pairs:
                continue
            under = self.pairs[holder].new if holder is not None else None
            for other in self.new.flow.get(under, ()):
                same = self.new.kind(other) == self.old.kind(eid) and self.new.step(other) == self.old.step(
                    eid
                )
                if same and other not in self.taken:
                    self._pair(eid, other, sure=False)
                    self._siblings(eid, other, sure=False)
                    break

    # --- parts, sections and chapters

    def _containers(self) -> None:
        votes: Counter[tuple[str, str]] = Counter()
        for old, pair in list(self.pairs.items()):
            if self.old.is_container(old):
                continue
            above = {self.new.kind(eid): eid for eid in self._containers_around(self.new, pair.new)}
            for eid in self._containers_around(self.old, old):
                other = above.get(self.old.kind(eid))
                if other is not None:
                    votes[(eid, other)] += 1
        for (old, new), _ in sorted(votes.items(), key=lambda item: -item[1]):
            if old not in self.pairs and new not in self.taken:
                self._pair(old, new, sure=self._is_mostly(old, new, votes[(old, new)]))
        rest = [eid for eid in self.old.order if self.old.is_container(eid) and eid not in self.pairs]
        there = [eid for eid in self.new.order if self.new.is_container(eid) and eid not in self.taken]
        for old in rest:
            for new in there:
                alike = (
                    self.old.kind(old) == self.new.kind(new) and self.old.words[old] == self.new.words[new]
                )
                if alike and new not in self.taken and self.old.words[old]:
                    self._pair(old, new, sure=False)
                    break

    def _containers_around(self, side: Side, eid: str) -> list[str]:
        found = []
        for above in side.ancestors(eid):
            if not side.is_container(above):
                break
            found.append(above)
        return found

    def _is_mostly(self, old: str, new: str, votes: int) -> bool:
        """The same heading, or most of what stands in the one stands in the other."""
        inside_old = sum(not self.old.is_container(eid) for eid in self._inside(self.old, old))
        inside_new = sum(not self.new.is_container(eid) for eid in self._inside(self.new, new))
        if self.old.words[old] == self.new.words[new] and self.old.words[old]:
            return votes * 4 >= inside_old
        return votes * 2 > inside_old and votes * 2 > inside_new

    def _inside(self, side: Side, container: str) -> list[str]:
        return [eid for eid in side.below[container] if container in self._containers_around(side, eid)]


def _same_neighbours(olds: Sequence[str], news: Sequence[str], i: int, j: int) -> bool:
    """The run of equal units around it is as long in both, and stands between the same two others."""
    value = olds[i]

    def run(prints: Sequence[str], at: int) -> tuple[int, str | None, int, str | None]:
        start = end = at
        while start > 0 and prints[start - 1] == value:
            start -= 1
        while end + 1 < len(prints) and prints[end + 1] == value:
            end += 1
        before = prints[start - 1] if start else None
        after = prints[end + 1] if end + 1 < len(prints) else None
        return at - start, before, end - at, after

    return run(olds, i) == run(news, j)


def _is_certain(one: _Resemblance, rival: float) -> bool:
    apart = one.value - rival >= _MARGIN or (1 - one.value) * 2 <= 1 - rival
    return one.value >= _SURE and apart and one.common >= _SURE_WORDS
