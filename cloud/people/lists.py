"""A person's lists: shopping, to-do, and those of their own names. Every change can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cloud import store as tables
from cloud.clock import Clock
from cloud.errors import ListFull, ListUnknown
from cloud.people.changes import Before, record, seen, told_before
from cloud.store import Store
from language.items import Item, item_words, merged, named

SHOPPING, TO_DO = "shopping", "to-do"
MOST_LISTS = 60
MOST_ITEMS = 300


class Line(Struct, frozen=True, kw_only=True):
    """One thing on a list."""

    id: str
    item: Item
    done: bool


class ItemList(Struct, frozen=True, kw_only=True):
    """A list by its name, with its lines in their order."""

    id: str
    name: str
    lines: tuple[Line, ...] = ()

    @property
    def open(self) -> tuple[Item, ...]:
        """What is not ticked off."""
        return tuple(line.item for line in self.lines if not line.done)


class Added(Struct, frozen=True, kw_only=True):
    """What became of what was put on a list: what is on it now, and what had been on it already, in words."""

    new: tuple[str, ...]
    there: tuple[str, ...]


class Found(Struct, frozen=True, kw_only=True):
    """What was found on a list by the words for it, and the words for which nothing was."""

    found: tuple[str, ...]
    missing: tuple[str, ...]


class Lists:
    """All lists of all people, over one store. `change` is the id of what is done: the same again does nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def all(self, person: str) -> tuple[ItemList, ...]:
        """Every list, the one used last first."""
        query = select(tables.lists).where(tables.lists.c.person == person).order_by(tables.lists.c.at.desc())
        async with self._store.read() as connection:
            rows = (await connection.execute(query)).all()
            return tuple([await _whole(connection, row.id, row.name) for row in rows])

    async def get(self, person: str, name: str) -> ItemList | None:
        """The list of that name, the one used last when the name is ""."""
        async with self._store.read() as connection:
            return await _named(connection, person, name)

    async def create(self, person: str, name: str, change: str) -> bool:
        """A new list; False when there is one of that name. Raises ListFull."""
        async with self._store.write() as connection:
            known = await _named(connection, person, name) if name else None
            if known is None and await told_before(connection, change) is None:
                place = await self._make(connection, person, name, change)
                await self._record(connection, person, change, f"the new {name} list", place, [])
                return True
            return known is None

    async def remove(self, person: str, list_id: str, change: str) -> None:
        """Takes a list away with all that is on it. Raises ListUnknown."""
        async with self._store.write() as connection:
            known = await _by_id(connection, person, list_id)
            await self._change(connection, person, known, change, f"the {known.name} list taken away", [])
            await connection.execute(delete(tables.list_items).where(tables.list_items.c.list == list_id))
            await connection.execute(delete(tables.lists).where(tables.lists.c.id == list_id))

    async def add(self, person: str, name: str, items: Sequence[Item], change: str) -> Added:
        """Puts things on a list, which is made if need be. The same thing is there once. Raises ListFull."""
        async with self._store.write() as connection:
            if (told := await told_before(connection, change)) is not None:
                return Added(new=tuple(told[0]), there=tuple(told[1]))
            known = await _named(connection, person, name)
            before: list[Before] = []
            if known is None:
                before = await self._make(connection, person, name, change)
                known = ItemList(id=change, name=name)
            else:
                before = await _seen(connection, known.id)
            lines = list(known.lines)
            new: list[str] = []
            there: list[str] = []
            for item in items:
                put = _put(lines, item, f"{change}-{len(lines)}")
                (there if put is None else new).append(item_words(put or item))
            if len(lines) > MOST_ITEMS:
                raise ListFull(
                    f"the {name} list has no room for more than {MOST_ITEMS} things; tick some off and clear"
                )
            await self._write(connection, person, known, lines)
            words = f"what was put on the {known.name} list"
            await self._record(connection, person, change, words, before, [new, there])
            return Added(new=tuple(new), there=tuple(there))

    async def tick(self, person: str, list_id: str, wanted: Sequence[str], change: str) -> Found:
        """Ticks off what the words name. Raises ListUnknown."""
        return await self._each(person, list_id, wanted, change, gone=False)

    async def take_off(self, person: str, list_id: str, wanted: Sequence[str], change: str) -> Found:
        """Takes off what the words name. Raises ListUnknown."""
        return await self._each(person, list_id, wanted, change, gone=True)

    async def clear(self, person: str, list_id: str, change: str, *, done_only: bool = False) -> int:
        """Empties a list; how many things went. Raises ListUnknown."""
        async with self._store.write() as connection:
            known = await _by_id(connection, person, list_id)
            if (told := await told_before(connection, change)) is not None:
                return int(told[0])
            kept = [line for line in known.lines if done_only and not line.done]
            count = len(known.lines) - len(kept)
            await self._change(connection, person, known, change, f"the {known.name} list cleared", [count])
            await self._write(connection, person, known, kept)
            return count

    async def set_line(
        self,
        person: str,
        list_id: str,
        line_id: str,
        change: str,
        *,
        done: bool | None = None,
        item: Item | None = None,
    ) -> None:
        """Ticks a line, or not, or words it otherwise. Raises ListUnknown."""
        async with self._store.write() as connection:
            known, at = await _line(connection, person, list_id, line_id)
            old = known.lines[at]
            new = Line(id=old.id, item=item or old.item, done=old.done if done is None else done)
            lines = [*known.lines[:at], new, *known.lines[at + 1 :]]
            words = f"“{item_words(old.item)}” changed on the {known.name} list"
            await self._change(connection, person, known, change, words, [])
            await self._write(connection, person, known, lines)

    async def move(self, person: str, list_id: str, line_id: str, to: int, change: str) -> None:
        """Puts a line at another place, from 0. Raises ListUnknown."""
        async with self._store.write() as connection:
            known, at = await _line(connection, person, list_id, line_id)
            lines = list(known.lines)
            lines.insert(max(0, min(to, len(lines) - 1)), lines.pop(at))
            await self._change(connection, person, known, change, f"the order of the {known.name} list", [])
            await self._write(connection, person, known, lines)

    async def drop(self, person: str, list_id: str, line_id: str, change: str) -> None:
        """Takes one line off. Raises ListUnknown."""
        async with self._store.write() as connection:
            known, at = await _line(connection, person, list_id, line_id)
            words = f"“{item_words(known.lines[at].item)}” taken off the {known.name} list"
            await self._change(connection, person, known, change, words, [])
            await self._write(connection, person, known, [*known.lines[:at], *known.lines[at + 1 :]])

    # -----------------------------------------------------------------------------------------------------------------

    async def _each(self, person: str, list_id: str, wanted: Sequence[str], change: str, *, gone: bool) -> Found:
        async with self._store.write() as connection:
            known = await _by_id(connection, person, list_id)
            if (told := await told_before(connection, change)) is not None:
                return Found(found=tuple(told[0]), missing=tuple(told[1]))
            open_ones = [at for at, line in enumerate(known.lines) if not line.done]
            found: dict[int, str] = {}
            missing = []
            for words in wanted:
                places = [open_ones[at] for at in named(tuple(known.lines[at].item for at in open_ones), words)]
                found |= {at: item_words(known.lines[at].item) for at in places}
                missing += [] if places else [words]
            if found:
                verb = "taken off" if gone else "ticked off on"
                words = f"{' and '.join(found.values())} {verb} the {known.name} list"
                await self._change(connection, person, known, change, words, [list(found.values()), missing])
                marked = [
                    Line(id=line.id, item=line.item, done=line.done or at in found)
                    for at, line in enumerate(known.lines)
                    if not (gone and at in found)
                ]
                await self._write(connection, person, known, marked)
            return Found(found=tuple(found.values()), missing=tuple(missing))

    async def _make(self, connection: AsyncConnection, person: str, name: str, list_id: str) -> list[Before]:
        count = select(func.count()).select_from(tables.lists).where(tables.lists.c.person == person)
        if (await connection.scalar(count) or 0) >= MOST_LISTS:
            raise ListFull(f"there are {MOST_LISTS} lists already; take one away in the portal")
        row = {"id": list_id, "person": person, "name": name, "at": self._clock()}
        await connection.execute(insert(tables.lists).values(**row))
        nothing = {"lists": {"id": list_id}, "list_items": {"list": list_id}}
        return [Before(table=table, where=where, rows=()) for table, where in nothing.items()]

    async def _change(
        self, connection: AsyncConnection, person: str, known: ItemList, change: str, words: str, told: list[Any]
    ) -> None:
        await self._record(connection, person, change, words, await _seen(connection, known.id), told)

    async def _record(
        self,
        connection: AsyncConnection,
        person: str,
        change: str,
        words: str,
        before: Sequence[Before],
        told: list[Any],
    ) -> None:
        await record(
            connection,
            change=change,
            person=person,
            kind="list",
            words=words,
            before=before,
            told=told,
            at=self._clock(),
        )

    async def _write(self, connection: AsyncConnection, person: str, known: ItemList, lines: Sequence[Line]) -> None:
        """The lines of a list as they are from now on."""
        now, items = self._clock(), tables.list_items
        done = {line.id for line in known.lines if line.done}
        query = select(items.c.id, items.c.done_at).where(items.c.list == known.id)
        times = {row.id: row.done_at for row in (await connection.execute(query)).all()}
        await connection.execute(delete(items).where(items.c.list == known.id))
        rows = [
            {
                "id": line.id,
                "person": person,
                "list": known.id,
                "position": at,
                "at": now,
                "thing": line.item.thing,
                "unit": line.item.unit,
                "amount": "" if line.item.amount is None else str(line.item.amount),
                "done_at": (times.get(line.id) if line.id in done else now) if line.done else None,
            }
            for at, line in enumerate(lines)
        ]
        if rows:
            await connection.execute(insert(items), rows)
        await connection.execute(update(tables.lists).where(tables.lists.c.id == known.id).values(at=now))


def _put(lines: list[Line], item: Item, line_id: str) -> Item | None:
    """Adds a thing, or its amount to the same thing; None when it was there as it is."""
    for at, line in enumerate(lines):
        if line.item.key != item.key:
            continue
        both = item if line.done else merged(line.item, item)
        if both is None:
            continue
        if both == line.item and not line.done:
            return None
        lines[at] = Line(id=line.id, item=both, done=False)
        return both
    lines.append(Line(id=line_id, item=item, done=False))
    return item


async def _seen(connection: AsyncConnection, list_id: str) -> list[Before]:
    return [
        await seen(connection, "lists", {"id": list_id}),
        await seen(connection, "list_items", {"list": list_id}),
    ]


async def _named(connection: AsyncConnection, person: str, name: str) -> ItemList | None:
    columns = tables.lists.c
    chosen = [columns.person == person, *([columns.name == name] if name else [])]
    query = select(columns.id, columns.name).where(*chosen).order_by(columns.at.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else await _whole(connection, row.id, row.name)


async def _by_id(connection: AsyncConnection, person: str, list_id: str) -> ItemList:
    columns = tables.lists.c
    query = select(columns.id, columns.name).where(columns.person == person, columns.id == list_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise ListUnknown("there is no such list any more; load the page again")
    return await _whole(connection, row.id, row.name)


async def _line(connection: AsyncConnection, person: str, list_id: str, line_id: str) -> tuple[ItemList, int]:
    known = await _by_id(connection, person, list_id)
    for at, line in enumerate(known.lines):
        if line.id == line_id:
            return known, at
    raise ListUnknown("this is no longer on the list; load the page again")


async def _whole(connection: AsyncConnection, list_id: str, name: str) -> ItemList:
    columns = tables.list_items.c
    query = select(tables.list_items).where(columns.list == list_id).order_by(columns.position)
    lines = [
        Line(
            id=row.id,
            item=Item(row.thing, Fraction(row.amount) if row.amount else None, row.unit),
            done=row.done_at is not None,
        )
        for row in (await connection.execute(query)).all()
    ]
    return ItemList(id=list_id, name=name, lines=tuple(lines))
