from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.documents.models import StoredFile
from apps.organizations import policies as organization_policies
from apps.organizations.models import Organization

from ..enums import ActKind, ActState, Paper, TextLanguage

USER = settings.AUTH_USER_MODEL


class DraftActQuerySet(models.QuerySet["DraftAct"]):
    def public(self) -> "DraftActQuerySet":
        """Registered: the act and its texts are public from registration on."""
        return self.exclude(state=ActState.PREPARING)

    def visible_to(self, user: Any) -> "DraftActQuerySet":
        """Public acts, and those still being prepared by the person's own organisation."""
        own = organization_policies.organization_ids(user, *organization_policies.STATE_SIDE)
        if not own:
            return self.public()
        return self.filter(~Q(state=ActState.PREPARING) | Q(initiator_id__in=own))

    def own(self, user: Any) -> "DraftActQuerySet":
        """Acts of the bodies in which the person is drafter or ministry signatory, in whatever state."""
        return self.filter(
            initiator_id__in=organization_policies.organization_ids(user, *organization_policies.STATE_SIDE)
        )

    def preparing_in(self, organization_ids: list[int]) -> "DraftActQuerySet":
        return self.filter(state=ActState.PREPARING, initiator_id__in=organization_ids)

    def locked(self, pk: int) -> "DraftAct":
        return self.select_for_update().get(pk=pk)


class DraftAct(models.Model):
    """A draft act from its preparing (random address, closed) to its end. Never merged with another."""

    token = models.CharField(max_length=24, unique=True)  # the random address while it is being prepared
    number = models.CharField(_("number"), max_length=12, unique=True, null=True, blank=True)  # 2026-0017
    kind = models.CharField(_("kind of act"), max_length=40, choices=ActKind)
    amending = models.BooleanField(_("amends other acts"), default=False)
    initiator = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="draft_acts")
    title_ky = models.TextField(_("title in Kyrgyz"), max_length=2000, blank=True)
    title_ru = models.TextField(_("title in Russian"), max_length=2000, blank=True)
    summary_ky = models.TextField(_("summary in Kyrgyz"), max_length=10000, blank=True)
    summary_ru = models.TextField(_("summary in Russian"), max_length=10000, blank=True)
    public_discussion_url = models.URLField(_("address of the public discussion"), max_length=500, blank=True)
    state = models.CharField(max_length=20, choices=ActState, default=ActState.PREPARING)
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    edit_version = models.PositiveIntegerField(default=1)  # optimistic lock of the preparing form
    registered_at = models.DateTimeField(null=True, blank=True)
    registered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(blank=True)
    state_changed_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)
    search_ky = SearchVectorField(null=True, editable=False)
    search_ru = SearchVectorField(null=True, editable=False)
    search_plain = models.TextField(
        blank=True, default="", editable=False
    )  # folded title words, for trigrams

    objects = DraftActQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft act")
        constraints = [
            models.CheckConstraint(
                name="act_public_has_number",
                condition=Q(state=ActState.PREPARING, number=None, registered_at=None, registered_by=None)
                | (
                    ~Q(state=ActState.PREPARING)
                    & Q(number__isnull=False, registered_at__isnull=False, registered_by__isnull=False)
                    & ~Q(title_ky="")
                    & ~Q(title_ru="")
                ),
            ),
            models.CheckConstraint(
                name="act_withdrawn_has_reason",
                condition=(Q(state=ActState.WITHDRAWN, withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""))
                | (~Q(state=ActState.WITHDRAWN) & Q(withdrawn_at=None)),
            ),
            models.CheckConstraint(name="act_state_known", condition=Q(state__in=ActState.values)),
        ]
        indexes = [
            models.Index(
                fields=["-registered_at", "-id"], name="act_register", condition=~Q(state="preparing")
            ),
            models.Index(fields=["state", "-registered_at", "-id"], name="act_state_newest"),
            models.Index(fields=["initiator", "-registered_at"], name="act_initiator"),
            GinIndex(fields=["search_ky"], name="act_search_ky"),
            GinIndex(fields=["search_ru"], name="act_search_ru"),
            GinIndex(fields=["search_plain"], name="act_search_plain", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.number or self.token

    @property
    def is_preparing(self) -> bool:
        return self.state == ActState.PREPARING

    @property
    def reference(self) -> str:
        """What the address names: the registration number, or the random token while preparing."""
        return self.number or self.token

    def title(self, language: str) -> str:
        return (self.title_ky if language == "ky" else self.title_ru) or self.title_ru or self.title_ky

    def get_absolute_url(self) -> str:
        return (
            reverse("act_prepare", args=[self.token])
            if self.is_preparing
            else reverse("act", args=[self.number])
        )


class DraftActVersion(models.Model):
    """One text of the act in both languages, with its papers. Frozen by the database when it becomes public."""

    act = models.ForeignKey(DraftAct, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    text_hash = models.CharField(
        max_length=64, blank=True
    )  # SHA-256 over the normalised provisions, both languages

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["act", "number"], name="version_number_unique"),
            models.UniqueConstraint(fields=["act"], condition=Q(frozen_at=None), name="version_one_open"),
            models.CheckConstraint(
                name="version_frozen_has_hash", condition=Q(frozen_at=None) | ~Q(text_hash="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} v{self.number}"


class VersionText(models.Model):
    """The text of a version in one language: the file as it came, and what the reader made of it."""

    version = models.ForeignKey(DraftActVersion, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=2, choices=TextLanguage)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    read = models.JSONField()  # legal_text.ReadAct as a dict: provisions, doubts; as mended by hand
    parser_version = models.CharField(max_length=20)
    characters = models.PositiveIntegerField()
    articles = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    screened = models.JSONField(
        null=True
    )  # what the portal saw in it (screened.look_at); null: not looked at

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="text_one_a_language"),
        ]


class MendingStep(models.Model):
    """A step by which a person mended what was recognised in a text, with the way back to the reading before it.

    Never changed; only the last one of a text that is not frozen goes, when it is undone. The database holds both.
    """

    text = models.ForeignKey(VersionText, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    operation = models.JSONField()  # of legal_text.steps.apply
    eid = models.CharField(max_length=200)  # the unit as it was called after the step
    way_back = models.JSONField(
        null=True
    )  # of legal_text.undoing: from the reading after it to the one before
    before_hash = models.CharField(
        max_length=64, blank=True, db_default=""
    )  # undoing.fingerprint of that one
    before = models.JSONField(
        null=True
    )  # that reading whole, where an earlier version of the portal took the step
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="mending_number_unique"),
            models.CheckConstraint(
                name="mending_has_way_back",
                condition=Q(before__isnull=False) | (Q(way_back__isnull=False) & ~Q(before_hash="")),
            ),
        ]


class Provision(models.Model):
    """A structural element of a version, ky and ru aligned by eid; what one language lacks is empty there."""

    version = models.ForeignKey(DraftActVersion, on_delete=models.PROTECT, related_name="provisions")
    position = models.PositiveIntegerField()
    eid = models.CharField(max_length=200)
    parent_eid = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=40, blank=True)
    depth = models.PositiveSmallIntegerField(default=0)
    label_ky = models.TextField(blank=True)
    heading_ky = models.TextField(blank=True)
    text_ky = models.TextField(blank=True)
    label_ru = models.TextField(blank=True)
    heading_ru = models.TextField(blank=True)
    text_ru = models.TextField(blank=True)
    in_ky = models.BooleanField(default=True)
    in_ru = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "eid"], name="provision_eid_unique"),
            models.UniqueConstraint(fields=["version", "position"], name="provision_position_unique"),
        ]

    def __str__(self) -> str:
        return self.eid


class VersionComparison(models.Model):
    """What a public version changed against the public one before it, in one language. Made once, append-only."""

    version = models.ForeignKey(DraftActVersion, on_delete=models.PROTECT, related_name="comparisons")
    previous = models.ForeignKey(DraftActVersion, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, choices=TextLanguage)
    method = models.CharField(
        max_length=20
    )  # of legal_text.compare, beside the parser's version of the texts
    compared = models.JSONField()  # legal_text.compare.Comparison as a dict
    changed = models.PositiveIntegerField()  # provisions that are not as they were
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="comparison_one_a_language"),
            models.CheckConstraint(
                name="comparison_of_two_versions", condition=~Q(version=models.F("previous"))
            ),
        ]


class Attachment(models.Model):
    """A paper of a version: explanatory note, comparison table, and the like."""

    version = models.ForeignKey(DraftActVersion, on_delete=models.PROTECT, related_name="attachments")
    paper = models.CharField(_("paper"), max_length=20, choices=Paper)
    language = models.CharField(_("language"), max_length=2, choices=TextLanguage, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    restriction: "PaperRestriction | None" = (
        None  # the one that runs, where a selector has looked (mark_restricted)
    )


class PaperRestriction(models.Model):
    """A step that closes the file of a paper to the public until a day, or opens it again. The last step rules.

    It holds for the same file wherever it stands in the act: a new version begins with copies of the papers. That the
    paper exists, on what ground it is closed, who is in charge and until when stays public. Append-only once the act
    is public.
    """

    act = models.ForeignKey(DraftAct, on_delete=models.PROTECT, related_name="restrictions")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    closes = models.BooleanField()
    ground = models.TextField()  # the norm that closes it; of an opening, its reason
    officer_name = models.CharField(max_length=200, blank=True)
    officer_position = models.CharField(max_length=200, blank=True)
    event = models.TextField(blank=True)  # what ends it earlier: then it is opened by hand
    lang = models.CharField(max_length=2, choices=TextLanguage)  # what was typed was typed in it
    ends_at = models.DateTimeField(null=True, blank=True)  # exclusive: the end of the last day in Bishkek
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="restriction_has_ground", condition=~Q(ground="")),
            models.CheckConstraint(
                name="restriction_has_officer_and_term",
                condition=Q(closes=True, ends_at__isnull=False, ends_at__gt=models.F("decided_at"))
                & ~Q(officer_name="")
                & ~Q(officer_position="")
                | Q(closes=False, ends_at=None, officer_name="", officer_position="", event=""),
            ),
        ]
        indexes = [models.Index(fields=["act", "file", "-id"], name="restriction_ruling")]

    def closed_at(self, at: datetime) -> bool:
        """Whether this step keeps the file closed at that moment: from time alone, no job ends it."""
        return self.closes and self.ends_at is not None and at < self.ends_at
