"""Reports to `release/boot` while the device lives, and makes room for a release that is ready when nothing is cut."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from device.inputs import UpdateIs
from device.state import State, Update
from device.update.readiness import is_busy, waits_for
from release.child import BEAT_S, News, Parent

_LOOK_BEATS: Final = 3


class Watched(Protocol):
    """What of a device is looked at."""

    @property
    def state(self) -> State: ...
    @property
    def alive(self) -> bool: ...
    def feed(self, told: UpdateIs) -> None: ...


class Watching:
    """`missing`: the parts that the device does without. `note`: for its journal."""

    def __init__(
        self,
        parent: Parent,
        device: Watched,
        note: Callable[..., None],
        clock_ms: Callable[[], int],
        *,
        missing: Sequence[str] = (),
        beat_s: float = BEAT_S,
    ) -> None:
        self._parent = parent
        self._device = device
        self._note = note
        self._clock_ms = clock_ms
        self._missing = missing
        self._beat_s = beat_s
        self._busy_ms = clock_ms()
        self._told = Update()

    async def run(self) -> None:
        """Until the device agrees to be replaced."""
        beat = 0
        while True:
            if self._device.alive:
                self._parent.report(started=True, link=self._device.state.online, missing=self._missing)
            if is_busy(self._device.state):
                self._busy_ms = self._clock_ms()
            if beat % _LOOK_BEATS == 0:
                news = await asyncio.to_thread(self._parent.look)
                if self._agrees(news):
                    return
            beat += 1
            await asyncio.sleep(self._beat_s)

    def _agrees(self, news: News) -> bool:
        wait = waits_for(self._device.state, self._busy_ms, self._clock_ms()) if news.ready else None
        coming = news.coming if not news.ready else None
        percent = 100 * coming.done_bytes // coming.of_bytes if coming is not None and coming.of_bytes else -1
        release = news.ready or (coming.release if coming is not None else "")
        told = Update(release=release, percent=percent, wait=wait, given_up=news.given_up)
        if told != self._told:
            self._told = told
            if wait is not None:
                self._note("update_waits", release=news.ready, reason=wait.value)
            self._device.feed(UpdateIs(told))
        if news.ready and wait is None:
            self._note("update_taken", release=news.ready)
            return True
        return False
