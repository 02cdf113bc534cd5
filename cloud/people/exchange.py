"""The cryptography of pairing: X25519 to agree on a key, Ed25519 to know a device by its signature."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from cloud.errors import CodeRefused


class Exchange:
    """One fresh half of an agreement; `public` is hex."""

    def __init__(self) -> None:
        self.private = X25519PrivateKey.generate()
        self.public = self.private.public_key().public_bytes_raw().hex()


def agree(ours: Exchange, theirs: str) -> bytes:
    """What both sides come to. Raises CodeRefused for a point that leads to nothing."""
    try:
        return ours.private.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(theirs)))
    except ValueError as error:
        raise CodeRefused("this device's half of the key is none: let it begin anew") from error


def is_signed(public_key: str, text: bytes, signature: str) -> bool:
    """Whether the holder of the key signed the text. Both in hex."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint_of(path: str) -> str:
    """SHA-256 of the first certificate in a PEM file; empty for no path, and for a file that cannot be read now."""
    if not path:
        return ""
    try:
        certificate = x509.load_pem_x509_certificates(Path(path).read_bytes())[0]
    except (OSError, ValueError):
        return ""
    return certificate.fingerprint(hashes.SHA256()).hex()
