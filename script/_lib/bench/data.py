"""A register of N acts, made by bulk inserts: run as `python data.py N` with the rights of the cluster's superuser.

Half of the acts are in consultation, each asked of two associations that have not answered; of these terms a tenth has
ended. The other half has come to its end, each with two opinions of ten remarks, answers and a protocol. The newest act
is the long one: 150 provisions and 300 remarks. Invented words, the same at every run.

Triggers and foreign keys are off while it is written (they are what makes an insert slow, and the rows are ours); the
checks of each row stay on.
"""

import functools
import hashlib
import os
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[3]), str(Path(__file__).resolve().parents[1])]

import django

django.setup()

from django.apps import apps as registry
from django.core.management.color import no_style
from django.db import connection, models

from bench.words import KY, RU

from apps.accounts.models import User
from apps.audit.chain import GENESIS, entry_hash
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.deadlines.selectors import calendar_for, current_template, deadline_of
from apps.documents import services as documents
from apps.documents.models import NumberSequence
from apps.draft_acts import search
from apps.draft_acts.models import DraftAct, DraftActVersion, Provision, ScopeStatement, VersionText
from apps.organizations.models import Membership, Organization
from apps.protocols.models import AgreementProtocol
from apps.reviews.models import (
    ConsolidatedOpinion,
    Consultation,
    Receipt,
    Remark,
    RemarkAnswer,
    Reply,
    Review,
    ReviewOpinion,
    Term,
)

ORGANIZATIONS = 500
BASE = 10_000_000  # first id: above those of the demonstration
BATCH = 1000


def words(dice: random.Random, pool: list[str], count: int) -> str:
    """Common words often, rare ones seldom, and now and then one that hardly any other text has."""
    chosen = [pool[int(len(pool) * dice.random() ** 2)] for _ in range(count)]
    chosen[dice.randrange(count)] = f"{pool[dice.randrange(len(pool))]}-{dice.randrange(5000)}"
    return " ".join(chosen).capitalize()


class Batch:
    """Rows of many tables, written in the order in which the tables were first named."""

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self.last: dict[type[models.Model], int] = defaultdict(lambda: BASE)

    def add(self, model: type[models.Model], **values: Any) -> int:
        self.last[model] += 1
        self.rows[model].append(model(pk=self.last[model], **values))
        return self.last[model]

    def write(self) -> None:
        for model, rows in self.rows.items():
            model._base_manager.bulk_create(rows, batch_size=2000)
        self.rows.clear()


class Filler:
    def __init__(self, acts: int) -> None:
        self.acts, self.dice, self.batch = acts, random.Random(2018), Batch()
        self.now = clock.now().replace(microsecond=0)
        self.template = current_template(at=self.now)
        self.calendar = calendar_for()
        self.user = User.objects.order_by("pk").first().pk  # type: ignore[union-attr]
        self.ministries, self.associations = self._organizations()
        data = b"bench"
        self.file = documents.store_file(data=data, media_type="text/plain", at=self.now).pk
        self.journal: list[JournalEntry] = []
        last = JournalEntry.objects.order_by("-seq").values_list("seq", "hash").first()
        self.seq, self.head = last or (0, GENESIS)
        self.receipts = 0

    def _organizations(self) -> tuple[list[int], list[int]]:
        have = Organization.objects.count()
        Organization.objects.bulk_create(
            Organization(
                code=f"bench-{n}",
                kind="state_body" if n % 8 == 0 else "association",
                name_ky=f"{words(self.dice, KY, 4)} {n}",
                name_ru=f"{words(self.dice, RU, 4)} {n}",
                opened_at=self.now - timedelta(days=2000),
            )
            for n in range(max(0, ORGANIZATIONS - have))
        )
        made = list(Organization.objects.filter(code__startswith="bench-", kind="association").order_by("pk"))
        User.objects.bulk_create(
            User(
                email=f"{body.code}@bench.example",
                password="!",
                full_name=f"Bench {body.pk}",
                created_at=self.now - timedelta(days=2000),
            )
            for body in made
        )
        users = dict(User.objects.filter(email__endswith="@bench.example").values_list("email", "pk"))
        first, second = Membership.objects.of_role("administrator").order_by("pk")[:2]
        Membership.objects.bulk_create(
            Membership(
                user_id=users[f"{body.code}@bench.example"],
                organization=body,
                role=role,
                valid_from=max(first.valid_from, second.valid_from),
                granted_by_id=first.user_id,
                confirmed_by_id=second.user_id,
            )
            for body in made
            for role in ("association_officer", "association_signatory")
        )
        ids = dict(Organization.objects.values_list("pk", "kind"))
        return (
            [pk for pk, kind in ids.items() if kind == "state_body"],
            [pk for pk, kind in ids.items() if kind == "association"],
        )

    @functools.cache  # noqa: B019 - one filler a process
    def term(self, stage: str, day: Any) -> tuple[Any, list]:
        deadline = deadline_of(self.template, stage, day, calendar=self.calendar)
        return deadline, deadline.to_dict()["explanation"]

    # --- one act ------------------------------------------------------------------------------------
    def fill(self) -> None:
        for n in range(self.acts):
            self.act(n)
            if n % BATCH == BATCH - 1:
                self.write()
        self.write()
        NumberSequence.objects.all().update(last=5_000_000)

    def write(self) -> None:
        self.batch.write()
        JournalEntry.objects.bulk_create(self.journal, batch_size=2000)
        self.journal.clear()

    def moments(self, n: int) -> tuple[bool, datetime]:
        """Whether the act is in consultation, and when it was registered: the newest ones are."""
        share = n / max(1, self.acts - 1)
        if share < 0.5:  # ended: from two years ago until two months ago
            return False, self.now - timedelta(days=730 - 1320 * share * 0.99, minutes=n % 600)
        if (n - self.acts // 2) % 10 == 0 and n < self.acts - 20:  # a term that has ended
            return True, self.now - timedelta(days=45 + n % 10, minutes=n % 600)
        return True, self.now - timedelta(days=1 + 6 * (1 - share), minutes=30)

    def act(self, n: int) -> None:
        dice, add = self.dice, self.batch.add
        running, at = self.moments(n)
        long = n == self.acts - 1
        title = {"ky": words(dice, KY, 11), "ru": words(dice, RU, 11)}
        summary = {"ky": words(dice, KY, 30), "ru": words(dice, RU, 30)}
        articles = [(words(dice, KY, 45), words(dice, RU, 45)) for _ in range(150 if long else 4)]
        body = {"ky": " ".join(a for a, _ in articles), "ru": " ".join(b for _, b in articles)}
        ministry = self.ministries[n % len(self.ministries)]
        ended = ("adopted", "adopted", "adopted", "certified", "withdrawn")[n % 5]
        state = "in_consultation" if running else ended
        act = add(
            DraftAct,
            token=f"bench{n:012d}",
            number=f"{at.year}-{n + 1:05d}",
            kind=("law", "cabinet_resolution", "ministry_order", "cabinet_order")[n % 4],
            initiator_id=ministry,
            title_ky=title["ky"],
            title_ru=title["ru"],
            summary_ky=summary["ky"],
            summary_ru=summary["ru"],
            state=state,
            withdrawn_at=at + timedelta(days=9) if state == "withdrawn" else None,
            withdrawal_reason="Жок." if state == "withdrawn" else "",
            created_by_id=self.user,
            created_at=at,
            updated_at=at,
            registered_at=at,
            registered_by_id=self.user,
            state_changed_at=at,
            **search.vectors(title=title, summary=summary, body=body),
        )
        add(ScopeStatement, act_id=act, touches_lsg=True, where="1", signed_by_id=self.user, signed_at=at)
        digest = hashlib.sha256(str(n).encode()).hexdigest()
        version = add(
            DraftActVersion,
            act_id=act,
            number=1,
            created_at=at,
            created_by_id=self.user,
            frozen_at=at,
            text_hash=digest,
        )
        for language in ("ky", "ru"):
            add(
                VersionText,
                version_id=version,
                language=language,
                file_id=self.file,
                filename=f"{language}.txt",
                read={"provisions": [], "doubts": []},
                parser_version="bench",
                characters=len(body[language]),
                articles=len(articles),
                uploaded_at=at,
                uploaded_by_id=self.user,
                confirmed_at=at,
                confirmed_by_id=self.user,
            )
        provisions = [
            add(
                Provision,
                version_id=version,
                position=i,
                eid=f"art_{i}",
                kind="article",
                number=str(i),
                label_ky=f"{i}-берене.",
                heading_ky=" ".join(ky.split()[:4]),
                text_ky=ky,
                label_ru=f"Статья {i}.",
                heading_ru=" ".join(ru.split()[:4]),
                text_ru=ru,
            )
            for i, (ky, ru) in enumerate(articles, start=1)
        ]
        self.line("act.registered", "draft_acts.draftact", act, act, at)
        sent = at + timedelta(hours=2)
        consultation = add(
            Consultation,
            act_id=act,
            version_id=version,
            template_id=self.template.pk,
            opened_at=sent,
            opened_by_id=self.user,
        )
        self.line("consultation.opened", "reviews.consultation", consultation, act, sent)
        first = (n * 7) % len(self.associations)
        for turn in (0, 1):
            association = self.associations[(first + turn * 3) % len(self.associations)]
            self.review(
                n, act, consultation, association, provisions, sent, filed=long or not running, long=long
            )

    def review(
        self,
        n: int,
        act: int,
        consultation: int,
        association: int,
        provisions: list[int],
        sent: datetime,
        *,
        filed: bool,
        long: bool,
    ) -> None:
        add = self.batch.add
        delivery, delivery_days = self.term("delivery", clock.local_date(sent))
        opinion_term, opinion_days = self.term("opinion", delivery.last_day)
        filed_at = sent + timedelta(hours=9) if filed else None
        review = add(
            Review,
            consultation_id=consultation,
            association_id=association,
            sent_at=sent,
            deemed_at=delivery.due_at,
            due_at=opinion_term.due_at,
            filed_at=filed_at,
            answers_sent_at=filed_at and filed_at + timedelta(hours=3),
            answers_sent_by_id=self.user if filed else None,
        )
        terms = [("opinion", opinion_term, opinion_days)]
        if not filed:
            terms.insert(0, ("delivery", delivery, delivery_days))
        for stage, deadline, days in terms:
            add(
                Term,
                act_id=act,
                review_id=review,
                stage=stage,
                start=deadline.start,
                length=deadline.days,
                unit=deadline.unit,
                template_id=self.template.pk,
                cause="opened",
                last_day=deadline.last_day,
                due_at=deadline.due_at,
                explanation=days,
                created_at=sent,
            )
        if filed_at is not None:
            self.opinion(act, review, association, provisions, filed_at, opinion_term.due_at, long=long)

    def opinion(
        self,
        act: int,
        review: int,
        association: int,
        provisions: list[int],
        at: datetime,
        due_at: datetime,
        *,
        long: bool,
    ) -> None:
        dice, add, user = self.dice, self.batch.add, self.user
        self.receipts += 1
        digest = hashlib.sha256(f"opinion {self.receipts}".encode()).hexdigest()
        opinion = add(
            ConsolidatedOpinion,
            author_id=association,
            verdict="on_condition",
            statement=words(dice, KY, 25),
            created_at=at,
            created_by_id=user,
            updated_at=at,
            updated_by_id=user,
            submitted_at=at,
            submitted_by_id=user,
            canonical="{}",
            content_hash=digest,
        )
        add(ReviewOpinion, review_id=review, opinion_id=opinion, state="in_force")
        number = f"{at.year}-{self.receipts:06d}"
        add(
            Receipt,
            opinion_id=opinion,
            review_id=review,
            number=f"RC-{number}",
            received_at=at,
            due_at=due_at,
            late=False,
            content_hash=digest,
        )
        for i in range(150 if long else 10):
            remark = add(
                Remark,
                opinion_id=opinion,
                number=i + 1,
                provision_id=provisions[i % len(provisions)],
                kind=("objection", "proposal")[i % 2],
                text=words(dice, KY, 18),
                proposed_wording=words(dice, KY, 12),
                reasoning=words(dice, KY, 12),
            )
            if long or i < 2:
                sent = at + timedelta(hours=3)
                answer = add(
                    RemarkAnswer,
                    remark_id=remark,
                    outcome=("accepted", "rejected")[i % 2],
                    reason=words(dice, RU, 12),
                    lang="ru",
                    updated_at=sent,
                    updated_by_id=user,
                    sent_at=sent,
                )
                if i % 3 == 0:
                    add(Reply, answer_id=answer, outcome="satisfied", updated_at=sent, updated_by_id=user)
        if not long:
            add(
                AgreementProtocol,
                review_id=review,
                kind="PA",
                number=f"PA-{number}",
                state="signed",
                fixed_at=at + timedelta(days=2),
                fixed_by_id=user,
                open_points=0,
                canonical="{}",
                content_hash=digest,
                signed_at=at + timedelta(days=3),
            )

    def line(self, action: str, kind: str, pk: int, act: int, at: datetime) -> None:
        """One line of the journal, in its chain."""
        self.seq += 1
        entry = JournalEntry(
            seq=self.seq,
            at=at,
            recorded_at=at,
            actor_id=self.user,
            action=action,
            object_type=kind,
            object_id=str(pk),
            act_id=act,
            data={},
            previous_hash=self.head,
        )
        entry.hash = self.head = entry_hash(entry)
        self.journal.append(entry)


def reset_sequences() -> Iterator[str]:
    ours = [m for m in registry.get_models() if m.__module__.startswith("apps.")]
    yield from connection.ops.sequence_reset_sql(no_style(), ours)


def main(filler: type[Filler] = Filler) -> None:
    acts = int(sys.argv[1])
    search.kyrgyz_stem = functools.cache(search.kyrgyz_stem)  # type: ignore[assignment]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        filler(acts).fill()
        for statement in reset_sequences():
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM (ANALYZE)")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consultation_portal.settings")
    main()
