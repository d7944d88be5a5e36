"""Invented content for the pattern page: every component full, empty and refused. Nothing here is stored."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from apps.core import statuses
from apps.core.conditions import Condition, Unmet
from apps.core.errors import GateClosed
from apps.core.templatetags import mk

DUE = datetime(2026, 12, 24, 18, tzinfo=UTC)  # 25 December 00:00 in Bishkek: the last day is 24 December


class PatternForm(forms.Form):
    """One field of every kind."""

    title = forms.CharField(
        label=_("Title in Kyrgyz"), help_text=_("As it will stand on the act."), max_length=500
    )
    kind = forms.ChoiceField(
        label=_("Kind of act"),
        choices=[("law", _("Law")), ("cabinet_resolution", _("Resolution of the Cabinet"))],
    )
    text = forms.CharField(
        label=_("Reasoning"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("At least one sentence.")
    )
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(label=_("File"), required=False, help_text=_("DOCX or TXT, up to 40 MB."))
    answer = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (code, statuses.get("answer", code).word) for code in ("accepted", "partly_accepted", "rejected")
        ],
        widget=forms.RadioSelect(attrs={"data-status": "answer", "data-side": "state", "data-wide": True}),
    )
    states = forms.MultipleChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (code, statuses.get("act", code).word) for code in ("registered", "in_consultation", "certified")
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(label=_("I have read the rules of the portal"))


class PatternFilter(forms.Form):
    """A filter of a list."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.MultipleChoiceField(
        label=_("State"),
        required=False,
        choices=[
            (code, statuses.get("act", code).word) for code in ("in_consultation", "certified", "adopted")
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    kind = forms.ChoiceField(label=_("Kind of act"), required=False, choices=[("law", _("Law"))])


KY_TEXT = (
    "1. Теңдөөчү трансферттер – жергиликтүү бюджеттердин эсептик кирешелери менен чыгашаларынын ортосундагы "
    "ажырымды жабууга республикалык бюджеттен берилүүчү каражаттар.\n"
    "2. Теңдөөчү трансферттердин көлөмдөрүн аныктоо тартиби Министрлер Кабинети тарабынан бекитилет."
)
RU_TEXT = (
    "1. Выравнивающие трансферты – средства, предоставляемые из республиканского бюджета на покрытие разрыва "
    "между расчётными доходами и расходами местных бюджетов.\n"
    "2. Порядок определения объёмов выравнивающих трансфертов утверждается Кабинетом Министров."
)
KY_TITLE = "Кыргыз Республикасынын Бюджеттик кодексине өзгөртүүлөрдү киргизүү жөнүндө"
RU_TITLE = "О внесении изменений в Бюджетный кодекс Кыргызской Республики"

_REPEATED = {"end", "consultation", "review"}  # groups put together from others


def _conditions() -> list[Condition]:
    unmet = Unmet("remark_unanswered", _("28 of 40 remarks have no answer."), "#", _("the ministry"))
    return [
        Condition("G4", _("Every remark is answered"), "unmet", "", (unmet,)),
        Condition(
            "G5", _("Every maintained objection has an outcome"), "later", _("Opens after the replies.")
        ),
        Condition(
            "G1", _("The required papers are complete"), "met", _("Both texts, explanatory note, table.")
        ),
        Condition(
            "G7", _("Every reference norm has its bylaw"), "not_applicable", _("There is no reference norm.")
        ),
    ]


def _explanation() -> list[dict[str, Any]]:
    start, n = date(2026, 12, 11), 0
    days: list[dict[str, Any]] = []
    item: dict[str, Any]
    for offset in range(24):
        day = start + timedelta(days=offset)
        if offset == 0:
            item = {"counted": False, "n": None, "reason": "start", "name": ""}
        elif day == date(2027, 1, 1):
            item = {"counted": False, "n": None, "reason": "holiday", "name": "Жаңы жыл"}
        elif day.weekday() > 4:
            item = {"counted": False, "n": None, "reason": "weekend", "name": ""}
        else:
            n += 1
            item = {"counted": True, "n": n, "reason": "working_day", "name": ""}
        days.append({"date": day.isoformat(), **item})
    return days[:21]


def _acts() -> list[dict[str, Any]]:
    def act(number: str) -> Thing:
        return Thing(number=number, title_ky=KY_TITLE, title_ru=RU_TITLE)

    ministry = "Каржы министрлиги"
    return [
        {
            "act": act("2026-0125"),
            "days": 1,
            "due_at": DUE,
            "states": [("stage", "opinion"), ("time", "closing")],
            "by": ministry,
        },
        {"act": act("2026-0117"), "days": 3, "due_at": DUE, "states": [("stage", "answers")], "by": ministry},
        {
            "act": act("2026-0127"),
            "days": 12,
            "due_at": DUE,
            "states": [("stage", "opinion"), ("time", "extended")],
            "by": ministry,
        },
        {
            "act": act("2026-0119"),
            "days": -4,
            "due_at": DUE,
            "states": [("stage", "answers"), ("time", "overdue")],
            "by": ministry,
        },
        {
            "act": act("2026-0123"),
            "days": None,
            "kind": "paused",
            "states": [("time", "paused")],
            "by": ministry,
        },
        {
            "act": act("2026-0093"),
            "days": None,
            "kind": "ended",
            "states": [("act", "certified")],
            "by": ministry,
        },
    ]


def context() -> dict[str, Any]:
    """Everything the pattern page shows."""
    remark = {
        "kind": "objection", "lang": "ru",
        "text": "Порядок определяет доходы дотационных аймаков и должен утверждаться по согласованию с ассоциациями.",
        "proposed_wording": "2. Порядок утверждается Кабинетом Министров по согласованию с ассоциациями органов МСУ.",
        "reasoning": "В 2026 году формула менялась после утверждения местных бюджетов.",
        "state_interest": "", "local_interest": "Предсказуемые доходы аймаков.",
    }  # fmt: skip
    refused = PatternForm(data={"title": "", "kind": "law", "text": "", "day": "2026-13-40"})
    refused.is_valid()
    return {
        "icons": sorted(mk._icons()),
        "status_groups": [(g, list(codes)) for g, codes in statuses.STATUSES.items() if g not in _REPEATED],
        "tones": ["neutral", "accent", "brand1", "brand2", "success", "warning", "danger"],
        "due_at": DUE,
        "today": date(2026, 12, 22),
        "conditions": _conditions(),
        "unmet": _conditions()[0].unmet,
        "refusal": GateClosed(),
        "explanation": _explanation(),
        "acts": _acts(),
        "act": Thing(number="2026-0117", title_ky=KY_TITLE, title_ru=RU_TITLE),
        "provision": {
            "label_ky": "54-берене.",
            "heading_ky": "Теңдөөчү трансферттер",
            "text_ky": KY_TEXT,
            "label_ru": "Статья 54.",
            "heading_ru": "Выравнивающие трансферты",
            "text_ru": RU_TEXT,
        },
        "remark": remark,
        "proposal": {
            **remark,
            "kind": "proposal",
            "text": "Добавить слова «кроме случаев стихийного бедствия».",
        },
        "answer": {
            "outcome": "partly_accepted",
            "lang": "ru",
            "wording": "2. … после рассмотрения мнения ассоциаций.",
            "reason": "Обязательное согласование может сорвать сроки бюджетного календаря.",
        },
        "reply": {"outcome": "maintained", "lang": "ky", "text": "Каршы пикирибиз сакталат."},
        "facts": [
            (_("Number"), "2026-0117"),
            (_("Initiator"), "Каржы министрлиги"),
            {"name": _("Package"), "value": "2", "url": "#"},
        ],
        "steps": [
            {"name": _("Preparation"), "status": "done", "date": "2.11"},
            {"name": _("Delivery"), "status": "done", "date": "11.11"},
            {"name": _("Opinion"), "status": "done", "date": "9.12", "note": "20 / 20"},
            {"name": _("Answers"), "status": "current", "date": "24.12", "note": "8 / 10"},
            {"name": _("Replies"), "status": "ahead", "note": "5"},
            {"name": _("Protocol"), "status": "ahead"},
        ],
        "documents": [
            {"title": "Мыйзам долбоору, кыргызча", "lang": "ky", "url": "#", "kind": "DOCX", "size": 84_120},
            {"title": "Справка-обоснование", "lang": "ru", "url": "#", "kind": "PDF", "size": 1_240_000},
        ],
        "tabs": [
            {"url": "#", "name": _("Text and remarks"), "count": "", "current": True},
            {"url": "#", "name": _("Opinions"), "count": "2"},
            {"url": "#", "name": _("Answers"), "count": "12 / 40"},
        ],
        "outline": [
            {
                "url": "#",
                "title": "Статья 49",
                "count": 11,
                "lang": "ru",
                "children": [{"url": "#", "title": "часть 3", "lang": "ru", "count": 2}],
            },
            {"url": "#", "title": "Статья 54", "count": 2, "lang": "ru", "current": True},
        ],
        "page": Paginator(range(1, 200), 20).page(4),
        "chips": [{"name": "трансферт", "url": "#"}],
        "filter": PatternFilter(auto_id="filter_%s"),
        "form": PatternForm(initial={"title": KY_TITLE}),
        "refused": refused,
        "points": [
            {
                "number": 1,
                "provision": "40-берене",
                "state_position": "Размеры оплаты утверждает бассейновая администрация.",
                "association_position": "Размеры утверждает местный кенеш сам.",
                "outcome": "compromise",
                "wording": "Размеры утверждаются местными кенешами.",
                "lang": "ru",
            },
            {
                "number": 2,
                "provision": "83-берене",
                "state_position": "Редакцию сохранить.",
                "association_position": "Распределять по площади.",
                "outcome": "open",
                "wording": "",
                "lang": "ru",
            },
        ],
        "signature_state": {
            "organization": "Каржы министрлиги",
            "name": "А. Асанов",
            "position": "министр",
            "status": "signed",
            "at": DUE,
        },
        "signature_communities": {"organization": "Союз местных самоуправлений", "status": "none"},
        "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }
