from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    OBLAST = "oblast", _("Oblast")
    RAION = "raion", _("Raion")
    CITY = "city", _("City")
    CITY_DISTRICT = "city_district", _("City district")
    AIYL_AIMAK = "aiyl_aimak", _("Aiyl aimak")


class NoteStatus(TextChoices):
    """How far the row is verified; shown wherever the name is."""

    VERIFIED = "verified", _("Code and names verified")
    UNVERIFIED = "unverified", _("Code not confirmed")
    PRE_REFORM = "pre_reform", _("As of 2021, before the reform of 2024–25")
