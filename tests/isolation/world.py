"""A small portal in many states, with a canary word in everything that is closed. Made once a module, never changed."""

import io
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from django.db import transaction
from django.test import Client

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.core import clock
from apps.deadlines import services as deadlines
from apps.documents.models import GeneratedDocument
from apps.draft_acts import services as draft_acts
from apps.draft_acts.models import Attachment
from apps.legal_text import reader, sandbox
from apps.legal_text.docx_write import write_docx
from apps.organizations import policies
from apps.organizations import services as organizations
from apps.organizations.models import Membership, Organization
from apps.register.demo import acts, cast, texts
from apps.register.demo.way import Way
from apps.reviews import services as reviews
from tests.way import BEGIN, LONG_AGO

CANARY = "xqcanaryzv"  # with a few letters behind it that say where it was put
MARK = "qhiddenword"  # beside a canary: a search for it that finds shows the canary, and does not repeat it by itself
ANYBODY = ""  # the key of a reader without an account


@dataclass
class World:
    """Acts by name; people by the key of the cast. `at` is the present moment of everybody."""

    people: dict[str, User]
    ways: dict[str, Way] = field(default_factory=dict)
    at: Any = None
    invitation: str = ""  # the token of a link that waits
    outage: int = 0  # the number of one that awaits a decision
    maintenance: int = 0  # announced, not begun
    proposal: int = 0  # a role that awaits the second administrator
    substitution: int = 0  # of a signatory by a drafter; it awaits two administrators

    def number(self, name: str) -> str:
        return self.ways[name].act.number or self.ways[name].act.token

    def client(self, key: str) -> Client:
        """A browser in which this person is signed in; nobody with an empty key."""
        client = Client(raise_request_exception=False)
        if key:
            client.force_login(self.people[key], "allauth.account.auth_backends.AuthenticationBackend")
        return client


def canary(where: str) -> str:
    return f"{MARK} {CANARY}{where}"


@contextmanager
def made(blocker: Any, *, stories: Iterable[str] = (), printed: bool = True) -> Iterator[World]:
    """The world inside one transaction that is rolled back; tests within it nest their own.

    `stories` names the acts that are needed (all by default); without `printed` no PDF file is made.
    """
    patch = pytest.MonkeyPatch()
    # The child process that reads uploads has its own tests; here only its half second is left out.
    patch.setattr(
        sandbox,
        "read_in_child",
        lambda data, *, filename, **more: reader.read(data, filename=filename, **more),
    )
    try:
        with blocker.unblock(), transaction.atomic():
            world = _build(frozenset(stories) or STORIES.keys(), printed=printed)
            with clock.frozen(world.at):
                yield world
            transaction.set_rollback(True)
    finally:
        patch.undo()


def _build(stories: Collection[str], *, printed: bool) -> World:
    deadlines.seed_calendar()
    deadlines.seed_templates()
    with clock.frozen(LONG_AGO):
        organizations.seed_institutions(at=LONG_AGO)
        people = cast.load(at=LONG_AGO)
    world = World(people)
    for name, story in STORIES.items():
        if name in stories:
            world.ways[name] = Way(people, BEGIN)
            story(world.ways[name], name)
    world.at = max(way.at for way in world.ways.values()) + timedelta(days=56)  # unfiled opinions are overdue
    if printed and "certified" in world.ways:
        _print(world.ways["certified"], world.at)
    with clock.frozen(world.at):
        _person, world.invitation = accounts.invite(
            actor=people["admin.first"],
            email=f"{CANARY}invited@example.org",
            language="ky",
            full_name=f"{CANARY}invitedname",
            at=world.at,
        )
        world.outage = deadlines.propose_outage(
            actor=people["admin.first"],
            started_at=world.at - timedelta(hours=3),
            ended_at=world.at - timedelta(hours=2),
            source="Провайдер",
            at=world.at,
        ).number
        world.maintenance = deadlines.announce_maintenance(
            actor=people["admin.first"],
            starts_at=world.at + timedelta(days=1),
            ends_at=world.at + timedelta(days=1, hours=1),
            note="Жаңыртуу",
            lang="ky",
            at=world.at,
        ).pk
        world.proposal = organizations.propose_role(
            actor=people["admin.first"],
            user_id=people["finance.drafter"].pk,
            organization_id=Organization.objects.get(code="minfin").pk,
            role="ministry_signatory",
            position_ru=canary("proposedposition"),
            at=world.at,
        ).pk
        signatory = people["finance.signatory"]
        policies.forget(signatory)
        world.substitution = organizations.name_substitute(
            actor=signatory,
            membership_id=Membership.objects.get(user=signatory).pk,
            substitute_id=people["finance.drafter"].pk,
            first_day=clock.local_date(world.at),
            last_day=clock.local_date(world.at),
            at=world.at,
        ).pk
    return world


def _open(way: Way, name: str, text: Any = texts.TRANSFERS) -> Way:
    """A public act: what is typed into it says its name."""
    return way.prepare(replace(text, title_ru=f"{text.title_ru} {name}"))


def _print(way: Way, at: Any) -> None:
    """The PDF files of one act, as the worker would make them."""
    from apps.documents.services.render import render_document

    for document in GeneratedDocument.objects.of_act(way.act.pk).filter(file=None):
        render_document(document_id=document.pk, at=at)


def _closed(text: Any, where: str) -> Any:
    """The same act with the canary in every field and in both texts."""
    return replace(
        text,
        title_ky=f"{text.title_ky} {canary(where + 'titleky')}",
        title_ru=f"{text.title_ru} {canary(where + 'titleru')}",
        summary_ky=canary(where + "summaryky"),
        summary_ru=canary(where + "summaryru"),
        body_ky=f"{text.body_ky} {canary(where + 'textky')}",
        body_ru=f"{text.body_ru} {canary(where + 'textru')}",
    )


def _paper(way: Way, where: str, drafter: User) -> None:
    draft_acts.add_attachment(
        actor=drafter,
        act_id=way.act.pk,
        paper="other",
        data=write_docx("paper", [canary(where + "paper")]),
        filename=f"{CANARY}{where}filename.docx",
        title=canary(where + "papertitle"),
        language="ky",
        at=way.at,
    )


def _with_restricted_paper(way: Way, name: str) -> Way:
    """A public act with a paper that is closed to the public, from before its registration on, for two years."""
    _open(way, name)
    with way.now(way._office("drafter"), way._office("signatory")) as (drafter, signatory):
        draft_acts.add_attachment(
            actor=drafter,
            act_id=way.act.pk,
            paper="other",
            data=write_docx("paper", [canary(f"restricted{name}")]),
            filename=f"{CANARY}restrictedfilename.docx",
            title="Эсептөөлөр",
            language="ky",
            at=way.at,
        )
        draft_acts.restrict_paper(
            actor=signatory,
            attachment_id=Attachment.objects.filter(version__act=way.act).latest("pk").pk,
            stated={
                "ground": "«Маалыматка жетүү укугу жөнүндө» мыйзам",
                "officer_name": "Асанова Гүлнара",
                "officer_position": "бөлүм башчысы",
                "last_day": date(2028, 9, 1),
                "event": "",
            },
            lang="ky",
            at=way.at,
        )
    return way


def _preparing(way: Way, name: str, text: Any) -> None:
    way.prepare(text)
    with way.now(way._office("drafter")) as (drafter,):
        _paper(way, name, drafter)


def _mended(way: Way) -> None:
    """A registered act whose next version is in the making."""
    with way.hours(1).now(way._office("drafter")) as (drafter,):
        draft_acts.new_version(actor=drafter, act_id=way.act.pk, at=way.at)
        body = f"{texts.TRANSFERS.body_ru} {canary('mendedtext')}"
        draft_acts.upload_text(
            actor=drafter,
            act_id=way.act.pk,
            language="ru",
            data=write_docx("", body.splitlines()),
            filename=f"{CANARY}mendedfilename.docx",
            at=way.at,
        )
        _paper(way, "mended", drafter)


def _being_written(way: Way) -> None:
    way.register().hours(2).open().working_days(1).acknowledge().working_days(2)
    remark = {name: canary(f"draft{name}") for name in CLOSED_REMARK}
    way.write(
        "lsg-union",
        "on_condition",
        [{"eid": "art_2__para_1", "kind": "objection", **{k: v.replace("_", "") for k, v in remark.items()}}],
        statement=canary("draftstatement"),
    )
    with way.now("union.signatory") as (signatory,):
        reviews.recall(
            actor=signatory, review_id=way.review("lsg-union").pk, at=way.at, note=canary("returnnote")
        )


CLOSED_REMARK = ("text", "proposed_wording", "reasoning", "state_interest", "local_interest")


def _being_answered(way: Way) -> None:
    way.working_days(1).answer(
        "lsg-union", [("partly_accepted", canary("answerreason"), canary("answerwording"))], send=False
    )


def _being_replied(way: Way) -> None:
    with way.working_days(1).now("union.officer") as (officer,):
        reviews.save_reply(
            actor=officer,
            remark_id=way.remarks("lsg-union")[0].pk,
            edit_version=0,
            fields={"outcome": "maintained", "text": canary("replytext"), "lang": "ky"},
            at=way.at,
        )
    with way.now("finance.drafter") as (drafter,):
        reviews.save_merged(
            actor=drafter,
            act_id=way.act.pk,
            eid="art_2__para_1",
            edit_version=0,
            fields={
                "wording_ky": canary("mergedky"),
                "wording_ru": canary("mergedru"),
                "choices": {way.remarks("lsg-union")[0].pk: ("leave", canary("mergedreason"))},
                "lang": "ky",
            },
            at=way.at,
        )


def _being_signed(way: Way) -> None:
    """Two meetings held; one protocol fixed and signed by one side, the other not fixed yet."""
    from apps.protocols import services as protocols

    with way.hours(1).now("finance.drafter") as (drafter,):
        for code, remark in (("lsg-union", 3), ("cities", 1)):
            protocols.save_outcome(
                actor=drafter,
                review_id=way.review(code).pk,
                remark_number=remark,
                outcome="compromise",
                wording_ky=canary(f"pointky{remark}"),
                wording_ru=canary(f"pointru{remark}"),
                note=canary(f"pointnote{remark}"),
                at=way.at,
            )
    way.working_days(1).fix("lsg-union").sign("lsg-union", "association")


def _on_paper(way: Way) -> None:
    """The union has yet to confirm what the ministry entered of its paper; that of the cities is still being entered."""
    way.register().hours(1).open().working_days(1).acknowledge()
    with way.hours(2).now("finance.drafter") as (drafter,):
        paper = _entered(way, drafter, "lsg-union", "stamped")
        reviews.send_paper(
            actor=drafter, paper_id=paper.pk, edit_version=paper.opinion.edit_version, at=way.at
        )
        _entered(way, drafter, "cities", "entering")


def _entered(way: Way, drafter: Any, code: str, word: str) -> Any:
    """A paper with one remark, not sent to the association yet."""
    with pikepdf.new() as scan:
        scan.add_blank_page()
        scan.save(held := io.BytesIO())
    review = way.review(code)
    paper = reviews.save_paper(
        actor=drafter,
        review_id=review.pk,
        fields={
            "channel": "paper",
            "incoming_number": f"{CANARY}{word}number",
            "verdict": "disagree",
            "statement": canary(f"{word}statement"),
            "lang": "ky",
        },
        received_at=way.at,
        scan=held.getvalue(),
        filename=f"{CANARY}{word}scan.pdf",
        at=way.at,
    )
    reviews.save_paper_remark(
        actor=drafter,
        paper_id=paper.pk,
        provision_id=review.consultation.version.provisions.order_by("position")[0].pk,
        fields={"kind": "objection", "text": canary(f"{word}remark"), "lang": "ky"},
        at=way.at,
    )
    paper.opinion.refresh_from_db()
    return paper


def _with_a_package(way: Way) -> None:
    """The bill leads a package; the draft of its bylaw is still being prepared, and closed."""
    with way.hours(1).now(way._office("drafter")) as (drafter,):
        draft_acts.make_package(actor=drafter, act_id=way.act.pk, at=way.at)
        bylaw = draft_acts.create_act(
            actor=drafter, initiator_id=way.act.initiator_id, kind="cabinet_resolution", at=way.at
        )
        titles = {"title_ky": canary("packedky"), "title_ru": canary("packedru")}
        draft_acts.save_act(actor=drafter, act_id=bylaw.pk, edit_version=1, fields=titles, at=way.at)
        draft_acts.add_bylaw(actor=drafter, act_id=way.act.pk, bylaw=bylaw.token, at=way.at)
        norm = way.act.versions.get().norms.get(eid="art_2__para_1")
        draft_acts.decide_norms(
            actor=drafter, act_id=way.act.pk, numbers=[norm.number], decision="confirmed", reason="",
            lang="ky", at=way.at,
        )  # fmt: skip
        draft_acts.tie_norm(
            actor=drafter, act_id=way.act.pk, number=norm.number, bylaw=bylaw.token, at=way.at
        )


def _of_strangers(way: Way, name: str) -> None:
    """An act of another ministry that went to the other association only."""
    _open(way, name, replace(texts.TRANSFERS, ministry="minagro")).register().hours(1)
    way.open("cities", left_out={"lsg-union": "Шаарларга гана тиешелүү."})


FUNCTION = {
    "eid": "art_1__para_1", "change": "creates", "function": canary("prepfunction"), "holder_before": "",
    "holder_after": "айыл өкмөтү", "power": "own", "source": "жергиликтүү бюджет", "yearly_som": 1,
}  # fmt: skip
REMOVED = {  # a part with remarks on it that the next text has no more
    "ky": [
        ("2. Теңдөөчү трансферттердин көлөмү бюджеттик жылдын ичинде азайтылбайт.\n\n3.", "2."),
    ],
    "ru": [
        ("2. Объём выравнивающих трансфертов в течение бюджетного года не уменьшается.\n\n3.", "2."),
    ],
}
STORIES: dict[str, Callable[[Way, str], object]] = {
    "preparing": lambda way, name: _preparing(
        way, name, replace(_closed(texts.TRANSFERS, "prep"), functions=(FUNCTION,))
    ),
    "other": lambda way, name: _preparing(
        way, name, replace(_closed(texts.TRANSFERS, "prepother"), ministry="minagro")
    ),
    "registered": lambda way, name: _with_a_package(_with_restricted_paper(way, name).register()),
    "mended": lambda way, name: _mended(_open(way, name).register()),
    "renewed": lambda way, name: (
        acts._answered(_open(way, name)).hours(1).renew(REMOVED, text=texts.TRANSFERS)
    ),
    "written": lambda way, name: _being_written(_open(way, name)),
    "stamped": lambda way, name: _on_paper(_open(way, name)),
    "strangers": _of_strangers,
    "answered": lambda way, name: _being_answered(acts._filed_by_both(_open(way, name))),
    "replied": lambda way, name: _being_replied(
        acts._answered(_open(way, name).package(texts.TRANSFERS_RULES))
    ),
    "met": lambda way, name: _being_signed(acts._met(_open(way, name))),
    "agreed": lambda way, name: acts._agreed_and_submitted(_open(way, name, texts.AMENDING)),
    "certified": lambda way, name: acts._signed(_with_restricted_paper(way, name), last="open").certify(),
    "expired": lambda way, name: acts._expired(_open(way, name, texts.WASTE)),
}
