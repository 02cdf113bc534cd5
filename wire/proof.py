"""Who is who: HMAC-SHA256 over both nonces with the key that was made when the device was paired.

device                                     cloud
  Hello     device, boot, nonce_d  ──────►
            ◄──────  Challenge  version, nonce_c
  Prove     HMAC(key, "leveret device" …)  ──────►   checked; wrong: bad_proof, unknown device: unpaired
            ◄──────  Welcome    HMAC(key, "leveret cloud" …)   checked before a sample is sent
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Literal

from wire import limits
from wire.errors import MisuseError


def proof(
    key: bytes, side: Literal["device", "cloud"], *, version: int, device: str, boot: str, nonces: tuple[str, str]
) -> str:
    """The MAC, 64 hex digits, that `side` shows. `nonces` are the device's and the cloud's, as on the wire.

    The text that is signed has one part a line: `leveret`, side, version, device, boot, both nonces.
    """
    if len(key) != limits.KEY_BYTES:
        raise MisuseError(f"a device key has {limits.KEY_BYTES} bytes, not {len(key)}: pair the device again")
    text = "\n".join(("leveret", side, str(version), device, boot, *nonces))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def signed(*, version: int, device: str, boot: str, nonces: tuple[str, str], ticket: str) -> bytes:
    """What a device signs with its Ed25519 key, in one part a line: both nonces, and the ticket that it shows."""
    return "\n".join(("leveret", "signature", str(version), device, boot, *nonces, ticket)).encode()


def same(shown: str, due: str) -> bool:
    """Compare two MACs in constant time."""
    return hmac.compare_digest(shown, due)
