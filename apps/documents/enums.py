"""Kinds and states of the documents the portal produces."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """The value is the Latin prefix of the number, the same in every language."""

    NOTIFICATION = "NC", _("Notification of consultation")
    DELIVERY_NOTE = "DN", _("Delivery note")
    RECEIPT = "RC", _("Receipt of filing")
    OPINION = "OP", _("Consolidated opinion")
    ANSWERS = "AT", _("Table of answers")
    MINUTES = "ME", _("Minutes of the meeting")
    NOTE_OF_EXPIRY = "NE", _("Note of expiry")
    NOTE_OF_AGREEMENT = "NA", _("Note of agreement")
    PROTOCOL_OF_AGREEMENT = "PA", _("Protocol of agreement")
    PROTOCOL_OF_DISAGREEMENTS = "PD", _("Protocol of disagreements")
    CERTIFICATE = "CC", _("Certificate of consultation")
    PACKAGE_LIST = "PL", _("Package list")
    DOSSIER = "DOSSIER", _("Dossier")

    @property
    def json_name(self) -> str:
        """Name under which the canonical JSON lies inside the PDF."""
        return JSON_NAMES.get(self, "document.json")


JSON_NAMES = {
    DocumentKind.NOTIFICATION: "notification.json",
    DocumentKind.RECEIPT: "receipt.json",
    DocumentKind.OPINION: "opinion.json",
    DocumentKind.ANSWERS: "answers.json",
    DocumentKind.MINUTES: "minutes.json",
    DocumentKind.NOTE_OF_EXPIRY: "note.json",
    DocumentKind.NOTE_OF_AGREEMENT: "note.json",
    DocumentKind.PROTOCOL_OF_AGREEMENT: "protocol.json",
    DocumentKind.PROTOCOL_OF_DISAGREEMENTS: "protocol.json",
    DocumentKind.CERTIFICATE: "certificate.json",
    DocumentKind.PACKAGE_LIST: "package.json",
}
SIGNATURES_NAME = "signatures.json"


class DocumentState(models.TextChoices):
    PENDING = "pending", _("Being prepared")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be prepared")
    ANNULLED = "annulled", _("Annulled")


class SignatureMethod(models.TextChoices):
    PORTAL = "portal", _("signed in the portal")
    CMS = "cms", _("detached electronic signature")
    PADES = "pades", _("signature in the file")
    SEAL = "seal", _("seal of the portal")


class SignatureStatus(models.TextChoices):
    SIGNED = "signed", _("signed")
    REFUSED = "refused", _("refused to sign")


class Side(models.TextChoices):
    """Who speaks: the left or the right half of the mark."""

    STATE = "state", _("State body")
    COMMUNITIES = "communities", _("Association")
