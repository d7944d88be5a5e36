"""The certificate, the decisions and the dossier."""

import io
import json
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core.clock import local_date
from apps.core.errors import InvalidInput, NotAllowed, TransitionNotAllowed
from apps.documents import services as documents
from apps.draft_acts.models import DraftAct
from apps.passage import gates, services
from apps.passage.errors import AlreadyCertified, CertificateRefused, NoCertificate
from apps.passage.models import Certificate, Decision, Dossier
from apps.register.demo import texts
from apps.register.demo.way import Way
from tests.way import filed, met, signed, start

UNION = "lsg-union"


def issue(way: Way) -> Certificate:
    with way.now("finance.signatory") as (signatory,):
        return services.issue_certificate(actor=signatory, act_id=way.act.pk, at=way.at)


def test_a_fresh_consultation_is_refused_with_every_gate_named(way: Way) -> None:
    way.working_days(1).register().open()

    with pytest.raises(CertificateRefused) as refusal:
        issue(way)

    statuses = {c.code: c.status for c in gates.certificate_conditions(way.act, way.at)}
    assert statuses["G1"] == statuses["G2"] == "met"
    assert statuses["G3"] != "met"
    assert len(refusal.value.unmet) >= 4
    assert not Certificate.objects.exists()


def test_a_missing_signature_is_named_with_a_link_to_its_review(way: Way) -> None:
    met(way).fix(UNION).fix("cities").sign("cities").sign(UNION, "association")

    with pytest.raises(CertificateRefused) as refusal:
        issue(way)

    assert [u.code for u in refusal.value.unmet] == ["signature_missing_state"]
    assert way.protocol(UNION).number in str(refusal.value.unmet[0].message)
    assert refusal.value.unmet[0].url.endswith(f"/acts/{way.act.number}/reviews/{UNION}/")


def test_a_clerk_a_coordinator_and_an_association_do_not_issue(way: Way) -> None:
    signed(way)

    for key in ("cabinet.clerk", "justice.coordinator", "union.signatory", "water.signatory", "admin.first"):
        with way.now(key) as (person,), pytest.raises(NotAllowed):
            services.issue_certificate(actor=person, act_id=way.act.pk, at=way.at)


def test_open_disagreements_are_counted_on_the_certificate(way: Way) -> None:
    signed(way, last="open").certify()

    certificate = way.certificate()
    text = json.loads(certificate.canonical)
    assert certificate.number == "CC-2026-0001"
    assert certificate.open_points == text["open_points"] == 2
    assert [g["code"] for g in text["gates"]] == ["G1", "G2", "G3", "G4", "G5", "G6", "G7"]
    assert way.act.state == "certified"


def test_two_opinions_without_remarks_lead_to_a_certificate_by_notes(way: Way) -> None:
    filed(way, remarks=False).certify()

    text = json.loads(way.certificate().canonical)
    assert [bool(r["note"]) for r in text["reviews"]] == [True, True]
    assert text["open_points"] == 0
    statuses = {g["code"]: g["status"] for g in text["gates"]}
    assert statuses["G4"] == statuses["G5"] == "not_applicable"


def test_an_expired_review_holds_the_certificate_until_its_effect_is_established(way: Way) -> None:
    way.working_days(1).register().open().working_days(1).acknowledge()
    way.working_days(3).write(UNION, "agree").hours(1).file(UNION).working_days(20)

    with pytest.raises(CertificateRefused) as refusal:
        issue(way)
    way.establish("cities", "Жеткирүү жана эскертүү далилденди.").certify()

    assert any(u.code for u in refusal.value.unmet)
    assert json.loads(way.certificate().canonical)["reviews"][1]["note"].startswith("NE-")


def test_a_late_opinion_stays_outside_and_is_named_on_the_certificate(way: Way) -> None:
    way.working_days(1).register().open().working_days(1).acknowledge()
    way.working_days(3).write(UNION, "agree").hours(1).file(UNION).working_days(20)
    way.write(
        "cities", "disagree", [{"eid": "art_1__para_1", "kind": "objection", "text": "Поздно."}], lang="ru"
    )
    way.hours(1).file("cities").hours(1).establish("cities", "Мөөнөт бүттү.").certify()

    cities = json.loads(way.certificate().canonical)["reviews"][1]
    assert cities["verdict"] == ""
    assert len(cities["late_opinions"]) == 1


def test_a_second_certificate_is_refused(way: Way) -> None:
    filed(way, remarks=False).certify()

    with pytest.raises(AlreadyCertified):
        issue(way)


def test_submission_without_a_certificate_is_refused_by_service_and_database(way: Way) -> None:
    filed(way, remarks=False)

    with pytest.raises(NoCertificate):
        way.decide("submitted", "1", "x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            act=way.act,
            kind="submitted",
            day=local_date(way.at),
            document_number="1",
            text="x",
            recorded_at=way.at,
            recorded_by=way.cast["cabinet.clerk"],
            organization=way.act.initiator,
        )
    assert not Decision.objects.exists()


def test_an_update_round_the_service_cannot_certify_or_submit(way: Way) -> None:
    way.working_days(1).register().open()

    for state in ("certified", "submitted", "adopted"):
        with pytest.raises(IntegrityError), transaction.atomic():
            DraftAct.objects.filter(pk=way.act.pk).update(state=state)
            with transaction.get_connection().cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_certificate_row_without_closed_reviews_is_refused_by_the_database(way: Way) -> None:
    way.working_days(1).register().open()
    version = way.act.versions.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(
            act=way.act,
            version=version,
            number="CC-2026-9999",
            issued_at=way.at,
            issued_by=way.cast["finance.signatory"],
            text_hash=version.text_hash,
            open_points=0,
            gates=[],
            canonical="{}",
            content_hash="0" * 64,
        )


def test_a_clerk_records_submission_return_and_adoption_in_their_order(way: Way) -> None:
    filed(way, remarks=False).certify().working_days(1)

    with pytest.raises(TransitionNotAllowed):
        way.decide("adopted", "1", "x")
    way.decide("submitted", "14-1", "Киргизилди").working_days(1).decide("returned", "14-2", "Толукталсын")
    way.working_days(1).decide("submitted", "14-3", "Кайра киргизилди").working_days(1)
    way.decide("adopted", "VIII-1", "Кабыл алынды", by="committee.clerk")

    assert way.act.state == "adopted"
    assert [d.kind for d in Decision.objects.order_by("pk")] == [
        "submitted",
        "returned",
        "submitted",
        "adopted",
    ]


def test_others_than_clerks_record_nothing(way: Way) -> None:
    filed(way, remarks=False).certify()

    for key in (
        "finance.signatory",
        "union.signatory",
        "justice.coordinator",
        "chamber.auditor",
        "admin.first",
    ):
        with pytest.raises(NotAllowed):
            way.decide("submitted", "1", "x", by=key)


def test_a_decision_without_words_or_from_the_future_says_what_is_missing(way: Way) -> None:
    filed(way, remarks=False).certify()

    with way.now("cabinet.clerk") as (clerk,), pytest.raises(InvalidInput) as refusal:
        services.record_decision(
            actor=clerk,
            act_id=way.act.pk,
            kind="submitted",
            day=local_date(way.at) + timedelta(days=1),
            document_number=" ",
            text="",
            at=way.at,
        )

    assert set(refusal.value.fields) == {"day", "document_number", "text"}


def test_the_dossier_checks_with_sha256sum_and_is_stored_once(way: Way, tmp_path: Path) -> None:
    signed(way).certify()

    built = services.build_dossier(act_id=way.act.pk, at=way.at)
    again = services.build_dossier(act_id=way.act.pk, at=way.at)

    assert built == again
    assert Dossier.objects.count() == 1
    with zipfile.ZipFile(io.BytesIO(documents.read_file(built.file))) as archive:
        archive.extractall(tmp_path)
        names = archive.namelist()
    checked = subprocess.run(
        ["sha256sum", "-c", "MANIFEST.sha256"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert {f["path"] for f in manifest["files"]} == set(names) - {"manifest.json", "MANIFEST.sha256"}
    assert "1-act/version-1/text-ky.docx" in names


def test_a_new_fact_gives_a_new_dossier(way: Way) -> None:
    filed(way, remarks=False).certify()
    first = services.build_dossier(act_id=way.act.pk, at=way.at)

    way.working_days(1).decide("submitted", "14-1", "Киргизилди")
    second = services.build_dossier(act_id=way.act.pk, at=way.at)

    assert first.file != second.file


def test_an_amending_act_walks_too(people: dict) -> None:
    way = filed(start(people, texts.AMENDING), remarks=False).certify()

    assert way.act.state == "certified"


def test_the_gates_take_as_many_queries_for_two_associations_as_for_one(way: Way, people: dict) -> None:
    signed(way)
    alone = start(people).working_days(1).register().open("cities", left_out={UNION: "Сынак."})
    alone.acknowledge("cities").working_days(2).write("cities", "agree", lang="ru").file("cities")

    with CaptureQueriesContext(connection) as one:
        gates.certificate_conditions(alone.act, alone.at)
    with CaptureQueriesContext(connection) as two:
        gates.certificate_conditions(way.act, way.at)

    assert len(two) <= 12
    assert (
        len(two) - len(one) <= 2
    )  # signatures of protocols and remarks to answer are asked only where there are any
