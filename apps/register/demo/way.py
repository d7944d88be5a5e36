"""The way of an act, a step a function, through the services and at a given time.

The demonstration set and the tests walk it; the pages walk the same services.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from apps.accounts.models import User
from apps.core import clock
from apps.deadlines import rules
from apps.deadlines.selectors import calendar_for
from apps.draft_acts import functions, selectors
from apps.draft_acts import services as draft_acts
from apps.draft_acts.models import DraftAct
from apps.legal_text.docx_write import write_docx
from apps.organizations import policies
from apps.organizations import services as organizations
from apps.organizations.models import Organization
from apps.passage import services as passage
from apps.passage.models import Certificate
from apps.protocols import services as protocols
from apps.protocols.models import AgreementProtocol
from apps.reviews import services as reviews
from apps.reviews.models import Remark, Review

Cast = Mapping[str, User]
OFFICE = {"lsg-union": "union", "cities": "cities", "minfin": "finance", "minagro": "water"}
BYLAW_IS_THERE = "Тиешелүү мыйзам алдындагы акт колдонууда, жаңысы керек эмес."
NO_FUNCTION = "Долбоор ЖӨБ органдарынын функцияларын киргизбейт, өткөрүп бербейт жана алып салбайт."
NOTE = "Негиздеме-маалымкат. Справка-обоснование.\n\nDEMO"


@dataclass(frozen=True)
class Text:
    """What an act of the demonstration says."""

    kind: str
    title_ky: str
    title_ru: str
    body_ky: str
    body_ru: str
    summary_ky: str = ""
    summary_ru: str = ""
    amending: bool = False
    where: str = "1, 2"
    ministry: str = "minfin"
    functions: tuple[Mapping[str, Any], ...] = ()  # of the function card; none: the card says so


@dataclass
class Way:
    """One act on its way. `at` is the present moment of the story; `working_days` moves it on."""

    cast: Cast
    at: datetime
    act: DraftAct = field(init=False)
    ministry: str = field(init=False, default="minfin")

    # --- time -------------------------------------------------------------------------------------
    def working_days(self, n: int, *, hour: int = 10, minute: int = 0) -> "Way":
        """Go on by n working days, to that hour in Bishkek."""
        day = clock.local_date(self.at)
        if n:
            day = rules.add_working_days(day, n, calendar_for()).last_day
        self.at = datetime.combine(day, time(hour, minute), clock.BISHKEK)
        return self

    def hours(self, n: float) -> "Way":
        self.at += timedelta(hours=n)
        return self

    @contextmanager
    def now(self, *keys: str) -> Iterator[list[User]]:
        """The clock stands at `at`, and these people have just signed in."""
        with clock.frozen(self.at):
            people = [self.cast[key] for key in keys]
            for person in people:
                policies.forget(person)
            yield people

    # --- the ministry -----------------------------------------------------------------------------
    def prepare(self, text: Text, *, complete: bool = True) -> "Way":
        """A drafter writes the act, uploads both texts and the papers, and confirms what was recognised."""
        self.ministry = text.ministry
        with self.now(self._office("drafter")) as (drafter,):
            body = Organization.objects.get(code=text.ministry)
            act = draft_acts.create_act(actor=drafter, initiator_id=body.pk, kind=text.kind, at=self.at)
            self.act = draft_acts.save_act(
                actor=drafter,
                act_id=act.pk,
                edit_version=act.edit_version,
                fields={
                    "kind": text.kind,
                    "amending": text.amending,
                    "title_ky": text.title_ky,
                    "title_ru": text.title_ru,
                    "summary_ky": text.summary_ky,
                    "summary_ru": text.summary_ru,
                },
                at=self.at,
            )
            for language, body_text in (("ky", text.body_ky), ("ru", text.body_ru)):
                if not complete and language == "ru":
                    continue
                draft_acts.upload_text(
                    actor=drafter,
                    act_id=act.pk,
                    language=language,
                    data=write_docx("", body_text.splitlines()),
                    filename=f"{language}.docx",
                    at=self.at,
                )
                draft_acts.confirm_text(actor=drafter, act_id=act.pk, language=language, at=self.at)
            self._decide_norms(drafter)
            self._fill_card(drafter, text)
            papers = (
                ["explanatory_note", *(["comparison_table"] if text.amending else [])] if complete else []
            )
            for paper in papers:
                draft_acts.add_attachment(
                    actor=drafter,
                    act_id=act.pk,
                    paper=paper,
                    data=write_docx(paper, NOTE.splitlines()),
                    filename=f"{paper}.docx",
                    language="ky",
                    at=self.at,
                )
        return self

    def _decide_norms(self, drafter: User) -> None:
        """Every reference norm that was found is dismissed: its bylaw is there already."""
        numbers = selectors.working_version(self.act).norms.values_list("number", flat=True)
        if numbers:
            draft_acts.decide_norms(
                actor=drafter,
                act_id=self.act.pk,
                numbers=list(numbers),
                decision="dismissed",
                reason=BYLAW_IS_THERE,
                lang="ky",
                at=self.at,
            )

    def _fill_card(self, drafter: User, text: Text) -> None:
        for stated in text.functions:
            draft_acts.save_function(actor=drafter, act_id=self.act.pk, stated=stated, lang="ky", at=self.at)
        if not text.functions:
            draft_acts.state_no_function(
                actor=drafter, act_id=self.act.pk, reason=NO_FUNCTION, lang="ky", at=self.at
            )

    def package(self, text: Text) -> "Way":
        """The bill gets a package with one bylaw draft, registered, that fulfils every reference norm of it."""
        bylaw = Way(self.cast, self.at).prepare(text).register()
        with self.now(self._office("drafter")) as (drafter,):
            draft_acts.make_package(actor=drafter, act_id=self.act.pk, at=self.at)
            number = str(bylaw.act.number)
            draft_acts.add_bylaw(actor=drafter, act_id=self.act.pk, bylaw=number, at=self.at)
            norms = list(selectors.working_version(self.act).norms.values_list("number", flat=True))
            draft_acts.decide_norms(
                actor=drafter, act_id=self.act.pk, numbers=norms, decision="confirmed", reason="", lang="ky",
                at=self.at,
            )  # fmt: skip
            for norm in norms:
                draft_acts.tie_norm(actor=drafter, act_id=self.act.pk, number=norm, bylaw=number, at=self.at)
        return self

    def register(
        self, *, touches_lsg: bool = True, where: str = "1, 2", reason: str = "", money: bool = False
    ) -> "Way":
        """Every question is answered alike; the reason of a "no" is given wherever it is asked."""
        money = money or bool(functions.card(selectors.working_version(self.act)).without_source)
        with self.now(self._office("signatory")) as (signatory,):
            self.act = draft_acts.register(
                actor=signatory,
                act_id=self.act.pk,
                scope={
                    "touches_lsg": touches_lsg,
                    "where": where if touches_lsg else "",
                    "reason": reason,
                    "touches_inter_budget": touches_lsg,
                    "reason_inter_budget": reason,
                    "touches_delegated_powers": touches_lsg,
                    "reason_delegated_powers": reason,
                    "function_without_money": money,
                },
                at=self.at,
            )
        return self

    def renew(self, changes: Mapping[str, Sequence[tuple[str, str]]], *, text: Text) -> "Way":
        """The next version becomes public: words exchanged in both texts, `changes` is (old, new) by language."""
        with self.now(self._office("drafter"), self._office("signatory")) as (drafter, signatory):
            reviews.begin_version(actor=drafter, act_id=self.act.pk, at=self.at)
            for language, body in (("ky", text.body_ky), ("ru", text.body_ru)):
                for old, new in changes.get(language, ()):
                    assert old in body, f"{old} is not in the text"
                    body = body.replace(old, new)
                draft_acts.upload_text(
                    actor=drafter,
                    act_id=self.act.pk,
                    language=language,
                    data=write_docx("", body.splitlines()),
                    filename=f"{language}-2.docx",
                    at=self.at,
                )
                draft_acts.confirm_text(actor=drafter, act_id=self.act.pk, language=language, at=self.at)
            reviews.publish_version(actor=signatory, act_id=self.act.pk, at=self.at)
            self.act.refresh_from_db()
        return self

    def open(self, *codes: str, left_out: Mapping[str, str] | None = None) -> "Way":
        with self.now(self._office("signatory")) as (signatory,):
            ids = dict(Organization.objects.values_list("code", "pk"))
            reviews.open_consultation(
                actor=signatory,
                act_id=self.act.pk,
                association_ids=[ids[code] for code in codes or ("lsg-union", "cities")],
                left_out={ids[code]: reason for code, reason in (left_out or {}).items()},
                at=self.at,
            )
            self.act.refresh_from_db()
        return self

    def answer(self, code: str, answers: Sequence[tuple[str, str, str]], *, send: bool = True) -> "Way":
        """`answers`: (outcome, reason, wording), one a remark in order; fewer leave the rest unanswered."""
        with self.now(self._office("drafter")) as (drafter,):
            review = self.review(code)
            for remark, (outcome, reason, wording) in zip(self.remarks(code), answers, strict=False):
                reviews.save_answer(
                    actor=drafter,
                    remark_id=remark.pk,
                    edit_version=0,
                    fields={"outcome": outcome, "reason": reason, "wording": wording, "lang": "ru"},
                    at=self.at,
                )
            if send:
                reviews.send_answers(actor=drafter, review_id=review.pk, at=self.at)
        return self

    def withdraw(self, reason: str) -> "Way":
        with self.now(self._office("signatory")) as (signatory,):
            draft_acts.withdraw(actor=signatory, act_id=self.act.pk, reason=reason, at=self.at)
        return self

    # --- the association --------------------------------------------------------------------------
    def acknowledge(self, *codes: str) -> "Way":
        for code in codes or ("lsg-union", "cities"):
            with self.now(f"{OFFICE[code]}.officer") as (officer,):
                reviews.acknowledge(actor=officer, review_id=self.review(code).pk, at=self.at)
        return self

    def write(
        self,
        code: str,
        verdict: str,
        remarks: Sequence[Mapping[str, Any]] = (),
        *,
        statement: str = "",
        ready: bool = True,
        lang: str = "ky",
    ) -> "Way":
        """The officer writes the opinion. A remark names its provision by eid and carries kind, text, …"""
        with self.now(f"{OFFICE[code]}.officer") as (officer,):
            review = self.review(code)
            opinion = reviews.start_opinion(actor=officer, review_id=review.pk, at=self.at)
            reviews.save_opinion(
                actor=officer,
                review_id=review.pk,
                edit_version=opinion.edit_version,
                fields={"verdict": verdict, "statement": statement, "lang": lang},
                at=self.at,
            )
            provisions = dict(review.consultation.version.provisions.values_list("eid", "pk"))
            for remark in remarks:
                fields = {"lang": lang, **remark}
                eid = fields.pop("eid")
                reviews.save_remark(
                    actor=officer,
                    review_id=review.pk,
                    provision_id=provisions[eid],
                    fields=fields,
                    at=self.at,
                )
            if ready:
                opinion.refresh_from_db()
                reviews.mark_ready(
                    actor=officer, review_id=review.pk, edit_version=opinion.edit_version, at=self.at
                )
        return self

    def file(self, code: str) -> "Way":
        """The signatory countersigns and submits."""
        with self.now(f"{OFFICE[code]}.signatory") as (signatory,):
            review = self.review(code)
            opinion = review.opinion_links.get(state="drafting").opinion
            reviews.submit_opinion(
                actor=signatory, review_id=review.pk, edit_version=opinion.edit_version, received_at=self.at
            )
        return self

    def reply(self, code: str, outcomes: Sequence[str], *, send: bool = True) -> "Way":
        with self.now(f"{OFFICE[code]}.officer") as (officer,):
            for remark, outcome in zip(self.remarks(code), outcomes, strict=True):
                reviews.save_reply(
                    actor=officer,
                    remark_id=remark.pk,
                    edit_version=0,
                    fields={"outcome": outcome, "text": "", "lang": "ky"},
                    at=self.at,
                )
            if send:
                reviews.send_replies(actor=officer, review_id=self.review(code).pk, at=self.at)
        return self

    # --- both -------------------------------------------------------------------------------------
    def meet(self, code: str, outcomes: Mapping[int, Mapping[str, str]], *, day: date | None = None) -> "Way":
        """The meeting and its outcomes by number of remark: {3: {"outcome": "open"}}."""
        with self.now(self._office("drafter")) as (drafter,):
            review = self.review(code)
            protocols.record_meeting(
                actor=drafter,
                review_id=review.pk,
                day=day or clock.local_date(self.at),
                place="Бишкек, Чүй проспектиси 58, 304",
                recorder=str(drafter),
                attendees=[
                    {"side": "state", "name": str(drafter), "position": "Башкы адис"},
                    {
                        "side": "association",
                        "name": str(self.cast[f"{OFFICE[code]}.officer"]),
                        "position": "Юрист",
                    },
                ],
                at=self.at,
            )
            for number, outcome in outcomes.items():
                protocols.save_outcome(
                    actor=drafter, review_id=review.pk, remark_number=number, at=self.at, **outcome
                )
        return self

    def fix(self, code: str) -> "Way":
        with self.now(self._office("drafter")) as (drafter,):
            protocols.fix_protocol(actor=drafter, review_id=self.review(code).pk, at=self.at)
        return self

    def sign(self, code: str, *sides: str) -> "Way":
        """`sides`: state, association; both when none is named. Rules are accepted where they were not."""
        for side in sides or ("state", "association"):
            key = self._office("signatory") if side == "state" else f"{OFFICE[code]}.signatory"
            with self.now(key) as (signatory,):
                body = Organization.objects.get(code=self.ministry if side == "state" else code)
                organizations.accept_rules(
                    actor=signatory, organization_id=body.pk, version=protocols.RULES_VERSION, at=self.at
                )
                protocol = self.protocol(code)
                protocols.sign_protocol(
                    actor=signatory, protocol_id=protocol.pk, content_hash=protocol.content_hash, at=self.at
                )
        return self

    def certify(self) -> "Way":
        with self.now(self._office("signatory")) as (signatory,):
            passage.issue_certificate(actor=signatory, act_id=self.act.pk, at=self.at)
            self.act.refresh_from_db()
        return self

    def decide(self, kind: str, number: str, text: str, *, by: str = "cabinet.clerk") -> "Way":
        with self.now(by) as (clerk,):
            passage.record_decision(
                actor=clerk,
                act_id=self.act.pk,
                kind=kind,
                day=clock.local_date(self.at),
                document_number=number,
                text=text,
                at=self.at,
            )
            self.act.refresh_from_db()
        return self

    def establish(self, code: str, reason: str) -> "Way":
        """The coordinator decides that the expiry takes effect."""
        with self.now("justice.coordinator") as (coordinator,):
            reviews.decide_expiry(
                actor=coordinator, review_id=self.review(code).pk, effect="effect", reason=reason, at=self.at
            )
        return self

    # --- what is there ----------------------------------------------------------------------------
    def review(self, code: str) -> Review:
        return Review.objects.select_related("consultation__version", "consultation__act", "association").get(
            consultation__act=self.act, association__code=code
        )

    def remarks(self, code: str) -> list[Remark]:
        return list(Remark.objects.to_be_answered(self.review(code)).order_by("number"))

    def protocol(self, code: str) -> AgreementProtocol:
        return AgreementProtocol.objects.exclude(state="annulled").get(review=self.review(code))

    def certificate(self) -> Certificate:
        return Certificate.objects.get(act=self.act, state="in_force")

    def _office(self, role: str) -> str:
        return f"{OFFICE[self.ministry]}.{role}"
