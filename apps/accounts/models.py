import json
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.core import clock


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who signs in by e-mail; without a password the account waits for its invitation link."""
        user = self.model(email=self.normalize_email(email).strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. What a person may do comes from memberships (apps.organizations), never from a flag here."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    language = models.CharField(
        _("language of letters"), max_length=2, choices=settings.LANGUAGES, default="ky"
    )
    is_active = models.BooleanField(_("active"), default=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    contacts_erased_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)
    session_epoch = models.PositiveIntegerField(
        default=0, help_text="Raised to end every session of the person"
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.CheckConstraint(
                name="user_inactive_has_date",
                condition=models.Q(is_active=True, deactivated_at=None)
                | models.Q(is_active=False, deactivated_at__isnull=False),
            ),
            models.CheckConstraint(
                name="user_erased_is_closed",
                condition=models.Q(contacts_erased_at=None) | models.Q(is_active=False),
            ),
        ]

    def __str__(self) -> str:
        if self.full_name or self.contacts_erased_at is None:
            return self.full_name or self.email
        return str(_("Person No. %(number)s") % {"number": self.pk})

    # For whom the person takes a step as a substitute: noted by the question that opens it (organizations.policies),
    # read by the journal. Not a column.
    acting_for_id: int | None = None

    # Django's auth asks for these; no flag gives power over a file's legal course.
    is_staff = False
    is_superuser = False

    def is_portal_administrator(self) -> bool:
        """Whether the person administers the portal now; asked through the memberships, which live downstream."""
        kept = self.__dict__.get("_memberships_now")
        if kept is not None:
            return any(membership.role == "administrator" for membership in kept)
        return (
            self.is_active
            and self.memberships.filter(  # type: ignore[attr-defined]
                role="administrator", valid_to=None, organization__closed_at=None
            ).exists()
        )

    def holds_official_role(self) -> bool:
        """Whether the person acts for an organisation now; every role does. Asked as above."""
        kept = self.__dict__.get("_memberships_now")
        if kept is not None:
            return bool(kept)
        return self.memberships.filter(  # type: ignore[attr-defined]
            models.Q(valid_to=None) | models.Q(valid_to__gt=clock.now()), organization__closed_at=None
        ).exists()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # A raised epoch ends all sessions at their next request, as a new password does.
        return salted_hmac(
            "apps.accounts.session",
            f"{self.session_epoch}:{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable(self, at: datetime) -> "InvitationQuerySet":
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=at, user__is_active=True)


class Invitation(models.Model):
    """A one-time link by which an invited person sets a name and a password. Only its hash is kept."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_expires_later", condition=models.Q(expires_at__gt=models.F("created_at"))
            )
        ]


class ErasureGround(models.TextChoices):
    REQUEST = "request", _("the person asked for it")
    AUTHORITY = "authority", _("a body authorised by law demanded it")
    MISTAKE = "mistake", _("the account was made by mistake")
    TERM = "term", _("the term of keeping is over")


class Erasure(models.Model):
    """That the contacts of a person were erased, when and on what ground; never what they were. Append-only.

    The ledger by which a restored backup, in which they still stand, erases them again (apps.accounts.erasure).
    """

    person = models.OneToOneField(User, on_delete=models.PROTECT, related_name="erasure")
    erased_at = models.DateTimeField()
    ground = models.CharField(max_length=10, choices=ErasureGround)
    reference = models.CharField(max_length=200, blank=True)  # number and date of the request or decision
    erased_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    name_kept = models.BooleanField(help_text="The person acted for an organisation: the name is part of it")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erasure_has_its_ground",
                condition=models.Q(ground__in=[ErasureGround.TERM, ErasureGround.MISTAKE])
                | ~models.Q(reference=""),
            )
        ]


class KeptFormQuerySet(models.QuerySet["KeptForm"]):
    def of(self, person: Any, at: datetime) -> "KeptFormQuerySet":
        return self.filter(person_id=person.pk, expires_at__gt=at)

    def erase(self) -> int:
        """With their files; how many forms."""
        ids = list(self.values_list("pk", flat=True))
        KeptFile.objects.filter(form_id__in=ids).delete()
        KeptForm.objects.filter(pk__in=ids).delete()
        return len(ids)


class KeptForm(models.Model):
    """A form that waits for its person: sent after the session had ended, or a draft. See apps.accounts.kept."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    slot = models.CharField(max_length=64)  # one form, one row
    is_draft = models.BooleanField(default=False)
    action = models.CharField(max_length=1000)  # where it was going
    back = models.CharField(max_length=1000)  # the page it was on
    typed = (
        models.TextField()
    )  # JSON of [[name, value], …] as ASCII: a column of text takes no NUL, people do type it
    whole = models.BooleanField(default=True)  # False: a secret or a file was left out
    kept_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "slot"], name="kept_form_slot"),
            models.CheckConstraint(
                name="kept_form_expires_later", condition=models.Q(expires_at__gt=models.F("kept_at"))
            ),
        ]

    @property
    def fields(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in json.loads(self.typed)]


class KeptFile(models.Model):
    """A file of a kept form, as it came and unlooked at: it goes away with its form."""

    form = models.ForeignKey(KeptForm, on_delete=models.PROTECT, related_name="files")
    field = models.CharField(max_length=200)
    filename = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120, blank=True)
    data = models.BinaryField()
    size = models.PositiveIntegerField()
