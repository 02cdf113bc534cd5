"""Keeps the history while the cloud runs: what has ended is put into its index, what is old or forgotten is removed."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError

from cloud.clock import Clock
from cloud.history.archive import Archive
from cloud.history.sweeping import Sweeper

log = structlog.get_logger(__name__)

# What has just ended is told to its person first.
A_MOMENT_S = 0.3
SWEEP_EVERY_S = 3600.0


class Keeper:
    """One loop a cloud. `wake` is called when a run has ended, or was forgotten."""

    def __init__(self, archive: Archive, sweeper: Sweeper, clock: Clock, *, moment_s: float = A_MOMENT_S) -> None:
        self._archive = archive
        self._sweeper = sweeper
        self._clock = clock
        self._moment_s = moment_s
        self._woken = asyncio.Event()
        self._swept_at: float | None = None

    def wake(self) -> None:
        """There is something to do."""
        self._woken.set()

    async def run(self) -> None:
        """Until it is cancelled. What it cannot do now is tried again later."""
        while True:
            self._woken.clear()
            left_s = SWEEP_EVERY_S
            try:
                left_s = await self.once()
            except (OSError, SQLAlchemyError, msgspec.MsgspecError):
                log.exception("history_not_kept")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), left_s)
                await asyncio.sleep(self._moment_s)

    async def once(self) -> float:
        """Does all that is due; after how many seconds there is more to do."""
        while ids := await self._archive.missing():
            await self._archive.add(ids)
        now = self._clock()
        due = await self._sweeper.next_due()
        late = self._swept_at is None or not 0 <= now - self._swept_at < SWEEP_EVERY_S
        if late or (due is not None and due <= now):
            await self._sweeper.sweep()
            self._swept_at = now
            due = await self._sweeper.next_due()
        ends = [SWEEP_EVERY_S] + ([max(due - now, 1.0)] if due is not None else [])
        return min(ends)
