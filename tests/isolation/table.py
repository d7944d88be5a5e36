"""Who may see and do what, address by address: the table a lawyer and a tester read side by side.

A rule says for whom the address exists (`sight`), who of them gets what is behind it (`reads`, `does`), and where it is
tried (`places`). Outside of sight an address answers as if there were none; only a page that names no object leads those
who are not signed in to sign-in. Inside of sight, without the right, the answer is 403.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator

from apps.draft_acts.models import Attachment
from apps.notifications.models import OutboxMessage
from apps.organizations.models import Membership
from apps.register.demo import cast
from tests.isolation.world import ANYBODY, World

PERSONS = frozenset(person.key for person in cast.PEOPLE)
ALL = PERSONS | {ANYBODY}


@dataclass(frozen=True)
class Place:
    """An object of the world: what names it in the address, and whose it is."""

    kwargs: dict[str, Any]
    ministry: str = "finance"
    association: str = "union"
    person: str = ""


Audience = Callable[[Place], frozenset[str]]
Places = Callable[[World], list[Place]]


# --- audiences --------------------------------------------------------------------------------------


def everybody(place: Place) -> frozenset[str]:
    return ALL


def nobody(place: Place) -> frozenset[str]:
    return frozenset()


def signed_in(place: Place) -> frozenset[str]:
    return PERSONS


def initiator(place: Place) -> frozenset[str]:
    return frozenset({f"{place.ministry}.drafter", f"{place.ministry}.signatory"})


def minister(place: Place) -> frozenset[str]:
    return frozenset({f"{place.ministry}.signatory"})


def association(place: Place) -> frozenset[str]:
    return frozenset({f"{place.association}.officer", f"{place.association}.signatory"})


def officer(place: Place) -> frozenset[str]:
    return frozenset({f"{place.association}.officer"})


def countersigner(place: Place) -> frozenset[str]:
    return frozenset({f"{place.association}.signatory"})


def parties(place: Place) -> frozenset[str]:
    return initiator(place) | association(place)


def parties_and_auditor(place: Place) -> frozenset[str]:
    return parties(place) | {"chamber.auditor"}


def both_signatories(place: Place) -> frozenset[str]:
    return minister(place) | countersigner(place)


def receivers(place: Place) -> frozenset[str]:
    """Who may receive an opinion outside the portal."""
    return initiator(place) | coordinators(place)


def receivers_and_association(place: Place) -> frozenset[str]:
    return receivers(place) | association(place)


def coordinators(place: Place) -> frozenset[str]:
    return frozenset({"justice.coordinator", "agency.coordinator"})


def clerks(place: Place) -> frozenset[str]:
    return frozenset({"cabinet.clerk", "committee.clerk"})


def administrators(place: Place) -> frozenset[str]:
    return frozenset({"admin.first", "admin.second"})


def overseers(place: Place) -> frozenset[str]:
    return administrators(place) | {"chamber.auditor"}


def state_people(place: Place) -> frozenset[str]:
    return frozenset({"finance.drafter", "finance.signatory", "water.drafter", "water.signatory"})


def oneself(place: Place) -> frozenset[str]:
    return frozenset({place.person})


# --- places -----------------------------------------------------------------------------------------


def here(world: World) -> list[Place]:
    """An address without an object."""
    return [Place({})]


def act(*names: str, ministry: str = "finance", **more: Any) -> Places:
    """Registered acts by name."""
    return lambda world: [Place({"number": world.number(name), **more}, ministry) for name in names]


def review(name: str, code: str = "lsg-union", **more: Any) -> Places:
    """A review of an act."""

    def found(world: World) -> list[Place]:
        return [Place({"number": world.number(name), "code": code, **more}, "finance", _OFFICE[code])]

    return found


_OFFICE = {"lsg-union": "union", "cities": "cities"}


def both(*several: Places) -> Places:
    return lambda world: [place for places in several for place in places(world)]


def outages(world: World) -> list[Place]:
    """An outage that awaits a decision."""
    return [Place({"number": world.outage})]


def maintenance(world: World) -> list[Place]:
    return [Place({"maintenance_id": world.maintenance})]


def scan(code: str) -> Places:
    """The scan of a paper: the union's lies with it, that of the cities is still with its receiver."""
    return lambda world: review("stamped", code, paper_id=world.ways["stamped"].review(code).papers.get().pk)(
        world
    )


def token(**more: Any) -> Places:
    """Random addresses: acts in preparing of two ministries, and the next version of a registered act."""

    def found(world: World) -> list[Place]:
        return [
            Place({"token": world.ways[name].act.token, **more}, ministry)
            for name, ministry in (("preparing", "finance"), ("other", "water"), ("mended", "finance"))
        ]

    return found


def paper(world: World) -> list[Place]:
    """A paper of each act in preparing."""
    return [
        Place(
            place.kwargs
            | {
                "attachment_id": Attachment.objects.filter(
                    version__act__token=place.kwargs["token"], version__frozen_at=None
                )
                .order_by("-pk")
                .values_list("pk", flat=True)[0]
            },
            place.ministry,
        )
        for place in token()(world)
    ]


def card_function(world: World) -> list[Place]:
    """A function in the card of an act in preparing."""
    return [Place({"token": world.ways["preparing"].act.token, "number": 1})]


def public_paper(world: World) -> list[Place]:
    number = world.number("registered")
    pk = Attachment.objects.filter(version__act__number=number).earliest("pk").pk
    return [Place({"number": number, "attachment_id": pk})]


def restricted_paper(name: str) -> Places:
    """A paper that is closed to the public, of an act that went to both associations or to none yet."""

    def found(world: World) -> list[Place]:
        paper = Attachment.objects.get(version__act=world.ways[name].act, title="Эсептөөлөр")
        return [Place({"number": world.number(name), "attachment_id": paper.pk})]

    return found


def restricted_before_the_consultation(place: Place) -> frozenset[str]:
    return initiator(place) | coordinators(place) | {"chamber.auditor"}


def restricted_with_a_certificate(place: Place) -> frozenset[str]:
    asked = {f"{office}.{who}" for office in ("union", "cities") for who in ("officer", "signatory")}
    return restricted_before_the_consultation(place) | clerks(place) | asked


def protocol(name: str, key: str = "number") -> Places:
    return lambda world: [Place({key: world.ways[name].protocol("lsg-union").number})]


def certificate(key: str = "number") -> Places:
    return lambda world: [Place({key: world.ways["certified"].certificate().number})]


def receipt(key: str, **more: Any) -> Places:
    def found(world: World) -> list[Place]:
        opinion = world.ways["replied"].review("lsg-union").opinion_links.get(state="in_force").opinion
        return [Place({key: opinion.receipt.number, **more})]

    return found


def document(world: World) -> list[Place]:
    opinion = world.ways["certified"].review("lsg-union").opinion_links.get(state="in_force").opinion
    return [Place({"number": world.number("certified"), "document": opinion.receipt.number})]


def organization(world: World) -> list[Place]:
    return [Place({"code": code}) for code in ("minfin", "lsg-union")]


def account(*keys: str, **more: Any) -> Places:
    return lambda world: [Place({"user_id": world.people[key].pk, **more}) for key in keys]


def membership(world: World) -> list[Place]:
    return [Place({"membership_id": Membership.objects.get(user=world.people["union.officer"]).pk})]


def proposed_role(world: World) -> list[Place]:
    return [Place({"proposal_id": world.proposal})]


def a_leave(world: World) -> list[Place]:
    return [Place({"substitution_id": world.substitution})]


def both_people_and_administrators(place: Place) -> frozenset[str]:
    return administrators(place) | {"finance.drafter", "finance.signatory"}


def holder_and_administrators(place: Place) -> frozenset[str]:
    return administrators(place) | {"union.officer"}


def second_administrator(place: Place) -> frozenset[str]:
    return frozenset({"admin.second"})


def first_administrator(place: Place) -> frozenset[str]:
    return frozenset({"admin.first"})


def a_letter(world: World) -> list[Place]:
    found = []
    for key in ("union.officer", "finance.drafter"):
        letter = OutboxMessage.objects.filter(recipient=world.people[key]).first()
        assert letter is not None, f"nobody wrote to {key}"
        found.append(Place({"letter_id": letter.pk}, person=key))
    return found


def a_factor(world: World) -> list[Place]:
    person = "union.officer"
    factor = Authenticator.objects.filter(user=world.people[person]).get()
    return [Place({"factor_id": factor.pk}, person=person)]


def any_letter(world: World) -> list[Place]:
    return [Place({"outbox_id": place.kwargs["letter_id"]}) for place in a_letter(world)]


def invitation_link(world: World) -> list[Place]:
    return [Place({"token": world.invitation})]


def api_act(**more: Any) -> Places:
    """Every kind of act by its reference: public ones for all, those in preparing for their initiator."""
    return lambda world: [Place({"act": world.number("registered"), **more})]


def api_hidden(**more: Any) -> Places:
    def found(world: World) -> list[Place]:
        return [
            Place({"act": world.number(name), **more}, ministry)
            for name, ministry in (("preparing", "finance"), ("other", "water"))
        ]

    return found


def api_review(name: str, **more: Any) -> Places:
    return lambda world: [Place({"act": world.number(name), "association": "lsg-union", **more})]


# --- rules ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    places: Places = here
    sight: Audience = everybody
    reads: Audience | None = everybody  # None: the address has no GET
    does: Audience | None = None  # None: the address has no POST
    sends: dict[str, Any] = field(
        default_factory=dict
    )  # what a POST carries, where it must be whole to reach the right
    same_for_strangers: bool = True  # a refusal has the bytes of any missing page


def public(places: Places = here, **more: Any) -> Rule:
    return Rule(places, **more)


def verb(places: Places, does: Audience, sight: Audience = everybody, **more: Any) -> Rule:
    """POST only, last in the address."""
    return Rule(places, sight=sight, reads=None, does=does, **more)


def closed(places: Places, sight: Audience, **more: Any) -> Rule:
    """A page that is there for its own people only."""
    return Rule(places, sight=sight, reads=sight, **more)


def role(places: Places, who: Audience, **more: Any) -> Rule:
    """On a public object: 403 for those without the role; reading and doing go together."""
    return Rule(places, reads=who, does=who, **more)


_JSON = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "probe"}

RULES: dict[str, Rule | list[Rule]] = {
    # --- frame and machines
    "root": public(does=everybody), "healthz": public(), "readyz": public(), "metrics": public(),
    "kept_text": Rule(sight=signed_in, reads=signed_in, does=signed_in),
    "draft_save": Rule(sight=signed_in, reads=None, does=signed_in, sends={"data": {"draft_of": "/ky/desk/"}}),
    "styleguide": public(does=everybody),
    # --- accounts
    "account_login": public(does=everybody),
    # Between password and code nobody is signed in; who comes without the one is led to it, with both led on.
    "mfa_authenticate": Rule(sight=signed_in, reads=signed_in, does=signed_in),
    "second_factor": Rule(sight=signed_in, reads=signed_in),
    "second_factor_app": Rule(sight=signed_in, reads=signed_in, does=signed_in),
    "second_factor_passkey": Rule(sight=signed_in, reads=signed_in, does=signed_in),
    "passkey_new": Rule(sight=signed_in, reads=None, does=signed_in),
    "passkey_ask": Rule(sight=signed_in, reads=None, does=signed_in),
    "mfa_passkey_ask": Rule(sight=signed_in, reads=None, does=signed_in),
    "ask_again": Rule(sight=signed_in, reads=signed_in, does=signed_in),
    "second_factor_remove": verb(a_factor, oneself, sight=oneself),
    "recovery_codes": Rule(sight=signed_in, reads=signed_in),
    "recovery_codes_download": Rule(sight=nobody, reads=nobody),  # only for a quarter of an hour
    "recovery_codes_make": Rule(sight=signed_in, reads=None, does=signed_in),
    "recovery_codes_kept": Rule(sight=signed_in, reads=None, does=signed_in),
    "account_logout": Rule(reads=everybody, does=everybody),
    "account_inactive": public(),
    "account_reauthenticate": Rule(sight=signed_in, reads=signed_in, does=signed_in),
    "account_change_password": Rule(sight=signed_in, reads=signed_in, does=signed_in),
    "account_reset_password": public(does=everybody),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(
        lambda world: [Place({"uidb36": "1", "key": "forged"})], does=everybody
    ),
    "account_reset_password_from_key_done": public(),
    "invitation": public(invitation_link, does=everybody),
    "settings": Rule(sight=signed_in, reads=signed_in, does=signed_in),
    "letters": Rule(sight=signed_in, reads=signed_in),
    "letter": closed(a_letter, oneself),
    # --- administration
    "organization_admin": Rule(sight=signed_in, reads=administrators),
    "organization_new": Rule(sight=signed_in, reads=administrators, does=administrators),
    "organization_page": closed(organization, administrators),
    "organization_edit": closed(organization, administrators, does=administrators),
    "organization_close": verb(organization, administrators, administrators),
    "organization_reopen": verb(organization, administrators, administrators),
    "person_invite": closed(organization, administrators, does=administrators),
    "role_grant": closed(account("union.officer", code="lsg-union"), administrators, does=administrators),
    "role_end": verb(membership, administrators, administrators),
    "role_proposals": Rule(sight=signed_in, reads=administrators),
    "role_proposal": closed(proposed_role, administrators),
    "role_confirm": verb(proposed_role, second_administrator, administrators),
    "role_refuse": verb(
        proposed_role, second_administrator, administrators, sends={"data": {"reason": "Нет приказа."}}
    ),
    "role_withdraw": verb(proposed_role, first_administrator, administrators),
    "person": closed(account("union.officer", "admin.first"), administrators),
    "person_deactivate": verb(account("union.officer"), administrators, administrators),
    "personal_data": Rule(sight=signed_in, reads=administrators),
    "person_erase": closed(account("union.officer"), administrators, does=administrators),
    "person_reactivate": verb(account("union.officer"), administrators, administrators),
    "invitation_resend": verb(account("union.officer"), administrators, administrators),
    "invitation_revoke": verb(account("union.officer"), administrators, administrators),
    "leave": Rule(sight=signed_in, reads=signed_in),
    "substitute_name": closed(membership, holder_and_administrators, does=holder_and_administrators),
    "substitution": closed(a_leave, both_people_and_administrators),
    "substitution_confirm": verb(a_leave, administrators, both_people_and_administrators),
    "substitution_refuse": verb(
        a_leave, administrators, both_people_and_administrators, sends={"data": {"reason": "Буйрук жок."}}
    ),
    "substitution_withdraw": verb(a_leave, both_people_and_administrators, both_people_and_administrators),
    "rules": public(),
    "rules_accept": Rule(sight=signed_in, reads=None, does=signed_in),  # which organisation, the form says
    # --- preparing
    "act_new": Rule(sight=signed_in, reads=state_people, does=state_people),
    "act_sample": public(lambda world: [Place({"language": "ky"})]),
    "act_prepare": closed(token(), initiator),
    "act_save": verb(token(), initiator, initiator),
    "act_delete": closed(token(), initiator, does=initiator),
    "act_text_check": closed(token(language="ru"), initiator),
    "act_prepare_file": closed(token(language="ru"), initiator),
    "act_text_upload": verb(token(language="ru"), initiator, initiator),
    "act_text_mend": verb(token(language="ru"), initiator, initiator),
    "act_text_undo": verb(token(language="ru"), initiator, initiator),
    "act_text_confirm": verb(token(language="ru"), initiator, initiator),
    "act_attachment_add": verb(token(), initiator, initiator),
    "act_prepare_attachment": closed(paper, initiator),
    "act_attachment_remove": verb(paper, initiator, initiator),
    "act_prepare_restrict": Rule(paper, sight=initiator, reads=minister, does=minister),
    "act_prepare_open": Rule(paper, sight=initiator, reads=minister, does=minister),
    "act_prepare_norms": closed(token(), initiator, does=initiator),
    "act_prepare_norm_add": closed(token(), initiator, does=initiator),
    "act_prepare_functions": closed(token(), initiator),
    "function_new": closed(token(), initiator, does=initiator),
    "function_edit": closed(card_function, initiator, does=initiator),
    "function_remove": verb(card_function, initiator, initiator),
    "functions_none": verb(token(), initiator, initiator),
    "act_prepare_package": closed(token(), initiator),
    "package_make": verb(token(), initiator, initiator),
    "package_add": verb(token(), initiator, initiator),
    "package_remove": verb(token(), initiator, initiator),
    "package_tie": verb(token(), initiator, initiator),
    "act_register": Rule(
        lambda world: token()(world)[:2], sight=initiator, reads=minister, does=minister
    ),
    "act_version_publish": verb(token(), minister, initiator),
    "act_version_discard": verb(token(), initiator, initiator),
    # --- the public act
    "act_prepare_export": closed(token(language="ru", form="xml"), initiator),
    "act_version_export": public(act("registered", version=1, language="ky", form="xml")),
    "act_text_file": public(act("registered", language="ky")),
    "act_attachment": [
        public(public_paper),
        closed(restricted_paper("registered"), restricted_before_the_consultation),
        closed(restricted_paper("certified"), restricted_with_a_certificate),
    ],
    "act_attachment_restrict": role(both(public_paper, restricted_paper("certified")), minister),
    "act_attachment_open": role(both(public_paper, restricted_paper("certified")), minister),
    "act_withdraw": role(both(act("registered"), act("strangers", ministry="water")), minister),
    "act_version_new": role(both(act("registered"), act("strangers", ministry="water")), initiator),
    # the next draft from accepted proposals is there for those who prepare it
    "next_draft": closed(act("replied"), initiator),
    "next_draft_preview": closed(act("replied"), initiator),
    "next_draft_file": closed(act("replied", language="ru"), initiator),
    "next_draft_save": verb(act("replied", eid="art_2__para_2"), initiator, initiator),
    "next_draft_make": verb(act("replied"), initiator, initiator),
    "home": public(), "act_list": public(), "protocol_list": public(), "decision_list": public(),
    "act": public(act("registered", "written", "met", "certified")),
    "act_text": public(act("registered", "written", "certified")),
    "act_compare_latest": public(act("renewed")),
    "act_compare": public(act("renewed", version=2)),
    "act_version": public(act("registered", "written", version=1)),
    "act_provision": public(act("registered", "written", version=1, eid="art_1")),
    "act_norms": public(act("registered", "written", "certified")),
    "package": public(act("registered")), "package_dossier": public(act("registered")),
    "package_docx": public(act("replied")),
    "act_table": Rule(act("renewed", "agreed"), does=signed_in, sends={"language": "ru", "current": "Статья 1. О бюджете"}),
    "act_table_file": public(act("renewed", kind="xlsx")),
    "act_promises": public(act("renewed", "answered")),
    "act_opinions": public(act("written", "answered", "certified")),
    "act_documents": public(act("mended", "certified")),
    "act_history": public(act("met", "certified")),
    "act_decisions": public(act("met", "agreed")),
    "verify": public(does=everybody),
    "verify_number": public(certificate(), does=everybody),
    "outage_list": public(), "outage_csv": public(),
    "outage": public(outages),
    "outage_decide": role(outages, coordinators),
    "outage_report": closed(here, administrators, does=administrators),
    "maintenance_announce": closed(here, administrators, does=administrators),
    "maintenance_withdraw": verb(maintenance, administrators, administrators),
    "desk": Rule(sight=signed_in, reads=signed_in),
    "procedure": public(), "accessibility": public(), "sitemap": public(),
    # --- those who watch
    "journal": closed(here, overseers),
    "journal_csv": closed(here, overseers),
    "journal_json": closed(here, overseers),
    "heads": public(), "heads_json": public(),
    "outbox": closed(here, overseers),
    "outbox_retry": verb(any_letter, administrators, administrators),
    "health": closed(here, administrators),
    # --- consultation
    "consultation_open": role(act("registered"), minister),
    "review_document": public(document),
    "review": public(both(review("written"), review("met"), review("certified", "cities"))),
    "review_acknowledge": verb(both(review("written"), review("written", "cities")), association),
    "term": public(review("written", stage="opinion")),
    "remark_place": role(review("renewed", remark=2), parties),
    "remark_withdraw": verb(review("answered", remark=1), countersigner),
    "opinion_write": closed(both(review("written"), review("written", "cities")), association),
    "opinion_save": verb(review("written"), officer, association),
    "remark_save": verb(review("written"), officer, association),
    "remark_delete": verb(review("written", remark=1), officer, association),
    "opinion_ready": verb(review("written"), officer, association),
    "opinion_recall": verb(review("written"), association, association),
    "opinion_submit": verb(review("written"), countersigner, association),
    "paper": [
        closed(review("stamped"), receivers_and_association),
        closed(review("stamped", "cities"), receivers),
    ],
    "paper_save": verb(review("stamped"), receivers, receivers_and_association),
    "paper_remark_save": verb(review("stamped"), initiator, receivers_and_association),
    "paper_remark_delete": verb(review("stamped", remark=1), initiator, receivers_and_association),
    "paper_send": verb(review("stamped"), initiator, receivers_and_association),
    "paper_discard": verb(review("stamped"), initiator, receivers_and_association),
    "paper_confirm": verb(review("stamped"), countersigner, receivers_and_association),
    "paper_dispute": verb(review("stamped"), countersigner, receivers_and_association),
    "paper_scan": [
        closed(scan("lsg-union"), receivers_and_association),
        closed(scan("cities"), initiator),
    ],
    "answers": [closed(review("answered"), initiator), public(review("replied"))],
    "answer_save": verb(review("answered", remark=1), initiator, initiator),
    "answers_send": verb(review("answered"), initiator, initiator),
    "replies": [closed(review("replied"), association), public(review("certified"))],
    "reply_save": verb(review("replied", remark=1), association, association),
    "replies_send": verb(review("replied"), association, association),
    "expiry_decide": role(review("expired", "cities"), coordinators),
    "receipt": public(receipt("number")),
    # --- conciliation and protocol
    "meeting": closed(both(review("met"), review("met", "cities")), parties, does=parties),
    "outcome_save": verb(review("met", "cities", remark=1), parties, parties),
    "protocol_prepare": closed(both(review("met"), review("met", "cities")), parties),
    "protocol_fix": verb(review("met", "cities"), initiator, parties),
    "protocol": [closed(protocol("met"), parties_and_auditor), public(protocol("certified"))],
    "protocol_sign": verb(protocol("met"), both_signatories, parties_and_auditor),
    "protocol_annul": verb(protocol("met"), minister, parties_and_auditor),
    "protocol_json": [closed(protocol("met"), parties_and_auditor), public(protocol("certified"))],
    "protocol_pdf": [closed(protocol("met"), nobody), public(protocol("certified"))],
    # --- the doors
    "certificate_door": public(act("registered", "met", "certified")),
    "certificate_issue": verb(both(act("met"), act("strangers", ministry="water")), initiator),
    "certificate": public(certificate()),
    "certificate_pdf": public(certificate()),
    "certificate_json": public(certificate()),
    "decision_record": role(act("certified"), clerks),
    "dossier": public(act("certified", "met", "written")),
    # --- the API
    "api_docs": public(), "api_root": public(does=everybody), "api_schema": public(),
    "api_nothing": Rule(lambda world: [], reads=None),
    "api:acts": public(), "api:consultations": public(), "api:reviews": public(), "api:opinions": public(),
    "api:remarks": public(), "api:answers": public(), "api:protocols": public(), "api:certificates": public(),
    "api:decisions": public(), "api:outages": public(), "api:packages": public(),
    "api:package": public(lambda world: [Place({"bill": world.number(name)}) for name in ("registered", "replied")]),
    "api:outage": public(lambda world: [Place({"outage": world.outage})]),
    "api:act": [public(api_act()), closed(api_hidden(), initiator)],
    "api:versions": [public(api_act()), closed(api_hidden(), initiator)],
    "api:version": [
        public(api_act(version=1)),
        closed(api_hidden(version=1), initiator),
        closed(lambda world: [Place({"act": world.number("mended"), "version": 2})], initiator),
    ],
    "api:provisions": [
        public(api_act(version=1)),
        closed(api_hidden(version=1), initiator),
        closed(lambda world: [Place({"act": world.number("mended"), "version": 2})], initiator),
    ],
    "api:norms": [
        public(api_act(version=1)),
        closed(api_hidden(version=1), initiator),
        closed(lambda world: [Place({"act": world.number("mended"), "version": 2})], initiator),
    ],
    "api:norm": [
        public(api_act(version=1, norm=1)),
        closed(api_hidden(version=1, norm=1), initiator),
        closed(lambda world: [Place({"act": world.number("mended"), "version": 2, "norm": 1})], initiator),
    ],
    "api:provision": [
        public(api_act(version=1, eid="art_1")),
        closed(api_hidden(version=1, eid="art_1"), initiator),
        closed(lambda world: [Place({"act": world.number("mended"), "version": 2, "eid": "art_1"})], initiator),
    ],
    "api:consultation": public(lambda world: [Place({"act": world.number("written"), "round": 1})]),
    "api:review": public(api_review("written")),
    "api:review-opinion": public(api_review("written")),
    "api:opinion-submit": verb(
        api_review("written"), countersigner, sends=_JSON | {"data": {"edit_version": 1}}
    ),
    "api:answers-send": verb(api_review("answered"), initiator, sends=_JSON | {"data": {}}),
    "api:opinion": public(receipt("receipt")),
    "api:remark": public(receipt("receipt", remark=1)),
    "api:answer": [
        public(receipt("receipt", remark=1)),
        closed(
            lambda world: [
                Place({"receipt": _receipt_of(world, "answered"), "remark": 1}),
            ],
            initiator,
        ),
    ],
    "api:protocol": [
        closed(protocol("met", "protocol"), parties_and_auditor),
        public(protocol("certified", "protocol")),
    ],
    "api:certificate": public(certificate("certificate")),
}  # fmt: skip


def _receipt_of(world: World, name: str) -> str:
    opinion = world.ways[name].review("lsg-union").opinion_links.get(state="in_force").opinion
    number: str = opinion.receipt.number
    return number


def rules_of(name: str) -> list[Rule]:
    found = RULES[name]
    return found if isinstance(found, list) else [found]
