"""What stands in addresses of the API. Nothing else reaches the database."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class NumberConverter(StringConverter):
    """A number of an act or a document, the random address of an act in preparing, the code of an organisation."""

    regex = "[0-9A-Za-z_-][0-9A-Za-z._-]{0,79}"


class EidConverter(StringConverter):
    """The eid of a provision."""

    regex = r"[^/\x00-\x20\x7f]{1,200}"


class CountConverter(StringConverter):
    """A small number: of a version, a round, a remark."""

    regex = "[1-9][0-9]{0,3}"

    def to_python(self, value: str) -> int:
        return int(value)


def register() -> None:
    register_converter(NumberConverter, "number")
    register_converter(EidConverter, "eid")
    register_converter(CountConverter, "count")
