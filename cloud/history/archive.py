"""What is told of a person's runs, read from the store and from the folders in which tasks keep their pictures."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec
from sqlalchemy import ColumnElement, func, select, update

from cloud.events import KINDS, Event, EventLog
from cloud.history import index
from cloud.history.composing import story_of
from cloud.history.errors import RunBusy, RunUnknown
from cloud.history.index import HIDDEN, NEW, TOLD, Entry, Page
from cloud.history.story import RunStory
from cloud.history.words import Search
from cloud.store import as_dict
from cloud.store import events as event_table
from cloud.store import intents as intent_table
from cloud.store import runs as run_table
from cloud.store import tasks as table
from cloud.tasks.intents import Intent
from cloud.tasks.records import OPEN, Task

# How long what is forgotten can be taken back.
UNDO_S = 600.0
# Folders of a task that hold pictures.
PICTURES = ("frames", "healed")
_PICTURE = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}-(before|after)\.jpg")


class Archive:
    """The history of a store. `folder` is where each task keeps its files."""

    def __init__(self, log: EventLog, folder: Path) -> None:
        self._log = log
        self._folder = folder

    # Reading ------------------------------------------------------------------------------------------------------

    async def search(self, person: str, wanted: Search) -> Page:
        """The newest runs that fit, of those that have ended, also of those that ended a moment ago."""
        if ids := await self.missing():
            await self.add(ids)
        return await index.search(self._log.store, person, wanted)

    async def under_way(self, person: str) -> list[RunStory]:
        """The runs that have not ended, newest first."""
        mine = (table.c.person == person) & table.c.status.in_(OPEN)
        async with self._log.store.read() as connection:
            rows = await connection.execute(select(table).where(mine).order_by(table.c.created.desc()))
            tasks = [msgspec.convert(as_dict(row), Task) for row in rows]
        return [await self._told(task) for task in tasks]

    async def story(self, person: str, run: str) -> RunStory:
        """All that is told of a run. Raises RunUnknown."""
        return await self._told(await self._task(person, run))

    async def picture(self, person: str, run: str, number: int) -> bytes | None:
        """A picture of the filmstrip, JPEG; None when there is none any more. Raises RunUnknown."""
        task = await self._task(person, run)
        return await asyncio.to_thread(_bytes, self._frame(task.id, number))

    async def healing(self, person: str, run: str, name: str) -> bytes | None:
        """A picture of what was healed, JPEG; None: there is none. Raises RunUnknown."""
        task = await self._task(person, run)
        if not _PICTURE.fullmatch(name):
            return None
        return await asyncio.to_thread(_bytes, self._folder / task.id / "healed" / name)

    # Forgetting ---------------------------------------------------------------------------------------------------

    async def forget(self, person: str, run: str) -> float:
        """Tells no more of a run, and removes what is known of it at the time that is given back, in UTC seconds; until
        then it can be taken back. Raises RunUnknown, RunBusy."""
        task = await self._task(person, run)
        if task.is_open:
            raise RunBusy("it is still being done; cancel it first, or wait until it has ended")
        if await self.unsettled([task.id]):
            raise RunBusy("it is not known yet whether its act happened; that must not be forgotten")
        return await self._hide(table.c.id == task.id, [task.id])

    async def forget_all(self, person: str) -> tuple[int, float]:
        """The same for every run that has ended; how many, and when they are removed."""
        mine = (table.c.person == person) & table.c.status.not_in(OPEN) & table.c.history.in_((NEW, TOLD))
        async with self._log.store.read() as connection:
            ids = list((await connection.scalars(select(table.c.id).where(mine))).all())
        unsettled = set(await self.unsettled(ids))
        ids = [one for one in ids if one not in unsettled]
        at = self._log.clock() + UNDO_S
        for some in _by(ids, 500):
            at = await self._hide(table.c.id.in_(some), some)
        return len(ids), at

    async def take_back(self, person: str, run: str = "") -> int:
        """Tells of what was to be forgotten again, a run or all of them; how many there were still."""
        mine = (table.c.person == person) & (table.c.history == HIDDEN)
        if run:
            mine &= table.c.id == run
        async with self._log.writing() as writing:
            back = update(table).where(mine).values(history=NEW, forget_at=None).returning(table.c.id)
            ids = list((await writing.connection.scalars(back)).all())
        await self.add(ids)
        return len(ids)

    async def hidden(self, person: str) -> int:
        """How many runs can still be taken back."""
        mine = (table.c.person == person) & (table.c.history == HIDDEN)
        async with self._log.store.read() as connection:
            return len((await connection.scalars(select(table.c.id).where(mine))).all())

    async def unsettled(self, ids: Sequence[str]) -> list[str]:
        """Those of the runs with an act of which nobody knows yet whether it happened."""
        found: list[str] = []
        async with self._log.store.read() as connection:
            for some in _by(ids, 500):
                open_ = intent_table.c.task.in_(some) & intent_table.c.result.is_(None)
                found += (await connection.scalars(select(intent_table.c.task).where(open_).distinct())).all()
        return found

    async def _hide(self, which: ColumnElement[bool], ids: Sequence[str]) -> float:
        async with self._log.writing() as writing:
            at = writing.now + UNDO_S
            hidden = update(table).where(which, table.c.history.in_((NEW, TOLD))).values(history=HIDDEN, forget_at=at)
            await writing.connection.execute(hidden)
            await index.remove(writing.connection, ids)
        return at

    # The index ----------------------------------------------------------------------------------------------------

    async def missing(self, most: int = 50) -> list[str]:
        """Runs that have ended and stand in no index yet, the newest first."""
        new = (table.c.history == NEW) & table.c.status.not_in(OPEN)
        async with self._log.store.read() as connection:
            query = select(table.c.id).where(new).order_by(table.c.updated.desc()).limit(most)
            return list((await connection.scalars(query)).all())

    async def add(self, ids: Sequence[str]) -> None:
        """Puts runs that have ended into the index."""
        for some in _by(ids, 50):
            async with self._log.store.read() as connection:
                rows = (await connection.execute(select(table).where(table.c.id.in_(some)))).all()
            tasks = [msgspec.convert(as_dict(row), Task) for row in rows]
            entries = [
                Entry(person=task.person, story=await self._told(task), picture_bytes=await self.picture_bytes(task.id))
                for task in tasks
                if not task.is_open
            ]
            async with self._log.writing(synced=False) as writing:
                still = select(table.c.id).where(table.c.id.in_(some), table.c.history == NEW)
                wanted = set((await writing.connection.scalars(still)).all())
                await index.add(writing.connection, [one for one in entries if one.story.run in wanted])

    async def picture_bytes(self, run: str) -> int:
        """What the pictures of a run take on the disk."""
        return await asyncio.to_thread(_size, [self._folder / run / name for name in PICTURES])

    # ---------------------------------------------------------------------------------------------------------------

    async def used_bytes(self) -> int:
        """What the pictures of all runs take on the disk."""
        async with self._log.store.read() as connection:
            return int(await connection.scalar(select(func.sum(run_table.c.picture_bytes))) or 0)

    async def _task(self, person: str, run: str) -> Task:
        mine = (table.c.id == run) & (table.c.person == person) & table.c.history.in_((NEW, TOLD))
        async with self._log.store.read() as connection:
            row = (await connection.execute(select(table).where(mine))).one_or_none()
        if row is None:
            raise RunUnknown(f"there is no run {run!r}; it may have been forgotten")
        return msgspec.convert(as_dict(row), Task)

    async def _told(self, task: Task) -> RunStory:
        # Kinds that this version does not know are those of another one.
        mine = (event_table.c.person == task.person) & (event_table.c.task == task.id) & event_table.c.kind.in_(KINDS)
        acts = intent_table.c.task == task.id
        async with self._log.store.read() as connection:
            rows = await connection.execute(select(event_table).where(mine).order_by(event_table.c.number))
            events = [msgspec.convert(as_dict(row), Event) for row in rows]
            found = await connection.execute(select(intent_table).where(acts).order_by(intent_table.c.written_at))
            intents = [msgspec.convert(as_dict(row), Intent) for row in found]
        kept = await asyncio.to_thread(_names, self._folder / task.id / "frames")
        return story_of(task, events, intents, kept=lambda number: f"{number:04d}.jpg" in kept)

    def _frame(self, run: str, number: int) -> Path:
        return self._folder / run / "frames" / f"{number:04d}.jpg"


def _by(ids: Sequence[str], many: int) -> list[Sequence[str]]:
    return [ids[first : first + many] for first in range(0, len(ids), many)]


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _names(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else frozenset()


def _size(folders: Sequence[Path]) -> int:
    return sum(path.stat().st_size for folder in folders if folder.is_dir() for path in folder.iterdir())
