"""An act becomes public, moves on, is withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import GateClosed, InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.documents import services as documents
from apps.draft_acts import conditions, functions, policies, search, selectors
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct, DraftActVersion, ScopeStatement
from apps.draft_acts.workflow import WORKFLOW
from apps.notifications import services as notifications
from apps.organizations import selectors as organizations
from apps.organizations.enums import Role
from apps.organizations.models import Organization

from .versions import freeze

NUMBER_KIND = "DA"
LONGEST = 4000  # of a typed reason


@dataclass(frozen=True)
class Scope:
    """What the signatory states: whether and where the act touches local self-government."""

    touches_lsg: bool
    where: str
    touches_inter_budget: bool
    function_without_money: bool
    reason: str


@transaction.atomic
def register(*, actor: User, act_id: int, scope: Mapping[str, Any], at: datetime) -> DraftAct:
    """Sign the scope statement and hand the act in: number, address and publicity in one transaction.

    `scope`: touches_lsg, where, touches_inter_budget, function_without_money, reason. "No" leads out of scope, with
    its reason in public. Raises NotAllowed, TransitionNotAllowed, InvalidInput, GateClosed (titles, both texts).
    """
    act = DraftAct.objects.locked(act_id)
    require(policies.can_register(actor, act))
    stated = _stated(scope)
    version = selectors.current_version(act)
    _as_the_card_says(stated, version)
    target = WORKFLOW.target("register" if stated.touches_lsg else "register_out_of_scope", act.state)
    if unmet := conditions.unmet_registration(act, version):
        raise GateClosed(_("The act cannot be registered yet. What is missing is listed below."), unmet=unmet)

    ScopeStatement.objects.create(act=act, signed_by=actor, signed_at=at, **vars(stated))
    freeze(version, at=at)
    act.number = documents.take_number(kind=NUMBER_KIND, at=at).removeprefix(f"{NUMBER_KIND}-")
    act.state = target
    act.registered_at = act.state_changed_at = act.updated_at = at
    act.registered_by = actor
    act.save(
        update_fields=["number", "state", "registered_at", "state_changed_at", "updated_at", "registered_by"]
    )
    index(act)
    audit.record(
        actor=actor,
        action="act.registered",
        target=act,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={
            "number": act.number,
            "state": act.state,
            "version": version.number,
            "text_hash": version.text_hash,
            "touches_lsg": stated.touches_lsg,
            "touches_inter_budget": stated.touches_inter_budget,
            "function_without_money": stated.function_without_money,
        },
    )
    colleagues = organizations.people([act.initiator_id], *policies.organizations.STATE_SIDE, at=at)
    notifications.enqueue(
        template="draft_acts.registered",
        recipients=[person for person in colleagues if person.pk != actor.pk],
        payload={"act_id": act.pk},
        key=f"draft_acts.registered:{act.pk}",
        at=at,
        act_id=act.pk,
    )
    return act


def _stated(scope: Mapping[str, Any]) -> Scope:
    touches = scope.get("touches_lsg")
    where = clean_text(str(scope.get("where") or ""))
    reason = clean_text(str(scope.get("reason") or ""))
    problems: dict[str, list[Any]] = {}
    if not isinstance(touches, bool):
        problems["touches_lsg"] = [_("Say whether the act touches local self-government.")]
    elif touches and not where:
        problems["where"] = [_("Say where: name the articles or describe the matter in a sentence.")]
    elif not touches and not reason:
        problems["reason"] = [_("Give the reason, at least one sentence. Everyone will read it.")]
    for name, text in (("where", where), ("reason", reason)):
        if len(text) > LONGEST:
            problems[name] = [_("At most %(limit)s characters fit here.") % {"limit": LONGEST}]
    if problems:
        raise InvalidInput(fields=problems)
    return Scope(
        touches_lsg=bool(touches),
        where=where,
        touches_inter_budget=scope.get("touches_inter_budget") is True,
        function_without_money=scope.get("function_without_money") is True,
        reason=reason,
    )


def _as_the_card_says(stated: Scope, version: DraftActVersion) -> None:
    """The tick decides what silence means: it cannot contradict the function card."""
    if stated.touches_lsg and not stated.function_without_money and functions.card(version).without_source:
        message = _("The function card names a function without a source of money, so this is ticked.")
        raise InvalidInput(fields={"function_without_money": [message]})


def index(act: DraftAct) -> None:
    """Fill the search columns from what is public now."""
    rows = selectors.paired_provisions(selectors.current_version(act))
    words: dict[str, list[str]] = {"ky": [], "ru": []}
    for row in rows.values("heading_ky", "text_ky", "heading_ru", "text_ru"):
        words["ky"] += [row["heading_ky"], row["text_ky"]]
        words["ru"] += [row["heading_ru"], row["text_ru"]]
    columns = search.vectors(
        title={"ky": act.title_ky, "ru": act.title_ru},
        summary={"ky": act.summary_ky, "ru": act.summary_ru},
        body={language: "\n".join(filter(None, parts)) for language, parts in words.items()},
    )
    DraftAct.objects.filter(pk=act.pk).update(**columns)


def advance(*, act: DraftAct, action: str, at: datetime) -> None:
    """A step of the act that belongs to a later stage (open_consultation, certify, submit, return, adopt, reject).

    Another plot than the usual one: the caller holds the act under lock, has asked its policy, and journals the fact
    that moves the act. Raises TransitionNotAllowed.
    """
    act.state = WORKFLOW.target(action, act.state)
    act.state_changed_at = act.updated_at = at
    act.save(update_fields=["state", "state_changed_at", "updated_at"])


@transaction.atomic
def withdraw(*, actor: User, act_id: int, reason: str, at: datetime) -> DraftAct:
    """Take a registered act back until it is submitted, with a reason. Number and page remain; terms stop.

    Raises NotAllowed, TransitionNotAllowed, InvalidInput.
    """
    act = DraftAct.objects.locked(act_id)
    require(policies.can_withdraw(actor, act))
    before = act.state
    target = WORKFLOW.target("withdraw", before)
    reason = clean_text(reason)
    if not reason:
        raise InvalidInput(
            fields={"reason": [_("Give the reason, at least one sentence. Everyone will read it.")]}
        )
    if len(reason) > LONGEST:
        message = _("At most %(limit)s characters fit here.") % {"limit": LONGEST}
        raise InvalidInput(fields={"reason": [message]})
    act.state, act.withdrawal_reason = target, reason
    act.withdrawn_at = act.state_changed_at = act.updated_at = at
    act.save(update_fields=["state", "withdrawal_reason", "withdrawn_at", "state_changed_at", "updated_at"])
    audit.record(
        actor=actor,
        action="act.withdrawn",
        target=act,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"from": before},
    )
    notifications.enqueue(
        template="draft_acts.withdrawn",
        recipients=_concerned(act, before, actor, at),
        payload={"act_id": act.pk},
        key=f"draft_acts.withdrawn:{act.pk}",
        at=at,
        act_id=act.pk,
    )
    return act


def _concerned(act: DraftAct, before: str, actor: User, at: datetime) -> list[User]:
    """Colleagues; once a consultation was opened, also the associations addressed by rule: all national ones.

    Which of them were left out is known downstream only; a letter about a public fact harms none of them.
    """
    people = organizations.people([act.initiator_id], *policies.organizations.STATE_SIDE, at=at)
    if before in {ActState.IN_CONSULTATION, ActState.CERTIFIED}:
        associations = Organization.objects.national_associations(at).values_list("pk", flat=True)
        people += organizations.people(
            associations, Role.ASSOCIATION_OFFICER, Role.ASSOCIATION_SIGNATORY, at=at
        )
    return list({person.pk: person for person in people if person.pk != actor.pk}.values())


__all__ = ["Scope", "TransitionNotAllowed", "advance", "index", "register", "withdraw"]
