"""Questions about a task: durable, bound to a digest of what would happen, answered once, and only in time."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from typing import Any, Literal

import msgspec
from msgspec import Struct, field
from sqlalchemy import Row, select, update

from cloud.events import EventLog, Writing
from cloud.store import as_dict, insert_new
from cloud.store import asks as table

Kind = Literal["irreversible", "choice", "slot"]
Closed = Literal["yes", "no", "chosen", "expired", "cancelled", "superseded"]
Taken = Literal["taken", "unknown", "other_person", "other_digest", "late", "closed", "no_such_choice"]

EXPIRY_S = 60.0
POLL_S = 0.5  # how soon an answer that another process took is seen


class Choice(Struct, frozen=True):
    """One answer of a choice: what it is, and how it is shown and said."""

    value: str
    text: str


class Ask(Struct, frozen=True, kw_only=True):
    """One question. Times are UTC seconds. `data` is what the asker needs to go on.

    `rows` are label, value, and who says so: "you" or "site".
    """

    id: str
    task: str
    person: str
    step: int
    kind: Kind
    digest: str
    text: str
    rows: tuple[tuple[str, str, str], ...] = ()
    choices: tuple[Choice, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    created_at: float = 0.0
    expires_at: float = 0.0
    answer: str | None = None
    answered_at: float | None = None
    surface: str | None = None
    closed: Closed | None = None


def digest_of(**what: Any) -> str:
    """SHA-256 over canonical JSON: keys sorted, no spaces. The expiry is no part of it, so a re-run can compare."""
    return hashlib.sha256(msgspec.json.encode(what, order="deterministic")).hexdigest()


class Asks:
    """The questions of a store."""

    def __init__(self, log: EventLog, *, poll_s: float = POLL_S) -> None:
        self._log = log
        self._poll_s = poll_s
        self._waiting: dict[str, set[asyncio.Event]] = {}

    async def open(self, ask: Ask, *, expiry_s: float = EXPIRY_S) -> Ask:
        """Asks, unless the ask of this id is there already (a re-run finds its own). Older ones of the task give way.

        Appends `said` and `asked`. A task has one open question at a time.
        """
        async with self._log.writing(synced=False) as writing:
            found = await _get(writing, ask.id)
            if found is None:
                await close_all(writing, ask.person, ask.task, "superseded")
                found = msgspec.structs.replace(
                    ask,
                    text=writing.hide(ask.text),
                    rows=tuple((label, writing.hide(value), who) for label, value, who in ask.rows),
                    created_at=writing.now,
                    expires_at=writing.now + expiry_s,
                )
                await insert_new(writing.connection, table, msgspec.to_builtins(found))
                if not found.data.get("quiet"):
                    await writing.append(ask.person, ask.task, "said", {"text": found.text})
                await writing.append(ask.person, ask.task, "asked", shown(found))
        self._wake()
        return found

    async def get(self, ask: str) -> Ask | None:
        async with self._log.store.read() as connection:
            row = (await connection.execute(select(table).where(table.c.id == ask))).one_or_none()
        return _ask(row) if row else None

    async def open_ones(self, person: str) -> list[Ask]:
        """Questions of this person that wait for an answer and are in time, oldest first."""
        query = select(table).where(table.c.person == person, table.c.closed.is_(None)).order_by(table.c.created_at)
        async with self._log.store.read() as connection:
            asks = [_ask(row) for row in await connection.execute(query)]
        return [ask for ask in asks if ask.expires_at > self._log.clock()]

    async def of_step(self, task: str, step: int) -> list[Ask]:
        """Every question that a step ever asked, oldest first."""
        query = select(table).where(table.c.task == task, table.c.step == step).order_by(table.c.created_at)
        async with self._log.store.read() as connection:
            return [_ask(row) for row in await connection.execute(query)]

    async def agree(self, ask: Ask, *, expiry_s: float = EXPIRY_S) -> Closed:
        """Asks for a yes to exactly this, and waits. Its `id` is made here."""
        asked = await self.put(ask, expiry_s=expiry_s)
        return asked.closed or (await self.wait(asked.id)).closed or "expired"

    async def put(self, ask: Ask, *, expiry_s: float = EXPIRY_S) -> Ask:
        """Asks for a yes to exactly this. Its `id` is made here.

        A re-run takes up the question that waits for the same digest, and a yes to it that is still in time.
        """
        earlier = await self.of_step(ask.task, ask.step)
        for one in reversed(earlier):
            same = one.digest == ask.digest and one.kind == ask.kind
            if same and one.closed in (None, "yes") and one.expires_at > self._log.clock():
                return one
        return await self.open(
            msgspec.structs.replace(ask, id=f"{ask.task}:{ask.step}:{len(earlier) + 1}"), expiry_s=expiry_s
        )

    async def void(self, task: str, step: int, digest: str) -> None:
        """A yes that was given is worth nothing any more: what it was given to has changed."""
        given = (table.c.task == task) & (table.c.step == step) & (table.c.digest == digest) & (table.c.closed == "yes")
        async with self._log.writing() as writing:
            await writing.connection.execute(update(table).where(given).values(closed="superseded"))

    async def settle(self, ask: Ask, answer: str, *, meaning: Any, surface: str) -> bool:
        """Closes a question with an answer that was understood elsewhere (spoken words); False when it was closed.

        `meaning` is kept in `data["meaning"]` for the asker. Never for a yes to an irreversible act: that is pressed.
        """
        if ask.kind == "irreversible" and answer != "no":
            raise ValueError(f"{ask.id} asks about an irreversible act: only a press says yes to it")
        async with self._log.writing() as writing:
            found = await _get(writing, ask.id)
            if found is None or found.closed is not None or found.expires_at <= writing.now:
                return False
            data = {**found.data, "meaning": msgspec.to_builtins(meaning)}
            await writing.connection.execute(update(table).where(table.c.id == ask.id).values(data=data))
            outcome: Closed = "no" if answer == "no" else "chosen"
            await _close(writing, found, outcome, answer=answer, surface=surface)
        self._wake()
        return True

    async def answer(self, ask: str, *, digest: str, answer: str, person: str, surface: str = "") -> Taken:
        """Takes an answer, once: `taken`, or why it is not. Appends `answered` and `ask_closed`."""
        async with self._log.writing() as writing:
            found = await _get(writing, ask)
            taken = judge(found, digest, answer, person, writing.now)
            if found is not None and taken == "taken":
                await _close(writing, found, outcome_of(found, answer), answer=answer, surface=surface)
        self._wake()
        return taken

    async def close(self, ask: str, outcome: Closed) -> None:
        """Closes a question that is still open without an answer."""
        async with self._log.writing() as writing:
            found = await _get(writing, ask)
            if found is not None and found.closed is None:
                await _close(writing, found, outcome)
        self._wake()

    async def wait(self, ask: str) -> Ask:
        """Waits until the question is closed: by an answer, by somebody else, or by time (which closes it here)."""
        wake = asyncio.Event()
        self._waiting.setdefault(ask, set()).add(wake)
        try:
            while True:
                wake.clear()
                found = await self.get(ask)
                if found is None:
                    raise LookupError(f"there is no ask {ask}; it may belong to another store")
                if found.closed is not None:
                    return found
                left_s = found.expires_at - self._log.clock()
                if left_s <= 0:
                    await self.close(ask, "expired")
                    continue
                pause = min(self._poll_s, left_s)
                with suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), pause)
        finally:
            self._waiting[ask].discard(wake)
            if not self._waiting[ask]:
                del self._waiting[ask]

    def _wake(self) -> None:
        for waiting in self._waiting.values():
            for wake in waiting:
                wake.set()


def judge(ask: Ask | None, digest: str, answer: str, person: str, now: float) -> Taken:
    """Whether an answer counts. Pure."""
    if ask is None:
        return "unknown"
    if ask.person != person:
        return "other_person"
    if ask.digest != digest:
        return "other_digest"
    if ask.closed is not None:
        return "late" if ask.closed == "expired" else "closed"
    if ask.expires_at <= now:
        return "late"
    if answer == "no" or (ask.kind == "irreversible" and answer == "yes"):
        return "taken"
    if ask.kind == "slot" or any(choice.value == answer for choice in ask.choices):
        return "taken"
    return "no_such_choice"


def outcome_of(ask: Ask, answer: str) -> Closed:
    """How an answer closes the question. A choice may itself be called "no"."""
    if any(choice.value == answer for choice in ask.choices):
        return "chosen"
    if answer == "no":
        return "no"
    return "yes" if ask.kind == "irreversible" else "chosen"


def shown(ask: Ask) -> dict[str, Any]:
    """The data of an `asked` event: all that a surface needs to show the question and to answer it."""
    data = msgspec.to_builtins(ask)
    names = ("kind", "text", "rows", "choices", "digest", "expires_at", "step")
    # `live`: the task's page waits in the portal, for the person to act on. `trial`: the studio asks it, too.
    # `quiet`: it is the night, so that it makes no sound.
    marks = {name: bool(ask.data.get(name)) for name in ("live", "trial", "quiet")}
    return {"ask": ask.id} | marks | {name: data[name] for name in names}


async def close_all(writing: Writing, person: str, task: str, outcome: Closed) -> None:
    """Closes every open question of a task."""
    query = select(table).where(table.c.task == task, table.c.person == person, table.c.closed.is_(None))
    for row in (await writing.connection.execute(query)).all():
        await _close(writing, _ask(row), outcome)


async def _close(writing: Writing, ask: Ask, outcome: Closed, *, answer: str | None = None, surface: str = "") -> Ask:
    changes: dict[str, Any] = {"closed": outcome}
    if answer is not None:
        changes |= {"answer": answer, "answered_at": writing.now, "surface": surface}
    mine = (table.c.id == ask.id) & table.c.closed.is_(None)
    await writing.connection.execute(update(table).where(mine).values(**changes))
    if answer is not None:
        await writing.append(ask.person, ask.task, "answered", {"ask": ask.id, "answer": answer, "surface": surface})
    await writing.append(ask.person, ask.task, "ask_closed", {"ask": ask.id, "outcome": outcome})
    return msgspec.structs.replace(ask, **changes)


async def _get(writing: Writing, ask: str) -> Ask | None:
    row = (await writing.connection.execute(select(table).where(table.c.id == ask))).one_or_none()
    return _ask(row) if row else None


def _ask(row: Row[Any]) -> Ask:
    return msgspec.convert(as_dict(row), Ask)
