"""Every form in which text is typed, and every list that is asked: whatever comes, an answer in words, nothing changed.

The API has its own battery in tests/api/test_bad_input.py, the export of the journal in tests/register.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override

from apps.core import clock
from apps.draft_acts.models import DraftAct
from apps.organizations.models import Organization
from apps.reviews.models import ConsolidatedOpinion, PaperOpinion, Remark
from tests.isolation import table
from tests.isolation.probes import FULL, Answer, address, ask
from tests.isolation.world import ANYBODY, World

pytestmark = pytest.mark.django_db
GUARD = 10.0  # seconds; the goal is two
MEGABYTE = "ү" * 1024 * 1024


@dataclass(frozen=True)
class Form:
    """A form of the world: where, by whom, what else it needs, and the fields that hold free text."""

    name: str
    place: Callable[[World], dict[str, Any]]
    person: str
    typed: tuple[str, ...]
    rest: Callable[[World], dict[str, Any]] = lambda world: {}
    story: str = ""  # whose own time it is sent at; by default that of the world, when the terms are over

    def send(self, world: World, **given: Any) -> Answer:
        # What was refused is said in the language of the page; addresses carry it.
        with clock.frozen(world.ways[self.story].at if self.story else world.at):
            return ask(
                world.client(self.person),
                "POST",
                address(self.name, self.place(world)),
                {"data": {**self.rest(world), **given}},
            )


def of(name: str, **more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"number": world.number(name), **more}


def token(name: str, **more: Any) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"token": world.ways[name].act.token, **more}


def in_review(name: str, code: str = "lsg-union", **more: Any) -> Callable[[World], dict[str, Any]]:
    return of(name, code=code, **more)


def restricted_paper(world: World) -> dict[str, Any]:
    return table.restricted_paper("certified")(world)[0].kwargs


def _opinion(world: World) -> ConsolidatedOpinion:
    return world.ways["written"].review("lsg-union").opinion_links.get(state="drafting").opinion


def _paper(world: World) -> PaperOpinion:
    return world.ways["stamped"].review("cities").papers.get()


def _provision(world: World) -> int:
    return world.ways["written"].review("lsg-union").consultation.version.provisions.earliest("pk").pk


def _meeting(world: World) -> dict[str, Any]:
    return {
        "day": "2026-10-01", "place": "Бишкек", "recorder": "А. Т.", "state_people": "А, Б", "association_people": "В, Г",
    }  # fmt: skip


def _decision(world: World) -> dict[str, Any]:
    return {"kind": "submitted", "day": "2026-10-20", "document_number": "1", "text": "Текст", "link": ""}


REMARK = ("text", "proposed_wording", "reasoning", "state_interest", "local_interest")
FORMS = [
    Form(
        "act_save", token("preparing"), "finance.drafter",
        ("title_ky", "title_ru", "summary_ky", "summary_ru", "public_discussion_url"),
        lambda world: {"kind": "law", "version": world.ways["preparing"].act.edit_version},
    ),
    Form(
        "act_text_mend", token("preparing", language="ru"), "finance.drafter", ("words", "number"),
        lambda world: {"do": "split", "eid": "art_1", "step": 0},
    ),
    Form("act_attachment_add", token("preparing"), "finance.drafter", ("title",), lambda world: {"paper": "other"}),
    Form("act_prepare_norms", token("preparing"), "finance.drafter", ("reason",),
         lambda world: {"norms": "1", "decision": "dismissed"}),
    Form("act_prepare_norm_add", token("preparing"), "finance.drafter", ("phrase", "delegated", "reason"),
         lambda world: {"eid": "art_1__para_1", "language": "ru", "authority": "cabinet", "phrase": "Настоящий Закон"}),
    Form("function_new", token("preparing"), "finance.drafter", ("function", "holder_before", "holder_after", "source"),
         lambda world: {"eid": "art_1__para_1", "change": "moves", "function": "Сөз", "holder_before": "а",
                        "holder_after": "б", "power": "own", "yearly_som": "1"}),
    Form("function_edit", token("preparing", number=1), "finance.drafter", ("function",),
         lambda world: {"eid": "art_1__para_1", "change": "creates", "function": "Сөз", "holder_after": "б",
                        "power": "own", "yearly_som": "1"}),
    Form("functions_none", token("mended"), "finance.drafter", ("reason",)),
    Form(
        "act_register", token("preparing"), "finance.signatory",
        ("where", "reason", "reason_inter_budget", "reason_delegated_powers"),
        lambda world: {"touches_lsg": "no", "reason": "Себеби", "where": "", "touches_inter_budget": "no",
                       "reason_inter_budget": "Себеби", "touches_delegated_powers": "no",
                       "reason_delegated_powers": "Себеби"},
    ),
    Form(
        "act_attachment_restrict", restricted_paper, "finance.signatory",
        ("ground", "officer_name", "officer_position", "event"),
        lambda world: {"ground": "Мыйзам", "officer_name": "А. А.", "officer_position": "Б", "last_day": "2027-01-01"},
    ),
    Form("act_attachment_open", restricted_paper, "finance.signatory", ("reason",)),
    Form("act_withdraw", of("registered"), "finance.signatory", ("reason",)),
    Form(
        "consultation_open", of("registered"), "finance.signatory", ("reason",),
        lambda world: {f"addressed_{Organization.objects.get(code='lsg-union').pk}": "on"},
    ),
    Form(
        "opinion_save", in_review("written"), "union.officer", ("statement",),
        lambda world: {"verdict": "disagree", "lang": "ky", "version": _opinion(world).text_version},
    ),
    Form(
        "remark_save", in_review("written"), "union.officer", REMARK,
        lambda world: {"provision": _provision(world), "kind": "objection", "text": "Сөз", "lang": "ky"},
    ),
    Form("answer_save", in_review("answered", remark=1), "finance.drafter", ("wording", "reason"),
         lambda world: {"outcome": "rejected", "reason": "Себеби бар", "lang": "ky", "version": 1}),
    Form("reply_save", in_review("replied", remark=1), "union.officer", ("text",),
         lambda world: {"outcome": "maintained", "lang": "ky", "version": 1}, "replied"),
    Form("next_draft_save", of("replied", eid="art_2__para_2"), "finance.drafter", ("wording_ky", "wording_ru"),
         lambda world: {"untranslated": "on", "version": 0}),
    Form("expiry_decide", in_review("expired", "cities"), "justice.coordinator", ("reason",),
         lambda world: {"effect": "effect"}),
    Form("meeting", in_review("met", "cities"), "finance.drafter",
         ("place", "recorder", "state_people", "association_people"), _meeting),
    Form("outcome_save", in_review("met", "cities", remark=1), "finance.drafter",
         ("r1-wording_ky", "r1-wording_ru", "r1-note"),
         lambda world: {"r1-outcome": "compromise", "r1-wording_ky": "а", "r1-wording_ru": "б"}),
    Form("protocol_annul", lambda world: {"number": world.ways["met"].protocol("lsg-union").number},
         "finance.signatory", ("reason",)),
    Form("decision_record", of("certified"), "cabinet.clerk", ("document_number", "text", "link"), _decision),
    Form(
        "paper_save", in_review("stamped", "cities"), "finance.drafter",
        ("incoming_number", "statement", "received_at"),
        lambda world: {"channel": "paper", "incoming_number": "1", "verdict": "disagree", "lang": "ky",
                       "received_at": f"{world.ways['stamped'].at:%Y-%m-%dT%H:%M}",
                       "version": _paper(world).opinion.text_version},
    ),
    Form(
        "paper_remark_save", in_review("stamped", "cities"), "finance.drafter", REMARK,
        lambda world: {"provision": _paper(world).opinion.remarks.get().provision_id, "kind": "objection",
                       "text": "Сөз", "lang": "ky"},
    ),
    Form("paper_dispute", in_review("stamped"), "union.signatory", ("reason",)),
    Form("remark_place", in_review("renewed", remark=2), "union.officer", ("reason",), lambda world: {"provision": "none"}),
    Form("act_table", of("agreed"), "union.officer", ("current",), lambda world: {"language": "ru"}),
    Form("settings", lambda world: {}, "union.officer", ("full_name",), lambda world: {"language": "ky"}),
    Form("opinion_recall", in_review("written"), "union.signatory", ("note",)),
    Form("organization_edit", lambda world: {"code": "lsg-union"}, "admin.first",
         ("name_ky", "name_ru", "name_en"), lambda world: {"name_ky": "А", "name_ru": "Б", "name_en": "C"}),
    Form("organization_new", lambda world: {}, "admin.first", ("code", "name_ky", "name_ru"),
         lambda world: {"code": "new-one", "kind": "state_body", "name_ky": "А", "name_ru": "Б"}),
    Form("person_invite", lambda world: {"code": "minfin"}, "admin.first",
         ("email", "full_name", "position_ky", "position_ru"),
         lambda world: {"email": "a@example.org", "language": "ky", "roles": "drafter"}),
    Form("role_grant", lambda world: {"code": "lsg-union", "user_id": world.people["cities.officer"].pk}, "admin.first",
         ("position_ky", "position_ru"), lambda world: {"roles": "association_officer"}),
    Form("person_erase", lambda world: {"user_id": world.people["cities.officer"].pk}, "admin.first", ("reference",),
         lambda world: {"ground": "request"}),
    Form("substitution_refuse", lambda world: {"substitution_id": world.substitution}, "admin.second", ("reason",)),
    Form("role_refuse", lambda world: {"proposal_id": world.proposal}, "admin.second", ("reason",)),
    Form("outage_decide", lambda world: {"number": world.outage}, "justice.coordinator", ("reason",),
         lambda world: {"decision": "refuse"}),
    Form("outage_report", lambda world: {}, "admin.first", ("source", "started_at"),
         lambda world: {"started_at": "2026-10-01T10:00", "ended_at": "2026-10-01T12:00", "source": "Логдор"}),
    Form("maintenance_announce", lambda world: {}, "admin.first", ("note", "ends_at"),
         lambda world: {"starts_at": "2026-12-20T10:00", "ends_at": "2026-12-20T12:00", "note": "Жаңылоо", "lang": "ky"}),
]  # fmt: skip
BY_NAME = {form.name: form for form in FORMS}


def _field(form: Form, field: str) -> str:
    """The reason why an association is left out is asked for each of them."""
    if form.name == "consultation_open":
        return f"reason_{Organization.objects.get(code='cities').pk}"
    return field


#: Sign-in and the second factor and drafts (tests/accounts), the API (tests/api).
_OWN_BATTERY = ("account_", "draft_save", "mfa_", "second_factor", "recovery_codes", "ask_again", "api")


def test_every_form_with_text_is_in_the_table() -> None:
    """A form that somebody adds is tried too: those that only press a button are named here."""
    buttons = {
        "root", "kept_text", "styleguide", "act_delete", "act_text_upload", "act_text_confirm", "act_text_undo",
        "act_attachment_remove",
        "act_version_publish", "act_version_discard", "act_version_new", "act_new", "review_acknowledge",
        "package_make", "package_add", "package_remove", "package_tie", "function_remove",
        "paper_remark_delete", "paper_send", "paper_confirm", "paper_discard", "remark_withdraw", "remark_delete",
        "next_draft_make",
        "opinion_ready", "opinion_submit", "answers_send", "replies_send",
        "protocol_fix", "protocol_sign", "certificate_issue", "organization_close", "organization_reopen", "role_end",
        "role_confirm", "role_withdraw", "substitute_name", "substitution_confirm", "substitution_withdraw",
        "person_deactivate", "person_reactivate", "invitation_resend", "invitation_revoke", "rules_accept",
        "outbox_retry", "maintenance_withdraw", "role_proposal_confirm", "role_proposal_refuse",
        "role_proposal_cancel", "invitation", "verify", "verify_number",
        # as those of a public paper
        "act_prepare_restrict", "act_prepare_open",
        # codes of the second factor: tests/accounts
        "second_factor_app", "ask_again", "mfa_authenticate", "second_factor_remove", "recovery_codes_make",
        "recovery_codes_kept", "passkey_ask", "passkey_new", "mfa_passkey_ask",
    }  # fmt: skip
    doing = {
        name
        for name, rules in table.RULES.items()
        if any(rule.does for rule in (rules if isinstance(rules, list) else [rules]))
    }
    left = {name for name in doing - buttons - set(BY_NAME) if not name.startswith(_OWN_BATTERY)}

    assert not left, f"Put each into FORMS or, where nobody types a text, into `buttons`: {sorted(left)}"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_megabyte_is_refused_in_words_and_comes_back(form: Form, world: World) -> None:
    # One of a kind is enough where a form has many: each comes from the same few lines.
    for field in form.typed if FULL else form.typed[:1]:
        began = time.monotonic()
        answer = form.send(world, **{_field(form, field): MEGABYTE})
        took = time.monotonic() - began

        assert answer.status == 400, (field, answer)
        assert MEGABYTE in answer.body.decode(), field
        assert took < GUARD, field


STRANGE = {
    "NUL": "Сөз\x00дөр",
    "zero width only": "\u200b\u200d\u2060\ufeff",
    "half a letter": b"\xed\xa0\x80",
    "all at once": "\u202eСөз\u202c \ufffe\uffff\U000f0000 👩‍👩‍👧 е"
    + "\u0301" * 300
    + "%s %(x)s {0} {x} '\"`--;/*<!--]]>&#0; \r\n\u2028\u2029\x0b\x0c\x85",
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_strange_letters_break_no_form(form: Form, world: World) -> None:
    for name, text in STRANGE.items():
        answer = form.send(world, **{_field(form, field): text for field in form.typed})
        assert answer.status in {200, 302, 303, 400, 409}, (name, answer)


WRONG_TYPES = ["1e400", "-1", "9" * 400, "٣", '{"$gt": 0}', "1\x00", "1.5", ""]
NUMBERS = {"act_save": "version", "act_text_mend": "step",
           "opinion_save": "version", "remark_save": "remark", "answer_save": "version", "next_draft_save": "version",
           "reply_save": "version", "expiry_decide": "days", "paper_save": "version", "paper_remark_save": "remark"}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_that_is_none_breaks_no_form(name: str, world: World) -> None:
    for wrong in WRONG_TYPES:
        answer = BY_NAME[name].send(world, **{NUMBERS[name]: wrong})
        assert answer.status in {302, 400, 409}, (wrong, answer)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_every_choice_and_number_of_a_form_may_come_twice_or_as_a_list(form: Form, world: World) -> None:
    for n, name in enumerate(form.rest(world)):
        both: tuple[Any, ...] = (["a", "b"], "9" * 30)
        for wrong in both if FULL else both[n % 2 :][:1]:
            answer = form.send(world, **{name: wrong})
            assert answer.status in {200, 302, 303, 400, 409}, (name, wrong, answer)


@pytest.mark.parametrize("moment", ["2026-02-30T10:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-10-01", "x", "1e400",
                                    "2026-10-01T25:00", "2026-10-01T10:00+14:00", "2026-10-01T10:00Z", ""])  # fmt: skip
def test_a_stamp_that_cannot_be_meant_is_refused(moment: str, world: World) -> None:
    answer = BY_NAME["paper_save"].send(world, received_at=moment)

    assert answer.status == 400, answer
    assert escape(moment) in answer.body.decode()


@pytest.mark.parametrize("day", ["2026-02-30", "0001-01-01", "0000-01-01", "9999-12-31", "2026-13-01", "x", "1e5",
                                 "2026-10-01T00:00", "2026-10-01 10:00:00", "-1", "01.01.10000"])  # fmt: skip
@pytest.mark.parametrize("name", ["meeting", "decision_record"])
def test_a_day_that_cannot_be_meant_is_refused(name: str, day: str, world: World) -> None:
    answer = BY_NAME[name].send(world, day=day)

    assert answer.status == 400, answer
    assert escape(day) in answer.body.decode()


def test_fields_that_no_form_has_change_nothing(world: World) -> None:
    act = world.ways["preparing"].act
    more = {"number": "2026-0001", "state": "adopted", "initiator": "1", "initiator_id": "1", "token": "x",
            "registered_at": "2020-01-01", "is_demo": "", "created_by": "1"}  # fmt: skip
    client = world.client("finance.drafter")
    before = DraftAct.objects.values().get(pk=act.pk)

    answer = client.post(
        address("act_save", {"token": act.token}),
        {"kind": "law", "version": act.edit_version, "title_ru": "Новое", **more},
    )

    after = DraftAct.objects.values().get(pk=act.pk)
    changed = {name for name in after if after[name] != before[name]}
    assert answer.status_code == 302
    assert {"title_ru", "edit_version"} <= changed <= {
        "title_ru", "title_ky", "summary_ru", "summary_ky", "edit_version", "updated_at"
    }  # fmt: skip


def test_an_opinion_cannot_be_dated_or_signed_by_a_field(world: World) -> None:
    opinion = _opinion(world)
    more = {"submitted_at": "2020-01-01", "late": "False", "ready_at": "2020-01-01", "author": "1", "id": "1"}

    answer = world.client("union.officer").post(
        address("opinion_save", in_review("written")(world)),
        {"verdict": "disagree", "lang": "ky", "version": opinion.text_version, "statement": "Сөз", **more},
    )

    opinion.refresh_from_db()
    assert answer.status_code == 302
    assert (opinion.submitted_at, opinion.ready_at) == (None, None)
    assert opinion.author.code == "lsg-union"


def test_a_remark_of_another_opinion_is_not_reached_by_its_number(world: World) -> None:
    """The hidden field of a form names a row: whose row it is, the server decides."""
    stranger = Remark.objects.exclude(opinion=_opinion(world)).earliest("pk")
    before = stranger.text

    answer = BY_NAME["remark_save"].send(
        world, remark=stranger.pk, version=stranger.edit_version, text="Башка"
    )

    stranger.refresh_from_db()
    assert answer.status == 400
    assert stranger.text == before


# --- lists --------------------------------------------------------------------------------------------

QUERIES = [
    "q=%27+OR+1%3D1+--", "q=%5C", "q=%25%25%25", "q=*%3A*", "q=%28%28%28", "q=a%26%21%7C%28%29", "q=" + "%D2%AF" * 3000,
    "q=%ED%A0%80", "q=%EF%BF%BF", "q=%00", "q[]=a", "q=a&q=b", "q=" + "%28a%2B%29%2B" * 30 + "%21", "q=" + "-" * 5000,
    "q=" + "%D0%B0%D1%80" * 5000, "q=%7B%7B7*7%7D%7D",
    "page=0", "page=-1", "page=1e400", "page=NaN", "page=%D9%A3", "page=99999999999999999999999", "page=1%00",
    "page_size=1000000", "per_page=1000000", "ordering=-password", "order=initiator__secret", "sort=%27%3B--",
    "year=0001", "year=2026-02-30", "year=1e400", "stage=open&stage=%27", "initiator=%27%3Bdrop+table--",
    "initiator__code__regex=.*", "created_by__password__startswith=a", "kind__in=law", "next=//evil.example",
    "initiator=%00&association=%00&kind=%00&year=%00&stage=%00&disagreements=%00",
]  # fmt: skip


@pytest.mark.parametrize("page", ["act_list", "protocol_list", "decision_list"])
def test_no_list_is_broken_by_what_it_is_asked(page: str, world: World) -> None:
    client = world.client(ANYBODY)
    for query in QUERIES:
        began = time.monotonic()
        answer = ask(client, "GET", f"{address(page, {})}?{query}")
        took = time.monotonic() - began
        assert answer.status in {200, 400}, (query, answer)
        assert took < GUARD, query
        assert b"evil.example" not in answer.body or query.startswith("next"), query


@pytest.mark.parametrize("page", ["organization_admin", "outbox", "journal", "letters", "heads"])
def test_no_list_behind_sign_in_is_broken_either(page: str, world: World) -> None:
    client = world.client("admin.first")
    for query in QUERIES[::3]:
        answer = ask(client, "GET", f"{address(page, {})}?{query}")
        assert answer.status in {200, 400}, (query, answer)


@pytest.mark.parametrize("number", ["%00", "%ED%A0%80", "2026-0001%0A", "..%2F..%2Fetc", "' OR 1=1", "ү" * 2000,
                                    "{{7*7}}", "<script>"])  # fmt: skip
def test_an_address_that_names_nothing_is_not_there(number: str, world: World) -> None:
    client = world.client(ANYBODY)
    for path in ("acts/{}/", "acts/{}/text/", "acts/{}/dossier.zip", "protocols/{}/", "certificates/{}/", "verify/{}/",
                 "receipts/{}/", "acts/{}/reviews/{}/"):  # fmt: skip
        answer = ask(client, "GET", "/ky/" + path.format(number, number))
        assert answer.status == 404, (path, answer)
        assert b"<script>" not in answer.body


# --- foreign host, foreign way on ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "testserver@evil.example", "", "a\tb"]
)
def test_a_foreign_host_is_refused(host: str, world: World) -> None:
    answer = world.client(ANYBODY).get("/ky/", HTTP_HOST=host)

    assert answer.status_code == 400
    assert b"evil.example" not in answer.content


def test_a_forwarded_host_makes_no_address(world: World) -> None:
    page = world.client(ANYBODY).get("/ky/", HTTP_X_FORWARDED_HOST="evil.example", HTTP_X_HOST="evil.example")

    assert page.status_code == 200
    assert b"evil.example" not in page.content


EVIL = ["https://evil.example/", "//evil.example/", r"\\evil.example", "/\\evil.example", "javascript:alert(1)",
        "https:evil.example", "http:///evil.example", "/\t/evil.example", "data:text/html,x"]  # fmt: skip


@pytest.mark.parametrize("where", EVIL)
def test_no_way_on_leads_away(where: str, world: World) -> None:
    """Sign-in is in tests/accounts; here the other pages that lead on: the kept text, and a step's own page."""
    client = world.client("union.officer")
    session = client.session
    session["kept_text"] = {
        "for": str(world.people["union.officer"].pk),
        "back": where,
        "fields": [["a", "б" * 30]],
    }
    session.save()

    page = client.get(reverse("kept_text"))
    thrown = client.post(reverse("kept_text"), {"next": where}, HTTP_REFERER="https://evil.example/")

    assert f'href="{escape(where)}"' not in page.content.decode()
    assert "evil" not in thrown["Location"]


def test_refusals_are_said_in_the_language_of_the_page(world: World) -> None:
    said = {}
    for language in ("ky", "ru", "en"):
        with override(language):
            url = reverse("act_withdraw", args=[world.number("registered")])
            word = gettext("Not your step")
        answer = world.client("union.officer").post(url, {"reason": "ү" * 40})
        said[language] = word
        assert answer.status_code == 403
        assert escape(word) in answer.content.decode()
        assert "ү" * 40 in answer.content.decode()  # what was typed, to be copied

    assert len(set(said.values())) == 3
