"""Accepting the portal's rules of signing."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, require
from apps.notifications import services as notifications

from .. import policies, rules, selectors
from ..enums import Role
from ..models import Organization, RulesAcceptance


@transaction.atomic
def accept_rules(*, actor: User, organization_id: int, version: int, at: datetime) -> RulesAcceptance:
    """A signatory accepts the portal's rules of signing for the organisation, once a version. Raises NotAllowed."""
    body = Organization.objects.select_for_update().get(pk=organization_id)
    require(policies.can_accept_rules(actor, body.pk))
    if version != rules.CURRENT:
        raise InvalidInput(_("There is a newer version of the rules. Read it first."))
    found = RulesAcceptance.objects.filter(organization=body, version=version).first()
    if found is not None:
        return found
    acceptance = RulesAcceptance.objects.create(
        organization=body, version=version, accepted_by=actor, accepted_at=at
    )
    audit.record(
        actor=actor,
        action="rules.accepted",
        target=acceptance,
        at=at,
        organization_id=body.pk,
        data={"version": version, "sha256": rules.text(version, "ky").sha256},
    )
    notifications.enqueue(
        template="organizations.rules_accepted",
        recipients=selectors.people([body.pk], Role.MINISTRY_SIGNATORY, Role.ASSOCIATION_SIGNATORY, at=at),
        payload={"acceptance": acceptance.pk},
        key=f"rules_accepted:{acceptance.pk}",
        at=at,
    )
    return acceptance
