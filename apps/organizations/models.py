from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core import dates

from .enums import POWER_ROLES, OrganizationKind, ProposalOutcome, Rank, Role, SubstitutionEnd


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def active(self, at: datetime) -> "OrganizationQuerySet":
        return self.filter(Q(closed_at=None) | Q(closed_at__gt=at))

    def associations(self) -> "OrganizationQuerySet":
        return self.filter(kind=OrganizationKind.ASSOCIATION)

    def national_associations(self, at: datetime) -> "OrganizationQuerySet":
        """The associations addressed by rule: national and active."""
        return self.associations().active(at).filter(is_national=True)


class Organization(models.Model):
    """A body that takes part: a ministry, an association, a committee, the operator. Names in three languages."""

    code = models.SlugField(_("address name"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind)
    name_ky = models.CharField(_("name in Kyrgyz"), max_length=400)
    name_ru = models.CharField(_("name in Russian"), max_length=400)
    name_en = models.CharField(_("name in English"), max_length=400, blank=True)
    short_name_ky = models.CharField(_("short name in Kyrgyz"), max_length=120, blank=True)
    short_name_ru = models.CharField(_("short name in Russian"), max_length=120, blank=True)
    short_name_en = models.CharField(_("short name in English"), max_length=120, blank=True)
    is_national = models.BooleanField(_("national association"), default=False)
    coordinates = models.BooleanField(_("coordinating body"), default=False)
    single_officer = models.BooleanField(_("single officer: one person prepares and signs"), default=False)
    email = models.EmailField(_("office e-mail"), blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        constraints = [
            models.CheckConstraint(
                name="organization_national_is_association",
                condition=Q(is_national=False) | Q(kind=OrganizationKind.ASSOCIATION),
            ),
            models.CheckConstraint(
                name="organization_coordinates_is_state_body",
                condition=Q(coordinates=False) | Q(kind=OrganizationKind.STATE_BODY),
            ),
            models.CheckConstraint(
                name="organization_single_officer_is_association",
                condition=Q(single_officer=False) | Q(kind=OrganizationKind.ASSOCIATION),
            ),
            models.CheckConstraint(
                name="organization_closes_after_opening",
                condition=Q(closed_at=None) | Q(closed_at__gt=models.F("opened_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru

    def name(self, language: str = "") -> str:
        """The full name in ky, ru or en (the page's own when none is named); English falls back to Russian."""
        language = language or (get_language() or "ky")[:2]
        return getattr(self, f"name_{language}", "") or self.name_ru

    def short_name(self, language: str = "") -> str:
        language = language or (get_language() or "ky")[:2]
        return getattr(self, f"short_name_{language}", "") or self.name(language)


def position_of(held: "Membership | RoleProposal", language: str = "") -> str:
    """A position in ky or ru (the page's own when none is named); what is missing is said in the other."""
    language = language or (get_language() or "ky")[:2]
    return (
        (held.position_ky if language == "ky" else held.position_ru) or held.position_ru or held.position_ky
    )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self, at: datetime) -> "MembershipQuerySet":
        return self.filter(valid_from__lte=at).filter(Q(valid_to=None) | Q(valid_to__gt=at))

    def of_role(self, *roles: str) -> "MembershipQuerySet":
        return self.filter(role__in=roles)


class Membership(models.Model):
    """A person's role in an organisation, from a day to a day. Keeps who granted it, and who confirmed a power role."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    rank = models.CharField(_("rank"), max_length=10, choices=Rank, blank=True)
    position_ky = models.CharField(_("position in Kyrgyz"), max_length=200, blank=True)
    position_ru = models.CharField(_("position in Russian"), max_length=200, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("role of a person")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "role"],
                condition=Q(valid_to=None),
                name="membership_once_at_a_time",
            ),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="membership_not_granted_to_oneself",
                condition=Q(granted_by=None) | ~Q(granted_by=models.F("user")),
            ),
            models.CheckConstraint(
                name="membership_rank_only_for_signatory",
                condition=Q(rank="") | Q(role=Role.MINISTRY_SIGNATORY),
            ),
            models.CheckConstraint(
                name="membership_confirmed_by_another",
                condition=Q(confirmed_by=None)
                | Q(granted_by__isnull=False)
                & ~Q(confirmed_by=models.F("granted_by"))
                & ~Q(confirmed_by=models.F("user")),
            ),
        ]

    def position(self, language: str = "") -> str:
        return position_of(self, language)


class RoleProposalQuerySet(models.QuerySet["RoleProposal"]):
    def waiting(self, at: datetime) -> "RoleProposalQuerySet":
        """Not decided, and not too old to be confirmed."""
        return self.filter(outcome="", expires_at__gt=at)


class RoleProposal(models.Model):
    """A power role that one administrator proposes; another confirms or refuses it, or its time runs out.

    Only its end is ever written, once; that it ran out is read from the clock.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_proposals"
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="role_proposals")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    rank = models.CharField(_("rank"), max_length=10, choices=Rank, blank=True)
    position_ky = models.CharField(_("position in Kyrgyz"), max_length=200, blank=True)
    position_ru = models.CharField(_("position in Russian"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=ProposalOutcome, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    membership = models.OneToOneField(
        Membership, on_delete=models.PROTECT, null=True, related_name="proposal"
    )

    objects = RoleProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of a role")
        constraints = [
            models.CheckConstraint(
                name="proposal_not_for_oneself", condition=~Q(user=models.F("proposed_by"))
            ),
            models.CheckConstraint(
                name="proposal_expires_later", condition=Q(expires_at__gt=models.F("proposed_at"))
            ),
            models.CheckConstraint(
                name="proposal_outcome_has_facts",
                condition=Q(outcome="", decided_by=None, decided_at=None, membership=None, reason="")
                | Q(
                    outcome=ProposalOutcome.CONFIRMED,
                    decided_by__isnull=False,
                    decided_at__lt=models.F("expires_at"),
                    membership__isnull=False,
                    reason="",
                )
                | Q(
                    outcome=ProposalOutcome.REFUSED,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    membership=None,
                )
                & ~Q(reason="")
                | Q(
                    outcome=ProposalOutcome.WITHDRAWN,
                    decided_by=models.F("proposed_by"),
                    decided_at__isnull=False,
                    membership=None,
                    reason="",
                ),
            ),
            models.CheckConstraint(
                name="proposal_decided_by_another",
                condition=Q(outcome="")
                | Q(outcome=ProposalOutcome.WITHDRAWN)
                | ~Q(decided_by=models.F("proposed_by")) & ~Q(decided_by=models.F("user")),
            ),
        ]

    def state(self, at: datetime) -> str:
        """waiting | expired, or the outcome: confirmed | refused | withdrawn."""
        return str(self.outcome) or ("waiting" if at < self.expires_at else "expired")

    def position(self, language: str = "") -> str:
        return position_of(self, language)


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def in_force(self, at: datetime) -> "SubstitutionQuerySet":
        """Those by which the substitute holds the role at `at`: read from the dates alone, no job begins or ends one.

        The absent person holds the role and keeps the account, the substitute holds a role of the own in the same
        organisation; a power role was confirmed.
        """
        own = Membership.objects.active(at).filter(
            user=OuterRef("substitute"), organization=OuterRef("organization")
        )
        return self.filter(
            Q(membership__valid_to=None) | Q(membership__valid_to__gt=at),
            ~Q(role__in=POWER_ROLES) | Q(confirmed_at__lte=at),
            Exists(own),
            starts_at__lte=at,
            stops_at__gt=at,
            membership__valid_from__lte=at,
        ).filter(Q(absent__deactivated_at=None) | Q(absent__deactivated_at__gt=at))

    def waiting(self, at: datetime) -> "SubstitutionQuerySet":
        """Those that still need an administrator's confirmation."""
        return self.filter(role__in=POWER_ROLES, confirmed_at=None, end_kind="", stops_at__gt=at)


class Substitution(models.Model):
    """During the leave of a person another one of the same organisation holds one role, from a day to a day.

    For a power role two administrators confirm; until then the substitute holds nothing. It ends by its date, or
    earlier when it is withdrawn; rows are never changed otherwise.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="substitutions")
    absent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leaves")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role)
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="substitutions"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="The midnight after the last day")
    stops_at = models.DateTimeField(help_text="ends_at, or the moment at which it was ended early")
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    end_kind = models.CharField(max_length=10, choices=SubstitutionEnd, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("substitution")
        constraints = [
            models.CheckConstraint(
                name="substitution_of_another", condition=~Q(absent=models.F("substitute"))
            ),
            models.CheckConstraint(
                name="substitution_has_days",
                condition=Q(
                    ends_at__gt=models.F("starts_at"),
                    stops_at__gte=models.F("starts_at"),
                    stops_at__lte=models.F("ends_at"),
                ),
            ),
            models.CheckConstraint(
                name="substitution_of_no_administrator", condition=~Q(role=Role.ADMINISTRATOR)
            ),
            models.CheckConstraint(
                name="substitution_end_has_facts",
                condition=Q(
                    end_kind="", ended_by=None, ended_at=None, reason="", stops_at=models.F("ends_at")
                )
                | Q(
                    end_kind=SubstitutionEnd.WITHDRAWN,
                    ended_by__isnull=False,
                    ended_at__isnull=False,
                    reason="",
                )
                | Q(
                    end_kind=SubstitutionEnd.REFUSED,
                    ended_by__isnull=False,
                    ended_at__isnull=False,
                    confirmed_at=None,
                )
                & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="substitution_confirmed_by_two",
                condition=Q(approved_by=None, approved_at=None, confirmed_by=None, confirmed_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False)
                & ~Q(approved_by=models.F("absent"))
                & ~Q(approved_by=models.F("substitute"))
                & (
                    Q(confirmed_by=None, confirmed_at=None)
                    | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=models.F("approved_by"))
                    & ~Q(confirmed_by=models.F("absent"))
                    & ~Q(confirmed_by=models.F("substitute"))
                ),
            ),
        ]

    def state(self, at: datetime) -> str:
        """waiting | coming | in_force | over | withdrawn | refused, from the dates."""
        if self.end_kind and self.ended_at is not None and at >= self.ended_at:
            return str(self.end_kind)
        held_until = self.membership.valid_to
        if at >= self.stops_at or (held_until is not None and at >= held_until):
            return "over"
        if self.needs_administrators and self.confirmed_at is None:
            return "waiting"
        return "coming" if at < self.starts_at else "in_force"

    @property
    def needs_administrators(self) -> bool:
        return self.role in POWER_ROLES

    @property
    def last_day(self) -> date:
        """The last day of the leave, in Bishkek."""
        return dates.last_day(self.ends_at)


class RulesAcceptance(models.Model):
    """An organisation's signatory accepted the portal's rules of signing, once a version; before it nobody signs."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="rules_acceptances")
    version = models.PositiveSmallIntegerField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "version"], name="rules_accepted_once"),
        ]
