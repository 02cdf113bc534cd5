"""The payload of a bundle into a folder: what was signed, never more than that, and all of it on the disk."""

from __future__ import annotations

import hashlib
import lzma
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from release.boot.files import sync_folder, write, write_all
from release.bundle import Head, unsigned
from release.errors import NoRoom, Torn
from release.manifest import MANIFEST_NAME, SIGNATURE_NAME, File, Manifest

PIECE: Final = 1 << 16
# What decoding a payload may take of memory; `release/making.py` packs with less.
_MEMORY: Final = 64 << 20

Read = Callable[[int], bytes]
Progress = Callable[[int], None]


def nothing(done_bytes: int) -> None:
    """Progress that nobody wants to know."""


class Payload:
    """The files' bytes, as they come. Never gives, and never holds, more than was asked for."""

    def __init__(self, read: Read, manifest: Manifest, progress: Progress = nothing) -> None:
        """`read`: as of a file. `progress`: told how many bytes of the payload came; may raise to end it."""
        self._read = read
        self._left = manifest.payload_bytes
        self._size = manifest.payload_bytes
        self._due = manifest.payload_sha256
        self._summed = hashlib.sha256()
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY)
        self._progress = progress

    def take(self, count: int) -> bytes:
        """At least one byte and `count` at the most. Raises Torn."""
        while not self._decoder.eof:
            try:
                data = self._decoder.decompress(self._more() if self._decoder.needs_input else b"", max_length=count)
            except lzma.LZMAError as error:
                raise _torn("it cannot be unpacked") from error
            if data:
                return data
        raise _torn("it ends too early")

    def finish(self) -> None:
        """All that was signed has come, and nothing else. Raises Torn."""
        try:
            while not self._decoder.eof:
                if self._decoder.decompress(self._more() if self._decoder.needs_input else b"", max_length=1):
                    raise _torn("it holds more than its list of files")
        except lzma.LZMAError as error:
            raise _torn("it cannot be unpacked") from error
        if self._left or self._decoder.unused_data:
            raise _torn("it holds more than its list of files")
        if self._read(1):
            raise _torn("something follows it")
        if self._summed.hexdigest() != self._due:
            raise _torn("it is not what was signed")

    def _more(self) -> bytes:
        if not self._left:
            raise _torn("it ends too early")
        piece = self._read(min(PIECE, self._left))
        if not piece:
            raise _torn("it ends too early")
        self._left -= len(piece)
        self._summed.update(piece)
        self._progress(self._size - self._left)
        return piece


def unpack(head: Head, manifest: Manifest, read: Read, folder: Path, progress: Progress = nothing) -> None:
    """A whole release into a folder that is not there yet; when it returns, all of it is on the disk.

    `manifest`: that of the head, checked. Raises Torn, NoRoom, or what `progress` raises.
    """
    payload = Payload(read, manifest, progress)
    try:
        made: set[Path] = set()
        _make_folder(folder, made)
        for file in manifest.files:
            path = folder.joinpath(*file.path.split("/"))
            _make_folder(path.parent, made)
            _write(payload, file, path)
        payload.finish()
        write(folder / MANIFEST_NAME, head.manifest)
        write(folder / SIGNATURE_NAME, unsigned(head.signature))
        for one in sorted(made, key=lambda path: (-len(path.parts), path)):
            sync_folder(one)
    except OSError as error:
        raise NoRoom(
            f"The release cannot be written: {error.strerror}. Make room on the disk, then try again."
        ) from error


def _make_folder(folder: Path, made: set[Path]) -> None:
    """Whatever the umask, others may look into it: the program may have another account."""
    if folder in made:
        return
    if made:
        _make_folder(folder.parent, made)
    folder.mkdir()
    folder.chmod(0o755)
    made.add(folder)


def _write(payload: Payload, file: File, path: Path) -> None:
    summed, left = hashlib.sha256(), file.size
    # Never through anything that is there already.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(handle, 0o755 if file.run else 0o644)
        while left:
            data = payload.take(min(left, PIECE))
            summed.update(data)
            left -= len(data)
            write_all(handle, data)
        if summed.hexdigest() != file.sha256:
            raise _torn(f"{file.path} is not what was signed")
        os.fsync(handle)
    finally:
        os.close(handle)


def _torn(why: str) -> Torn:
    return Torn(f"The release is torn or was changed: {why}. Nothing of it is used; fetch it again.")
