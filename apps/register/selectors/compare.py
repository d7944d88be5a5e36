"""What a version changed against the one before it, as it was computed and stored when the version became public."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.dates import language as page_language
from apps.draft_acts.models import DraftAct, DraftActVersion, Provision, VersionComparison
from apps.draft_acts.naming import name_of
from apps.legal_text import compare
from apps.legal_text.normalize import normalize

from .text import OutlineItem


@dataclass(frozen=True)
class ComparedProvision:
    """A provision in both versions. `label` is shown before the words; `before` is its earlier label where it differs.

    `edits` are empty where the words are the same: then `words` has them. `earlier` names the old place where it is
    another one; `sure` is False where the two may be different provisions.
    """

    anchor: str
    name: str
    states: tuple[str, ...]
    label: str
    before: str
    edits: tuple[compare.Edit, ...]
    words: str
    earlier: str
    sure: bool
    old: str = ""  # its eid in the earlier version; empty when it is new

    @property
    def is_unchanged(self) -> bool:
        return self.states == ("unchanged",)


@dataclass(frozen=True)
class ComparedVersions:
    """A page of two versions in one language. `counts`: (state, number) of what is not unchanged."""

    version: DraftActVersion
    previous: DraftActVersion
    language: str
    languages: tuple[str, ...]
    rows: tuple[ComparedProvision, ...]
    counts: tuple[tuple[str, int], ...]
    outline: tuple[OutlineItem, ...]
    others: tuple[DraftActVersion, ...]


def compared_versions(act: DraftAct) -> list[DraftActVersion]:
    """The public versions that have one before them, the newest first."""
    versions = act.versions.exclude(frozen_at=None).filter(comparisons__isnull=False)
    return list(versions.distinct().order_by("-number"))


def comparison(
    act: DraftAct, number: int | None, wanted: str, *, only_changes: bool
) -> ComparedVersions | None:
    """The comparison of that version (None: the newest) in that language, or in the other; None if there is none."""
    versions = compared_versions(act)
    version = next((v for v in versions if number is None or v.number == number), None)
    if version is None:
        return None
    stored = {c.language: c for c in version.comparisons.select_related("previous")}
    found = stored.get(wanted) or next(iter(stored.values()))
    read = compare.from_dict(found.compared)
    rows = tuple(_rows(found, read, only_changes=only_changes))
    return ComparedVersions(
        version=version,
        previous=found.previous,
        language=found.language,
        languages=tuple(sorted(stored)),
        rows=rows,
        counts=tuple((s, n) for s, n in read.counts().items() if n and s != "unchanged"),
        outline=tuple(
            OutlineItem(f"#{row.anchor}", row.name, page_language()) for row in rows if not row.is_unchanged
        ),
        others=tuple(v for v in versions if v != version),
    )


def _rows(
    stored: VersionComparison, read: compare.Comparison, *, only_changes: bool
) -> Iterable[ComparedProvision]:
    here = page_language()
    new = _sides(stored.version, stored.language)
    old = _sides(stored.previous, stored.language)
    for row in read.differences:
        if only_changes and row.states == ("unchanged",):
            continue
        eid = row.new or row.old or ""
        label, words = new[row.new] if row.new else old[eid]
        before = old[row.old][0] if row.old else ""
        name = name_of(eid, here)
        yield ComparedProvision(
            # What is gone shares no address with what stands in its place now.
            anchor=eid if row.new else f"gone-{eid}",
            name=name if row.new else _("%(provision)s, removed") % {"provision": name},
            states=row.states,
            label=label,
            before=before if row.new and row.old and before != label else "",
            edits=row.edits,
            words=words,
            earlier=name_of(row.old, here) if row.old and row.new and row.old != row.new else "",
            sure=row.sure,
            old=row.old or "",
        )


def _sides(version: DraftActVersion, language: str) -> dict[str, tuple[str, str]]:
    """Label and words of every provision in that language, as they were compared."""
    columns = [f"{name}_{language}" for name in ("label", "heading", "text")]
    rows = Provision.objects.filter(version=version).values_list("eid", *columns)
    return {
        eid: (normalize(label), "\n".join(filter(None, (normalize(heading), normalize(text)))))
        for eid, label, heading, text in rows
    }
