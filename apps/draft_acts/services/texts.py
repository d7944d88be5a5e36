"""The text of the open version: read apart from everything, shown for confirmation, confirmed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, VersionConflict, require
from apps.documents import services as documents
from apps.documents import uploads
from apps.draft_acts import policies, screened
from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.models import DraftAct, DraftActVersion, Provision, VersionText
from apps.legal_text import normalize, provisions, sandbox
from apps.legal_text.errors import UnreadableText
from apps.legal_text.odt_package import is_opendocument
from apps.legal_text.provisions import PARSER_VERSION, ReadAct

from ._common import act_for_editing
from .norms import look_for_norms

DEEPEST = 20
ENDINGS = {uploads.DOCX: ".docx", uploads.ODT: ".odt", uploads.PDF: ".pdf", uploads.TEXT: ".txt"}


class NoText(InvalidInput):
    """There is no text to confirm in this language."""

    code = "no_text"
    message = _("There is no text in this language yet.")


def upload_text(
    *, actor: User, act_id: int, language: str, data: bytes, filename: str, at: datetime
) -> VersionText:
    """Put a text into its place in the open version, in the stead of the one before it; it waits for confirmation.

    Another plot than the usual one: a child process reads the file first, seconds perhaps, and no lock is held then.
    Raises NotAllowed, VersionFrozen, InvalidInput (the file cannot be read; nothing is stored).
    """
    require(policies.can_prepare(actor, DraftAct.objects.get(pk=act_id)))
    if language not in TextLanguage.values:
        raise InvalidInput(fields={"language": [_("Choose a language from the list.")]})
    read, media_type = _read(data, filename)
    return _put(
        actor=actor,
        act_id=act_id,
        language=language,
        read=read,
        data=data,
        media_type=media_type,
        filename=_named(filename, media_type),
        at=at,
    )


def _read(data: bytes, filename: str) -> tuple[ReadAct, str]:
    """(what was recognised, media type). The kind of file is told by its content."""
    media_type = _media_type(data)
    try:
        if len(data) > settings.UPLOAD_MAX_BYTES:
            raise UnreadableText("too_large", f"{len(data)} bytes")
        if media_type in (uploads.DOCX, uploads.ODT):
            uploads.inspect_upload(data, f"text{ENDINGS[media_type]}")
        return sandbox.read_in_child(data, filename=filename), media_type
    except (UnreadableText, uploads.BadUpload) as refusal:
        if isinstance(refusal, UnreadableText):  # the other one is logged already
            uploads.log_refusal(refusal.code, data)
        raise InvalidInput(fields={"file": [_reason(refusal)]}) from refusal


def _media_type(data: bytes) -> str:
    if data.startswith(b"%PDF-"):
        return uploads.PDF
    if data.startswith(b"PK"):
        return uploads.ODT if is_opendocument(data) else uploads.DOCX
    return uploads.TEXT


def _reason(refusal: UnreadableText | uploads.BadUpload) -> Any:
    # The reader of texts knows no Django: its messages are msgids.
    return gettext(refusal.message) if isinstance(refusal, UnreadableText) else refusal.message


def _named(filename: str, media_type: str) -> str:
    """The name of the file as it came, with the ending of what it is."""
    name = uploads.clean_filename(filename)
    ending = ENDINGS[media_type]
    return name if name.lower().endswith(ending) else f"{name}{ending}"


@transaction.atomic
def _put(
    *,
    actor: User,
    act_id: int,
    language: str,
    read: ReadAct,
    data: bytes,
    media_type: str,
    filename: str,
    at: datetime,
) -> VersionText:
    act, version = act_for_editing(actor=actor, act_id=act_id)
    version.texts.filter(language=language).delete()
    text = VersionText.objects.create(
        version=version,
        language=language,
        file=documents.store_file(data=data, media_type=media_type, at=at),
        filename=filename,
        read=provisions.as_dict(read),
        parser_version=PARSER_VERSION,
        **sizes(read),
        uploaded_at=at,
        uploaded_by=actor,
    )
    rebuild_provisions(version)
    audit.record(
        actor=actor,
        action="text.uploaded",
        target=text,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={
            "language": language,
            "version": version.number,
            "sha256": text.file.sha256,
            "parser": PARSER_VERSION,
            "doubts": sorted({doubt.code for doubt in read.doubts}),
        },
    )
    return text


def sizes(read: ReadAct) -> dict[str, int]:
    """What decides whether the text is large."""
    return {
        "characters": len(provisions.plain_text(read)),
        "articles": sum(provision.kind == "article" for provision in read.provisions),
    }


def rebuild_provisions(version: DraftActVersion) -> None:
    """Provisions of both languages side by side, from what was read of each."""
    by_language = {text.language: provisions.from_dict(text.read).provisions for text in version.texts.all()}
    version.provisions.all().delete()
    depths: dict[str, int] = {}
    rows = []
    for position, pair in enumerate(normalize.align(by_language.get("ky"), by_language.get("ru")), start=1):
        present = pair.ky or pair.ru
        assert present is not None, "an aligned pair has at least one side"
        parent = present.parent or ""
        depths[pair.eid] = depths[parent] + 1 if parent in depths else 0
        rows.append(
            Provision(
                version=version,
                position=position,
                eid=pair.eid,
                parent_eid=parent,
                kind=pair.kind,
                number=present.number or "",
                depth=min(depths[pair.eid], DEEPEST),
                in_ky=pair.ky is not None,
                in_ru=pair.ru is not None,
                **_side(pair.ky, "ky"),
                **_side(pair.ru, "ru"),
            )
        )
    Provision.objects.bulk_create(rows, batch_size=500)


def _side(provision: provisions.Provision | None, language: str) -> dict[str, str]:
    return {
        f"{name}_{language}": (getattr(provision, name) or "") if provision else ""
        for name in ("label", "heading", "text")
    }


def confirm_text(
    *,
    actor: User,
    act_id: int,
    language: str,
    at: datetime,
    text_id: int | None = None,
    step: int | None = None,
) -> VersionText:
    """Confirm that a text was recognised rightly; confirmed already is no fault. Its reference norms are found.

    `text_id` and `step` (how many times it was mended) are the text that was looked at: VersionConflict when another
    one stands in its place meanwhile.

    Another plot than the usual one: the text is screened first, a second perhaps, and no lock is held then.
    Raises NotAllowed, VersionFrozen, NoText, VersionConflict.
    """
    require(policies.can_prepare(actor, DraftAct.objects.get(pk=act_id)))
    seen = VersionText.objects.filter(
        version__act=act_id, version__frozen_at=None, language=language, screened__isnull=True
    ).first()
    looked = (seen.read, screened.look_at(seen.read)) if seen is not None else None
    return _confirm(
        actor=actor, act_id=act_id, language=language, at=at, text_id=text_id, step=step, looked=looked
    )


@transaction.atomic
def _confirm(
    *,
    actor: User,
    act_id: int,
    language: str,
    at: datetime,
    text_id: int | None,
    step: int | None,
    looked: tuple[dict[str, Any], screened.Screened] | None,
) -> VersionText:
    act, version = act_for_editing(actor=actor, act_id=act_id)
    text = version.texts.filter(language=language).first()
    if text is None:
        raise NoText()
    mended = step is not None and text.steps.count() != step
    if mended or (text_id is not None and text.pk != text_id):
        raise VersionConflict()
    if text.confirmed_at:
        return text
    text.confirmed_at, text.confirmed_by = at, actor
    if looked is not None and looked[0] == text.read:
        text.screened = looked[1]
    text.save(update_fields=["confirmed_at", "confirmed_by", "screened"])
    audit.record(
        actor=actor,
        action="text.confirmed",
        target=text,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"language": language, "version": version.number},
    )
    look_for_norms(version, act=act, actor=actor, at=at)
    return text
