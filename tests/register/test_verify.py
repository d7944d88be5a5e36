"""The page of verification: by number and by file, in plain words, nothing kept."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.core import clock
from apps.documents.models import GeneratedDocument, StoredFile
from apps.documents.services import read_file
from apps.documents.services.render import render_document
from apps.register.demo.way import Way
from tests.way import filed, replied, signed

pytestmark = pytest.mark.django_db


def upload(reader: Client, way: Way, path: str, data: bytes, name: str = "a.pdf") -> str:
    with clock.frozen(way.at):
        response = reader.post(path, {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 200
    return response.content.decode()


def test_a_number_leads_to_its_document(way: Way, reader: Client, read_at: Callable) -> None:
    filed(way)
    number = GeneratedDocument.objects.filter(kind="RC").first().number

    with clock.frozen(way.at):
        assert (
            reader.get(f"/ru/verify/?number=№ {number.lower()}").headers["Location"]
            == f"/ru/verify/{number}/"
        )
    page = read_at(way, f"/ru/verify/{number}/")

    assert "Есть в реестре" in page
    assert way.act.number in page


@pytest.mark.parametrize("number", ["PA-2026-0999", "%00", "..", "<b>", "я" * 300])
def test_what_is_not_there_answers_404(way: Way, read_at: Callable, number: str) -> None:
    page = read_at(way, f"/ru/verify/{number}/", status=404)

    assert "<b>" not in page.replace("<b ", "").split("<h1>")[-1] or number != "<b>"


def test_a_protocol_in_circulation_cannot_be_looked_up(way: Way, read_at: Callable) -> None:
    replied(way).working_days(2).meet("cities", {1: {"outcome": "open"}}).fix("cities")

    read_at(way, f"/ru/verify/{way.protocol('cities').number}/", status=404)


def test_a_foreign_file_is_named_and_not_kept(way: Way, reader: Client) -> None:
    before = StoredFile.objects.count()

    for data in (b"", b"hello", b"%PDF-1.7\nnothing", b"PK\x03\x04", b"<html><script>alert(1)</script>"):
        page = upload(reader, way, "/ru/verify/", data)
        assert "Этого файла в реестре нет" in page or "не проходит проверку" in page

    assert StoredFile.objects.count() == before


def test_a_page_without_a_file_asks_for_one(way: Way, reader: Client) -> None:
    with clock.frozen(way.at):
        assert reader.post("/ru/verify/", {}).status_code == 400


def test_a_changed_byte_and_an_appended_one_are_told_apart(way: Way, reader: Client) -> None:
    signed(way)
    document = GeneratedDocument.objects.get(number=way.protocol("cities").number)
    with clock.frozen(way.at):
        render_document(document_id=document.pk, at=way.at)
    document.refresh_from_db()
    data = read_file(document.file)
    address = f"/ru/verify/{document.number}/"

    whole = upload(reader, way, address, data)
    appended = upload(reader, way, address, data + b"\n%")
    middle = len(data) // 2
    changed = upload(reader, way, address, data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    other = upload(reader, way, "/ru/verify/PA-2026-0999/", data)

    assert "Файл подлинный" in whole
    assert document.file.sha256[:8] in whole
    assert "в конец файла что-то добавлено" in appended
    assert "изменён хотя бы один байт" not in appended
    assert "изменён хотя бы один байт" in changed
    assert "Номер в файле не тот" in other
