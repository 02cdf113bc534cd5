"""A bundle: one file that holds a release on its way. Pure.

    bytes   what
    16      "leveret release\\n"
    1       format, 1
    32      public key of whoever signed
    64      Ed25519 signature of "leveret release 1\\0" and the manifest
    4       length of the manifest, big-endian
    …       the manifest (`release.json`)
    …       the payload: the bytes of all files in the order of the manifest, as one .xz; nothing follows it

The payload has no names, no links and no lengths of its own: all of that is in the manifest, whose signature is looked
at before anything of the payload is. So whatever was not signed cannot say where it wants to be written.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from release.errors import NotABundle, Unsafe
from release.manifest import MANIFEST_BYTES
from release.trust import KEY_BYTES, SIGNATURE_BYTES, Signature

SUFFIX: Final = ".leveret"
MAGIC: Final = b"leveret release\n"
FORMAT: Final = 1
_LENGTH: Final = struct.Struct(">I")
FIXED_BYTES: Final = len(MAGIC) + 1 + KEY_BYTES + SIGNATURE_BYTES + _LENGTH.size
# What release.sig holds in a release that is unpacked: key and signature.
SIGNED_BYTES: Final = KEY_BYTES + SIGNATURE_BYTES


class Head(Struct, frozen=True):
    """What stands before the payload. `manifest`: the very bytes that are signed."""

    signature: Signature
    manifest: bytes


def read_head(read: Callable[[int], bytes]) -> Head:
    """`read`: as of a file; may give less than was asked for, and nothing at the end. Raises NotABundle, Unsafe."""
    fixed = _exactly(read, FIXED_BYTES)
    if not fixed.startswith(MAGIC):
        raise NotABundle("This is no release of Leveret: it begins otherwise. Choose a file that ends with .leveret.")
    if fixed[len(MAGIC)] != FORMAT:
        raise NotABundle(
            f"This release is of format {fixed[len(MAGIC)]}, and {FORMAT} is known here. Install Leveret anew for it."
        )
    signature, _ = signed(fixed[len(MAGIC) + 1 : -_LENGTH.size])
    (length,) = _LENGTH.unpack(fixed[-_LENGTH.size :])
    if length > MANIFEST_BYTES:
        raise Unsafe(
            f"The release says {length:,} bytes of itself, and {MANIFEST_BYTES:,} are the most. Do not use it."
        )
    return Head(signature, _exactly(read, length))


def write_head(head: Head) -> bytes:
    """What stands before the payload."""
    length = _LENGTH.pack(len(head.manifest))
    return MAGIC + bytes([FORMAT]) + unsigned(head.signature) + length + head.manifest


def signed(data: bytes) -> tuple[Signature, bytes]:
    """Key and signature, and what follows them. Raises NotABundle."""
    if len(data) < SIGNED_BYTES:
        raise NotABundle("The signature is torn. Fetch the release again.")
    return Signature(data[:KEY_BYTES], data[KEY_BYTES:SIGNED_BYTES]), data[SIGNED_BYTES:]


def unsigned(signature: Signature) -> bytes:
    """The other way round."""
    return signature.key + signature.made


def _exactly(read: Callable[[int], bytes], count: int) -> bytes:
    pieces, due = [], count
    while due:
        piece = read(min(due, 1 << 16))
        if not piece:
            raise NotABundle("The release ends before its signature does: it is torn. Fetch it again.")
        pieces.append(piece)
        due -= len(piece)
    return b"".join(pieces)
