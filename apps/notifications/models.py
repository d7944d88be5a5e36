from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxState(models.TextChoices):
    PENDING = "pending", _("waiting")
    DONE = "done", _("sent")
    FAILED = "failed", _("failed")
    SKIPPED = "skipped", _("skipped")


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def letters(self) -> "OutboxQuerySet":
        return self.exclude(template="")

    def due(self, at) -> "OutboxQuerySet":
        return self.filter(state=OutboxState.PENDING, next_attempt_at__lte=at)


class OutboxMessage(models.Model):
    """A side effect to be done once: a letter (template and ids) or a job. Written with the fact, done later.

    `key` is unique, so that no event ever causes the same side effect twice.
    """

    key = models.CharField(max_length=200, unique=True)
    task = models.CharField(
        max_length=80
    )  # the Celery task that does it: notifications.deliver, documents.render
    template = models.CharField(max_length=80, blank=True)  # of a letter, e.g. reviews.opened
    payload = models.JSONField(default=dict)  # ids only
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="letters"
    )
    language = models.CharField(max_length=2, blank=True)
    act_id = models.BigIntegerField(null=True, db_index=True)
    state = models.CharField(max_length=10, choices=OutboxState, default=OutboxState.PENDING)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbox_done_has_time",
                condition=models.Q(state="done", done_at__isnull=False) | ~models.Q(state="done"),
            ),
            models.CheckConstraint(
                name="outbox_letter_has_recipient",
                condition=models.Q(template="") | models.Q(recipient__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="outbox_due", condition=models.Q(state="pending")),
            models.Index(fields=["recipient", "-id"], name="outbox_recipient"),
            # What waits or was given up is counted once a minute, among all that was ever sent.
            models.Index(
                fields=["created_at"],
                name="outbox_unfinished",
                condition=models.Q(state__in=["pending", "failed"]),
            ),
        ]
