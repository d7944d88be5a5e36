"""Files by content, numbers without gaps, and the official documents made of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .enums import DocumentKind, DocumentState


def both_languages() -> list[str]:
    return ["ky", "ru"]


class StoredFile(models.Model):
    """Bytes that never change, under the name of their SHA-256. The row is written after the bytes are on disk."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("stored file")
        constraints = [
            models.CheckConstraint(
                name="storedfile_sha256_is_hex", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.media_type})"

    @property
    def storage_name(self) -> str:
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


class NumberSequence(models.Model):
    """The last number given out for a kind in a year of Bishkek; see services.take_number."""

    kind = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_sequence_a_kind_and_year", fields=["kind", "year"])]

    def __str__(self) -> str:
        return f"{self.kind}-{self.year}"


class GeneratedDocumentQuerySet(models.QuerySet["GeneratedDocument"]):
    def locked_if_free(self, pk: int) -> "GeneratedDocument | None":
        """The row under lock, or None when another worker holds it (or it does not exist)."""
        return self.select_for_update(skip_locked=True).filter(pk=pk).first()

    def ready(self) -> "GeneratedDocumentQuerySet":
        return self.filter(state=DocumentState.READY)

    def public(self) -> "GeneratedDocumentQuerySet":
        return self.filter(public=True)

    def of_act(self, act_id: int) -> "GeneratedDocumentQuerySet":
        return self.filter(act_id=act_id)


class GeneratedDocument(models.Model):
    """One official document: what it says (canonical JSON and its hash H), and the file, rendered once and sealed.

    Frozen by the database: what it says from the beginning, the file from the moment it is ready. Who may
    see it is the owning stage's decision; `public` only tells that everybody may.
    """

    kind = models.CharField(max_length=10, choices=DocumentKind)
    number = models.CharField(max_length=40, null=True, blank=True, unique=True)
    source_type = models.CharField(max_length=80)  # app.model in lower case; no foreign key down the river
    source_id = models.BigIntegerField()
    act_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    canonical_json = models.TextField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.PENDING)
    public = models.BooleanField(default=False)
    languages = ArrayField(models.CharField(max_length=2), default=both_languages)
    template_version = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    annulled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)

    objects = GeneratedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.UniqueConstraint(
                name="one_document_a_kind_and_source", fields=["kind", "source_type", "source_id"]
            ),
            models.CheckConstraint(
                name="document_ready_has_file",
                condition=~Q(state="ready") | Q(file__isnull=False, rendered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="document_unready_has_no_file",
                condition=~Q(state__in=["pending", "failed"]) | Q(file__isnull=True, sealed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="document_json_has_hash",
                condition=Q(canonical_json__isnull=True, content_hash="")
                | Q(canonical_json__isnull=False, content_hash__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="document_annulled_has_time",
                condition=Q(state="annulled", annulled_at__isnull=False)
                | Q(annulled_at__isnull=True) & ~Q(state="annulled"),
            ),
        ]
        indexes = [
            models.Index(fields=["source_type", "source_id"], name="document_source"),
            models.Index(fields=["content_hash"], name="document_content", condition=~Q(content_hash="")),
            models.Index(fields=["created_at"], name="document_pending", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.kind} {self.source_type} {self.source_id}"

    @property
    def is_ready(self) -> bool:
        return self.state == DocumentState.READY

    @property
    def canonical(self) -> bytes | None:
        """The bytes whose SHA-256 is H."""
        return self.canonical_json.encode("utf-8") if self.canonical_json is not None else None

    @property
    def filename(self) -> str:
        """ASCII, the same in every language: PA-2026-0001.pdf."""
        ending = "zip" if self.file and self.file.media_type == "application/zip" else "pdf"
        return f"{self.number or f'{self.kind}-{self.source_id}'}.{ending}"
