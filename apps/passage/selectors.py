"""Reads of the doors: the certificate in force, decisions, what a clerk may record next."""

from typing import Any

from django.db.models import QuerySet

from apps.draft_acts.models import DraftAct
from apps.draft_acts.workflow import WORKFLOW

from .enums import CertificateState, DecisionKind
from .models import Certificate, Decision
from .policies import ACTION_OF


def certificate_in_force(act: DraftAct) -> Certificate | None:
    return Certificate.objects.filter(act=act, state=CertificateState.IN_FORCE).first()


def decisions() -> QuerySet[Decision]:
    """The public list of decisions, newest first."""
    return Decision.objects.select_related("act__initiator", "certificate", "organization").order_by(
        "-day", "-id"
    )


def recordable(act: DraftAct) -> list[DecisionKind]:
    """The decisions that the act's state admits now."""
    return [kind for kind, action in ACTION_OF.items() if WORKFLOW.allows(action, act.state)]


def certificates(user: Any = None) -> QuerySet[Certificate]:
    """Every certificate is public from issue."""
    return Certificate.objects.select_related("act__initiator", "version")
