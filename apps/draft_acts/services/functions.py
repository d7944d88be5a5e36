"""The function card of the open version: functions entered, changed and taken out, or none stated."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput
from apps.core.typed import clean_text
from apps.draft_acts.enums import FunctionChange, PowerKind, TextLanguage
from apps.draft_acts.models import CardFunction, DraftAct, DraftActVersion, NoFunction

from ._common import act_for_editing

MOST_FUNCTIONS = 300  # of a version; more is a mistake or an attack
LARGEST_SUM = 10**15  # so'm
LONGEST = {"function": 1000, "holder_before": 300, "holder_after": 300, "source": 500, "reason": 2000}
_WANTED = {
    "function": _("Name the function: what has to be done."),
    "holder_before": _("Say who holds the function now."),
    "holder_after": _("Say who holds the function afterwards."),
    "reason": _("Say in a sentence why no function changes. Everyone will read it."),
}
_HOLDERS: dict[str, tuple[str, ...]] = {
    FunctionChange.CREATES: ("holder_after",),
    FunctionChange.MOVES: ("holder_before", "holder_after"),
    FunctionChange.REMOVES: ("holder_before",),
}


@transaction.atomic
def save_function(
    *, actor: User, act_id: int, stated: Mapping[str, Any], lang: str, at: datetime, number: int | None = None
) -> CardFunction:
    """Enter a function into the card of the open version, or change the one of that number.

    `stated`: eid, change, function, holder_before, holder_after, power, source (empty: no source of money), yearly_som
    (a whole number of so'm). A statement that there is no function falls away with it.
    Raises NotAllowed, VersionFrozen, InvalidInput.
    """
    act, version = act_for_editing(actor=actor, act_id=act_id)
    known = version.functions.filter(number=number).first() if number is not None else None
    if number is not None and known is None:
        raise InvalidInput(fields={"function": [_("This function is not in the card any more.")]})
    values = _checked(version, stated)
    if known is None and version.functions.count() >= MOST_FUNCTIONS:
        raise InvalidInput(fields={"function": [_("There are too many functions in this card.")]})
    row = known or CardFunction(version=version, number=_next(version))
    for name, value in values.items():
        setattr(row, name, value)
    row.lang, row.entered_at, row.entered_by = _language(lang), at, actor
    NoFunction.objects.filter(version=version).delete()
    row.save()
    _record("function.changed" if known else "function.entered", actor, row, act, version, at)
    return row


@transaction.atomic
def remove_function(*, actor: User, act_id: int, number: int, at: datetime) -> None:
    """Take a function out of the card; gone already is no fault. Raises NotAllowed, VersionFrozen."""
    act, version = act_for_editing(actor=actor, act_id=act_id)
    row = version.functions.filter(number=number).first()
    if row is None:
        return
    _record("function.removed", actor, row, act, version, at)
    row.delete()


@transaction.atomic
def state_no_function(*, actor: User, act_id: int, reason: str, lang: str, at: datetime) -> NoFunction:
    """State that the version creates, moves and removes no function of local self-government.

    Raises NotAllowed, VersionFrozen, InvalidInput (functions are in the card, or no reason is given).
    """
    act, version = act_for_editing(actor=actor, act_id=act_id)
    text, problem = _text("reason", reason)
    if not problem and version.functions.exists():
        problem = _("The card names functions. Take them out before stating that there is none.")
    if problem or not text:
        raise InvalidInput(fields={"reason": [problem or _WANTED["reason"]]})
    NoFunction.objects.filter(version=version).delete()
    row = NoFunction.objects.create(
        version=version, reason=text, lang=_language(lang), entered_at=at, entered_by=actor
    )
    _record("function.none", actor, row, act, version, at)
    return row


def _checked(version: DraftActVersion, stated: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"eid": str(stated.get("eid") or "")}
    problems: dict[str, list[Any]] = {}
    change = str(stated.get("change") or "")
    needed = ("function", *_HOLDERS.get(change, ()))
    for name in ("function", "holder_before", "holder_after", "source"):
        values[name], problem = _text(name, stated.get(name))
        if problem or (name in needed and not values[name]):
            problems[name] = [problem or _WANTED[name]]
    if change not in FunctionChange.values:
        problems["change"] = [_("Say what the provision does with the function.")]
    elif change == FunctionChange.MOVES and values["holder_before"] == values["holder_after"] != "":
        problems["holder_after"] = [_("A function that moves has another holder afterwards.")]
    if stated.get("power") not in PowerKind.values:
        problems["power"] = [_("Say whether it is an own or a delegated power.")]
    if not version.provisions.filter(eid=values["eid"]).exists():
        problems["eid"] = [_("Choose a provision from the list.")]
    amount = stated.get("yearly_som")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= LARGEST_SUM:
        problems["yearly_som"] = [_("Give the sum a year in so'm, a whole number; 0 when it costs nothing.")]
    if problems:
        raise InvalidInput(fields=problems)
    return {**values, "change": change, "power": stated["power"], "yearly_som": amount}


def _text(name: str, typed: Any) -> tuple[str, Any]:
    text = clean_text(str(typed or ""), one_line=name != "reason")
    if len(text) > LONGEST[name]:
        return text, _("At most %(limit)s characters fit here.") % {"limit": LONGEST[name]}
    return text, None


def _next(version: DraftActVersion) -> int:
    last: int | None = version.functions.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _language(lang: str) -> str:
    return TextLanguage.RU if lang == TextLanguage.RU else TextLanguage.KY


def _record(
    action: str,
    actor: User,
    row: CardFunction | NoFunction,
    act: DraftAct,
    version: DraftActVersion,
    at: datetime,
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=row,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"version": version.number},
    )
