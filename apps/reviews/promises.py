"""The ledger of promises: an accepted remark, watched through every later text of the act.

A promise stands in no row of its own: the sent answer is the promise, the places of its remark and the frozen texts
say what became of it. Whoever asks gets the same answer.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from apps.draft_acts.models import DraftAct, DraftActVersion, Provision
from apps.legal_text import promised

from .enums import AnswerOutcome, OpinionLink, PlaceCause, PlaceOutcome, PromiseState
from .models import Remark, RemarkPlace, Review, ReviewOpinion

ACCEPTED = (AnswerOutcome.ACCEPTED, AnswerOutcome.PARTLY_ACCEPTED)


@dataclass(frozen=True)
class Promise:
    """An accepted or partly accepted remark and its state in the newest text that was looked at.

    `wording` is what was promised, in `lang`: the ministry's own, else what the association proposed; it may be empty.
    `place` is where the remark belongs in that text; None where it is the text the remark was made on.
    """

    remark: Remark
    review: Review
    state: PromiseState
    wording: str
    lang: str
    place: RemarkPlace | None
    version: DraftActVersion

    @property
    def provision(self) -> Provision | None:
        return self.place.provision if self.place is not None else self.remark.provision


@dataclass(frozen=True)
class Displaced:
    """A remark that lost its place in the newest text, and what was found out about it."""

    remark: Remark
    review: Review
    place: RemarkPlace


def reviews_by_opinion(act: DraftAct) -> dict[int, Review]:
    """The review of every opinion in force on this act, by id of the opinion."""
    links = ReviewOpinion.objects.filter(
        review__consultation__act=act, state=OpinionLink.IN_FORCE, opinion__submitted_at__isnull=False
    ).select_related("review__association", "review__consultation__act__initiator")
    return {link.opinion_id: link.review for link in links}


def remarks_of_act(opinions: Iterable[int]) -> list[Remark]:
    """Public remarks of these opinions that are not withdrawn, with provision, answer, and places."""
    rows = Remark.objects.filter(opinion__in=list(opinions), withdrawn_at=None)
    return list(
        rows.select_related("provision", "answer", "opinion")
        .defer("opinion__canonical", "opinion__statement")
        .prefetch_related("places__provision", "places__version")
        .order_by("opinion_id", "number")
    )


def ruling_place(remark: Remark, version_id: int) -> RemarkPlace | None:
    """The row that says where the remark belongs in that version: the last one."""
    rows = [place for place in remark.places.all() if place.version_id == version_id]
    return max(rows, key=lambda place: place.pk) if rows else None


def displaced(act: DraftAct) -> list[Displaced]:
    """Remarks without a place in the newest public text, until a person settles them."""
    newest = act.versions.exclude(frozen_at=None).order_by("-number").first()
    if newest is None or not newest.remark_places.exists():
        return []
    reviews = reviews_by_opinion(act)
    found = []
    for remark in remarks_of_act(reviews):
        place = ruling_place(remark, newest.pk)
        if place is not None and place.outcome == PlaceOutcome.DISPLACED:
            found.append(Displaced(remark, reviews[remark.opinion_id], place))
    return found


def promises(act: DraftAct, *, until: int | None = None) -> list[Promise]:
    """Every promise of the act as of its newest public text, or of the text number `until`. Few queries for any number."""
    reviews = reviews_by_opinion(act)
    remarks = [remark for remark in remarks_of_act(reviews) if _is_promise(remark)]
    if not remarks:
        return []
    texts = act.versions.exclude(frozen_at=None).order_by("number")
    versions = [v for v in texts if until is None or v.number <= until]
    words = _words(remarks, versions)
    return [_promise(remark, reviews[remark.opinion_id], versions, words) for remark in remarks]


def _is_promise(remark: Remark) -> bool:
    answer = getattr(remark, "answer", None)
    return answer is not None and answer.sent_at is not None and answer.outcome in ACCEPTED


Words = dict[tuple[int, str, str], str]  # (version, eid, language): the provision with all below it


def _words(remarks: Iterable[Remark], versions: Iterable[DraftActVersion]) -> Words:
    """The words of every provision that a promise has been on, in one query."""
    places: dict[int, set[str]] = defaultdict(set)
    known = {version.pk for version in versions}
    for remark in remarks:
        spots = [remark.provision, *(p.provision for p in remark.places.all() if p.provision is not None)]
        for provision in spots:
            if provision.version_id in known:
                places[provision.version_id].add(provision.eid)
    wanted = Q()
    for version_id, eids in places.items():
        for eid in eids:
            wanted |= Q(version_id=version_id) & (Q(eid=eid) | Q(eid__startswith=f"{eid}__"))
    if not wanted:
        return {}
    columns = [f"{name}_{code}" for code in ("ky", "ru") for name in ("label", "heading", "text")]
    found: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for version_id, eid, *cells in (
        Provision.objects.filter(wanted).order_by("position").values_list("version_id", "eid", *columns)
    ):
        for spot in places[version_id]:
            if eid == spot or eid.startswith(f"{spot}__"):
                # The label of the unit itself is its number: another number is no other wording.
                for code, (label, *said) in (("ky", cells[:3]), ("ru", cells[3:])):
                    found[(version_id, spot, code)] += said if eid == spot else [label, *said]
    return {key: " ".join(filter(None, parts)) for key, parts in found.items()}


def _promise(remark: Remark, review: Review, versions: list[DraftActVersion], words: Words) -> Promise:
    answer: Any = remark.answer  # type: ignore[attr-defined]
    wording, lang = (
        (answer.wording, answer.lang) if answer.wording else (remark.proposed_wording, remark.lang)
    )
    later = [version for version in versions if version.number > _number_of(remark, versions)]
    newest = versions[-1]
    place = ruling_place(remark, newest.pk) if later else None
    state = _state(remark, wording, lang, later, place, words)
    return Promise(remark, review, state, wording, lang, place, newest)


def _number_of(remark: Remark, versions: Iterable[DraftActVersion]) -> int:
    return next((v.number for v in versions if v.pk == remark.provision.version_id), 0)


def _state(
    remark: Remark,
    wording: str,
    lang: str,
    later: list[DraftActVersion],
    place: RemarkPlace | None,
    words: Words,
) -> PromiseState:
    if not later:
        return PromiseState.OPEN
    if place is None or place.outcome == PlaceOutcome.CLOSED:
        return PromiseState.CLOSED if _was_closed(remark, later) else PromiseState.UNPLACED
    if place.provision is None:
        return PromiseState.LOST if place.cause == PlaceCause.REMOVED else PromiseState.UNPLACED
    now = (later[-1].pk, place.provision.eid)
    if promised.holds(wording, words.get((*now, lang), "")):
        return PromiseState.KEPT
    if any(_held(remark, wording, lang, version, words) for version in later[:-1]):
        return PromiseState.LOST
    first = (remark.provision.version_id, remark.provision.eid)
    same = all(words.get((*first, code), "") == words.get((*now, code), "") for code in ("ky", "ru"))
    return PromiseState.NOT_TAKEN_UP if same else PromiseState.CHANGED


def _was_closed(remark: Remark, later: Iterable[DraftActVersion]) -> bool:
    ruling = (ruling_place(remark, version.pk) for version in later)
    return any(place is not None and place.outcome == PlaceOutcome.CLOSED for place in ruling)


def _held(remark: Remark, wording: str, lang: str, version: DraftActVersion, words: Words) -> bool:
    place = ruling_place(remark, version.pk)
    if place is None or place.provision is None:
        return False
    return promised.holds(wording, words.get((version.pk, place.provision.eid, lang), ""))
