"""The words of the look, available in every template without {% load %}.

Icons, states, sides, days left, dates in words, text of the law, two languages. No logic of the procedure:
a tag shows what it is given.
"""

import functools
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.core import dates, shapes, statuses, typography

register = template.Library()

# --- icons, states, sides ------------------------------------------------------------------------


@functools.cache
def _icons() -> dict[str, str]:
    source = (Path(settings.BASE_DIR) / "static" / "img" / "icons.svg").read_text(encoding="utf-8")
    return dict(re.findall(r'<symbol id="([a-z]+)" viewBox="0 0 24 24">(.*?)</symbol>', source, flags=re.S))


def icon_shape(name: str) -> str:
    """What an icon is drawn of, for a page that draws it once and uses it often."""
    return _icons()[name]


@register.simple_tag
def icon(name: str) -> SafeString:
    """An inline icon, hidden from screen readers: a word always stands beside it."""
    shape = _icons()[name]
    return mark_safe(
        f'<svg class="mk-i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{shape}</svg>'
    )


@register.simple_tag
def state(group: str, code: Any, word: Any = None, box: bool = False, tone: str = "") -> SafeString:
    """A status: icon, word, tone. `box=True` once a page, in its header. `word` replaces the word of the table."""
    status = statuses.get(group, code)
    return format_html(
        '<span class="mk-state" data-color="{}"{}>{}<span>{}</span></span>',
        tone or status.tone,
        mark_safe(" data-box") if box else "",
        icon(status.icon),
        word or status.word,
    )


@register.simple_tag
def state_word(group: str, code: Any) -> str:
    """Only the word of a status, for sentences and attributes."""
    return str(statuses.get(group, code).word)


@register.simple_tag
def state_tone(group: str, code: Any) -> str:
    """Only the tone of a status, for data-color of a card or a row."""
    return statuses.get(group, code).tone


@register.simple_tag
def state_icon(group: str, code: Any) -> SafeString:
    return icon(statuses.get(group, code).icon)


_HALF = {"state": "M0 1 14 11v8H0z", "communities": "M14 1 0 11v8h14z"}


@register.simple_tag
def side(which: str, name: Any = None, lang: str = "") -> SafeString:
    """Who speaks: half of the mark and the name. `which` is "state", "communities" or "both"."""
    words = {"state": _("State body"), "communities": _("Communities"), "both": _("Both sides")}
    halves = ("state", "communities") if which == "both" else (which,)
    marks = format_html_join(
        "",
        '<svg viewBox="0 0 14 20" data-half="{}" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        ((half, _HALF[half]) for half in halves),
    )
    return format_html(
        '<span class="mk-side" data-color="{}">{}<span{}>{}</span></span>',
        _scale(which), marks, _lang(lang), name or words[which],
    )  # fmt: skip


def _scale(which: str) -> str:
    return {"state": "brand1", "communities": "brand2"}.get(which, "neutral")


# --- terms, dates, sizes -------------------------------------------------------------------------


@register.simple_tag
def days_left(days: int | None, kind: str = "") -> SafeString:
    """A running term as a number and its unit.

    `days` is working days left (0: today is the last one, negative: days overdue). `kind` overrides:
    "paused" and "ended" show an icon instead, "none" shows that no term runs.
    """
    if kind == "paused":
        return _days("warning", icon("pause"), _("term paused"))
    if kind == "ended":
        return _days("success", icon("check"), _("ended"))
    if kind == "none" or not isinstance(days, int):
        return _days("neutral", icon("dots"), _("no term running"))
    if days < 0:
        return _days("danger", str(-days), ngettext("day late", "days late", -days))
    if days == 0:
        return _days("danger", icon("late"), _("the last day is today"))
    tone = "danger" if days == 1 else "warning" if days <= 3 else "neutral"
    return _days(tone, str(days), ngettext("working day left", "working days left", days))


def _days(tone: str, big: str, unit: str) -> SafeString:
    return format_html('<p class="mk-days" data-color="{}"><b>{}</b> <span>{}</span></p>', tone, big, unit)


def _time(machine: str, words: str) -> SafeString:
    """A <time> that breaks after its commas only: a day is never torn from its month."""
    pieces = ((piece,) for piece in words.split(", "))
    return format_html(
        '<time datetime="{}">{}</time>',
        machine,
        format_html_join(", ", '<span class="mk-nowrap">{}</span>', pieces),
    )


@register.simple_tag(takes_context=True)
def term_until(context: Any, due_at: datetime | None) -> SafeString | str:
    """28 May, until 24:00, from an exclusive due_at; the year is said when it is not this one."""
    if not due_at:
        return ""
    day = dates.last_day(due_at)
    present = context.get("now")
    year = present is None or dates.local_date(present).year != day.year
    return _time(dates.local(due_at).isoformat(), dates.term_until(due_at, year=year))


@register.filter
def date_words(value: date | datetime | None) -> SafeString | str:
    """28 May 2026 in the language of the page, as a <time>."""
    if not value:
        return ""
    return _time(dates.local_date(value).isoformat(), dates.date_words(value))


@register.filter
def day_words(value: date | datetime | None) -> SafeString | str:
    """28 May, without the year."""
    if not value:
        return ""
    return _time(dates.local_date(value).isoformat(), dates.date_words(value, year=False))


@register.filter
def datetime_words(value: datetime | None) -> SafeString | str:
    """28 May 2026, 14:05 (+06:00), as a <time>."""
    if not value:
        return ""
    return _time(dates.local(value).isoformat(), dates.datetime_words(value))


@register.filter
def time_words(value: datetime | None) -> str:
    return dates.time_words(value) if value else ""


@register.filter
def weekday_words(value: date | datetime | None) -> str:
    return dates.weekday(value) if value else ""


@register.filter
def last_day(value: datetime | None) -> date | None:
    """The last day of a term from its exclusive due_at."""
    return dates.last_day(value) if value else None


@register.filter
def filesize_words(value: int | None) -> str:
    return typography.filesize_words(int(value)) if value is not None else ""


@register.filter
def number_words(value: int | float | None, decimals: int = 0) -> str:
    return typography.number_words(value, decimals=int(decimals)) if value is not None else ""


# --- text ----------------------------------------------------------------------------------------


@register.filter
def nbsp(value: Any) -> Any:
    """Non-breaking spaces after №, after short words and before units; markup that is already safe stays as it is."""
    if isinstance(value, SafeString) and "<" in value:
        return value
    text = typography.nbsp(str(value))
    return mark_safe(text) if isinstance(value, SafeString) else text


@register.filter
def law_text(value: str | None) -> SafeString:
    """Text of a provision: escaped, one <p> a line, held together by non-breaking spaces."""
    lines = typography.paragraphs(value or "")
    return format_html_join("\n", "<p>{}</p>", ((typography.nbsp(line),) for line in lines))


@register.filter
def typed_text(value: str | None) -> SafeString:
    """What a person typed: like law_text, in the face of the page around it."""
    return law_text(value)


@register.filter
def hash_words(value: str | None) -> SafeString | str:
    """A hash a reader can compare: groups of eight, breaking between groups only."""
    if not value:
        return ""
    groups = [str(value)[i : i + 8] for i in range(0, len(str(value)), 8)]
    return format_html(
        '<code class="mk-hash">{}</code>', format_html_join(mark_safe("<wbr>"), "{}", ((g,) for g in groups))
    )


# --- languages -----------------------------------------------------------------------------------


def _lang(code: str | None) -> SafeString:
    return format_html(' lang="{}"', code) if code else mark_safe("")


def _in_languages(thing: Any, name: str) -> dict[str, Any]:
    """Values of `name_ky`, `name_ru`, `name_en` that are there, the language of the page first, then ky, ru, en."""
    here = dates.language()
    order = [here, *[code for code in ("ky", "ru", "en") if code != here]]
    return {code: found for code in order if (found := shapes.value_of(thing, f"{name}_{code}"))}


@register.filter
def in_language(thing: Any, name: str) -> SafeString | str:
    """`{{ act|in_language:"title" }}`: the text in the language of the page, else in the first one there is.

    A text in another language carries its `lang`.
    """
    for code, text in _in_languages(thing, name).items():
        if code == dates.language():
            return conditional_escape(nbsp(text))
        return format_html('<span lang="{}">{}</span>', code, nbsp(text))
    return conditional_escape(shapes.value_of(thing, name) or "")


@register.filter
def in_language_text(thing: Any, name: str) -> str:
    """Like in_language, as plain text: for attributes, the title of a page and letters."""
    texts = _in_languages(thing, name)
    return str(next(iter(texts.values())) if texts else shapes.value_of(thing, name) or "")


@register.simple_tag
def bilingual(thing: Any, name: str) -> SafeString:
    """Both languages of a name, the page's own (or Kyrgyz) first, each with its lang."""
    texts = list(_in_languages(thing, name).items())[:2]
    return format_html_join(
        " ",
        '<span class="mk-bilingual__{}" lang="{}">{}</span>',
        (("first" if i == 0 else "second", code, nbsp(text)) for i, (code, text) in enumerate(texts)),
    )


@register.simple_tag
def other_language(thing: Any, name: str) -> SafeString | str:
    """The same name in the other language, for the quiet line under a title; nothing when there is only one."""
    texts = list(_in_languages(thing, name).items())
    if len(texts) < 2:
        return ""
    code, text = texts[1]
    return format_html('<span lang="{}">{}</span>', code, nbsp(text))


@register.simple_tag
def lang_of(thing: Any) -> SafeString:
    """` lang="ky"` for an object with `lang` (or `language`), or for a code; nothing when it has none."""
    code = (
        thing
        if isinstance(thing, str)
        else shapes.value_of(thing, "lang") or shapes.value_of(thing, "language")
    )
    return _lang(code)


@register.simple_tag
def outline_items(items: Any) -> SafeString:
    """The lines of components/outline.html at any depth; a code has hundreds of them."""
    return mark_safe(_outline(items))


def _outline(items: Any) -> str:
    return f"<ol>{''.join(_outline_item(item) for item in items)}</ol>"


def _outline_item(item: Any) -> str:
    said = {
        name: shapes.value_of(item, name)
        for name in ("url", "title", "count", "lang", "current", "children", "range", "open")
    }
    below = ""
    if said["children"]:
        words = f"<summary>{escape(said['range'])}</summary>" if said["range"] else ""
        opened = " open" if said["open"] else ""
        inner = _outline(said["children"])
        below = f'<details class="mk-outline__sub"{opened}>{words}{inner}</details>' if words else inner
    here = ' aria-current="true"' if said["current"] else ""
    return (
        f'<li><a href="{escape(said["url"])}"{here}><span{_lang(said["lang"] or "")}>{escape(said["title"])}</span>'
        f'<span class="mk-count">{escape(said["count"] or "")}</span></a>{below}</li>'
    )


@register.simple_tag
def language_name(code: str) -> str:
    """Name of a language in the language of the page."""
    names = {"ky": _("Kyrgyz"), "ru": _("Russian"), "en": _("English")}
    return names.get(code, code)


# --- addresses -----------------------------------------------------------------------------------


@register.simple_tag
def nav_url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a name, or an empty string where this installation has no such page."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """The query string of this page with some values changed; `None` or "" removes one. Begins with "?"."""
    request = context.get("request")
    current = request.GET.copy() if request is not None else None
    if current is None:
        return ""
    for name, value in changes.items():
        if value in (None, ""):
            current.pop(name, None)
        else:
            current[name] = value
    return "?" + current.urlencode()


# --- counts that somebody must finish ------------------------------------------------------------


@register.simple_tag
def stitches(done: int, total: int, who: str = "state") -> SafeString:
    """n of m as stitches, one a piece up to 60; a meter above that. Hidden from screen readers: say it in words."""
    done, total = int(done or 0), int(total or 0)
    if total <= 0:
        return mark_safe("")
    attr = mark_safe(' data-on="people"') if who == "communities" else mark_safe(" data-on")
    if total <= 60:
        pieces = ((attr if i < done else "",) for i in range(total))
        return format_html(
            '<span class="mk-stitches" aria-hidden="true">{}</span>',
            format_html_join("", "<i{}></i>", pieces),
        )
    return format_html(
        '<svg class="mk-meter__bar" data-side="{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect width="{}" height="6"/></svg>',
        who, round(100 * done / total, 2),
    )  # fmt: skip


@register.simple_tag
def bar(value: float, maximum: float, who: str = "state") -> SafeString:
    """A horizontal bar from zero; its number stands in text beside it."""
    share = 0 if not maximum else max(0.0, min(100.0, 100 * float(value) / float(maximum)))
    return format_html(
        '<svg class="mk-bar" viewBox="0 0 100 18" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<line x1="0" y1="9" x2="{}" y2="9" data-side="{}"/></svg>',
        round(share, 2), "people" if who == "communities" else "state",
    )  # fmt: skip


# --- shapes of components --------------------------------------------------------------------------

for as_filter in ("gate_groups", "fact_rows", "month_short", "page_window", "error_links"):
    register.filter(as_filter, getattr(shapes, as_filter))
for as_tag in ("level_rows", "strip_weeks", "weekday_heads"):
    register.simple_tag(getattr(shapes, as_tag), name=as_tag)


@register.filter
def attr(thing: Any, name: str) -> Any:
    """An attribute or key by a name held in a variable."""
    return shapes.value_of(thing, name)


@register.simple_tag
def page_language() -> str:
    return (get_language() or "ky")[:2]


@register.filter
def lines(value: str | None) -> list[str]:
    return typography.paragraphs(value or "")


def html_attributes(values: Mapping[str, Any]) -> SafeString:
    """Attributes of a widget as text, booleans without a value."""
    parts = [
        f" {escape(k)}" if v is True else f' {escape(k)}="{escape(v)}"'
        for k, v in values.items()
        if v not in (None, False)
    ]
    return mark_safe("".join(parts))


@register.simple_tag
def widget_attrs(attrs: Mapping[str, Any], css: str = "") -> SafeString:
    """Attributes of a form widget with the class of the look added to its own."""
    classes = " ".join(filter(None, [css, str(attrs.get("class") or "")]))
    rest = {key: value for key, value in attrs.items() if key != "class"}
    return html_attributes({**({"class": classes} if classes else {}), **rest})
