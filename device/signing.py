"""The key that a device is known by: Ed25519, made on the device, and never off it."""

from __future__ import annotations

import os
from typing import Final

SEED_BYTES: Final = 32


class SigningKey:
    """Signs. `seed`: 32 random bytes, all that need be kept of it."""

    def __init__(self, seed: bytes) -> None:
        # Here, not above: a device that was paired without a code never loads it.
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self.seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw().hex()

    @classmethod
    def fresh(cls) -> SigningKey:
        return cls(os.urandom(SEED_BYTES))

    def sign(self, text: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._private.sign(text)


class Exchange:
    """One half of an agreement on a key (X25519); `public` is hex."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        self._private = X25519PrivateKey.generate()
        self.public = self._private.public_key().public_bytes_raw().hex()

    def agree(self, theirs: str) -> bytes:
        """What both sides come to. Raises ValueError for a point that leads to nothing."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        return self._private.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(theirs)))
