"""Preparing and registering, told by those who must be refused first."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit.models import JournalEntry
from apps.core.errors import GateClosed, InvalidInput, NotAllowed, TransitionNotAllowed, VersionConflict
from apps.documents.models import StoredFile
from apps.draft_acts import conditions, policies, selectors, services
from apps.draft_acts.enums import ActKind, ActState, Paper
from apps.draft_acts.models import Attachment, DraftAct, Provision, ScopeStatement, VersionText
from apps.draft_acts.workflow import WORKFLOW
from apps.legal_text import normalize, provisions
from apps.legal_text.docx_write import write_docx
from apps.notifications import registry
from apps.notifications.models import OutboxMessage
from apps.organizations import policies as organizations

from .conftest import AT, KY, NO, RU, TITLES, YES, upload_both

LATER = AT + timedelta(hours=2)

# --- who may ---------------------------------------------------------------------------------------

EVERYBODY = [
    "drafter", "colleague", "signatory", "other_drafter", "other_signatory", "officer", "union_signatory",
    "coordinator", "auditor", "administrator",
]  # fmt: skip
OWN = {"drafter", "colleague", "signatory"}


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_role_and_every_question(cast: SimpleNamespace, act: DraftAct, who: str) -> None:
    user = getattr(cast, who)

    answers = {
        "create": policies.can_create(user, cast.finance.pk),
        "prepare": policies.can_prepare(user, act),
        "register": policies.can_register(user, act),
        "withdraw": policies.can_withdraw(user, act),
        "publish": policies.can_publish_version(user, act),
        "see": DraftAct.objects.visible_to(user).filter(pk=act.pk).exists(),
    }

    signs = who == "signatory"
    own = who in OWN
    assert answers == {
        "create": own, "prepare": own, "register": signs, "withdraw": signs, "publish": signs, "see": own,
    }  # fmt: skip


def test_a_role_that_ended_opens_nothing(cast: SimpleNamespace, act: DraftAct) -> None:
    cast.drafter.memberships.update(valid_to=AT - timedelta(minutes=1))
    organizations.forget(cast.drafter)

    with pytest.raises(NotAllowed):
        services.save_act(actor=cast.drafter, act_id=act.pk, edit_version=1, fields=TITLES, at=AT)


# --- preparing -------------------------------------------------------------------------------------


def test_nobody_prepares_in_anothers_name(cast: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        services.create_act(actor=cast.other_drafter, initiator_id=cast.finance.pk, kind=ActKind.LAW, at=AT)

    assert not DraftAct.objects.exists()


def test_a_new_act_has_a_random_address_and_its_first_version(cast: SimpleNamespace, act: DraftAct) -> None:
    second = services.create_act(actor=cast.drafter, initiator_id=cast.finance.pk, kind=ActKind.CODE, at=AT)

    assert len({act.token, second.token}) == 2
    assert len(act.token) == 24
    assert [v.number for v in act.versions.all()] == [1]
    assert (act.state, act.number) == (ActState.PREPARING, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "poem"),
        ("kind", 7),
        ("amending", "yes"),
        ("title_ru", "ы" * 2001),
        ("title_ru", ["список"]),
        ("summary_ky", "ө" * 10_001),
        ("public_discussion_url", "koomtalkuu"),
        ("public_discussion_url", "javascript:alert(1)"),
        ("state", "adopted"),
        ("number", "2026-0001"),
        ("initiator_id", 1),
    ],
)
def test_a_field_that_cannot_be_kept_is_named_and_nothing_is_saved(
    cast: SimpleNamespace, act: DraftAct, field: str, value: Any
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.save_act(
            actor=cast.drafter, act_id=act.pk, edit_version=1, fields={**TITLES, field: value}, at=AT
        )

    act.refresh_from_db()
    assert list(refusal.value.fields) == [field]
    assert (act.title_ky, act.state, act.edit_version) == ("", ActState.PREPARING, 1)


def test_typed_text_is_kept_in_one_form_without_what_cannot_be_seen(
    cast: SimpleNamespace, act: DraftAct
) -> None:
    typed = {
        "title_ky": "  Өкмөттүн\u202e токтому\u200b\nжөнүндө \x00",
        "summary_ru": "и\u0306од\r\n\r\n\r\n\r\nконец",
    }

    saved = services.save_act(actor=cast.drafter, act_id=act.pk, edit_version=1, fields=typed, at=AT)

    assert saved.title_ky == "Өкмөттүн токтому жөнүндө"
    assert saved.summary_ru == "йод\n\nконец"


def test_the_second_of_two_colleagues_is_told_and_loses_nothing(cast: SimpleNamespace, act: DraftAct) -> None:
    services.save_act(actor=cast.drafter, act_id=act.pk, edit_version=1, fields={"title_ru": "Мой"}, at=AT)

    with pytest.raises(VersionConflict) as conflict:
        services.save_act(
            actor=cast.colleague, act_id=act.pk, edit_version=1, fields={"title_ru": "Его"}, at=AT
        )

    assert conflict.value.theirs["title_ru"] == "Мой"
    assert conflict.value.theirs["edit_version"] == 2


def test_the_same_saved_twice_is_no_conflict(cast: SimpleNamespace, act: DraftAct) -> None:
    for _again in range(2):
        saved = services.save_act(actor=cast.drafter, act_id=act.pk, edit_version=1, fields=TITLES, at=AT)

    assert saved.edit_version == 2


def test_a_draft_is_thrown_away_but_a_registered_act_is_not(
    cast: SimpleNamespace, complete: DraftAct
) -> None:
    with pytest.raises(NotAllowed):
        services.delete_act(actor=cast.other_drafter, act_id=complete.pk, at=AT)
    services.delete_act(actor=cast.drafter, act_id=complete.pk, at=AT)

    assert not DraftAct.objects.exists()
    assert JournalEntry.objects.filter(action="act.deleted", act_id=complete.pk).exists()


# --- texts -----------------------------------------------------------------------------------------


def test_a_stranger_uploads_nothing(cast: SimpleNamespace, act: DraftAct) -> None:
    with pytest.raises(NotAllowed):
        services.upload_text(
            actor=cast.other_drafter, act_id=act.pk, language="ky", data=KY.encode(), filename="a.txt", at=AT
        )


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (b"", "empty.txt"),
        (b"%PDF-1.7 rest", "law.pdf"),
        (b"MZ\x90\x00 program", "law.docx"),
        (b"PK\x03\x04 broken", "law.docx"),
        (b"<html><script>alert(1)</script>", "law.txt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "law.doc"),
    ],
)
def test_a_file_that_is_no_text_is_refused_and_not_stored(
    cast: SimpleNamespace, act: DraftAct, data: bytes, filename: str
) -> None:
    upload_both(cast.drafter, act)
    stored = StoredFile.objects.count()

    with pytest.raises(InvalidInput) as refusal:
        services.upload_text(
            actor=cast.drafter, act_id=act.pk, language="ky", data=data, filename=filename, at=AT
        )

    assert refusal.value.fields["file"]
    assert StoredFile.objects.count() == stored
    assert VersionText.objects.get(language="ky").confirmed_at == AT  # what was there before stays


def test_provisions_of_both_languages_stand_level(cast: SimpleNamespace, act: DraftAct) -> None:
    upload_both(cast.drafter, act)

    rows = list(selectors.paired_provisions(selectors.current_version(act)))

    second = next(row for row in rows if row.eid == "art_2__para_2")
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert all(row.in_ky and row.in_ru for row in rows if row.kind == "article")
    assert "долбоорун даярдайт" in second.text_ky
    assert "готовит проект бюджета" in second.text_ru
    assert (second.parent_eid, second.depth) == ("art_2", 1)


def test_a_word_document_is_read_in_a_process_of_its_own(
    child: None, cast: SimpleNamespace, act: DraftAct
) -> None:
    data = write_docx("", RU.split("\n"))

    text = services.upload_text(
        actor=cast.drafter, act_id=act.pk, language="ru", data=data, filename="../Закон\u202e.docx", at=AT
    )

    assert text.filename == "Закон.docx"
    assert (text.articles, text.file.size) == (3, len(data))
    assert text.characters > 300
    assert Provision.objects.get(eid="art_1").heading_ru == "Цель Закона"


def test_a_text_in_one_language_waits_for_the_other(cast: SimpleNamespace, act: DraftAct) -> None:
    services.upload_text(
        actor=cast.drafter, act_id=act.pk, language="ru", data=RU.encode(), filename="ru.txt", at=AT
    )

    rows = list(Provision.objects.all())
    assert rows
    assert all(row.in_ru and not row.in_ky and row.text_ky == "" for row in rows)


def test_a_replaced_text_waits_for_confirmation_again(cast: SimpleNamespace, act: DraftAct) -> None:
    upload_both(cast.drafter, act)
    looked_at = VersionText.objects.get(language="ky").pk
    shorter = KY.split("3-берене")[0]
    services.upload_text(
        actor=cast.colleague,
        act_id=act.pk,
        language="ky",
        data=shorter.encode(),
        filename="ky2.txt",
        at=LATER,
    )

    with pytest.raises(VersionConflict):
        services.confirm_text(actor=cast.drafter, act_id=act.pk, language="ky", text_id=looked_at, at=LATER)

    assert VersionText.objects.get(language="ky").confirmed_at is None
    assert not Provision.objects.get(eid="art_3").in_ky


def test_what_is_not_there_is_not_confirmed(cast: SimpleNamespace, act: DraftAct) -> None:
    with pytest.raises(InvalidInput):
        services.confirm_text(actor=cast.drafter, act_id=act.pk, language="ky", at=AT)


def test_a_russian_text_in_the_kyrgyz_place_is_doubted(cast: SimpleNamespace, act: DraftAct) -> None:
    text = services.upload_text(
        actor=cast.drafter, act_id=act.pk, language="ky", data=RU.encode(), filename="ru.txt", at=AT
    )

    assert selectors.doubts_of(text)[0].message == str(selectors.WRONG_LANGUAGE["ky"])


# --- papers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"paper": "poem"}, "paper"),
        ({"language": "en"}, "language"),
        ({"title": "ы" * 301}, "title"),
        ({"data": b"MZ\x90", "filename": "note.exe"}, "file"),
        ({"data": b"", "filename": "note.pdf"}, "file"),
    ],
)
def test_a_paper_that_cannot_be_kept_is_refused(
    cast: SimpleNamespace, act: DraftAct, fields: dict[str, Any], wrong: str
) -> None:
    given = {"paper": Paper.OTHER, "data": b"text", "filename": "note.txt", **fields}

    with pytest.raises(InvalidInput) as refusal:
        services.add_attachment(actor=cast.drafter, act_id=act.pk, at=AT, **given)

    assert list(refusal.value.fields) == [wrong]
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.exists()


def test_only_the_initiators_people_attach_and_remove(cast: SimpleNamespace, complete: DraftAct) -> None:
    paper = Attachment.objects.get()

    with pytest.raises(NotAllowed):
        services.remove_attachment(
            actor=cast.other_drafter, act_id=complete.pk, attachment_id=paper.pk, at=AT
        )
    services.remove_attachment(actor=cast.colleague, act_id=complete.pk, attachment_id=paper.pk, at=AT)
    services.remove_attachment(actor=cast.colleague, act_id=complete.pk, attachment_id=paper.pk, at=AT)

    assert not Attachment.objects.exists()


# --- registration ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", sorted(set(EVERYBODY) - {"signatory"}))
def test_only_the_signatory_registers(cast: SimpleNamespace, complete: DraftAct, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.register(actor=getattr(cast, who), act_id=complete.pk, scope=YES, at=AT)

    complete.refresh_from_db()
    assert complete.is_preparing


@pytest.mark.parametrize(
    ("scope", "wrong"),
    [
        ({**YES, "touches_lsg": None}, "touches_lsg"),
        ({**YES, "touches_lsg": "yes"}, "touches_lsg"),
        ({**YES, "where": " \u200b "}, "where"),
        ({**NO, "reason": ""}, "reason"),
        ({**NO, "reason": "ы" * 4001}, "reason"),
    ],
)
def test_a_statement_that_says_too_little_is_not_signed(
    cast: SimpleNamespace, complete: DraftAct, scope: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        services.register(actor=cast.signatory, act_id=complete.pk, scope=scope, at=AT)

    assert list(refusal.value.fields) == [wrong]
    assert not ScopeStatement.objects.exists()


def test_a_refused_registration_names_everything_that_is_missing(
    cast: SimpleNamespace, act: DraftAct
) -> None:
    services.upload_text(
        actor=cast.drafter, act_id=act.pk, language="ru", data=RU.encode(), filename="ru.txt", at=AT
    )

    with pytest.raises(GateClosed) as refusal:
        services.register(actor=cast.signatory, act_id=act.pk, scope=YES, at=AT)

    assert [unmet.code for unmet in refusal.value.unmet] == [
        "no_title_ky", "no_title_ru", "no_text_ky", "unconfirmed_text_ru",
    ]  # fmt: skip
    assert all(unmet.url and unmet.owner for unmet in refusal.value.unmet)


def test_registration_gives_number_scope_and_a_frozen_version_at_once(
    cast: SimpleNamespace, registered: DraftAct
) -> None:
    version = selectors.current_version(registered)
    read = {text.language: provisions.from_dict(text.read).provisions for text in version.texts.all()}

    assert (registered.number, registered.state) == ("2026-0001", ActState.REGISTERED)
    assert (registered.registered_at, registered.registered_by) == (AT, cast.signatory)
    assert registered.scope.signed_by == cast.signatory
    assert version.frozen_at == AT
    assert version.text_hash == normalize.text_hash(read["ky"], read["ru"])
    entry = JournalEntry.objects.get(action="act.registered")
    assert (entry.act_id, entry.data["text_hash"]) == (registered.pk, version.text_hash)


def test_colleagues_are_told_of_the_number_and_the_signatory_is_not(
    cast: SimpleNamespace, registered: DraftAct
) -> None:
    told = OutboxMessage.objects.filter(template="draft_acts.registered").values_list("recipient", flat=True)

    assert set(told) == {cast.drafter.pk, cast.colleague.pk}


def test_numbers_follow_each_other_without_a_gap(cast: SimpleNamespace, registered: DraftAct) -> None:
    other = services.create_act(actor=cast.drafter, initiator_id=cast.finance.pk, kind=ActKind.LAW, at=AT)
    with pytest.raises(GateClosed):
        services.register(actor=cast.signatory, act_id=other.pk, scope=YES, at=AT)
    services.save_act(actor=cast.drafter, act_id=other.pk, edit_version=1, fields=TITLES, at=AT)
    upload_both(cast.drafter, other)

    assert services.register(actor=cast.signatory, act_id=other.pk, scope=YES, at=AT).number == "2026-0002"


def test_no_means_out_of_scope_with_its_reason(cast: SimpleNamespace, complete: DraftAct) -> None:
    act = services.register(actor=cast.signatory, act_id=complete.pk, scope=NO, at=AT)

    assert act.state == ActState.OUT_OF_SCOPE
    assert act.scope.reason == NO["reason"]
    assert [unmet.code for unmet in conditions.unmet_scope(act)] == ["out_of_scope"]


# --- gates -----------------------------------------------------------------------------------------


def test_an_amending_act_needs_its_comparison_table(cast: SimpleNamespace, complete: DraftAct) -> None:
    assert conditions.gate_papers(complete, at=AT).status == "met"

    services.save_act(
        actor=cast.drafter, act_id=complete.pk, edit_version=2, fields={"amending": True}, at=AT
    )
    complete.refresh_from_db()

    gate = conditions.gate_papers(complete, at=AT)
    assert (gate.code, gate.status) == ("G1", "unmet")
    assert [unmet.code for unmet in gate.unmet] == ["no_comparison_table"]


def test_scope_is_unmet_before_it_is_signed_and_met_after(cast: SimpleNamespace, complete: DraftAct) -> None:
    assert [unmet.code for unmet in conditions.gate_scope(complete).unmet] == ["scope_unsigned"]

    act = services.register(actor=cast.signatory, act_id=complete.pk, scope=YES, at=AT)

    assert conditions.gate_scope(act).status == "met"


# --- the way of an act: every state × every action --------------------------------------------------

LEADS = {
    ("preparing", "register"): "registered",
    ("preparing", "register_out_of_scope"): "out_of_scope",
    ("registered", "open_consultation"): "in_consultation",
    ("in_consultation", "certify"): "certified",
    ("certified", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "return"): "returned",
    ("submitted", "adopt"): "adopted",
    ("submitted", "reject"): "rejected",
    ("registered", "withdraw"): "withdrawn",
    ("out_of_scope", "withdraw"): "withdrawn",
    ("in_consultation", "withdraw"): "withdrawn",
    ("certified", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize("state", ActState.values)
@pytest.mark.parametrize("action", sorted(WORKFLOW.steps))
def test_every_state_and_every_action(state: str, action: str) -> None:
    if (state, action) in LEADS:
        assert WORKFLOW.target(action, state) == LEADS[(state, action)]
    else:
        with pytest.raises(TransitionNotAllowed):
            WORKFLOW.target(action, state)


def test_advance_refuses_a_step_out_of_order_and_takes_the_next(registered: DraftAct) -> None:
    with transaction.atomic():
        act = DraftAct.objects.locked(registered.pk)
        with pytest.raises(TransitionNotAllowed):
            services.advance(act=act, action="certify", at=LATER)
        services.advance(act=act, action="open_consultation", at=LATER)

    act.refresh_from_db()
    assert (act.state, act.state_changed_at) == (ActState.IN_CONSULTATION, LATER)


def test_nothing_is_registered_twice(cast: SimpleNamespace, registered: DraftAct) -> None:
    with pytest.raises(TransitionNotAllowed):
        services.register(actor=cast.signatory, act_id=registered.pk, scope=YES, at=LATER)


@pytest.mark.parametrize("use", ["save", "text", "confirm", "paper", "delete"])
def test_a_registered_act_is_not_prepared_any_more(
    cast: SimpleNamespace, registered: DraftAct, use: str
) -> None:
    pk = registered.pk
    uses = {
        "save": lambda: services.save_act(
            actor=cast.drafter, act_id=pk, edit_version=2, fields={"title_ru": "Иное"}, at=LATER
        ),
        "text": lambda: services.upload_text(
            actor=cast.drafter, act_id=pk, language="ru", data=RU.encode(), filename="ru.txt", at=LATER
        ),
        "confirm": lambda: services.confirm_text(actor=cast.drafter, act_id=pk, language="ru", at=LATER),
        "paper": lambda: services.add_attachment(
            actor=cast.drafter, act_id=pk, paper=Paper.OTHER, data=b"x", filename="x.txt", at=LATER
        ),
        "delete": lambda: services.delete_act(actor=cast.drafter, act_id=pk, at=LATER),
    }

    with pytest.raises(TransitionNotAllowed):
        uses[use]()


# --- withdrawal ------------------------------------------------------------------------------------


def test_a_drafter_does_not_withdraw_and_a_signatory_gives_a_reason(
    cast: SimpleNamespace, registered: DraftAct
) -> None:
    with pytest.raises(NotAllowed):
        services.withdraw(actor=cast.drafter, act_id=registered.pk, reason="Передумали.", at=LATER)
    with pytest.raises(InvalidInput):
        services.withdraw(actor=cast.signatory, act_id=registered.pk, reason=" \n", at=LATER)

    act = services.withdraw(actor=cast.signatory, act_id=registered.pk, reason="Передумали.", at=LATER)

    assert (act.state, act.withdrawal_reason, act.withdrawn_at) == (ActState.WITHDRAWN, "Передумали.", LATER)
    assert act.number == "2026-0001"


def test_an_act_being_prepared_is_not_withdrawn(cast: SimpleNamespace, complete: DraftAct) -> None:
    with pytest.raises(TransitionNotAllowed):
        services.withdraw(actor=cast.signatory, act_id=complete.pk, reason="Передумали.", at=LATER)


@pytest.mark.parametrize("opened", [False, True])
def test_associations_are_told_of_a_withdrawal_once_they_were_asked(
    cast: SimpleNamespace, registered: DraftAct, opened: bool
) -> None:
    if opened:
        with transaction.atomic():
            services.advance(act=DraftAct.objects.locked(registered.pk), action="open_consultation", at=LATER)

    services.withdraw(actor=cast.signatory, act_id=registered.pk, reason="Передумали.", at=LATER)

    told = set(
        OutboxMessage.objects.filter(template="draft_acts.withdrawn").values_list("recipient", flat=True)
    )
    asked = {cast.officer.pk, cast.union_signatory.pk} if opened else set()
    assert told == {cast.drafter.pk, cast.colleague.pk} | asked


# --- a new version ---------------------------------------------------------------------------------


def test_a_registered_act_is_mended_by_a_new_version(cast: SimpleNamespace, registered: DraftAct) -> None:
    with pytest.raises(NotAllowed):
        services.new_version(actor=cast.other_drafter, act_id=registered.pk, at=LATER)
    begun = services.new_version(actor=cast.drafter, act_id=registered.pk, at=LATER)
    again = services.new_version(actor=cast.colleague, act_id=registered.pk, at=LATER)
    assert begun == again
    assert selectors.current_version(registered).number == 1  # the public one, until the new one is public

    mended = RU.replace("десяти дней", "тридцати дней")
    services.upload_text(
        actor=cast.drafter,
        act_id=registered.pk,
        language="ru",
        data=mended.encode(),
        filename="ru2.txt",
        at=LATER,
    )
    with pytest.raises(NotAllowed):
        services.publish_version(actor=cast.drafter, act_id=registered.pk, at=LATER)
    with pytest.raises(GateClosed):
        services.publish_version(actor=cast.signatory, act_id=registered.pk, at=LATER)
    services.confirm_text(actor=cast.drafter, act_id=registered.pk, language="ru", at=LATER)
    published = services.publish_version(actor=cast.signatory, act_id=registered.pk, at=LATER)

    first = registered.versions.get(number=1)
    assert published.number == 2
    assert published.text_hash != first.text_hash
    assert "тридцати" in published.provisions.get(eid="art_3").text_ru
    assert "десяти" in first.provisions.get(eid="art_3").text_ru
    assert published.attachments.count() == 1


def test_no_new_version_once_the_consultation_is_open(cast: SimpleNamespace, registered: DraftAct) -> None:
    with transaction.atomic():
        services.advance(act=DraftAct.objects.locked(registered.pk), action="open_consultation", at=LATER)

    with pytest.raises(TransitionNotAllowed):
        services.new_version(actor=cast.drafter, act_id=registered.pk, at=LATER)
    with pytest.raises(TransitionNotAllowed):
        services.publish_version(actor=cast.signatory, act_id=registered.pk, at=LATER)


def test_a_version_in_the_making_can_be_thrown_away_and_a_public_one_not(
    cast: SimpleNamespace, registered: DraftAct
) -> None:
    with pytest.raises(TransitionNotAllowed):
        services.discard_version(actor=cast.drafter, act_id=registered.pk, at=LATER)
    services.new_version(actor=cast.drafter, act_id=registered.pk, at=LATER)
    services.discard_version(actor=cast.drafter, act_id=registered.pk, at=LATER)

    assert [version.number for version in registered.versions.all()] == [1]


# --- round the services: the database is the last honest clerk ---------------------------------------


def _refused(change: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        change()
        connection.check_constraints()


def test_what_is_public_does_not_change_even_round_the_services(registered: DraftAct) -> None:
    version = selectors.current_version(registered)
    row = version.provisions.first()
    file = StoredFile.objects.first()

    _refused(lambda: version.__class__.objects.filter(pk=version.pk).update(text_hash="0" * 64))
    _refused(lambda: version.__class__.objects.filter(pk=version.pk).update(frozen_at=None))
    _refused(lambda: version.provisions.filter(pk=row.pk).update(text_ru="иное"))
    _refused(lambda: version.provisions.filter(pk=row.pk).delete())
    _refused(lambda: version.texts.update(filename="other.txt"))
    _refused(lambda: version.attachments.all().delete())
    _refused(
        lambda: Attachment.objects.create(
            version=version, paper=Paper.OTHER, file=file, filename="x", uploaded_at=AT,
            uploaded_by=registered.registered_by,
        )
    )  # fmt: skip


def test_a_registered_act_keeps_what_makes_it_itself(cast: SimpleNamespace, registered: DraftAct) -> None:
    rows = DraftAct.objects.filter(pk=registered.pk)

    _refused(lambda: rows.update(number="2026-0009"))
    _refused(lambda: rows.update(title_ru="Иное"))
    _refused(lambda: rows.update(initiator=cast.labour))
    _refused(
        lambda: rows.update(state=ActState.PREPARING, number=None, registered_at=None, registered_by=None)
    )
    _refused(lambda: rows.update(state=ActState.WITHDRAWN))
    _refused(lambda: rows.update(state="lost"))


def test_no_act_becomes_public_without_a_signed_statement(cast: SimpleNamespace, complete: DraftAct) -> None:
    _refused(
        lambda: DraftAct.objects.filter(pk=complete.pk).update(
            state=ActState.REGISTERED, number="2026-0009", registered_at=AT, registered_by=cast.signatory
        )
    )


def test_an_act_out_of_scope_is_not_consulted_round_the_services(
    cast: SimpleNamespace, complete: DraftAct
) -> None:
    act = services.register(actor=cast.signatory, act_id=complete.pk, scope=NO, at=AT)

    _refused(lambda: DraftAct.objects.filter(pk=act.pk).update(state=ActState.IN_CONSULTATION))


def test_a_signed_statement_is_not_rewritten(registered: DraftAct) -> None:
    with pytest.raises(Exception, match=r"append-only|permission denied"), transaction.atomic():
        ScopeStatement.objects.filter(act=registered).update(where="иное")


# --- letters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_letters_say_what_happened_in_the_readers_language(
    cast: SimpleNamespace, registered: DraftAct, language: str
) -> None:
    services.withdraw(actor=cast.signatory, act_id=registered.pk, reason="Переработан.", at=LATER)

    made = {
        row.template: registry.build(row.template, row.payload, language)
        for row in OutboxMessage.objects.letters().order_by("pk")
    }

    assert set(made) == {"draft_acts.registered", "draft_acts.withdrawn"}
    for letter in made.values():
        assert "2026-0001" in letter.subject
        assert f"/{language}/acts/2026-0001/" in letter.action_url
        assert registered.title("ky" if language == "ky" else "ru") in " ".join(letter.paragraphs)
    assert any("Переработан." in paragraph for paragraph in made["draft_acts.withdrawn"].paragraphs)
