"""Acts in consultation with opinions that wait to be countersigned: `python drafts.py N`, as the cluster's superuser.

The bench's acts, all of them open, asked of the two associations whose people sign in on the demonstration.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import data

from apps.organizations.models import Organization
from apps.reviews.models import ConsolidatedOpinion, Remark, Review, ReviewOpinion

ASSOCIATIONS = ("lsg-union", "cities")


class Drafts(data.Filler):
    def _organizations(self) -> tuple[list[int], list[int]]:
        found = dict(
            Organization.objects.filter(code__in=("minfin", *ASSOCIATIONS)).values_list("code", "pk")
        )
        return [found["minfin"]], [found[code] for code in ASSOCIATIONS]

    def moments(self, n: int) -> tuple[bool, datetime]:
        return True, self.now - timedelta(hours=20, minutes=n % 600)

    def act(self, n: int) -> None:
        # The last one of the bench is a long one; here all are alike.
        self.acts = n + 2
        super().act(n)

    def review(self, n: int, *args: Any, **more: Any) -> None:
        super().review(n, *args, **more)
        _act, _consultation, association, provisions, sent = args
        review, at, add = self.batch.last[Review], sent + timedelta(hours=1), self.batch.add
        opinion = add(
            ConsolidatedOpinion,
            author_id=association,
            verdict="disagree" if n % 2 else "agree",
            statement=data.words(self.dice, data.KY, 25),
            created_at=at,
            created_by_id=self.user,
            updated_at=at,
            updated_by_id=self.user,
            ready_at=at,
            ready_by_id=self.user,
        )
        add(ReviewOpinion, review_id=review, opinion_id=opinion)
        for i in range(2 * (n % 2)):
            add(
                Remark,
                opinion_id=opinion,
                number=i + 1,
                provision_id=provisions[i],
                kind=("objection", "proposal")[i],
                text=data.words(self.dice, data.KY, 18),
                reasoning=data.words(self.dice, data.KY, 12),
            )


if __name__ == "__main__":
    data.main(Drafts)
