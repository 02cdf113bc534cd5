"""What the portal shows, read from the store: one person's rows, and nobody else's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cloud.events import EventLog
from cloud.store import events as event_table
from cloud.store import tasks as task_table
from cloud.tasks.asks import Ask, Asks

SHOWN_TASKS = 50


class Reading:
    """Questions to the store."""

    def __init__(self, log: EventLog, asks: Asks) -> None:
        self._log = log
        self._asks = asks

    async def tasks(self, person: str, most: int = SHOWN_TASKS) -> list[dict[str, Any]]:
        """The newest tasks, newest first."""
        columns = task_table.c
        wanted = (columns.id, columns.text, columns.status, columns.sentence, columns.device, columns.created)
        query = select(*wanted).where(columns.person == person).order_by(columns.created.desc()).limit(most)
        async with self._log.store.read() as connection:
            return [dict(row._mapping) for row in await connection.execute(query)]

    async def task_of_key(self, person: str, key: str) -> str | None:
        """The task that a request became, or None when it became none of its own."""
        columns = task_table.c
        query = select(columns.id).where(columns.key == key, columns.person == person)
        async with self._log.store.read() as connection:
            found: str | None = await connection.scalar(query)
        return found

    async def frame(self, person: str, task: str, number: int) -> str | None:
        """The address of a task's picture."""
        columns = event_table.c
        query = select(columns.data).where(columns.person == person, columns.task == task, columns.kind == "frame")
        async with self._log.store.read() as connection:
            rows = (await connection.execute(query)).scalars().all()
        return next((str(data.get("address", "")) for data in rows if data.get("number") == number), None)

    async def asks(self, person: str) -> list[Ask]:
        """Questions that wait for this person."""
        return await self._asks.open_ones(person)

    async def ask(self, person: str, ask: str) -> Ask | None:
        """One question of this person, open or closed."""
        found = await self._asks.get(ask)
        return found if found is not None and found.person == person else None
