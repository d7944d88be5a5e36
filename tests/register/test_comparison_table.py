"""The comparison table: from two versions and from an amending act; as a page, PDF, DOCX and XLSX."""

import io
from collections.abc import Callable
from typing import Any

import docx
from django.test import Client
from openpyxl import load_workbook

from apps.accounts.models import User
from apps.core import clock
from apps.register.demo import acts, texts
from apps.register.demo.way import Way
from tests.way import start

RU = [("2. Объём выравнивающих трансфертов в течение", "2. =Объём трансфертов в течение")]
KY = [("бюджеттик жылдын ичинде азайтылбайт", "жыл ичинде азайтылбайт")]
IN_FORCE = """ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ
О местном самоуправлении
Статья 4. Сроки
1. Проект рассматривается в течение двадцати дней со дня поступления.
"""


def address(way: Way, rest: str = "") -> str:
    return f"/ru/acts/{way.act.number}/table/{rest}"


def test_two_versions_with_what_both_sides_said(way: Way, read_at: Callable, reader: Client) -> None:
    acts._answered(way).working_days(1).renew({"ky": KY, "ru": RU}, text=texts.TRANSFERS)

    page = read_at(way, address(way))

    assert "Редакция 1" in page
    assert "<ins>" in page
    assert "<del>" in page
    assert "табигый кырсык" in page  # the association's wording, in its own language
    assert "Слова добавляются" in page  # the ministry's position
    with clock.frozen(way.at):
        files = {kind: reader.get(address(way, f"{kind}/?text=ru")) for kind in ("xlsx", "docx", "pdf")}
        missing = reader.get(address(way, "exe/"))
    assert {response.status_code for response in files.values()} == {200}
    assert missing.status_code == 404
    sheet = load_workbook(io.BytesIO(files["xlsx"].content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][2:4] == ("Редакция 1", "Редакция 2")
    assert "=Объём трансфертов" in rows[1][3]
    assert "учтено" in rows[1][5].lower()
    for said in rows[1][
        5
    ].splitlines():  # two associations number their remarks each from one: who is meant is named
        assert said.startswith(("Союз МСУ, № ", "Ассоциация городов, № ")), said
    grid = docx.Document(io.BytesIO(files["docx"].content)).tables[0]
    assert len(grid.rows) == len(rows)
    assert grid.rows[1].cells[2].text == rows[1][2]
    assert int(grid.rows[1].cells[0].width or 0) * 4 < int(
        grid.rows[1].cells[2].width or 0
    )  # a number needs little
    assert files["pdf"].content.startswith(b"%PDF-")


def test_an_amending_act_and_the_text_it_amends(way: Way, people: dict[str, User], read_at: Callable) -> None:
    instruction = '1) в части 1 статьи 4 слова "двадцати дней" заменить словами "тридцати дней";'
    body = (
        'ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ\n\nО внесении изменений в Закон "О местном самоуправлении"\n\nСтатья 1.\n\n'
        f'Внести в Закон "О местном самоуправлении" следующие изменения:\n\n{instruction}\n\n'
        "2) статью 90 признать утратившей силу.\n\nСтатья 2.\n\nНастоящий Закон вступает в силу немедленно."
    )
    text = texts.Text(**{**vars(texts.AMENDING), "body_ru": body})
    amending = start(people, text).register().hours(1)
    client = Client()
    given: dict[str, Any] = {"language": "ru", "current": IN_FORCE}

    with clock.frozen(amending.at):
        refused = client.post(address(amending), given)
        client.force_login(people["union.officer"])
        page = client.post(address(amending), given).content.decode()
        book = client.post(address(amending), {**given, "format": "xlsx"})
        empty = client.post(address(amending), {**given, "current": ""})

    assert refused.status_code == 403
    assert empty.status_code == 400
    assert "двадцати</del>" in page
    assert "тридцати</ins>" in page
    assert "нет в изменяемом тексте" in page.replace("\xa0", " ")  # article 90: a doubt, not a guess
    rows = list(load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True))
    assert len(rows) == 3
    assert "тридцати дней" in rows[1][3]
    read_at(amending, address(amending))
    read_at(way.register(), address(way), status=404)  # amends nothing, and has one version
