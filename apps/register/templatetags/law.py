"""The text of an act and the remarks beside it, put together quickly: a code has hundreds of provisions and remarks.

Everything a person wrote is escaped here, as the templates would do it; the tag shows what it is given. Icons come
hundreds of times: each is drawn once at the end of the text and used by its name.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from apps.core import statuses, typography
from apps.core.dates import language
from apps.core.templatetags import mk
from apps.draft_acts import naming
from apps.register.selectors.text import MARK_CLOSE, MARK_OPEN

register = template.Library()

_SIDES = {"both": (("ky", 0), ("ru", 1)), "ky": (("ky", 0),), "ru": (("ru", 1),)}
_GROUPS = ("remark", "answer", "reply", "opinion")


def _icon(name: str) -> str:
    return f'<svg class="mk-i" aria-hidden="true"><use href="#i-{name}"/></svg>'


@lru_cache(maxsize=8)
def _sprite() -> str:
    """Every icon that a state beside the text can have, drawn once."""
    names = {status.icon for group in _GROUPS for status in statuses.STATUSES[group].values()}
    symbols = "".join(
        f'<symbol id="i-{name}" viewBox="0 0 24 24">{mk.icon_shape(name)}</symbol>'
        for name in sorted(names | {"plus", "talk", "diamond"})
    )
    return f'<svg class="mk-i mk-sprite" aria-hidden="true" focusable="false">{symbols}</svg>'


@lru_cache(maxsize=256)
def _state(group: str, code: str, here: str) -> str:
    """A status in the language `here`; there are few of them, and a page shows them hundreds of times."""
    status = statuses.get(group, code)
    return (
        f'<span class="mk-state" data-color="{status.tone}">{_icon(status.icon)}'
        f"<span>{escape(str(status.word))}</span></span>"
    )


@lru_cache(maxsize=8192)
def _piece(text: str, code: str) -> str:
    """Text of provisions and remarks does not change once it is public: each node sets it once."""
    said = escape(typography.nbsp(text)).replace("\n", "<br>")
    if MARK_OPEN not in said:
        return said
    opened = f'<mark class="mk-norm"><span class="ds-sr-only">{_norm_word(code)}: </span>'
    return said.replace(MARK_OPEN, opened).replace(MARK_CLOSE, "</mark>")


@cache
def _norm_word(code: str) -> str:
    """The hidden word of a mark is in the language of the text around it."""
    with override(code):
        return escape(_("Reference norm"))


@lru_cache(maxsize=8192)
def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(typography.nbsp(line))}</p>" for line in typography.paragraphs(text))


@lru_cache(maxsize=8192)
def _name(eid: str, here: str) -> str:
    return escape(naming.name_of(eid, here))


_anchor = lru_cache(maxsize=8192)(quote)


@dataclass(frozen=True)
class _Page:
    """What is the same at every provision: languages shown, addresses, words of the page's language."""

    here: str
    languages: str
    base: str
    writes_to: str
    norms_url: str
    unfolded: str
    link: str
    copied: str
    remark: str
    remarks: str
    wording: str
    opinion: str
    missing: dict[str, str]


@register.simple_tag
def law_text(text: Any, languages: str, base: str, writes_to: str = "", norms_url: str = "") -> SafeString:
    """The articles of a text (selectors.text.ActText) in the languages asked for ("both", "ky", "ru").

    Each provision stands at its anchor with its lasting address (`base` and its eid), the count of its remarks and,
    for who may write one (`writes_to`: where), the way to a new remark; the remarks of an article stand beside it.
    """
    page = _Page(
        here=language(),
        languages=languages,
        base=escape(base),
        writes_to=escape(writes_to),
        norms_url=escape(norms_url),
        unfolded=" open" if text.open_remarks else "",
        link=escape(_("Link")),
        copied=escape(_("Copied")),
        remark=escape(_("Remark")),
        remarks=escape(_("Remarks")),
        wording=escape(_("Proposed wording and reasoning")),
        opinion=escape(_("In the opinion")),
        missing={
            "ky": _("%(provision)s is not in the Kyrgyz text."),
            "ru": _("%(provision)s is not in the Russian text."),
        },
    )
    notes = " data-notes" if text.remarks else ""
    articles = [_article(block, page, notes) for block in text.blocks]
    return mark_safe("\n".join([*articles, _sprite()]))


def _article(block: Any, page: _Page, notes: str) -> str:
    lines = "\n".join(_line(line, page) for line in block.lines)
    aside = ""
    if block.remarks:
        groups = "".join(_group(line, page) for line in block.lines if line.remarks)
        aside = f'<aside aria-label="{page.remarks}: {_name(block.head.eid, page.here)}">{groups}</aside>'
    return f'<article class="mk-prov"{notes}><div class="mk-law mk-stack">{lines}</div>{aside}</article>'


def _line(line: Any, page: _Page) -> str:
    eid, name = _anchor(line.eid), _name(line.eid, page.here)
    parts = [f'<div class="mk-unit" id="{eid}">']
    if line.missing:
        parts.append(_missing(line, name, page))
    else:
        if line.heading:
            parts.append(_pair(line.heading, page.languages, "h3"))
        parts += [_pair(row, page.languages, "div") for row in line.rows]
    parts.append(
        f'<a class="mk-unit__link" href="{page.base}{eid}/" data-copy-link="{page.copied}">'
        f'<span aria-hidden="true">¶</span><span class="ds-sr-only">{page.link}: {name}</span></a>'
    )
    chips = [_norm(norm, page) for norm in line.norms]
    if line.remarks:
        chips.append(_count(line, name))
    if page.writes_to:
        chips.append(
            f'<a class="mk-ref" data-color="accent" href="{page.writes_to}?provision={eid}#remark-form">{_icon("plus")}'
            f'{page.remark}<span class="ds-sr-only">: {name}</span></a>'
        )
    if chips:
        parts.append(f'<p class="mk-unit__foot">{"".join(chips)}</p>')
    return "".join([*parts, "</div>"])


def _pair(row: tuple[str, str], languages: str, tag: str) -> str:
    cells = "".join(f'<{tag} lang="{code}">{_piece(row[i], code)}</{tag}>' for code, i in _SIDES[languages])
    return f'<div class="mk-pair">{cells}</div>' if languages == "both" else cells


def _norm(norm: Any, page: _Page) -> str:
    """A reference norm of a provision: the way to it, with the body it leaves a rule to."""
    code = "undecided" if norm.state == "found" else norm.state
    return (
        f'<a class="mk-ref" data-color="{mk.state_tone("norm", code)}" href="{page.norms_url}#norm-{norm.number}">'
        f'{mk.state_icon("norm", code)}{escape(_("Reference norm"))}<span class="ds-sr-only"> {norm.number}, '
        f"{escape(norm.get_authority_display())}, {escape(mk.state_word('norm', code))}</span></a>"
    )


def _missing(line: Any, name: str, page: _Page) -> str:
    """A provision that one language lacks: there stands a sentence that says so, on the other side its text."""
    said = page.missing[line.missing] % {"provision": name}
    cells = []
    for code, i in _SIDES[page.languages]:
        if code == line.missing:
            cells.append(f'<p class="mk-missing" data-of="{code}">{said}</p>')
            continue
        heading = f"<h3>{_piece(line.heading[i], code)}</h3>" if line.heading else ""
        rows = "".join(f"<div>{_piece(row[i], code)}</div>" for row in line.rows)
        cells.append(f'<div lang="{code}">{heading}{rows}</div>')
    return f'<div class="mk-pair">{"".join(cells)}</div>' if page.languages == "both" else "".join(cells)


def _count(line: Any, name: str) -> str:
    """How many remarks there are on a provision; the way to them. Red while an objection stands."""
    stands = any(s.remark.kind == "objection" and not s.remark.withdrawn_at for s in line.remarks)
    tone, icon = ("danger", "diamond") if stands else ("neutral", "talk")
    number = len(line.remarks)
    word = escape(ngettext("%(count)s remark", "%(count)s remarks", number) % {"count": number})
    return (
        f'<a class="mk-ref" data-color="{tone}" href="#remarks-{_anchor(line.eid)}">{_icon(icon)}{word}'
        f'<span class="ds-sr-only">: {name}</span></a>'
    )


# --- remarks ------------------------------------------------------------------------------------------


def _group(line: Any, page: _Page) -> str:
    """The remarks on one provision."""
    eid = _anchor(line.eid)
    shown = "".join(_remark(one, page) for one in line.remarks)
    return (
        f'<section class="mk-notes" id="remarks-{eid}"><h4 class="mk-label"><a href="#{eid}">{_name(line.eid, page.here)}</a>'
        f' <span class="mk-count">· {len(line.remarks)}</span></h4>{shown}</section>'
    )


def _remark(shown: Any, page: _Page) -> str:
    """A remark: its kind, what was answered, whose it is; folded under it the words of all three.

    Among very many it is one line that leads to the opinion (`shown.excerpt`).
    """
    remark, anchor = shown.remark, escape(shown.anchor)
    tone = "neutral" if remark.withdrawn_at else statuses.get("remark", remark.kind).tone
    place = f"{escape(shown.review_url)}#remark-{remark.number}"
    head = f'<span class="mk-remark__h">{_states(shown, page.here)}'
    who = f"№&nbsp;{remark.number} · {escape(shown.association)}"
    if shown.excerpt:
        return (
            f'<div class="mk-remark" id="{anchor}" data-color="{tone}">{head}<a href="{place}">{who}</a></span>'
            f'<p lang="{remark.lang}">{escape(shown.excerpt)}</p></div>'
        )
    parts = [
        f'<details class="mk-remark" data-color="{tone}"{page.unfolded}><summary>{head}<span class="mk-muted">{who}'
        f'</span></span></summary><div id="{anchor}"><div class="mk-remark__text" lang="{remark.lang}">'
        f"{_paragraphs(remark.text)}</div>"
    ]
    if remark.proposed_wording or remark.reasoning:
        parts.append(
            f'<details class="mk-disclose"><summary>{page.wording}</summary><div lang="{remark.lang}">'
            f"{_wording(remark.proposed_wording)}{_paragraphs(remark.reasoning)}</div></details>"
        )
    if shown.answer:
        parts.append(_answer(shown.answer, shown.reply, page.here))
    parts.append(
        f'<p><a href="{place}">{page.opinion}<span class="ds-sr-only">: {who}</span></a></p></div></details>'
    )
    return "".join(parts)


def _states(shown: Any, here: str) -> str:
    remark = shown.remark
    states = [_state("remark", remark.kind, here)]
    if remark.withdrawn_at:
        states.append(_state("remark", "withdrawn", here))
    if shown.late:
        states.append(_state("opinion", "late", here))
    if shown.answer:
        states.append(_state("answer", shown.answer.outcome, here))
        if shown.reply:
            states.append(_state("reply", shown.reply["outcome"], here))
    elif not remark.withdrawn_at and not shown.late:
        states.append(_state("answer", "unanswered" if shown.unanswered else "none", here))
    return "".join(states)


def _wording(text: str) -> str:
    return f'<div class="mk-quote">{_paragraphs(text)}</div>' if text else ""


def _answer(answer: Any, reply: Any, here: str) -> str:
    said = (
        f"<p>{_state('answer', answer.outcome, here)}</p>"
        f'<div lang="{answer.lang}">{_paragraphs(answer.reason)}{_wording(answer.wording)}</div>'
    )
    if reply:
        words = f'<div lang="{reply["lang"]}">{_paragraphs(reply["text"])}</div>' if reply["text"] else ""
        if reply["silent"]:
            words = f'<p class="mk-small mk-muted">{escape(_("no reply came in time"))}</p>'
        said += f"<p>{_state('reply', reply['outcome'], here)}</p>{words}"
    return said
