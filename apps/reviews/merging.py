"""The next draft from accepted proposals: what was chosen and typed so far, what is not settled, what the texts become.

Nothing here writes. The words are merged by `legal_text.merging`; the choices are rows of `MergedProvision`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.conditions import Unmet
from apps.core.dates import language as page_language
from apps.draft_acts import selectors as draft_acts
from apps.draft_acts.models import DraftAct, DraftActVersion, Provision
from apps.draft_acts.naming import name_of
from apps.legal_text import compare, merging, promised, provisions
from apps.legal_text.errors import MergingRefused
from apps.legal_text.normalize import normalize
from apps.legal_text.outline import TITLED
from apps.legal_text.provisions import ReadAct

from . import promises
from .conditions import address
from .enums import MergeDecision, PromiseState
from .models import MergeChoice, MergedProvision, Remark

TAKEN = frozenset({MergeDecision.TAKE, MergeDecision.EDIT})
#: Promises that a next text may still take up.
WAITING = frozenset({PromiseState.OPEN, PromiseState.NOT_TAKEN_UP, PromiseState.CHANGED, PromiseState.LOST})


@dataclass(frozen=True)
class Proposal:
    """An accepted wording and what was decided of it so far; `reason` is why it is left, in `reason_lang`.

    `fitted`: the words of the provision with the wording put in; empty where it leaves words out, or its language has no
    such provision.
    """

    promise: promises.Promise
    fitted: str = ""
    decision: str = ""
    reason: str = ""
    reason_lang: str = "ky"

    @property
    def remark(self) -> Remark:
        return self.promise.remark


@dataclass(frozen=True)
class Unit:
    """A provision with accepted wordings for it. Words by language, of those that have the provision."""

    provision: Provision
    proposals: tuple[Proposal, ...]
    present: Mapping[str, str]
    typed: Mapping[str, str]
    untranslated: bool = False
    edit_version: int = 0
    saved_at: datetime | None = None

    @property
    def eid(self) -> str:
        return self.provision.eid

    @property
    def is_taken(self) -> bool:
        return any(proposal.decision in TAKEN for proposal in self.proposals)

    @property
    def conflict(self) -> bool:
        """Whether several proposals want different words of the same provision, in one language or in two."""
        return len({normalize(proposal.promise.wording) for proposal in self.proposals}) > 1

    def is_new(self, language: str) -> bool:
        """Whether other words stand in this language than now."""
        return normalize(self.typed[language]) != normalize(self.present[language])

    def has_title(self, language: str) -> bool:
        return self.provision.kind in TITLED and bool(getattr(self.provision, f"heading_{language}"))

    @property
    def to_translate(self) -> str:
        """The language that still says what it said while the other has new words; empty when there is none."""
        new = [lang for lang in self.present if self.is_new(lang)]
        old = [lang for lang in self.present if lang not in new]
        return old[0] if self.is_taken and new and old else ""


@dataclass(frozen=True)
class Plan:
    """All accepted wordings of an act, as of its newest public text. `wordless`: accepted without words to put in;
    `unplaced`: their provision has to be found first."""

    act: DraftAct
    version: DraftActVersion
    units: tuple[Unit, ...]
    texts: Mapping[str, ReadAct]
    wordless: tuple[promises.Promise, ...] = ()
    unplaced: tuple[promises.Promise, ...] = ()

    @property
    def seen(self) -> str:
        """What was looked at, in short: another one is asked to look again."""
        said = [
            [u.provision.pk, dict(u.typed), u.untranslated, [[p.remark.pk, p.decision, p.reason] for p in u.proposals]]
            for u in self.units
        ]  # fmt: skip
        return hashlib.sha256(json.dumps([self.version.pk, said]).encode()).hexdigest()

    def unit(self, eid: str) -> Unit | None:
        return next((unit for unit in self.units if unit.eid == eid), None)

    def proposals(self) -> list[Proposal]:
        return [proposal for unit in self.units for proposal in unit.proposals]

    def to_translate(self, language: str) -> list[str]:
        return [unit.eid for unit in self.units if unit.to_translate == language]


def plan(act: DraftAct) -> Plan:
    """The plan of the act's next draft. Few queries for any number of proposals."""
    version = draft_acts.current_version(act)
    waiting = [
        promise for promise in promises.promises(act) if promise.state in WAITING | {PromiseState.UNPLACED}
    ]
    placed = [p for p in waiting if p.state != PromiseState.UNPLACED and p.provision is not None]
    by_place: dict[int, list[promises.Promise]] = {}
    for promise in placed:
        if promise.wording and promise.provision is not None:
            by_place.setdefault(promise.provision.pk, []).append(promise)
    texts = {text.language: provisions.from_dict(text.read) for text in version.texts.order_by("language")}
    units = {language: {unit.eid: unit for unit in read.provisions} for language, read in texts.items()}
    saved = {
        row.provision_id: row
        for row in MergedProvision.objects.filter(provision__in=by_place).prefetch_related("choices")
    }
    rows = Provision.objects.filter(pk__in=by_place).order_by("position")
    return Plan(
        act=act,
        version=version,
        units=tuple(_unit(row, by_place[row.pk], units, saved.get(row.pk)) for row in rows),
        texts=texts,
        wordless=tuple(p for p in placed if not p.wording),
        unplaced=tuple(p for p in waiting if p not in placed),
    )


def _unit(
    provision: Provision,
    found: Iterable[promises.Promise],
    units: Mapping[str, Mapping[str, provisions.Provision]],
    saved: MergedProvision | None,
) -> Unit:
    chosen = {choice.remark_id: choice for choice in saved.choices.all()} if saved else {}
    here = {lang: units[lang][provision.eid] for lang in ("ky", "ru") if provision.eid in units.get(lang, {})}
    proposals = []
    for promise in found:
        own = None if promised.leaves_out(promise.wording) else here.get(promise.lang)
        choice = chosen.get(promise.remark.pk)
        more = (choice.decision, choice.reason, choice.lang) if choice else ()
        proposals.append(Proposal(promise, merging.fitted(own, promise.wording) if own else "", *more))
    present = {lang: merging.words(unit) for lang, unit in here.items()}
    typed = dict(present)
    if len({p.promise.wording for p in proposals}) == 1:  # several are for a person to bring together
        typed |= {p.promise.lang: p.fitted for p in proposals if p.fitted}
    if saved is not None:
        typed = {lang: getattr(saved, f"wording_{lang}") for lang in here}
    return Unit(
        provision=provision,
        proposals=tuple(proposals),
        present=present,
        typed=typed,
        untranslated=saved.untranslated if saved else False,
        edit_version=saved.edit_version if saved else 0,
        saved_at=saved.updated_at if saved else None,
    )


# --- what the texts become ----------------------------------------------------------------------------


def merged(plan: Plan, language: str) -> merging.Merged:
    """The text of the version with every taken wording in it. Raises MergingRefused."""
    return merging.merge(plan.texts[language], _wanted(plan, language))


def _wanted(plan: Plan, language: str) -> dict[str, str]:
    return {u.eid: u.typed[language] for u in plan.units if u.is_taken and language in u.typed}


def kept(plan: Plan, texts: Mapping[str, ReadAct]) -> dict[int, bool]:
    """Whether the words that were promised will stand in the texts, as the ledger of promises will say; by remark."""
    return {
        proposal.remark.pk: promised.holds(
            proposal.promise.wording, _said(texts.get(proposal.promise.lang), unit.eid)
        )
        for unit in plan.units
        for proposal in unit.proposals
    }


def _said(act: ReadAct | None, eid: str) -> str:
    """The words of a provision with all below it."""
    found = []
    for unit in act.provisions if act else ():
        if unit.eid == eid:
            found += [unit.heading, unit.text]
        elif unit.eid.startswith(f"{eid}__"):
            found += [unit.label, unit.heading, unit.text]
    return " ".join(part for part in found if part)


@dataclass(frozen=True)
class Change:
    """A provision in both texts, in the shape in which comparisons are shown."""

    eid: str
    name: str
    states: tuple[str, ...]
    label: str
    before: str
    edits: tuple[compare.Edit, ...]
    words: str = ""


def changes(old: ReadAct, new: ReadAct) -> list[Change]:
    """What the merged text changes, compared as a later version is."""
    here = page_language()
    before, after = ({unit.eid: unit for unit in act.provisions} for act in (old, new))
    found = []
    for row in compare.compare(old, new).differences:
        if row.states == ("unchanged",):
            continue
        earlier = normalize(before[row.old].label) if row.old else ""
        label = normalize(after[row.new].label) if row.new else earlier
        eid = row.new or row.old or ""
        changed_label = earlier if row.new and row.old and earlier != label else ""
        found.append(Change(eid, name_of(eid, here), row.states, label, changed_label, row.edits))
    return found


# --- what is not settled yet --------------------------------------------------------------------------


def unmet(plan: Plan) -> list[Unmet]:
    """What keeps the draft from being made, each with the address where it is settled."""
    found: list[Unmet] = []
    for unit in plan.units:
        found += [_lack(plan, unit, code, message) for code, message in _lacks(unit)]
    if plan.units and not any(unit.is_taken for unit in plan.units) and not found:
        found.append(
            Unmet("nothing_taken", _("No proposal is taken: the next draft would be the same text."))
        )
    if not plan.units:
        found.append(
            Unmet("no_proposals", _("No accepted proposal with a wording waits for the next draft."))
        )
    texts: dict[str, ReadAct] = {}
    for language in plan.texts:
        try:
            texts[language] = merged(plan, language).act
        except MergingRefused:
            found += _refused(plan, language)
    return found + _not_as_proposed(plan, texts)


def _lack(plan: Plan, unit: Unit, code: str, message: Any) -> Unmet:
    place = address("next_draft", plan.act.number, fragment=unit.eid)
    return Unmet(code, f"{name_of(unit.eid, page_language())}: {message}", place)


def _lacks(unit: Unit) -> Iterable[tuple[str, str]]:
    for proposal in unit.proposals:
        number = _which(proposal)
        if not proposal.decision:
            yield "undecided", gettext("remark №%(number)s of %(association)s is not decided yet.") % number
        elif proposal.decision == MergeDecision.LEAVE and not proposal.reason:
            yield (
                "no_reason",
                gettext("say why remark №%(number)s of %(association)s is left for later.") % number,
            )
    if not unit.is_taken:
        return
    if not any(unit.is_new(lang) for lang in unit.present):
        yield "same_words", gettext("a proposal is taken, but the words are the same as before.")
    elif unit.to_translate and not unit.untranslated:
        yield (
            "other_language",
            gettext(
                "only one language has new words. Write the other one too, or mark it as still to be translated."
            ),
        )


def _which(proposal: Proposal) -> dict[str, Any]:
    association = proposal.promise.review.association.short_name(page_language())
    return {"number": proposal.remark.number, "association": association}


def _refused(plan: Plan, language: str) -> list[Unmet]:
    """Each wording that cannot stand in its place, found by trying them one by one."""
    found = []
    for eid, typed in _wanted(plan, language).items():
        unit = plan.unit(eid)
        try:
            merging.merge(plan.texts[language], {eid: typed})
        except MergingRefused as refusal:
            assert unit is not None
            found.append(_lack(plan, unit, refusal.code, f"{_NAMES[language]} {gettext(refusal.message)}"))
    return found


_NAMES = {"ky": _("the Kyrgyz words."), "ru": _("the Russian words.")}


def _not_as_proposed(plan: Plan, texts: Mapping[str, ReadAct]) -> list[Unmet]:
    """Taken as it is proposed means that the promised words stand there."""
    stands = kept(plan, texts)
    message = gettext(
        "the words of remark №%(number)s of %(association)s do not stand in the new text. Put them in, or say “with "
        "edits”."
    )
    return [
        _lack(plan, unit, "not_as_proposed", message % _which(proposal))
        for unit in plan.units
        for proposal in unit.proposals
        if proposal.decision == MergeDecision.TAKE
        and proposal.promise.lang in texts
        and not stands[proposal.remark.pk]
    ]


# --- after the draft is public ------------------------------------------------------------------------


def stayed(previous: DraftActVersion, version: DraftActVersion) -> set[str]:
    """Eids whose new words were written for that very provision and stand there: it is the same one, however changed."""
    rows = MergedProvision.objects.filter(
        provision__version=previous, choices__decision__in=TAKEN
    ).select_related("provision")
    typed = {row.provision.eid: row for row in rows}
    return {
        p.eid
        for p in version.provisions.filter(eid__in=typed)
        if all(_words_of(p, lang) == normalize(getattr(typed[p.eid], f"wording_{lang}")) for lang in ("ky", "ru"))
    }  # fmt: skip


def left(act: DraftAct, newest: DraftActVersion) -> dict[int, MergeChoice]:
    """Why accepted proposals were left out of the newest public text, by remark: public together with that text."""
    rows = MergeChoice.objects.filter(
        merged__provision__version__act=act,
        merged__provision__version__number__lt=newest.number,
        decision=MergeDecision.LEAVE,
    ).exclude(reason="")
    return {row.remark_id: row for row in rows.order_by("merged__provision__version__number")}


def _words_of(provision: Provision, language: str) -> str:
    heading, text = (getattr(provision, f"{part}_{language}") for part in ("heading", "text"))
    return normalize(f"{heading if provision.kind in TITLED else ''} {text}")
