"""Files once, numbers without gaps, documents rendered once: also when everything runs at the same time."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.http import HttpRequest

from apps.audit.models import JournalEntry
from apps.documents import registry, selectors, services, tasks
from apps.documents.canonical import sha256_hex
from apps.documents.enums import DocumentState
from apps.documents.models import GeneratedDocument, StoredFile
from apps.documents.responses import file_response
from apps.documents.services.files import FileNotKept
from apps.documents.services.render import MAX_ATTEMPTS, render_document
from apps.documents.verification import verify
from apps.notifications.models import OutboxMessage

from .conftest import AT, CONTENT, protocol_spec


def ask(**changes: Any) -> GeneratedDocument:
    values: dict[str, Any] = {
        "kind": "PA",
        "source_type": "protocols.agreementprotocol",
        "source_id": 1,
        "number": "PA-2026-0001",
        "canonical": CONTENT,
        "public": True,
        "at": AT,
        "act_id": 17,
    }
    return services.request_document(**{**values, **changes})


# --- files ------------------------------------------------------------------------------------------


def test_the_same_bytes_are_kept_once(db: None) -> None:
    first = services.store_file(data=b"abc", media_type="text/plain", at=AT)
    second = services.store_file(data=b"abc", media_type="text/plain", at=AT)

    assert first.pk == second.pk
    assert first.sha256 == sha256_hex(b"abc")
    assert services.read_file(first) == b"abc"
    assert default_storage.exists(f"{first.sha256[:2]}/{first.sha256[2:4]}/{first.sha256}")


def test_a_file_lost_or_cut_on_disk_is_written_again(db: None) -> None:
    stored = services.store_file(data=b"long enough", media_type="text/plain", at=AT)
    with open(default_storage.path(stored.storage_name), "wb") as file:
        file.write(b"lon")

    services.store_file(data=b"long enough", media_type="text/plain", at=AT)

    assert services.read_file(stored) == b"long enough"


def test_a_stored_file_cannot_be_changed_in_the_database(db: None) -> None:
    stored = services.store_file(data=b"fixed", media_type="text/plain", at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).update(sha256="0" * 64)


def test_nothing_is_left_behind_when_the_disk_is_full(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileNotKept):
        services.store_file(data=b"too much", media_type="text/plain", at=AT)

    assert not StoredFile.objects.filter(sha256=sha256_hex(b"too much")).exists()
    assert not default_storage.exists(
        f"{sha256_hex(b'too much')[:2]}/{sha256_hex(b'too much')[2:4]}/{sha256_hex(b'too much')}"
    )


@pytest.mark.parametrize(("inline", "how"), [(False, "attachment"), (True, "inline")])
def test_a_file_is_given_out_in_a_sandbox(db: None, inline: bool, how: str) -> None:
    stored = services.store_file(data=b"<script>alert(1)</script>", media_type="text/plain", at=AT)

    response = file_response(stored, filename='../"Өмүр".txt\r\nX: y', inline=inline)

    assert response["Content-Disposition"].startswith(f'{how}; filename="_')
    assert "\n" not in response["Content-Disposition"]
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    response.close()


def test_html_is_never_shown_inline_and_an_unchanged_file_is_not_sent_again(db: None) -> None:
    stored = services.store_file(data=b"<p>", media_type="text/html", at=AT)
    request = HttpRequest()
    request.META["HTTP_IF_NONE_MATCH"] = f'"{stored.sha256}"'

    response = file_response(stored, filename="a.html", inline=True)
    again = file_response(stored, filename="a.html", request=request)

    assert response["Content-Disposition"].startswith("attachment")
    response.close()
    assert again.status_code == 304


# --- numbers ----------------------------------------------------------------------------------------


def test_numbers_follow_each_other_by_kind_and_year_of_bishkek(db: None) -> None:
    new_year_in_bishkek = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)

    assert services.take_number(kind="PA", at=AT) == "PA-2026-0001"
    assert services.take_number(kind="PA", at=AT) == "PA-2026-0002"
    assert services.take_number(kind="PD", at=AT) == "PD-2026-0001"
    assert services.take_number(kind="PA", at=new_year_in_bishkek) == "PA-2027-0001"
    assert (
        services.take_number(kind="PA", at=new_year_in_bishkek - timedelta(microseconds=1)) == "PA-2026-0003"
    )


def test_a_number_is_given_back_when_its_transaction_fails(db: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.take_number(kind="PA", at=AT)
        raise ZeroDivisionError

    assert services.take_number(kind="PA", at=AT) == "PA-2026-0001"


@pytest.mark.django_db(transaction=True)
def test_a_number_is_taken_only_inside_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        services.take_number(kind="PA", at=AT)


def in_parallel(count: int, job: Any) -> list[Any]:
    """Run `job(i)` in `count` threads that start together; their results, exceptions included."""
    start, results = threading.Barrier(count), [None] * count

    def run(i: int) -> None:
        start.wait()
        try:
            results[i] = job(i)
        except Exception as error:
            results[i] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_eight_clients_leave_no_gap_and_no_double_though_some_fail() -> None:
    def take(i: int) -> list[str]:
        taken = []
        for n in range(10):
            try:
                with transaction.atomic():
                    number = services.take_number(kind="PA", at=AT)
                    if (i + n) % 3 == 0:
                        raise ValueError
                    taken.append(number)
            except ValueError:
                pass
        return taken

    numbers = sorted(number for taken in in_parallel(8, take) for number in taken)

    assert numbers == [f"PA-2026-{n:04d}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) > 40


# --- documents --------------------------------------------------------------------------------------


def test_asking_twice_gives_one_document_and_one_job(db: None) -> None:
    first, second = ask(), ask(canonical=b"{}", number="PA-2026-0002")

    assert first.pk == second.pk
    assert second.content_hash == sha256_hex(CONTENT)
    assert OutboxMessage.objects.filter(task="documents.render").count() == 1


def test_the_worker_renders_seals_and_stores_once(db: None, protocol_builder: list[int]) -> None:
    document = ask()
    outbox = OutboxMessage.objects.get(task="documents.render")

    tasks.render(outbox.pk)
    tasks.render(outbox.pk)
    OutboxMessage.objects.filter(pk=outbox.pk).update(state="pending", done_at=None)
    tasks.render(outbox.pk)

    document.refresh_from_db()
    outbox.refresh_from_db()
    assert protocol_builder == [1]
    assert (document.state, document.attempts, outbox.state) == (DocumentState.READY, 1, "done")
    assert JournalEntry.objects.filter(action="document.sealed").count() == 1
    assert document.file is not None
    verdict = verify(services.read_file(document.file), at=document.sealed_at)
    assert verdict.valid, verdict
    assert document.filename == "PA-2026-0001.pdf"


@pytest.mark.django_db(transaction=True)
def test_four_workers_on_one_document_render_it_once(protocol_builder: list[int]) -> None:
    document = ask()

    results = in_parallel(4, lambda i: render_document(document_id=document.pk, at=AT))

    document.refresh_from_db()
    assert document.state == DocumentState.READY
    assert len(protocol_builder) == 1
    assert not [result for result in results if isinstance(result, Exception)]
    assert StoredFile.objects.count() == 1


def test_a_page_that_breaks_is_tried_some_times_and_then_given_up(db: None, builders: dict[str, Any]) -> None:
    def broken(source_id: int) -> Any:
        raise LookupError("no such protocol")

    builders["PA"] = broken
    document = ask()

    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(LookupError):
            render_document(document_id=document.pk, at=AT)
    document.refresh_from_db()
    assert (document.state, document.problem) == (DocumentState.FAILED, "LookupError")
    assert document.file is None

    builders["PA"] = lambda source_id: protocol_spec()
    services.retry_document(document_id=document.pk, at=AT + timedelta(hours=1))
    render_document(document_id=document.pk, at=AT)
    document.refresh_from_db()
    assert document.state == DocumentState.READY


def test_a_worker_killed_each_time_does_not_try_for_ever(db: None, protocol_builder: list[int]) -> None:
    document = ask()
    GeneratedDocument.objects.filter(pk=document.pk).update(attempts=MAX_ATTEMPTS)

    render_document(document_id=document.pk, at=AT)

    document.refresh_from_db()
    assert (document.state, document.problem) == (DocumentState.FAILED, "interrupted")
    assert protocol_builder == []


def test_a_failing_page_leaves_its_job_for_later(db: None, builders: dict[str, Any]) -> None:
    ask()
    outbox = OutboxMessage.objects.get(task="documents.render")

    tasks.render(outbox.pk)

    outbox.refresh_from_db()
    assert (outbox.state, outbox.attempts, outbox.problem) == ("pending", 1, "LookupError")


def test_a_builder_that_says_another_number_is_refused(db: None, protocol_builder: list[int]) -> None:
    document = ask(number="PA-2026-0009")

    with pytest.raises(ValueError):
        render_document(document_id=document.pk, at=AT)


@pytest.mark.parametrize(
    "change",
    [{"canonical_json": "{}"}, {"content_hash": "0" * 64}, {"number": "PA-2026-0099"}, {"source_id": 2}],
)
def test_what_a_document_says_is_fixed_in_the_database(db: None, change: dict[str, Any]) -> None:
    document = ask()

    with pytest.raises(IntegrityError), transaction.atomic():
        GeneratedDocument.objects.filter(pk=document.pk).update(**change)


def test_a_ready_file_is_fixed_in_the_database(db: None, protocol_builder: list[int]) -> None:
    document = ask()
    render_document(document_id=document.pk, at=AT)
    other = services.store_file(data=b"other", media_type="application/pdf", at=AT)

    for change in ({"file": other}, {"state": "pending"}, {"sealed_at": AT + timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GeneratedDocument.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        GeneratedDocument.objects.filter(pk=document.pk).delete()


@pytest.mark.parametrize(
    "change", [{"state": "ready"}, {"state": "annulled"}, {"sealed_at": AT}, {"annulled_at": AT}]
)
def test_a_state_without_its_facts_is_refused_by_the_database(db: None, change: dict[str, Any]) -> None:
    document = ask()

    with pytest.raises(IntegrityError), transaction.atomic():
        GeneratedDocument.objects.filter(pk=document.pk).update(**change)


def test_two_documents_cannot_share_a_number(db: None) -> None:
    ask()

    with pytest.raises(IntegrityError), transaction.atomic():
        ask(source_id=2)


def test_a_document_is_found_by_its_number_as_people_type_it(db: None) -> None:
    document = ask()

    for typed in ("PA-2026-0001", " № pa-2026-0001 ", "№PA-2026-0001"):
        assert selectors.find_by_number(typed) == document
    for typed in ("", "PA-2026-0002", "\x00", "x" * 10_000):
        assert selectors.find_by_number(typed) is None


def test_two_builders_of_one_kind_are_a_mistake(builders: dict[str, Any]) -> None:
    registry.register("PA")(lambda source_id: protocol_spec())

    with pytest.raises(RuntimeError):

        @registry.register("PA")
        def second(source_id: int) -> Any: ...
