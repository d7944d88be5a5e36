from django.conf import settings
from django.db import models


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def of_act(self, act_id: int) -> "JournalQuerySet":
        return self.filter(act_id=act_id)


class JournalEntry(models.Model):
    """One line of the append-only journal. Ids, codes, hashes and times only: no names, addresses or free text.

    `hash` = SHA-256 over the canonical row and `previous_hash`; `seq` is taken inside an advisory lock.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(help_text="When the event happened by the portal's clock")
    recorded_at = models.DateTimeField(help_text="When the row was written, by the database")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    organization_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    act_id = models.BigIntegerField(null=True, db_index=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["action", "seq"], name="journal_action")]


class PublishedHead(models.Model):
    """The hash of the last row of a finished day, shown to everybody: who kept it can prove a later rewriting.

    Days follow each other without a gap; a day on which nothing was written repeats the head before it. Append-only.
    """

    day = models.DateField(primary_key=True, help_text="A day in Bishkek, by the moment a row was written")
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="published_head_is_a_row", condition=models.Q(seq__gte=1)),
        ]


class JournalCheck(models.Model):
    """What the daily walk along the whole chain found. One a day, append-only."""

    day = models.DateField(primary_key=True, help_text="The last published day at the time of the walk")
    checked_at = models.DateTimeField()
    rows = models.BigIntegerField()
    head_seq = models.BigIntegerField(null=True)
    head = models.CharField(max_length=64, blank=True)
    first_bad = models.BigIntegerField(null=True)
    heads_match = models.BooleanField(help_text="Whether every published head is still in the chain")

    @property
    def ok(self) -> bool:
        return self.first_bad is None and self.heads_match
