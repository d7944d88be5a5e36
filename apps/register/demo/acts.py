"""The acts of the demonstration, one in each state this portal can reach, each told as a story."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from apps.core import clock
from apps.deadlines.selectors import calendar_for

from . import texts
from .way import Cast, Text, Way

Story = Callable[[Way], object]

OBJECTION = {
    "kind": "objection",
    "text": "Тартип дотациялык аймактардын кирешесин аныктайт, ошондуктан ал ассоциациялар менен макулдашылып бекитилиши керек.",
    "proposed_wording": "… Министрлер Кабинети тарабынан жергиликтүү өз алдынча башкаруу органдарынын ассоциациялары менен "
    "макулдашуу боюнча бекитилет.",
    "reasoning": "Тартип өзгөргөндө айыл өкмөтү жыл ортосунда бюджетин кайра карап чыгууга аргасыз болот.",
    "state_interest": "Республикалык бюджеттин чыгашасын пландоо.",
    "local_interest": "Жергиликтүү бюджеттин туруктуулугу.",
}
PROPOSAL = {
    "kind": "proposal",
    "text": "«табигый кырсык болгон учурларды кошпогондо» деген сөздөр кошулсун.",
    "proposed_wording": "… табигый кырсык болгон учурларды кошпогондо.",
    "reasoning": "Кырсык учурунда каражат тез керек болот.",
}
REMARKS = (
    {"eid": "art_2__para_1", **OBJECTION},
    {"eid": "art_2__para_2", **PROPOSAL},
    {
        "eid": "art_1__para_2",
        **OBJECTION,
        "text": "Функция каржы булагы жок жүктөлүп жатат. Акысы республикалык бюджеттен каралсын.",
        "proposed_wording": "",
    },
)
CITIES_REMARKS = (
    {
        "eid": "art_2__para_2",
        "kind": "objection",
        "text": "Города получают расчёты слишком поздно: бюджет города принимается до 1 сентября.",
        "proposed_wording": "Местные кенеши получают расчёты до 1 июля.",
        "reasoning": "Иначе городской кенеш утверждает бюджет без расчётов.",
        "local_interest": "Своевременное утверждение городского бюджета.",
    },
)
ANSWERS = (
    (
        "partly_accepted",
        "Ассоциации направляется проект порядка для мнения; утверждает Кабинет Министров.",
        "… с учётом мнения ассоциаций.",
    ),
    ("accepted", "Слова добавляются.", ""),
    ("rejected", "В бюджете года дополнительного источника нет.", ""),
)
# The next text keeps one promise and not the other, puts an article in, and takes out a part that has a remark.
LATER = {
    "ky": (
        (
            "\n\n2. Теңдөөчү трансферттер жергиликтүү бюджеттердин эсептик кирешелери менен чыгашаларынын ортосундагы "
            "ажырымды жабууга берилет.",
            "",
        ),
        ("азайтылбайт", "табигый кырсык болгон учурларды кошпогондо, азайтылбайт"),
        ("15-июлга чейин", "10-июлга чейин"),
        (
            "2-берене.",
            "2-берене. Ачыктык\n\nТрансферттердин эсеби Каржы министрлигинин сайтында жарыяланат.\n\n3-берене.",
        ),
        ("3-берене. Күчүнө", "4-берене. Күчүнө"),
    ),
    "ru": (
        (
            "\n\n2. Выравнивающие трансферты предоставляются на покрытие разрыва между расчётными доходами и расходами "
            "местных бюджетов.",
            "",
        ),
        ("не уменьшается", "не уменьшается, за исключением случаев стихийного бедствия"),
        ("до 15 июля", "до 10 июля"),
        (
            "Статья 2.",
            "Статья 2. Открытость\n\nРасчёт трансфертов публикуется на сайте Министерства финансов.\n\nСтатья 3.",
        ),
        ("Статья 3. Порядок вступления", "Статья 4. Порядок вступления"),
    ),
}
CITIES_ANSWERS = (("rejected", "Расчёты зависят от прогноза доходов, который готов к 10 июля.", ""),)


def started(cast: Cast, now: datetime, days_ago: int, text: Text) -> Way:
    """A way that began that many working days ago, in the morning."""
    calendar, day = calendar_for(), clock.local_date(now)
    while days_ago:
        day -= timedelta(days=1)
        days_ago -= calendar.is_working(day)
    return Way(cast, datetime.combine(day, time(9, 30), clock.BISHKEK)).prepare(text)


def _filed_by_both(way: Way, *, remarks: bool = True) -> Way:
    way.working_days(1).register().hours(2).open().working_days(1).acknowledge()
    if not remarks:
        way.working_days(9).write("lsg-union", "agree").working_days(1).file("lsg-union")
        return way.working_days(2).write("cities", "outside_competence", lang="ru").hours(3).file("cities")
    way.working_days(8).write("lsg-union", "on_condition", REMARKS).working_days(1).file("lsg-union")
    return (
        way.working_days(2)
        .write("cities", "disagree", CITIES_REMARKS, lang="ru")
        .working_days(1)
        .file("cities")
    )


def _answered(way: Way) -> Way:
    return (
        _filed_by_both(way)
        .working_days(5)
        .answer("lsg-union", ANSWERS)
        .hours(1)
        .answer("cities", CITIES_ANSWERS)
    )


def _replied(way: Way) -> Way:
    way = _answered(way).working_days(3).reply("lsg-union", ["maintained", "satisfied", "maintained"])
    return way.working_days(1).reply("cities", ["maintained"])


def _met(way: Way, *, last: str = "settled") -> Way:
    way = _replied(way).working_days(6)
    way.meet(
        "lsg-union",
        {
            1: {
                "outcome": "compromise",
                "wording_ky": "… Министрлер Кабинети тарабынан ассоциациялардын пикирин эске алуу менен бекитилет.",
                "wording_ru": "… утверждаются Кабинетом Министров с учётом мнения ассоциаций.",
            },
            3: {"outcome": last, "note": "Маселе кийинки бюджеттик циклге киргизилет."},
        },
    )
    return way.hours(1).meet("cities", {1: {"outcome": last}})


def _signed(way: Way, *, last: str = "settled") -> Way:
    way = _met(way, last=last).working_days(1)
    for code in ("lsg-union", "cities"):
        way.fix(code)
    way.working_days(2)
    for code in ("lsg-union", "cities"):
        way.sign(code)
    return way


def make(cast: Cast, now: datetime) -> list[Way]:
    """Every act of the demonstration, oldest first, so that numbers follow the days."""
    stories: list[tuple[int, Text, Story]] = [
        (
            60,
            replace(
                texts.TRANSFERS,
                title_ky="Жергиликтүү бюджеттердин кирешелери жөнүндө",
                title_ru="О доходах местных бюджетов",
            ),
            _adopted,
        ),
        (56, texts.DELEGATION, _rejected),
        (
            52,
            replace(
                texts.IRRIGATION,
                title_ky="Суу пайдалануучулар бирикмелери жөнүндө",
                title_ru="Об объединениях водопользователей",
            ),
            _returned,
        ),
        (45, texts.AMENDING, _agreed_and_submitted),
        (40, texts.PASTURES, lambda way: _signed(way).working_days(2).certify()),
        (
            36,
            replace(
                texts.TRANSFERS, title_ky="Максаттуу трансферттер жөнүндө", title_ru="О целевых трансфертах"
            ),
            _signed,
        ),
        (
            33,
            replace(texts.PASTURES, title_ky="Жайыт комитеттери жөнүндө", title_ru="О пастбищных комитетах"),
            _being_signed,
        ),
        (26, texts.IRRIGATION, _replied),
        (28, texts.WASTE, _expired),
        (
            24,
            replace(
                texts.TRANSFERS,
                title_ky="Жергиликтүү бюджеттердин туруктуулугу жөнүндө",
                title_ru="Об устойчивости местных бюджетов",
            ),
            _renewed,
        ),
        (
            21,
            replace(
                texts.DELEGATION,
                title_ky="Өткөрүлүп берилген ыйгарым укуктарды каржылоо жөнүндө",
                title_ru="О финансировании делегированных полномочий",
            ),
            _answered,
        ),
        (17, texts.TRANSFERS, lambda way: _being_answered(way.package(texts.TRANSFERS_RULES))),
        (
            11,
            replace(
                texts.IRRIGATION,
                title_ky="Ичүүчү суу тутумдарын күтүү жөнүндө",
                title_ru="О содержании систем питьевой воды",
            ),
            _being_written,
        ),
        (
            9,
            replace(texts.PASTURES, title_ky="Токой жайыттары жөнүндө", title_ru="О лесных пастбищах"),
            _withdrawn,
        ),
        (
            7,
            texts.METERS,
            lambda way: way.working_days(1).register(
                touches_lsg=False,
                reason="Ведомство ичиндеги отчёттун формасы, ЖӨБ органдарына милдет жүктөлбөйт.",
            ),
        ),
        (
            3,
            replace(
                texts.WASTE,
                title_ky="Шаардык транспорттун тарифтери жөнүндө",
                title_ru="О тарифах городского транспорта",
            ),
            lambda way: way.register(where="2").hours(2).open(),
        ),
        (
            2,
            replace(
                texts.AMENDING,
                title_ky="“Муниципалдык кызмат жөнүндө” Мыйзамга өзгөртүүлөрдү киргизүү тууралуу",
                title_ru="О внесении изменений в Закон “О муниципальной службе”",
            ),
            lambda way: way.hours(5).register(where="1"),
        ),
    ]
    ways = []
    for days_ago, text, story in stories:
        way = started(cast, now, days_ago, text)
        story(way)
        ways.append(way)
    ready = replace(
        texts.DELEGATION, title_ky="Муниципалдык менчик жөнүндө", title_ru="О муниципальной собственности"
    )
    ways.append(Way(cast, now - timedelta(hours=3)).prepare(ready))
    half = replace(texts.TRANSFERS, title_ky="Жер салыгы жөнүндө", title_ru="О земельном налоге")
    ways.append(Way(cast, now - timedelta(hours=1)).prepare(half, complete=False))
    return ways


def _adopted(way: Way) -> None:
    _signed(way, last="open").working_days(2).certify()
    way.working_days(2).decide("submitted", "14-3201", "Мыйзам долбоору Жогорку Кеңешке киргизилди.")
    way.working_days(9).decide("adopted", "VIII-412", "Мыйзам кабыл алынды.", by="committee.clerk")


def _rejected(way: Way) -> None:
    _signed(way, last="open").working_days(2).certify()
    way.working_days(1).decide("submitted", "14-3188", "Мыйзам долбоору Жогорку Кеңешке киргизилди.")
    way.working_days(6).decide("rejected", "VIII-398", "Мыйзам долбоору четке кагылды.", by="committee.clerk")


def _returned(way: Way) -> None:
    _signed(way).working_days(1).certify()
    way.working_days(1).decide("submitted", "14-3240", "Долбоор Министрлер Кабинетине киргизилди.")
    way.working_days(3).decide("returned", "14-3240/1", "Финансылык негиздеме толукталсын.")


def _agreed_and_submitted(way: Way) -> None:
    _filed_by_both(way, remarks=False).working_days(1).certify()
    way.working_days(2).decide("submitted", "14-3302", "Долбоор Жогорку Кеңешке киргизилди.")


def _being_signed(way: Way) -> None:
    _met(way).working_days(1).fix("lsg-union").fix("cities").working_days(1).sign(
        "lsg-union", "association"
    ).sign("cities")


def _expired(way: Way) -> None:
    """One association agreed; the other's term ended without an answer, and nothing is decided yet."""
    way.working_days(1).register(where="2").hours(2).open().working_days(1).acknowledge("lsg-union")
    way.working_days(12).write("lsg-union", "agree").working_days(1).file("lsg-union")


def _being_answered(way: Way) -> None:
    _filed_by_both(way).working_days(2).answer("lsg-union", ANSWERS[:1], send=False)


def _renewed(way: Way) -> None:
    """After the answers the ministry published its next text; the associations have not replied yet."""
    _answered(way).working_days(1).renew(LATER, text=texts.TRANSFERS)


def _being_written(way: Way) -> None:
    way.working_days(1).register().hours(2).open().working_days(1).acknowledge().working_days(6)
    way.write("lsg-union", "on_condition", REMARKS[:2], ready=False)
    way.write("cities", "agree_with_remarks", [{**CITIES_REMARKS[0], "kind": "proposal"}], lang="ru")


def _withdrawn(way: Way) -> None:
    way.working_days(1).register().hours(2).open().working_days(2)
    way.withdraw("Долбоор башка мыйзам долбоору менен бириктирилет.")
