"""A whole read act, sentence by sentence, each item of a list under its lead line."""

from __future__ import annotations

from collections.abc import Iterator

from apps.legal_text import language
from apps.legal_text.provisions import Provision, ReadAct, plain_text
from apps.legal_text.screening import powers
from apps.legal_text.screening.engine import screen_under
from apps.legal_text.screening.found import FoundAt, Screened
from apps.legal_text.screening.powers import Lead

_ITEMS = frozenset({"point", "subpoint", "indent"})
#: Units that only carry the name of an act or of a person.
_SILENT = frozenset({"signature"})


def screen_provisions(act: ReadAct) -> tuple[FoundAt, ...]:
    """Every finding in the act, in document order; headings delegate nothing."""
    lang = act.language or language.recognise(plain_text(act)[:60_000])
    leads: dict[str | None, Lead] = {}
    answer: list[FoundAt] = []
    for provision in act.provisions:
        if provision.kind in _SILENT:
            continue
        if provision.heading:
            answer += _found(provision.eid, "heading", screen_under(provision.heading, lang, lead=None))
        if provision.text:
            lead = leads.get(provision.parent) if provision.kind in _ITEMS else None
            answer += _found(provision.eid, "text", screen_under(provision.text, lang, lead=lead))
        _remember(leads, provision, lang)
    return tuple(answer)


def _remember(leads: dict[str | None, Lead], provision: Provision, lang: str | None) -> None:
    """A text that ends with a colon leads what stands under it and, in a list of indents, what follows beside it."""
    text = (provision.text or "").rstrip()
    if not text.endswith(":"):
        return
    lead = powers.lead_of(text, lang)
    leads[provision.eid] = lead
    if provision.kind == "indent":
        leads[provision.parent] = lead


def _found(eid: str, part: str, screened: Screened) -> Iterator[FoundAt]:
    if part == "text":
        for item in screened.delegations:
            yield FoundAt(
                eid, part, "reference_norm", item.start, item.end, item.phrase, item.rule, item.score, item
            )
    for label, evidence in (
        ("concerns_lsg", screened.lsg_evidence),
        ("inter_budget", screened.budget_evidence),
        ("delegated_powers", screened.delegated_evidence),
    ):
        for proof in evidence:
            yield FoundAt(eid, part, label, proof.start, proof.end, proof.phrase, proof.rule, 1.0)
