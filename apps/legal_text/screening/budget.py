"""Money that moves between the republican and local budgets, or between local budgets; state powers handed over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from apps.legal_text.screening.found import Evidence
from apps.legal_text.screening.phrases import prepared, rows

RU_NAMED = rows(
    "межбюджет+", "выравнивающ+ (?:трансферт|грант)+", "целев+ трансферт+", "стимулирующ+ _? грант+", "долев+ грант+",
    "бюджетн+ ссуд+", "норматив+ отчислени+", "отчислени+ от общегосударственн+ доход+",
    "из одного бюджета в другой _? бюджет+", "в другой бюджет", "друг+ бюджет+",
    "категориальн+ грант+", "между бюджетами",
    "отчислени+ от (?:общегосударственн|республиканск|налог)+ _? _? _? _? (?:в|во) местн+ бюджет+",
    "доход+ за кажд+ бюджет+", "бюджет+ разн+ уровн+", "между республиканск+ и местн+ бюджет+",
)  # fmt: skip
KY_NAMED = rows(
    "бюджет+ аралык", "те[нңӊ][дөѳо]+ч[үуѳөо]+ (?:трансферт|грант)+", "те[нңӊ]деш?тир+ (?:трансферт|грант)+",
    "те[нңӊ][өѳо]+ (?:трансферт|грант)+", "үлүштүк _? грант+", "дем бер[үу]+ч[үу]+ _? грант+", "бюджеттик ссуда+",
    "чегер+ _? ченем+", "максаттуу трансферт+", "категориялык грант+",
)  # fmt: skip
RU_LOCAL = rows(
    "мест+ бюджет+", "орган+ мест+ самоуправлени+", "мест+ самоуправлени+", "бюджет+ (?:айылн|город)+"
)
RU_REPUBLICAN = rows("республиканск+ _? _? бюджет+", "государственн+ бюджет+", "республиканск+ и местн+")
RU_MOVES = rows(
    "трансферт+", "грант+", "ссуд+", "отчислени+", "распредел+", "перераспредел+", "перечисл+", "дотаци+", "субвенци+",
    "изъя[тл]+", "взаимн+ расчет+", "переда+ _? _? мест+ бюджет+", "средств+ _? _? переда+",
)  # fmt: skip
RU_TRANSFERS = rows("трансферт+")
#: Paying counts where local self-government is the one that receives.
RU_PAYS = rows("выдел+", "компенс+", "возмещ+", "финансир+", "софинансир+")
RU_RECEIVES = rows(
    "местн(?:ым|ому) бюджет(?:ам|у)", "в местн+ бюджет+", "орган(?:ам|у) мест+ самоуправлени+",
    "бюджет(?:ам|у) мест+ самоуправлени+", "финансирован+ _? _? мест+ самоуправлени+",
    "(?:расход|потер|доход)+ _? _? местн+ бюджет+", "(?:расход|потер)+,? возникш+ у орган+ мест+ самоуправлени+",
)  # fmt: skip
#: «за счет республиканского и местных бюджетов»: each pays its own.
RU_EACH_ITS_OWN = re.compile(
    r"республиканск[а-яё]*(?:\s+бюджет[а-яё]*)?(?:,\s*|\s+(?:и|или|и/или|и\s+\(или\)|либо)\s+)"
    r"(?:соответствующ[а-яё]*\s+)?местн[а-яё]*(?:\s+бюджет[а-яё]*)?"
)
RU_PAID_BACK = rows("компенсаци+", "возмещен+", "возмещ+")
#: What has to come with delegated powers.
RU_MEANS = rows("финансов+ _? _? _? средств+", "денежн+ средств+", "субвенци+")
KY_LOCAL = rows("жергиликт+ бюджет+", "жергиликт+ [өо]з алдынча башкар+", "айыл+ [өѳо]км[өѳо]т+")
KY_REPUBLICAN = rows("республикалык бюджет+", "мамлекеттик бюджет+")
KY_MOVES = rows(
    "трансферт+", "грант+", "ссуда+", "чегер+", "бөлүштүр+", "бөлүн+", "которул+", "котор+", "өткөр+", "компенсация+",
    "ордун толтур+", "толтурул+", "каржыл+", "дотация+", "алып ко[йю]+",
)  # fmt: skip
RU_POWERS = rows(
    "делегир+ _? _? _? _? государственн+ полномочи+", "государственн+ полномочи+ _? _? _? (?:делегир|переда[нвют]|возлож|надел)+",
    "отдельн+ государственн+ полномочи+",
    "передач+ _? _? государственн+ полномочи+",
    "переда[нвют]+ _? _? _? _? государственн+ полномочи+",
    "наделен+ _? _? _? _? _? государственн+ полномочи+",
)  # fmt: skip
RU_POWERS_OF_LSG = rows(
    "делегир+ _? _? _? _? полномочи+",
    "полномочи+ _? _? _? делегир+",
    "делегируем+ функци+",
    "делегированн+ функци+",
)
#: The executive gives away what was its own: «Кабинет Министров … может передавать им осуществление части своих полномочий».
RU_STATE_BODY = rows("кабинет министров", "правительство", "министерств(?:о|а)", "государственные органы")
RU_GIVEN = rows("(?:делегир|переда)+ _? _? _? _? _? _? полномочи+")
RU_OWN = rows("сво(?:и|их|ими|ею|ей) _? полномочи+", "собственн+ полномочи+")
KY_POWERS = re.compile(
    r"(?<![а-яёңөү])(?:мамлекеттик\s+ыйгарым\s+укук(?!туу)[а-яёңөү]*|өткөр[үу]л[үу]п\s+берил[а-яёңөү]*\s+(?:мамлекеттик\s+)?ыйгарым\s+укук(?!туу)[а-яёңөү]*"
    r"|делегирле[а-яёңөү]*\s+(?:[а-яёңөү]+\s+){0,3}ыйгарым\s+укук(?!туу)[а-яёңөү]*)"
)
KY_HANDS = rows(
    "бер+", "өткөр+", "ыйгарыл+", "ыйгар+", "тапшыр+", "жүктө+", "делегирле+", "жүзөгө ашыр+", "аткар+", "каржыл+",
)  # fmt: skip


def between_budgets(text: str, lang: str | None) -> Iterator[Evidence]:
    """A named form of it, or a local and the republican budget with a verb of moving between them."""
    low = prepared(text)
    ky = lang == "ky"
    named = (KY_NAMED if ky else RU_NAMED).search(low)
    if named:
        yield _evidence(text, named, "budget_movement")
        return
    local = (KY_LOCAL if ky else RU_LOCAL).search(low)
    moves = (KY_MOVES if ky else RU_MOVES).search(low)
    if moves is None and not ky and not RU_EACH_ITS_OWN.search(low):
        moves = RU_PAYS.search(low)
    if local is None:
        return
    if not ky and (means := RU_MEANS.search(low)) and RU_POWERS.search(low):
        yield _evidence(text, means, "budget_movement")
        return
    moves = (KY_MOVES if ky else RU_MOVES).search(low)
    if moves is None and not ky and RU_RECEIVES.search(low):
        moves = RU_PAYS.search(low)
    if moves is None:
        return
    republican = (KY_REPUBLICAN if ky else RU_REPUBLICAN).search(low)
    if not ky and _each_its_own(low):
        return
    if republican or (not ky and RU_TRANSFERS.search(low)):
        yield _evidence(text, moves, "budget_movement")
    elif not ky and (back := RU_PAID_BACK.search(low)) and _loss_of_local(low):
        yield _evidence(text, back, "budget_movement")


def _each_its_own(low: str) -> bool:
    """«республиканского и местных бюджетов», and no other word of a local budget or body: no movement between them."""
    apart = RU_EACH_ITS_OWN.sub(" ", low)
    return apart != low and RU_LOCAL.search(apart) is None


def _loss_of_local(low: str) -> bool:
    """«увеличение расходов местных бюджетов», «потери местного бюджета»: the local budget is to be made good."""
    return bool(re.search(r"(?:расход|потер|доход)[а-яё]*\s+(?:[а-яё]+\s+){0,3}местн[а-яё]*\s+бюджет", low))


def handed_over(text: str, lang: str | None, *, of_lsg: bool) -> Iterator[Evidence]:
    """State powers handed to local self-government; `of_lsg`: the text names a body of it."""
    low = prepared(text)
    if lang == "ky":
        match = KY_POWERS.search(low)
        handed = match is not None and (of_lsg or low.find("өткөр") >= 0) and KY_HANDS.search(low)
        if match and handed:
            yield _evidence(text, match, "powers_handed_over")
        return
    match = RU_POWERS.search(low) or (
        RU_POWERS_OF_LSG.search(low) if of_lsg and not RU_OWN.search(low) else None
    )
    if match is None and of_lsg and _state_gives(low):
        match = RU_GIVEN.search(low)
    if match:
        yield _evidence(text, match, "powers_handed_over")


def _state_gives(low: str) -> bool:
    body = RU_STATE_BODY.search(low)
    given = RU_GIVEN.search(low)
    return body is not None and given is not None and body.start() < given.start()


def _evidence(text: str, match: re.Match[str], rule: str) -> Evidence:
    return Evidence(match.start(), match.end(), text[match.start() : match.end()], rule)
