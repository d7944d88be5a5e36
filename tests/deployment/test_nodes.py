"""Two hosts, one portal: web, worker and relay on each, and nothing between them but PostgreSQL, Redis and a bucket."""

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.test import Client

from apps.accounts.models import User
from apps.audit import selectors as audit
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.documents.buckets import Bucket
from apps.documents.enums import DocumentState
from apps.documents.models import GeneratedDocument, StoredFile
from apps.legal_text.docx_write import write_docx
from apps.notifications.models import OutboxMessage, OutboxState
from apps.register.demo import texts
from apps.register.demo.way import OFFICE, Way
from apps.reviews.models import Receipt
from tests.bucket import bucket, environment, names, s3
from tests.way import people, start, way

from .processes import Process, Web, installation, report

from smoke.server import free_port  # isort: skip
from smoke.visitor import Visitor, last_part  # isort: skip
from soak.mail import MailServer  # isort: skip
from soak.person import Signatory  # isort: skip

__all__ = ["bucket", "people", "s3", "way"]
pytestmark = pytest.mark.slow
QUEUE = 5
ROUNDS = int(os.environ.get("TRIAL_ROUNDS", "1"))  # acts on which both file, a node dying each time
PATIENCE = 120.0  # seconds for letters and documents of a round


class Node:
    """One host: a folder of its own with the keys of the seal, and the processes."""

    def __init__(self, name: str, folder: Path, **environment: str) -> None:
        var = folder / name
        (var / "static").mkdir(parents=True)
        shutil.copytree(portal.KEYS_ROOT, var / "keys")
        port = free_port()
        self.url, self.files = f"http://127.0.0.1:{port}", var / "files"
        variables = installation(var, self.url, queue=QUEUE, **environment)
        celery = [sys.executable, "-m", "celery", "-q", "-A", "consultation_portal", "worker"]
        self.web = Web(f"127.0.0.1:{port}", variables)
        worker = Process(
            [*celery, "-Q", "letters,documents", "-n", f"{name}@%h", "-c", "1", "-l", "WARNING"], variables
        )
        relay = Process([sys.executable, "manage.py", "relay"], variables)
        self.processes = [self.web, worker, relay]

    def kill(self) -> None:
        for process in self.processes:
            process.kill()

    def begin(self) -> None:
        for process in self.processes:
            process.begin()
        self.web.wait()

    def stop(self) -> None:
        for process in self.processes:
            process.process.terminate()
        for process in self.processes:
            process.process.wait(30)


@contextmanager
def two_nodes(folder: Path, **environment: str) -> Iterator[list[Node]]:
    with ExitStack() as stack:
        nodes = []
        for name in ("a", "b"):
            nodes.append(Node(name, folder, **environment))
            stack.callback(nodes[-1].stop)
        for node in nodes:
            node.web.wait()
        yield nodes


def signed_in(person: User, site: str) -> Visitor:
    """With a session that lies in PostgreSQL: the same one at every node."""
    client = Client()
    client.force_login(person)
    visitor = Visitor(site)
    visitor.session.cookies.update({name: cookie.value for name, cookie in client.cookies.items()})
    return visitor


def same_at(visitor: Visitor, site: str) -> Visitor:
    other = Visitor(site)
    other.session.cookies.update(visitor.session.cookies.get_dict())
    return other


def file_opinion(site: str, way: Way, association: str) -> str:
    """The signatory presses the button at this node; the number of the receipt."""
    person = Signatory(site, association)
    person.visitor = signed_in(way.cast[f"{OFFICE[association]}.signatory"], site)
    return person.press(*person.form(way.act.number))


def everything_done(*, killed: bool) -> None:
    """Wait until no letter and no document waits. What a dead worker had in its hands is due again after a minute."""
    until = time.monotonic() + PATIENCE
    while OutboxMessage.objects.filter(state=OutboxState.PENDING).exists():
        assert time.monotonic() < until, list(OutboxMessage.objects.values_list("task", "state", "problem"))
        if killed:  # the minute is over
            OutboxMessage.objects.filter(state=OutboxState.PENDING).update(next_attempt_at=clock.now())
            killed = False
        time.sleep(0.2)


def in_consultation(way: Way) -> Way:
    """Both associations have written, and nobody has countersigned."""
    way.register().hours(1).open().working_days(1).acknowledge().working_days(2)
    return way.write("lsg-union", "agree").write("cities", "agree")


def test_what_one_node_took_the_other_has_and_a_node_may_die(
    transactional_db: None, bucket: Bucket, people: dict[str, User], way: Way, folder: Path, settings: Any
) -> None:
    ways = [in_consultation(way), *(in_consultation(start(people)) for _ in range(ROUNDS - 1))]
    moved = (max(way.at for way in ways).astimezone(UTC) - datetime.now(UTC)).total_seconds()
    settings.PORTAL_CLOCK_OFFSET = moved
    with (
        MailServer() as mail,
        two_nodes(
            folder,
            **environment(bucket_options(bucket)),
            PORTAL_TESTING="1",  # only so that the story's clock may stand where it does
            PORTAL_CLOCK_OFFSET=str(moved),
            EMAIL_URL=mail.url,
            TRUSTED_PROXIES="0",
        ) as nodes,
    ):
        prepared_at_one_read_at_the_other(people["finance.drafter"], *nodes)

        promised = []
        for turn, way in enumerate(ways):
            one, other = nodes[turn % 2], nodes[(turn + 1) % 2]
            promised.append(file_opinion(one.url, way, "lsg-union"))
            assert promised[-1] in Visitor(other.url).open(f"receipts/{promised[-1]}/").text
            everything_done(killed=False)
            assert mail.repeated() == 0 or turn

            promised.append(file_opinion(one.url, way, "cities"))
            one.kill()
            assert promised[-1] in Visitor(other.url).open(f"receipts/{promised[-1]}/").text
            everything_done(killed=True)
            papers = Visitor(other.url).open(f"receipts/{promised[-1]}/").links("/documents/")
            assert Visitor(other.url).download(papers[0], media="application/pdf")[:5] == b"%PDF-"
            if turn + 1 < len(ways):
                one.begin()

        letters = OutboxMessage.objects.exclude(template="")
        sealed = Counter(
            JournalEntry.objects.filter(action="document.sealed").values_list("object_id", flat=True)
        )
        files = set(StoredFile.objects.filter(media_type="application/pdf").values_list("sha256", flat=True))
        lost = set(promised) - set(Receipt.objects.values_list("number", flat=True))
        documents = GeneratedDocument.objects.count()
        report(
            rounds=ROUNDS,
            filed=len(promised),
            lost=len(lost),
            letters=letters.count(),
            unsent=letters.exclude(state=OutboxState.DONE).count(),
            repeated=mail.repeated(),
            documents=documents,
            twice=len(files) - documents,
        )

    assert lost == set()
    assert Receipt.objects.count() == len(promised) == 2 * ROUNDS
    # Each letter once; the one that a dead worker had in its hands may go again, under the same Message-ID.
    assert {letter.message_id for letter in mail.letters} == {
        f"<outbox-{pk}@127.0.0.1>" for pk in letters.values_list("pk", flat=True)
    }
    assert letters.exclude(state=OutboxState.DONE).count() == 0
    assert mail.repeated() <= ROUNDS
    # Each document once.
    assert set(GeneratedDocument.objects.values_list("state", flat=True)) == {DocumentState.READY}
    assert set(sealed.values()) == {1}
    assert len(sealed) == len(files) == documents > 0
    # Every file is in the bucket, and on no host.
    known = {stored.storage_name for stored in StoredFile.objects.all()}
    assert known <= names(bucket)
    assert [node.files.exists() for node in nodes] == [False, False]
    assert audit.verify_chain().ok


def prepared_at_one_read_at_the_other(person: User, one: Node, other: Node) -> None:
    """A drafter uploads the text of an act at one node, goes on at the other, and nobody else gets the file there."""
    data = write_docx("", texts.TRANSFERS.body_ky.splitlines())
    here = signed_in(person, one.url)
    there = same_at(here, other.url)

    page = here.open("acts/new/").form(field="kind").choose("kind", "law").send()
    token = last_part(page.url)
    page.form(action="/text/ky/upload/").attach("file", "ky.docx", data).send()

    address = f"acts/prepare/{token}/text/ky/"
    assert there.open(f"acts/prepare/{token}/").links("/text/ky/") != []
    assert there.session.get(there.address(f"{address}file/"), timeout=30).content == data
    assert Visitor(other.url).open(f"{address}file/", status=404)
    there.open(address).form(action="/text/ky/confirm/").send()


def bucket_options(bucket: Bucket) -> dict[str, str]:
    return {
        "bucket_name": bucket.bucket_name,
        "endpoint_url": bucket.endpoint_url,
        "access_key": bucket.access_key,
        "secret_key": bucket.secret_key,
    }
