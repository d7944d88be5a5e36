"""Words taken out and put in, never by colour alone: sign, line, and a hidden word in the language of the text."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.dates import language as page_language
from apps.legal_text.compare import edits

register = template.Library()


@lru_cache(maxsize=16)
def _hidden(kind: str, language: str) -> str:
    with override(language):
        word = _("removed:") if kind == "gone" else _("added:")
    return f'<span class="ds-sr-only">{escape(word)} </span>'


def _set(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _marked(kind: str, text: str, language: str) -> str:
    if kind == "same" or not text.strip():
        return _set(text)
    tag = "del" if kind == "gone" else "ins"
    body = text.lstrip()
    before = text[: len(text) - len(body)]
    return f"{_set(before)}<{tag}>{_hidden(kind, language)}{_set(body)}</{tag}>"


def _line(
    label: str, edits: Iterable[Any], words: str, language: str, leave_out: str, kind: str = "same"
) -> str:
    """`kind`: what became of the number itself, which goes and comes with its provision."""
    body = "".join(_marked(edit.kind, edit.text, language) for edit in edits if edit.kind != leave_out)
    number = f"<b>{_marked(kind, label, language)}</b> " if label else ""
    return f"<p>{number}{body or escape(words)}</p>"


def _nothing(words: str) -> SafeString:
    """What the page says where a column has no text: in the language of the page, inside text of another."""
    return mark_safe(f'<p class="mk-editions__none" lang="{page_language()}">{escape(words)}</p>')


@register.simple_tag
def difference(row: Any, language: str, side: str = "") -> SafeString:
    """A compared provision. `side`: "old" or "new" for one column of two, else both editions in one text."""
    was = "gone" if row.before or tuple(row.states) == ("removed",) else "same"
    became = "new" if row.before or tuple(row.states) == ("added",) else "same"
    if side == "old":
        if row.states == ("added",):
            return _nothing(_("Not there yet"))
        return mark_safe(_line(row.before or row.label, row.edits, row.words, language, "new", was))
    if side == "new":
        if row.states == ("removed",):
            return _nothing(_("Not there any more"))
        return mark_safe(_line(row.label, row.edits, row.words, language, "gone", became))
    if row.before:
        before, after = _marked("gone", row.before, language), _marked("new", row.label, language)
        words = _line("", row.edits, row.words, language, "").removeprefix("<p>")
        return mark_safe(f"<p><b>{before} {after}</b> {words}")
    return mark_safe(_line(row.label, row.edits, row.words, language, "", was if was != "same" else became))


@register.simple_tag
def changed_words(old: str, new: str, language: str) -> SafeString:
    """The new wording with what differs from the old one marked; all of it where there is no old one."""
    return mark_safe("".join(_marked(edit.kind, edit.text, language) for edit in edits(old, new)))


@register.simple_tag
def legend() -> SafeString:
    """How both look, in words, in the language of the page."""
    here = page_language()
    gone, new = _marked("gone", _("removed"), here), _marked("new", _("added"), here)
    return mark_safe(f"<span>{gone}</span><span>{new}</span>")
