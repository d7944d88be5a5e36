"""Refusals of this stage, named."""

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError, GateClosed, InvalidInput


class ProtocolNotReady(GateClosed):
    code = "protocol_not_ready"
    message = _("The protocol cannot be fixed yet. What is missing is listed below.")


class HashMismatch(DomainError):
    code = "hash_mismatch"
    message = _("The text you were shown is not the text of the protocol now. Read it again before signing.")


class RulesNotAccepted(DomainError):
    status = 409
    code = "rules_not_accepted"
    message = _("Your organisation has not accepted the portal's rules of signing yet.")


class AlreadyFixed(DomainError):
    code = "already_fixed"
    message = _("The protocol of this opinion is fixed already.")


class CompromiseWithoutWording(InvalidInput):
    code = "compromise_without_wording"
    message = _("A compromise needs its wording, at least in one language.")
