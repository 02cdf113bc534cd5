"""What the portal shows, read from the store: one person's rows, and nobody else's."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cloud.events import EventLog
from cloud.history.index import NEW, TOLD
from cloud.store import tasks as task_table
from cloud.tasks.asks import Ask, Asks

SHOWN_TASKS = 50


class Reading:
    """Questions to the store, and to `folder`, in which each task keeps its files."""

    def __init__(self, log: EventLog, asks: Asks, folder: Path) -> None:
        self._log = log
        self._asks = asks
        self._folder = folder

    async def tasks(self, person: str, most: int = SHOWN_TASKS) -> list[dict[str, Any]]:
        """The newest tasks, newest first."""
        columns = task_table.c
        wanted = (columns.id, columns.text, columns.status, columns.sentence, columns.device, columns.created)
        told = (columns.person == person) & columns.history.in_((NEW, TOLD))
        query = select(*wanted).where(told).order_by(columns.created.desc()).limit(most)
        async with self._log.store.read() as connection:
            return [dict(row._mapping) for row in await connection.execute(query)]

    async def task_of_key(self, person: str, key: str) -> str | None:
        """The task that a request became, or None when it became none of its own."""
        columns = task_table.c
        query = select(columns.id).where(columns.key == key, columns.person == person)
        async with self._log.store.read() as connection:
            found: str | None = await connection.scalar(query)
        return found

    async def frame(self, person: str, task: str, number: int) -> bytes | None:
        """One picture of a task's filmstrip, JPEG; None when this person has no such task, or it no such picture."""
        columns = task_table.c
        query = select(columns.id).where(columns.id == task, columns.person == person)
        async with self._log.store.read() as connection:
            known: str | None = await connection.scalar(query)
        if known is None:
            return None
        path = self._folder / known / "frames" / f"{number:04d}.jpg"
        return await asyncio.to_thread(lambda: path.read_bytes() if path.is_file() else None)

    async def asks(self, person: str) -> list[Ask]:
        """Questions that wait for this person."""
        return await self._asks.open_ones(person)

    async def ask(self, person: str, ask: str) -> Ask | None:
        """One question of this person, open or closed."""
        found = await self._asks.get(ask)
        return found if found is not None and found.person == person else None
