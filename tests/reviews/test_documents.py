"""The files of the consultation say what was fixed, in both languages; the letters reach whom they should."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from apps.documents import assembly, registry
from apps.documents.models import GeneratedDocument
from apps.notifications import registry as letters
from apps.notifications.models import OutboxMessage
from apps.reviews import services
from apps.reviews.models import Review

from .conftest import DAY, Cast, file_opinion

Bring = Callable[[str], tuple[Review, datetime]]


def html_of(document: GeneratedDocument) -> str:
    spec = registry.builder_of(document.kind)(document.source_id)
    return assembly.build_html(spec, kind=document.kind, content=document.canonical, at=document.created_at)


def test_every_document_of_the_way_is_written_in_both_languages(at_stage: Bring, cast: Cast) -> None:
    at_stage("conciliation")

    documents = {document.kind: document for document in GeneratedDocument.objects.all()}
    pages = {kind: html_of(document) for kind, document in documents.items()}

    assert set(pages) == {"NC", "OP", "RC", "AT"}
    for kind, page in pages.items():
        assert documents[kind].number in page
        assert "Жергиликтүү бюджеттер жөнүндө" in page
        assert "О местных бюджетах" in page
    assert "Эскертүү 1" in pages["OP"]
    assert "union уюму" in pages["RC"]
    assert "Негиз" in pages["AT"]
    assert json.loads(documents["OP"].canonical_json or "")["remarks"][0]["text"] == "Эскертүү 1"


@pytest.mark.parametrize(("stage", "kind"), [("ended_without_remarks", "NA"), ("expiry_established", "NE")])
def test_notes_say_why_a_review_is_closed(stage: str, kind: str, at_stage: Bring) -> None:
    at_stage(stage)

    page = html_of(GeneratedDocument.objects.get(kind=kind))

    assert f"{kind}-2026-0001" in page


def test_a_script_typed_into_an_opinion_is_inert_in_its_file(at_stage: Bring, cast: Cast) -> None:
    review, at = at_stage("opinion")
    opinion = services.start_opinion(actor=cast.aigul, review_id=review.pk, at=at)
    services.save_opinion(
        actor=cast.aigul,
        review_id=review.pk,
        edit_version=opinion.text_version,
        fields={"verdict": "agree", "statement": "<script>alert(1)</script> {{ 7|add:7 }}"},
        at=at,
    )
    opinion.refresh_from_db()
    services.mark_ready(actor=cast.aigul, review_id=review.pk, edit_version=opinion.edit_version, at=at)
    services.submit_opinion(
        actor=cast.bakyt, review_id=review.pk, edit_version=opinion.edit_version, received_at=at
    )

    page = html_of(GeneratedDocument.objects.get(kind="OP"))

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in page


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
@pytest.mark.parametrize("stage", ["conciliation", "expiry_established"])
def test_every_letter_can_be_read_in_every_language(
    stage: str, language: str, at_stage: Bring, cast: Cast
) -> None:
    review, at = at_stage(stage)
    if stage == "expiry_established":
        file_opinion(review, cast, "agree", at=at + DAY)

    rows = OutboxMessage.objects.filter(template__startswith="reviews.")
    built = {row.template: letters.build(row.template, row.payload, language) for row in rows}

    assert built
    for letter in built.values():
        assert "2026-0017" in letter.subject or "RC-2026" in letter.subject
        assert letter.action_url.startswith("http")
        assert all("%(" not in paragraph for paragraph in letter.paragraphs)


def test_a_letter_reaches_each_person_once(at_stage: Bring, cast: Cast) -> None:
    at_stage("replies")

    sent: dict[str, set[Any]] = {}
    for row in OutboxMessage.objects.filter(template__startswith="reviews."):
        people = sent.setdefault(row.template, set())
        assert row.recipient_id not in people or row.template == "reviews.opened"
        people.add(row.recipient_id)

    assert sent["reviews.answers_sent"] == {cast.aigul.pk, cast.bakyt.pk}
    assert sent["reviews.opinion_filed"] == {cast.drafter.pk, cast.minister.pk}
    assert sent["reviews.opinion_ready"] == {cast.bakyt.pk}
