"""What screening gives: frozen dataclasses. Every phrase is an exact substring: text[start:end] == phrase."""

from __future__ import annotations

from dataclasses import dataclass

CABINET = "cabinet"
MINISTRY = "ministry_or_authorised_body"
LABELS = ("reference_norm", "concerns_lsg", "inter_budget", "delegated_powers")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A phrase that speaks for a label; `rule` is a key of `reasons.REASONS`."""

    start: int
    end: int
    phrase: str
    rule: str


@dataclass(frozen=True, slots=True)
class Delegation:
    """One rule left to a bylaw: who is to make it (`body` as printed), and what (`object`); None where that is not told.
    Of an item of a list `body` stands in the lead line, not in this text.

    `object` is an exact substring of the same text, `object_start` its place; `object_kind` a word such as "procedure",
    "list", "rates"; `score` from 0 to 1 how sure the grammar is.
    """

    start: int
    end: int
    phrase: str
    authority: str
    body: str | None
    object: str | None
    object_start: int | None
    object_kind: str | None
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class Screened:
    """What one text (a sentence or a list item) says, with the phrases that say so; `language` is "ru", "ky" or None."""

    language: str | None
    delegations: tuple[Delegation, ...]
    lsg_evidence: tuple[Evidence, ...]
    budget_evidence: tuple[Evidence, ...]
    delegated_evidence: tuple[Evidence, ...]
    scores: tuple[tuple[str, float], ...]

    @property
    def reference_norm(self) -> bool:
        return bool(self.delegations)

    @property
    def authority(self) -> str | None:
        """The Cabinet where it is one of the addressees, else the other body; None without a delegation."""
        named = {found.authority for found in self.delegations}
        return CABINET if CABINET in named else MINISTRY if named else None

    @property
    def phrases(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found.phrase for found in self.delegations))

    @property
    def concerns_lsg(self) -> bool:
        return bool(self.lsg_evidence)

    @property
    def inter_budget(self) -> bool:
        return bool(self.budget_evidence)

    @property
    def delegated_powers(self) -> bool:
        return bool(self.delegated_evidence)


@dataclass(frozen=True, slots=True)
class FoundAt:
    """A finding in a read act: `part` ("heading" or "text") of the provision `eid`, offsets within that string.

    `label` is one of LABELS. `delegation` is set for a reference norm, its offsets likewise within the part.
    """

    eid: str
    part: str
    label: str
    start: int
    end: int
    phrase: str
    rule: str
    score: float
    delegation: Delegation | None = None
