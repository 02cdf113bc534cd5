"""Turns that are safe in the cloud, and the pictures that came with them (files, named by what they hold)."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, select, update

from cloud.clock import Clock
from cloud.errors import PictureTorn
from cloud.files import sync
from cloud.store import Store, as_dict, insert_new
from cloud.store import turns as table

MAX_PICTURE_BYTES = 4 << 20
ADDRESS = re.compile(r"[0-9a-f]{64}")


class StoredTurn(Struct, frozen=True, kw_only=True):
    """One utterance as it was heard. `key` is also the key of the task that it becomes."""

    device: str
    turn: int
    person: str
    key: str
    text: str
    alternatives: tuple[tuple[str, float], ...] = ()  # sentences and their log likelihood
    engine: str = ""
    ask: str = ""
    picture: str = ""
    picture_problem: str = ""
    status: str = "stored"
    at: float = 0.0
    said_at: float = 0.0  # UTC seconds, 0: nobody knows


class Turns:
    """The turns of a store. Storing one again changes nothing, so a device may repeat what was not acknowledged."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def keep(self, turn: StoredTurn) -> StoredTurn:
        """Stores a turn, synced when this returns; the same key again returns what was kept first."""
        values = msgspec.structs.asdict(turn) | {"at": self._clock(), "alternatives": list(turn.alternatives)}
        async with self._store.write() as connection:
            await insert_new(connection, table, values)
            row = (await connection.execute(select(table).where(table.c.key == turn.key))).one()
        return _turn(row)

    async def get(self, device: str, turn: int) -> StoredTurn | None:
        async with self._store.read() as connection:
            row = (await connection.execute(_one(device, turn))).one_or_none()
        return _turn(row) if row else None

    async def mark_submitted(self, key: str) -> None:
        """The runner has taken this turn as a command."""
        async with self._store.write() as connection:
            await connection.execute(update(table).where(table.c.key == key).values(status="submitted"))

    async def unsubmitted(self) -> list[StoredTurn]:
        """Turns that were acknowledged, and then the process died: submit them at the start."""
        query = select(table).where(table.c.status == "stored").order_by(table.c.at)
        async with self._store.read() as connection:
            return [_turn(row) for row in await connection.execute(query)]


class Pictures:
    """Pictures on disk, each person's apart, named by the SHA-256 of their bytes. Addresses are those names."""

    def __init__(self, folder: Path, *, max_bytes: int = MAX_PICTURE_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    async def keep(self, person: str, picture: bytes) -> str:
        """Writes a picture, synced, and returns its address. Raises PictureTorn when it is empty or too large."""
        if not 0 < len(picture) <= self._max_bytes:
            raise PictureTorn(f"a picture of {len(picture)} bytes; from 1 to {self._max_bytes} are taken")
        address = hashlib.sha256(picture).hexdigest()
        await asyncio.to_thread(_write, self._path(person, address), picture)
        return address

    async def read(self, person: str, address: str) -> bytes | None:
        """The picture, or None when this person has none of that address."""
        if not ADDRESS.fullmatch(address):
            return None
        path = self._path(person, address)
        return await asyncio.to_thread(lambda: path.read_bytes() if path.exists() else None)

    def forget(self, person: str, address: str) -> None:
        """Removes a picture that nothing names any more."""
        if ADDRESS.fullmatch(address):
            self._path(person, address).unlink(missing_ok=True)

    def _path(self, person: str, address: str) -> Path:
        # A person's id may hold anything; a folder's name may not.
        return self._folder / hashlib.sha256(person.encode()).hexdigest()[:16] / address


def _write(path: Path, data: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
    sync(path.parent)


def _one(device: str, turn: int) -> Any:
    return select(table).where(table.c.device == device, table.c.turn == turn)


def _turn(row: Row[Any]) -> StoredTurn:
    return msgspec.convert(as_dict(row), StoredTurn)
