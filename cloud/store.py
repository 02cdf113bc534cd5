"""The store: every table, and the engine that opens it. Times are UTC seconds; every row belongs to a person.

Pictures and audio are never in here, and secrets only as `cloud.people.vault` seals them. All use is on one event loop;
a write is one transaction.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    literal_column,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from cloud.errors import StoreNewer
from cloud.migrations import upgrade

BUSY_TIMEOUT_MS = 10_000
ID_LENGTH = 64

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _person(**more: Any) -> Column[str]:
    return Column("person", String(ID_LENGTH), ForeignKey("persons.id"), nullable=False, **more)


def _id() -> Column[str]:
    return Column("id", String(ID_LENGTH), primary_key=True)


persons = Table(
    "persons",
    metadata,
    _id(),
    Column("name", String(200), nullable=False),
    Column("zone", String(64), nullable=False, server_default="UTC"),  # IANA name
    Column("created_at", Float, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    _id(),
    _person(index=True),
    Column("key", String(200), nullable=False, unique=True),  # public key; the private one never leaves the device
    Column("name", String(200), nullable=False),
    Column("paired_at", Float, nullable=False),
    Column("revoked_at", Float),
    Column("last_seen", Float),
)

turns = Table(
    "turns",
    metadata,
    Column("device", String(ID_LENGTH), nullable=False),
    Column("turn", Integer, nullable=False),
    _person(index=True),
    Column("key", String(200), nullable=False, unique=True),  # "device:turn", the key of its task
    Column("text", Text, nullable=False),
    Column("alternatives", JSON, nullable=False),  # [[text, log likelihood]]
    Column("engine", String(100), nullable=False),
    Column("ask", String(ID_LENGTH), nullable=False),  # the ask that was shown meanwhile, or ""
    Column("picture", String(200), nullable=False),  # address of a file, see `cloud.turns`, or ""
    Column("picture_problem", String(200), nullable=False),
    Column("status", String(20), nullable=False),  # stored | submitted
    Column("at", Float, nullable=False),
    Column("said_at", Float, nullable=False, server_default="0"),  # UTC seconds, 0: nobody knows
    PrimaryKeyConstraint("device", "turn"),
)

tasks = Table(
    "tasks",
    metadata,
    _id(),
    _person(),
    Column("key", String(200), nullable=False, unique=True),
    Column("status", String(20), nullable=False),  # see `cloud.tasks.records`
    Column("text", Text, nullable=False),
    Column("command", JSON, nullable=False),  # the HandleUtterance that began it
    Column("device", String(ID_LENGTH), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("sentence", Text, nullable=False),  # what the person was told at the end
    Column("attempts", Integer, nullable=False),  # how often its work was begun
    Column("created", Float, nullable=False),
    Column("updated", Float, nullable=False),
    Column("epoch", Integer, nullable=False),  # fencing: the epoch of the lease that last wrote it
    Column("history", Integer, nullable=False, server_default="0"),  # see `cloud.history.index`
    Column("forget_at", Float),  # when what is told of it is removed, where its person wished it
    Index(None, "person", "status"),
    Index(None, "history", "updated"),
)

# Letters in the order of their codes, so that words with one beginning stand together.
_IN_ORDER = String(80).with_variant(String(80, collation="C"), "postgresql")

# The history's index: a line a run that has ended, and the words that it is found by. Both can be made anew.
runs = Table(
    "runs",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # when it began, in microseconds; unique
    Column("task", String(ID_LENGTH), ForeignKey("tasks.id"), nullable=False, unique=True),
    _person(),
    Column("text", Text, nullable=False),  # what was asked for
    Column("words", Text, nullable=False),  # what was done
    Column("sentence", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("tool", String(200), nullable=False),
    Column("effect", String(20), nullable=False),
    Column("began_by", String(20), nullable=False),
    Column("device", String(ID_LENGTH), nullable=False),
    Column("schedule", String(ID_LENGTH), nullable=False),
    Column("site", String(200), nullable=False),
    Column("began", Float, nullable=False),
    Column("ended", Float, nullable=False),
    Column("picture", Integer, nullable=False),  # number of the one that stands for it, 0: none
    Column("pictures", Integer, nullable=False),
    Column("picture_bytes", BigInteger, nullable=False),  # on disk; 0 when they were removed
    Column("asks", Integer, nullable=False),
    Column("healed", Integer, nullable=False),
    Index(None, "person", "number"),
    Index(None, "picture_bytes", "number"),
)

run_words = Table(
    "run_words",
    metadata,
    _person(),
    Column("word", _IN_ORDER, nullable=False),  # or what it can be filtered by, see `cloud.history.words`
    Column("run", BigInteger, nullable=False),  # its number
    PrimaryKeyConstraint("person", "word", "run"),
    Index(None, "run"),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    Column("cursor", Integer, primary_key=True, autoincrement=True),
    Column("task", String(ID_LENGTH), nullable=False),  # "" for what belongs to no task
    Column("number", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    _person(),
    Column("at", Float, nullable=False),
    Column("data", JSON, nullable=False),
    UniqueConstraint("person", "task", "number"),
    Index(None, "person", "cursor"),
    sqlite_autoincrement=True,
)

asks = Table(
    "asks",
    metadata,
    _id(),
    Column("task", String(ID_LENGTH), ForeignKey("tasks.id"), nullable=False, index=True),
    _person(),
    Column("step", Integer, nullable=False),
    Column("kind", String(20), nullable=False),  # irreversible | slot | choice
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("rows", JSON, nullable=False),  # [[label, value, you | site]]
    Column("choices", JSON, nullable=False),  # [{value, text}]
    Column("data", JSON, nullable=False),  # what the asker needs to go on: tool, slot, ...
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("answer", Text),
    Column("answered_at", Float),
    Column("surface", String(ID_LENGTH)),
    Column("closed", String(20)),  # yes | no | chosen | expired | cancelled | superseded
    Index(None, "person", "closed"),
)

intents = Table(
    "intents",
    metadata,
    _id(),
    Column("task", String(ID_LENGTH), ForeignKey("tasks.id"), nullable=False),
    _person(),
    Column("step", Integer, nullable=False),
    Column("name", String(200), nullable=False),  # which act of the step
    Column("digest", String(64), nullable=False),
    Column("words", Text, nullable=False),
    Column("before", Integer),  # how much evidence of such acts the site showed before this one; null: not known
    Column("written_at", Float, nullable=False),
    Column("result", String(20)),  # done | failed | unknown | not_acted
    Column("evidence", JSON, nullable=False),  # [text]
    Column("settled_at", Float),
    Index(None, "task", "step"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("holder", String(100), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("expires", Float, nullable=False),
)

timers = Table(
    "timers",
    metadata,
    _id(),
    _person(),
    Column("task", String(ID_LENGTH), nullable=False),
    Column("kind", String(10), nullable=False),  # timer | alarm
    Column("label", String(200), nullable=False),
    Column("set_at", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("rung_at", Float),
    Column("stopped_at", Float),
    Index(None, "rung_at", "due_at"),
)

schedules = Table(
    "schedules",
    metadata,
    _id(),
    _person(index=True),
    Column("name", String(200), nullable=False),
    Column("text", Text, nullable=False),  # the request, as it is read when it comes due
    Column("call", JSON(none_as_null=True)),  # a Call that is made in place of reading it
    Column("tools", JSON, nullable=False),  # [name]: what it does it with, as far as that is known
    Column("effect", String(20), nullable=False),
    Column("rule", JSON, nullable=False),  # a language.recurrences.rule.Recurrence
    Column("zone", String(64), nullable=False),  # IANA name; "": that of the person, whatever it is by then
    Column("late_s", Float, nullable=False),
    Column("patience_s", Float, nullable=False),
    Column("overlap", String(20), nullable=False),
    Column("device", String(ID_LENGTH), nullable=False),  # which tells what came of it; "": every one
    Column("skipped", JSON, nullable=False),  # [UTC seconds] that are left out
    Column("created_at", Float, nullable=False),
    Column("paused_at", Float),
    Column("ended_at", Float),  # removed, or over
    Column("settled_at", Float, nullable=False),  # all that was due by then has its row in `firings`
    Column("settled_wall", String(20), nullable=False),  # the last moment of it, as the clock showed it
)

firings = Table(
    "firings",
    metadata,
    Column("schedule", String(ID_LENGTH), ForeignKey("schedules.id"), nullable=False),
    Column("due_at", Float, nullable=False),
    _person(),
    Column("status", String(20), nullable=False),  # see `cloud.schedules.records`
    Column("task", String(ID_LENGTH), nullable=False),  # "" until there is one
    Column("by_hand", Boolean, nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("schedule", "due_at"),
    Index(None, "person", "status"),
)

notes = Table(
    "notes",
    metadata,
    _id(),
    _person(index=True),
    Column("text", Text, nullable=False),
    Column("at", Float, nullable=False),
)

lists = Table(
    "lists",
    metadata,
    _id(),
    _person(),
    Column("name", String(100), nullable=False),
    Column("at", Float, nullable=False),  # when it was used last
    UniqueConstraint("person", "name"),
)

list_items = Table(
    "list_items",
    metadata,
    _id(),
    _person(),
    Column("list", String(ID_LENGTH), ForeignKey("lists.id"), nullable=False),
    Column("thing", Text, nullable=False),
    Column("amount", String(40), nullable=False),  # a fraction, "" where none was said
    Column("unit", String(20), nullable=False),
    Column("position", Integer, nullable=False),
    Column("done_at", Float),
    Column("at", Float, nullable=False),
    Index(None, "list", "position"),
)

journal = Table(
    "journal",
    metadata,
    _id(),
    _person(),
    Column("day", String(10), nullable=False),  # in the person's zone
    Column("text", Text, nullable=False),
    Column("picture", String(200), nullable=False),  # the name of a file, or ""
    Column("at", Float, nullable=False),
    Column("edited_at", Float),
    Index(None, "person", "day"),
)

changes = Table(
    "changes",
    metadata,
    _id(),
    _person(),
    Column("kind", String(20), nullable=False),  # list | journal
    Column("words", Text, nullable=False),  # what was done, for whoever undoes it; never a journal's text
    Column("told", JSON, nullable=False),  # what was answered, for a step that runs again
    Column("before", JSON, nullable=False),  # the rows as they were
    Column("at", Float, nullable=False),
    Column("undone_at", Float),
    Column("undone_by", String(ID_LENGTH)),
    Index(None, "person", "at"),
)

tool_outcomes = Table(
    "tool_outcomes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _person(),
    Column("tool", String(200), nullable=False),
    Column("kind", String(40), nullable=False),  # builtin | skill | ...
    Column("site", String(200), nullable=False),  # host, or ""
    Column("status", String(20), nullable=False),
    Column("duration_ms", Float, nullable=False),
    Column("at", Float, nullable=False),
    Index(None, "tool", "at"),
)

memory = Table(
    "memory",
    metadata,
    _person(),
    Column("key", String(200), nullable=False),
    Column("value", JSON, nullable=False),
    Column("said", Boolean, nullable=False, server_default="1"),  # the person said it; false: it was inferred
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("person", "key"),
)

vault = Table(
    "vault",
    metadata,
    _person(),
    Column("name", String(100), nullable=False),
    Column("kind", String(20), nullable=False),  # see `cloud.people.vault`
    Column("origins", JSON, nullable=False),  # [origin]
    Column("any_field", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # bound to all of the above
    Column("window", Integer, nullable=False),  # of the last one-time code that was typed
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("person", "name"),
)

connections = Table(
    "connections",
    metadata,
    _person(),
    Column("site", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # cookies, bound to all of the above
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("person", "site"),
)


class Store:
    """The open database. Use `read()` for looking, `write()` for one transaction that is on disk when it ends."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._writing = asyncio.Lock()

    @classmethod
    async def open(cls, url: str) -> Store:
        """Opens the database at an SQLAlchemy URL and brings its tables up to date. Raises StoreNewer."""
        store = cls(make_engine(url))
        try:
            async with store.write() as connection:
                await connection.run_sync(upgrade, metadata)
        except StoreNewer:
            await store.close()
            raise
        return store

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """For looking: each statement sees what was committed by then."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self, *, synced: bool = True) -> AsyncIterator[AsyncConnection]:
        """One transaction: kept when the block ends, undone when it raises. Do not nest.

        `synced`: on disk by then, also when the power goes. Without it a power cut (never a crash) may undo it.
        """
        async with self._writing, self.engine.connect() as connection:
            await connection.execution_options(leveret_write=True, leveret_synced=synced)
            async with connection.begin():
                yield connection

    async def close(self) -> None:
        await self.engine.dispose()


def file_url(path: Path) -> str:
    """The URL of an SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


def make_engine(url: str) -> AsyncEngine:
    """An engine whose every commit is on disk when it returns; on SQLite: WAL, synchronous FULL, foreign keys."""
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    engine = create_async_engine(
        url,
        hide_parameters=True,  # an error tells of no row
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        connect_args={"async_creator_fn": _Connection} if is_sqlite else {},
    )
    if is_sqlite:
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        event.listen(engine.sync_engine, "invalidate", _roll_back_sqlite)
    return engine


class _Connection(aiosqlite.Connection):
    """A driver's connection that ends well however often, and wherever, who uses it is cancelled.

    It is opened and prepared in one piece: cancelled between the two it would be dropped open. And its thread is told
    to stop once: SQLAlchemy stops a connection whose closing it gave up waiting for, and to be told again by that
    closing, after the thread has ended, would wait for ever.
    """

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(partial(_open_sqlite, path, options), iter_chunk_size=64)
        self._thread.daemon = True
        self._stopped: asyncio.Future[Any] | None = None

    def stop(self) -> asyncio.Future[Any] | None:
        self._stopped = self._stopped or super().stop()
        return self._stopped


def _open_sqlite(path: str, options: dict[str, Any]) -> sqlite3.Connection:
    # The driver's own BEGIN is deferred and skips DDL; with None it is left to `_begin_sqlite`.
    connection: sqlite3.Connection = sqlite3.connect(path, **options, isolation_level=None)
    try:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a writer fails at once when another wrote meanwhile; this one waits.
    # A reader needs none at all: each of its statements is a transaction of its own.
    options = connection.get_execution_options()
    if options.get("leveret_write", False):
        _sync_sqlite(connection, "FULL" if options.get("leveret_synced", True) else "NORMAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _sync_sqlite(connection: Connection, level: str) -> None:
    """Sets how hard the next commit of this connection is written, unless it is set so already."""
    if connection.info.get("synchronous", "FULL") != level:
        connection.exec_driver_sql(f"PRAGMA synchronous={level}")
        connection.info["synchronous"] = level


def _roll_back_sqlite(connection: Any, _record: object, _error: BaseException | None) -> None:
    # A cancelled write leaves its statement open; SQLite then keeps a closed connection, and its lock, half alive.
    connection.rollback()


def as_dict(row: Row[Any]) -> dict[str, Any]:
    """A row by column name, with names that are plain strings, as msgspec wants them."""
    return {str(name): value for name, value in row._mapping.items()}


async def insert_new(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> bool:
    """Inserts a row unless one with the same key is there; True when it was inserted."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # How many rows it were, a driver may not know; whether one came back, every one does.
    new = insert(table).values(**values).on_conflict_do_nothing().returning(literal_column("1", Integer))
    return (await connection.execute(new)).first() is not None


async def put(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> None:
    """Inserts a row, or replaces what the row with the same primary key holds."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in table.primary_key.columns]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = insert(table).values(**values).on_conflict_do_update(index_elements=keys, set_=rest)
    await connection.execute(statement)
