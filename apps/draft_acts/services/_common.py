"""Beginnings shared by the use-cases: the act under lock, its open version."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import TransitionNotAllowed, require
from apps.draft_acts import policies, selectors
from apps.draft_acts.enums import ActState
from apps.draft_acts.models import DraftAct, DraftActVersion

# In a consultation a version is begun only once the answers are out: `reviews` sees to that.
EDITABLE_STATES = frozenset({ActState.PREPARING, ActState.REGISTERED, ActState.IN_CONSULTATION})


class VersionFrozen(TransitionNotAllowed):
    """The version is public: its text and papers stay as they are."""

    code = "version_frozen"
    message = _("This version is public and stays as it is. A new version is needed to change it.")


def act_for_editing(*, actor: Any, act_id: int) -> tuple[DraftAct, DraftActVersion]:
    """The act under lock and its open version. Raises NotAllowed, VersionFrozen."""
    act = DraftAct.objects.locked(act_id)
    require(policies.can_prepare(actor, act))
    version = selectors.open_version(act)
    if version is None or act.state not in EDITABLE_STATES:
        raise VersionFrozen()
    return act, version
