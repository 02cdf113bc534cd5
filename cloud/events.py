"""What happened, in one append-only table; device, portal and log read it from a cursor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct
from sqlalchemy import Row, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cloud.clock import Clock
from cloud.errors import CloudError
from cloud.store import Store, as_dict
from cloud.store import events as table

Kind = Literal[
    "heard",  # text, spoken, engine, device, turn, by (what began it, see `cloud.commands.origin_of`)
    "corrected",  # text, distance
    "understood",  # intents: [{tool, values, missing}], confidence
    "planned",  # steps: [{number, tool, version, arguments, effect, words, instead_of, strict, each, line}]
    "resumed",  # attempt: begun again after a crash
    "step_skipped",  # number, words, why: a step of the plan that is left out
    "listed",  # number, words, items: what a step is to be done for, one by one
    "step_started",  # number, tool, words
    "progress",  # text, number, of
    "verdict",  # step, decision, rule, act, reason
    "did",  # number, steps: [{step, words, at, took_ms, ended, action, element, similarity, value, site, verdicts}]
    "replayed",  # number, skill, version, outcome, took_ms, sites, read, files, lost (the step that stopped it), code
    "changed",  # step, words (in the past), item, round, rounds: a step changed something on a site, undoably
    "asked",  # ask, kind, text, rows, choices, digest, expires_at
    "answered",  # ask, answer, surface
    "ask_closed",  # ask, outcome: yes|no|expired|cancelled|chosen|superseded
    "intent",  # act id, step, words: written before an irreversible act
    "result",  # act id, result: done|failed|unknown|not_acted
    "step_done",  # number, status, sentence, waited_ms
    "said",  # text: to be spoken, on the turn that caused it
    "card",  # title, body, rows
    "healed",  # skill, version (0: nothing was kept), steps: [{step, was, now, score, confirmed, pictures}]
    "frame",  # number, address of a filmstrip picture (never the picture)
    "ring",  # timer, label
    "ring_stopped",  # timer
    "timers",  # timers: [{timer, kind, label, due_at}], all that nobody has stopped, after each change
    "task_done",  # status, sentence
]
KINDS: frozenset[str] = frozenset(get_args(Kind))
MAX_DATA_BYTES = 64 << 10
POLL_S = 1.0  # how soon a tail sees what another process wrote


# Made once: building a statement costs more than running it.
_earlier = select(func.coalesce(func.max(table.c.number), 0) + 1).where(
    table.c.person == bindparam("of_person"), table.c.task == bindparam("of_task")
)
_ADD = insert(table).values(number=_earlier.scalar_subquery())
_ADD_AND_TELL = _ADD.returning(table.c.cursor, table.c.number)


class EventRefused(CloudError, ValueError):
    """An event that cannot be stored: its kind is none, or it holds too much (pictures are files)."""

    code = "event_refused"


class Event(Struct, frozen=True, kw_only=True):
    """One row. `cursor` is global and grows; `number` counts within the task from 1. `at` is UTC seconds."""

    cursor: int
    task: str
    number: int
    kind: Kind
    person: str
    at: float
    data: dict[str, Any]


class Writing:
    """A transaction that may change any table and append events; readers wake once it is on disk.

    `hide` takes known secrets out of what is JSON; whoever writes what a site said uses it.
    """

    def __init__(self, connection: AsyncConnection, now: float, hide: Callable[[Any], Any]) -> None:
        self.connection = connection
        self.now = now
        self.hide = hide
        self.persons: set[str] = set()

    async def append(self, person: str, task: str, kind: str, data: Mapping[str, Any]) -> Event:
        """Appends one event. `task` may be "" for what belongs to none. Raises EventRefused."""
        row = self._row(person, task, kind, data)
        cursor, given = (await self.connection.execute(_ADD_AND_TELL, row)).one()
        self.persons.add(person)
        kept = {name: value for name, value in row.items() if name in Event.__struct_fields__}
        return msgspec.convert(kept | {"cursor": cursor, "number": given}, Event)

    async def append_all(self, person: str, task: str, told: Iterable[tuple[str, Mapping[str, Any], float]]) -> None:
        """Appends events, (kind, data, when it was: UTC seconds), in their order and at once. Raises EventRefused."""
        rows = [self._row(person, task, kind, data) | {"at": at} for kind, data, at in told]
        if rows:
            await self.connection.execute(_ADD, rows)
            self.persons.add(person)

    def _row(self, person: str, task: str, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
        kept = self.hide(check(kind, data))
        row = {"task": task, "kind": kind, "person": person, "at": self.now, "data": kept}
        return row | {"of_person": person, "of_task": task}


class EventLog:
    """Appends and reads. Cursors are in commit order because writers of the store wait for one another.

    `hide` takes known secrets out of all that is appended: a site may say one back.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        poll_s: float = POLL_S,
        hide: Callable[[Any], Any] = lambda data: data,
    ) -> None:
        self.store = store
        self.clock = clock
        self._poll_s = poll_s
        self._hide = hide
        self._readers: dict[asyncio.Event, str | None] = {}

    @asynccontextmanager
    async def writing(self, *, synced: bool = True) -> AsyncIterator[Writing]:
        """One transaction over the store with its events: all is kept, or nothing. `synced`: see `Store.write`."""
        async with self.store.write(synced=synced) as connection:
            writing = Writing(connection, self.clock(), self._hide)
            yield writing
        self._wake(writing.persons)

    async def append(self, person: str, task: str, kind: str, data: Mapping[str, Any], *, synced: bool = True) -> Event:
        """Appends one event in a transaction of its own."""
        async with self.writing(synced=synced) as writing:
            return await writing.append(person, task, kind, data)

    async def read(
        self, person: str | None, after: int = 0, *, task: str | None = None, limit: int = 500
    ) -> list[Event]:
        """Events past the cursor, in order: of one person (None: of all), perhaps of one task."""
        query = select(table).where(table.c.cursor > after).order_by(table.c.cursor).limit(limit)
        if person is not None:
            query = query.where(table.c.person == person)
        if task is not None:
            query = query.where(table.c.task == task)
        async with self.store.read() as connection:
            return [_event(row) for row in await connection.execute(query)]

    async def cursor(self) -> int:
        """Where the log ends now: a tail from here sees only what is still to come."""
        async with self.store.read() as connection:
            return await connection.scalar(select(func.max(table.c.cursor))) or 0

    async def tail(self, person: str | None, after: int = 0, *, task: str | None = None) -> AsyncIterator[Event]:
        """Every event past the cursor, and then those to come, without end."""
        wake = asyncio.Event()
        self._readers[wake] = person
        try:
            while True:
                wake.clear()
                found = await self.read(person, after, task=task)
                for event in found:
                    after = event.cursor
                    yield event
                if not found:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(wake.wait(), self._poll_s)
        finally:
            del self._readers[wake]

    def _wake(self, persons: set[str]) -> None:
        for wake, person in self._readers.items():
            if person is None or person in persons:
                wake.set()


def check(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as it will be stored. Raises EventRefused."""
    if kind not in KINDS:
        raise EventRefused(f"event kind {kind!r} is none; take one of those in cloud.events.Kind")
    encoded = msgspec.json.encode(dict(data))
    if len(encoded) > MAX_DATA_BYTES:
        raise EventRefused(
            f"a {kind} event of {len(encoded)} bytes is over {MAX_DATA_BYTES}; store a file, name it here"
        )
    kept: dict[str, Any] = msgspec.json.decode(encoded)
    return kept


def _event(row: Row[Any]) -> Event:
    return msgspec.convert(as_dict(row), Event)
