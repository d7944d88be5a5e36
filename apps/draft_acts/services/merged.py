"""A text made of merged provisions: written as a Word document, read again as any upload is, put into the open version.

What is read must be what was merged, provision by provision; otherwise nothing is stored, and the refusal says where.
"""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.conditions import Unmet
from apps.core.dates import language as page_language
from apps.core.errors import GateClosed
from apps.draft_acts.models import DraftActVersion, VersionText
from apps.draft_acts.naming import name_of
from apps.legal_text import docx_export, merging, messages, provisions
from apps.legal_text.provisions import Doubt, ReadAct

from ._common import act_for_editing
from .texts import NoText, _put, _read

MOST_PLACES = 20  # named in a refusal
TO_TRANSLATE, MENDED = "to_translate", "mended_before"


class ReadOtherwise(GateClosed):
    """The document made of the merged provisions reads otherwise; `unmet` says in which text and where."""

    code = "read_otherwise"
    message = _("Written as a document, these provisions would be read otherwise. Nothing was changed.")


@dataclass(frozen=True)
class MadeText:
    """A text as it will be stored: the document, and what was read of it."""

    language: str
    data: bytes
    media_type: str
    filename: str
    read: ReadAct


def make_text(act: ReadAct, *, base: ReadAct, language: str, filename: str, url: str = "") -> MadeText:
    """Write the provisions as DOCX and read them as an upload is read: a child process, seconds perhaps, no lock held.

    `base` is the text they were merged into. Where a person had mended it by hand, its own document reads otherwise in
    the same way: there the provisions stand as they were mended, with a doubt. Raises ReadOtherwise (each other place
    with the address `url`#eid), InvalidInput (the document is refused as an upload).
    """
    data, read, media_type = _written(act, language, filename)
    astray = merging.astray(act, read)
    if astray:
        _data, again, _type = _written(base, language, filename)
        mended = merging.astray(base, again)
        new = [eid for eid, parts in astray.items() if mended.get(eid) != parts]
        if new:
            here, said = page_language(), _PLACES[language]
            unmet = [
                Unmet(f"read_otherwise_{language}", said % {"place": name_of(eid, here)}, f"{url}#{eid}")
                for eid in new[:MOST_PLACES]
            ]
            raise ReadOtherwise(unmet=unmet)
        read = dataclasses.replace(
            read, provisions=act.provisions, doubts=(*_doubts(MENDED, act, astray), *act.doubts)
        )
    return MadeText(language, data, media_type, filename, read)


def _written(act: ReadAct, language: str, filename: str) -> tuple[bytes, ReadAct, str]:
    data = docx_export.export(dataclasses.replace(act, language=language))
    return data, *_read(data, filename)


_PLACES = {
    "ky": _("Kyrgyz text: %(place)s"),
    "ru": _("Russian text: %(place)s"),
}


@transaction.atomic
def put_made_text(
    *, actor: User, act_id: int, made: MadeText, to_translate: Collection[str] = (), at: datetime
) -> VersionText:
    """Put a made text into its place in the open version, as an upload; it waits for confirmation.

    `to_translate`: provisions that say something new in the other language only, a doubt each. Raises NotAllowed,
    VersionFrozen.
    """
    return _put(
        actor=actor,
        act_id=act_id,
        language=made.language,
        read=_doubted(made.read, to_translate),
        data=made.data,
        media_type=made.media_type,
        filename=made.filename,
        at=at,
    )


@transaction.atomic
def doubt_text(
    *, actor: User, act_id: int, language: str, to_translate: Collection[str], at: datetime
) -> VersionText:
    """Say of the open version's text which provisions are still to be translated: it is to be confirmed again.

    Raises NotAllowed, VersionFrozen, NoText.
    """
    act, version = act_for_editing(actor=actor, act_id=act_id)
    text = version.texts.filter(language=language).first()
    if text is None:
        raise NoText()
    text.read = provisions.as_dict(_doubted(provisions.from_dict(text.read), to_translate))
    text.confirmed_at = text.confirmed_by = None
    text.save(update_fields=["read", "confirmed_at", "confirmed_by"])
    audit.record(
        actor=actor,
        action="text.to_translate",
        target=text,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"language": language, "version": version.number, "eids": sorted(to_translate)},
    )
    return text


def _doubted(read: ReadAct, eids: Collection[str]) -> ReadAct:
    return dataclasses.replace(read, doubts=(*_doubts(TO_TRANSLATE, read, eids), *read.doubts))


def _doubts(code: str, read: ReadAct, eids: Collection[str]) -> list[Doubt]:
    return [
        Doubt(code, unit.eid, None, messages.DOUBTS[code]) for unit in read.provisions if unit.eid in eids
    ]


def says_the_same(version: DraftActVersion, other: DraftActVersion) -> bool:
    """Whether every text of one version reads as that of the other: nobody has worked on it yet."""
    one, two = (
        {text.language: provisions.from_dict(text.read).provisions for text in v.texts.all()}
        for v in (version, other)
    )
    return one == two
