from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActKind(TextChoices):
    CONSTITUTIONAL_LAW = "constitutional_law", _("constitutional law")
    CODE = "code", _("code")
    LAW = "law", _("law")
    PRESIDENTIAL_DECREE = "presidential_decree", _("presidential decree")
    PARLIAMENT_RESOLUTION = "parliament_resolution", _("resolution of parliament")
    CABINET_RESOLUTION = "cabinet_resolution", _("resolution of the Cabinet")
    CABINET_ORDER = "cabinet_order", _("order of the Cabinet")
    MINISTRY_ORDER = "ministry_order", _("ministry order")
    NATIONAL_BANK_RESOLUTION = "national_bank_resolution", _("National Bank resolution")
    KENESH_RESOLUTION = "kenesh_resolution", _("resolution of a local kenesh")
    LSG_ORDER = "lsg_order", _("order of an LSG body")
    STATE_ADMINISTRATION_DECISION = "state_administration_decision", _("decision of a state administration")
    OTHER_DECISION = "other_decision", _("other decision")


class ActState(TextChoices):
    PREPARING = "preparing", _("being prepared")
    REGISTERED = "registered", _("registered")
    INCOMPLETE = "incomplete", _("returned as incomplete")
    OUT_OF_SCOPE = "out_of_scope", _("out of scope")
    IN_CONSULTATION = "in_consultation", _("in consultation")
    CERTIFIED = "certified", _("certified")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    ADOPTED = "adopted", _("adopted")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Paper(TextChoices):
    """A paper of the file besides the text itself."""

    EXPLANATORY_NOTE = "explanatory_note", _("explanatory note")
    COMPARISON_TABLE = "comparison_table", _("comparison table")
    FUNCTION_CARD = "function_card", _("function card")
    IMPACT_STATEMENT = "impact_statement", _("impact statement")
    OTHER = "other", _("other paper")


class TextLanguage(TextChoices):
    KY = "ky", _("Kyrgyz")
    RU = "ru", _("Russian")


BILLS = frozenset({ActKind.CONSTITUTIONAL_LAW, ActKind.CODE, ActKind.LAW})  # they go to parliament


class NormAuthority(TextChoices):
    """Who is to issue the bylaw. The codes are those of the screening of texts."""

    CABINET = "cabinet", _("Cabinet of Ministers")
    MINISTRY = "ministry_or_authorised_body", _("ministry or authorised body")


class NormOrigin(TextChoices):
    PORTAL = "portal", _("found by the portal")
    HAND = "hand", _("added by hand")


class NormState(TextChoices):
    FOUND = "found", _("awaits a decision")
    CONFIRMED = "confirmed", _("confirmed")
    DISMISSED = "dismissed", _("dismissed")


class FunctionChange(TextChoices):
    """What a provision does with a function of local self-government."""

    CREATES = "creates", _("creates it")
    MOVES = "moves", _("moves it")
    REMOVES = "removes", _("removes it")


class PowerKind(TextChoices):
    OWN = "own", _("own power")
    DELEGATED = "delegated", _("delegated state power")
