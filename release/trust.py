"""Whose releases are taken: a primary key, a spare one for when the primary is lost, and keys that were taken back.

The pure part; Ed25519 itself is OpenSSL's, by `cryptography`, which is loaded when a signature is looked at.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from release.errors import NotTrusted, ReleaseError

KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
# Nothing else that is signed with the same key can be taken for a release.
_PURPOSE: Final = b"leveret release 1\0"


class Keys(Struct, frozen=True, kw_only=True):
    """Public keys, 32 bytes each; any of `trusted` may sign, none of `revoked`, even when it is in both."""

    trusted: tuple[bytes, ...]
    revoked: tuple[bytes, ...] = ()


class Signature(Struct, frozen=True):
    """Who signed, and what came of it."""

    key: bytes
    made: bytes


def check(keys: Keys, signature: Signature, manifest: bytes) -> None:
    """Raises NotTrusted unless a key that is trusted made this signature of these bytes."""
    who = f"the key {short(signature.key)}"
    if signature.key in keys.revoked:
        raise NotTrusted(
            f"The release is signed with {who}, which was taken back. Do not use it; get one that was signed since."
        )
    if not keys.trusted:
        raise NotTrusted("No key is trusted here. Put the maker's public key into update.toml as `primary`.")
    if signature.key not in keys.trusted:
        raise NotTrusted(
            f"The release is signed with {who}, which is not trusted here. If it is your own, add it to update.toml; "
            "else do not use this release."
        )
    if not verified(signature, manifest):
        raise NotTrusted("The release is not what its maker signed: it was changed or torn. Fetch it again.")


def verified(signature: Signature, manifest: bytes) -> bool:
    """Whether this key made this signature. Raises ReleaseError when there is nothing to look with."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError as error:
        raise ReleaseError(
            "Signatures cannot be looked at without the package cryptography: pip install 'leveret[release]'."
        ) from error
    try:
        Ed25519PublicKey.from_public_bytes(signature.key).verify(signature.made, _PURPOSE + manifest)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign(secret: bytes, manifest: bytes) -> Signature:
    """`secret`: 32 bytes, the private key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.from_private_bytes(secret)
    return Signature(private.public_key().public_bytes_raw(), private.sign(_PURPOSE + manifest))


def public_of(secret: bytes) -> bytes:
    """The public key, 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def short(key: bytes) -> str:
    """How a key is called among people: its first bytes."""
    return f"{key.hex()[:16]}…"
