"""The evidence of the scope: what the portal found in the texts, by topic, both languages level by provision.

Kept as a dict in the order of the text, and frozen as such into the signed statement:
{"concerns_lsg" | "inter_budget" | "delegated_powers": [{"eid", "phrase_ky", "rule_ky", "phrase_ru", "rule_ru"}]}.
A language in which nothing was found has an empty phrase. `rule` is a key of legal_text.screening.REASONS.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.dates import language
from apps.legal_text import screening

from . import naming
from .enums import TextLanguage
from .models import DraftAct, DraftActVersion, Provision, ScopeStatement
from .screened import TOPICS

Evidence = dict[str, list[dict[str, str]]]
LANGUAGES = (TextLanguage.KY, TextLanguage.RU)
FIRST = 3  # provisions that are shown with their words before the rest is unfolded
AROUND = 90  # characters shown before and after the phrase
SIGNED_VERSION = 1  # an act is registered with its first version

QUESTIONS = {
    "concerns_lsg": _("Does the act touch local self-government?"),
    "inter_budget": _("Does the act touch inter-budget relations?"),
    "delegated_powers": _("Does the act touch delegated state powers?"),
}
ANSWERS = {  # topic: field of the answer, of the reason of a "no", of the count
    "concerns_lsg": ("touches_lsg", "reason", "found_lsg"),
    "inter_budget": ("touches_inter_budget", "reason_inter_budget", "found_inter_budget"),
    "delegated_powers": ("touches_delegated_powers", "reason_delegated_powers", "found_delegated_powers"),
}


def of_version(version: DraftActVersion) -> Evidence | None:
    """What was found in the texts of a version as they stand; None when no text was looked at. Two queries."""
    seen = dict(version.texts.exclude(screened=None).values_list("language", "screened__topics"))
    if not seen:
        return None
    positions = dict(version.provisions.values_list("eid", "position"))
    return level(seen, positions)


def level(seen: Mapping[str, Mapping[str, Any]], positions: Mapping[str, int]) -> Evidence:
    """`seen`: the topics of a screened text, by language; `positions`: of a provision in the document, by eid."""
    found: Evidence = {}
    for topic in TOPICS:
        by_eid: dict[str, dict[str, str]] = {}
        for code in LANGUAGES:
            for place in seen.get(code, {}).get(topic, []):
                row = by_eid.setdefault(place["eid"], {"eid": place["eid"], **_EMPTY})
                row[f"phrase_{code}"], row[f"rule_{code}"] = place["phrase"], place["rule"]
        found[topic] = sorted(by_eid.values(), key=lambda row: positions.get(row["eid"], len(positions)))
    return found


_EMPTY = {f"{name}_{code}": "" for code in LANGUAGES for name in ("phrase", "rule")}


def counts(found: Evidence | None) -> dict[str, int]:
    """Provisions by topic."""
    return {topic: len((found or {}).get(topic, [])) for topic in TOPICS}


# --- as a page shows it --------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """The phrase of one language with the text around it, where that was read."""

    language: str
    phrase: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Place:
    """One provision of the evidence, named in the language of the page."""

    eid: str
    name: str
    url: str
    why: tuple[str, ...]
    words: tuple[Words, ...]


@dataclass(frozen=True)
class TopicFound:
    """What was found about one question: the first places with the text around their words, then the rest."""

    topic: str
    question: str
    first: tuple[Place, ...]
    rest: tuple[Place, ...]
    looked_at: bool

    @property
    def count(self) -> int:
        return len(self.first) + len(self.rest)


def preparing(act: DraftAct, version: DraftActVersion) -> list[TopicFound]:
    """For the signatory: what is found now, with links to the texts as they were read. Three queries."""
    here = TextLanguage.KY if language() == TextLanguage.KY else TextLanguage.RU
    base = reverse("act_text_check", args=[act.token, here])
    return _shown(of_version(version), version.provisions.all(), lambda eid: f"{base}#{eid}")


def stated(act: DraftAct) -> list[TopicFound]:
    """For everybody: what had been found when the statement was signed, with lasting links to that version. Two queries."""
    found = ScopeStatement.objects.filter(act=act).values_list("evidence", flat=True).first()
    signed = Provision.objects.filter(version__act=act, version__number=SIGNED_VERSION)
    place = "act_provision"
    return _shown(found, signed, lambda eid: reverse(place, args=[act.number, SIGNED_VERSION, eid]))


def _shown(found: Evidence | None, text: QuerySet[Provision], url: Callable[[str], str]) -> list[TopicFound]:
    here, by_topic = language(), found or {}
    near = [row["eid"] for topic in TOPICS for row in by_topic.get(topic, [])[:FIRST]]
    provisions = {p.eid: p for p in text.filter(eid__in=near)} if near else {}

    def places(rows: Iterable[Mapping[str, str]]) -> tuple[Place, ...]:
        return tuple(
            Place(
                eid=row["eid"],
                name=naming.name_of(row["eid"], here),
                url=url(row["eid"]),
                why=_why(row),
                words=tuple(
                    _words(row[f"phrase_{code}"], code, provisions.get(row["eid"]))
                    for code in LANGUAGES
                    if row[f"phrase_{code}"]
                ),
            )
            for row in rows
        )

    return [
        TopicFound(
            topic=topic,
            question=str(QUESTIONS[topic]),
            first=places(by_topic.get(topic, [])[:FIRST]),
            rest=places(by_topic.get(topic, [])[FIRST:]),
            looked_at=found is not None,
        )
        for topic in TOPICS
    ]


def _why(row: Mapping[str, str]) -> tuple[str, ...]:
    rules = dict.fromkeys(row[f"rule_{code}"] for code in LANGUAGES if row[f"rule_{code}"])
    return tuple(gettext(screening.REASONS[rule]) for rule in rules if rule in screening.REASONS)


def _words(phrase: str, code: str, provision: Provision | None) -> Words:
    """The phrase within its text or heading; alone where the provision was not read or does not hold it."""
    for part in ("text", "heading") if provision is not None else ():
        text = getattr(provision, f"{part}_{code}")
        start = text.find(phrase)
        if start >= 0:
            return Words(code, phrase, _before(text[:start]), _after(text[start + len(phrase) :]))
    return Words(code, phrase)


def _before(text: str) -> str:
    return text if len(text) <= AROUND else "… " + text[-AROUND:].partition(" ")[2]


def _after(text: str) -> str:
    return text if len(text) <= AROUND else text[:AROUND].rpartition(" ")[0] + " …"
