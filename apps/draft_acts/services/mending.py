"""A drafter mends what was recognised in a text: step by step, each undone when it was wrong."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, TransitionNotAllowed, VersionConflict
from apps.draft_acts.models import DraftAct, DraftActVersion, MendingStep, VersionText
from apps.legal_text import provisions, steps
from apps.legal_text.errors import MendingRefused
from apps.legal_text.provisions import ReadAct

from ._common import act_for_editing
from .texts import NoText, rebuild_provisions, sizes

MOST = 1000  # steps on one text
KEPT_EVERY = 20  # steps: the reading before each of these is kept, and undoing goes on from the nearest


class TooManySteps(TransitionNotAllowed):
    """So many steps that another file is the shorter way."""

    code = "too_many_steps"
    message = _("This text was mended very many times. Correct the file instead and give it again.")


class NothingToUndo(TransitionNotAllowed):
    """The text is as the reader made it."""

    code = "nothing_to_undo"
    message = _("Nothing in this text has been mended by hand.")


@transaction.atomic
def mend_text(
    *, actor: User, act_id: int, language: str, operation: Mapping[str, Any], step: int | None, at: datetime
) -> MendingStep:
    """One operation (see legal_text.steps) on the text of the open version; it then waits to be confirmed again.

    `step`: how many steps the person had seen. Raises NotAllowed, VersionFrozen, NoText, TooManySteps, VersionConflict,
    InvalidInput (the operation makes no sense there; nothing is changed).
    """
    act, version = act_for_editing(actor=actor, act_id=act_id)
    text, done = _text(version, language, step)
    if done >= MOST:
        raise TooManySteps()
    try:
        mended = steps.apply(provisions.from_dict(text.read), operation)
    except MendingRefused as refusal:
        # The reader of texts knows no Django: its messages are msgids.
        raise InvalidInput(fields={"mending": [gettext(refusal.message)]}) from refusal
    taken = MendingStep.objects.create(
        text=text,
        number=done + 1,
        operation=dict(operation),
        eid=mended.eid,
        before=text.read if done % KEPT_EVERY == 0 else None,
        done_at=at,
        done_by=actor,
    )
    _store(text, mended.act, version)
    _record("text.mended", actor, act, text, at, taken)
    return taken


@transaction.atomic
def undo_mending(*, actor: User, act_id: int, language: str, step: int | None, at: datetime) -> VersionText:
    """Take the last step back: the text is as it was before, waiting to be confirmed.

    Raises NotAllowed, VersionFrozen, NoText, NothingToUndo, VersionConflict.
    """
    act, version = act_for_editing(actor=actor, act_id=act_id)
    text, _done = _text(version, language, step)
    kept = text.steps.filter(before__isnull=False).order_by("number").last()
    if kept is None or kept.before is None:
        raise NothingToUndo()
    *again, last = text.steps.filter(number__gte=kept.number).defer("before").order_by("number")
    read = provisions.from_dict(kept.before)
    for taken in again:
        read = steps.apply(read, taken.operation).act
    _record("text.mending_undone", actor, act, text, at, last)
    last.delete()
    _store(text, read, version)
    return text


def _text(version: DraftActVersion, language: str, step: int | None) -> tuple[VersionText, int]:
    """The text and the number of its steps, if it is the one that was looked at."""
    text = version.texts.filter(language=language).first()
    if text is None:
        raise NoText()
    done = text.steps.count()
    if step is not None and step != done:
        raise VersionConflict()
    return text, done


def _store(text: VersionText, read: ReadAct, version: DraftActVersion) -> None:
    text.read = provisions.as_dict(read)
    text.confirmed_at = text.confirmed_by = None
    text.screened = None  # what was seen in it is looked for anew when it is confirmed
    for name, value in sizes(read).items():
        setattr(text, name, value)
    text.save(update_fields=["read", "confirmed_at", "confirmed_by", "screened", "characters", "articles"])
    rebuild_provisions(version)


def _record(
    action: str, actor: User, act: DraftAct, text: VersionText, at: datetime, step: MendingStep
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=text,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={
            "language": text.language,
            "version": text.version.number,
            "step": step.number,
            "do": step.operation["do"],
            "eid": step.operation["eid"],
        },
    )
