"""A long text in pieces: nothing is left out, none is long, every link leads to the piece that holds its provision."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from apps.draft_acts import pieces, services
from apps.draft_acts.models import DraftAct, VersionText
from tests.legal_text import acts

from .conftest import AT, YES, client_of

LAW = "ЗАКОН КЫРГЫЗСКОЙ РЕСПУБЛИКИ\n\nО длинном\n\n"


def units(*kinds: tuple[str, int]) -> list[dict[str, str]]:
    """So many units of each kind one after the other, numbered through."""
    found: list[dict[str, str]] = []
    for kind, count in kinds:
        prefix = {"chapter": "chp", "article": "art", "paragraph": "para"}[kind]
        found += [{"eid": f"{prefix}_{len(found) + n}", "kind": kind} for n in range(count)]
    return found


def sizes(provisions: list[dict[str, str]]) -> list[int]:
    return [piece.last - piece.first for piece in pieces.divided(provisions, "", "ru").every]


def test_a_text_of_two_hundred_provisions_stands_on_one_page() -> None:
    assert sizes(units(("article", pieces.LONG))) == [pieces.LONG]
    assert sizes([]) == [0]


def test_pieces_begin_with_chapters_then_with_articles_then_where_they_must() -> None:
    chapter = (("chapter", 1), ("paragraph", 99))

    assert sizes(units(*chapter * 3)) == [100, 100, 100]
    assert sizes(units(*(("chapter", 1), ("paragraph", 19)) * 12)) == [40] * 6
    assert sizes(units(*(("article", 1), ("paragraph", 49)) * 5)) == [150, 100]
    assert sizes(units(("article", 1), ("paragraph", 449))) == [200, 200, 50]


def test_to_be_read_an_article_stays_whole_however_long() -> None:
    long = [
        {**one, "parent": "" if one["kind"] == "article" else "art"}
        for one in units(("article", 1), ("paragraph", 649))
    ]
    shorter = long[: pieces.LONG_TO_READ]

    in_articles = pieces.divided([*long, *long[:150]], "", "ru", to_read=True)

    assert [piece.last - piece.first for piece in in_articles.every] == [650, 150]
    assert not pieces.divided(shorter, "", "ru", to_read=True).several


def test_a_reader_stands_at_the_piece_that_holds_the_unit_he_named() -> None:
    provisions = units(*(("chapter", 1), ("paragraph", 99)) * 3)

    second, unknown = (pieces.divided(provisions, eid, "ru") for eid in ("para_150", "para_999"))

    assert (second.at, second.before, second.after) == (1, second.every[0], second.every[2])
    assert second.here.eid == "chp_100"
    assert (unknown.at, unknown.before) == (0, None)


@pytest.fixture
def code(cast: SimpleNamespace, act: DraftAct) -> DraftAct:
    """An act whose Russian text is the Budget code."""
    services.upload_text(
        actor=cast.drafter, act_id=act.pk, language="ru", filename="a.txt", at=AT,
        data=acts.text(acts.BUDGET_CODE).encode(),
    )  # fmt: skip
    return act


def test_a_code_is_read_to_its_end_piece_by_piece(cast: SimpleNamespace, code: DraftAct) -> None:
    drafter = client_of(cast.drafter)
    page, asked, seen = f"/en/acts/prepare/{code.token}/text/ru/", "", []
    while asked is not None and len(seen) < 5000:
        html = drafter.get(page + asked).content.decode()
        assert len(html.encode()) < 300_000
        seen += re.findall(r'<section class="mk-stack" id="(.+?)" data-depth', html)
        following = re.search(r'rel="next" href="(\?in=.+?)#pieces"', html)
        asked = following[1] if following else None

    assert seen == [one["eid"] for one in VersionText.objects.get().read["provisions"]]


def test_a_mended_unit_a_doubt_and_an_undone_step_lead_to_their_piece(
    cast: SimpleNamespace, code: DraftAct
) -> None:
    drafter = client_of(cast.drafter)
    page = f"/en/acts/prepare/{code.token}/text/ru/"
    eid = "art_130__para_2"

    first = drafter.get(page).content.decode()
    opened = drafter.get(f"{page}?at={eid}").content.decode()
    merged = drafter.post(f"{page}mend/", {"do": "merge", "eid": eid, "step": 0})
    after = drafter.get(merged["Location"]).content.decode()
    undone = drafter.post(f"{page}undo/", {"step": 1, "in": eid})

    assert f'id="{eid}"' not in first
    assert 'href="?in=art_130#art_130"' in first  # the outline
    assert 'name="do"' in opened
    assert f'href="?in={eid}#{eid}"' in opened  # close
    assert 'id="art_130__para_1"' in after
    assert f'name="in" value="{eid}"' in after
    assert undone["Location"] == f"{page}?in={eid}#steps"
    assert f'id="{eid}"' in drafter.get(undone["Location"]).content.decode()


def test_what_the_other_language_lacks_is_linked_to_its_piece_and_folded(
    cast: SimpleNamespace, act: DraftAct
) -> None:
    for language, text in (
        ("ru", LAW + "".join(f"Статья {n}. Ещё\nТекст.\n" for n in range(1, 271))),
        ("ky", "КЫРГЫЗ РЕСПУБЛИКАСЫНЫН МЫЙЗАМЫ\n\nУзун жөнүндө\n\n1-берене. Аталышы\nТекст."),
    ):
        services.upload_text(
            actor=cast.drafter, act_id=act.pk, language=language, data=text.encode(), filename="a.txt", at=AT
        )

    html = client_of(cast.drafter).get(f"/en/acts/prepare/{act.token}/").content.decode()

    here, folded = html.split('<div class="mk-note" id="alignment"')[1].split("<details", 1)
    folded = folded.split("</details>")[0]
    assert "The two languages differ in 269 places" in here
    assert (here.count("<li>"), folded.count("<li>")) == (5, 200)
    assert "and 64 more</p>" in folded
    assert f"/en/acts/prepare/{act.token}/text/ru/?in=art_9#art_9" in folded


def test_a_stranger_finds_no_piece(code: DraftAct) -> None:
    assert Client().get(f"/en/acts/prepare/{code.token}/text/ru/?in=art_5").status_code == 404


def test_the_public_text_of_a_code_is_read_in_pieces_with_whole_articles_or_whole(
    cast: SimpleNamespace, complete: DraftAct
) -> None:
    for language in ("ky", "ru"):
        services.upload_text(
            actor=cast.drafter, act_id=complete.pk, language=language, filename="a.txt", at=AT,
            data=acts.text(acts.BUDGET_CODE).encode(),
        )  # fmt: skip
        services.confirm_text(actor=cast.drafter, act_id=complete.pk, language=language, at=AT)
    act = services.register(actor=cast.signatory, act_id=complete.pk, scope=YES, at=AT)
    page, asked, seen = f"/en/acts/{act.number}/text/", "", []
    while asked is not None and len(seen) < 5000:
        html = Client().get(f"{page}{asked}").content.decode()
        assert len(html.encode()) < 500_000
        seen += re.findall(r'<div class="mk-unit" id="(.+?)"', html)
        following = re.search(r'rel="next" href="(\?in=.+?)#pieces"', html)
        asked = following[1] if following else None
    russian = Client().get(f"{page}?text=ru&in=art_131").content.decode()
    whole = Client().get(f"{page}?whole=1").content.decode()
    lasting = Client().get(f"/en/acts/{act.number}/v1/art_131/")

    every = [one["eid"] for one in VersionText.objects.first().read["provisions"]]
    assert seen == every == re.findall(r'<div class="mk-unit" id="(.+?)"', whole)
    assert 'id="art_131"' in russian
    assert 'href="?text=ru&amp;in=art_5#art_5"' in russian  # the outline keeps the language
    assert lasting["Location"] == f"/en/acts/{act.number}/v1/?in=art_131#art_131"
