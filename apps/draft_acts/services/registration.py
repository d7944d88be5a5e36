"""An act becomes public, moves on, is withdrawn."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import GateClosed, InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.documents import services as documents
from apps.draft_acts import conditions, evidence, policies, search, selectors
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct
from apps.draft_acts.workflow import WORKFLOW
from apps.notifications import services as notifications
from apps.organizations import selectors as organizations
from apps.organizations.enums import Role
from apps.organizations.models import Organization

from . import scope as scopes
from .scope import LONGEST, Scope
from .versions import freeze

NUMBER_KIND = "DA"


@transaction.atomic
def register(*, actor: User, act_id: int, scope: Mapping[str, Any], at: datetime) -> DraftAct:
    """Sign the scope statement and hand the act in: number, address and publicity in one transaction.

    `scope`: fields of ScopeStatement: three answers (bool), `where`, the reason of each "no", function_without_money.
    The first "no" leads out of scope. A "no" against what the portal found in the texts needs its reason; answers,
    reasons and findings are signed together and public. Raises NotAllowed, TransitionNotAllowed, InvalidInput,
    GateClosed (titles, both texts).
    """
    act = DraftAct.objects.locked(act_id)
    require(policies.can_register(actor, act))
    version = selectors.current_version(act)
    found = evidence.of_version(version)
    stated = scopes.stated(scope, version, found)
    target = WORKFLOW.target("register" if stated.touches_lsg else "register_out_of_scope", act.state)
    if unmet := conditions.unmet_registration(act, version):
        raise GateClosed(_("The act cannot be registered yet. What is missing is listed below."), unmet=unmet)

    freeze(version, at=at)
    act.number = documents.take_number(kind=NUMBER_KIND, at=at).removeprefix(f"{NUMBER_KIND}-")
    act.state = target
    act.registered_at = act.state_changed_at = act.updated_at = at
    act.registered_by = actor
    statement = scopes.sign(act, version, stated, found, actor=actor, at=at)
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
            "touches_delegated_powers": stated.touches_delegated_powers,
            "scope_hash": statement.hash,
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
