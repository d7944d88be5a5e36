"""Tags for official PDFs. Pictures carry their own colours there: the renderer knows no sprite and no `currentColor`."""

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.core import dates, statuses
from apps.documents.enums import Side

register = template.Library()

TONES = {  # text tones of the look, ≥ 4.5:1 on white
    "neutral": "#575450",
    "info": "#005169",
    "success": "#1f6238",
    "warning": "#6e4d04",
    "danger": "#932531",
}
SIDES = {
    Side.STATE: ("s", "#005169", "M0 1 14 11v8H0z"),
    Side.COMMUNITIES: ("p", "#874814", "M14 1 0 11v8h14z"),
}
_SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="([\d. ]+)">(.*?)</symbol>')


@lru_cache(maxsize=1)
def _symbols() -> dict[str, tuple[str, str]]:
    text = (Path(settings.BASE_DIR) / "static/img/icons.svg").read_text("utf-8")
    return {name: (box, body) for name, box, body in _SYMBOL.findall(text)}


@register.simple_tag
def pdf_icon(name: str, tone: str = "neutral") -> SafeString:
    """{% pdf_icon "half" "warning" %}: an icon in its tone, silent for a screen reader (the word stands beside it)."""
    box, body = _symbols()[name]
    colour = TONES[tone]
    body = body.replace('class="f"', f'fill="{colour}" stroke="none"')
    return mark_safe(
        f'<svg class="icon" viewBox="{box}" aria-hidden="true" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round">{body}</svg>'
    )


@register.simple_tag
def pdf_state(group: str, code: str) -> SafeString:
    """{% pdf_state "point" "settled" %}: icon and word of a status, in the language of the place."""
    status = statuses.get(group, code)
    return format_html(
        '<span class="out t-{}">{}{}</span>', status.tone, pdf_icon(status.icon, status.tone), status.word
    )


@register.simple_tag
def pdf_side(side: str, words: str) -> SafeString:
    """{% pdf_side "state" words %}: the half-mark of the side that speaks, and its words."""
    name, colour, path = SIDES[Side(side)]
    return format_html(
        '<span class="side {}"><svg viewBox="0 0 14 20" aria-hidden="true"><path fill="{}" d="{}"/></svg>{}</span>',
        name,
        colour,
        path,
        words,
    )


@register.filter
def pdf_date(value: datetime) -> str:
    """The day in words, in the language of the place."""
    return dates.date_words(value)


@register.filter
def pdf_moment(value: datetime) -> str:
    """The day in words and the time to the second with +06:00."""
    return dates.datetime_words(value, seconds=True)
