"""What a running tool holds: its task, its lease, what the person asked, the clock, and a way to tell of progress."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from cloud.events import EventLog, Writing, check
from cloud.lam.judgement import Request
from cloud.lam.planning import Step
from cloud.tasks import lateness
from cloud.tasks.leases import Lease
from cloud.tasks.patience import rows_of
from cloud.tasks.records import Task

MOST_WAITING = 200
MOST_NOTES = 500
NOTES_AN_EVENT = 40
GATHER_S = 0.15


class TaskRun:
    """A `Run` of one step. Progress is written in the background, so that no step of a page waits for a disk.

    Overflow: of what waits to be written the oldest progress, or note of a step, is dropped; nothing else ever waits.
    """

    def __init__(
        self, task: Task, step: Step, *, log: EventLog, lease: Lease, request: Request, deadline: datetime, folder: Path
    ) -> None:
        self._task = task
        self._step = step
        self._log = log
        self._deadline = deadline
        self._waiting: deque[tuple[str, dict[str, Any], float]] = deque(maxlen=MOST_WAITING)
        self._notes: deque[dict[str, Any]] = deque(maxlen=MOST_NOTES)
        self._arrived = asyncio.Event()
        self._ending = asyncio.Event()
        self.lease = lease
        self.request = request
        self.folder = folder
        self.waited_ms = 0.0

    @property
    def task(self) -> str:
        return self._task.id

    @property
    def person(self) -> str:
        return self._task.person

    @property
    def device(self) -> str:
        """The device that it was said to, with its boot; "": none."""
        return self._task.command.device

    @property
    def schedule_rows(self) -> tuple[tuple[str, str, str], ...]:
        """What a question shows of the schedule that this is done for."""
        return rows_of(self._task.command)

    @property
    def picture(self) -> str:
        """The address of the picture that came with the request, "": there was none."""
        return self._task.command.picture

    @property
    def step(self) -> int:
        return self._step.number

    @property
    def plan_step(self) -> Step:
        """The step of the plan that this is a run of."""
        return self._step

    @property
    def deadline(self) -> datetime:
        return self._deadline

    def now(self) -> datetime:
        """The time in the person's zone, aware."""
        return datetime.fromtimestamp(self._log.clock(), self._deadline.tzinfo)

    def said_at(self) -> datetime:
        """When it was said, in the person's zone, aware: before now when it waited for a network."""
        moment = lateness.said_at(self._task.command, self._task.created)
        return datetime.fromtimestamp(moment, self._deadline.tzinfo)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Counts the block as time in which the person was waited for."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.waited_ms += (time.monotonic() - began) * 1000

    async def progress(self, text: str, *, number: int = 0, of: int = 0) -> None:
        """Tells the person what is being done, soon."""
        self.tell("progress", {"text": text, "number": number, "of": of})

    def tell(self, kind: str, data: Mapping[str, Any]) -> None:
        """Queues an event that may be lost in a crash."""
        self._waiting.append((kind, check(kind, data), self._log.clock()))
        self._arrived.set()

    def note(self, step: Mapping[str, Any]) -> None:
        """Keeps a step of a skill for the `did` event that is written with whatever is written next."""
        self._notes.append(dict(step))

    async def event(self, kind: str, data: Mapping[str, Any]) -> None:
        """Appends an event, and before it whatever waits."""
        async with self._log.writing(synced=False) as writing:
            await self._write_waiting(writing)
            await writing.append(self.person, self.task, kind, data)

    async def keep_writing(self) -> None:
        """Writes what waits, until `end` and all that was told by then. What comes close together is written at once:
        a transaction costs the step that is being done more than the telling is worth."""
        while not self._ending.is_set():
            await self._arrived.wait()
            self._arrived.clear()
            await self.flush()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), GATHER_S)
        await self.flush()

    def end(self) -> None:
        """Nothing more will be told."""
        self._ending.set()
        self._arrived.set()

    async def flush(self) -> None:
        """Writes what waits now."""
        if self._waiting or self._notes:
            async with self._log.writing(synced=False) as writing:
                await self._write_waiting(writing)

    async def _write_waiting(self, writing: Writing) -> None:
        told, notes = list(self._waiting), list(self._notes)
        self._waiting.clear()
        self._notes.clear()
        for first in range(0, len(notes), NOTES_AN_EVENT):
            did = {"number": self.step, "steps": notes[first : first + NOTES_AN_EVENT]}
            told.append(("did", did, writing.now))
        await writing.append_all(self.person, self.task, told)
