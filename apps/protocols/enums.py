from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.organizations.enums import Role


class Side(TextChoices):
    STATE = "state", _("state side")
    ASSOCIATION = "association", _("association")


SIGNING_ROLE = {Side.STATE: Role.MINISTRY_SIGNATORY, Side.ASSOCIATION: Role.ASSOCIATION_SIGNATORY}


class PointOutcome(TextChoices):
    SETTLED = "settled", _("settled")
    COMPROMISE = "compromise", _("compromise wording")
    WITHDRAWN = "withdrawn", _("withdrawn")
    OPEN = "open", _("open")


class ProtocolKind(TextChoices):
    AGREEMENT = "PA", _("protocol of agreement")
    DISAGREEMENTS = "PD", _("protocol of disagreements")


class ProtocolState(TextChoices):
    FIXED = "fixed", _("being signed")
    SIGNED = "signed", _("signed")
    ANNULLED = "annulled", _("annulled")


class SignatureStatus(TextChoices):
    SIGNED = "signed", _("signed")
    REFUSED = "refused", _("refused")


class SignatureMethod(TextChoices):
    PORTAL = "portal", _("signed in the portal")
