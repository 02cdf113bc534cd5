"""Schedules as rows, each with what became of its instants. Whoever changes one tells `changed`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cloud.events import EventLog
from cloud.schedules.deciding import Firing, Pass, Schedule, Status
from cloud.schedules.errors import SchedulesFull, ScheduleUnknown
from cloud.store import as_dict, insert_new
from cloud.store import firings as firing_rows
from cloud.store import schedules as table
from cloud.store import tasks as task_rows
from cloud.tasks.records import OPEN

MOST_SCHEDULES = 100  # of a person, those that are over not counted
HISTORY = 50
UNBEGUN: tuple[Status, ...] = ("due", "waiting")
FULL = f"You have {MOST_SCHEDULES} schedules, which is as many as I keep. Cancel one first."


class Past(Struct, frozen=True, kw_only=True):
    """A firing with how its task ended; `ended` "" as long as it has none, or it goes on."""

    firing: Firing
    ended: str = ""
    sentence: str = ""


class Records:
    """The schedules of a store."""

    def __init__(self, log: EventLog, changed: Callable[[], None] = lambda: None) -> None:
        self._log = log
        self.changed = changed

    async def add(self, schedule: Schedule) -> Schedule:
        """Adds one; the same id again changes nothing. Raises SchedulesFull."""
        async with self._log.writing() as writing:
            known = await _one(writing.connection, schedule.person, schedule.id)
            if known is not None:
                return known
            mine = (table.c.person == schedule.person) & table.c.ended_at.is_(None)
            count = await writing.connection.scalar(select(func.count()).select_from(table).where(mine))
            if (count or 0) >= MOST_SCHEDULES:
                raise SchedulesFull(FULL)
            await writing.connection.execute(insert(table).values(**msgspec.to_builtins(schedule)))
        self.changed()
        return schedule

    async def stop(self, person: str, schedule: str, **values: Any) -> Schedule:
        """The same for one that is paused or removed: what of it waits to be begun is left out."""
        return await self.change(person, schedule, unbegun="skipped", **values)

    async def change(self, person: str, schedule: str, *, unbegun: Status | None = None, **values: Any) -> Schedule:
        """Changes columns of one, and perhaps what becomes of firings that are not begun. Raises ScheduleUnknown."""
        which = (table.c.id == schedule) & (table.c.person == person)
        mine = (firing_rows.c.schedule == schedule) & (firing_rows.c.person == person)
        left = mine & firing_rows.c.status.in_(UNBEGUN) & firing_rows.c.by_hand.is_(False)
        async with self._log.writing() as writing:
            plain = msgspec.to_builtins(values)
            await writing.connection.execute(update(table).where(which).values(**plain))
            if unbegun is not None:
                await writing.connection.execute(update(firing_rows).where(left).values(status=unbegun))
            found = await _one(writing.connection, person, schedule)
        if found is None:
            raise ScheduleUnknown("There is no such schedule.")
        self.changed()
        return found

    async def resume(self, person: str, schedule: str, now: float) -> Schedule:
        """Lets a paused or removed one go on, from now: nothing is made up for. Raises ScheduleUnknown."""
        return await self.change(person, schedule, paused_at=None, ended_at=None, settled_at=now)

    async def skip(self, person: str, schedule: str, instants: Iterable[float]) -> Schedule:
        """Leaves these instants out, too. Raises ScheduleUnknown."""
        found = await self.get(person, schedule)
        return await self.change(person, schedule, skipped=sorted({*found.skipped, *instants}))

    async def get_or_none(self, person: str, schedule: str) -> Schedule | None:
        """One, also when it is over; None when there is none of that id."""
        async with self._log.store.read() as connection:
            return await _one(connection, person, schedule)

    async def get(self, person: str, schedule: str) -> Schedule:
        """One, also when it is over. Raises ScheduleUnknown."""
        found = await self.get_or_none(person, schedule)
        if found is None:
            raise ScheduleUnknown("There is no such schedule.")
        return found

    async def named(self, person: str, name: str) -> Schedule:
        """The one of this id, or whose name has these words and is the only one. Raises ScheduleUnknown."""
        schedules = await self.of(person)
        wanted = name.lower().split()
        found = [one for one in schedules if one.id == name or one.name.lower() == name.lower()]
        found = found or [one for one in schedules if wanted and set(wanted) <= set(one.name.lower().split())]
        if len(found) == 1:
            return found[0]
        there = "; ".join(f"“{one.name}”" for one in found or schedules) or "none"
        which = "several of that name" if found else "no such schedule"
        raise ScheduleUnknown(f"There is {which}. There are: {there}.")

    async def of(self, person: str) -> list[Schedule]:
        """Those that are not over, in the order in which they were made."""
        query = select(table).where(table.c.person == person, table.c.ended_at.is_(None))
        return await self._read(query.order_by(table.c.created_at, table.c.id))

    async def live(self) -> list[Schedule]:
        """Everybody's that come due, or that are paused."""
        return await self._read(select(table).where(table.c.ended_at.is_(None)).order_by(table.c.id))

    async def _read(self, query: Any) -> list[Schedule]:
        async with self._log.store.read() as connection:
            return [_schedule(row) for row in await connection.execute(query)]

    async def history(self, person: str, schedule: str, limit: int = HISTORY) -> list[Past]:
        """What became of its last instants, the newest first."""
        query = (
            select(firing_rows, task_rows.c.status.label("ended"), task_rows.c.sentence)
            .outerjoin(task_rows, task_rows.c.id == firing_rows.c.task)
            .where(firing_rows.c.person == person, firing_rows.c.schedule == schedule)
            .order_by(firing_rows.c.due_at.desc())
            .limit(limit)
        )
        async with self._log.store.read() as connection:
            rows = [as_dict(row) for row in await connection.execute(query)]
        return [_past(row) for row in rows]

    async def settle(self, schedule: Schedule, seen: Pass, connection: AsyncConnection, now: float) -> None:
        """Writes what a look came to, within the transaction of whoever looked."""
        for firing in seen.firings:
            await insert_new(connection, firing_rows, msgspec.to_builtins(firing))
        values: dict[str, Any] = {"settled_at": seen.settled_at, "settled_wall": seen.settled_wall}
        values["skipped"] = [instant for instant in schedule.skipped if instant > seen.settled_at]
        if seen.over:
            values["ended_at"] = now
        await connection.execute(update(table).where(table.c.id == schedule.id).values(**values))

    async def put_firing(self, firing: Firing) -> None:
        """Adds a firing that somebody asked for by hand."""
        async with self._log.writing() as writing:
            await insert_new(writing.connection, firing_rows, msgspec.to_builtins(firing))
        self.changed()

    async def unbegun(self) -> list[Firing]:
        """Firings that are due or wait, oldest first."""
        query = select(firing_rows).where(firing_rows.c.status.in_(UNBEGUN)).order_by(firing_rows.c.due_at)
        async with self._log.store.read() as connection:
            return [msgspec.convert(as_dict(row), Firing) for row in await connection.execute(query)]

    async def running(self) -> dict[str, list[str]]:
        """Tasks that go on, by the schedule that began them."""
        query = (
            select(firing_rows.c.schedule, firing_rows.c.task)
            .join(task_rows, task_rows.c.id == firing_rows.c.task)
            .where(firing_rows.c.status == "started", task_rows.c.status.in_(OPEN))
        )
        found: dict[str, list[str]] = {}
        async with self._log.store.read() as connection:
            for schedule, task in await connection.execute(query):
                found.setdefault(schedule, []).append(task)
        return found

    async def note(self, firing: Firing, **values: Any) -> None:
        """Changes columns of a firing."""
        which = (firing_rows.c.schedule == firing.schedule) & (firing_rows.c.due_at == firing.due_at)
        async with self._log.writing() as writing:
            await writing.connection.execute(update(firing_rows).where(which).values(**values))


async def _one(connection: AsyncConnection, person: str, schedule: str) -> Schedule | None:
    which = (table.c.id == schedule) & (table.c.person == person)
    row = (await connection.execute(select(table).where(which))).one_or_none()
    return None if row is None else _schedule(row)


def _schedule(row: Any) -> Schedule:
    return msgspec.convert(as_dict(row), Schedule)


def _past(row: dict[str, Any]) -> Past:
    ended, sentence = row.pop("ended"), row.pop("sentence")
    over = ended is not None and ended not in OPEN
    return Past(firing=msgspec.convert(row, Firing), ended=ended if over else "", sentence=sentence or "")


def by_schedule(firings: Iterable[Firing]) -> dict[str, int]:
    """How many firings each schedule has among them."""
    counts: dict[str, int] = {}
    for firing in firings:
        counts[firing.schedule] = counts.get(firing.schedule, 0) + 1
    return counts
