"""Asking an address, and what an answer says of a reader's sight."""

import copy
import os
import re
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

# What differs in each answer by design: the token of the form, the nonce of the policy, the id and time of the request.
_OWN = re.compile(rb'(name="csrfmiddlewaretoken" value="|X-CSRFToken": "|nonce=")[^"]+')
FULL = os.environ.get("PORTAL_PROBES") == "all"  # everybody, every method, every page
COUNTS = os.environ.get("PORTAL_PROBES_COUNTS", "")
_OWN_HEADERS = {"X-Request-ID", "Content-Length", "Date", "Expires"}


def names(resolver: URLResolver | None = None, space: str = "") -> list[str]:
    """The name of every pattern of the portal, with its namespace. One without a name is named by its pattern."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            found.append(space + (pattern.name or f"unnamed {pattern.pattern}"))
        else:
            found += names(pattern, space + (f"{pattern.namespace}:" if pattern.namespace else ""))
    return found


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def to_sign_in(self) -> bool:
        return self.status in {302, 303} and "/login/" in self.location.partition("?")[0]

    @property
    def is_through(self) -> bool:
        """The reader got what is behind the address, or a refusal that only those get who have it before them."""
        return self.status in {200, 201, 202, 301, 302, 303, 400, 409} and not self.to_sign_in

    def __str__(self) -> str:
        return f"{self.status}{' → ' + self.location if self.location else ''}"


def address(name: str, kwargs: dict[str, Any]) -> str:
    with override("ky"):
        return reverse(name, kwargs=kwargs)


def ask(client: Client, method: str, url: str, more: dict[str, Any] | None = None) -> Answer:
    """One request of which nothing remains: rows are rolled back, cookies put back."""
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        response = getattr(client, method.lower())(url, HTTP_ACCEPT_LANGUAGE="ky", **(more or {}))
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    client.cookies = cookies
    return Answer(
        response.status_code,
        response.get("Location", ""),
        tuple(sorted((k, v) for k, v in response.items() if k not in _OWN_HEADERS)),
        _OWN.sub(rb"\1", body),
    )


def count(what: str, number: int) -> None:
    """For the soak, which wants to know how much was tried."""
    if COUNTS:
        with open(COUNTS, "a", encoding="utf-8") as file:
            file.write(f"{number} {what}\n")


def difference(one: Answer, other: Answer) -> str:
    """The first place where two answers differ, for the message of a failure."""
    if one.headers != other.headers:
        return str(set(one.headers) ^ set(other.headers))
    at = next((i for i, pair in enumerate(zip(one.body, other.body, strict=False)) if pair[0] != pair[1]), 0)
    return f"{one.body[at - 60 : at + 60]!r} / {other.body[at - 60 : at + 60]!r}"
