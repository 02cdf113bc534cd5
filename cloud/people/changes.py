"""What a person changed last on lists and in the journal, so that it can be undone: the rows as they were before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cloud import store as tables
from cloud.clock import Clock
from cloud.store import Store, as_dict, insert_new

KEPT = 200  # changes a person; older ones can no longer be undone
WITHIN_S = 86_400.0  # how long after it a change can be undone
ChangeKind = Literal["list", "journal"]
_TABLES: dict[str, Table] = {"lists": tables.lists, "list_items": tables.list_items, "journal": tables.journal}


class Before(Struct, frozen=True, kw_only=True):
    """What the rows of one place were: those that `where` selects in a table, by column and value."""

    table: str
    where: dict[str, str]
    rows: tuple[dict[str, Any], ...]


class Changes:
    """The record of changes. It is written in the transaction of the change itself."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def undo(self, person: str, by: str) -> str | None:
        """Takes back the last change of the person; its words, or None when there is nothing to take back.

        The same `by` again takes nothing more back."""
        columns, now = tables.changes.c, self._clock()
        same = select(columns.words).where(columns.person == person, columns.undone_by == by)
        last = (
            select(tables.changes)
            .where(columns.person == person, columns.undone_at.is_(None), columns.at >= now - WITHIN_S)
            .order_by(columns.at.desc(), columns.id.desc())
            .limit(1)
        )
        async with self._store.write() as connection:
            if (words := (await connection.execute(same)).scalar_one_or_none()) is not None:
                return str(words)
            row = (await connection.execute(last)).one_or_none()
            if row is None:
                return None
            undone = update(tables.changes).where(columns.id == row.id).values(undone_at=now, undone_by=by)
            await connection.execute(undone)
            places = [Before(**place) for place in row.before]
            for place in reversed(places):
                await connection.execute(delete(_TABLES[place.table]).where(*_chosen(place.table, place.where)))
            for place in places:
                if place.rows:
                    await connection.execute(insert(_TABLES[place.table]), list(place.rows))
            return str(row.words)


async def seen(connection: AsyncConnection, table: str, where: dict[str, str]) -> Before:
    """The rows of a place as they are."""
    rows = (await connection.execute(select(_TABLES[table]).where(*_chosen(table, where)))).all()
    return Before(table=table, where=where, rows=tuple(as_dict(row) for row in rows))


async def told_before(connection: AsyncConnection, change: str) -> list[Any] | None:
    """What was answered when this change was made; None when it was not made yet."""
    return (
        await connection.execute(select(tables.changes.c.told).where(tables.changes.c.id == change))
    ).scalar_one_or_none()


async def record(
    connection: AsyncConnection,
    *,
    change: str,
    person: str,
    kind: ChangeKind,
    words: str,
    before: Iterable[Before],
    told: list[Any],
    at: float,
) -> None:
    """Writes a change down. `before`: what others refer to first."""
    places = [{"table": place.table, "where": place.where, "rows": list(place.rows)} for place in before]
    row = {"id": change, "person": person, "kind": kind, "words": words, "told": told, "before": places, "at": at}
    await insert_new(connection, tables.changes, row)
    columns = tables.changes.c
    mine = select(columns.id).where(columns.person == person).order_by(columns.at.desc()).limit(KEPT)
    await connection.execute(delete(tables.changes).where(columns.person == person, columns.id.not_in(mine)))


def _chosen(table: str, where: dict[str, str]) -> list[Any]:
    return [_TABLES[table].c[name] == value for name, value in where.items()]
