"""Domain errors. Each carries a message fit for a citizen and, where a rule refuses, all unmet conditions.

One middleware (pages) and one handler (API) turn them into answers; nobody else catches them.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from .conditions import Unmet


class DomainError(Exception):
    status = 409
    code = "refused"
    message: Any = _("This step is not possible now.")

    def __init__(self, message: Any = None, *, unmet: Iterable[Unmet] = (), code: str | None = None) -> None:
        self.message = message or self.message
        self.unmet = list(unmet)
        self.code = code or self.code
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """The person may see the file but has no right to this step."""

    status = 403
    code = "not_allowed"
    message = _("Your role does not include this step.")


class TransitionNotAllowed(DomainError):
    """The file is in a state from which this step does not lead on."""

    code = "transition_not_allowed"
    message = _("The file is at another stage now, so this step is not open. Nothing was changed.")


class VersionConflict(DomainError):
    """Somebody saved the same draft meanwhile; `theirs` holds what is stored, so that nothing is lost."""

    code = "version_conflict"
    message = _(
        "A colleague saved this text after you opened it. Both texts are kept: compare them and save again."
    )

    def __init__(self, theirs: dict | None = None) -> None:
        super().__init__()
        self.theirs = theirs or {}


class InvalidInput(DomainError):
    """The input cannot be accepted; `fields` maps a field to its messages."""

    status = 400
    code = "invalid"
    message = _("Some fields need another look.")

    def __init__(
        self, message: Any = None, *, fields: dict[str, list] | None = None, unmet: Iterable[Unmet] = ()
    ) -> None:
        super().__init__(message, unmet=unmet)
        self.fields = fields or {}


class GateClosed(DomainError):
    """A door of the procedure refuses and names every unmet condition."""

    code = "gate_closed"
    message = _("This cannot be done yet. What is missing is listed below.")


def require(allowed: bool, message: Any = None) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed(message)
