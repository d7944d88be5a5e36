"""One act from the first letter to the last, by people with keyboards, on a portal with all its processes running.

Then the same pages without JavaScript, with a session lost in the middle of a sentence, and by script/smoke.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import Browser, expect

from apps.legal_text.docx_write import write_docx
from tests.browser import chromium
from tests.browser.keyboard import button_of
from tests.isolation.probes import FULL
from tests.journeys.conftest import BASE
from tests.journeys.people import PASSWORD, Person, until

from smoke import texts as samples  # isort: skip  (script/_lib, put on the path by conftest)
from smoke.walk import STEPS, Walk  # isort: skip

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE_KY = "Жергиликтүү өз алдынча башкаруу мыйзамдарына өзгөртүүлөрдү киргизүү тууралуу"
TITLE_RU = "О внесении изменений в законы о местном самоуправлении"
OBJECTION = "Көпчүлүк добуштун эсеби өзгөрсө, айылдык кеңештин чечими туруксуз болуп калат."
PROPOSAL = "Күчүнө кирүү мөөнөтү кийинки шайлоодон кийинкиге жылдырылсын."
WORDING = "жалпы санынын үчтөн экисинен кем эмеси"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.chromium() as found:
        yield found


def docx_of(name: str, lines: int = 0) -> bytes:
    text = (samples.ACTS / name).read_text(encoding="utf-8").splitlines()
    return write_docx("", text[: lines or None])


def plain(text: str) -> str:
    """Without the spaces that keep words together in print."""
    return text.replace("\xa0", " ")


class Journey:
    """The people of one act. A method is what one of them does."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site
        self.findings: list[str] = []
        self.everybody: dict[str, Person] = {}
        self.number = ""

    def person(self, key: str) -> Person:
        if key not in self.everybody:
            self.everybody[key] = Person(self.browser, self.site, self.findings, key).sign_in()
        return self.everybody[key]

    def from_desk(self, key: str, part: str) -> Person:
        """What waits for a person stands on the desk, with a link to where it is done."""
        person = self.person(key)
        person.go("desk/")
        person.keys.follow(f"main a[href*='{part}']")
        return person

    def review(self, code: str) -> str:
        return f"acts/{self.number}/reviews/{code}/"

    # --- 1: the drafter prepares ------------------------------------------------------------------
    def prepare(self) -> str:
        drafter = self.person("finance.drafter")
        keys = drafter.keys
        drafter.go("desk/")
        keys.follow("main a[href$='/acts/new/']")
        keys.select("select[name=kind]", "law")
        keys.follow("main form button[type=submit]")
        address = drafter.page.url
        keys.type("textarea[name=title_ky]", TITLE_KY)
        keys.type("textarea[name=title_ru]", TITLE_RU)
        keys.type("textarea[name=summary_ky]", "Жергиликтүү кеңештин чечим кабыл алуу көпчүлүгү өзгөрөт.")
        keys.tick("input[name=amending]")
        keys.type("input[name=public_discussion_url]", "дарек эмес")
        keys.follow(button_of("/save/"))
        # Refused for one field: nothing that was typed is lost, and the summary of what to mend has the focus.
        assert drafter.page.locator("textarea[name=title_ky]").input_value() == TITLE_KY
        assert drafter.page.evaluate("document.activeElement.closest('.ds-error-summary') !== null")
        keys.type("input[name=public_discussion_url]", "https://koomtalkuu.gov.kg/kg/view-npa/1")
        keys.follow(button_of("/save/"))
        texts = {
            "ky": docx_of("07_ky_myizam_2018-02-15_N21_zhob_ozgortuu.txt"),
            "ru": docx_of("06_ru_vodnyi_kodeks_2005-8_red2021.txt", 9),
        }
        for language, data in texts.items():
            upload = f"/text/{language}/upload/"
            keys.attach(
                f"form[action$='{upload}'] input[type=file]", name=f"{language}.docx", data=data, media=DOCX
            )
            keys.follow(button_of(upload))
            keys.follow(button_of(f"/text/{language}/confirm/"))
        for paper in ("explanatory_note", "comparison_table"):
            add = "main form[action$='/papers/add/']"
            keys.select(f"{add} select[name=paper]", paper)
            note = write_docx("", [f"Негиздеме-маалымкат ({paper})"])
            keys.attach(f"{add} input[type=file]", name=f"{paper}.docx", data=note, media=DOCX)
            keys.follow(button_of("/papers/add/"))
        keys.follow("main a[href$='/functions/']")
        keys.type("main form[action$='/functions/none/'] textarea[name=reason]", "Функциялар өзгөрбөйт.")
        keys.follow(button_of("/functions/none/"))
        self.decide_norms(drafter, address)
        return address

    def decide_norms(self, drafter: Person, address: str) -> None:
        """Whatever the text leaves to bylaws, they are in force already."""
        drafter.page.goto(f"{address}norms/")
        boxes = drafter.page.locator("main input[name=norms]").all()
        for box in boxes:
            drafter.keys.tick(box)
        if boxes:
            drafter.keys.choose("decision", "dismissed")
            drafter.keys.type("main textarea[name=reason]", "Мыйзам алдындагы акт колдонууда.")
            drafter.keys.follow("main form:has([name=decision]) button[type=submit]")

    # --- 2: the signatory registers and opens ----------------------------------------------------------
    def register(self, address: str) -> None:
        token = address.rstrip("/").rpartition("/")[2]
        signatory = self.from_desk("finance.signatory", f"/acts/prepare/{token}/")
        keys = signatory.keys
        if not signatory.path.endswith("/register/"):
            keys.follow("main a[href$='/register/']")
        keys.choose("touches_lsg", "yes")
        keys.type("textarea[name=where]", "1-берене")
        keys.choose("touches_inter_budget", "yes")
        keys.choose("touches_delegated_powers", "no")
        for reason in signatory.page.locator("main textarea[name=reason_delegated_powers]").all():
            keys.type(reason, "Ыйгарым укуктар өткөрүлбөйт.")
        signatory.sign("main form:has([name=touches_lsg]) button[type=submit]")
        self.number = signatory.path.rstrip("/").rpartition("/")[2]
        assert plain(signatory.page.locator("h1").inner_text()) == TITLE_KY

    def open(self) -> None:
        signatory = self.from_desk("finance.signatory", f"/acts/{self.number}/consultation/")
        keys = signatory.keys
        expect(signatory.page.locator("main .mk-why li").first).to_be_visible()  # the term, day by day
        first = signatory.page.locator("main input[name^=addressed_]").first
        reason = signatory.page.locator("main textarea[name^=reason_]").first
        keys.press(first, "Space")
        keys.follow("main form:has(input[name^=addressed_]) button[type=submit]")
        # Nobody is left out without a reason for everybody to read.
        assert signatory.path.endswith("/consultation/")
        keys.press(first, "Space")
        assert first.is_checked()
        assert reason.input_value() == ""
        keys.follow("main form:has(input[name^=addressed_]) button[type=submit]")
        assert signatory.path.endswith(f"/acts/{self.number}/")

    # --- 3: the associations ----------------------------------------------------------------------------
    def give_opinion(
        self, who: str, code: str, verdict: str, remarks: tuple[tuple[str, str, str], ...]
    ) -> str:
        officer = self.from_desk(f"{who}.officer", self.review(code))
        keys = officer.keys
        if not officer.path.endswith(self.review(code)):
            officer.go(self.review(code))
        keys.follow(button_of("/acknowledge/"))
        officer.go(f"acts/{self.number}/text/")  # reads the act before writing
        officer.go(self.review(code))
        keys.follow(f"main a[href$='{self.review(code)}opinion/']")
        keys.choose("verdict", verdict)
        keys.type("textarea[name=statement]", "Жалпы пикир: долбоор жергиликтүү кеңештерге таасир этет.")
        keys.follow(button_of("/opinion/save/"))
        for kind, text, wording in remarks:
            options = officer.page.locator("select[name=provision] option")
            keys.select("select[name=provision]", options.nth(2).get_attribute("value") or "")
            keys.choose("kind", kind)
            keys.type("textarea[name=text]", text)
            keys.type("textarea[name=proposed_wording]", wording)
            keys.type("textarea[name=reasoning]", "Негиздеме: кеңештин туруктуу иши.")
            keys.type("textarea[name=local_interest]", "Жамааттардын өкүлчүлүгү сакталат.")
            keys.follow(button_of("/opinion/remarks/save/"))
        keys.follow(button_of("/opinion/ready/"))
        assert not officer.page.locator(button_of("/opinion/submit/")).count(), (
            "the officer may not countersign"
        )
        signatory = self.from_desk(f"{who}.signatory", f"/{self.review(code)}opinion/")
        signatory.keys.type("main form[action$='/opinion/submit/'] input[name=code]", "000000")
        signatory.keys.follow(button_of("/opinion/submit/"))
        assert "/receipts/" not in signatory.path, "a wrong code signed"
        signatory.sign(button_of("/opinion/submit/"))
        assert "/receipts/RC-" in signatory.path
        assert "+06:00" in signatory.page.locator("main").inner_text()
        return signatory.path

    # --- 4: answers, replies, meeting ---------------------------------------------------------------------
    def answer(self, code: str, outcomes: tuple[str, ...]) -> None:
        drafter = self.from_desk("finance.drafter", f"/{self.review(code)}answers/")
        keys = drafter.keys
        keys.follow(button_of("/answers/send/"))
        assert drafter.page.locator("main [role=alert] a[href*='remark-']").count() == len(outcomes)
        for number, outcome in enumerate(outcomes, 1):
            drafter.go(f"{self.review(code)}answers/?only=unanswered")
            form = f"main form[action$='/answers/{number}/save/']"
            keys.choose("outcome", outcome, within=form)
            keys.type(f"{form} textarea[name=reason]", "Министрлик сунушту карап чыкты: мөөнөт жетиштүү.")
            if outcome != "rejected":
                keys.type(f"{form} textarea[name=wording]", WORDING)
            keys.follow(f"{form} button[type=submit]")
        keys.follow(button_of("/answers/send/"))
        assert drafter.path.endswith(self.review(code))

    def reply(self, who: str, code: str, outcomes: tuple[str, ...]) -> None:
        officer = self.from_desk(f"{who}.officer", f"/{self.review(code)}replies/")
        for number, outcome in enumerate(outcomes, 1):
            form = f"main form[action$='/replies/{number}/save/']"
            officer.keys.choose("outcome", outcome, within=form)
            officer.keys.follow(f"{form} button[type=submit]")
        officer.keys.follow(button_of("/replies/send/"))
        assert officer.path.endswith(self.review(code))

    def meet(self, code: str) -> None:
        drafter = self.from_desk("finance.drafter", f"/{self.review(code)}meeting/")
        keys, today = drafter.keys, datetime.now(timezone(timedelta(hours=6))).date().isoformat()
        keys.day("input[name=day]", today)
        keys.type("input[name=place]", "Бишкек, Абдымомунов көчөсү, 207")
        keys.type("textarea[name=state_people]", "Айбек Токтосунов, башкы адис")
        keys.type("textarea[name=association_people]", "Эркин Сыдыков, укук кеңешчиси")
        keys.type("input[name=recorder]", "Айбек Токтосунов")
        keys.follow("main form:has(input[name=recorder]) button[type=submit]")
        form = "main form[action$='/meeting/1/outcome/']"
        keys.choose("r1-outcome", "open", within=form)
        keys.type(f"{form} textarea[name=r1-note]", "Тараптар өз пикиринде калды.")
        keys.follow(f"{form} button[type=submit]")

    # --- 5: the protocol ------------------------------------------------------------------------------------
    def fix_and_sign(self, who: str, code: str) -> str:
        drafter = self.person("finance.drafter")
        drafter.go(f"{self.review(code)}protocol/")
        drafter.keys.follow(button_of("/protocol/fix/"))
        address = drafter.path
        number = address.rstrip("/").rpartition("/")[2]
        for key in ("finance.signatory", f"{who}.signatory"):
            signer = self.from_desk(key, f"/protocols/{number}/")
            if not signer.page.locator("main form[action$='/sign/']").count():
                # Once for an organisation: its signatory accepts the rules of signing.
                signer.keys.follow("main a[href*='/rules/']")
                signer.sign(button_of("/rules/accept/"))
                signer.go(f"protocols/{number}/")
            signer.sign(button_of("/sign/"))
        return number

    # --- 6, 7: certificate, clerk, decision --------------------------------------------------------------------
    def refuse_certificate(self) -> None:
        """Before its time the door lists what is missing, and has no button."""
        signatory = self.person("finance.signatory")
        signatory.go(f"acts/{self.number}/certificate/")
        assert signatory.page.locator("main .mk-gates a").count()
        assert not signatory.page.locator(button_of("/certificate/issue/")).count()

    def certify(self) -> str:
        signatory = self.from_desk("finance.signatory", f"/acts/{self.number}/certificate/")
        signatory.sign(button_of("/certificate/issue/"))
        return signatory.path.rstrip("/").rpartition("/")[2]

    def clerk_works(self, protocol: str) -> bytes:
        clerk = self.person("committee.clerk")
        clerk.go("acts/")
        clerk.keys.type("main input[name=q]", self.number)
        with clerk.page.expect_navigation():
            clerk.page.keyboard.press("Enter")
        clerk.look(clerk.page)
        clerk.keys.follow(f"main a[href$='/acts/{self.number}/']")
        clerk.go(f"protocols/{protocol}/")
        ready = f"main a[href$='/protocols/{protocol}/protocol.pdf']"

        def sealed() -> bool:
            clerk.page.reload()
            return clerk.page.locator(ready).count() > 0

        until(120, sealed, "the sealed protocol")
        pdf = clerk.keys.download(ready).path().read_bytes()
        assert pdf.startswith(b"%PDF-")
        clerk.go(f"acts/{self.number}/")
        dossier = clerk.keys.download("main a[href$='/dossier.zip']").path().read_bytes()
        assert dossier.startswith(b"PK")
        clerk.go(f"acts/{self.number}/decision/")
        clerk.keys.choose("kind", "submitted")
        clerk.keys.day("input[name=day]", datetime.now(timezone(timedelta(hours=6))).date().isoformat())
        clerk.keys.type("input[name=document_number]", "6-1234/26")
        clerk.keys.type("textarea[name=text]", "Жогорку Кеңешке киргизилди.")
        clerk.sign("main form:has(input[name=document_number]) button[type=submit]")
        return pdf

    # --- 8, 9: everybody reads; desks ----------------------------------------------------------------------------
    def read(self, receipt: str, protocol: str, certificate: str, pdf: bytes) -> None:
        """On a phone, without an account, by the keys that a phone's screen reader has too."""
        reader = Person(self.browser, self.site, self.findings, viewport=chromium.PHONE)
        act = f"acts/{self.number}/"
        pages = [
            "",
            "acts/",
            act,
            *(f"{act}{part}/" for part in ("text", "opinions", "documents", "history", "decisions")),
        ]
        pages += [
            self.review("lsg-union"),
            f"{self.review('lsg-union')}terms/opinion/",
            receipt.partition("/ky/")[2],
        ]
        pages += [
            f"protocols/{protocol}/",
            f"certificates/{certificate}/",
            "protocols/",
            "decisions/",
            "verify/",
        ]
        pages += [f"verify/{protocol}/", "about/", "about/accessibility/", "login/", f"{act}certificate/"]
        for path in pages:
            reader.go(path)
        for language in ("ru", "en"):
            reader.language = language
            for path in (
                "",
                "acts/",
                act,
                f"{act}text/",
                f"protocols/{protocol}/",
                f"certificates/{certificate}/",
            ):
                reader.go(path)
        reader.language = "ky"
        reader.go(f"{act}text/")
        assert OBJECTION in plain(reader.page.locator("main").inner_text())
        reader.go(f"{act}opinions/")
        reader.keys.follow(".mk-lang a[hreflang=ru]")
        assert reader.path == f"/ru/{act}opinions/", "the language switch left the page"
        reader.go("verify/")
        form = "main form:has(input[type=file])"
        reader.keys.attach(
            f"{form} input[type=file]", name="protocol.pdf", data=pdf + b"\n", media="application/pdf"
        )
        reader.keys.press(f"{form} button[type=submit]")
        expect(reader.page.locator("main li[data-color=danger]").first).to_be_visible()  # one byte more
        reader.look(reader.page)
        reader.close()

    def look_at_desks(self) -> None:
        for key in (
            "justice.coordinator",
            "chamber.auditor",
            "cabinet.clerk",
            "admin.first",
            "cities.officer",
        ):
            self.person(key).go("desk/")
        self.person("justice.coordinator").keys.follow("main a[href$='/expiry/']")
        self.person("admin.first").go("administration/")
        self.person("admin.first").keys.follow("main a[href*='/administration/organizations/']")
        self.person("cities.officer").go("letters/")
        self.person("cities.officer").keys.follow("main a[href*='/letters/']")


def test_an_act_goes_its_whole_way_by_keyboard(portal: str, browser: Browser) -> None:
    way = Journey(browser, portal)

    way.register(way.prepare())
    way.open()
    receipt = way.give_opinion(
        "union",
        "lsg-union",
        "on_condition",
        (("objection", OBJECTION, WORDING), ("proposal", PROPOSAL, "")),
    )
    way.give_opinion("cities", "cities", "agree", ())
    way.refuse_certificate()
    way.answer("lsg-union", ("rejected", "accepted"))
    way.reply("union", "lsg-union", ("maintained", "satisfied"))
    way.meet("lsg-union")
    protocol = way.fix_and_sign("union", "lsg-union")
    certificate = way.certify()
    pdf = way.clerk_works(protocol)
    way.read(receipt, protocol, certificate, pdf)
    way.look_at_desks()

    assert protocol.startswith("PD-")
    assert "\n".join(way.findings) == ""


def opened_act(site: str) -> str:
    """An act in consultation, delivered to both associations: the number."""
    first, by_language = samples.pair(None, None)
    walk = Walk(site, first, by_language)
    for step in ("sign_in", "register_act", "open_consultation", "deliver"):
        getattr(walk, step)()
    return walk.number


def test_without_javascript_an_opinion_is_written_and_submitted(portal: str, browser: Browser) -> None:
    number = opened_act(portal)
    officer = Person(browser, portal, [], "union.officer", scripts=False)
    signatory = Person(browser, portal, [], "union.signatory", scripts=False)
    for person in (officer, signatory):
        person.page.goto(f"{portal}/ky/login/")
        form = person.page.locator("main form").filter(
            has=person.page.locator("input[name=login]:not([type=hidden])")
        )
        form.locator("input[name=login]").fill(f"{person.key}@demo.example")
        form.locator("input[name=password]").fill(PASSWORD)
        form.locator("button[type=submit]").click()
        person.page.locator("main input[name=code]").fill(chromium.demo_code(person.page))
        person.page.locator("main form:has(input[name=code]) button[type=submit]").click()

    page = officer.page
    page.goto(f"{portal}/ky/acts/{number}/reviews/lsg-union/opinion/")
    page.locator("input[name=verdict][value=disagree]").check()
    page.locator("textarea[name=statement]").fill("Жалпы пикир.")
    page.locator(button_of("/opinion/save/")).click()
    page.locator("select[name=provision]").select_option(index=2)
    page.locator("input[name=kind][value=objection]").check()
    page.locator("textarea[name=text]").fill(OBJECTION)
    page.locator("textarea[name=reasoning]").fill("Негиздеме.")
    page.locator("textarea[name=local_interest]").fill("Жамааттардын таламы.")
    page.locator(button_of("/opinion/remarks/save/")).click()
    page.locator(button_of("/opinion/ready/")).click()
    signatory.page.goto(f"{portal}/ky/acts/{number}/reviews/lsg-union/opinion/")
    signatory.page.locator("main input[name=code]").fill(chromium.demo_code(signatory.page))
    signatory.page.locator(button_of("/opinion/submit/")).click()

    assert "/receipts/RC-" in signatory.path
    signatory.page.goto(f"{portal}/ky/acts/{number}/reviews/lsg-union/")
    assert OBJECTION in plain(signatory.page.locator("main").inner_text())
    officer.close()
    signatory.close()


def test_what_was_typed_outlives_a_lost_session(portal: str, browser: Browser) -> None:
    number = opened_act(portal)
    officer = Person(browser, portal, [], "cities.officer").sign_in()
    page, address = officer.page, f"{portal}/ky/acts/{number}/reviews/cities/opinion/"
    page.goto(address)
    page.locator("textarea[name=statement]").fill("Биринчи сүйлөм сакталды.")
    with page.expect_response(
        lambda r: r.url.endswith("/opinion/save/") and r.request.method == "POST", timeout=20_000
    ):
        pass  # ten seconds after the last key the page saves by itself
    other = browser.new_context()
    session = next(c for c in officer.context.cookies() if c["name"] == "session")
    # The session ends where it is kept: signed out from the same session in another window.
    other.add_cookies([{"name": "session", "value": session["value"], "url": portal}])
    away = other.new_page()
    away.goto(f"{portal}/ky/logout/")
    away.locator("main form button[type=submit]").click()

    page.locator("textarea[name=statement]").fill(
        "Биринчи сүйлөм сакталды. Экинчиси жөнөтүлгөндө сессия жок эле."
    )
    page.locator(button_of("/opinion/save/")).click()
    # Signed in again, the form that came too late waits with every word, and goes on its way as it was.
    page.wait_for_url("**/login/**")
    form = page.locator("main form").filter(has=page.locator("input[name=login]:not([type=hidden])"))
    form.locator("input[name=login]").fill("cities.officer@demo.example")
    form.locator("input[name=password]").fill(PASSWORD)
    form.locator("button[type=submit]").click()
    page.locator("main input[name=code]").fill(chromium.demo_code(page))
    page.locator("main form:has(input[name=code]) button[type=submit]").click()
    both = "Биринчи сүйлөм сакталды. Экинчиси жөнөтүлгөндө сессия жок эле."
    assert both in [box.input_value() for box in page.locator("main textarea[readonly]").all()]
    page.locator(button_of("/opinion/save/")).click()
    page.wait_for_url(address)

    assert page.locator("textarea[name=statement]").input_value() == both
    other.close()
    officer.close()


REAL_TEXTS = [samples.KYRGYZ, samples.RUSSIAN] if FULL else [samples.KYRGYZ]


@pytest.mark.parametrize("act", REAL_TEXTS, ids=lambda p: p.name[:5])
def test_smoke_walks_with_a_real_text(portal: str, act: object, tmp_path: object) -> None:
    command = [
        sys.executable,
        str(BASE / "script" / "smoke"),
        "--url",
        portal,
        "--act",
        str(act),
        "--out",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)

    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row for row in rows if not row["ok"]] == [], done.stderr[-2000:]
    assert [row["step"] for row in rows] == [*STEPS, "all"]
    assert done.returncode == 0
    kept = "notification.pdf receipt.pdf opinion.pdf answers.pdf protocol.pdf certificate.pdf dossier.zip act.json"
    assert {path.name for path in tmp_path.iterdir()} == set(kept.split())  # type: ignore[attr-defined]
