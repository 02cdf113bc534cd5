"""Who made a shared file: its digest signed with a key that its maker keeps, so that a change shows."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_FOR = b"leveret shared skill 1\0"


def new_key() -> str:
    """A private key, in hex."""
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


def signed(private: str, digest: str) -> tuple[str, str]:
    """The public key and the signature of a digest, in hex."""
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(private))
    return key.public_key().public_bytes_raw().hex(), key.sign(_FOR + digest.encode()).hex()


def is_signed(public: str, signature: str, digest: str) -> bool:
    """Whether the holder of a key signed the digest."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), _FOR + digest.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


def fingerprint(public: str) -> str:
    """A key as people compare it: "3f2a-9b1c-77d0-05ee"."""
    plain = hashlib.sha256(public.encode()).hexdigest()[:16]
    return "-".join(plain[at : at + 4] for at in range(0, 16, 4))
