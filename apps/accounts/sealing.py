"""Secrets that must be read again (not only compared) are kept encrypted under the key of the installation."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"apps.accounts.second-factor"


class Unreadable(Exception):
    """Sealed under a key that this installation does not have any more."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(
                    HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
                )
            )
            for key in keys
        ]
    )


def _present_box() -> MultiFernet:
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(text: str) -> str:
    """Encrypt under the present key."""
    return _present_box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt, under the present key or an earlier one that is still named. Raises Unreadable."""
    try:
        return _present_box().decrypt(sealed.encode()).decode()
    except InvalidToken as problem:
        raise Unreadable from problem
