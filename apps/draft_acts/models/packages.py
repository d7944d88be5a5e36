"""A bill and the drafts of its bylaws, considered as one."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .acts import DraftAct

USER = settings.AUTH_USER_MODEL


class ActPackage(models.Model):
    """A bill with its bylaw drafts and papers. Its address is the number of the bill.

    Frozen by the database when the consultation on the bill opens, together with the texts of its members.
    """

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=40, unique=True, null=True)  # of the package list, taken when frozen

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="package_frozen_has_list",
                condition=Q(frozen_at=None, number=None) | Q(frozen_at__isnull=False, number__isnull=False),
            ),
        ]


class PackageMember(models.Model):
    """An act in a package: its bill, or the draft of one of its bylaws. An act is in at most one package."""

    package = models.ForeignKey(ActPackage, on_delete=models.PROTECT, related_name="members")
    act = models.OneToOneField(DraftAct, on_delete=models.PROTECT, related_name="package_place")
    is_bill = models.BooleanField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package"], condition=Q(is_bill=True), name="package_one_bill"),
        ]
