"""Authenticated encryption that is bound to what it is about: AES-256-GCM (NIST SP 800-38D), a random 96-bit nonce.

Layout of a sealed value: one byte (1), the nonce (12), ciphertext and tag (16). What a value is about goes into the
tag, so that a ciphertext put into another person's row, under another name or version, or with other origins, opens no
more. There is one error for everything that can be wrong with a sealed value: nobody learns which of its parts it was.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cloud.errors import RandomnessBroken, SecretUnreadable

KEY_BYTES = 32
NONCE_BYTES = 12
LAYOUT = b"\x01"

Random = Callable[[int], bytes]
About = tuple[str | int | bool | tuple[str, ...], ...]


class Source:
    """Random bytes for keys and nonces. Fails closed: a generator that stands still makes nothing."""

    def __init__(self, random: Random = os.urandom) -> None:
        self._random = random
        self._last = b""

    def fresh(self, count: int) -> bytes:
        """`count` fresh random bytes. Raises RandomnessBroken."""
        made = self._random(count)
        if len(made) != count or made == self._last or made.count(made[0]) == count:
            raise RandomnessBroken("the random number generator repeats itself; nothing was encrypted")
        self._last = made
        return made


def seal(key: bytes, value: bytes, about: About, source: Source) -> bytes:
    """`value` encrypted under `key` (32 bytes) and bound to `about`. Raises RandomnessBroken."""
    nonce = source.fresh(NONCE_BYTES)
    return LAYOUT + nonce + AESGCM(key).encrypt(nonce, value, _bound(about))


def unseal(key: bytes, sealed: bytes, about: About) -> bytes:
    """What was sealed. Raises SecretUnreadable, whatever the reason."""
    nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        if sealed[:1] != LAYOUT:
            raise InvalidTag
        return AESGCM(key).decrypt(nonce, rest, _bound(about))
    except (InvalidTag, ValueError):
        raise SecretUnreadable from None


def _bound(about: About) -> bytes:
    # JSON keeps the parts apart: ("ab", "c") is not ("a", "bc").
    return msgspec.json.encode(about)
