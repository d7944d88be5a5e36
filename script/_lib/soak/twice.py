"""What comes more than once happens once: messages of the outbox delivered again, one opinion submitted eight times."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bootstrap
import requests
from smoke.visitor import Unexpected

from . import Figure, Sizes, place, stack
from .mail import MailServer
from .person import OFFICE, Signatory

REDELIVER = Path(__file__).with_name("redeliver.py")
WINDOWS = 8
# What must stay as it is, however often a message comes.
COUNTS = {
    "journal": "SELECT count(*) FROM audit_journalentry",
    "outbox": "SELECT count(*) FROM notifications_outboxmessage",
    "files": "SELECT count(*) FROM documents_generateddocument WHERE state = 'ready'",
    "receipts": "SELECT count(*) FROM reviews_receipt",
}
UNDONE = "SELECT count(*) FROM notifications_outboxmessage WHERE state = 'pending'"


def run(sizes: Sizes) -> Iterator[Figure]:
    place.fresh()
    place.make_drafts(sizes.together)
    names = ("web", "worker", "worker-documents", "relay")
    with (
        MailServer() as mail,
        stack.Stack(
            *names, log=bootstrap.var() / "processes.log", environment={"EMAIL_URL": mail.url}
        ) as running,
    ):
        yield _submits(running.url, sizes.together)
        _until_done(600)
        letters, before = len(mail.letters), _counts()
        sent = _redeliver(sizes.redeliveries)
        after = _counts()
        changed = {name: f"{before[name]} → {after[name]}" for name in before if before[name] != after[name]}
        more = len(mail.letters) - letters
        value = f"{more} letters and {len(changed)} rows more after {sent:,} redeliveries of {before['outbox']:,} messages"
        if changed:
            stack.say("Changed:", changed)
        yield Figure(
            "duplicates after redeliveries",
            value,
            "0",
            sent >= sizes.redeliveries and not more + len(changed),
        )


def _submits(site: str, opinions: int) -> Figure:
    """The same form sent by eight connections of one session at the same moment."""
    people = {code: Signatory(site, code).sign_in() for code in OFFICE}
    wrong, answers, problems = 0, 0, []
    with ThreadPoolExecutor(WINDOWS) as pool:
        for act in place.numbers()[:opinions]:
            code = random.choice(list(people))
            action, values = people[code].form(act)
            got = list(pool.map(_press, [people[code]] * WINDOWS, [action] * WINDOWS, [values] * WINDOWS))
            numbers = {receipt for receipt in got if receipt}
            answers += len([receipt for receipt in got if receipt])
            stored = place.rows(
                """SELECT count(DISTINCT r.id), count(DISTINCT l.opinion_id) FILTER (WHERE p.submitted_at IS NOT NULL)
                   FROM reviews_review v JOIN reviews_receipt r ON r.review_id = v.id
                   JOIN reviews_reviewopinion l ON l.review_id = v.id
                   JOIN reviews_consolidatedopinion p ON p.id = l.opinion_id
                   JOIN reviews_consultation c ON c.id = v.consultation_id
                   JOIN draft_acts_draftact a ON a.id = c.act_id
                   JOIN organizations_organization o ON o.id = v.association_id
                   WHERE a.number = %s AND o.code = %s""",
                act,
                code,
            )[0]
            if len(numbers) != 1 or stored != (1, 1):
                wrong += 1
                problems.append(f"{act} {code}: receipts {sorted(numbers)}, rows {stored}")
    for problem in problems[:10]:
        stack.say(problem)
    value = (
        f"{wrong} of {opinions} opinions, each submitted {WINDOWS} times at once ({answers} receipts shown)"
    )
    return Figure("opinions or receipts twice after parallel submits", value, "0", wrong == 0)


def _press(person: Signatory, action: str, values: list[tuple[str, str]]) -> str:
    """The receipt, or nothing where this window was told to look again."""
    try:
        answer = requests.post(
            action,
            data=values,
            cookies=person.visitor.session.cookies.get_dict(),
            allow_redirects=False,
            timeout=30,
        )
        target = answer.headers.get("Location", "")
        return target.rstrip("/").rpartition("/")[2] if "/receipts/" in target else ""
    except (Unexpected, requests.RequestException):
        return ""


def _redeliver(messages: int) -> int:
    """Publish rows of the outbox again, as the relay does; back when the workers have taken everything."""
    done = subprocess.run(
        [sys.executable, str(REDELIVER), str(messages)], stdout=subprocess.PIPE, text=True, check=True
    )
    _until_done(60)
    return int(done.stdout.split()[-1])


def _until_done(seconds: float) -> None:
    until = time.monotonic() + seconds
    while place.rows(UNDONE)[0][0] and time.monotonic() < until:
        time.sleep(1)


def _counts() -> dict[str, int]:
    return {name: place.rows(statement)[0][0] for name, statement in COUNTS.items()}
