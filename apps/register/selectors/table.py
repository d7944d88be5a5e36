"""The comparison table: current and proposed wording, the association's wording, the ministry's position."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core import statuses
from apps.core.dates import language as page_language
from apps.draft_acts.models import DraftAct, DraftActVersion, Provision
from apps.draft_acts.naming import name_of
from apps.legal_text import amend, messages, provisions
from apps.legal_text.provisions import ReadAct
from apps.reviews import promises, said
from apps.reviews.models import Remark, Review

from .compare import ComparedProvision, comparison


@dataclass(frozen=True)
class Said:
    """A remark on the provision: what the association wants it to say, and what the ministry answered (may be empty)."""

    association: str
    number: int
    lang: str
    wording: str
    outcome: str
    position: str
    position_lang: str

    @property
    def outcome_word(self) -> str:
        return str(statuses.get("answer", self.outcome).word) if self.outcome else ""


@dataclass(frozen=True)
class TableRow:
    """`note` says what the words do not: that something is removed or new, or why nothing is proposed (`doubt`)."""

    number: int
    provision: str
    current: str
    proposed: str
    note: str
    doubt: bool
    said: tuple[Said, ...]


@dataclass(frozen=True)
class ComparisonTable:
    """`old` and `new` head the columns of wording; `language` is that of the texts."""

    language: str
    old: str
    new: str
    rows: tuple[TableRow, ...]

    @property
    def doubts(self) -> int:
        return sum(row.doubt for row in self.rows)


def of_versions(act: DraftAct, wanted: str) -> ComparisonTable | None:
    """From the newest version and the public one before it, as compared when it was published; None without two."""
    compared = comparison(act, None, wanted, only_changes=True)
    if compared is None:
        return None
    spoken = _spoken(act, compared.previous)
    rows = [
        TableRow(
            number=at,
            provision=f"{row.earlier} → {row.name}" if row.earlier else row.name,
            current="" if "added" in row.states else _labelled(row.before or row.label, row, old=True),
            proposed="" if "removed" in row.states else _labelled(row.label, row, old=False),
            note=", ".join(str(statuses.get("difference", state).word) for state in row.states),
            doubt=not row.sure,
            said=tuple(spoken.get(row.old, ())),
        )
        for at, row in enumerate(compared.rows, 1)
    ]
    names = [_("Version %(n)s") % {"n": v.number} for v in (compared.previous, compared.version)]
    return ComparisonTable(compared.language, names[0], names[1], tuple(rows))


def _labelled(label: str, row: ComparedProvision, *, old: bool) -> str:
    leave_out = "new" if old else "gone"
    words = "".join(edit.text for edit in row.edits if edit.kind != leave_out) or row.words
    return f"{label} {words}".strip()


def of_amending(act: DraftAct, amended: ReadAct, language: str) -> ComparisonTable | None:
    """From the act's own instructions and the text they amend; None where the act has no text in that language."""
    version = act.versions.exclude(frozen_at=None).order_by("-number").first()
    text = version and version.texts.filter(language=language).first()
    if not version or not text:
        return None
    here = page_language()
    spoken = _spoken(act, version)
    rows = []
    for at, row in enumerate(amend.table(provisions.from_dict(text.read), amended), 1):
        note = _note_of(row)
        rows.append(
            TableRow(
                number=at,
                provision=name_of(row.target, here) if row.target else _("The act as a whole"),
                current=row.current or "",
                proposed=row.proposed or "",
                note=f"{note} {name_of(row.instruction, here)}: {row.order}".strip(),
                doubt=row.doubt is not None,
                said=tuple(_about(row.instruction, spoken)),
            )
        )
    return ComparisonTable(language, _("Current wording"), _("Proposed wording"), tuple(rows))


def _note_of(row: amend.Row) -> str:
    if row.doubt:
        return _(messages.AMENDMENTS[row.doubt])
    if row.operator == "repeal":
        return _("Repealed.")
    if row.operator == "remove_unit":
        return _("Removed.")
    return _("New.") if row.operator == "add_unit" else ""


def _about(eid: str, spoken: dict[str, list[Said]]) -> Iterable[Said]:
    """Remarks on the instruction, and on what stands below it."""
    for spot, found in spoken.items():
        if spot == eid or spot.startswith(f"{eid}__"):
            yield from found


def _spoken(act: DraftAct, version: DraftActVersion) -> dict[str, list[Said]]:
    """Public remarks on that text by eid, those carried to it among them."""
    reviews = promises.reviews_by_opinion(act)
    found: dict[str, list[Said]] = defaultdict(list)
    for remark in promises.remarks_of_act(reviews):
        spot = _spot(remark, version)
        if spot is not None:
            found[spot.eid].append(_said(remark, reviews[remark.opinion_id]))
    return found


def _spot(remark: Remark, version: DraftActVersion) -> Provision | None:
    if remark.provision.version_id == version.pk:
        return remark.provision
    place = promises.ruling_place(remark, version.pk)
    return place.provision if place is not None else None


def _said(remark: Remark, review: Review) -> Said:
    answer = said.answer_to(remark)
    words = [answer.wording, answer.reason] if answer is not None else []
    return Said(
        association=review.association.short_name(page_language()),
        number=remark.number,
        lang=remark.lang,
        wording=remark.proposed_wording or remark.text,
        outcome=answer.outcome if answer is not None else "",
        position="\n".join(filter(None, words)),
        position_lang=answer.lang if answer is not None else remark.lang,
    )
