"""The maker's side: a folder becomes a bundle, the same one every time, signed by its maker."""

from __future__ import annotations

import contextlib
import hashlib
import lzma
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from release.boot.files import below, sha256_of, write
from release.bundle import Head, read_head, unsigned, write_head
from release.errors import NoRoom, NotTrusted, ReleaseError, Unsafe
from release.manifest import BOUNDS, MANIFEST_NAME, SIGNATURE_NAME, Bounds, File, Manifest, check, decode, encode
from release.trust import KEY_BYTES, SIGNATURE_BYTES, Keys, Signature, public_of, sign
from release.trust import check as check_signature
from release.unpacking import PIECE, Payload

_PRESET: Final = 6
_NOBODY: Final = Signature(bytes(KEY_BYTES), bytes(SIGNATURE_BYTES))
_PLACEHOLDER: Final = "0" * 64


def describe(folder: Path, **said: Any) -> Manifest:
    """What a folder is as a release; `said`: the fields of `Manifest` that are not seen in it.

    Only plain files are taken. Raises Unsafe, and ReleaseError for a field that cannot be.
    """
    files = []
    for path in _below(folder):
        status = path.lstat()
        name = path.relative_to(folder).as_posix()
        if name in (MANIFEST_NAME, SIGNATURE_NAME):
            continue
        if not stat.S_ISREG(status.st_mode):
            raise Unsafe(f"{name} is no plain file. Replace links by what they lead to, then make the release again.")
        run = bool(status.st_mode & stat.S_IXUSR)
        files.append(File(path=name, size=status.st_size, sha256=sha256_of(path), run=run))
    # In the order of their paths, not of their folders: it is the same everywhere.
    files.sort(key=lambda file: file.path)
    told = {**said, "files": files, "payload_bytes": 0, "payload_sha256": _PLACEHOLDER}
    try:
        manifest = msgspec.convert(msgspec.to_builtins(told), Manifest)
    except msgspec.ValidationError as error:
        raise ReleaseError(
            f"The release cannot be described so: {error}. See docs/updates.md for what is possible."
        ) from error
    check(manifest)
    return manifest


def make(folder: Path, bundle: Path, *, secret: bytes | None, bounds: Bounds = BOUNDS, **said: Any) -> Manifest:
    """Pack a folder into a bundle, signed when there is a key. Raises Unsafe, ReleaseError, NoRoom."""
    manifest = describe(folder, **said)
    packed = bundle.with_name(bundle.name + ".payload")
    try:
        size, digest = _pack(folder, manifest, packed)
        manifest = msgspec.structs.replace(manifest, payload_bytes=size, payload_sha256=digest)
        check(manifest, bounds)
        data = encode(manifest)
        head = Head(sign(secret, data) if secret is not None else _NOBODY, data)
        _write(bundle, head, packed)
        (folder / MANIFEST_NAME).write_bytes(data)
        (folder / SIGNATURE_NAME).write_bytes(unsigned(head.signature))
    except OSError as error:
        raise NoRoom(f"{bundle} cannot be written: {error.strerror}. Make room, then start again.") from error
    finally:
        packed.unlink(missing_ok=True)
    return manifest


def sign_again(bundle: Path, secret: bytes) -> Manifest:
    """Another signature instead of the one that it has; the payload stays. Raises ReleaseError."""
    rest = bundle.with_name(bundle.name + ".rest")
    try:
        with bundle.open("rb") as file:
            head = read_head(file.read)
            manifest = decode(head.manifest)
            with rest.open("wb") as out:
                while piece := file.read(PIECE):
                    out.write(piece)
        _write(bundle, Head(sign(secret, head.manifest), head.manifest), rest)
    except OSError as error:
        raise NoRoom(f"{bundle} cannot be signed: {error.strerror}. Is it there, and may it be written?") from error
    finally:
        rest.unlink(missing_ok=True)
    return manifest


def verify(bundle: Path, keys: Keys) -> Manifest:
    """Look at all of a bundle, without writing anything. Raises ReleaseError."""
    with opened(bundle) as file:
        head = read_head(file.read)
        check_signature(keys, head.signature, head.manifest)
        manifest = decode(head.manifest)
        check(manifest)
        payload = Payload(file.read, manifest)
        for one in manifest.files:
            summed, left = hashlib.sha256(), one.size
            while left:
                data = payload.take(min(left, PIECE))
                summed.update(data)
                left -= len(data)
            if summed.hexdigest() != one.sha256:
                raise Unsafe(f"{one.path} is not what the release says of it. Make it again.")
        payload.finish()
    return manifest


@contextlib.contextmanager
def opened(bundle: Path) -> Iterator[BinaryIO]:
    """A file to read. Raises ReleaseError."""
    try:
        file = bundle.open("rb")
    except OSError as error:
        raise ReleaseError(f"{bundle} cannot be read: {error.strerror}. Is the path right?") from error
    with file:
        yield file


# Keys -----------------------------------------------------------------------------------------------------------------


def make_key(path: Path) -> bytes:
    """A new private key in a file that only its owner reads; the public one. Never over one that is there.

    Raises ReleaseError.
    """
    secret = os.urandom(KEY_BYTES)
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        write(path, secret.hex().encode() + b"\n", mode=0o600)
    except FileExistsError as error:
        raise ReleaseError(f"{path} is there already, and a key is never overwritten. Choose another name.") from error
    except OSError as error:
        raise ReleaseError(f"{path} cannot be written: {error.strerror}. Choose another folder.") from error
    return public_of(secret)


def read_secret(path: Path) -> bytes:
    """A private key. Raises NotTrusted."""
    try:
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except OSError as error:
        raise NotTrusted(
            f"The key {path} cannot be read: {error.strerror}. `leveret-release key` makes one."
        ) from error
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise NotTrusted(f"{path} is no key: 64 hex digits are due. `leveret-release key` makes one.")
    return secret


# Packing --------------------------------------------------------------------------------------------------------------


def _below(folder: Path) -> list[Path]:
    try:
        return list(below(folder))
    except OSError as error:
        raise ReleaseError(f"{folder} cannot be read: {error.strerror}. Is the path right?") from error


def _pack(folder: Path, manifest: Manifest, packed: Path) -> tuple[int, str]:
    encoder = lzma.LZMACompressor(lzma.FORMAT_XZ, preset=_PRESET)
    summed, size = hashlib.sha256(), 0
    with packed.open("wb") as out:

        def put(data: bytes) -> None:
            nonlocal size
            summed.update(data)
            size += out.write(data)

        for file in manifest.files:
            with (folder / file.path).open("rb") as reading:
                while piece := reading.read(PIECE):
                    put(encoder.compress(piece))
        put(encoder.flush())
    return size, summed.hexdigest()


def _write(bundle: Path, head: Head, packed: Path) -> None:
    beside = bundle.with_name(bundle.name + ".new")
    with beside.open("wb") as out, packed.open("rb") as payload:
        out.write(write_head(head))
        while piece := payload.read(PIECE):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(bundle)
