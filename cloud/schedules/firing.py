"""The loop that begins what is due: each instant once, over crashes, changed clocks and days on which nothing ran.

An instant is written down before its task is begun, in the transaction that moves the schedule past it. Its task has a
key made of both, so that it is one task however often a crash has it begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

import structlog

from cloud.clock import Clock
from cloud.commands import HandleUtterance, Scheduled
from cloud.events import EventLog
from cloud.homes import EVERY_DEVICE
from cloud.lam.toolbox import Toolbox
from cloud.schedules.deciding import Firing, Pass, Schedule, call_at, coming, look
from cloud.schedules.records import Records, by_schedule
from cloud.schedules.words import missed_words
from cloud.tasks import crashpoints
from cloud.tasks.timers import LONGEST_WAIT_S, Wait, wait_for
from language.recurrences.saying import say_recurrence

log = structlog.get_logger(__name__)

WAITING_S = 2.0  # how soon a run that waits for another is begun when that is over
Submit = Callable[[HandleUtterance], Awaitable[str]]


class Firings:
    """Looks at all schedules of a store, and begins what is due. `zone` is that of its person."""

    def __init__(
        self,
        records: Records,
        log: EventLog,
        clock: Clock,
        *,
        zone: ZoneInfo,
        toolbox: Toolbox,
        submit: Submit,
        changed: Callable[[Sequence[Schedule]], None] = lambda schedules: None,
        has_room: Callable[[], bool] = lambda: True,
        knows: Callable[[str], bool] = lambda device: True,
        wait: Wait | None = None,
    ) -> None:
        self._records = records
        self._log = log
        self._clock = clock
        self._zone = zone
        self._toolbox = toolbox
        self._submit = submit
        self._told = changed
        self._has_room = has_room
        self._knows = knows
        self._wait = wait or wait_for
        self._changed = asyncio.Event()
        records.changed = self._changed.set

    def zone_of(self, schedule: Schedule) -> ZoneInfo:
        """The zone of a schedule: its own, or that of its person."""
        return ZoneInfo(schedule.zone) if schedule.zone else self._zone

    async def run(self) -> None:
        """Begins what is due until it is cancelled."""
        while True:
            self._changed.clear()
            left_s = await self.fire_due()
            await self._wait(self._changed, LONGEST_WAIT_S if left_s is None else min(left_s, LONGEST_WAIT_S))

    async def fire_due(self) -> float | None:
        """Begins all that is due. Seconds until there is more to do, None when nothing is scheduled."""
        now = self._clock()
        unbegun = await self._records.unbegun()
        await self._settle(now, unbegun)
        crashpoints.reached("after-due")
        await self._begin_due()
        live = await self._records.live()
        self._told(live)
        nexts = [found[0] for one in live if (found := coming(one, self.zone_of(one), now, 1))]
        left = [max(min(nexts) - self._clock(), 0.0)] if nexts else []
        if await self._records.unbegun():
            left.append(WAITING_S)
        return min(left, default=None)

    async def run_now(self, schedule: Schedule) -> str:
        """Begins one by hand, beside its times. Returns the task's id."""
        return await self._begin(schedule, await self.put_now(schedule, self._clock()))

    async def put_now(self, schedule: Schedule, at: float) -> Firing:
        """The same, and the loop begins it. The same `at` again is the same run."""
        firing = Firing(
            schedule=schedule.id, due_at=at, person=schedule.person, status="due", at=self._clock(), by_hand=True
        )
        await self._records.put_firing(firing)
        return firing

    async def _settle(self, now: float, unbegun: list[Firing]) -> None:
        """Writes down what is due and what was missed; that is told in one sentence a person, together with it."""
        schedules, running = await self._records.live(), await self._records.running()
        waiting = by_schedule(unbegun)
        seen: list[tuple[Schedule, Pass]] = []
        for one in schedules:
            goes_on = one.id in running or one.id in waiting
            found = look(one, self.zone_of(one), now, running=goes_on, waiting=waiting.get(one.id, 0))
            if found.firings or found.over or found.settled_at != one.settled_at:
                seen.append((one, found))
        if not seen:
            return
        async with self._log.writing() as writing:
            for one, found in seen:
                await self._records.settle(one, found, writing.connection, now)
            for person, missed in _missed(seen).items():
                await writing.append(person, "", "said", {"text": missed_words(missed)})

    async def _begin_due(self) -> None:
        """Begins what is written down: also what a crash left, and what waited until now."""
        by_id = {one.id: one for one in await self._records.live()}
        running = await self._records.running()
        for firing in await self._records.unbegun():
            schedule = by_id.get(firing.schedule)
            if schedule is None:
                schedule = await self._records.get(firing.person, firing.schedule)
            if not self._has_room() or (firing.status == "waiting" and running.get(schedule.id)):
                continue
            running.setdefault(schedule.id, []).append(await self._begin(schedule, firing))

    async def _begin(self, schedule: Schedule, firing: Firing) -> str:
        task = await self._submit(self.command_of(schedule, firing))
        crashpoints.reached("after-begun")
        log.info("schedule_fired", schedule=schedule.id, task=task, late_s=round(firing.at - firing.due_at))
        await self._records.note(firing, status="started", task=task)
        return task

    def command_of(self, schedule: Schedule, firing: Firing) -> HandleUtterance:
        """What the runner is asked to do at an instant: the same whenever it is asked."""
        zone = self.zone_of(schedule)
        tool = self._toolbox.get(schedule.call.tool) if schedule.call is not None else None
        slots = [(slot.name, slot.kind) for slot in tool.slots] if tool is not None else []
        heard_here = schedule.device and self._knows(schedule.device)
        told = Scheduled(
            id=schedule.id,
            name=schedule.name,
            words=say_recurrence(schedule.rule, schedule.rule.first_day),
            due_at=firing.due_at,
            patience_s=schedule.patience_s,
            overlap=schedule.overlap,
            by_hand=firing.by_hand,
        )
        return HandleUtterance(
            key=f"schedule:{schedule.id}:{firing.due_at:.3f}",
            person=schedule.person,
            text=schedule.text,
            spoken=False,
            engine="schedule",
            device=schedule.device if heard_here else EVERY_DEVICE,
            call=call_at(schedule, firing.due_at, zone, slots),
            schedule=told,
        )


def _missed(seen: list[tuple[Schedule, Pass]]) -> Mapping[str, list[tuple[str, int]]]:
    """By person: the names of what was missed, and how often."""
    found: dict[str, list[tuple[str, int]]] = {}
    for schedule, one in seen:
        if one.missed:
            found.setdefault(schedule.person, []).append((schedule.name, one.missed))
    return found
