"""The next draft from accepted proposals: choices are kept as they are typed, the draft is made of them in one step."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import GateClosed, InvalidInput, TransitionNotAllowed, VersionConflict, require
from apps.draft_acts import policies as act_policies
from apps.draft_acts import selectors as draft_acts
from apps.draft_acts import services as acts
from apps.draft_acts.enums import TextLanguage
from apps.draft_acts.models import DraftAct, DraftActVersion

from .. import merging
from ..conditions import address
from ..enums import MergeDecision
from ..models import MergeChoice, MergedProvision
from ._common import typed
from .places import is_answered

WORDINGS = ("wording_ky", "wording_ru")


class NotSettled(GateClosed):
    """Choices or words are missing; `unmet` lists them."""

    code = "not_settled"
    message = _("The next draft cannot be made yet. What is missing is listed below.")


class DraftHasOtherText(TransitionNotAllowed):
    """The version in the making says something else than the public one: it is not written over."""

    code = "draft_has_other_text"
    message = _(
        "The version that is being prepared has another text already. Go on in it, or throw it away and make the "
        "draft anew."
    )


@transaction.atomic
def save_merged(
    *, actor: User, act_id: int, eid: str, edit_version: int, fields: Mapping[str, Any], at: datetime
) -> MergedProvision:
    """Keep what was typed and chosen for one provision; `edit_version` is 0 when there was nothing.

    `fields`: wording_ky, wording_ru, untranslated, lang, and choices: {remark id: (decision, reason)}. Not journaled:
    it is saved every ten seconds and nobody else sees it. Raises NotAllowed, AnswersOutstanding, TransitionNotAllowed,
    InvalidInput, VersionConflict with what a colleague saved.
    """
    act = DraftAct.objects.locked(act_id)
    require(act_policies.can_prepare(actor, act))
    is_answered(act_id=act_id, at=at)
    unit = merging.plan(act).unit(eid)
    if unit is None:
        raise InvalidInput(_("No accepted proposal waits on this provision."))
    if unit.edit_version != edit_version:
        raise VersionConflict(stored(unit))
    row = MergedProvision.objects.filter(provision=unit.provision).first()
    row = row or MergedProvision(provision=unit.provision, edit_version=0)
    for name, value in typed(MergedProvision, WORDINGS, fields).items():
        setattr(row, name, value)
    row.untranslated = bool(fields.get("untranslated"))
    row.edit_version += 1
    row.updated_at, row.updated_by = at, actor
    choices = [_choice(unit, pk, *said) for pk, said in fields.get("choices", {}).items()]
    row.save()
    given = str(fields.get("lang", ""))
    lang = given if given in TextLanguage.values else str(TextLanguage.KY)
    for pk, values in choices:
        MergeChoice.objects.update_or_create(merged=row, remark_id=pk, defaults={**values, "lang": lang})
    return row


def _choice(unit: merging.Unit, remark_id: int, decision: str, reason: str) -> tuple[int, dict[str, str]]:
    """A choice fit to keep. Raises InvalidInput; fields are named after the remark."""
    if remark_id not in {proposal.remark.pk for proposal in unit.proposals}:
        raise InvalidInput(_("No accepted proposal waits on this provision."))
    try:
        values = typed(
            MergeChoice,
            ("decision", "reason"),
            {"decision": decision, "reason": reason},
            decision=MergeDecision.values,
        )
    except InvalidInput as refusal:
        raise InvalidInput(
            fields={f"{name}_{remark_id}": messages for name, messages in refusal.fields.items()}
        ) from refusal
    return remark_id, values


def stored(unit: merging.Unit) -> dict[str, Any]:
    """What a colleague needs to see after a conflict, by the names of the form."""
    found: dict[str, Any] = {f"wording_{lang}": words for lang, words in unit.typed.items()}
    for proposal in unit.proposals:
        found[f"decision_{proposal.remark.pk}"] = proposal.decision
        found[f"reason_{proposal.remark.pk}"] = proposal.reason
    return {**found, "edit_version": unit.edit_version}


def make_next_draft(*, actor: User, act_id: int, seen: str, at: datetime) -> DraftActVersion:
    """Make the next version's texts of what was taken: begun if it is not yet, waiting to be confirmed as an upload.

    `seen` is the plan that was looked at (`merging.Plan.seen`). Another plot than the usual one: the documents are
    written and read first, seconds perhaps, and no lock is held then. Raises NotAllowed, AnswersOutstanding,
    TransitionNotAllowed, NotSettled, ReadOtherwise (where), DraftHasOtherText, VersionConflict, InvalidInput.
    """
    act = DraftAct.objects.select_related("initiator").get(pk=act_id)
    require(act_policies.can_prepare(actor, act))
    is_answered(act_id=act_id, at=at)
    plan = merging.plan(act)
    if plan.seen != seen:
        raise VersionConflict()
    if unmet := merging.unmet(plan):
        raise NotSettled(unmet=unmet)
    made = []
    for language in plan.texts:
        merged = merging.merged(plan, language)
        if merged.changed:
            made.append(
                acts.make_text(
                    merged.act,
                    base=plan.texts[language],
                    language=language,
                    filename=f"{act.number}-{language}.docx",
                    url=address("next_draft", act.number),
                )
            )
    return _make(actor=actor, act_id=act_id, plan=plan, made=made, at=at)


@transaction.atomic
def _make(
    *, actor: User, act_id: int, plan: merging.Plan, made: list[acts.MadeText], at: datetime
) -> DraftActVersion:
    act = DraftAct.objects.locked(act_id)
    require(act_policies.can_prepare(actor, act))
    answered = is_answered(act_id=act_id, at=at)
    if merging.plan(act).seen != plan.seen:
        raise VersionConflict()
    begun = draft_acts.open_version(act)
    if begun is not None and not acts.says_the_same(begun, plan.version):
        raise DraftHasOtherText()
    version = acts.new_version(actor=actor, act_id=act_id, at=at, answered=answered)
    for text in made:
        acts.put_made_text(
            actor=actor, act_id=act_id, made=text, to_translate=plan.to_translate(text.language), at=at
        )
    for language in plan.texts:
        behind = plan.to_translate(language)
        if behind and language not in {text.language for text in made}:
            acts.doubt_text(actor=actor, act_id=act_id, language=language, to_translate=behind, at=at)
    audit.record(
        actor=actor,
        action="proposals.merged",
        target=version,
        at=at,
        organization_id=act.initiator_id,
        act_id=act.pk,
        data={
            "version": version.number,
            "of": plan.version.number,
            **{str(d): [p.remark.pk for p in plan.proposals() if p.decision == d] for d in MergeDecision},
            "to_translate": {language: plan.to_translate(language) for language in plan.texts},
        },
    )
    return version
