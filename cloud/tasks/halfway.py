"""What a task had changed on sites in a step that never ended, from the log; it can be undone, and is told."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from cloud.events import EventLog
from cloud.lam.rounds import PLACES, few_of
from cloud.lam.toolbox import Card, Row
from cloud.store import events as table
from cloud.tasks.records import Task
from language.numbers import say_number
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


async def items_done(log: EventLog, task: Task) -> str:
    """For how many of a list that was being gone through it was done, in a sentence; "" when there is no such list."""
    query = select(table.c.kind, table.c.data).where(table.c.person == task.person, table.c.task == task.id)
    listed: dict[int, list[str]] = {}
    ends: dict[int, str] = {}
    async with log.store.read() as connection:
        for kind, data in await connection.execute(query.where(table.c.kind.in_(("listed", "step_done")))):
            if kind == "listed":
                listed[data["number"]] = data["items"]
            else:
                ends[data["number"]] = data["status"]
    begun = [number for number in listed if number not in ends]
    if not begun:
        return ""
    items = listed[begun[-1]]
    done = [item for place, item in enumerate(items, 1) if ends.get(begun[-1] * PLACES + place) == "done"]
    return f"It was done for {say_number(len(done))} of {say_number(len(items))}: {few_of(done)}." if done else ""


def shown(halt: Halt, undone: Sequence[str] = ()) -> Card | None:
    """All of it as a card, and what was not done; None when nothing was changed."""
    if not halt.done:
        return None
    rows = [Row("Done", f"{one.words}, for {one.item}" if one.item else one.words) for one in halt.done]
    if halt.rounds:
        rows.append(Row("Of all", f"{halt.round - 1} of {halt.rounds}"))
    return Card(title="What was done", rows=(*rows, *(Row("Not done", words) for words in undone)))
