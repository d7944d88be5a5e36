"""The text of an act and the remarks beside it, put together quickly: a code has hundreds of provisions and remarks.

Everything a person wrote is escaped here, as the templates would do it; the tags show what they are given.
"""

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.core import typography
from apps.core.dates import language
from apps.core.templatetags import mk

register = template.Library()

_SIDES = {"both": (("ky", 0), ("ru", 1)), "ky": (("ky", 0),), "ru": (("ru", 1),)}


@lru_cache(maxsize=256)
def _state(group: str, code: str, here: str) -> str:
    """A status in the language `here`; there are few of them, and a page shows them hundreds of times."""
    return str(mk.state(group, code))


@lru_cache(maxsize=64)
def _chip(code: str, here: str) -> tuple[str, str, str]:
    """Tone, icon and word of a kind of remark."""
    return (
        mk.state_tone("remark", code),
        str(mk.state_icon("remark", code)),
        escape(mk.state_word("remark", code)),
    )


@lru_cache(maxsize=8192)
def _piece(text: str) -> str:
    """Text of provisions and remarks does not change once it is public: each node sets it once."""
    return escape(typography.nbsp(text)).replace("\n", "<br>")


@lru_cache(maxsize=8192)
def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(typography.nbsp(line))}</p>" for line in typography.paragraphs(text))


@register.simple_tag
def law_lines(block: Any, languages: str, writes_to: str = "") -> SafeString:
    """The provisions of a block, each with its anchor, its text in the languages asked for, and chips of its remarks."""
    here = language()
    return mark_safe("\n".join(_line(line, languages, writes_to, here) for line in block.lines))


def _line(line: Any, languages: str, writes_to: str, here: str) -> str:
    parts = [f'<div id="{escape(line.eid)}">']
    if line.heading:
        parts.append(_pair(line.heading, languages, "h3"))
    parts += [_pair(row, languages, "div") for row in line.rows]
    chips = [_reference(shown, here) for shown in line.remarks]
    if writes_to:
        chips.append(_invitation(line.eid, writes_to))
    if chips:
        parts.append(f"<p>{''.join(chips)}</p>")
    return "".join([*parts, "</div>"])


def _pair(row: tuple[str, str], languages: str, tag: str) -> str:
    cells = "".join(f'<{tag} lang="{code}">{_piece(row[i])}</{tag}>' for code, i in _SIDES[languages])
    return f'<div class="mk-pair">{cells}</div>' if languages == "both" else cells


def _reference(shown: Any, here: str) -> str:
    tone, icon, word = _chip(shown.remark.kind, here)
    return (
        f'<a class="mk-ref" data-color="{tone}" href="#{escape(shown.anchor)}">{icon}{shown.remark.number}'
        f'<span class="ds-sr-only">, {word}, {escape(shown.association)}</span></a>'
    )


def _invitation(eid: str, writes_to: str) -> str:
    return (
        f'<a class="mk-ref" href="{escape(writes_to)}?provision={quote(eid)}">{mk.icon("plus")}{escape(_("Remark"))}'
        f'<span class="ds-sr-only"> {escape(_("on this provision"))} {escape(eid)}</span></a>'
    )


@register.simple_tag
def law_remark(shown: Any, review_url: str) -> SafeString:
    """A remark beside the text, with its answer and its reply where they are sent. `review_url`: its own page."""
    here, remark = language(), shown.remark
    tone = "neutral" if remark.withdrawn_at else _chip(remark.kind, here)[0]
    parts = [
        f'<div class="mk-remark" id="{escape(shown.anchor)}" data-color="{tone}"><p class="mk-remark__h">',
        _state("remark", remark.kind, here),
        f'<span class="mk-muted"><a href="{escape(review_url)}#remark-{remark.number}">№&nbsp;{remark.number}</a>'
        f" · {escape(shown.association)}</span>",
        _state("remark", "withdrawn", here) if remark.withdrawn_at else "",
        _state("opinion", "late", here) if shown.late else "",
        f'</p><div class="mk-remark__text" lang="{remark.lang}">{_paragraphs(remark.text)}</div>',
    ]
    if remark.proposed_wording or remark.reasoning:
        parts += [
            f'<details class="mk-disclose"><summary>{escape(_("Proposed wording and reasoning"))}</summary>',
            f'<div lang="{remark.lang}">{_wording(remark.proposed_wording)}{_paragraphs(remark.reasoning)}</div>',
            "</details>",
        ]
    if shown.answer:
        parts.append(_answer(shown.answer, shown.reply, here))
    elif not remark.withdrawn_at and not shown.late:
        code = "unanswered" if shown.unanswered else "none"
        parts.append(f"<p>{_state('answer', code, here)}</p>")
    return mark_safe("".join([*parts, "</div>"]))


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
