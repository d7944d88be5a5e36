"""What the people on the way write: DEMO words, in the languages of the state."""

from __future__ import annotations

from dataclasses import dataclass

SUMMARY = {"ky": "DEMO. Үлгү: порталды текшерүү үчүн.", "ru": "DEMO. Образец: для проверки портала."}
PAPER = "DEMO\n\nНегиздеме-маалымкаттын үлгүсү. Образец бумаги для проверки портала.\n"
WHERE = "DEMO: 1-берене; статья 1"
SCOPE_REASON = "DEMO. Башка темалар козголбойт; иные темы не затронуты."
NO_FUNCTION = "DEMO. Функциялар өзгөрбөйт; функции не меняются."
NORMS_REASON = "DEMO. Мыйзам алдындагы актылар колдонууда; подзаконные акты действуют."
STATEMENT = "DEMO. Жалпы пикир: өзгөртүүлөр жергиликтүү өз алдынча башкаруу органдарына таасир этет."
REASON = "DEMO. Причина ответа: предложение рассмотрено министерством."
REPLY = "DEMO. Жооп каралды."
PLACE = "DEMO: Бишкек, Абдымомунов көчөсү, 207"
RECORDER = "Айбек Токтосунов"
STATE_PEOPLE = "Айбек Токтосунов, башкы адис"
ASSOCIATION_PEOPLE = "Эркин Сыдыков, укук кеңешчиси\nЧолпон Бейшеналиева, башкарманын төрагасы"
WORDING_KY = "Көлөмдөр бюджеттик жылдын ичинде азайтылбайт. Ң Ө Ү ң ө ү"
WORDING_RU = "Объёмы в течение бюджетного года не уменьшаются."
INCOMING = "DEMO-1"
DECISION = "DEMO. Кыргыз Республикасынын Жогорку Кеңешине киргизилди."


@dataclass(frozen=True)
class Remark:
    """A remark, and what is said to it all along the way."""

    kind: str
    texts: dict[str, str]
    answer: str
    reply: str
    outcome: str = ""
    worded: bool = False


@dataclass(frozen=True)
class Plan:
    """What an association says, and the protocol this must lead to."""

    verdict: str
    remarks: tuple[Remark, ...]
    protocol: str


def _texts(what: str) -> dict[str, str]:
    return {
        "text": f"DEMO. {what}: бул жобо айыл аймактарынын бюджетине таасир этет.",
        "proposed_wording": WORDING_KY,
        "reasoning": "DEMO. Негиздеме: жергиликтүү бюджеттин кирешеси өзгөрөт.",
        "local_interest": "DEMO. Жамааттардын таламы: туруктуу кирешелер.",
    }


DISPUTED = Plan(
    "on_condition",
    (
        Remark("objection", _texts("Каршылык"), "partly_accepted", "maintained", "compromise", worded=True),
        Remark("objection", _texts("Экинчи каршылык"), "rejected", "maintained", "open"),
        Remark("proposal", _texts("Сунуш"), "rejected", "noted"),
    ),
    "PD",
)
SATISFIED = Plan(
    "agree_with_remarks",
    (Remark("proposal", _texts("Сунуш"), "accepted", "satisfied", worded=True),),
    "PA",
)


def plan_of(index: int) -> Plan:
    """The first association disputes up to the meeting; every other one is satisfied by the answer."""
    return SATISFIED if index else DISPUTED
