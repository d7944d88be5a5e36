"""A paper is closed to the public with ground, officer and term: that it exists stays public, its file is nowhere."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.accounts.models import User
from apps.audit.models import JournalEntry
from apps.core import clock
from apps.core.errors import InvalidInput, NotAllowed
from apps.draft_acts import selectors, services
from apps.draft_acts.models import Attachment, PaperRestriction
from apps.legal_text.docx_write import write_docx
from tests.isolation.probes import ask
from tests.way import Way, people, way

__all__ = ["people", "way"]
GROUND = "«Маалыматка жетүү укугу жөнүндө» мыйзамдын 8-беренеси"
OFFICER = "Асанова Гүлнара"
STATED = {
    "ground": GROUND, "officer_name": OFFICER, "officer_position": "бөлүм башчысы", "last_day": date(2026, 9, 30),
    "event": "Отчет жарыяланганда",
}  # fmt: skip
WORD = "жашыруунсан"


@pytest.fixture(autouse=True)
def _kyrgyz() -> Iterator[None]:
    with override("ky"):
        yield


@pytest.fixture
def paper(way: Way) -> Attachment:
    """A paper with a word that nobody outside may read, of an act that is being prepared."""
    with way.now("finance.drafter") as (drafter,):
        return services.add_attachment(
            actor=drafter,
            act_id=way.act.pk,
            paper="other",
            data=write_docx("", [f"{WORD} 15 000 000 сом"]),
            filename="esep.docx",
            title="Эсептөөлөр",
            language="ky",
            at=way.at,
        )


def restrict(way: Way, paper: Attachment, who: str = "finance.signatory", **more: Any) -> PaperRestriction:
    with way.now(who) as (actor,):
        return services.restrict_paper(
            actor=actor, attachment_id=paper.pk, stated=STATED | more, lang="ky", at=way.at
        )


def lift(way: Way, paper: Attachment, who: str = "finance.signatory", reason: str = "Жарыяланды.") -> None:
    with way.now(who) as (actor,):
        services.open_paper(actor=actor, attachment_id=paper.pk, reason=reason, lang="ky", at=way.at)


def browser(person: User | None = None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def file_of(way: Way, paper: Attachment) -> str:
    return reverse("act_attachment", args=[way.act.number, paper.pk])


def status_of(way: Way, paper: Attachment, person: User | None = None) -> int:
    return ask(browser(person), "GET", file_of(way, paper)).status


def archive(way: Way) -> zipfile.ZipFile:
    answer = ask(browser(), "GET", reverse("dossier", args=[way.act.number]))
    return zipfile.ZipFile(io.BytesIO(answer.body))


def papers_in(found: zipfile.ZipFile) -> list[str]:
    return [name for name in found.namelist() if "/papers/other-" in name]


def test_neither_a_drafter_nor_anybody_outside_the_ministry_restricts_or_lifts(
    way: Way, paper: Attachment
) -> None:
    restrict(way, paper)

    for who in ("finance.drafter", "water.signatory", "union.officer", "justice.coordinator", "admin.first"):
        with pytest.raises(NotAllowed):
            restrict(way, paper, who, ground="Башка")
        with pytest.raises(NotAllowed):
            lift(way, paper, who)
    assert PaperRestriction.objects.count() == 1


def test_the_public_sees_that_a_restricted_paper_exists_and_why_but_not_its_file(
    way: Way, paper: Attachment
) -> None:
    restrict(way, paper)
    way.register().hours(1)
    with clock.frozen(way.at):
        page = browser().get(reverse("act_documents", args=[way.act.number])).content.decode()
        api = browser().get(f"/api/v1/acts/{way.act.number}/versions/1/").json()
        guess = {"HTTP_IF_NONE_MATCH": f'"{paper.file.sha256}"'}
        file = browser().get(file_of(way, paper), **guess)
        nothing = browser().get(reverse("act_attachment", args=[way.act.number, 10**9]))
        dossier = archive(way)

    for words in (
        "Эсептөөлөр",
        GROUND,
        OFFICER,
        "бөлүм башчысы",
        "2026-10-01T00:00:00+06:00",
        "Отчет жарыяланганда",
    ):
        assert words in page
    for hidden in ("esep.docx", paper.file.sha256, file_of(way, paper)):
        assert hidden not in page
    (closed,) = [row for row in api["attachments"] if row["title"] == "Эсептөөлөр"]
    assert (closed["filename"], closed["sha256"], closed["size"]) == (None, None, None)
    assert closed["restriction"]["ground"] == GROUND
    assert closed["restriction"]["ends_at"] == "2026-09-30T18:00:00Z"
    assert file.status_code == nothing.status_code == 404
    assert file.content == nothing.content
    (stands_there,) = papers_in(dossier)
    assert stands_there.endswith("-restricted.json")
    assert GROUND in dossier.read(stands_there).decode()
    assert paper.file.sha256 not in dossier.read("manifest.json").decode()


def test_who_works_on_the_act_reads_it_and_others_do_not(
    way: Way, paper: Attachment, people: dict[str, User]
) -> None:
    restrict(way, paper)
    way.register().hours(1).open("lsg-union", left_out={"cities": "Шаарларга тиешеси жок."})

    def read_by(*keys: str) -> list[int]:
        with clock.frozen(way.at):
            return [status_of(way, paper, people[key]) for key in keys]

    assert read_by("finance.drafter", "union.officer", "union.signatory") == [200] * 3
    assert read_by("justice.coordinator", "chamber.auditor") == [200] * 2
    assert read_by("cities.officer", "water.signatory", "admin.first") == [404] * 3
    assert read_by("cabinet.clerk", "committee.clerk") == [404] * 2  # the act has not come to them yet


def test_the_restriction_ends_by_time_alone(way: Way, paper: Attachment) -> None:
    step = restrict(way, paper)
    way.register()
    assert step.ends_at is not None
    with clock.frozen(step.ends_at - timedelta(microseconds=1)):
        before, closed = status_of(way, paper), papers_in(archive(way))
    rows = JournalEntry.objects.count()
    with clock.frozen(step.ends_at):
        after = status_of(way, paper)
        page = browser().get(reverse("act_documents", args=[way.act.number])).content.decode()
        (opened,) = papers_in(archive(way))

    assert clock.local_date(step.ends_at) == date(2026, 10, 1)
    assert (before, after) == (404, 200)
    assert closed[0].endswith("-restricted.json")
    assert opened.endswith(".docx")
    assert file_of(way, paper) in page
    assert OFFICER not in page
    assert JournalEntry.objects.count() == rows  # nobody did anything


def test_lifting_opens_the_file_at_once_and_both_steps_are_in_the_history(
    way: Way, paper: Attachment
) -> None:
    way.register().hours(1)
    page = reverse("act_documents", args=[way.act.number])
    with clock.frozen(way.at):
        old = browser().get(page)["ETag"]
    restrict(way, paper)
    with clock.frozen(way.at):
        closed = browser().get(page, HTTP_IF_NONE_MATCH=old)
        hidden = status_of(way, paper)
    lift(way, paper)
    with clock.frozen(way.at):
        opened = browser().get(page, HTTP_IF_NONE_MATCH=closed["ETag"])
        shown = status_of(way, paper)
        history = browser().get(reverse("act_history", args=[way.act.number])).content.decode()

    assert (closed.status_code, hidden) == (200, 404)
    assert (opened.status_code, shown) == (200, 200)
    assert "чектөөнү алды" in history
    assert "кагазга жетүүнү чектеди" in history
    steps = JournalEntry.objects.filter(action__startswith="attachment.").exclude(action="attachment.added")
    assert list(steps.order_by("seq").values_list("action", flat=True)) == [
        "attachment.restricted", "attachment.opened",
    ]  # fmt: skip
    assert not [row for row in steps if OFFICER in str(row.data)]


def test_before_publication_the_steps_are_in_the_journal_and_not_in_the_public_history(
    way: Way, paper: Attachment
) -> None:
    restrict(way, paper)
    lift(way, paper)
    restrict(way, paper)
    way.register().hours(1)

    with clock.frozen(way.at):
        history = browser().get(reverse("act_history", args=[way.act.number])).content.decode()
    assert "чектөө" not in history
    assert JournalEntry.objects.filter(action="attachment.restricted_unpublished").count() == 2


def test_the_same_file_in_the_next_version_stays_closed(way: Way, paper: Attachment) -> None:
    restrict(way, paper)
    way.register().hours(1)
    with way.now("finance.drafter", "finance.signatory") as (drafter, signatory):
        services.new_version(actor=drafter, act_id=way.act.pk, at=way.at)
        services.publish_version(actor=signatory, act_id=way.act.pk, at=way.at)
    copies = Attachment.objects.filter(version__act=way.act, title="Эсептөөлөр")

    with clock.frozen(way.at):
        answers = [status_of(way, copy) for copy in copies]
    assert answers == [404, 404]


def test_stated_anew_it_takes_the_place_without_a_gap_and_the_same_again_changes_nothing(
    way: Way, paper: Attachment
) -> None:
    first = restrict(way, paper)
    again = restrict(way, paper)
    longer = restrict(way, paper, last_day=date(2026, 12, 31))

    assert again == first
    assert selectors.restricted(way.act, way.at) == {paper.file_id: longer}
    shorter = restrict(way, paper, last_day=date(2026, 9, 2))
    assert shorter.ends_at is not None
    assert selectors.restricted(way.act, shorter.ends_at) == {}  # an earlier, longer one does not come back


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("ground", " \u200b"), ("officer_name", ""), ("officer_position", ""), ("last_day", None),
        ("last_day", date(2026, 8, 31)), ("last_day", date(2037, 1, 1)), ("ground", "ү" * 2001),
    ],
)  # fmt: skip
def test_without_ground_officer_or_term_nothing_is_closed(
    field: str, wrong: Any, way: Way, paper: Attachment
) -> None:
    with pytest.raises(InvalidInput) as refused:
        restrict(way, paper, **{field: wrong})

    assert set(refused.value.fields) == {field}
    assert not PaperRestriction.objects.exists()


def test_a_restriction_of_today_lasts_until_midnight(way: Way, paper: Attachment) -> None:
    step = restrict(way, paper, last_day=clock.local_date(way.at))

    assert step.closed_at(way.at)
    assert step.ends_at is not None
    assert clock.local_date(step.ends_at) == clock.local_date(way.at) + timedelta(days=1)


def test_an_open_paper_cannot_be_lifted(way: Way, paper: Attachment) -> None:
    with pytest.raises(services.PaperIsOpen):
        lift(way, paper)


def test_the_database_keeps_the_steps_and_refuses_half_of_one(way: Way, paper: Attachment) -> None:
    step = restrict(way, paper)
    way.register()

    def refused(change: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()

    row = PaperRestriction.objects.filter(pk=step.pk)
    refused(row.delete)
    refused(lambda: row.update(ends_at=way.at + timedelta(days=999)))
    for missing in ({"ground": ""}, {"officer_name": ""}, {"ends_at": None}, {"ends_at": way.at}):
        new = PaperRestriction.objects.get(pk=step.pk)
        new.pk, new._state.adding = None, True
        for name, value in missing.items():
            setattr(new, name, value)
        refused(new.save)


def test_an_act_that_was_never_registered_goes_with_its_restrictions(way: Way, paper: Attachment) -> None:
    restrict(way, paper)

    with way.now("finance.drafter") as (drafter,):
        services.delete_act(actor=drafter, act_id=way.act.pk, at=way.at)
    assert not PaperRestriction.objects.exists()


def test_the_signatory_restricts_and_lifts_on_pages(
    way: Way, paper: Attachment, people: dict[str, User]
) -> None:
    prepare = reverse("act_prepare", args=[way.act.token])
    address = reverse("act_prepare_restrict", args=[way.act.token, paper.pk])
    form = {**STATED, "last_day": "2026-09-30"}
    with clock.frozen(way.at):
        signatory = browser(people["finance.signatory"])
        refused = signatory.post(address, {**form, "ground": "", "officer_name": "Бекова Айнура"})
        done = signatory.post(address, form)
        shown = signatory.get(prepare).content.decode()
        again = signatory.get(address).content.decode()
    way.register().hours(1)
    with clock.frozen(way.at):
        signatory = browser(people["finance.signatory"])
        listed = signatory.get(reverse("act_documents", args=[way.act.number])).content.decode()
        lifting = reverse("act_attachment_open", args=[way.act.number, paper.pk])
        lifted = [signatory.post(lifting, {"reason": "Жарыяланды."}).status_code for _twice in range(2)]

    assert refused.status_code == 400
    assert "Бекова Айнура" in refused.content.decode()
    assert done["Location"] == prepare + "#papers"
    assert GROUND in shown
    assert 'value="2026-09-30"' in again
    assert lifting in listed
    assert file_of(way, paper) in listed  # the ministry reads it meanwhile
    assert lifted == [302, 302]
    assert not selectors.restricted(way.act, way.at)
