from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Gate(TextChoices):
    G1 = "G1", _("Required papers are complete")
    G2 = "G2", _("The scope statement is signed")
    G3 = "G3", _("Every association gave its opinion, or the expiry is established")
    G4 = "G4", _("Every remark is answered")
    G5 = "G5", _("Every maintained objection has an outcome of a meeting")
    G6 = "G6", _("Every review is closed by a protocol or a note")


class CertificateState(TextChoices):
    IN_FORCE = "in_force", _("in force")
    ANNULLED = "annulled", _("annulled")


class DecisionKind(TextChoices):
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    ADOPTED = "adopted", _("adopted")
    REJECTED = "rejected", _("rejected")
