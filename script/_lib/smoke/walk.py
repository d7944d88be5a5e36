"""The steps of the way, in the order in which they are told (docs of script/smoke)."""

from __future__ import annotations

import hashlib
import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from smoke import samples
from smoke.texts import File
from smoke.visitor import Page, Unexpected, Visitor, last_part, say

BISHKEK = timezone(timedelta(hours=6))
LANGUAGES = ("ky", "ru", "en")
STEPS = (
    "sign_in register_act open_consultation deliver submit_opinion receipt send_answers send_replies "
    "record_outcomes fix_protocol sign_protocol issue_certificate clerk_finds dossier record_decision "
    "public_read verify_number verify_file desk"
).split()
# A sealed PDF takes a second or two; a worker that has just started on a busy machine takes longer.
MADE_WITHIN = 120


class SetUpMissing(Exception):
    """The portal at this address is not a demonstration."""


@dataclass
class Walk:
    """One act on its way; a method a step, each gives the address it ended at."""

    site: str
    first: File
    texts: dict[str, File]
    out: Path | None = None
    accounts: list[dict[str, str]] = field(default_factory=list)
    people: dict[tuple[str, str], Visitor] = field(default_factory=dict)
    ministry: str = ""
    token_page: str = ""
    number: str = ""
    codes: list[str] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)
    protocols: dict[str, str] = field(default_factory=dict)
    certificate: str = ""
    kept: dict[str, bytes] = field(default_factory=dict)

    # --- telling ----------------------------------------------------------------------------------
    def steps(self) -> Iterator[dict[str, Any]]:
        """Walk, and tell each step as it ends. After a failure the later steps were not reached."""
        begun, ok, url = time.monotonic(), True, self.site + "/"
        for name in STEPS:
            if not ok:
                yield {"step": name, "ok": False, "ms": 0, "url": None, "error": "not reached"}
                continue
            start, error, here = time.monotonic(), None, None
            try:
                here = url = getattr(self, name)()
            except SetUpMissing:
                raise
            except Unexpected as refusal:
                ok, error = False, str(refusal)
            except Exception as problem:  # whatever goes wrong is told as this step's failure
                ok, error = False, f"{type(problem).__name__}: {problem}"
            yield {"step": name, "ok": ok, "ms": _ms(start), "url": here, "error": error}
        yield {"step": "all", "ok": ok, "ms": _ms(begun), "url": self._act_url() if self.number else url}

    # --- people -----------------------------------------------------------------------------------
    def person(self, role: str, organization: str) -> Visitor:
        """Somebody of the role, signed in; always the same session."""
        key = (role, organization)
        if key not in self.people:
            account = next((a for a in self.accounts if (a["role"], a["organization"]) == key), None)
            if account is None:
                raise Unexpected(f"no account on the sign-in page is {role} of {organization}")
            visitor = Visitor(self.site, account)
            visitor.sign_in()
            self.people[key] = visitor
        return self.people[key]

    def drafter(self) -> Visitor:
        return self.person("drafter", self.ministry)

    def signatory(self) -> Visitor:
        return self.person("ministry_signatory", self.ministry)

    def officer(self, code: str) -> Visitor:
        return self.person("association_officer", code)

    def countersigner(self, code: str) -> Visitor:
        return self.person("association_signatory", code)

    def clerk(self) -> Visitor:
        committee = next((a["organization"] for a in self.accounts if a["role"] == "committee_clerk"), "")
        return self.person("committee_clerk", committee)

    def reader(self, language: str = "ky") -> Visitor:
        """Somebody without an account."""
        return Visitor(self.site, language=language)

    # --- the ministry -----------------------------------------------------------------------------
    def sign_in(self) -> str:
        page = self.reader().open("login/")
        rows = page.tree.xpath("//*[@data-demo-account]")
        if not rows:
            raise SetUpMissing(f"{self.site} lists no demo accounts: it is not a demonstration.")
        names = ("email", "password", "role", "organization")
        self.accounts = [{name: row.get(f"data-{name}") or "" for name in names} for row in rows]
        signing = {a["organization"] for a in self.accounts if a["role"] == "ministry_signatory"}
        drafting = [a["organization"] for a in self.accounts if a["role"] == "drafter"]
        self.ministry = next((body for body in drafting if body in signing), "")
        if not self.ministry:
            raise Unexpected("no organisation on the sign-in page has both a drafter and a signatory")
        self.drafter()
        self.signatory()
        self.clerk()
        return self.drafter().open("desk/").url

    def register_act(self) -> str:
        drafter = self.drafter()
        form = drafter.open("acts/new/").form(field="kind")
        kind = self.first.kind if self.first.kind in form.options("kind") else "law"
        page = form.choose("kind", kind).send()
        self.token_page = page.url
        form = page.form(action="/save/")
        form.fill(title_ky=self.texts["ky"].title, title_ru=self.texts["ru"].title)
        form.fill(summary_ky=samples.SUMMARY["ky"], summary_ru=samples.SUMMARY["ru"])
        amending = any(text.amending for text in self.texts.values())
        if amending:
            form.choose("amending", "on")
        page = form.send()
        for language, text in self.texts.items():
            form = page.form(action=f"/text/{language}/upload/")
            form.attach("file", text.name, text.data).send()  # leads to the check of the text
            page = drafter.open(page.url if page.url == self.token_page else self.token_page)
            page.form(action=f"/text/{language}/confirm/").send()
            page = drafter.open(self.token_page)
        self._decide_norms()
        card = drafter.open(self.token_page + "functions/")
        card.form(action="/functions/none/").fill(reason=samples.NO_FUNCTION).send()
        page = drafter.open(self.token_page)
        for paper in ["explanatory_note", *(["comparison_table"] if amending else [])]:
            form = page.form(action="/papers/add/").choose("paper", paper)
            form.attach("file", f"DEMO-{paper}.txt", samples.PAPER.encode(), "text/plain").send()
            page = drafter.open(self.token_page)
        page = self.signatory().open(self.token_page + "register/")
        form = page.form(field="touches_lsg").choose("touches_lsg", "yes").fill(where=samples.WHERE)
        form.fill(reason=samples.SCOPE_REASON)
        page = form.choose("touches_inter_budget", "yes").choose("touches_delegated_powers", "yes").send()
        self.number = last_part(page.url)
        if not re.fullmatch(r"\d{4}-\d{4,}", self.number):
            raise Unexpected(f"registration led to {page.path}: {page.complaints()}")
        return page.url

    def _decide_norms(self) -> None:
        """Whatever the text leaves to bylaws, they are said to be in force: a sample brings no package."""
        page = self.drafter().open(self.token_page + "norms/")
        if page.has_form("/norms/"):
            form = page.form(field="norms").tick_all("norms").choose("decision", "dismissed")
            form.fill(reason=samples.NORMS_REASON).send()

    def open_consultation(self) -> str:
        page = self.signatory().open(f"acts/{self.number}/consultation/")
        form = next(f for f in _forms(page) if any(n.startswith("addressed_") for n in f.names))
        page = form.send()
        links = self.reader().open(f"acts/{self.number}/").links(f"/acts/{self.number}/reviews/")
        self.codes = list(dict.fromkeys(_code(link) for link in links))
        if not self.codes:
            raise Unexpected(f"no review hangs on {page.path} after opening")
        # Who remarks on most goes first: that review leads to a meeting.
        return page.url

    def deliver(self) -> str:
        for code in self.codes:
            desk = self.officer(code).open("desk/")
            if not desk.links(f"/acts/{self.number}/"):
                raise Unexpected(f"the act is not on the desk of the officer of {code}")
            page = self.officer(code).open(self._review(code))
            page = page.form(action="/acknowledge/").send()
            if page.has_form("/acknowledge/"):
                raise Unexpected(f"delivery to {code} is still to be acknowledged")
        return page.url

    # --- the associations ---------------------------------------------------------------------------
    def submit_opinion(self) -> str:
        for code in self.codes:
            plan = samples.plan_of(self.codes.index(code))
            officer, address = self.officer(code), self._review(code) + "opinion/"
            page = officer.open(address)
            form = page.form(action="/opinion/save/").choose("verdict", plan.verdict)
            form.fill(statement=samples.STATEMENT).choose("lang", "ky").send()
            for index, remark in enumerate(plan.remarks):
                page = officer.open(address)
                form = page.form(action="/opinion/remarks/save/")
                provisions = [value for value in form.options("provision") if value]
                form.choose("provision", provisions[min(index, len(provisions) - 1)])
                form.choose("kind", remark.kind).choose("lang", "ky").fill(**remark.texts).send()
            page = officer.open(address)
            page.form(action="/opinion/ready/").send()
            page = self.countersigner(code).open(address)
            page = page.form(action="/opinion/submit/").send()
            if "/receipts/" not in page.path:
                raise Unexpected(f"submitting led to {page.path}: {page.complaints()}")
            self.receipts[code] = last_part(page.url)
        return page.url

    def receipt(self) -> str:
        url = ""
        for code in self.codes:
            page = self.reader().open(f"receipts/{self.receipts[code]}/")
            if not re.search(r"\b[0-9a-f]{4}", page.text) or "+06:00" not in page.text:
                raise Unexpected(f"{page.path} shows no hash or no time with +06:00")
            documents = page.links("/documents/")
            for prefix, name in (("RC-", "receipt"), ("OP-", "opinion")):
                self._keep(f"{name}.pdf", self._document(documents, prefix), code)
            url = url or page.url
        notification = self.reader().open(self._review(self.codes[0])).links("/documents/")
        self._keep("notification.pdf", self._document(notification, "NC-"), self.codes[0])
        return url

    def send_answers(self) -> str:
        for code in self.codes:
            plan = samples.plan_of(self.codes.index(code))
            address = self._review(code) + "answers/"
            for number, remark in enumerate(plan.remarks, 1):
                form = self.drafter().open(address).form(action=f"/answers/{number}/save/")
                form.choose("outcome", remark.answer).choose("lang", "ru")
                form.fill(reason=samples.REASON, wording=samples.WORDING_RU if remark.worded else "").send()
            page = self.drafter().open(address).form(action="/answers/send/").send()
        answers = self.reader().open(self._review(self.codes[0])).links("/documents/")
        self._keep("answers.pdf", self._document(answers, "AT-"), self.codes[0])
        return page.url

    def send_replies(self) -> str:
        for code in self.codes:
            plan = samples.plan_of(self.codes.index(code))
            address = self._review(code) + "replies/"
            for number, remark in enumerate(plan.remarks, 1):
                form = self.officer(code).open(address).form(action=f"/replies/{number}/save/")
                form.choose("outcome", remark.reply).fill(text=samples.REPLY).send()
            page = self.officer(code).open(address).form(action="/replies/send/").send()
        return page.url

    # --- both sides -----------------------------------------------------------------------------------
    def record_outcomes(self) -> str:
        url = ""
        for code in self.codes:
            plan = samples.plan_of(self.codes.index(code))
            disputed = [(n, r) for n, r in enumerate(plan.remarks, 1) if r.reply == "maintained"]
            if not disputed:
                continue
            address = self._review(code) + "meeting/"
            form = self.drafter().open(address).form(field="state_people")
            form.fill(
                day=datetime.now(BISHKEK).date().isoformat(), place=samples.PLACE, recorder=samples.RECORDER
            )
            form.fill(state_people=samples.STATE_PEOPLE, association_people=samples.ASSOCIATION_PEOPLE).send()
            for number, remark in disputed:
                form = self.drafter().open(address).form(action=f"/meeting/{number}/outcome/")
                form.choose(f"r{number}-outcome", remark.outcome)
                if remark.outcome == "compromise":
                    form.fill(
                        **{
                            f"r{number}-wording_ky": samples.WORDING_KY,
                            f"r{number}-wording_ru": samples.WORDING_RU,
                        }
                    )
                url = form.send().url
        return url

    def fix_protocol(self) -> str:
        url = ""
        for code in self.codes:
            page = self.drafter().open(self._review(code) + "protocol/")
            page = page.form(action="/protocol/fix/").send()
            number = last_part(page.url)
            wanted = samples.plan_of(self.codes.index(code)).protocol
            if not number.startswith(wanted):
                raise Unexpected(f"the protocol of {code} is {number}, not one of the kind {wanted}")
            self.protocols[code] = number
            url = url or page.url
        return url

    def sign_protocol(self) -> str:
        url = ""
        for code, number in self.protocols.items():
            for signer in (self.signatory(), self.countersigner(code)):
                page = self._with_rules_accepted(signer, number)
                form = page.form(action="/sign/")
                if not re.fullmatch(r"[0-9a-f]{64}", dict(form.values).get("content_hash", "")):
                    raise Unexpected(f"{page.path} does not say which hash is signed")
                page = form.send()
            url = url or page.url
            text = self.reader().download(f"protocols/{number}/protocol.json", media="application/json")
            if hashlib.sha256(text).hexdigest() != dict(form.values)["content_hash"]:
                raise Unexpected(f"{number}: protocol.json has another hash than the one signed")
            pdf = self.reader().download(
                f"protocols/{number}/protocol.pdf", media="application/pdf", seconds=MADE_WITHIN
            )
            self._keep("protocol.pdf", pdf, code)
        return url

    def _with_rules_accepted(self, signer: Visitor, number: str) -> Page:
        page = signer.open(f"protocols/{number}/")
        if page.has_form("/sign/"):
            return page
        rules = signer.open("rules/")
        if not rules.has_form("/rules/accept/"):
            raise Unexpected(f"{signer.account['email']} can neither sign {number} nor accept the rules")
        rules.form(action="/rules/accept/").send()
        return signer.open(f"protocols/{number}/")

    def issue_certificate(self) -> str:
        page = self.signatory().open(f"acts/{self.number}/certificate/")
        page = page.form(action="/certificate/issue/").send()
        self.certificate = last_part(page.url)
        pdf = self.reader().download(
            f"certificates/{self.certificate}/certificate.pdf", media="application/pdf", seconds=MADE_WITHIN
        )
        self._keep("certificate.pdf", pdf)
        return page.url

    # --- parliament -------------------------------------------------------------------------------------
    def clerk_finds(self) -> str:
        clerk = self.clerk()
        for words in (self.number, self.first.title):
            page = clerk.open("acts/", params={"q": words[:200]})
            if not page.links(f"/acts/{self.number}/"):
                raise Unexpected(f"the register does not find {self.number} by {words[:60]!r}")
        page = clerk.open(f"acts/{self.number}/documents/")
        for number in self.protocols.values():
            found = [
                *page.links(f"/protocols/{number}/"),
                *clerk.open(f"acts/{self.number}/").links(f"/protocols/{number}/"),
            ]
            if not found:
                raise Unexpected(f"{number} is on no page of the act")
            clerk.download(f"protocols/{number}/protocol.pdf", media="application/pdf")
        return page.url

    def dossier(self) -> str:
        address = f"acts/{self.number}/dossier.zip"
        data = self.clerk().download(address, media="application/zip", seconds=MADE_WITHIN)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            listed = archive.read(_named(names, "MANIFEST.sha256")).decode().splitlines()
            json.loads(archive.read(_named(names, "manifest.json")))
            for line in listed:
                digest, _space, name = line.partition("  ")
                if hashlib.sha256(archive.read(name.lstrip("*"))).hexdigest() != digest:
                    raise Unexpected(f"{name} in the dossier is not what MANIFEST.sha256 says")
            if not listed:
                raise Unexpected("MANIFEST.sha256 lists nothing")
        self._keep("dossier.zip", data)
        return self.clerk().address(address)

    def record_decision(self) -> str:
        form = self.clerk().open(f"acts/{self.number}/decision/").form(field="document_number")
        form.choose("kind", "submitted").fill(
            day=datetime.now(BISHKEK).date().isoformat(),
            document_number=samples.INCOMING,
            text=samples.DECISION,
        )
        page = form.send()
        if not self.reader().open("decisions/").links(f"/acts/{self.number}/"):
            raise Unexpected("the decision is not in the public list of decisions")
        return page.url

    # --- everybody -----------------------------------------------------------------------------------------
    def public_read(self) -> str:
        said = samples.plan_of(0).remarks[0].texts["text"]
        pages = [
            f"acts/{self.number}/{part}"
            for part in ("", "text/", "opinions/", "documents/", "history/", "decisions/")
        ]
        pages += [self._review(code) for code in self.codes]
        pages += [f"protocols/{number}/" for number in self.protocols.values()]
        pages += [f"certificates/{self.certificate}/", "acts/", "protocols/", "decisions/"]
        for language in LANGUAGES:
            reader = self.reader(language)
            for address in pages:
                page = reader.open(address)
                if page.tree.get("lang") != language:
                    raise Unexpected(f"{page.path} is not in {language}")
                if address == self._review(self.codes[0]) and said not in page.text:
                    raise Unexpected(f"{page.path} does not show the remark")
        data = self.reader().download(f"{self.site}/api/v1/acts/{self.number}/", media="application/json")
        if json.loads(data).get("number") != self.number:
            raise Unexpected("the API gives another act")
        self._keep("act.json", data)
        return self._act_url()

    def verify_number(self) -> str:
        reader, url = self.reader(), ""
        for number in (*self.protocols.values(), self.certificate, *self.receipts.values()):
            page = reader.open("verify/").form(field="number").fill(number=number).send()
            if number not in page.heading:
                raise Unexpected(f"{page.path} does not know {number}: {page.heading}")
            url = url or page.url
        never = f"PA-{self.number[:4]}-99999"
        if never in reader.open(f"verify/{never}/", status=404).heading:
            raise Unexpected(f"the portal claims to know {never}")
        return url

    def verify_file(self) -> str:
        url = ""
        genuine = self.kept["protocol.pdf"]
        changed = genuine[:-40] + bytes([genuine[-40] ^ 1]) + genuine[-39:]
        for data, valid in ((genuine, True), (genuine + b"\n", False), (changed, False)):
            form = self.reader().open("verify/").form(field="file")
            page = form.attach("file", "protocol.pdf", data, "application/pdf").send()
            found = bool(page.tree.xpath("//main//li[@data-color='success']"))
            refused = bool(page.tree.xpath("//main//li[@data-color='danger']"))
            if (found, refused) != (valid, not valid):
                raise Unexpected(f"a {'genuine' if valid else 'changed'} file is called: {page.heading}")
            url = url or page.url
        return url

    def desk(self) -> str:
        url = ""
        for visitor in self.people.values():
            page = visitor.open("desk/")
            url = url or page.url
            if not page.heading:
                raise Unexpected(f"the desk of {visitor.account['email']} has no heading")
        page = self.reader().open("desk/")
        if not page.path.endswith("/login/"):
            raise Unexpected("a reader without an account sees a desk")
        return url

    # --- small things ----------------------------------------------------------------------------------------
    def _act_url(self) -> str:
        return f"{self.site}/ky/acts/{self.number}/"

    def _review(self, code: str) -> str:
        return f"acts/{self.number}/reviews/{code}/"

    def _document(self, links: list[str], prefix: str) -> bytes:
        link = next((link for link in links if last_part(link).upper().startswith(prefix)), None)
        if link is None:
            raise Unexpected(f"no document {prefix}… is linked")
        return self.reader().download(link, media="application/pdf", seconds=MADE_WITHIN)

    def _keep(self, name: str, data: bytes, code: str = "") -> None:
        """For --out: of several the first association's, which has the meeting."""
        if code and code != self.codes[0]:
            return
        if name.endswith(".pdf") and not data.startswith(b"%PDF-"):
            raise Unexpected(f"{name} is no PDF")
        self.kept[name] = data
        if self.out is not None:
            (self.out / name).write_bytes(data)
        say(f"{name}: {len(data)} bytes")


def _ms(since: float) -> int:
    return round((time.monotonic() - since) * 1000)


def _forms(page: Page) -> list[Any]:
    from smoke.visitor import Form

    return [Form(page, element) for element in page.tree.forms]


def _code(link: str) -> str:
    return link.partition("/reviews/")[2].partition("/")[0]


def _named(names: set[str], wanted: str) -> str:
    found: Callable[[str], bool] = lambda name: name.rpartition("/")[2] == wanted  # noqa: E731
    name = next(filter(found, names), None)
    if name is None:
        raise Unexpected(f"the dossier has no {wanted}")
    return name
