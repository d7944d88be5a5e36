"""What hostile people type: inert wherever it is shown, refused where it cannot be kept, never a server error."""

import dataclasses
import time
import unicodedata
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from apps.accounts.models import User
from apps.core import clock
from apps.documents import assembly, registry, rendering
from apps.documents.models import GeneratedDocument
from apps.draft_acts import services
from apps.draft_acts.enums import ActKind
from apps.draft_acts.models import DraftAct
from apps.legal_text import reader, sandbox
from apps.notifications import rendering as letters
from apps.notifications.models import OutboxMessage
from apps.organizations.models import Organization
from apps.register.demo import texts
from apps.register.demo.way import Way
from apps.reviews import services as reviews
from tests.isolation import crawler
from tests.way import BEGIN, people

__all__ = ["people"]
GUARD = 10.0  # seconds; the goal is two
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FETCH = (
    "<link rel=stylesheet href=file:///etc/passwd><style>@import url(http://198.51.100.7/x)</style>"
    "<p style='background:url(http://198.51.100.7/y)'><a href='javascript:alert(3)'>x</a>"
)
TEMPLATE = "{{ 7|add:7 }}{% debug %}${7*7}{{ settings.SECRET_KEY }}"
EVIL = f"О бюджете {SCRIPT} {TEMPLATE} {FETCH}"


@pytest.fixture
def drafter(people: dict[str, User]) -> User:
    return people["finance.drafter"]


@pytest.fixture
def act(drafter: User) -> DraftAct:
    body = Organization.objects.get(code="minfin")
    return services.create_act(actor=drafter, initiator_id=body.pk, kind=ActKind.LAW, at=BEGIN)


@pytest.fixture
def client(drafter: User) -> Client:
    client = Client()
    client.force_login(drafter, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.frozen(BEGIN):
        yield


def save(client: Client, act: DraftAct, language: str = "ky", **typed: Any) -> Any:
    fields = {"kind": "law", "title_ky": "", "title_ru": "", "summary_ky": "", "summary_ru": ""}
    with override(language):
        address = reverse("act_save", args=[act.token])
    return client.post(address, {**fields, "version": act.edit_version, **typed})


REMARK = dict.fromkeys(("text", "proposed_wording", "reasoning", "state_interest", "local_interest"), EVIL)


@pytest.fixture
def evil_way(people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> Way:
    """An act from its first title to the decision of parliament: every field that somebody types bites."""
    monkeypatch.setattr(
        sandbox, "read_in_child", lambda data, *, filename, **_: reader.read(data, filename=filename)
    )
    Organization.objects.filter(code__in=["lsg-union", "minfin"]).update(
        name_ky=EVIL, name_ru=EVIL, name_en=EVIL
    )
    User.objects.filter(email="finance.drafter@demo.example").update(full_name=EVIL[:200])
    text = dataclasses.replace(
        texts.TRANSFERS, title_ky=EVIL, title_ru=EVIL, summary_ky=EVIL, summary_ru=EVIL
    )  # fmt: skip
    way = Way(people, BEGIN).prepare(text)
    with way.now("finance.drafter") as (drafter,):
        services.add_attachment(
            actor=drafter, act_id=way.act.pk, paper="other", data=EVIL.encode(), filename=f"{SCRIPT}.txt",
            title=EVIL, language="ky", at=BEGIN,
        )  # fmt: skip
    way.register(where=EVIL).hours(1).open("lsg-union", left_out={"cities": EVIL})
    remark = {"eid": "art_2__para_1", "kind": "objection", **REMARK}
    way.working_days(1).acknowledge("lsg-union").write("lsg-union", "on_condition", [remark], statement=EVIL)
    way.hours(1).file("lsg-union").working_days(1).answer("lsg-union", [("rejected", EVIL, EVIL)])
    with way.hours(1).now("union.officer") as (officer,):
        reviews.save_reply(
            actor=officer, remark_id=way.remarks("lsg-union")[0].pk, edit_version=0, at=way.at,
            fields={"outcome": "maintained", "text": EVIL, "lang": "ky"},
        )  # fmt: skip
        reviews.send_replies(actor=officer, review_id=way.review("lsg-union").pk, at=way.at)
    outcome = {"outcome": "compromise", "wording_ky": EVIL, "wording_ru": EVIL, "note": EVIL}
    way.working_days(1).meet("lsg-union", {1: outcome}).fix("lsg-union").hours(1).sign("lsg-union").certify()
    return way.hours(1).decide("submitted", EVIL[:80], EVIL)


class Elements(HTMLParser):
    """The elements of a page that would do something; what was typed must be none of them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hostile: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        leads = [value or "" for name, value in attrs if name in {"href", "src", "style"}]
        if (
            any(name.startswith("on") for name in named)
            or (tag == "script" and "src" not in named)
            or any(x.startswith(("javascript:", "file:", "x")) or "198.51.100.7" in x for x in leads)
        ):
            self.hostile.append((tag, named))


def test_script_and_template_syntax_is_inert_wherever_it_is_shown(evil_way: Way, client: Client) -> None:
    """Every public page and file of the act, found by its links; the letters; the words of the official documents."""
    with clock.frozen(evil_way.at), override("ky"):  # addresses are resolved in the language of the thread
        seeds = ["/ky/", "/ky/acts/", "/ky/protocols/", "/ky/decisions/", f"/ky/acts/{evil_way.act.number}/"]
        reading = crawler.read(Client(), seeds, of_a_kind=2)
    pages = {url: text for url, text in reading.pages.items() if "Content-Type: text/html" in text}
    shown = [url for url, text in pages.items() if "{{ 7|add:7 }}" in text]

    assert not [status for status in reading.statuses if status >= 500]
    with override("ky"):
        kinds_shown = {crawler.kind(url).split()[0] for url in shown}
    assert kinds_shown >= {
        "act", "act_list", "act_opinions", "act_documents", "act_decisions", "review", "protocol", "decision_list",
    }  # fmt: skip
    assert not {url: found for url, text in pages.items() if (found := Elements(text).hostile)}
    for url, text in reading.pages.items():
        assert "nosniff" in text, url  # so that a browser takes JSON and text for nothing else

    found = [letters.render(message) for message in OutboxMessage.objects.exclude(template="")]
    assert any("{{ 7|add:7 }}" in letter.text for letter in found)
    for letter in found:
        assert not Elements(letter.html).hostile
        assert "\n" not in letter.subject

    kinds = {}
    for document in GeneratedDocument.objects.order_by("pk"):
        spec = registry.builder_of(document.kind)(document.source_id)
        html = assembly.build_html(
            spec, kind=document.kind, content=document.canonical, at=document.created_at
        )
        kinds[document.kind] = html
        assert not Elements(html).hostile, document.kind
    assert kinds.keys() >= {"NC", "RC", "OP", "AT", "PA", "CC"}

    pdf = pypdfium2.PdfDocument(rendering.render_pdf(kinds["OP"], metadata=rendering.PdfMetadata("x", BEGIN)))
    text = " ".join("".join(page.get_textpage().get_text_range() for page in pdf).split())
    pdf.close()
    assert "{{ 7|add:7 }}" in text
    assert "<script>alert(1)</script>" in text.replace("\u2010", "").replace("> <", "><")
    assert "root:x:" not in text  # nothing was fetched


@pytest.mark.parametrize("field", ["title_ky", "title_ru", "summary_ky", "summary_ru"])
def test_a_text_of_a_megabyte_is_refused_and_comes_back(field: str, client: Client, act: DraftAct) -> None:
    typed = "ү" * 1024 * 1024

    began = time.monotonic()
    answer = save(client, act, "ky", **{field: typed})
    took = time.monotonic() - began

    act.refresh_from_db()
    assert answer.status_code == 400
    assert typed in answer.content.decode()
    assert getattr(act, field) == ""
    assert took < GUARD


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u200b\u200d\u2060\ufeff", ""),
        ("\u202eО бюджете\u202c", "О бюджете"),
        ("О\x00 бюд\x07жете", "О бюджете"),
        ("О\r\nбюджете\u2028", "О бюджете"),
        (unicodedata.normalize("NFD", "Ёмкость й"), "Ёмкость й"),
        ("Жөнүндө: ң ө ү Ң Ө Ү", "Жөнүндө: ң ө ү Ң Ө Ү"),
    ],
    ids=["zero width only", "direction", "NUL and bell", "line ends", "decomposed", "kyrgyz"],
)
def test_what_is_kept_of_a_title(typed: str, kept: str, client: Client, act: DraftAct) -> None:
    answer = save(client, act, title_ru=typed)

    act.refresh_from_db()
    assert answer.status_code in (302, 400)
    assert act.title_ru == (kept if answer.status_code == 302 else "")
    assert unicodedata.is_normalized("NFC", act.title_ru)
    assert answer.status_code == 302 or "\x00" in typed  # only a NUL is refused by the form itself


def test_bytes_that_are_no_text_do_no_harm(client: Client, act: DraftAct) -> None:
    """Halves of letters, as bytes: a form that is not UTF-8."""
    body = (
        b"kind=law&version=%d&title_ru=%%ED%%A0%%80%%ff&title_ky=&summary_ky=&summary_ru=" % act.edit_version
    )

    answer = client.post(
        reverse("act_save", args=[act.token]), body, content_type="application/x-www-form-urlencoded"
    )

    act.refresh_from_db()
    assert answer.status_code in (302, 400)
    act.title_ru.encode()


@pytest.mark.parametrize(
    "words", ["\ud800", "\x00", "a" * 100_000, "%", "\\", "'\"--", "{{7*7}}", "(" * 2000]
)
def test_search_for_anything_is_answered(words: str, client: Client) -> None:
    answer = client.get(reverse("act_list"), {"q": words.encode("utf-8", "surrogatepass")})

    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_refusal_is_in_the_language_of_the_reader(language: str, client: Client, act: DraftAct) -> None:
    page = save(client, act, language, title_ru="я" * 3000).content.decode()

    with override(language):
        said = gettext("At most %(limit)s characters fit here; there are %(length)s.")
    assert said % {"limit": 2000, "length": 3000} in unescape(page)
    assert "At most" not in page
