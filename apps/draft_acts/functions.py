"""Reading the function card of a version."""

from dataclasses import dataclass

from apps.core.dates import language

from . import naming
from .models import CardFunction, DraftActVersion, NoFunction


@dataclass(frozen=True)
class FunctionRow:
    """A function of the card, with the name of its provision in the language of the page."""

    function: CardFunction
    name: str
    in_text: bool  # its provision is in the text of the version


@dataclass(frozen=True)
class Card:
    """The function card of a version: its functions, or the statement that there is none."""

    rows: tuple[FunctionRow, ...]
    none: NoFunction | None

    @property
    def is_complete(self) -> bool:
        """Filled in: functions whose provisions are in the text, or the statement that there is none."""
        return self.none is not None or (bool(self.rows) and all(row.in_text for row in self.rows))

    @property
    def without_source(self) -> tuple[FunctionRow, ...]:
        """Functions somebody has to carry without a source of money."""
        return tuple(row for row in self.rows if row.function.without_source)

    @property
    def yearly_som(self) -> int:
        """What all functions given to somebody cost a year."""
        return sum(row.function.yearly_som for row in self.rows if row.function.change != "removes")


def card(version: DraftActVersion) -> Card:
    """In three queries at the most."""
    here = language()
    functions = list(version.functions.order_by("number"))
    if not functions:
        return Card((), NoFunction.objects.filter(version=version).first())
    placed = set(
        version.provisions.filter(eid__in=[row.eid for row in functions]).values_list("eid", flat=True)
    )
    return Card(
        tuple(FunctionRow(row, naming.name_of(row.eid, here), row.eid in placed) for row in functions), None
    )


def as_json(found: Card) -> dict[str, object]:
    """The card as plain values: in the dossier and in the API."""
    fields = ("number", "eid", "change", "function", "holder_before", "holder_after", "power", "source",
              "yearly_som", "lang")  # fmt: skip
    return {
        "none_because": found.none.reason if found.none else "",
        "lang": found.none.lang if found.none else "",
        "functions": [
            {
                **{name: getattr(row.function, name) for name in fields},
                "no_source": row.function.without_source,
            }
            for row in found.rows
        ],
    }
