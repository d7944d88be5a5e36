"""The structured text of a version as a file: Word, and Akoma Ntoso 3.0. As it was read and mended, not as it came."""

import dataclasses
from functools import lru_cache

from apps.core.clock import local_date
from apps.documents import uploads
from apps.legal_text import akn, docx_export, provisions

from .models import VersionText

FORMS = {"docx": uploads.DOCX, "xml": "application/akn+xml"}
PUBLISHER = {"ky": "Макулдашуу", "ru": "Макулдашуу"}


def exported(text: VersionText, form: str) -> bytes:
    """The text with `form` of FORMS; its version, act and initiator are read with it. A public one is made once."""
    return _kept(text.pk, form) if text.version.frozen_at else _made(text, form)


@lru_cache(maxsize=16)
def _kept(text_id: int, form: str) -> bytes:
    """A public text never changes; a code takes a second of work, so this process keeps the last ones."""
    return _made(VersionText.objects.select_related("version__act__initiator").get(pk=text_id), form)


def _made(text: VersionText, form: str) -> bytes:
    read = dataclasses.replace(provisions.from_dict(text.read), language=text.language)
    if form == "docx":
        return docx_export.export(read)
    act, version = text.version.act, text.version
    day = local_date(version.frozen_at or version.created_at)
    work = akn.Work(
        number=act.number or "draft",
        date=local_date(act.registered_at or act.created_at),
        version_date=day,
        produced=day,
        author=act.initiator.name(text.language),
        publisher=PUBLISHER[text.language],
        version=version.number,
    )
    return akn.export(read, work)
