"""How things stand for a person: what a device is shown when it comes in, and where a task came from."""

from __future__ import annotations

import structlog

from cloud import telling
from cloud.clock import Clock
from cloud.homes import Home, home_of
from cloud.runner import Runner
from cloud.tasks.asks import shown
from cloud.tasks.errors import TaskGone, TimersFull
from cloud.tasks.timers import Timer, Timers
from wire import limits, parts
from wire.cloud_link import Snapshot
from wire.messages import SetTimer

log = structlog.get_logger()


class Standing:
    """Reads the store for the gateway. `name`: what the person is called."""

    def __init__(self, runner: Runner, timers: Timers, name: str, clock: Clock) -> None:
        self._runner = runner
        self._timers = timers
        self._name = name
        self._now = clock

    async def snapshot(self, person: str) -> Snapshot:
        """Open questions, running tasks and timers, as many as fit."""
        asks = await self._runner.asks.open_ones(person)
        tasks = await self._runner.tasks.open_ones(person)
        timers = await self._timers.unstopped(person)
        return Snapshot(
            person=telling.label(self._name),
            asks=tuple(telling.question(shown(ask), ask.task) for ask in asks[-limits.SNAPSHOT_ASKS :]),
            tasks=tuple(
                parts.TaskState(task=telling.wire_id(task.id), text=telling.sentence(task.text))
                for task in tasks[-limits.SNAPSHOT_TASKS :]
            ),
            timers=telling.timers(timers),
        )

    async def take_over(self, person: str, told: SetTimer) -> None:
        """A timer that a device has set by itself. One too many stays the device's own."""
        timer = Timer(
            id=told.timer,
            person=person,
            task="",
            kind=told.kind,
            label=told.label,
            set_at=self._now(),
            due_at=told.due_at_ms / 1000,
        )
        try:
            await self._timers.take_over(timer)
        except TimersFull:
            log.warning("timer_refused", timer=told.timer, reason="too many are set already")

    async def home(self, task: str) -> Home:
        """Where a task came from; nowhere when there is no such task."""
        try:
            found = await self._runner.tasks.get(task)
        except TaskGone:
            return Home()
        return home_of(found.device, found.turn)
