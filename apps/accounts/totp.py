"""Codes of an authenticator app (RFC 6238: SHA-1, six digits, a new one every thirty seconds). Plain arithmetic."""

import base64
import hashlib
import hmac
import secrets
import struct
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps by which the clock of a phone may be wrong, to either side


def new_secret() -> str:
    """160 random bits in base 32, as apps read them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def counter(at: datetime) -> int:
    """The number of the step in which a moment lies."""
    return int(at.timestamp()) // STEP


def code(secret: str, step: int) -> str:
    """The code of one step."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def digits(typed: str) -> str:
    """What was typed without spaces and dashes, in ordinary digits."""
    return "".join(c for c in unicodedata.normalize("NFKC", typed) if c.isalnum())


def step_of(secret: str, typed: str, *, at: datetime, after: int = 0) -> int | None:
    """The step whose code was typed, within the drift around `at` and later than the step used last; else None."""
    given, now, found = digits(typed).encode(), counter(at), None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code(secret, step).encode(), given) and step > after and found is None:
            found = step
    return found


def groups(secret: str) -> list[str]:
    """A secret in groups of four, to be typed by hand."""
    return [secret[i : i + 4] for i in range(0, len(secret), 4)]


def address(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code holds. Apps want spaces as %20."""
    query = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"
