"""The rows of a comparison table: what each instruction of an amending act makes of the text it amends.

Every instruction is applied to the text in force, as it says itself, never to what another instruction made of it.
What cannot be applied is a row with a doubt and without proposed words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.legal_text import amendments
from apps.legal_text.amend import address, operations
from apps.legal_text.amend.operations import Operation
from apps.legal_text.compare.side import Side
from apps.legal_text.normalize import normalize
from apps.legal_text.provisions import Provision, ReadAct

_CLOSING = re.compile(r"[\"»”“][\s.;,]*\Z")
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"'})


@dataclass(frozen=True, slots=True)
class Row:
    """One instruction and one unit of the amended text.

    `instruction`: eid in the amending act; `target`: eid in the amended text (of a new unit, the unit it stands in; None:
    the act itself, or not found). `current` and `proposed` are whole wordings with labels; a unit taken out or repealed
    has no proposed one. `doubt` is a key of `messages.AMENDMENTS`; then nothing is proposed but what the act itself quotes.
    """

    instruction: str
    order: str
    operator: str
    target: str | None
    current: str | None
    proposed: str | None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class _Order:
    """One operation, and the instruction that gives it."""

    operation: Operation
    instruction: str
    text: str

    def row(
        self, target: str | None, current: str | None, proposed: str | None, doubt: str | None = None
    ) -> Row:
        return Row(self.instruction, self.text, self.operation.operator, target, current, proposed, doubt)


def table(amending: ReadAct, amended: ReadAct) -> tuple[Row, ...]:
    """Rows in the order of the amending act. Of an act that amends several others only what concerns `amended`."""
    act = Side(amended.provisions, {})
    orders = Side(amending.provisions, {})
    rows: list[Row] = []
    for lead in _leads(orders, amended):
        rows += _rows_of(lead, orders, act)
    return tuple(rows)


def _leads(orders: Side, amended: ReadAct) -> list[str]:
    """Units that announce changes of this text: the only one, or those that name it by its title."""
    found = [
        eid
        for eid in orders.order
        if not _is_quoted(orders, eid)
        and amendments.leads(orders.by_eid[eid].text or "")
        and orders.kind(eid) != "preamble"
    ]
    found = [eid for eid in found if not any(above in found for above in orders.ancestors(eid))]
    title = _plain(amended.title or "")
    named = [eid for eid in found if title and title in _plain(orders.by_eid[eid].text or "")]
    return named or found


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", normalize(text).lower()).strip()


def _is_quoted(side: Side, eid: str) -> bool:
    return side.kind(eid) == "quoted" or any(side.kind(above) == "quoted" for above in side.ancestors(eid))


def _rows_of(lead: str, orders: Side, act: Side) -> Iterator[Row]:
    units = [lead, *(eid for eid in orders.below[lead] if not _is_quoted(orders, eid))]
    quotations = [eid for eid in orders.below[lead] if orders.kind(eid) == "quoted"]
    contexts: dict[str, address.Address] = {}
    for at, eid in enumerate(units):
        provision = orders.by_eid[eid]
        text = normalize(provision.text)
        context = _context(eid, contexts, orders)
        end = orders.position[units[at + 1]] if at + 1 < len(units) else len(orders.order)
        own = [q for q in quotations if orders.position[eid] < orders.position[q] < end]
        found, here, understood = operations.read(text, context)
        contexts[eid] = here if not found else context
        for operation in found:
            takes = operation.operator in ("reword", "add_unit")
            quoted = own.pop(0) if takes and own else None
            yield from _applied(_Order(operation, eid, text), quoted, orders, act)
        below = [e for e in orders.below[eid] if not _is_quoted(orders, e)]
        silent = not found and not below and eid != lead and provision.kind in ("instruction", "indent")
        if (not understood and eid != lead) or (silent and text):
            yield Row(eid, text, "unknown", None, None, _quoted(orders, own[0]) if own else None, "unclear")


def _context(eid: str, contexts: dict[str, address.Address], orders: Side) -> address.Address:
    """What the units around it, and the paragraphs before it, have addressed."""
    for above in orders.ancestors(eid):
        if above in contexts:
            return contexts[above]
    return address.Address()


def _applied(order: _Order, quoted: str | None, orders: Side, act: Side) -> Iterator[Row]:
    operation = order.operation
    said = _quoted(orders, quoted) if quoted is not None else None
    if operation.everywhere:
        yield from _everywhere(order, act)
        return
    places = address.find(operation.address, act)
    if places is None:
        yield order.row(None, None, said, "address_not_found")
        return
    for place in places:
        if operation.sentence:
            yield order.row(place.eid, _wording(act, place), said, "sentence")
        elif operation.operator in ("replace_words", "add_words", "remove_words"):
            yield _with_words(order, place, act)
        elif operation.operator == "add_unit":
            yield _with_unit(order, place, quoted, orders, act)
        elif place.eid is None:
            yield order.row(None, None, said, "address_not_found")
        elif operation.operator == "reword":
            yield order.row(place.eid, _wording(act, place), said, None if said else "no_new_wording")
        else:
            yield order.row(place.eid, _wording(act, place), None)


def _everywhere(order: _Order, act: Side) -> Iterator[Row]:
    found = False
    for eid in act.order:
        words = _own(act, eid)
        changed, count = _exchange(order.operation, words)
        if count:
            found = True
            yield order.row(eid, words, changed)
    if not found:
        yield order.row(None, None, None, "words_not_found")
    elif order.operation.forms:
        yield order.row(None, None, None, "word_forms")


def _with_words(order: _Order, place: address.Place, act: Side) -> Row:
    operation = order.operation
    if not operation.old:
        return order.row(place.eid, _wording(act, place), None, "place_not_said")
    if place.eid is None:
        units = list(act.order)
    else:
        units = [place.eid] if place.own else [place.eid, *act.below[place.eid]]
    hits = []
    for eid in units:
        words = _own(act, eid)
        changed, count = _exchange(operation, words)
        if count:
            hits.append((eid, words, changed, count))
    if not hits:
        return order.row(place.eid, _wording(act, place), None, "words_not_found")
    if len(hits) > 1 or hits[0][3] > len(operation.old):
        return order.row(place.eid, _wording(act, place), None, "words_repeated")
    eid, words, changed, count = hits[0]
    if count < len(operation.old):
        return order.row(eid, words, None, "words_not_found")
    return order.row(eid, words, changed, "word_forms" if operation.forms else None)


def _exchange(operation: Operation, words: str) -> tuple[str, int]:
    """(the words after the order, how often they were found)."""
    count = 0
    for old in operation.old:
        pattern = _pattern(old)
        if operation.operator == "remove_words":
            words, n = re.subn(rf"\s?{pattern}", "", words)
        elif operation.operator == "add_words":
            words, n = re.subn(pattern, lambda m: _put_in(operation, m[0]), words)
        else:
            words, n = re.subn(pattern, lambda _: operation.new or "", words)
        count += n
    return words, count


def _put_in(operation: Operation, found: str) -> str:
    new = operation.new or ""
    if operation.before:
        return f"{new} {found}"
    return f"{found}{new}" if new[:1] in tuple(",.;:") else f"{found} {new}"


def _pattern(old: str) -> str:
    """Whole words; any quotation mark stands for any, any white space for any."""
    old = normalize(old)
    body = re.sub(r"(?:\\?[\"«»“”„])", '["«»“”„]', re.sub(r"(?:\\ )+", r"\\s+", re.escape(old)))
    before = r"(?<!\w)" if old[:1].isalnum() else ""
    after = r"(?!\w)" if old[-1:].isalnum() else ""
    return f"{before}{body}{after}"


def _with_unit(order: _Order, place: address.Place, quoted: str | None, orders: Side, act: Side) -> Row:
    if quoted is None:
        return order.row(place.eid, None, None, "no_new_wording")
    said = _quoted(orders, quoted)
    unit = order.operation.unit
    inside = [orders.by_eid[eid] for eid in orders.below[quoted]]
    counted = [step for step in unit.steps if step.numbers and step.kind != "indent"]
    if not all(_is_there(step, inside) for step in counted):
        return order.row(place.eid, None, said, "quote_differs")
    if counted and unit.steps[-1] is counted[-1]:
        there = address.find(unit.within(order.operation.address), act)
        if there:
            return order.row(there[0].eid, _wording(act, there[0]), said, "exists_already")
    return order.row(place.eid, None, said)


def _is_there(step: address.Step, inside: Sequence[Provision]) -> bool:
    return any(provision.number in step.numbers for provision in inside) or any(
        "-" in n for n in step.numbers
    )


# --- wordings


def _own(act: Side, eid: str) -> str:
    provision = act.by_eid[eid]
    parts = (normalize(provision.label), normalize(provision.heading), normalize(provision.text))
    return " ".join(part for part in parts if part)


def _wording(act: Side, place: address.Place) -> str | None:
    """A unit with all below it, a line each; of the act as a whole nothing."""
    if place.eid is None:
        return None
    units = [place.eid] if place.own else [place.eid, *act.below[place.eid]]
    return "\n".join(filter(None, (_own(act, eid) for eid in units)))


def _quoted(orders: Side, eid: str) -> str:
    """The quoted new wording without the quotation marks around it."""
    provision = orders.by_eid[eid]
    first = " ".join(filter(None, (normalize(provision.heading), normalize(provision.text))))
    if first[:1] in amendments.OPENING:
        first = first[1:]
    lines = [first, *(_own(orders, below) for below in orders.below[eid])]
    text = "\n".join(line for line in lines if line)
    return _CLOSING.sub("", text)
