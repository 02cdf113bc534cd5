"""What is old, was forgotten, or has no room any more, and its removal: pictures, events, rows.

Never removed: an act without a result, a question that waits, a run that has not ended, and the keys by which turns and
tasks are known, so that a repeated request is still one request.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec
import structlog
from msgspec import Struct
from sqlalchemy import ColumnElement, delete, func, select, update

from cloud.commands import HandleUtterance
from cloud.events import EventLog
from cloud.history import index
from cloud.history.archive import PICTURES
from cloud.history.index import GONE, HIDDEN, NEW, TOLD
from cloud.store import asks, events, intents, leases, runs, tasks, turns
from cloud.tasks.records import OPEN

log = structlog.get_logger(__name__)

A_DAY_S = 86_400.0
# How many runs are removed in one transaction: whatever else is written waits for it.
AT_ONCE = 50


class Swept(Struct, frozen=True, kw_only=True):
    """What one sweep removed: whole runs, and pictures of runs that stay."""

    runs: int = 0
    pictures_of: int = 0


class Sweeper:
    """Of one store. `folder` is where tasks keep their files; `forget_photo` is told of a photo that no turn names any
    more, `forget_work` of runs whose work nobody needs.

    `keep_days` 0: nothing grows too old; `most_bytes` 0: pictures have no bound.
    """

    def __init__(
        self,
        log: EventLog,
        folder: Path,
        *,
        keep_days: int,
        most_bytes: int,
        forget_photo: Callable[[str, str], None] = lambda person, address: None,
        forget_work: Callable[[Sequence[str]], Awaitable[None]] | None = None,
    ) -> None:
        self._log = log
        self._folder = folder
        self._keep_s = keep_days * A_DAY_S
        self._most_bytes = most_bytes
        self._forget_photo = forget_photo
        self._forget_work = forget_work

    async def sweep(self) -> Swept:
        """Removes what is due now."""
        gone = 0
        while ids := await self._due():
            removed = await self._remove(ids)
            gone += removed
            if removed < len(ids):
                break  # what must stay would be found again and again
        await self._old_news()
        swept = Swept(runs=gone, pictures_of=await self._make_room())
        if swept != Swept():
            log.info("history_swept", runs=swept.runs, pictures_of=swept.pictures_of)
        return swept

    async def next_due(self) -> float | None:
        """When the next run that was forgotten is to be removed, in UTC seconds."""
        query = select(func.min(tasks.c.forget_at)).where(tasks.c.history == HIDDEN)
        async with self._log.store.read() as connection:
            due: float | None = await connection.scalar(query)
        return due

    async def _due(self) -> list[str]:
        now = self._log.clock()
        forgotten = (tasks.c.history == HIDDEN) & (tasks.c.forget_at <= now)
        due = forgotten
        if self._keep_s:
            due |= tasks.c.history.in_((NEW, TOLD)) & (tasks.c.updated < now - self._keep_s)
        async with self._log.store.read() as connection:
            query = select(tasks.c.id).where(due, _may_go()).order_by(tasks.c.updated).limit(AT_ONCE)
            return list((await connection.scalars(query)).all())

    async def _remove(self, ids: Sequence[str]) -> int:
        """Removes runs from the store, and then their files; how many they were."""
        async with self._log.writing(synced=False) as writing:
            connection = writing.connection
            rows = (await connection.execute(select(tasks).where(tasks.c.id.in_(ids), _may_go()))).all()
            going = [row.id for row in rows]
            photos = []
            for row in rows:
                said = msgspec.convert(row.command, HandleUtterance)
                bare = HandleUtterance(key=said.key, person=said.person, text="", device=said.device, turn=said.turn)
                cleared = {"text": "", "sentence": "", "command": msgspec.to_builtins(bare), "history": GONE}
                this = update(tasks).where(tasks.c.id == row.id).values(**cleared, forget_at=None)
                await connection.execute(this)
                photos += [(row.person, said.picture)] if said.picture else []
            keys = [row.key for row in rows]
            silent = {"text": "", "alternatives": [], "picture": "", "picture_problem": ""}
            await connection.execute(update(turns).where(turns.c.key.in_(keys)).values(**silent))
            await index.remove(connection, going)
            for table in (events, asks, intents):
                persons = {row.person for row in rows}
                await connection.execute(delete(table).where(table.c.person.in_(persons), table.c.task.in_(going)))
            await connection.execute(delete(leases).where(leases.c.name.in_([f"task:{one}" for one in going])))
            named = select(turns.c.picture).where(turns.c.picture.in_([address for _, address in photos]))
            still = set((await connection.scalars(named)).all())
        for one in going:
            await asyncio.to_thread(shutil.rmtree, self._folder / one, ignore_errors=True)
        for person, address in photos:
            if address not in still:
                await asyncio.to_thread(self._forget_photo, person, address)
        if self._forget_work is not None:
            await self._forget_work(going)
        return len(going)

    async def _old_news(self) -> None:
        """Events that belong to no run (what rang, which timers there were) grow old as well."""
        if not self._keep_s:
            return
        old = (events.c.task == "") & (events.c.at < self._log.clock() - self._keep_s)
        async with self._log.writing(synced=False) as writing:
            # The newest stays: the next one is numbered after it.
            newest = select(func.max(events.c.cursor)).where(events.c.task == "").group_by(events.c.person)
            await writing.connection.execute(delete(events).where(old, events.c.cursor.not_in(newest)))

    async def _make_room(self) -> int:
        """Removes the pictures of the oldest runs until the others have room; of how many runs."""
        if not self._most_bytes:
            return 0
        async with self._log.store.read() as connection:
            used = await connection.scalar(select(func.sum(runs.c.picture_bytes))) or 0
            over = int(used) - self._most_bytes
            if over <= 0:
                return 0
            some = runs.c.picture_bytes > 0
            query = select(runs.c.task, runs.c.picture_bytes).where(some).order_by(runs.c.number)
            emptied: list[str] = []
            for task, size in await connection.execute(query):
                if over <= 0:
                    break
                emptied.append(task)
                over -= size
        for one in emptied:
            for name in PICTURES:
                await asyncio.to_thread(shutil.rmtree, self._folder / one / name, ignore_errors=True)
        for first in range(0, len(emptied), AT_ONCE):
            mine = runs.c.task.in_(emptied[first : first + AT_ONCE])
            async with self._log.writing(synced=False) as writing:
                await writing.connection.execute(update(runs).where(mine).values(picture=0, picture_bytes=0))
        return len(emptied)


def _may_go() -> ColumnElement[bool]:
    """A task has ended, nothing of it is open, and no act of it waits for its result."""
    asked = select(asks.c.id).where(asks.c.task == tasks.c.id, asks.c.closed.is_(None)).exists()
    acted = select(intents.c.id).where(intents.c.task == tasks.c.id, intents.c.result.is_(None)).exists()
    return tasks.c.status.not_in(OPEN) & ~asked & ~acted
