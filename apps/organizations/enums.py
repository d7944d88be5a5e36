from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganizationKind(TextChoices):
    STATE_BODY = "state_body", _("state body")
    ASSOCIATION = "association", _("municipal association")
    CABINET_OFFICE = "cabinet_office", _("Cabinet office")
    COMMITTEE = "committee", _("parliament committee")
    SUPERVISORY = "supervisory", _("supervisory body")
    OPERATOR = "operator", _("operator of the portal")


class Role(TextChoices):
    DRAFTER = "drafter", _("drafter")
    MINISTRY_SIGNATORY = "ministry_signatory", _("ministry signatory")
    ASSOCIATION_OFFICER = "association_officer", _("association officer")
    ASSOCIATION_SIGNATORY = "association_signatory", _("association signatory")
    COORDINATOR = "coordinator", _("coordinator")
    CABINET_CLERK = "cabinet_clerk", _("Cabinet clerk")
    COMMITTEE_CLERK = "committee_clerk", _("committee clerk")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


class Rank(TextChoices):
    HEAD = "head", _("head")
    MINISTER = "minister", _("minister")


# Which roles people of which organisations may hold. A coordinator needs `Organization.coordinates` besides.
ROLES_OF_KIND: dict[str, frozenset[str]] = {
    OrganizationKind.STATE_BODY: frozenset({Role.DRAFTER, Role.MINISTRY_SIGNATORY, Role.COORDINATOR}),
    OrganizationKind.ASSOCIATION: frozenset({Role.ASSOCIATION_OFFICER, Role.ASSOCIATION_SIGNATORY}),
    OrganizationKind.CABINET_OFFICE: frozenset({Role.CABINET_CLERK, Role.DRAFTER, Role.MINISTRY_SIGNATORY}),
    OrganizationKind.COMMITTEE: frozenset({Role.COMMITTEE_CLERK}),
    OrganizationKind.SUPERVISORY: frozenset({Role.AUDITOR}),
    OrganizationKind.OPERATOR: frozenset({Role.ADMINISTRATOR}),
}

# Four eyes on every lever: these roles move a file or give others power, so one administrator proposes and another
# confirms. A drafter, an officer and an auditor move nothing by themselves; one administrator gives these.
POWER_ROLES: frozenset[str] = frozenset(
    {
        Role.MINISTRY_SIGNATORY,
        Role.ASSOCIATION_SIGNATORY,
        Role.COORDINATOR,
        Role.CABINET_CLERK,
        Role.COMMITTEE_CLERK,
        Role.ADMINISTRATOR,
    }
)


class ProposalOutcome(TextChoices):
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("taken back")


class SubstitutionEnd(TextChoices):
    WITHDRAWN = "withdrawn", _("ended early")
    REFUSED = "refused", _("refused")
