"""Irreversible acts, written down before they happen, so that none ever happens twice.

INTENT (synced) -> one click -> RESULT (synced). An intent without a result stands for an act that may have happened:
it bars every further act of its step until evidence, or the truth told to the person, has settled it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Row, func, insert, select, update

from cloud.events import EventLog
from cloud.store import as_dict
from cloud.store import intents as table
from cloud.tasks import leases
from cloud.tasks.errors import ActBarred
from cloud.tasks.leases import Lease

Result = Literal["done", "failed", "unknown", "not_acted"]


class Draft(Struct, frozen=True, kw_only=True):
    """An act that is about to be made: `name` tells it from other acts of its step, `digest` from other contents.

    `before` counts the evidence of such acts that there was, None when that is not known.
    """

    task: str
    person: str
    step: int
    name: str
    digest: str
    words: str
    before: int | None = None


class Intent(Struct, frozen=True, kw_only=True):
    """An act on record. `result` None: it may have happened. `not_acted`: it has not, and may be tried again."""

    id: str
    task: str
    person: str
    step: int
    name: str
    digest: str
    words: str
    written_at: float
    before: int | None = None
    result: Result | None = None
    evidence: tuple[str, ...] = ()
    settled_at: float | None = None


class Intents:
    """The acts of a store. Every write checks the lease in its own transaction."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    async def write(self, draft: Draft, lease: Lease) -> Intent:
        """Puts an act on record, synced when this returns; only then may it be made, and only by the caller.

        Raises ActBarred when an act of this step may have happened already, LeaseLost when the task has passed on.
        """
        async with self._log.writing() as writing:
            await leases.check(writing.connection, lease)
            earlier = [_intent(row) for row in await writing.connection.execute(_of_step(draft.task, draft.step))]
            for intent in earlier:
                if bars(intent, draft):
                    raise ActBarred(f"{draft.words}: {intent.id} may have happened already; look for evidence instead")
            number = f"{draft.task}:{draft.step}:{draft.name}:{len(earlier) + 1}"
            written = Intent(id=number, written_at=writing.now, **msgspec.structs.asdict(draft))
            await writing.connection.execute(insert(table).values(**msgspec.to_builtins(written)))
            words = {"act": written.id, "step": draft.step, "words": draft.words}
            await writing.append(draft.person, draft.task, "intent", words)
        return written

    async def settle(self, intent: str, result: Result, lease: Lease, *, evidence: Sequence[str] = ()) -> bool:
        """Records what came of an act, once; False when it was settled before. `unknown` may later be cleared up."""
        async with self._log.writing() as writing:
            await leases.check(writing.connection, lease)
            free = (table.c.result.is_(None)) | ((table.c.result == "unknown") & (result != "unknown"))
            values = {"result": result, "evidence": writing.hide(list(evidence)), "settled_at": writing.now}
            mine = (table.c.id == intent) & free
            settled = await writing.connection.execute(
                update(table).where(mine).values(**values).returning(table.c.person, table.c.task)
            )
            row = settled.one_or_none()
            if row is not None:
                await writing.append(row.person, row.task, "result", {"act": intent, "result": result})
        return row is not None

    async def of_step(self, task: str, step: int) -> list[Intent]:
        """The acts of a step, in the order written."""
        async with self._log.store.read() as connection:
            return [_intent(row) for row in await connection.execute(_of_step(task, step))]

    async def of_task(self, task: str) -> list[Intent]:
        """The acts of a task, in the order written."""
        query = select(table).where(table.c.task == task).order_by(table.c.written_at, table.c.id)
        async with self._log.store.read() as connection:
            return [_intent(row) for row in await connection.execute(query)]

    async def made_beside(self, intent: Intent, *, since: float) -> int:
        """How many acts of this kind other tasks of the person made since then: the site's history shows them, too."""
        made = table.c.result.in_(("done", "unknown")) | table.c.result.is_(None)
        mine = (table.c.person == intent.person) & (table.c.name == intent.name) & (table.c.task != intent.task)
        late = table.c.settled_at.is_(None) | (table.c.settled_at >= since)
        query = select(func.count()).select_from(table).where(mine, made, late)
        async with self._log.store.read() as connection:
            return await connection.scalar(query) or 0


def bars(intent: Intent, draft: Draft) -> bool:
    """Whether an act on record forbids another of the same step: open or unknown always, else the same contents."""
    return is_unsure(intent) or (intent.result != "not_acted" and intent.digest == draft.digest)


def is_unsure(intent: Intent) -> bool:
    """Whether nobody knows if the act happened."""
    return intent.result is None or intent.result == "unknown"


def what_was_made(acts: Sequence[Intent]) -> str:
    """What a person must hear of the acts of a task that was cut off; "" when none was made."""
    unsure = " and ".join(dict.fromkeys(act.words for act in acts if is_unsure(act)))
    made = " and ".join(dict.fromkeys(act.words for act in acts if act.result == "done"))
    sentences = [f"This had already gone through: {made}."] if made else []
    if unsure:
        sentences.append(f"This may have gone through: {unsure}. Please check before you ask again.")
    return " ".join(sentences)


def _of_step(task: str, step: int) -> Any:
    return select(table).where(table.c.task == task, table.c.step == step).order_by(table.c.written_at, table.c.id)


def _intent(row: Row[Any]) -> Intent:
    return msgspec.convert(as_dict(row), Intent)
