"""Paging of the API: by cursor, without a silent cap."""

import base64
import binascii
import functools
import json
import re
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.utils.urls import replace_query_param

from .errors import InvalidInput

_SIZE = re.compile(r"[1-9][0-9]{0,2}")


@functools.cache
def _cipher() -> AESSIV:
    return AESSIV(salted_hmac("apps.core.pagination", "cursor", algorithm="sha256").digest())


class PublicCursorPagination(CursorPagination):
    """`next` and `previous` lead through the whole list; `page_size` from 1 to 100.

    A view's `ordering` decides the order. A cursor is sealed: it tells no internal id, and one that was changed or
    belongs to another list is refused instead of reaching the database.
    """

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100
    ordering = "-id"
    cursor_query_description = _("Where the page begins: taken from “next” or “previous” of another page.")
    page_size_query_description = _("How many results stand on a page, from 1 to 100.")

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        self._list = request.path.encode()
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Any) -> int:
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        if not _SIZE.fullmatch(given) or int(given) > self.max_page_size:
            raise InvalidInput(
                fields={self.page_size_query_param: [_("A whole number from 1 to 100 is meant here.")]}
            )
        return int(given)

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        ordering = getattr(view, "ordering", self.ordering)
        return (ordering,) if isinstance(ordering, str) else tuple(ordering)

    def encode_cursor(self, cursor: Cursor) -> str:
        plain = json.dumps([cursor.offset, cursor.reverse, cursor.position]).encode()
        sealed = base64.urlsafe_b64encode(_cipher().encrypt(plain, [self._list])).decode().rstrip("=")
        return replace_query_param(self.base_url, self.cursor_query_param, sealed)

    def decode_cursor(self, request: Any) -> Cursor | None:
        given = request.query_params.get(self.cursor_query_param)
        if given is None:
            return None
        try:
            sealed = base64.urlsafe_b64decode(given.encode("ascii") + b"=" * (-len(given) % 4))
            return Cursor(*json.loads(_cipher().decrypt(sealed, [self._list])))
        except (InvalidTag, binascii.Error, ValueError) as refusal:
            raise InvalidInput(
                fields={self.cursor_query_param: [_("This cursor is not one of this list.")]}
            ) from refusal
