"""What the portal sees in a text: the screening of legal_text as a dict that is kept with the text.

{"by": SCREENED_BY,
 "norms": [{"eid", "start", "phrase", "authority", "body", "delegated", "rule"}],
 "topics": {"concerns_lsg" | "inter_budget" | "delegated_powers": [{"eid", "phrase", "rule"}]}}

`start` counts characters in the text of the provision. Evidence of a topic is one phrase a provision. `rule` is a key of
legal_text.screening.REASONS: why it was found, in words.
"""

from typing import Any

from apps.legal_text import provisions, screening

SCREENED_BY = "1"  # the shape of the dict; a text looked at keeps what was seen then
TOPICS = ("concerns_lsg", "inter_budget", "delegated_powers")
Screened = dict[str, Any]


def look_at(read: dict[str, Any]) -> Screened:
    """Screen a text as it was read (VersionText.read). Plain work of the processor, a second for a long code."""
    norms: list[dict[str, Any]] = []
    topics: dict[str, dict[str, dict[str, str]]] = {topic: {} for topic in TOPICS}
    for found in screening.screen_provisions(provisions.from_dict(read)):
        if found.delegation is not None and found.part == "text":
            left = found.delegation
            norms.append(
                {
                    "eid": found.eid,
                    "start": found.start,
                    "phrase": found.phrase,
                    "authority": left.authority,
                    "body": left.body,
                    "delegated": left.object or "",
                    "rule": found.rule,
                }
            )
        elif found.label in topics:
            evidence = {"eid": found.eid, "phrase": found.phrase, "rule": found.rule}
            topics[found.label].setdefault(found.eid, evidence)
    return {
        "by": SCREENED_BY,
        "norms": norms,
        "topics": {topic: list(by_eid.values()) for topic, by_eid in topics.items()},
    }
