"""The pages of preparing and registering, walked through by the people they are for and by those they are not for."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.draft_acts import services
from apps.draft_acts.enums import ActState, Paper
from apps.draft_acts.models import Attachment, DraftAct, VersionText
from apps.legal_text import reader
from tests.legal_text.acts import pdf_of

from .conftest import AT, KY, RU, TITLES, client_of, upload_both

JSON = {"HTTP_ACCEPT": "application/json"}
ABSENT_TOKEN = "0" * 24
FORM = {
    "touches_lsg": "yes",
    "where": "Статьи 1 и 2",
    "touches_inter_budget": "yes",
    "touches_delegated_powers": "yes",
}  # the scope statement as a browser sends it


@pytest.fixture
def drafter(cast: SimpleNamespace) -> Client:
    return client_of(cast.drafter)


@pytest.fixture
def signatory(cast: SimpleNamespace) -> Client:
    return client_of(cast.signatory)


def file(text: str = RU, name: str = "text.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def fields(act: DraftAct, **changes: Any) -> dict[str, Any]:
    typed = {
        name: getattr(act, name) for name in ("kind", "title_ky", "title_ru", "summary_ky", "summary_ru")
    }
    return {
        **typed,
        "public_discussion_url": act.public_discussion_url,
        "version": act.edit_version,
        **changes,
    }


# --- who finds what ----------------------------------------------------------------------------------

CLOSED = [
    ("get", "act_prepare", ()),
    ("post", "act_save", ()),
    ("get", "act_delete", ()),
    ("post", "act_delete", ()),
    ("get", "act_text_check", ("ky",)),
    ("get", "act_prepare_file", ("ky",)),
    ("post", "act_text_upload", ("ky",)),
    ("post", "act_text_confirm", ("ky",)),
    ("post", "act_attachment_add", ()),
    ("get", "act_prepare_attachment", ("paper",)),
    ("post", "act_attachment_remove", ("paper",)),
    ("get", "act_register", ()),
    ("post", "act_register", ()),
    ("post", "act_version_publish", ()),
    ("post", "act_version_discard", ()),
]
STRANGERS = ["other_drafter", "other_signatory", "officer", "coordinator", "auditor", "administrator", None]


@pytest.mark.parametrize(
    ("method", "name", "rest"), CLOSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_for_strangers_an_act_being_prepared_is_not_there(
    cast: SimpleNamespace, complete: DraftAct, method: str, name: str, rest: tuple[Any, ...]
) -> None:
    paper = Attachment.objects.get().pk
    rest = tuple(paper if part == "paper" else part for part in rest)

    for who in STRANGERS:
        client = client_of(getattr(cast, who)) if who else Client()
        answer = getattr(client, method)(reverse(name, args=[complete.token, *rest]))
        absent = getattr(client, method)(reverse(name, args=[ABSENT_TOKEN, *rest]))
        assert (answer.status_code, absent.status_code) == (404, 404), who
        assert TITLES["title_ru"] not in answer.content.decode()

    complete.refresh_from_db()
    assert complete.is_preparing


def test_nobody_outside_finds_the_act_by_a_public_address(cast: SimpleNamespace, complete: DraftAct) -> None:
    for reference in (complete.token, "None", "", "\x00"):
        for path in (f"/ru/acts/{reference}/texts/ru/", f"/ru/acts/{reference}/withdraw/"):
            assert client_of(cast.drafter).get(path).status_code == 404


def test_without_an_account_sign_in_is_asked_for_a_new_act(db: None) -> None:
    answer = Client().get(reverse("act_new"))

    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_an_association_begins_no_act(cast: SimpleNamespace) -> None:
    assert client_of(cast.officer).get(reverse("act_new")).status_code == 403


def test_a_drafter_does_not_register(drafter: Client, complete: DraftAct) -> None:
    page = reverse("act_register", args=[complete.token])

    assert drafter.get(page).status_code == 403
    assert drafter.post(page, {"touches_lsg": "yes", "where": "Везде"}).status_code == 403
    complete.refresh_from_db()
    assert complete.is_preparing


# --- preparing ---------------------------------------------------------------------------------------


def test_a_drafter_begins_an_act(cast: SimpleNamespace, drafter: Client) -> None:
    assert drafter.get(reverse("act_new")).status_code == 200

    answer = drafter.post(reverse("act_new"), {"initiator": cast.finance.pk, "kind": "law"})

    act = DraftAct.objects.get()
    assert answer["Location"] == reverse("act_prepare", args=[act.token])
    assert act.initiator == cast.finance


def test_an_act_is_not_begun_in_anothers_name(cast: SimpleNamespace, drafter: Client) -> None:
    answer = drafter.post(reverse("act_new"), {"initiator": cast.labour.pk, "kind": "law"})

    assert answer.status_code == 400
    assert not DraftAct.objects.exists()


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
@pytest.mark.parametrize("what", ["empty", "complete"])
def test_the_page_opens_in_every_language(
    drafter: Client, act: DraftAct, cast: SimpleNamespace, language: str, what: str
) -> None:
    if what == "complete":
        services.save_act(actor=cast.drafter, act_id=act.pk, edit_version=1, fields=TITLES, at=AT)
        upload_both(cast.drafter, act)

    answer = drafter.get(f"/{language}/acts/prepare/{act.token}/")

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_the_page_says_what_is_missing_with_links(drafter: Client, act: DraftAct) -> None:
    html = drafter.get(f"/en/acts/prepare/{act.token}/").content.decode()

    for words in ("title in Kyrgyz is missing", "text in Russian is missing", "explanatory note is missing"):
        assert words in html
    for anchor in ("#id_title_ky", "#text-ky", "#papers"):
        assert anchor in html


def test_what_is_typed_is_saved(drafter: Client, act: DraftAct) -> None:
    page = reverse("act_save", args=[act.token])

    answer = drafter.post(page, fields(act, kind="code", amending="on", **TITLES))

    act.refresh_from_db()
    assert answer.status_code == 302
    assert (act.title_ky, act.kind, act.amending, act.edit_version) == (TITLES["title_ky"], "code", True, 2)


def test_a_refused_form_comes_back_with_everything_typed(drafter: Client, act: DraftAct) -> None:
    typed = fields(
        act, title_ru="О местном бюджете и <script>", summary_ky="Кыскача", public_discussion_url="нет"
    )

    answer = drafter.post(reverse("act_save", args=[act.token]), typed)

    html = answer.content.decode()
    act.refresh_from_db()
    assert answer.status_code == 400
    assert "О местном бюджете и &lt;script&gt;" in html
    assert "Кыскача" in html
    assert 'value="нет"' in html
    assert (act.title_ru, act.edit_version) == ("", 1)


def test_autosave_keeps_what_can_be_kept(drafter: Client, act: DraftAct) -> None:
    typed = fields(act, title_ru="О местном бюджете", public_discussion_url="недопис")

    answer = drafter.post(reverse("act_save", args=[act.token]), typed, **JSON)

    act.refresh_from_db()
    assert answer.json() == {"saved_at": "11:00", "version": 2, "edit_version": 2}
    assert (act.title_ru, act.public_discussion_url) == ("О местном бюджете", "")


def test_autosave_tells_of_a_colleague(cast: SimpleNamespace, drafter: Client, act: DraftAct) -> None:
    services.save_act(actor=cast.colleague, act_id=act.pk, edit_version=1, fields={"title_ru": "Его"}, at=AT)

    answer = drafter.post(reverse("act_save", args=[act.token]), fields(act, title_ru="Мой"), **JSON)

    assert answer.status_code == 409
    assert answer.json()["theirs"]["title_ru"] == "Его"


def test_after_a_conflict_both_texts_are_shown_and_can_be_saved(
    cast: SimpleNamespace, drafter: Client, act: DraftAct
) -> None:
    services.save_act(
        actor=cast.colleague, act_id=act.pk, edit_version=1, fields={"title_ru": "Текст коллеги"}, at=AT
    )
    page = reverse("act_save", args=[act.token])

    answer = drafter.post(page, fields(act, title_ru="Мой текст"))

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Мой текст" in html
    assert "Текст коллеги" in html
    assert 'name="version" value="2"' in html
    act.refresh_from_db()
    assert drafter.post(page, fields(act, title_ru="Общий")).status_code == 302


def test_a_lost_session_leads_to_sign_in_and_back_to_what_was_autosaved(
    cast: SimpleNamespace, drafter: Client, act: DraftAct
) -> None:
    save, page = reverse("act_save", args=[act.token]), reverse("act_prepare", args=[act.token])
    drafter.post(save, fields(act, title_ru="Сохранено само"), **JSON)
    drafter.session.flush()

    lost = drafter.post(save, fields(act, title_ru="Ещё слово"))
    drafter.force_login(cast.drafter)
    back = drafter.get(page)

    assert lost.status_code == 303
    assert reverse("account_login") in lost["Location"]
    assert "Сохранено само" in back.content.decode()


def test_an_act_is_deleted_after_a_page_that_says_so(drafter: Client, act: DraftAct) -> None:
    page = reverse("act_delete", args=[act.token])
    assert drafter.get(page).status_code == 200
    assert DraftAct.objects.exists()

    drafter.post(page)

    assert not DraftAct.objects.exists()


# --- texts and papers ----------------------------------------------------------------------------------


def test_a_text_is_uploaded_looked_at_and_confirmed(drafter: Client, act: DraftAct) -> None:
    answer = drafter.post(reverse("act_text_upload", args=[act.token, "ky"]), {"file": file(KY)})
    check = reverse("act_text_check", args=[act.token, "ky"])
    assert answer["Location"] == check

    html = drafter.get(check).content.decode()
    text = VersionText.objects.get()
    drafter.post(reverse("act_text_confirm", args=[act.token, "ky"]), {"text": text.pk})

    text.refresh_from_db()
    assert "Өкүлчүлүктүү орган" in html
    assert 'id="art_2__para_1"' in html
    assert text.confirmed_at == AT


def test_the_text_that_was_replaced_meanwhile_is_not_confirmed(drafter: Client, act: DraftAct) -> None:
    drafter.post(reverse("act_text_upload", args=[act.token, "ky"]), {"file": file(KY)})
    old = VersionText.objects.get().pk
    drafter.post(
        reverse("act_text_upload", args=[act.token, "ky"]), {"file": file(KY + "\n4-берене. Дагы\nТекст.")}
    )

    drafter.post(reverse("act_text_confirm", args=[act.token, "ky"]), {"text": old})

    assert VersionText.objects.get().confirmed_at is None


@pytest.mark.parametrize(
    "upload", [None, SimpleUploadedFile("law.pdf", b"%PDF-1.7 x"), SimpleUploadedFile("x.txt", b"")]
)
def test_a_refused_file_is_named_and_the_draft_stays(drafter: Client, act: DraftAct, upload: Any) -> None:
    if upload:
        upload.seek(0)

    answer = drafter.post(
        reverse("act_text_upload", args=[act.token, "ru"]), {"file": upload} if upload else {}
    )

    html = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#file-ru"' in html
    assert not VersionText.objects.exists()


def test_doubts_stand_where_they_are(drafter: Client, act: DraftAct) -> None:
    gap = RU.replace("Статья 3.", "Статья 5.")
    drafter.post(reverse("act_text_upload", args=[act.token, "ky"]), {"file": file(gap)})

    html = drafter.get(f"/en/acts/prepare/{act.token}/text/ky/").content.decode()

    assert "A number before this one is missing." in html
    assert "reads as Russian" in html
    assert 'href="#art_5"' in html


@pytest.mark.parametrize(
    ("language", "place"),
    [("ky", "1-бет, 5-сап"), ("ru", "страница 1, строка 5"), ("en", "page 1, line 5")],
)
def test_a_doubt_about_a_pdf_names_its_page_and_line(
    drafter: Client, act: DraftAct, language: str, place: str
) -> None:
    lines = [line.replace("Статья 2.", "Статья 4.") for line in RU.split("\n") if line]
    assert lines[4].startswith("Статья 4.")
    pdf = SimpleUploadedFile("a.pdf", pdf_of(lines, "font: 11pt/1.3 'PT Serif'"))
    drafter.post(reverse("act_text_upload", args=[act.token, "ru"]), {"file": pdf})

    html = (
        drafter.get(f"/{language}/acts/prepare/{act.token}/text/ru/").content.decode().replace("\u00a0", " ")
    )

    assert html.count(f"({place})") == 2  # in the list of doubts, and at the article itself


def test_the_place_of_a_doubt_below_an_article_is_its_whole_name(drafter: Client, act: DraftAct) -> None:
    gap = RU.replace("2. Айыл", "4. Айыл")
    drafter.post(reverse("act_text_upload", args=[act.token, "ru"]), {"file": file(gap)})

    html = drafter.get(f"/en/acts/prepare/{act.token}/text/ru/").content.decode().replace("\u00a0", " ")

    assert '<a href="#art_2__para_4" lang="en">Article 2, paragraph 4</a>' in html


def test_a_paper_is_attached_and_removed(drafter: Client, act: DraftAct) -> None:
    add = reverse("act_attachment_add", args=[act.token])
    form = {
        "paper": Paper.EXPLANATORY_NOTE,
        "language": "ru",
        "title": "Справка",
        "file": file("Обоснование."),
    }
    drafter.post(add, form)
    attachment = Attachment.objects.get()

    download = drafter.get(reverse("act_prepare_attachment", args=[act.token, attachment.pk]))
    assert b"".join(download.streaming_content).decode() == "Обоснование."
    assert "attachment" in download["Content-Disposition"]

    drafter.post(reverse("act_attachment_remove", args=[act.token, attachment.pk]))
    assert not Attachment.objects.exists()


def test_a_refused_paper_keeps_its_title_on_the_page(drafter: Client, act: DraftAct) -> None:
    form = {
        "paper": "other",
        "language": "ru",
        "title": "Письмо министерства",
        "file": file("MZ", "letter.exe"),
    }

    answer = drafter.post(reverse("act_attachment_add", args=[act.token]), form)

    assert answer.status_code == 400
    assert "Письмо министерства" in answer.content.decode()
    assert not Attachment.objects.exists()


def test_the_file_comes_back_as_it_was_given(drafter: Client, act: DraftAct) -> None:
    drafter.post(reverse("act_text_upload", args=[act.token, "ru"]), {"file": file(RU, "Закон.txt")})

    answer = drafter.get(reverse("act_prepare_file", args=[act.token, "ru"]))

    assert b"".join(answer.streaming_content) == RU.encode()


@pytest.mark.parametrize("language", ["ky", "ru"])
def test_the_sample_is_read_without_a_doubt(db: None, language: str) -> None:
    from apps.legal_text import reader

    answer = Client().get(reverse("act_sample", args=[language]))

    read = reader.read(answer.content)
    assert read.language == language
    assert read.doubts == ()
    assert [p.eid for p in read.provisions if p.kind == "article"] == ["art_1", "art_2", "art_3"]


# --- registration ----------------------------------------------------------------------------------------


def test_the_signatory_sees_what_bars_registration(signatory: Client, act: DraftAct) -> None:
    html = signatory.get(f"/en/acts/prepare/{act.token}/register/").content.decode()

    assert "It cannot be registered yet" in html
    assert "explanatory note is missing" in html


def test_before_signing_what_one_language_lacks_is_seen_with_the_way_to_it(
    cast: SimpleNamespace,
    signatory: Client,
    complete: DraftAct,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    page = f"/en/acts/prepare/{complete.token}/register/"
    with CaptureQueriesContext(connection) as level:
        assert "Every provision is there in both languages." in signatory.get(page).content.decode()
    more = RU + "".join(f"\nСтатья {n}. Ещё\nТекст.\n" for n in range(4, 14))
    services.upload_text(
        actor=cast.drafter, act_id=complete.pk, language="ru", data=more.encode(), filename="a.txt", at=AT
    )
    services.upload_text(
        actor=cast.drafter, act_id=complete.pk, language="ky", filename="a.txt", at=AT,
        data=KY.replace("3-берене", "77-берене").encode(),
    )  # fmt: skip

    with django_assert_max_num_queries(len(level)):
        html = signatory.get(page).content.decode()

    text = f"/en/acts/prepare/{complete.token}/text"
    assert "The two languages differ in 12 places" in html
    assert f'<a href="{text}/ru/#art_4">Article 4</a>: not in this language: Kyrgyz' in html
    assert f'<a href="{text}/ky/#art_77">Article 77</a>: not in this language: Russian' in html
    assert html.index("#art_4") < html.index("and 7 more</summary>") < html.index("#art_13")
    assert "Every provision is there in both languages." not in html


def test_a_statement_without_its_place_comes_back_as_typed(signatory: Client, complete: DraftAct) -> None:
    form = {"touches_lsg": "no", "where": "Статья 7", "reason": "", "touches_inter_budget": "yes"}

    answer = signatory.post(reverse("act_register", args=[complete.token]), form)

    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Статья 7" in html
    assert DraftAct.objects.get().is_preparing


def test_a_barred_registration_lists_what_is_missing(signatory: Client, act: DraftAct) -> None:
    answer = signatory.post(reverse("act_register", args=[act.token]), FORM)

    assert answer.status_code == 409
    assert reverse("act_prepare", args=[act.token]) in answer.content.decode()


def test_the_signatory_registers_once(signatory: Client, complete: DraftAct) -> None:
    page = reverse("act_register", args=[complete.token])
    form = FORM | {"function_without_money": "on"}

    first, second = signatory.post(page, form), signatory.post(page, form)

    act = DraftAct.objects.get()
    assert (act.state, act.number) == (ActState.REGISTERED, "2026-0001")
    assert act.scope.function_without_money
    assert first["Location"] == second["Location"] == reverse("act", args=["2026-0001"])


def test_public_files_are_for_everybody_and_keep_to_the_public_version(
    cast: SimpleNamespace, registered: DraftAct
) -> None:
    services.new_version(actor=cast.drafter, act_id=registered.pk, at=AT)
    services.upload_text(
        actor=cast.drafter,
        act_id=registered.pk,
        language="ru",
        data=b"Secret \xd1\x81",
        filename="c.txt",
        at=AT,
    )
    copied = Attachment.objects.exclude(version__number=1).get()
    note = Attachment.objects.get(version__number=1)

    text = Client().get(reverse("act_text_file", args=[registered.number, "ru"]))
    paper = Client().get(reverse("act_attachment", args=[registered.number, note.pk]))
    hidden = Client().get(reverse("act_attachment", args=[registered.number, copied.pk]))
    earlier = Client().get(reverse("act_text_file", args=[registered.number, "ru"]) + "?version=2")

    assert b"".join(text.streaming_content) == RU.encode()
    assert "2026-0001-ru.txt" in text["Content-Disposition"]
    assert "sandbox" in text["Content-Security-Policy"]
    assert b"".join(paper.streaming_content).decode() == "Негиздеме."
    assert (hidden.status_code, earlier.status_code) == (404, 404)


def test_withdrawal_asks_for_a_reason_and_keeps_what_was_typed(
    cast: SimpleNamespace, drafter: Client, signatory: Client, registered: DraftAct
) -> None:
    page = reverse("act_withdraw", args=[registered.number])
    assert drafter.get(page).status_code == 403
    assert Client().get(page).status_code == 403
    assert signatory.get(page).status_code == 200
    assert signatory.post(page, {"reason": " "}).status_code == 400

    answer = signatory.post(page, {"reason": "Проект переработан."})

    registered.refresh_from_db()
    assert answer["Location"] == reverse("act", args=[registered.number])
    assert registered.state == ActState.WITHDRAWN
    assert signatory.get(page).status_code == 409


def test_a_new_version_is_prepared_and_published_from_pages(
    cast: SimpleNamespace, drafter: Client, signatory: Client, registered: DraftAct
) -> None:
    begin = reverse("act_version_new", args=[registered.number])
    assert client_of(cast.other_drafter).post(begin).status_code == 403
    assert drafter.get(begin).status_code == 200
    assert drafter.post(begin)["Location"] == reverse("act_prepare", args=[registered.token])

    page = drafter.get(reverse("act_prepare", args=[registered.token]))
    assert page.status_code == 200
    assert 'name="title_ru"' not in page.content.decode()
    publish = reverse("act_version_publish", args=[registered.token])
    assert drafter.post(publish).status_code == 403
    assert signatory.post(publish).status_code == 302

    assert registered.versions.exclude(frozen_at=None).count() == 2


# --- how much is asked of the database --------------------------------------------------------------------


def test_the_page_of_preparing_asks_the_same_however_much_there_is(
    cast: SimpleNamespace,
    drafter: Client,
    complete: DraftAct,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    page = reverse("act_prepare", args=[complete.token])
    drafter.get(page)

    with django_assert_num_queries(QUERIES):
        drafter.get(page)
    for n in range(5):
        services.add_attachment(
            actor=cast.drafter,
            act_id=complete.pk,
            paper=Paper.OTHER,
            data=b"x" * (n + 1),
            filename="x.txt",
            at=AT,
        )
    longer = RU + "".join(f"\nСтатья {n}. Ещё\nТекст.\n" for n in range(4, 60))
    services.upload_text(
        actor=cast.drafter, act_id=complete.pk, language="ru", data=longer.encode(), filename="ru.txt", at=AT
    )
    with django_assert_num_queries(QUERIES):
        drafter.get(page)


# session, person, roles, act, open version, template, its papers, texts, attachments, restrictions; of the reference
# norms: whether the texts were looked at, places, rows; the function card; what one language lacks
QUERIES = 16


# --- the structured text as a file ---------------------------------------------------------------------


def test_a_public_text_is_exported_as_it_was_read_for_everybody(registered: DraftAct) -> None:
    address = f"/ky/acts/{registered.number}/v1/text-ru"

    xml, word = Client().get(f"{address}.xml"), Client().get(f"{address}.docx")
    again = Client().get(f"{address}.xml", headers={"If-None-Match": xml["ETag"]})

    assert xml["Content-Type"] == "application/akn+xml"
    assert 'eId="art_2__para_1"' in xml.content.decode()
    assert f"/{registered.number}/rus@" in xml.content.decode()
    assert f"{registered.number}-v1-ru.docx" in word["Content-Disposition"]
    assert [p.eid for p in reader.read(word.content).provisions if p.kind == "article"] == [
        "art_1",
        "art_2",
        "art_3",
    ]
    assert again.status_code == 304


@pytest.mark.parametrize("place", ["v1/text-en.xml", "v1/text-ru.pdf", "v2/text-ru.xml", "v7/text-ru.docx"])
def test_an_export_that_is_not_there_is_not_found(
    cast: SimpleNamespace, registered: DraftAct, place: str
) -> None:
    services.new_version(actor=cast.drafter, act_id=registered.pk, at=AT)

    assert client_of(cast.drafter).get(f"/ky/acts/{registered.number}/{place}").status_code == 404


def test_the_version_in_the_making_is_exported_for_its_own_people(
    cast: SimpleNamespace, drafter: Client, act: DraftAct
) -> None:
    upload_both(cast.drafter, act)
    address = f"/ky/acts/prepare/{act.token}/text/ky/export.xml"

    assert 'eId="art_1"' in drafter.get(address).content.decode()
    for stranger in (Client(), client_of(cast.other_drafter), client_of(cast.officer)):
        assert stranger.get(address).status_code == 404
