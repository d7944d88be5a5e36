"""Packages: put together by the initiator's people, tied to reference norms, frozen together; gate G7."""

import io
import zipfile
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from apps.core.errors import InvalidInput, NotAllowed
from apps.deadlines.enums import BylawGate
from apps.deadlines.models import ProcedureTemplate
from apps.documents.models import GeneratedDocument
from apps.documents.services.render import unsealed_pdf
from apps.draft_acts import conditions, services
from apps.draft_acts.enums import ActKind
from apps.draft_acts.models import ActPackage, DraftAct, PackageMember, ReferenceNorm
from tests.documents.test_rendering import text_of

from .conftest import AT, YES, client_of, upload_both
from .test_norms import bill, decide, public_bill

__all__ = ["bill", "public_bill"]


@pytest.fixture
def draft(cast: SimpleNamespace) -> DraftAct:
    """A draft of the Cabinet's bylaw in preparing, with both texts."""
    act = services.create_act(
        actor=cast.drafter, initiator_id=cast.finance.pk, kind=ActKind.CABINET_RESOLUTION, at=AT
    )
    titles = {
        "title_ky": "Трансферттерди эсептөө тартиби жөнүндө",
        "title_ru": "О порядке расчёта трансфертов",
    }
    act = services.save_act(actor=cast.drafter, act_id=act.pk, edit_version=1, fields=titles, at=AT)
    upload_both(cast.drafter, act)
    return act


def register(cast: SimpleNamespace, act: DraftAct) -> DraftAct:
    return services.register(actor=cast.signatory, act_id=act.pk, scope=YES, at=AT)


def pack(cast: SimpleNamespace, lead: DraftAct, draft: DraftAct) -> ActPackage:
    package = services.make_package(actor=cast.drafter, act_id=lead.pk, at=AT)
    services.add_bylaw(actor=cast.drafter, act_id=lead.pk, bylaw=draft.reference, at=AT)
    return package


def tie(cast: SimpleNamespace, lead: DraftAct, bylaw: str) -> ReferenceNorm:
    return services.tie_norm(actor=cast.drafter, act_id=lead.pk, number=1, bylaw=bylaw, at=AT)


def freeze(cast: SimpleNamespace, lead: DraftAct) -> None:
    """What the opening does, without the consultation."""
    with transaction.atomic():
        lead = DraftAct.objects.locked(lead.pk)
        services.freeze_package(actor=cast.signatory, act=lead, at=AT)
        services.advance(act=lead, action="open_consultation", at=AT)


def test_only_the_initiators_people_put_a_package_together(
    cast: SimpleNamespace, public_bill: DraftAct
) -> None:
    for who in ("other_drafter", "officer", "coordinator", "auditor", "administrator"):
        with pytest.raises(NotAllowed):
            services.make_package(actor=getattr(cast, who), act_id=public_bill.pk, at=AT)
        page = client_of(getattr(cast, who)).get(reverse("act_prepare_package", args=[public_bill.token]))
        assert page.status_code == 404, who


def test_a_bylaw_leads_no_package_and_an_act_is_in_one_only(
    cast: SimpleNamespace, public_bill: DraftAct, draft: DraftAct
) -> None:
    with pytest.raises(services.NotABill):
        services.make_package(actor=cast.drafter, act_id=draft.pk, at=AT)
    pack(cast, public_bill, draft)
    other = services.create_act(actor=cast.drafter, initiator_id=cast.finance.pk, kind=ActKind.LAW, at=AT)
    services.make_package(actor=cast.drafter, act_id=other.pk, at=AT)

    with pytest.raises(InvalidInput):
        services.add_bylaw(actor=cast.drafter, act_id=other.pk, bylaw=draft.token, at=AT)
    with pytest.raises(InvalidInput):  # a bill is nobody's bylaw
        services.add_bylaw(actor=cast.drafter, act_id=other.pk, bylaw=str(public_bill.number), at=AT)
    with pytest.raises(InvalidInput):  # and stays one while it leads a package
        services.save_act(
            actor=cast.drafter, act_id=other.pk, edit_version=1, fields={"kind": "ministry_order"}, at=AT
        )


def test_the_database_keeps_a_package_whole(
    cast: SimpleNamespace, public_bill: DraftAct, draft: DraftAct, act: DraftAct
) -> None:
    package = pack(cast, public_bill, draft)
    lead = package.members.get(is_bill=True)
    more = {"package": package, "added_at": AT, "added_by": cast.drafter}
    stranger = services.create_act(
        actor=cast.drafter, initiator_id=cast.finance.pk, kind=ActKind.MINISTRY_ORDER, at=AT
    )

    for wrong in (
        lambda: PackageMember.objects.create(act=stranger, is_bill=True, **more),  # no bill
        lambda: PackageMember.objects.filter(act=draft).update(act=stranger),
        lambda: lead.delete(),
        lambda: ReferenceNorm.objects.update(fulfilled_by=lead),  # the bill itself
        lambda: ReferenceNorm.objects.update(state="found", decided_at=None, decided_by=None, fulfilled_by=1),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_a_norm_is_tied_and_untied_with_the_draft(
    cast: SimpleNamespace, public_bill: DraftAct, draft: DraftAct
) -> None:
    pack(cast, public_bill, draft)
    with pytest.raises(InvalidInput):
        tie(cast, public_bill, "no-such")

    tie(cast, public_bill, draft.token)
    assert ReferenceNorm.objects.get().fulfilled_by.act == draft
    services.remove_bylaw(actor=cast.drafter, act_id=public_bill.pk, bylaw=draft.token, at=AT)

    assert ReferenceNorm.objects.get().fulfilled_by is None
    assert PackageMember.objects.filter(is_bill=False).count() == 0


def test_a_dismissed_norm_is_tied_to_nothing(
    cast: SimpleNamespace, public_bill: DraftAct, draft: DraftAct
) -> None:
    pack(cast, public_bill, draft)
    tie(cast, public_bill, draft.token)

    decide(cast, public_bill, "dismissed", "Порядок уже утверждён.")

    assert ReferenceNorm.objects.get().fulfilled_by is None


def test_frozen_the_package_and_the_texts_of_its_members_stay(
    cast: SimpleNamespace, public_bill: DraftAct, draft: DraftAct
) -> None:
    package = pack(cast, public_bill, draft)
    tie(cast, public_bill, draft.token)
    draft = register(cast, draft)
    services.new_version(actor=cast.drafter, act_id=draft.pk, at=AT)
    freeze(cast, public_bill)

    package.refresh_from_db()
    assert package.number == "PL-2026-0001"
    document = GeneratedDocument.objects.get(number=package.number)
    assert str(draft.number) in (document.canonical_json or "")
    printed = text_of(unsealed_pdf(document, at=AT))
    assert "Трансферттерди эсептөө тартиби" in printed
    assert printed.count(str(draft.number)) >= 4, "as an act and beside the norm, in both languages"
    word = Client().get(f"/ru/packages/{public_bill.number}/list.docx")
    assert word["Content-Disposition"].startswith('attachment; filename="PL-2026-0001.docx"')
    said = [paragraph.text for paragraph in docx.Document(io.BytesIO(word.content)).paragraphs]
    assert [line for line in said if "/verify/PL-2026-0001/" in line], "it names the sealed list"
    assert {"Топтомдун тизмеси № PL-2026-0001", "Перечень пакета № PL-2026-0001"} <= set(said)
    [ky, ru] = docx.Document(io.BytesIO(word.content)).tables
    assert [grid.rows[1].cells[3].text for grid in (ky, ru)] == [f"№ {draft.number}"] * 2
    with pytest.raises(services.PackageIsFrozen):
        services.remove_bylaw(actor=cast.drafter, act_id=public_bill.pk, bylaw=str(draft.number), at=AT)
    with pytest.raises(services.PackageIsFrozen):
        tie(cast, public_bill, "")
    with pytest.raises(services.PackageIsFrozen):
        services.publish_version(actor=cast.signatory, act_id=draft.pk, at=AT)
    for wrong in (
        lambda: PackageMember.objects.filter(is_bill=False).delete(),
        lambda: ActPackage.objects.update(frozen_at=None, number=None),
        lambda: ReferenceNorm.objects.update(fulfilled_by=None),
        lambda: draft.versions.filter(frozen_at=None).update(frozen_at=AT, text_hash="a" * 64),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_a_draft_comes_late_only_for_a_norm_that_lacks_one(
    cast: SimpleNamespace, public_bill: DraftAct, draft: DraftAct
) -> None:
    """Where the procedure asks for bylaw drafts at the certificate."""
    services.make_package(actor=cast.drafter, act_id=public_bill.pk, at=AT)
    freeze(cast, public_bill)

    with pytest.raises(InvalidInput):  # closed drafts cannot join what is public
        services.add_bylaw(actor=cast.drafter, act_id=public_bill.pk, bylaw=draft.token, at=AT)
    draft = register(cast, draft)
    services.add_bylaw(actor=cast.drafter, act_id=public_bill.pk, bylaw=str(draft.number), at=AT)
    norm = tie(cast, public_bill, str(draft.number))

    assert norm.fulfilled_by.act == draft
    with pytest.raises(services.PackageIsFrozen):
        tie(cast, public_bill, "")


def test_a_deleted_draft_leaves_the_package_and_a_deleted_bill_takes_it_along(
    cast: SimpleNamespace, bill: DraftAct, draft: DraftAct
) -> None:
    decide(cast, bill, "confirmed")
    pack(cast, bill, draft)
    tie(cast, bill, draft.token)

    services.delete_act(actor=cast.drafter, act_id=draft.pk, at=AT)
    assert PackageMember.objects.count() == 1
    services.delete_act(actor=cast.drafter, act_id=bill.pk, at=AT)

    assert ActPackage.objects.count() == 0


# --- the gate --------------------------------------------------------------------------------------


@pytest.fixture
def asking(cast: SimpleNamespace) -> ProcedureTemplate:
    """A version of the procedure that asks for bylaw drafts at the opening."""
    seeded = ProcedureTemplate.objects.get(version=1)
    papers = list(seeded.required_papers.all())
    terms = list(seeded.terms.all())
    seeded.pk, seeded.version, seeded.bylaws_at = None, 9, BylawGate.OPENING
    seeded._state.adding = True
    seeded.save()
    for row in (*papers, *terms):
        row.pk, row.template = None, seeded
        row._state.adding = True
        row.save()
    return seeded


def gate(act: DraftAct, template: ProcedureTemplate) -> tuple[str, list[str]]:
    act.refresh_from_db()
    condition = conditions.gate_bylaws(act, template=template)
    assert condition.code == "G7"
    assert condition.unmet or condition.detail, "not applicable is a result with its reason"
    return condition.status, [unmet.code for unmet in condition.unmet]


def test_g7_names_each_norm_until_its_draft_is_public_and_in_the_package(
    cast: SimpleNamespace, public_bill: DraftAct, draft: DraftAct, asking: ProcedureTemplate
) -> None:
    assert gate(public_bill, asking) == ("unmet", ["no_bylaw_draft_1"])
    (unmet,) = conditions.gate_bylaws(public_bill, template=asking).unmet
    assert unmet.url == reverse("act_norms", args=[public_bill.number]) + "#norm-1"
    assert any(u.code == "no_bylaw_draft_1" for u in conditions.unmet_opening(public_bill, at=AT))

    pack(cast, public_bill, draft)
    tie(cast, public_bill, draft.token)
    assert gate(public_bill, asking) == ("unmet", ["no_bylaw_draft_1"]), "a closed draft does not count"
    register(cast, draft)

    assert gate(public_bill, asking) == ("met", [])
    assert not [u for u in conditions.unmet_opening(public_bill, at=AT) if "bylaw" in u.code]
    services.withdraw(actor=cast.signatory, act_id=draft.pk, reason="Башка тартип.", at=AT)
    assert gate(public_bill, asking) == ("unmet", ["no_bylaw_draft_1"])


def test_g7_is_not_passed_by_not_looking(
    cast: SimpleNamespace, bill: DraftAct, asking: ProcedureTemplate
) -> None:
    assert gate(bill, asking) == ("unmet", ["norm_undecided_1"])

    decide(cast, bill, "dismissed", "Порядок уже утверждён.")
    assert gate(bill, asking) == ("not_applicable", [])
    bill.versions.get().texts.update(screened=None)
    assert gate(bill, asking) == ("unmet", ["norms_not_looked_for"])


def test_g7_does_not_apply_to_bylaws_nor_where_the_procedure_does_not_ask(
    cast: SimpleNamespace, public_bill: DraftAct, draft: DraftAct, asking: ProcedureTemplate
) -> None:
    assert gate(draft, asking) == ("not_applicable", [])
    assert gate(public_bill, ProcedureTemplate(bylaws_at="")) == ("not_applicable", [])


# --- pages -----------------------------------------------------------------------------------------


def post(cast: SimpleNamespace, name: str, act: DraftAct, **data: Any) -> int:
    return client_of(cast.drafter).post(reverse(name, args=[act.token]), data).status_code


def test_the_drafter_puts_the_package_together_on_its_page(
    cast: SimpleNamespace, public_bill: DraftAct, draft: DraftAct
) -> None:
    assert post(cast, "package_make", public_bill) == 302
    assert post(cast, "package_add", public_bill, bylaw="x") == 400
    assert post(cast, "package_add", public_bill, bylaw=draft.token) == 302
    assert post(cast, "package_tie", public_bill, norm="1", bylaw="x") == 400
    assert post(cast, "package_tie", public_bill, norm="1", bylaw=draft.token) == 302

    page = client_of(cast.drafter).get(reverse("act_prepare_package", args=[public_bill.token]))
    assert f'value="{draft.token}" selected' in page.content.decode()
    assert post(cast, "package_remove", public_bill, bylaw=draft.token) == 302
    # From the page of a bylaw one comes to the package it is in.
    pack(cast, public_bill, draft)
    there = client_of(cast.drafter).get(reverse("act_prepare_package", args=[draft.token]))
    assert there.url == reverse("act_prepare_package", args=[public_bill.token])


def test_everybody_reads_the_package_under_the_number_of_its_bill(
    cast: SimpleNamespace, bill: DraftAct, draft: DraftAct
) -> None:
    decide(cast, bill, "confirmed")
    pack(cast, bill, draft)
    tie(cast, bill, draft.token)
    lead = register(cast, bill)
    address, nobody = f"/ru/packages/{lead.number}/", Client()

    before = nobody.get(address).content.decode()
    draft = register(cast, draft)
    after = nobody.get(address).content.decode()

    assert "расчёта трансфертов" not in before.split("<table")[0], "a draft in preparing is closed"
    assert "Проекта нет" in before
    assert "расчёта трансфертов" in after.split("<table")[0]
    assert f'href="/ru/acts/{draft.number}/"' in after
    assert f"/ru/packages/{lead.number}/" in nobody.get(f"/ru/acts/{draft.number}/").content.decode()
    assert nobody.get(f"/ru/packages/{draft.number}/").status_code == 404
    read = nobody.get(f"/api/v1/packages/{lead.number}/").json()
    assert [(act["number"], act["fulfils"]) for act in read["acts"]] == [
        (lead.number, []),
        (draft.number, [1]),
    ]
    assert nobody.get(f"/api/v1/packages/{draft.number}/").status_code == 404
    assert nobody.get(f"/api/v1/packages/?act={draft.number}").json()["results"] == [read]
    assert nobody.get("/ru/packages/2026-9999/").status_code == 404


def test_the_dossier_of_the_package_holds_every_public_act_of_it(
    cast: SimpleNamespace, public_bill: DraftAct, draft: DraftAct
) -> None:
    pack(cast, public_bill, draft)
    address = f"/ru/packages/{public_bill.number}/dossier.zip"
    closed = zipfile.ZipFile(io.BytesIO(b"".join(Client().get(address).streaming_content))).namelist()
    draft = register(cast, draft)
    whole = zipfile.ZipFile(io.BytesIO(b"".join(Client().get(address).streaming_content))).namelist()

    assert {name.split("/")[0] for name in closed} == {public_bill.number, "manifest.json", "MANIFEST.sha256"}
    assert f"{draft.number}/1-act/version-1/text-ky.txt" in whole
