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
from apps.legal_text import provisions, steps, undoing
from apps.legal_text.errors import MendingRefused

from ._common import act_for_editing
from .texts import NoText, rebuild_provisions, sizes

MOST = 1000  # steps on one text


class TooManySteps(TransitionNotAllowed):
    """So many steps that another file is the shorter way."""

    code = "too_many_steps"
    message = _("This text was mended very many times. Correct the file instead and give it again.")


class NothingToUndo(TransitionNotAllowed):
    """The text is as the reader made it."""

    code = "nothing_to_undo"
    message = _("Nothing in this text has been mended by hand.")


class NoWayBack(TransitionNotAllowed):
    """The step does not give the reading before it: the text was changed past the portal, or nothing was kept."""

    code = "no_way_back"
    message = _(
        "What stood here before this step cannot be had back exactly, so nothing was changed. Give the file again."
    )


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
    after = provisions.as_dict(mended.act)
    taken = MendingStep.objects.create(
        text=text,
        number=done + 1,
        operation=dict(operation),
        eid=mended.eid,
        way_back=undoing.way_back(text.read, after),
        before_hash=undoing.fingerprint(text.read),
        done_at=at,
        done_by=actor,
    )
    _store(text, after, version)
    _record("text.mended", actor, act, text, at, taken)
    return taken


@transaction.atomic
def undo_mending(*, actor: User, act_id: int, language: str, step: int | None, at: datetime) -> VersionText:
    """Take the last step back: the text is to the letter as it was before, waiting to be confirmed.

    Nothing is read or done again, so it is that reading whatever the parser has learnt since.
    Raises NotAllowed, VersionFrozen, NoText, NothingToUndo, NoWayBack (nothing is changed), VersionConflict.
    """
    act, version = act_for_editing(actor=actor, act_id=act_id)
    text, _done = _text(version, language, step)
    last = text.steps.order_by("number").last()
    if last is None:
        raise NothingToUndo()
    before = _before(text, last)
    _record("text.mending_undone", actor, act, text, at, last)
    last.delete()
    _store(text, before, version)
    return text


def _before(text: VersionText, last: MendingStep) -> dict[str, Any]:
    """The reading before the last step."""
    if last.way_back is not None:
        before = undoing.go_back(text.read, last.way_back)
        if undoing.fingerprint(before) != last.before_hash:
            raise NoWayBack()
        return before
    if last.before is None:  # taken by an earlier version, which kept the way to another reading only
        raise NoWayBack()
    return dict(last.before)


def _text(version: DraftActVersion, language: str, step: int | None) -> tuple[VersionText, int]:
    """The text and the number of its steps, if it is the one that was looked at."""
    text = version.texts.filter(language=language).first()
    if text is None:
        raise NoText()
    done = text.steps.count()
    if step is not None and step != done:
        raise VersionConflict()
    return text, done


def _store(text: VersionText, read: dict[str, Any], version: DraftActVersion) -> None:
    text.read = read
    text.confirmed_at = text.confirmed_by = None
    text.screened = None  # what was seen in it is looked for anew when it is confirmed
    for name, value in sizes(provisions.from_dict(read)).items():
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
