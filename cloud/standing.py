"""How things stand for a person: what a device is shown when it comes in, and where a task came from."""

from __future__ import annotations

from cloud import telling
from cloud.homes import Home, home_of
from cloud.runner import Runner
from cloud.tasks.asks import shown
from cloud.tasks.errors import TaskGone
from cloud.tasks.schedules import Schedules
from wire import limits, parts
from wire.cloud_link import Snapshot


class Standing:
    """Reads the store for the gateway. `name`: what the person is called."""

    def __init__(self, runner: Runner, schedules: Schedules, name: str) -> None:
        self._runner = runner
        self._schedules = schedules
        self._name = name

    async def snapshot(self, person: str) -> Snapshot:
        """Open questions, running tasks and timers, as many as fit."""
        asks = await self._runner.asks.open_ones(person)
        tasks = await self._runner.tasks.open_ones(person)
        timers = await self._schedules.waiting(person)
        return Snapshot(
            person=telling.label(self._name),
            asks=tuple(telling.question(shown(ask), ask.task) for ask in asks[-limits.SNAPSHOT_ASKS :]),
            tasks=tuple(
                parts.TaskState(task=telling.wire_id(task.id), text=telling.sentence(task.text))
                for task in tasks[-limits.SNAPSHOT_TASKS :]
            ),
            timers=tuple(
                parts.Timer(
                    timer=telling.wire_id(timer.id),
                    label=telling.label(timer.label),
                    due_at_ms=int(timer.due_at * 1000),
                )
                for timer in timers[: limits.SNAPSHOT_TIMERS]
            ),
        )

    async def home(self, task: str) -> Home:
        """Where a task came from; nowhere when there is no such task."""
        try:
            found = await self._runner.tasks.get(task)
        except TaskGone:
            return Home()
        return home_of(found.device, found.turn)
