"""What a draft act still lacks: before registration, and as the gates G1 and G2 of a consultation."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.core import clock
from apps.core.conditions import Condition, Unmet
from apps.deadlines import selectors as deadlines
from apps.deadlines.enums import BylawGate
from apps.deadlines.enums import Paper as RequiredPaper
from apps.deadlines.models import ProcedureTemplate

from . import functions, norms, packages, selectors
from .enums import BILLS, NormState, TextLanguage
from .models import DraftAct, DraftActVersion, ScopeStatement, VersionText

_TEXT_OF = {RequiredPaper.TEXT_KY: TextLanguage.KY, RequiredPaper.TEXT_RU: TextLanguage.RU}
_NO_TEXT = {
    TextLanguage.KY: _("The text in Kyrgyz is missing."),
    TextLanguage.RU: _("The text in Russian is missing."),
}
_UNCONFIRMED = {
    TextLanguage.KY: _("The Kyrgyz text is there, but nobody has confirmed that it was recognised rightly."),
    TextLanguage.RU: _("The Russian text is there, but nobody has confirmed that it was recognised rightly."),
}
_NO_PAPER = {
    RequiredPaper.EXPLANATORY_NOTE: _("The explanatory note is missing."),
    RequiredPaper.COMPARISON_TABLE: _("The comparison table is missing: the act amends other acts."),
    RequiredPaper.FUNCTION_CARD: _("The function card is not filled in."),
    RequiredPaper.IMPACT_STATEMENT: _("The impact statement is missing."),
}
_NO_TITLE = {
    TextLanguage.KY: _("The title in Kyrgyz is missing."),
    TextLanguage.RU: _("The title in Russian is missing."),
}


def unmet_of(
    act: DraftAct,
    required: Collection[str],
    texts: Mapping[str, VersionText],
    papers: Collection[str],
    *,
    titles: bool = False,
) -> list[Unmet]:
    """What is missing, seen from rows that are read already. `required` holds codes of deadlines.enums.Paper."""
    page = _place(act)
    owner = act.initiator.name(get_language() or "ky")
    unmet = []
    if titles:
        for language in TextLanguage:
            if not act_title(act, language):
                message = _NO_TITLE[language]
                unmet.append(Unmet(f"no_title_{language}", message, f"{page}#id_title_{language}", owner))
    for paper in required:
        needed = _TEXT_OF.get(RequiredPaper(paper))
        if needed is None:
            if paper not in papers:
                place = f"{page}#papers"
                if page and paper == RequiredPaper.FUNCTION_CARD:
                    place = reverse("act_prepare_functions", args=[act.token])
                unmet.append(Unmet(f"no_{paper}", _NO_PAPER[RequiredPaper(paper)], place, owner))
        elif needed not in texts:
            unmet.append(Unmet(f"no_{paper}", _NO_TEXT[needed], f"{page}#text-{needed}", owner))
        elif not texts[needed].confirmed_at:
            place = f"{page}#text-{needed}"
            if page:
                place = reverse("act_text_check", args=[act.token, needed])
            unmet.append(Unmet(f"unconfirmed_{paper}", _UNCONFIRMED[needed], place, owner))
    return unmet


def act_title(act: DraftAct, language: str) -> str:
    return act.title_ky if language == TextLanguage.KY else act.title_ru


def _place(act: DraftAct) -> str:
    """Where the lack is met. A registered act is mended by a new version; the way there begins on the act's page."""
    return reverse("act_prepare", args=[act.token]) if act.is_preparing else ""


def unmet_papers(
    act: DraftAct, *, at: datetime | None = None, template: ProcedureTemplate | None = None
) -> list[Unmet]:
    """G1: papers the template asks for by kind of act, and both texts confirmed, in the version that counts.

    Without `template` the one in force `at` (now, when it is not given).
    """
    if template is None:
        template = deadlines.current_template(at=at or clock.now())
    return unmet_papers_of(act, selectors.current_version(act), template)


def unmet_papers_of(act: DraftAct, version: DraftActVersion, template: ProcedureTemplate) -> list[Unmet]:
    required = deadlines.required_papers(template, act.kind, amending=act.amending)
    texts = {text.language: text for text in version.texts.defer("read", "screened")}
    papers = set(version.attachments.values_list("paper", flat=True)) - {RequiredPaper.FUNCTION_CARD.value}
    if RequiredPaper.FUNCTION_CARD in required and functions.card(version).is_complete:
        papers.add(RequiredPaper.FUNCTION_CARD.value)
    return unmet_of(act, required, texts, papers)


def unmet_registration(act: DraftAct, version: DraftActVersion) -> list[Unmet]:
    """Without these nothing can become public: titles and confirmed texts in both languages.

    Other papers may be missing; the consultation does not open before they are there (G1).
    """
    texts = {text.language: text for text in version.texts.defer("read", "screened")}
    return unmet_of(act, list(_TEXT_OF), texts, set(), titles=act.is_preparing)


def unmet_scope(act: DraftAct) -> list[Unmet]:
    """G2: the signed scope statement says that the act touches local self-government."""
    scope = ScopeStatement.objects.filter(act=act).first()
    owner = act.initiator.name(get_language() or "ky")
    if scope is None:
        place = reverse("act_register", args=[act.token]) if act.is_preparing else ""
        return [Unmet("scope_unsigned", _("The scope statement is not signed."), place, owner)]
    if not scope.touches_lsg:
        message = _("The signed scope statement says that the act does not touch local self-government.")
        return [Unmet("out_of_scope", message, "", owner)]
    return []


def unmet_opening(act: DraftAct, *, at: datetime) -> list[Unmet]:
    """Everything that keeps the consultation on a registered act from opening: G1, G2, and G7 where it is asked here."""
    template = deadlines.current_template(at=at)
    unmet = [*unmet_papers(act, template=template), *unmet_scope(act)]
    if template.bylaws_at == BylawGate.OPENING:
        unmet += gate_bylaws(act, template=template).unmet
    return [*unmet, *_unmet_members(act)]


def _unmet_members(act: DraftAct) -> list[Unmet]:
    """A package is frozen with public texts only. Said to who opens, and nowhere else: such a draft is closed."""
    place = reverse("act_prepare_package", args=[act.token])
    owner = act.initiator.name(get_language() or "ky")
    message = _("A draft of the package is not registered yet: register it or take it out.")
    waiting = [member for member in packages.members_of_bill(act) if member.act.is_preparing]
    return [Unmet(f"bylaw_not_public_{n}", message, place, owner) for n, _member in enumerate(waiting, 1)]


def gate_papers(
    act: DraftAct, *, at: datetime | None = None, template: ProcedureTemplate | None = None
) -> Condition:
    """G1 as it is shown."""
    unmet = unmet_papers(act, at=at, template=template)
    detail = "" if unmet else _("Texts in both languages and every paper that this kind of act needs.")
    return Condition(
        "G1", _("Required papers are complete"), "unmet" if unmet else "met", detail, tuple(unmet)
    )


def gate_scope(act: DraftAct) -> Condition:
    """G2 as it is shown."""
    unmet = unmet_scope(act)
    detail = "" if unmet else _("The statement says that the act touches local self-government.")
    return Condition(
        "G2", _("The scope statement is signed"), "unmet" if unmet else "met", detail, tuple(unmet)
    )


_G7 = _("Every confirmed reference norm has its bylaw draft in the package")


def gate_bylaws(
    act: DraftAct, *, template: ProcedureTemplate, version: DraftActVersion | None = None
) -> Condition:
    """G7: a bill on local self-government goes together with the drafts of the bylaws that it leaves rules to.

    `version`: of the round; without one the version that counts. "Not applicable" says why. A norm nobody decided on is
    unmet too: else the gate would be passed by not looking.
    """
    if not template.bylaws_at:
        reason = _("The version of the procedure that applies to this file does not ask for bylaw drafts.")
        return Condition("G7", _G7, "not_applicable", reason)
    if act.kind not in BILLS:
        return Condition("G7", _G7, "not_applicable", _("The act is not a bill."))
    scope = ScopeStatement.objects.filter(act=act).first()
    if scope is not None and not scope.touches_lsg:
        reason = _("The signed scope statement says that the act does not touch local self-government.")
        return Condition("G7", _G7, "not_applicable", reason)
    version = version or selectors.current_version(act)
    page = norms.norms_page(version)
    confirmed = [row for row in page.rows if row.norm.state == NormState.CONFIRMED]
    unmet = _unmet_norms(act, page)
    if unmet:
        return Condition("G7", _G7, "unmet", "", tuple(unmet))
    if not confirmed:
        reason = (
            _("Every reference norm that was found is dismissed, each with its public reason.")
            if page.rows
            else _("The text has no reference norm.")
        )
        return Condition("G7", _G7, "not_applicable", reason)
    return Condition("G7", _G7, "met", _("The package holds the draft of every bylaw that the bill needs."))


def _unmet_norms(act: DraftAct, page: norms.NormsPage) -> list[Unmet]:
    """One for each norm that is undecided or lacks its draft, and one for a text that was never looked at."""
    owner = act.initiator.name(get_language() or "ky")
    place = (
        reverse("act_prepare_norms", args=[act.token])
        if act.is_preparing
        else reverse("act_norms", args=[act.number])
    )
    if not page.looked_at:
        message = _(
            "The text was confirmed before the portal looked for reference norms. A new version mends it."
        )
        return [Unmet("norms_not_looked_for", message, place, owner)]
    unmet = []
    members = {m.pk: m for m in packages.members_of_bill(act)}
    for row in page.rows:
        link = f"{place}#norm-{row.norm.number}"
        if row.norm.state == NormState.FOUND:
            message = _(
                "%(place)s: nobody has said yet whether it needs a bylaw (reference norm %(number)s)."
            )
        elif row.norm.state == NormState.CONFIRMED and not packages.is_there(
            members.get(row.norm.fulfilled_by_id or 0)
        ):
            message = _("%(place)s leaves a rule to a bylaw, and its draft is not in the package.")
        else:
            continue
        code = "norm_undecided" if row.norm.state == NormState.FOUND else "no_bylaw_draft"
        said = message % {"place": row.name, "number": row.norm.number}
        unmet.append(Unmet(f"{code}_{row.norm.number}", said, link, owner))
    return unmet
