"""What a new version changed: computed once, when it becomes public, and stored beside it."""

from datetime import datetime

from apps.draft_acts.models import DraftActVersion, VersionComparison
from apps.legal_text import compare, provisions


def store_comparisons(version: DraftActVersion, previous: DraftActVersion, *, at: datetime) -> None:
    """Compare the version with the public one before it, in every language that both have. Part of its publishing."""
    before = {text.language: text for text in previous.texts.all()}
    for text in version.texts.order_by("language"):
        if text.language not in before:
            continue
        old, new = (provisions.from_dict(t.read) for t in (before[text.language], text))
        comparison = compare.compare(old, new)
        VersionComparison.objects.create(
            version=version,
            previous=previous,
            language=text.language,
            method=compare.METHOD_VERSION,
            compared=compare.as_dict(comparison),
            changed=sum(row.states != ("unchanged",) for row in comparison.differences),
            created_at=at,
        )
