"""Weights from a hub: listed, fetched in pieces that a cut does not lose, checked, and only then put in their place.

The hub's addresses are those of its documented HTTP interface. Checksums come from the hub's own list, over the same
TLS; what was cut off goes on where it ended, also after a restart.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import disk_usage
from typing import BinaryIO

import httpx
import msgspec
from msgspec import Struct, field

from cloud.files import sync
from cloud.speech.errors import ChecksumWrong, HubUnreachable, NoSpace

Progress = Callable[[int, int], None]  # bytes that are there, of how many
RESERVE_BYTES = 256 << 20  # what stays free for the cloud itself
_PIECE_BYTES = 256 << 10
_MOST_LIST_BYTES = 4 << 20
_PATIENCE = httpx.Timeout(30.0, connect=10.0)


def usual_address() -> str:
    """The hub that the library of faster-whisper goes to, or that its own variable names."""
    try:
        from huggingface_hub.constants import ENDPOINT
    except ImportError:
        return ""
    return str(ENDPOINT)


class Wanted(Struct, frozen=True, kw_only=True):
    """What is fetched: those `names` that stand in a folder of a repository."""

    repo: str
    names: tuple[str, ...]
    under: str = ""


class RemoteFile(Struct, frozen=True, kw_only=True):
    """One file on the hub. `sha256` is known of large ones; of others only the checksum that git gives them."""

    name: str
    address: str
    size: int
    sha256: str = ""
    git_sha1: str = ""


class _Large(Struct, frozen=True):
    oid: str
    size: int


class _Entry(Struct, frozen=True):
    path: str
    oid: str = ""
    size: int = 0
    large: _Large | None = field(default=None, name="lfs")


class Hub:
    """Where weights come from. `free` tells the free bytes of a folder's disk."""

    def __init__(self, address: str, free: Callable[[Path], int] = lambda folder: disk_usage(folder).free) -> None:
        self._address = address.rstrip("/")
        self._free = free

    async def fetch(self, wanted: Wanted, target: Path, progress: Progress) -> None:
        """Puts the files into the folder `target`, which appears whole or not at all.

        Raises HubUnreachable (again later), ChecksumWrong (what was wrong is thrown away), NoSpace.
        """
        staging = target.with_name(f"{target.name}.part")
        await asyncio.to_thread(staging.mkdir, parents=True, exist_ok=True)
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE, follow_redirects=True) as client:
                files = await self._list(client, wanted)
                await self._make_room(files, staging)
                tally = _Tally(files, staging, progress)
                for file in files:
                    await self._fetch_one(client, file, staging / file.name, tally)
        except httpx.HTTPError as error:
            raise HubUnreachable(
                f"{self._address} cannot be reached ({type(error).__name__}); tried again later"
            ) from None
        await asyncio.to_thread(_put_in_place, staging, target)

    async def _list(self, client: httpx.AsyncClient, wanted: Wanted) -> list[RemoteFile]:
        address = f"{self._address}/api/models/{wanted.repo}/tree/main/{wanted.under}".rstrip("/")
        async with self._get(client, address) as answer:
            told = bytearray()
            async for piece in answer.aiter_bytes():
                told += piece
                if len(told) > _MOST_LIST_BYTES:
                    raise HubUnreachable(f"the list of {wanted.repo} has no end")
        try:
            entries = msgspec.json.decode(bytes(told), type=list[_Entry])
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise HubUnreachable(f"{self._address} is no hub: {error}") from error
        files = [self._file(wanted, entry) for entry in entries if entry.path.rpartition("/")[2] in wanted.names]
        if not files:
            raise HubUnreachable(f"{wanted.repo} holds none of {', '.join(wanted.names)}")
        return files

    def _file(self, wanted: Wanted, entry: _Entry) -> RemoteFile:
        return RemoteFile(
            name=entry.path.rpartition("/")[2],
            address=f"{self._address}/{wanted.repo}/resolve/main/{entry.path}",
            size=entry.large.size if entry.large else entry.size,
            sha256=entry.large.oid if entry.large else "",
            git_sha1=entry.oid,
        )

    async def _make_room(self, files: Sequence[RemoteFile], staging: Path) -> None:
        needed = sum(file.size for file in files) - await asyncio.to_thread(_held, files, staging) + RESERVE_BYTES
        free = await asyncio.to_thread(self._free, staging)
        if free < needed:
            raise NoSpace(
                f"{staging.parent} has {free >> 20} MB free, and {needed >> 20} are needed; tried again later"
            )

    async def _fetch_one(self, client: httpx.AsyncClient, file: RemoteFile, path: Path, tally: _Tally) -> None:
        have = await asyncio.to_thread(_size, path)
        if have < file.size or not file.size:
            asked = {"range": f"bytes={have}-"} if have else {}
            async with self._get(client, file.address, asked) as answer:
                goes_on = answer.status_code == 206 and answer.headers.get("content-range", "").startswith(
                    f"bytes {have}-"
                )
                await _write(answer, path, have if goes_on else 0, file, tally)
        tally.tell()
        if not await asyncio.to_thread(_is_right, path, file):
            await asyncio.to_thread(path.unlink)
            raise ChecksumWrong(f"{file.name} from {self._address} is not what its list says; fetched again later")

    @asynccontextmanager
    async def _get(
        self, client: httpx.AsyncClient, address: str, headers: dict[str, str] | None = None
    ) -> AsyncIterator[httpx.Response]:
        # Compressed on the way, pieces could not be counted.
        plain = {"accept-encoding": "identity", **(headers or {})}
        async with client.stream("GET", address, headers=plain) as answer:
            if answer.status_code not in (200, 206):
                raise HubUnreachable(f"{address} answered {answer.status_code}")
            yield answer


class _Tally:
    """How much of all files is there."""

    def __init__(self, files: Sequence[RemoteFile], staging: Path, progress: Progress) -> None:
        self._files = files
        self._staging = staging
        self._progress = progress

    def tell(self) -> None:
        self._progress(_held(self._files, self._staging), sum(file.size for file in self._files))


async def _write(answer: httpx.Response, path: Path, start: int, file: RemoteFile, tally: _Tally) -> None:
    """Appends what comes from `start` on; what came before a cut stays."""
    out = await asyncio.to_thread(_open, path, start)
    try:
        have = start
        async for piece in answer.aiter_bytes(_PIECE_BYTES):
            have += len(piece)
            if have > file.size:
                break
            await asyncio.to_thread(_append, out, piece, path)
            tally.tell()
    finally:
        await asyncio.to_thread(out.close)
    if have > file.size:
        await asyncio.to_thread(path.unlink)
        raise ChecksumWrong(f"{file.name} is longer than its list says; fetched again later")


def _open(path: Path, start: int) -> BinaryIO:
    out = path.open("ab")
    out.truncate(start)
    return out


def _append(out: BinaryIO, piece: bytes, path: Path) -> None:
    try:
        out.write(piece)
        out.flush()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(f"the disk of {path.parent} is full; tried again later") from error
        raise


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _held(files: Sequence[RemoteFile], staging: Path) -> int:
    return sum(min(file.size, _size(staging / file.name)) for file in files)


def _is_right(path: Path, file: RemoteFile) -> bool:
    if _size(path) != file.size:
        return False
    known = hashlib.sha256() if file.sha256 else hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
    with path.open("rb") as held:
        while piece := held.read(1 << 20):
            known.update(piece)
    return known.hexdigest() == (file.sha256 or file.git_sha1)


def _put_in_place(staging: Path, target: Path) -> None:
    for path in (*staging.iterdir(), staging):
        sync(path)
    staging.rename(target)
    sync(target.parent)
