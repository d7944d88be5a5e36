"""Papers of the open version: explanatory note, comparison table, and the like."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput
from apps.core.typed import clean_text
from apps.documents import services as documents
from apps.documents import uploads
from apps.draft_acts.enums import Paper, TextLanguage
from apps.draft_acts.models import Attachment

from ._common import act_for_editing

MOST_PAPERS = 60  # of a version; more is a mistake or an attack


@transaction.atomic
def add_attachment(
    *,
    actor: User,
    act_id: int,
    paper: str,
    data: bytes,
    filename: str,
    at: datetime,
    language: str = "",
    title: str = "",
) -> Attachment:
    """Attach a paper to the open version. The file is looked at first; nothing is kept of a refused one.

    Raises NotAllowed, VersionFrozen, InvalidInput.
    """
    media_type = _inspected(data, filename)  # before the lock: a large file takes a while
    act, version = act_for_editing(actor=actor, act_id=act_id)
    if paper not in Paper.values:
        raise InvalidInput(fields={"paper": [_("Choose a kind of paper from the list.")]})
    if language and language not in TextLanguage.values:
        raise InvalidInput(fields={"language": [_("Choose a language from the list.")]})
    if version.attachments.count() >= MOST_PAPERS:
        raise InvalidInput(
            fields={"file": [_("There are too many papers. Remove one before attaching another.")]}
        )
    title = clean_text(title, one_line=True)
    if len(title) > 300:
        raise InvalidInput(fields={"title": [_("The title of a paper has at most 300 characters.")]})
    attachment = Attachment.objects.create(
        version=version,
        paper=paper,
        language=language,
        title=title,
        file=documents.store_file(data=data, media_type=media_type, at=at),
        filename=uploads.clean_filename(filename),
        uploaded_at=at,
        uploaded_by=actor,
    )
    audit.record(
        actor=actor,
        action="attachment.added",
        target=attachment,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"paper": paper, "version": version.number, "sha256": attachment.file.sha256},
    )
    return attachment


def _inspected(data: bytes, filename: str) -> str:
    try:
        return uploads.inspect_upload(data, filename)
    except uploads.BadUpload as refusal:
        raise InvalidInput(fields={"file": [refusal.message]}) from refusal


@transaction.atomic
def remove_attachment(*, actor: User, act_id: int, attachment_id: int, at: datetime) -> None:
    """Take a paper out of the open version; gone already is no fault. Raises NotAllowed, VersionFrozen."""
    act, version = act_for_editing(actor=actor, act_id=act_id)
    attachment = version.attachments.select_related("file").filter(pk=attachment_id).first()
    if attachment is None:
        return
    audit.record(
        actor=actor,
        action="attachment.removed",
        target=attachment,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"paper": attachment.paper, "version": version.number, "sha256": attachment.file.sha256},
    )
    attachment.delete()
