"""A person's journal: entries by day, found again by their words. It is private: no log and no model sees any of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cloud import store as tables
from cloud.clock import Clock
from cloud.errors import EntryUnknown
from cloud.people.changes import Before, record, seen, told_before
from cloud.store import Store
from cloud.turns import Pictures
from language.days import MONTHS, WEEKDAYS
from language.past import Span
from language.similarity import stems_of

MOST_LETTERS = 20_000
PAGE = 60  # entries


class Entry(Struct, frozen=True, kw_only=True):
    """One entry. `at` is UTC seconds, `picture` the name of a file in the journal's own folder, or ""."""

    id: str
    day: str
    text: str
    picture: str
    at: float
    edited_at: float | None


class Journal:
    """All journals, over one store. `taken` holds the pictures of requests, `kept` those that entries keep."""

    def __init__(self, store: Store, clock: Clock, *, taken: Pictures, kept: Pictures) -> None:
        self._store = store
        self._clock = clock
        self._taken = taken
        self._kept = kept

    async def write(
        self, person: str, text: str, change: str, *, day: date, at: float | None = None, picture: str = ""
    ) -> bool:
        """A new entry; whether it has its picture. The same `change` again writes nothing."""
        photo = await self._taken.read(person, picture) if picture else None
        kept = await self._kept.keep(person, photo) if photo is not None else ""
        entry = {"id": change, "person": person, "day": day.isoformat(), "text": text[:MOST_LETTERS], "picture": kept}
        async with self._store.write() as connection:
            if await told_before(connection, change) is None:
                nothing = Before(table="journal", where={"id": change}, rows=())
                await self._record(connection, person, change, "what was written in your journal", nothing)
                at = self._clock() if at is None else at
                await connection.execute(insert(tables.journal).values(**entry, at=at, edited_at=None))
        return bool(kept)

    async def edit(self, person: str, entry: str, text: str, change: str) -> None:
        """Words an entry otherwise. Raises EntryUnknown."""
        async with self._store.write() as connection:
            before = await _mine(connection, person, entry)
            await self._record(connection, person, change, "an entry of your journal changed", before)
            values = {"text": text[:MOST_LETTERS], "edited_at": self._clock()}
            await connection.execute(update(tables.journal).where(tables.journal.c.id == entry).values(**values))

    async def remove(self, person: str, entry: str, change: str) -> None:
        """Takes an entry away. Raises EntryUnknown."""
        async with self._store.write() as connection:
            if await told_before(connection, change) is not None:
                return
            before = await _mine(connection, person, entry)
            await self._record(connection, person, change, "an entry of your journal deleted", before)
            await connection.execute(delete(tables.journal).where(tables.journal.c.id == entry))

    async def of(self, person: str, span: Span) -> tuple[Entry, ...]:
        """The entries of some days, the first first."""
        columns = tables.journal.c
        days = columns.day.between(span.first.isoformat(), span.last.isoformat())
        return await self._read(_all(person).where(days).order_by(columns.day, columns.at))

    async def newest(self, person: str, *, before: str = "", most: int = PAGE) -> tuple[Entry, ...]:
        """The newest entries, those of a day whole, the newest day first; `before`: of days before that one."""
        columns = tables.journal.c
        query = _all(person).order_by(columns.day.desc(), columns.at)
        found = await self._read((query.where(columns.day < before) if before else query).limit(most + 1))
        if len(found) <= most:
            return found
        whole = tuple(entry for entry in found if entry.day != found[-1].day)
        return whole or await self.of(person, Span(*[date.fromisoformat(found[0].day)] * 2))

    async def last(self, person: str) -> Entry | None:
        """The entry that was written last."""
        columns = tables.journal.c
        found = await self._read(_all(person).order_by(columns.at.desc(), columns.id.desc()).limit(1))
        return found[0] if found else None

    async def search(self, person: str, words: str, most: int = PAGE) -> tuple[Entry, ...]:
        """The newest entries that have every word, in any of its forms."""
        wanted = frozenset(stems_of(words))
        columns = tables.journal.c
        found: list[Entry] = []
        async with self._store.read() as connection:
            rows = await connection.stream(_all(person).order_by(columns.at.desc(), columns.id.desc()))
            async for row in rows:
                if wanted and wanted <= set(stems_of(row.text)):
                    found.append(_entry(row))
                    if len(found) == most:
                        break
            await rows.close()
        return tuple(found)

    async def picture(self, person: str, entry: str) -> bytes | None:
        """The picture of an entry, or None."""
        found = await self._read(_all(person).where(tables.journal.c.id == entry))
        return await self._kept.read(person, found[0].picture) if found and found[0].picture else None

    async def export(self, person: str) -> str:
        """All of it as plain text: a heading a day, the first day first."""
        columns = tables.journal.c
        entries = await self._read(_all(person).order_by(columns.day, columns.at))
        return "\n".join(_plain(entries))

    async def _read(self, query: Select[Any]) -> tuple[Entry, ...]:
        async with self._store.read() as connection:
            return tuple(_entry(row) for row in (await connection.execute(query)).all())

    async def _record(self, connection: AsyncConnection, person: str, change: str, words: str, before: Before) -> None:
        await record(
            connection,
            change=change,
            person=person,
            kind="journal",
            words=words,
            before=(before,),
            told=[],
            at=self._clock(),
        )


def written_day(day: date) -> str:
    """ "Monday, 23 November 2026"."""
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]} {day.year}"


def _all(person: str) -> Select[Any]:
    return select(tables.journal).where(tables.journal.c.person == person)


def _entry(row: Any) -> Entry:
    return Entry(id=row.id, day=row.day, text=row.text, picture=row.picture, at=row.at, edited_at=row.edited_at)


async def _mine(connection: AsyncConnection, person: str, entry: str) -> Before:
    before = await seen(connection, "journal", {"id": entry, "person": person})
    if not before.rows:
        raise EntryUnknown("there is no such entry any more; load the page again")
    return before


def _plain(entries: Iterable[Entry]) -> Iterable[str]:
    day = ""
    for entry in entries:
        if entry.day != day:
            day = entry.day
            yield f"# {written_day(date.fromisoformat(day))}\n"
        yield f"{entry.text}\n"
