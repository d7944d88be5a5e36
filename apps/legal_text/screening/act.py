"""A whole read act, sentence by sentence."""

from __future__ import annotations

from apps.legal_text.provisions import ReadAct
from apps.legal_text.screening.engine import screen
from apps.legal_text.screening.found import FoundAt


def screen_provisions(act: ReadAct) -> tuple[FoundAt, ...]:
    """Every finding in the act, in document order; headings delegate nothing."""
    answer: list[FoundAt] = []
    for provision in act.provisions:
        for part, value in (("heading", provision.heading), ("text", provision.text)):
            if not value:
                continue
            screened = screen(value, act.language)
            for item in screened.delegations if part == "text" else ():
                answer.append(
                    FoundAt(
                        provision.eid,
                        part,
                        "reference_norm",
                        item.start,
                        item.end,
                        item.phrase,
                        item.rule,
                        item.score,
                        item,
                    )
                )
            for label, evidence in (
                ("concerns_lsg", screened.lsg_evidence),
                ("inter_budget", screened.budget_evidence),
                ("delegated_powers", screened.delegated_evidence),
            ):
                for proof in evidence:
                    answer.append(
                        FoundAt(
                            provision.eid, part, label, proof.start, proof.end, proof.phrase, proof.rule, 1.0
                        )
                    )
    return tuple(answer)
