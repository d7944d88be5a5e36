"""The words of the look: dates, statuses, languages, forms and the pages for what is not there."""

import re
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django import forms
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.utils.translation import override

from apps.core import clock, dates, shapes, statuses, typography, views
from apps.core.context import Portal
from apps.core.templatetags import mk

NBSP = "\u00a0"
DUE = datetime(2026, 5, 28, 18, tzinfo=UTC)  # 29 May, 00:00 in Bishkek
NOON = datetime(2026, 5, 20, 6, tzinfo=UTC)


@pytest.fixture
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands, so that a page of the frame needs no database."""
    monkeypatch.setattr(clock, "_frozen", NOON)


def text(template: str, **context: object) -> str:
    return Template(template).render(Context(context))


@pytest.mark.parametrize(
    ("lang", "words"),
    [("ky", "2026-жылдын 28-майы"), ("ru", "28 мая 2026"), ("en", "28 May 2026")],
)
def test_a_date_is_said_in_words_of_each_language(lang: str, words: str) -> None:
    assert dates.date_words(date(2026, 5, 28), lang=lang).replace(NBSP, " ") == words


@pytest.mark.parametrize(
    ("lang", "words"),
    [("ky", "28-май, саат 24:00гө чейин"), ("ru", "28 мая, до 24:00"), ("en", "28 May, until 24:00")],
)
def test_an_exclusive_end_is_shown_as_the_last_day_until_24(lang: str, words: str) -> None:
    assert dates.term_until(DUE, lang=lang).replace(NBSP, " ") == words


def test_a_moment_is_shown_in_bishkek_and_a_naive_one_is_refused() -> None:
    assert dates.datetime_words(DUE, lang="en").replace(NBSP, " ") == "29 May 2026, 00:00 (+06:00)"
    with pytest.raises(ValueError, match="naive"):
        dates.datetime_words(datetime(2026, 5, 28, 18))


def test_short_words_numbers_and_signs_do_not_part_from_what_follows() -> None:
    assert typography.nbsp("о № 14 к части 2 на 1 000 сом") == (
        f"о{NBSP}№{NBSP}14 к{NBSP}части 2 на{NBSP}1{NBSP}000{NBSP}сом"
    )


def test_markup_in_a_text_of_the_law_is_escaped() -> None:
    shown = mk.law_text("1. <script>alert(1)</script>\n2. Текст")

    assert "<script>" not in shown
    assert shown.count("<p>") == 2


@pytest.mark.parametrize(
    "days, words", [(1, "рабочий день"), (3, "рабочих дня"), (5, "рабочих дней"), (21, "рабочий день")]
)
def test_days_left_agree_with_their_number_in_russian(days: int, words: str) -> None:
    with override("ru"):
        assert f"<b>{days}</b> <span>{words}</span>" in mk.days_left(days)


def test_silence_is_never_green_and_never_called_agreed() -> None:
    tacit = statuses.get("opinion", "tacit")

    assert tacit.tone == "neutral"
    assert "agreed" not in str(tacit.word).lower()


def test_every_status_has_an_icon_of_the_set_and_a_tone_of_the_palette() -> None:
    tones = {"neutral", "info", "success", "warning", "danger"}
    for group, codes in statuses.STATUSES.items():
        for code, status in codes.items():
            assert status.icon in mk._icons(), (group, code)
            assert status.tone in tones, (group, code)


@pytest.mark.parametrize(
    ("group", "enum"),
    [
        ("act", "draft_acts.ActState"),
        ("opinion", "reviews.Verdict"),
        ("opinion", "reviews.OpinionLink"),
        ("remark", "reviews.RemarkKind"),
        ("answer", "reviews.AnswerOutcome"),
        ("reply", "reviews.ReplyOutcome"),
        ("stage", "reviews.ReviewStage"),
        ("point", "protocols.PointOutcome"),
        ("protocol", "protocols.ProtocolKind"),
        ("protocol", "protocols.ProtocolState"),
        ("signature", "protocols.SignatureStatus"),
        ("document", "documents.DocumentState"),
        ("certificate", "passage.CertificateState"),
        ("decision", "passage.DecisionKind"),
    ],
)
def test_every_state_of_the_procedure_has_its_look(group: str, enum: str) -> None:
    app, name = enum.split(".")
    values = getattr(import_module(f"apps.{app}.enums"), name).values

    assert [value for value in values if value.lower() not in statuses.STATUSES[group]] == []


@pytest.mark.parametrize("lang", ["ky", "ru"])
def test_every_status_is_said_in_kyrgyz_and_russian(lang: str) -> None:
    with override("en"):
        english = {str(s.word) for codes in statuses.STATUSES.values() for s in codes.values()}
    with override(lang):
        said = {str(s.word) for codes in statuses.STATUSES.values() for s in codes.values()}

    assert not english & said


def test_every_icon_is_a_drawing_that_can_be_read() -> None:
    for name in mk._icons():
        ElementTree.fromstring(str(mk.icon(name)))


def test_a_name_in_another_language_carries_its_lang() -> None:
    act = SimpleNamespace(title_ky="Мыйзам", title_ru="")

    with override("ru"):
        assert mk.in_language(act, "title") == '<span lang="ky">Мыйзам</span>'
    with override("ky"):
        assert mk.in_language(act, "title") == "Мыйзам"


def test_a_term_is_drawn_in_whole_weeks_with_its_last_day_marked() -> None:
    explanation = [
        {"date": "2026-04-28", "counted": False, "n": None, "reason": "start", "name": ""},
        {"date": "2026-04-29", "counted": True, "n": 1, "reason": "working_day", "name": ""},
        {"date": "2026-04-30", "counted": True, "n": 2, "reason": "working_day", "name": ""},
    ]

    weeks = shapes.strip_weeks(explanation)

    assert [day["kind"] for day in weeks[0]] == ["out", "start", "", "due", "out", "out", "out"]


def test_what_must_be_done_now_stands_first_among_the_gates() -> None:
    conditions = [SimpleNamespace(status=s) for s in ("met", "unmet", "later", "not_applicable")]

    groups = shapes.gate_groups(conditions)

    assert {name: len(items) for name, items in groups.items()} == {"now": 1, "later": 1, "done": 2}


def test_the_language_switch_keeps_page_and_query() -> None:
    with override("ky"):
        urls = {lang.code: lang.url for lang in Portal("/ky/acts/2026-0017/", "?page=2").languages}

    assert urls == {code: f"/{code}/acts/2026-0017/?page=2" for code in ("ky", "ru", "en")}


class _Form(forms.Form):
    reason = forms.CharField(label="Reason", help_text="One sentence")
    answer = forms.ChoiceField(choices=[("accepted", "A"), ("rejected", "B")], widget=forms.RadioSelect)


def test_a_refused_form_names_its_fields_and_links_to_them() -> None:
    form = _Form({})
    form.is_valid()

    page = text('{% include "components/error_summary.html" %}{{ form.as_div }}', form=form)

    for target in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{target}"' in page
    assert "Reason: " in page
    assert re.search(r'aria-describedby="id_reason_helptext( id_reason_error)?"', page)


@pytest.mark.usefixtures("_still")
@pytest.mark.parametrize("lang", ["ky", "ru", "en"])
def test_the_pattern_page_shows_every_component_without_inline_style_or_script(lang: str) -> None:
    response = Client(headers={"host": "localhost"}).get(f"/{lang}/styleguide/")
    page = response.content.decode()

    assert response.status_code == 200
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert " style=" not in page
    assert not re.search(r"\son[a-z]+=", page)
    assert "{#" not in page
    assert "{%" not in page
    folder = settings.BASE_DIR / "templates" / "components"
    used = (settings.BASE_DIR / "templates" / "styleguide" / "index.html").read_text()
    used += "".join(path.read_text() for path in folder.rglob("*.html"))
    missing = [p.name for p in folder.glob("*.html") if f"components/{p.name}" not in used]
    assert missing == []


@pytest.mark.django_db
def test_the_page_for_what_is_not_there_does_not_repeat_the_address() -> None:
    client = Client(headers={"host": "localhost"})

    one, other = client.get("/ru/acts/2026-0001-secret/"), client.get("/ru/nothing/at/all/")

    assert one.status_code == other.status_code == 404
    assert one.content == other.content


@pytest.mark.usefixtures("_still")
def test_a_form_refused_for_its_token_gives_the_typed_text_back_but_no_password() -> None:
    typed = "Порядок определяет доходы дотационных аймаков."
    request = RequestFactory(headers={"host": "localhost"}).post(
        "/ky/x/", {"text": typed, "password": "a very long secret password", "kind": "law"}
    )

    page = views.csrf_failure(_anonymous(request)).content.decode()

    assert typed in page
    assert "secret password" not in page


@pytest.mark.usefixtures("_still")
def test_an_unknown_error_is_told_without_database_and_with_its_number() -> None:
    request = _anonymous(RequestFactory(headers={"host": "localhost"}).get("/ky/x/"))
    request.request_id = "abc123"  # type: ignore[attr-defined]

    response = views.server_error(request)

    assert response.status_code == 500
    assert "abc123" in response.content.decode()


@pytest.mark.usefixtures("_still")
@pytest.mark.parametrize(("problem", "status"), [(OperationalError, 503), (ValueError, 500)])
def test_whatever_breaks_what_was_typed_comes_back(problem: type[Exception], status: int) -> None:
    typed = "Теңдөөчү гранттын эсеби дотациялык аймактардын кирешесин азайтат."
    sent = {"text": typed, "password": "a very long secret password"}
    request = _anonymous(RequestFactory(headers={"host": "localhost"}).post("/ky/x/", sent))
    try:
        raise problem
    except problem:
        response = views.server_error(request)

    assert (response.status_code, response.has_header("Retry-After")) == (status, status == 503)
    assert typed in response.content.decode()
    assert "secret password" not in response.content.decode()


@override_settings(DEBUG=False, TESTING=False)
def test_the_pattern_page_does_not_exist_in_production() -> None:
    from django.http import Http404

    with pytest.raises(Http404):
        views.styleguide(_anonymous(RequestFactory().get("/ky/styleguide/")))


def test_a_first_visit_weighs_at_most_a_hundred_kilobytes_besides_fonts() -> None:
    import gzip

    from django.contrib.staticfiles import finders

    frame = (settings.BASE_DIR / "templates" / "base.html").read_text()
    files = [*re.findall(r'static "([^"]+)"', frame), "django_htmx/htmx-2.min.js"]
    found = [finders.find(name) for name in files]

    weight = sum(len(gzip.compress(Path(path).read_bytes())) for path in found if path)

    assert all(found), [name for name, path in zip(files, found, strict=True) if not path]
    assert weight < 90_000  # the page itself takes the rest


def _anonymous(request: HttpRequest) -> HttpRequest:
    from django.contrib.auth.models import AnonymousUser

    request.user = AnonymousUser()
    return request
