"""What a later version changed: computed once when it becomes public, stored, and shown to everybody."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from apps.draft_acts import services
from apps.draft_acts.models import VersionComparison
from apps.register.demo import texts
from apps.register.demo.way import Way

RU = [
    ("до 15 июля", "до 1 июля"),
    (
        "2. Объём выравнивающих трансфертов в течение бюджетного года не уменьшается.\n\n3. Местные",
        "2. Местные",
    ),
    ("Статья 3.", "Статья 3. Надзор\n\nСоблюдение проверяет Счётная палата.\n\nСтатья 4."),
]
KY = [
    ("15-июлга чейин", "1-июлга чейин"),
    ("2. Теңдөөчү трансферттердин көлөмү бюджеттик жылдын ичинде азайтылбайт.\n\n3.", "2."),
    ("3-берене.", "3-берене. Көзөмөл\n\nСакталышын Эсеп палатасы текшерет.\n\n4-берене."),
]


@pytest.fixture
def renewed(way: Way) -> Way:
    """A registered act whose second version is public: an article put in, a part taken out, a date exchanged."""
    return way.register().hours(1).renew({"ky": KY, "ru": RU}, text=texts.TRANSFERS)


def compare(way: Way, rest: str = "", *, language: str = "ru") -> str:
    return f"/{language}/acts/{way.act.number}/compare/{rest}"


def test_the_comparison_is_stored_once_in_both_languages(renewed: Way) -> None:
    rows = {row.language: row for row in VersionComparison.objects.filter(version__act=renewed.act)}

    assert {language: row.changed for language, row in rows.items()} == {"ky": 4, "ru": 4}
    assert {(row.version.number, row.previous.number) for row in rows.values()} == {(2, 1)}
    states = {row["old"]: row["states"] for row in rows["ru"].compared["differences"] if row["old"]}
    assert states["art_2__para_2"] == ["removed"]
    assert states["art_2__para_3"] == ["renumbered", "changed"]
    assert states["art_3"] == ["renumbered"]
    assert states["art_3__para_1"] == ["unchanged"]


def test_the_page_says_in_words_what_is_gone_and_what_is_new(renewed: Way, read_at: Callable) -> None:
    page = read_at(renewed, compare(renewed))

    assert '<del><span class="ds-sr-only">исключено: </span>15</del>' in page
    assert '<ins><span class="ds-sr-only">добавлено: </span>1</ins>' in page
    assert 'id="gone-art_2__para_2"' in page
    assert 'href="#art_3"' in page
    assert "Порядок вступления в силу" in page  # renumbered: a change
    assert "шестимесячный срок" not in page  # unchanged
    assert "шестимесячный срок" in read_at(renewed, compare(renewed, "?show=all"))


def test_side_by_side_each_column_holds_one_version(renewed: Way, read_at: Callable) -> None:
    page = read_at(renewed, compare(renewed, "2/?view=side&text=ky"))

    assert "азайтылбайт" in page
    assert "Эсеп палатасы" in page
    assert "Больше нет" in page  # in the place of what was taken out
    assert "Ещё нет" in page  # in the place of what was put in


def test_the_text_leads_to_what_its_version_changed(renewed: Way, read_at: Callable) -> None:
    page = read_at(renewed, f"/ru/acts/{renewed.act.number}/text/")

    assert f'href="/ru/acts/{renewed.act.number}/compare/2/"' in page


def test_without_two_public_versions_there_is_nothing_to_compare(way: Way, read_at: Callable) -> None:
    way.register().hours(1)
    with way.now("finance.drafter") as (drafter,):
        services.new_version(actor=drafter, act_id=way.act.pk, at=way.at)

        for path in ("", "1/", "2/"):
            read_at(way, compare(way, path), status=404)
            read_at(way, compare(way, path), by=drafter, status=404)


def test_what_was_compared_does_not_change_even_round_the_services(renewed: Way) -> None:
    row = VersionComparison.objects.filter(language="ru").get()

    def refused(change: Callable[[], object]) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
            connection.check_constraints()

    refused(lambda: VersionComparison.objects.filter(pk=row.pk).update(changed=0))
    refused(lambda: VersionComparison.objects.filter(pk=row.pk).delete())
    row.pk, row.language, row.version, row.previous = None, "en", row.previous, row.version
    refused(lambda: row.save(force_insert=True))


def test_the_page_costs_the_same_whatever_the_length(renewed: Way, queries: Callable) -> None:
    assert len(queries(renewed, compare(renewed))) <= 12
    assert len(queries(renewed, compare(renewed))) == len(queries(renewed, compare(renewed, "?show=all")))


@pytest.mark.parametrize("view", ["", "?view=side"])
def test_the_number_goes_and_comes_with_its_provision(view: str, renewed: Way, read_at: Callable) -> None:
    page = read_at(renewed, compare(renewed) + view)

    assert '<del><span class="ds-sr-only">исключено: </span>2.</del>' in page  # a part that is taken out
    assert '<ins><span class="ds-sr-only">добавлено: </span>Статья 3.</ins>' in page  # an article put in
    assert '<del><span class="ds-sr-only">исключено: </span>3.</del>' in page  # a part with a new number
    assert '<ins><span class="ds-sr-only">добавлено: </span>2.</ins>' in page
