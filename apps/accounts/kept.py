"""Forms that wait for their person: sent after the session had ended, or drafts of a form that is not sent yet.

Another plot than the usual one: what waits is nobody's act yet and no part of any file, so it is not journaled. It is
shown to its own person only, given back after sign-in, and erased at its use or when its time is over.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum

from .models import KeptFile, KeptForm, User

LOST_FOR = timedelta(hours=24)
DRAFT_FOR = timedelta(days=14)
MOST = 40  # forms of a person; the oldest make room
MOST_BYTES = 100 * 1024 * 1024  # of files of a person
FRAME = frozenset({"csrfmiddlewaretoken", "kept_form", "draft_of", "draft_part"})
_LOCKS = frozenset({"version", "content_hash", "next"})  # what a page started from; not what somebody typed
_SECRETS = ("password", "token", "code")

Fields = list[tuple[str, str]]


@dataclass(frozen=True)
class SentFile:
    """A file of a form: the field it came in, its name as it was sent, and its bytes."""

    field: str
    filename: str
    media_type: str
    data: bytes


def is_secret(name: str) -> bool:
    return any(secret in name.lower() for secret in _SECRETS)


def worth_keeping(fields: Iterable[tuple[str, str]]) -> bool:
    """Whether somebody filled something in, or only pressed a button."""
    return any(value.strip() and name not in FRAME | _LOCKS for name, value in fields)


@transaction.atomic
def keep(
    *, person_id: int, action: str, back: str, fields: Fields, files: Iterable[SentFile] = (), at: datetime
) -> KeptForm | None:
    """Keep a form that came after the session of its person had ended, for 24 hours. None: nobody by that id.

    `action` is where it was going, `back` the page it was sent from. Passwords and codes are left out, and so are files
    beyond what a person may leave here; `whole` says whether the form can be sent as it is. The same form kept again
    takes the place of the earlier one.
    """
    return _put(
        person_id, _slot(action, fields), action, back, fields, list(files), at, at + LOST_FOR, draft=False
    )


@transaction.atomic
def save_draft(*, person_id: int, page: str, part: str = "", fields: Fields, at: datetime) -> KeptForm | None:
    """Keep what a person typed into a form of a page and did not send yet, for two weeks; no file, no secret."""
    return _put(
        person_id, draft_slot(page, part), page, page, fields, [], at, at + DRAFT_FOR, draft=True
    )  # fmt: skip


def _put(
    person_id: int,
    slot: str,
    action: str,
    back: str,
    fields: Fields,
    files: list[SentFile],
    at: datetime,
    until: datetime,
    *,
    draft: bool,
) -> KeptForm | None:
    if User.objects.select_for_update(no_key=True).filter(pk=person_id, is_active=True).first() is None:
        return None
    kept = [(name, value) for name, value in fields if name not in FRAME and not is_secret(name)]
    left_out = any(is_secret(name) for name, _value in fields if name not in FRAME)
    own = KeptForm.objects.filter(person_id=person_id)
    own.filter(slot=slot).erase()
    own.order_by("-kept_at", "-pk")[MOST - 1 :].erase()
    room = MOST_BYTES - (
        KeptFile.objects.filter(form__person_id=person_id).aggregate(sum=Sum("size"))["sum"] or 0
    )
    form = KeptForm.objects.create(
        person_id=person_id,
        slot=slot,
        is_draft=draft,
        action=action,
        back=back,
        typed=json.dumps(kept),
        kept_at=at,
        expires_at=until,
    )
    for file in files:
        if len(file.data) > min(room, settings.UPLOAD_MAX_BYTES):
            left_out = True
            continue
        room -= len(file.data)
        KeptFile.objects.create(
            form=form,
            field=file.field[:200],
            filename=file.filename[:255],
            media_type=file.media_type[:120],
            data=file.data,
            size=len(file.data),
        )
    if left_out:
        KeptForm.objects.filter(pk=form.pk).update(whole=False)
        form.whole = False
    return form


def _slot(action: str, fields: Fields) -> str:
    """One place for each form: its address and its choices. What is typed may change, the place stays."""
    chosen = sorted(
        (name, value)
        for name, value in fields
        if name not in FRAME | _LOCKS and not is_secret(name) and len(value) < 20 and not value.count(" ")
    )
    return hashlib.sha256(json.dumps([action, chosen]).encode()).hexdigest()


def draft_slot(page: str, part: str) -> str:
    """The same page in another language is the same page."""
    path = re.sub(r"^/(?:ky|ru|en)/", "/", page.partition("?")[0])
    return hashlib.sha256(json.dumps(["draft", path, part]).encode()).hexdigest()


# --- reading: always of one person, never what is over --------------------------------------------------


def waiting(person: Any, *, at: datetime) -> QuerySet[KeptForm]:
    """Forms that were sent too late for their session, newest first."""
    return KeptForm.objects.of(person, at).filter(is_draft=False).order_by("-kept_at", "-pk")


def drafts(person: Any, *, page: str, parts: Iterable[str] = ("",), at: datetime) -> dict[str, KeptForm]:
    """What the person typed into the forms of a page and did not send, by part of the page."""
    slots = {draft_slot(page, part): part for part in parts}
    return {
        slots[form.slot]: form
        for form in KeptForm.objects.of(person, at).filter(is_draft=True, slot__in=slots)
    }


# --- erasing --------------------------------------------------------------------------------------------


@transaction.atomic
def erase(*, person: Any, form_id: int) -> None:
    """It was used, or its person threw it away. Another person's is not touched."""
    KeptForm.objects.filter(person_id=person.pk, pk=form_id).erase()


@transaction.atomic
def erase_draft(*, person: Any, page: str, part: str = "") -> None:
    KeptForm.objects.filter(person_id=person.pk, slot=draft_slot(page, part)).erase()


@transaction.atomic
def erase_over(*, at: datetime) -> int:
    """Everything whose time is over; how many forms."""
    return KeptForm.objects.filter(expires_at__lte=at).erase()
