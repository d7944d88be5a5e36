"""Requests of the API that are done once."""

from django.conf import settings
from django.db import models

USER = settings.AUTH_USER_MODEL


class IdempotencyRecord(models.Model):
    """An Idempotency-Key of the API: the same key gives the same answer, and the work is done once."""

    user = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    use_case = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    response = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "use_case", "key"], name="idempotency_key_unique"),
        ]
