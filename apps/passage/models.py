from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.documents.models import StoredFile
from apps.draft_acts.models import DraftAct, DraftActVersion
from apps.organizations.models import Organization

from .enums import CertificateState, DecisionKind

USER = settings.AUTH_USER_MODEL


class Certificate(models.Model):
    """Issued by the portal when every gate of the door holds; counts the open disagreements."""

    act = models.ForeignKey(DraftAct, on_delete=models.PROTECT, related_name="certificates")
    version = models.ForeignKey(DraftActVersion, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=10, choices=CertificateState, default=CertificateState.IN_FORCE)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=64)
    open_points = models.PositiveSmallIntegerField()
    gates = models.JSONField()
    canonical = models.TextField()
    content_hash = models.CharField(max_length=64)
    annulled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act"], condition=Q(state=CertificateState.IN_FORCE), name="certificate_one_in_force"
            ),
            models.CheckConstraint(
                name="certificate_state_has_fact",
                condition=Q(state=CertificateState.IN_FORCE, annulled_at=None)
                | Q(state=CertificateState.ANNULLED, annulled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Decision(models.Model):
    """What a Cabinet or committee clerk recorded: submitted, returned, adopted, rejected. Append-only, public."""

    act = models.ForeignKey(DraftAct, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind)
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    day = models.DateField(_("date of the decision"))
    document_number = models.CharField(_("number of the decision"), max_length=80)
    text = models.TextField(_("text of the decision"), max_length=20000, blank=True)
    link = models.URLField(_("address of the decision"), max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_submitted_has_certificate",
                condition=~Q(kind=DecisionKind.SUBMITTED) | Q(certificate__isnull=False),
            ),
            models.CheckConstraint(name="decision_has_text_or_link", condition=~Q(text="") | ~Q(link="")),
        ]
        indexes = [models.Index(fields=["-day", "-id"], name="decision_day")]


class Dossier(models.Model):
    """The ZIP of all public things of an act at one state of the file, stored once."""

    act = models.ForeignKey(DraftAct, on_delete=models.PROTECT, related_name="dossiers")
    fingerprint = models.CharField(max_length=64)  # of the manifest: the same state gives the same dossier
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "fingerprint"], name="dossier_stored_once")]
