from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.draft_acts.enums import TextLanguage
from apps.organizations.models import Organization
from apps.reviews.models import Consultation, Remark, Review

from .enums import PointOutcome, ProtocolKind, ProtocolState, Side, SignatureMethod, SignatureStatus

USER = settings.AUTH_USER_MODEL


class ConciliationMeeting(models.Model):
    """The meeting on what was left to settle: when, where, who was there, who recorded it. May serve several reviews."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="meetings")
    day = models.DateField(_("day of the meeting"))
    place = models.CharField(_("place or link"), max_length=500)
    recorder = models.CharField(_("recorded by (name)"), max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    edit_version = models.PositiveIntegerField(default=1, db_default=1)  # two people, one page


class Attendee(models.Model):
    """Who was there, for which side."""

    meeting = models.ForeignKey(ConciliationMeeting, on_delete=models.PROTECT, related_name="attendees")
    side = models.CharField(max_length=12, choices=Side)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    position = models.CharField(_("position"), max_length=300, blank=True)


class AgendaPoint(models.Model):
    """A maintained objection or an unanswered remark before the meeting, and its outcome. Frozen with the protocol."""

    meeting = models.ForeignKey(ConciliationMeeting, on_delete=models.PROTECT, related_name="points")
    remark = models.OneToOneField(Remark, on_delete=models.PROTECT, related_name="agenda_point")
    outcome = models.CharField(_("outcome"), max_length=12, choices=PointOutcome, blank=True)
    wording_ky = models.TextField(_("wording in Kyrgyz"), max_length=20000, blank=True)
    wording_ru = models.TextField(_("wording in Russian"), max_length=20000, blank=True)
    note = models.TextField(_("note"), max_length=10000, blank=True)
    lang = models.CharField(max_length=2, choices=TextLanguage, default=TextLanguage.KY)
    entered_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    edit_version = models.PositiveIntegerField(default=1, db_default=1)  # two people, one page

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="point_compromise_has_wording",
                condition=~Q(outcome=PointOutcome.COMPROMISE) | ~Q(wording_ky="") | ~Q(wording_ru=""),
            ),
            models.CheckConstraint(
                name="point_outcome_entered_by_someone",
                condition=Q(outcome="") | Q(entered_at__isnull=False, entered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="point_frozen_has_outcome", condition=Q(frozen_at=None) | ~Q(outcome="")
            ),
        ]


class AgreementProtocol(models.Model):
    """The protocol of one opinion with remarks. Fixed text: `canonical` is protocol.json, `content_hash` is H."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="protocols")
    kind = models.CharField(max_length=2, choices=ProtocolKind)
    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=ProtocolState, default=ProtocolState.FIXED)
    fixed_at = models.DateTimeField()
    fixed_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    open_points = models.PositiveSmallIntegerField()
    canonical = models.TextField()
    content_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(null=True, blank=True)
    annulled_at = models.DateTimeField(null=True, blank=True)
    annulment_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review"], condition=~Q(state=ProtocolState.ANNULLED), name="protocol_one_a_review"
            ),
            models.CheckConstraint(
                name="protocol_kind_is_arithmetic",
                condition=Q(kind=ProtocolKind.AGREEMENT, open_points=0)
                | Q(kind=ProtocolKind.DISAGREEMENTS, open_points__gt=0),
            ),
            models.CheckConstraint(
                name="protocol_state_has_fact",
                condition=Q(state=ProtocolState.FIXED, signed_at=None, annulled_at=None)
                | Q(state=ProtocolState.SIGNED, signed_at__isnull=False, annulled_at=None)
                | Q(state=ProtocolState.ANNULLED, annulled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ProtocolPoint(models.Model):
    """A frozen copy of one remark's way, linked to its remark. Append-only."""

    protocol = models.ForeignKey(AgreementProtocol, on_delete=models.PROTECT, related_name="points")
    position = models.PositiveSmallIntegerField()
    remark = models.ForeignKey(Remark, on_delete=models.PROTECT, related_name="protocol_points")
    outcome = models.CharField(max_length=20)  # settled | compromise | withdrawn | open | accepted | noted …
    data = models.JSONField()  # the point as it stands in protocol.json

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["protocol", "position"], name="protocol_point_position"),
            models.UniqueConstraint(fields=["protocol", "remark"], name="protocol_point_remark"),
        ]


class Signature(models.Model):
    """A side's signature over H, or its refusal. Append-only; one a side."""

    protocol = models.ForeignKey(AgreementProtocol, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=12, choices=Side)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=10, choices=SignatureMethod, default=SignatureMethod.PORTAL)
    status = models.CharField(max_length=10, choices=SignatureStatus, default=SignatureStatus.SIGNED)
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["protocol", "side"], name="signature_one_a_side"),
        ]
