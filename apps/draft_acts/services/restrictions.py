"""A paper is closed to the public, with ground, officer and term, and opened again. That it exists stays public."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.clock import local_date
from apps.core.dates import last_day
from apps.core.errors import InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.deadlines.rules import end_of
from apps.draft_acts import policies, selectors
from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.models import Attachment, DraftAct, PaperRestriction

LONGEST_TERM = timedelta(days=3653)  # ten years: what lies beyond is a mistake of typing
LONGEST = {"ground": 2000, "officer_name": 200, "officer_position": 200, "event": 1000, "reason": 2000}
_ONE_LINE = frozenset({"officer_name", "officer_position"})


class PaperIsOpen(TransitionNotAllowed):
    """There is nothing to open: the paper is not closed, or its term is over."""

    code = "paper_is_open"
    message = _("This paper is not restricted, or its term is over already.")


@dataclass(frozen=True)
class Restriction:
    """What the signatory states."""

    ground: str
    officer_name: str
    officer_position: str
    last_day: date
    event: str


@transaction.atomic
def restrict_paper(
    *, actor: User, attachment_id: int, stated: Mapping[str, Any], lang: str, at: datetime
) -> PaperRestriction:
    """Close the file of a paper to the public from now until the end of a day in Bishkek.

    `stated`: ground (the norm), officer_name, officer_position, last_day (a date), event (what ends it earlier; may be
    empty: the signatory then opens the paper). Stated again while one runs, the new one takes its place without a gap;
    the same again changes nothing. Before registration it keeps the paper from becoming public at all.
    Raises NotAllowed, InvalidInput.
    """
    paper, act = _locked(attachment_id)
    require(policies.can_restrict(actor, act))
    asked = _checked(stated, at)
    running = selectors.restricted(act, at).get(paper.file_id)
    if running is not None and _said(running) == asked:
        return running
    step = PaperRestriction.objects.create(
        act=act,
        file_id=paper.file_id,
        closes=True,
        ground=asked.ground,
        officer_name=asked.officer_name,
        officer_position=asked.officer_position,
        event=asked.event,
        lang=_language(lang),
        ends_at=end_of(asked.last_day),
        decided_at=at,
        decided_by=actor,
    )
    _record("attachment.restricted", actor, paper, act, at, until=asked.last_day.isoformat())
    return step


@transaction.atomic
def open_paper(*, actor: User, attachment_id: int, reason: str, lang: str, at: datetime) -> PaperRestriction:
    """Open a restricted paper before its term ends. Raises NotAllowed, PaperIsOpen, InvalidInput."""
    paper, act = _locked(attachment_id)
    require(policies.can_restrict(actor, act))
    if paper.file_id not in selectors.restricted(act, at):
        raise PaperIsOpen()
    text, problems = _cleaned("reason", reason)
    if problems:
        raise InvalidInput(fields={"reason": problems})
    step = PaperRestriction.objects.create(
        act=act,
        file_id=paper.file_id,
        closes=False,
        ground=text,
        lang=_language(lang),
        decided_at=at,
        decided_by=actor,
    )
    _record("attachment.opened", actor, paper, act, at, reason=text)
    return step


def _locked(attachment_id: int) -> tuple[Attachment, DraftAct]:
    paper = Attachment.objects.select_related("version").get(pk=attachment_id)
    return paper, DraftAct.objects.locked(paper.version.act_id)


def _language(lang: str) -> str:
    return TextLanguage.RU if lang == TextLanguage.RU else TextLanguage.KY


def _said(step: PaperRestriction) -> Restriction:
    assert step.ends_at is not None
    return Restriction(
        ground=step.ground,
        officer_name=step.officer_name,
        officer_position=step.officer_position,
        last_day=last_day(step.ends_at),
        event=step.event,
    )


def _checked(stated: Mapping[str, Any], at: datetime) -> Restriction:
    texts: dict[str, str] = {}
    problems: dict[str, list[Any]] = {}
    for name in ("ground", "officer_name", "officer_position", "event"):
        texts[name], found = _cleaned(name, str(stated.get(name) or ""))
        if found:
            problems[name] = found
    day = stated.get("last_day")
    if not isinstance(day, date):
        problems["last_day"] = [_("Give the last day. A restriction without an end is not possible.")]
    elif not local_date(at) <= day <= local_date(at + LONGEST_TERM):
        problems["last_day"] = [_("The last day lies between today and ten years from now.")]
    if problems or not isinstance(day, date):
        raise InvalidInput(fields=problems)
    return Restriction(last_day=day, **texts)


_WANTED = {
    "ground": _("Name the norm that allows it: the act, its article. Everyone will read it."),
    "officer_name": _("Name the officer who is in charge of the restriction."),
    "officer_position": _("Give the position of the officer."),
    "reason": _("Give the reason, at least one sentence. It stays in the journal with this step."),
}


def _cleaned(name: str, typed: str) -> tuple[str, list[Any]]:
    text = clean_text(typed, one_line=name in _ONE_LINE)
    if not text and name in _WANTED:
        return text, [_WANTED[name]]
    if len(text) > LONGEST[name]:
        return text, [_("At most %(limit)s characters fit here.") % {"limit": LONGEST[name]}]
    return text, []


def _record(action: str, actor: User, paper: Attachment, act: DraftAct, at: datetime, **more: str) -> None:
    was_public = Attachment.objects.filter(version__act=act, file_id=paper.file_id).exclude(
        version__frozen_at=None
    )
    if not was_public.exists():
        action += "_unpublished"  # nobody outside knows yet that the paper is there
    # The officer's name stays out of the journal: names there are ids joined at reading.
    audit.record(
        actor=actor,
        action=action,
        target=paper,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"paper": paper.paper, "version": paper.version.number, **more},
    )
