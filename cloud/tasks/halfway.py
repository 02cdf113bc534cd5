"""What a task had changed on sites in a step that never ended, from the log; it can be undone, and is told."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from cloud.events import EventLog
from cloud.lam.toolbox import Card, Row
from cloud.store import events as table
from cloud.tasks.records import Task
from teach_mode.deeds import Deed, Halt, halt_of

_KINDS = ("changed", "step_done")


async def left_behind(log: EventLog, task: Task) -> Halt:
    """What is known to have been changed since the last step whose end was told."""
    query = select(table.c.kind, table.c.data).where(table.c.person == task.person, table.c.task == task.id)
    done: list[Deed] = []
    async with log.store.read() as connection:
        rows = await connection.execute(query.where(table.c.kind.in_(_KINDS)).order_by(table.c.cursor))
        for kind, data in rows:
            if kind == "step_done":
                done.clear()
            elif (deed := msgspec.convert(data, Deed)) not in done:
                done.append(deed)
    return halt_of(done)


def shown(halt: Halt, undone: Sequence[str] = ()) -> Card | None:
    """All of it as a card, and what was not done; None when nothing was changed."""
    if not halt.done:
        return None
    rows = [Row("Done", f"{one.words}, for {one.item}" if one.item else one.words) for one in halt.done]
    if halt.rounds:
        rows.append(Row("Of all", f"{halt.round - 1} of {halt.rounds}"))
    return Card(title="What was done", rows=(*rows, *(Row("Not done", words) for words in undone)))
