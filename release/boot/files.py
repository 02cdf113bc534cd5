"""Files that are always whole, and folders that hold what was signed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PIECE: Final = 1 << 20


def write(path: Path, data: bytes, *, mode: int = 0o644, sync: bool = True) -> None:
    """A file with this in it, on the disk unless not `sync`; its name may not be yet. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
    try:
        write_all(handle, data)
        os.fchmod(handle, mode)
        if sync:
            os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Every byte, in as many system calls as it takes. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Returns when it is on the disk, name and all. Raises OSError, and what was there before still is."""
    beside = path.with_name(path.name + ".new")
    write(beside, data, mode=mode)
    os.replace(beside, path)  # noqa: PTH105  # one system call, which tests count
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Names that came or went in the folder are on the disk. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def point(link: Path, target: str) -> None:
    """Let a symbolic link lead there, at once and for good. Raises OSError."""
    if link.is_symlink() and os.readlink(link) == target:  # noqa: PTH115
        return
    beside = link.with_name(link.name + ".new")
    beside.unlink(missing_ok=True)
    os.symlink(target, beside)  # noqa: PTH211
    os.replace(beside, link)  # noqa: PTH105
    sync_folder(link.parent)


def remove(path: Path) -> None:
    """A folder and all in it, or nothing. Raises OSError."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        for entry in path.iterdir():
            remove(entry)
        path.rmdir()


def copy(source: Path, target: Path) -> None:
    """The bytes of a file into a new one, on the disk. Raises OSError."""
    with source.open("rb") as reading:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            while piece := reading.read(_PIECE):
                write_all(handle, piece)
            os.fsync(handle)
        finally:
            os.close(handle)


def sha256_of(path: Path) -> str:
    """Of a plain file, in hex. Raises OSError."""
    import hashlib  # OpenSSL is some MB, and is needed once a release

    summed = hashlib.sha256()
    with path.open("rb") as reading:
        while piece := reading.read(_PIECE):
            summed.update(piece)
    return summed.hexdigest()


def below(folder: Path) -> Iterator[Path]:
    """All that is no folder below this one; links are not followed. Raises OSError."""
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from below(path)
        else:
            yield path
