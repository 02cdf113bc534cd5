"""Tasks as rows: opened once per key, begun as often as a crash makes it necessary, finished once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cloud.commands import HandleUtterance, origin_of
from cloud.events import EventLog
from cloud.store import as_dict, insert_new
from cloud.store import tasks as table
from cloud.tasks import leases
from cloud.tasks.asks import close_all
from cloud.tasks.errors import TaskGone
from cloud.tasks.leases import Lease

Status = Literal[
    "queued",
    "running",
    "done",
    "failed",
    "refused",  # a rule, or a bound of ours
    "declined",  # the person said no
    "expired",  # the person said nothing
    "not_understood",
    "cancelled",
    "unknown",  # an act may have happened
    "parked",  # it broke too often
]
OPEN: tuple[Status, ...] = ("queued", "running")


class Task(Struct, frozen=True, kw_only=True):
    """One row. `sentence`: what the person was told at its end. `attempts`: how often its work was begun."""

    id: str
    person: str
    key: str
    status: Status
    text: str
    command: HandleUtterance
    device: str
    turn: int
    sentence: str
    attempts: int
    created: float
    updated: float
    epoch: int

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class Tasks:
    """The tasks of a store. What changes one also appends the event of it, in the same transaction. `on_end` is called
    after one has ended."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self.on_end: Callable[[], None] = lambda: None

    async def open(self, command: HandleUtterance, task: str) -> tuple[Task, bool]:
        """The task of this command's key, and whether it is new. Its first event is `heard`."""
        async with self._log.writing() as writing:
            values = {
                "id": task,
                "person": command.person,
                "key": command.key,
                "status": "queued",
                "text": command.text,
                "command": msgspec.to_builtins(command),
                "device": command.device,
                "turn": command.turn,
                "sentence": "",
                "attempts": 0,
                "created": writing.now,
                "updated": writing.now,
                "epoch": 0,
            }
            new = await insert_new(writing.connection, table, values)
            found = await _one(writing.connection, table.c.key == command.key)
            if new:
                heard = {"text": command.text, "spoken": command.spoken, "engine": command.engine}
                heard |= {"device": command.device, "turn": command.turn, "by": origin_of(command)}
                await writing.append(command.person, task, "heard", heard)
        return found, new

    async def get(self, task: str) -> Task:
        """Raises TaskGone."""
        async with self._log.store.read() as connection:
            return await _one(connection, table.c.id == task)

    async def of_key(self, key: str) -> Task | None:
        async with self._log.store.read() as connection:
            row = (await connection.execute(select(table).where(table.c.key == key))).one_or_none()
        return _task(row) if row else None

    async def begin(self, task: str, lease: Lease) -> Task:
        """Counts one more attempt; a task that has ended is returned as it is."""
        async with self._log.writing(synced=False) as writing:
            await leases.check(writing.connection, lease)
            mine = (table.c.id == task) & table.c.status.in_(OPEN)
            values = {"status": "running", "attempts": table.c.attempts + 1, "epoch": lease.epoch}
            begun = update(table).where(mine).values(**values, updated=writing.now).returning(table)
            row = (await writing.connection.execute(begun)).one_or_none()
            if row is not None and row.attempts > 1:
                await writing.append(row.person, task, "resumed", {"attempt": row.attempts})
            return _task(row) if row else await _one(writing.connection, table.c.id == task)

    async def finish(
        self, task: str, status: Status, sentence: str, lease: Lease | None, *, aloud: bool = False
    ) -> Task:
        """Ends a task, once: a second end changes nothing and says nothing. `lease` None: it is not running.

        `aloud`: the sentence has not been said yet, so it is said here.
        """
        async with self._log.writing() as writing:
            if lease is not None:
                await leases.check(writing.connection, lease)
            mine = (table.c.id == task) & table.c.status.in_(OPEN)
            values = {"status": status, "sentence": sentence, "updated": writing.now}
            ended = update(table).where(mine).values(**values).returning(table)
            row = (await writing.connection.execute(ended)).one_or_none()
            if row is None:
                return await _one(writing.connection, table.c.id == task)
            await close_all(writing, row.person, task, "cancelled")
            if aloud and sentence:
                await writing.append(row.person, task, "said", {"text": sentence})
            await writing.append(row.person, task, "task_done", {"status": status, "sentence": sentence})
        self.on_end()
        return _task(row)

    async def open_ones(self, person: str | None = None) -> list[Task]:
        """Tasks that have not ended, oldest first."""
        query = select(table).where(table.c.status.in_(OPEN)).order_by(table.c.created)
        if person is not None:
            query = query.where(table.c.person == person)
        async with self._log.store.read() as connection:
            return [_task(row) for row in await connection.execute(query)]


async def _one(connection: AsyncConnection, which: ColumnElement[bool]) -> Task:
    row = (await connection.execute(select(table).where(which))).one_or_none()
    if row is None:
        raise TaskGone("there is no such task; it may belong to another store")
    return _task(row)


def _task(row: Row[Any]) -> Task:
    return msgspec.convert(as_dict(row), Task)
