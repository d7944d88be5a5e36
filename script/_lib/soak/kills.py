"""Opinions are filed through HTTP while web, workers, relay, PostgreSQL and Redis are killed at random.

What was acknowledged must be there at the end, with its number, once. The same with `synchronous_commit=off` must show
losses: else this harness could not see any.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import bootstrap
from bench.place import as_superuser

from . import Figure, Sizes, place, stack
from .mail import MailServer
from .person import Acknowledged, Crowd, Signatory

# PostgreSQL more often than the others: what is promised lies there.
TARGETS = ("database", "database", "web", "web", "worker", "worker-documents", "relay", "redis")
SETTLE = 240.0  # seconds: a message that was lost with Redis comes again after 60


@dataclass
class Outcome:
    """What was promised, and what the database holds after it all."""

    acknowledged: list[Acknowledged]
    kills: Counter[str] = field(default_factory=Counter)
    impatient: int = 0  # gave up after two minutes of kills, and filed when they were over
    problems: list[str] = field(default_factory=list)  # did not get through even then
    lost: list[str] = field(default_factory=list)
    doubled: int = 0
    chain: str = ""
    fallen: Counter[str] = field(default_factory=Counter)  # processes that ended by themselves
    letters: tuple[int, int, int] = (0, 0, 0)  # in the outbox, not sent, sent twice under one Message-ID
    seconds: float = 0.0


def run(sizes: Sizes) -> Iterator[Figure]:
    found = trial(sizes.kills, lossy=False)
    kinds = ", ".join(f"{name} {n}" for name, n in sorted(found.kills.items()))
    number, seconds = sum(found.kills.values()), f"{found.seconds / 60:.0f} min"
    name = "acknowledged filings lost in kills"
    fell = f"; {found.fallen.total()} processes fell by themselves" if found.fallen.total() else ""
    fell += f"; {found.impatient} gave up after two minutes and filed later" if found.impatient else ""
    value = f"{len(found.lost)} of {len(found.acknowledged):,} in {number:,} kills ({kinds}; {seconds}){fell}"
    yield Figure(name, value, "0", _whole(found) and number >= sizes.kills)
    waiting, unsent, twice = found.letters
    value = f"{unsent} of {waiting:,} not sent, {twice} sent again under the same Message-ID"
    yield Figure("letters after the kills", value, "every one sent", waiting > 0 and unsent == 0)
    few = max(20, sizes.kills // 20)
    found = trial(few, lossy=True)
    number = sum(found.kills.values())
    value = f"{len(found.lost)} of {len(found.acknowledged):,} lost in {number} kills"
    yield Figure(
        "the same with synchronous_commit=off", value, "> 0: the harness sees losses", bool(found.lost)
    )


def _whole(found: Outcome) -> bool:
    for problem in found.problems[:10]:
        stack.say(problem)
    if found.fallen.total():
        stack.say("Ended without being killed:", dict(+found.fallen))
    if found.lost:
        stack.say("Lost:", *found.lost[:20])
    if found.chain or found.doubled:
        stack.say(
            f"{found.chain or 'the journal is whole'}; {found.doubled} reviews with two opinions or receipts"
        )
    return bool(found.acknowledged) and not (
        found.lost or found.doubled or found.chain or found.problems or found.fallen.total()
    )


def trial(kills: int, *, lossy: bool) -> Outcome:
    """`lossy`: PostgreSQL says "committed" before it is on the disk, and only PostgreSQL is killed."""
    place.fresh()
    place.make_drafts(max(40, kills * 4))
    set_commit("off" if lossy else "on")
    began = time.monotonic()
    with MailServer() as mail:
        names = ("web",) if lossy else ("web", "worker", "worker-documents", "relay")
        log = bootstrap.var() / "processes.log"
        with stack.Stack(*names, log=log, environment={"EMAIL_URL": mail.url}) as running:
            crowd = Crowd(running.url, place.numbers()).start()
            found = Outcome(crowd.acknowledged)
            dice = random.Random(kills)
            targets = ("database",) if lossy else TARGETS
            while sum(found.kills.values()) < kills and crowd.busy:
                standing = [name for name in targets if running.stands(name)]
                if not standing:
                    time.sleep(0.05)
                    continue
                target = dice.choice(standing)
                if target in {"database", "web"}:
                    crowd.after_the_next(1.0)  # the moment just after a promise is the most dangerous one
                    time.sleep(dice.uniform(0, 0.02))
                strike(running, target, dice)
                found.kills[target] += 1
                stack.start_servers()
                running.mend()
                time.sleep(dice.uniform(0, 0.3))
            recover(running)
            crowd.stop()
            come_again(crowd, running.url, found)
            found.fallen = running.fallen
            found.seconds = time.monotonic() - began
            set_commit("on")
            if not lossy:
                settle()
            judge(found)
            waiting, unsent = letters()
            found.letters = (waiting, unsent, mail.repeated())
    return found


def strike(running: stack.Stack, target: str, dice: random.Random) -> None:
    if target in stack.SERVERS:
        stack.kill_server(target)
    else:
        running.kill(target, child=dice.random() < 0.6)


def come_again(crowd: Crowd, site: str, found: Outcome) -> None:
    """Who gave up comes back when it is quiet, unless what they sent had arrived and only its receipt had not."""
    for act, association in crowd.gave_up:
        try:
            if not receipts(act, association):
                done = Signatory(site, association).sign_in().file(act)
                assert done is not None
                found.acknowledged.append(done)
            found.impatient += 1
        except Exception as problem:
            found.problems.append(f"{act} {association}: {problem}")


def receipts(act: str, association: str) -> int:
    """How many the database holds of one association for one act."""
    return sum(
        number
        for kept, code, number in place.rows(
            """SELECT a.number, o.code, count(*) FROM reviews_receipt r
               JOIN reviews_review v ON v.id = r.review_id
               JOIN reviews_consultation c ON c.id = v.consultation_id
               JOIN draft_acts_draftact a ON a.id = c.act_id
               JOIN organizations_organization o ON o.id = v.association_id GROUP BY 1, 2"""
        )
        if (kept, code) == (act, association)
    )


def recover(running: stack.Stack) -> None:
    """Everything runs again, and the web answers."""
    stack.start_servers()
    running.mend()
    running.wait_for_web(60)


# --- what the database says -----------------------------------------------------------------------
def set_commit(value: str) -> None:
    import psycopg2

    url = as_superuser(os.environ["DATABASE_OWNER_URL"])
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER SYSTEM SET synchronous_commit = {value}")
            cursor.execute("SELECT pg_reload_conf()")


def settle() -> None:
    """Letters and documents catch up; documents are many, so only the letters are waited for."""
    until = time.monotonic() + SETTLE
    while letters()[1] and time.monotonic() < until:
        time.sleep(1)


def letters() -> tuple[int, int]:
    """(letters of the outbox, those not sent)."""
    found = place.rows(
        "SELECT count(*), count(*) FILTER (WHERE state <> 'done') FROM notifications_outboxmessage WHERE template <> ''"
    )
    return found[0][0], found[0][1]


def judge(found: Outcome) -> None:
    kept = {
        (act, association): number
        for act, association, number in place.rows(
            """SELECT a.number, o.code, r.number FROM reviews_receipt r
               JOIN reviews_review v ON v.id = r.review_id
               JOIN reviews_consultation c ON c.id = v.consultation_id
               JOIN draft_acts_draftact a ON a.id = c.act_id
               JOIN organizations_organization o ON o.id = v.association_id
               JOIN reviews_consolidatedopinion p ON p.id = r.opinion_id AND p.submitted_at IS NOT NULL
               JOIN audit_journalentry j ON j.action = 'opinion.submitted' AND j.object_id = p.id::text"""
        )
    }
    promised = [(done.act, done.association, done.receipt) for done in found.acknowledged]
    found.lost = [f"{n} {act} {code}" for act, code, n in promised if kept.get((act, code)) != n]
    found.doubled = place.rows(
        """SELECT count(*) FROM (SELECT review_id FROM reviews_receipt GROUP BY review_id HAVING count(*) > 1
           UNION ALL SELECT review_id FROM reviews_reviewopinion WHERE state = 'in_force'
           GROUP BY review_id HAVING count(*) > 1) twice"""
    )[0][0]
    report = place.manage("verify_journal")
    found.chain = "" if report["ok"] else f"the journal is broken at {report['first_bad']}"
