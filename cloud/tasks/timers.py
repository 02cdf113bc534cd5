"""Timers and alarms: rows that ring when their time comes, also after a restart.

A ring and its row are written in one transaction, so that a crash neither loses a ring nor rings twice. After each
change all that nobody has stopped is told in one event, so that devices can ring by themselves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cloud.clock import Clock
from cloud.events import EventLog, Writing
from cloud.store import timers as table
from cloud.tasks.errors import TimersFull
from language.durations import say_duration
from wire.limits import SNAPSHOT_TIMERS

TimerKind = Literal["timer", "alarm"]
Wait = Callable[[asyncio.Event, float | None], Awaitable[None]]

MOST_TIMERS = 50  # set at once, a person; one more is refused
RINGING_S = 86_400.0  # what rang longer ago and was never stopped is told no more
LATE_S = 30.0  # a ring later than this was missed, and says so
LONGEST_WAIT_S = 60.0  # a clock that was set, or a machine that slept, is noticed after this


class Timer(Struct, frozen=True, kw_only=True):
    """One row. Times are UTC seconds. It rings from `rung_at` until `stopped_at`."""

    id: str
    person: str
    task: str
    kind: TimerKind
    label: str
    set_at: float
    due_at: float
    rung_at: float | None = None
    stopped_at: float | None = None


class Timers:
    """The timers of a store, and the loop that rings them."""

    def __init__(self, log: EventLog, clock: Clock, *, wait: Wait | None = None) -> None:
        self._log = log
        self._clock = clock
        self._wait = wait or wait_for
        self._changed = asyncio.Event()

    async def set(self, timer: Timer) -> Timer:
        """Adds a timer; the same id again changes nothing. Raises TimersFull."""
        waiting = (table.c.person == timer.person) & table.c.rung_at.is_(None) & table.c.stopped_at.is_(None)
        async with self._log.writing() as writing:
            known = select(func.count()).select_from(table).where(table.c.id == timer.id)
            if not await writing.connection.scalar(known):
                count = await writing.connection.scalar(select(func.count()).select_from(table).where(waiting))
                if (count or 0) >= MOST_TIMERS:
                    raise TimersFull
                await writing.connection.execute(insert(table).values(**msgspec.to_builtins(timer)))
                await _tell(writing, timer.person)
        self._changed.set()
        return timer

    async def take_over(self, timer: Timer) -> None:
        """A timer that a device has set by itself; one that was stopped meanwhile is told to be. Raises TimersFull."""
        await self.set(timer)
        over = (table.c.id == timer.id) & (table.c.person == timer.person) & table.c.stopped_at.is_not(None)
        async with self._log.store.read() as connection:
            stopped = await connection.scalar(select(func.count()).select_from(table).where(over))
        if stopped:
            async with self._log.writing() as writing:
                await writing.append(timer.person, "", "ring_stopped", {"timer": timer.id})

    async def waiting(self, person: str, kind: TimerKind | None = None) -> list[Timer]:
        """Timers that have not rung, the next one first."""
        query = (
            select(table)
            .where(table.c.person == person, table.c.rung_at.is_(None), table.c.stopped_at.is_(None))
            .order_by(table.c.due_at, table.c.id)
        )
        if kind is not None:
            query = query.where(table.c.kind == kind)
        async with self._log.store.read() as connection:
            return [Timer(**row._mapping) for row in await connection.execute(query)]

    async def unstopped(self, person: str) -> list[dict[str, Any]]:
        """What waits, and what rang and was not stopped, as a `timers` event holds it."""
        async with self._log.store.read() as connection:
            return await _unstopped(connection, person, self._clock())

    async def cancel(self, person: str, ids: list[str]) -> int:
        """Cancels those that have not rung; how many they were."""
        mine = table.c.id.in_(ids) & (table.c.person == person)
        idle = table.c.rung_at.is_(None) & table.c.stopped_at.is_(None)
        async with self._log.writing() as writing:
            query = update(table).where(mine, idle).values(stopped_at=writing.now)
            count = (await writing.connection.execute(query)).rowcount
            if count:
                await _tell(writing, person)
        self._changed.set()
        return count

    async def stop_ringing(self, person: str, timer: str = "", snooze_s: float = 0.0) -> int:
        """Silences what rings; how many they were. With `snooze_s` they ring again after it.

        A `timer` that is named is stopped also before it rang. Appends `ring_stopped` for each.
        """
        ringing = (table.c.person == person) & table.c.stopped_at.is_(None)
        ringing &= table.c.id == timer if timer else table.c.rung_at.is_not(None)
        async with self._log.writing() as writing:
            rows = (await writing.connection.execute(select(table.c.id).where(ringing))).scalars().all()
            again = {"rung_at": None, "due_at": writing.now + snooze_s}
            changes = again if snooze_s > 0 else {"stopped_at": writing.now}
            await writing.connection.execute(update(table).where(ringing).values(**changes))
            for stopped in rows:
                await writing.append(person, "", "ring_stopped", {"timer": stopped})
            if rows:
                await _tell(writing, person)
        self._changed.set()
        return len(rows)

    async def ring_due(self) -> float | None:
        """Rings all whose time has come. Seconds until the next one, None when there is none."""
        unrung = table.c.rung_at.is_(None) & table.c.stopped_at.is_(None)
        async with self._log.writing() as writing:
            query = select(table).where(unrung, table.c.due_at <= writing.now).order_by(table.c.due_at)
            due = [Timer(**row._mapping) for row in (await writing.connection.execute(query)).all()]
            for timer in due:
                await _ring(writing, timer)
            for person in sorted({timer.person for timer in due}):
                await _tell(writing, person)
            soonest = await writing.connection.scalar(select(func.min(table.c.due_at)).where(unrung))
        return None if soonest is None else max(soonest - self._clock(), 0.0)

    async def run(self) -> None:
        """Rings until it is cancelled. What was missed while nothing ran rings at once."""
        while True:
            self._changed.clear()
            left_s = await self.ring_due()
            await self._wait(self._changed, None if left_s is None else min(left_s, LONGEST_WAIT_S))


def missed_words(timer: Timer, now: float) -> str:
    """What a person hears of a timer that could not ring in time."""
    name = f"{timer.label} {timer.kind}" if timer.label else timer.kind
    return f"Your {name} was due {say_duration(_rounded(now - timer.due_at))} ago, while I was away."


async def _ring(writing: Writing, timer: Timer) -> None:
    late = writing.now - timer.due_at > LATE_S
    await writing.connection.execute(update(table).where(table.c.id == timer.id).values(rung_at=writing.now))
    data = {"timer": timer.id, "label": timer.label, "kind": timer.kind, "late": late}
    await writing.append(timer.person, "", "ring", data)
    if late:
        await writing.append(timer.person, "", "said", {"text": missed_words(timer, writing.now)})


async def _tell(writing: Writing, person: str) -> None:
    timers = await _unstopped(writing.connection, person, writing.now)
    await writing.append(person, "", "timers", {"timers": timers})


async def _unstopped(connection: AsyncConnection, person: str, now: float) -> list[dict[str, Any]]:
    recent = table.c.rung_at.is_(None) | (table.c.rung_at > now - RINGING_S)
    query = (
        select(table.c.id.label("timer"), table.c.kind, table.c.label, table.c.due_at)
        .where(table.c.person == person, table.c.stopped_at.is_(None), recent)
        .order_by(table.c.due_at, table.c.id)
        .limit(SNAPSHOT_TIMERS)
    )
    return [dict(row._mapping) for row in await connection.execute(query)]


def _rounded(seconds: float) -> int:
    unit = 1 if seconds < 60 else 60 if seconds < 3600 else 3600
    return max(round(seconds / unit), 1) * unit


async def wait_for(changed: asyncio.Event, left_s: float | None) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(left_s):
            await changed.wait()
