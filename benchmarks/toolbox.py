"""The Toolbox as the cloud opens it, with everything built in and the skills of `examples/`; nothing is run."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo
from pathlib import Path

from cloud.events import EventLog
from cloud.history.archive import Archive
from cloud.lam.toolbox import Outcome, Run, Toolbox
from cloud.people.belongings import belongings_of
from cloud.people.memory import Memory
from cloud.schedules.deciding import Schedule
from cloud.schedules.records import Records
from cloud.store import Store, file_url
from cloud.tasks.timers import Timers
from cloud.tools.builtin import add_builtins
from cloud.tools.schedules import ScheduleTools, put_into
from cloud.tools.sources import source_tools
from cloud.tools.spoken import SpokenTool
from cloud.turns import Pictures
from language.entities import Value
from teach_mode.checks import read_skill

SKILLS = Path(__file__).parents[1] / "examples" / "skills"


@asynccontextmanager
async def open_toolbox(folder: Path) -> AsyncIterator[Toolbox]:
    """Built-in tools over a store of their own, and skills by their words."""
    store = await Store.open(file_url(folder / "leveret.db"))
    toolbox = Toolbox()
    events = EventLog(store, time.time)
    add_builtins(
        toolbox,
        store=store,
        memory=Memory(store, time.time),
        timers=Timers(events, time.time),
        belongings=belongings_of(store, time.time, folder=folder, taken=Pictures(folder)),
        archive=Archive(events, folder / "tasks"),
        cancel_others=_nothing_runs,
    )
    schedules = ScheduleTools(records=Records(events), toolbox=toolbox, zone_of=_nowhere, put_now=_not_begun)
    toolbox.add(schedules.adder())
    put_into(toolbox, schedules, ())
    for tool in source_tools({}, None):
        toolbox.add(tool)
    for path in sorted(SKILLS.glob("*.json")):
        skill = read_skill(path)
        toolbox.add(
            SpokenTool(
                name=skill.name,
                description=skill.description,
                utterances=skill.utterances,
                slots=skill.parameters,
                effect=skill.effect,
                work=_unused,
            )
        )
    try:
        yield toolbox
    finally:
        await store.close()


async def _nothing_runs(person: str, but: str) -> int:
    return 0


def _nowhere(schedule: Schedule) -> tzinfo:
    return UTC


async def _not_begun(schedule: Schedule, at: float) -> None:
    raise RuntimeError("the benchmark begins no schedule")


async def _unused(arguments: Mapping[str, Value], run: Run) -> Outcome:
    raise RuntimeError("the benchmark runs no tool")
