"""Reference norms: found when a text is confirmed, confirmed or dismissed by the initiator's people, added by hand."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import InvalidInput, TransitionNotAllowed, require
from apps.core.typed import clean_text
from apps.draft_acts import norms, policies, screened, selectors
from apps.draft_acts.enums import NormAuthority, NormOrigin, NormState, TextLanguage
from apps.draft_acts.models import DraftAct, DraftActVersion, ReferenceNorm

LONGEST_REASON, LONGEST_PHRASE = 2000, 2000
MOST_NORMS = 2000  # of a version; a code of 350 kB has some 200


class NormsAreSettled(TransitionNotAllowed):
    """The consultation is open: reference norms stay as they are."""

    code = "norms_are_settled"
    message = _("Reference norms are decided before the consultation opens. They stay as they are now.")


def look_for_norms(version: DraftActVersion, *, act: DraftAct, actor: User, at: datetime) -> None:
    """Find the norms of the confirmed texts of an open version anew; decisions stay where the place is the same.

    Another plot than the usual one: the caller holds the act under lock and has asked its policy.
    """
    texts = list(version.texts.exclude(confirmed_at=None))
    for text in texts:
        if text.screened is None:
            text.screened = screened.look_at(text.read)
            text.save(update_fields=["screened"])
    before = list(version.norms.order_by("number"))
    by_hand = [norm for norm in before if norm.origin == NormOrigin.HAND]
    placed = {t.language: {p["eid"]: p["text"] or "" for p in t.read["provisions"]} for t in texts}
    kept = [norm for norm in by_hand if not norms.lost(norm, placed)]
    earlier = [norm for norm in before if norm.origin == NormOrigin.PORTAL]
    rows = []
    for found in norms.level({text.language: text.screened for text in texts})[:MOST_NORMS]:
        same = next((norm for norm in earlier if norms.is_same(norm, found)), None)
        if same is not None:
            earlier.remove(same)
        rows.append(_found(version, found, same))
    version.norms.exclude(pk__in=[norm.pk for norm in kept]).delete()
    taken = {norm.number for norm in kept}
    free = (n for n in range(1, len(rows) + len(taken) + 1) if n not in taken)
    for row, number in zip(rows, free, strict=False):
        row.number = number
    ReferenceNorm.objects.bulk_create(rows)
    audit.record(
        actor=actor,
        action="norms.found",
        target=version,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={
            "version": version.number,
            "found": len(rows),
            "undecided": sum(row.state == NormState.FOUND for row in rows),
            "lost": len(by_hand) - len(kept),
        },
    )


_DECISION = ("state", "reason", "lang", "decided_at", "decided_by_id", "fulfilled_by_id")


def _found(version: DraftActVersion, found: norms.Found, same: ReferenceNorm | None) -> ReferenceNorm:
    row = ReferenceNorm(version=version, origin=NormOrigin.PORTAL, **found)
    if same is not None:
        for name in _DECISION:
            setattr(row, name, getattr(same, name))
    return row


@transaction.atomic
def decide_norms(
    *, actor: User, act_id: int, numbers: Iterable[int], decision: str, reason: str, lang: str, at: datetime
) -> list[ReferenceNorm]:
    """Confirm or dismiss reference norms of the version that is worked on, with one reason for all of them.

    A dismissal needs its reason; it is public with the version. The same decision again changes nothing.
    Raises NotAllowed, NormsAreSettled, InvalidInput.
    """
    act, version = _open(actor, act_id)
    problems: dict[str, list[Any]] = {}
    reason = clean_text(reason)
    wanted = set(numbers)
    chosen = list(version.norms.filter(number__in=wanted).order_by("number"))
    if not wanted or len(chosen) != len(wanted):
        problems["norms"] = [_("Choose the reference norms that you decide on.")]
    if decision not in {NormState.CONFIRMED, NormState.DISMISSED}:
        problems["decision"] = [_("Say whether you confirm or dismiss.")]
    elif decision == NormState.DISMISSED and not reason:
        problems["reason"] = [_("Give the reason, at least one sentence. Everyone will read it.")]
    if len(reason) > LONGEST_REASON:
        problems["reason"] = [_("At most %(limit)s characters fit here.") % {"limit": LONGEST_REASON}]
    if problems:
        raise InvalidInput(fields=problems)
    changed = [norm for norm in chosen if (norm.state, norm.reason) != (decision, reason)]
    for norm in changed:
        norm.state, norm.reason, norm.lang = decision, reason, _language(lang) if reason else ""
        norm.decided_at, norm.decided_by = at, actor
        if decision == NormState.DISMISSED:
            norm.fulfilled_by = None
        norm.save(update_fields=["state", "reason", "lang", "decided_at", "decided_by", "fulfilled_by"])
        _record(f"norm.{decision}", actor, norm, act, version, at)
    return changed


@transaction.atomic
def add_norm(
    *, actor: User, act_id: int, stated: Mapping[str, Any], lang: str, at: datetime
) -> ReferenceNorm:
    """Add a reference norm that the portal did not see; it is confirmed with that.

    `stated`: eid of the provision, language, phrase (as it stands in that provision), authority, delegated, reason
    (may be empty). Raises NotAllowed, NormsAreSettled, InvalidInput.
    """
    act, version = _open(actor, act_id)
    language, phrase = str(stated.get("language") or ""), clean_text(str(stated.get("phrase") or ""))
    typed = {name: clean_text(str(stated.get(name) or "")) for name in ("delegated", "reason")}
    provision = version.provisions.filter(eid=str(stated.get("eid") or "")).first()
    problems: dict[str, list[Any]] = {}
    if provision is None:
        problems["eid"] = [_("Choose a provision from the list.")]
    if language not in TextLanguage.values:
        problems["language"] = [_("Choose a language from the list.")]
    if stated.get("authority") not in NormAuthority.values:
        problems["authority"] = [_("Choose the body that is to issue the bylaw.")]
    for name, text in (("phrase", phrase), *typed.items()):
        if len(text) > LONGEST_PHRASE:
            problems[name] = [_("At most %(limit)s characters fit here.") % {"limit": LONGEST_PHRASE}]
    start = -1
    if not phrase:
        problems["phrase"] = [_("Copy the words of the provision that leave the rule to a bylaw.")]
    elif provision is not None and language in TextLanguage.values:
        start = (provision.text_ky if language == TextLanguage.KY else provision.text_ru).find(phrase)
        if start < 0:
            problems.setdefault("phrase", []).append(
                _("These words do not stand in that provision. Copy them exactly.")
            )
        elif version.norms.filter(eid=provision.eid, **{f"phrase_{language}": phrase}).exists():
            problems["phrase"] = [_("This norm is in the list already.")]
    if problems or provision is None:
        raise InvalidInput(fields=problems)
    last = version.norms.order_by("-number").values_list("number", flat=True).first() or 0
    norm = ReferenceNorm.objects.create(
        version=version,
        number=last + 1,
        eid=provision.eid,
        authority=stated["authority"],
        origin=NormOrigin.HAND,
        state=NormState.CONFIRMED,
        reason=typed["reason"],
        lang=_language(lang) if typed["reason"] else "",
        decided_at=at,
        decided_by=actor,
        **{
            f"phrase_{language}": phrase,
            f"start_{language}": start,
            f"delegated_{language}": typed["delegated"],
        },
    )
    _record("norm.added", actor, norm, act, version, at)
    return norm


def _open(actor: User, act_id: int) -> tuple[DraftAct, DraftActVersion]:
    """The act under lock and the version whose norms are decided now."""
    act = DraftAct.objects.locked(act_id)
    require(policies.can_decide_norms(actor, act))
    version = selectors.working_version(act)
    if act.state not in policies.BEFORE_OPENING and version.frozen_at is not None:
        raise NormsAreSettled()
    return act, version


def _language(lang: str) -> str:
    return TextLanguage.RU if lang == TextLanguage.RU else TextLanguage.KY


def _record(
    action: str, actor: User, norm: ReferenceNorm, act: DraftAct, version: DraftActVersion, at: datetime
) -> None:
    if version.frozen_at is None:
        action += "_unpublished"  # nobody outside sees this version yet
    audit.record(
        actor=actor,
        action=action,
        target=norm,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={"version": version.number, "number": str(norm.number), "eid": norm.eid},
    )
