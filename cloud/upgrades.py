"""`auto`: stronger engines are fetched, loaded and taken into use in the background, while the embedded ones serve."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

import structlog
from msgspec import Struct

from cloud.speech.errors import HubUnreachable, SpeechError
from cloud.speech.weights import Hub, Progress, Wanted

log = structlog.get_logger()
State = Literal["waiting", "fetching", "loading", "ready", "in_use", "given_up"]
Fetch = Callable[[Wanted, Path, Progress], Awaitable[None]]

# How long until a hub is asked again.
AGAIN_S = (20.0, 300.0, 900.0, 3600.0)
LOOK_S = 1.0
# An engine that takes longer to hear a moment of silence would keep its person waiting at every turn.
SLOWEST_S = 2.5


class Candidate(Struct, kw_only=True, frozen=True):
    """A stronger engine. `wanted` None: it is not fetched, only used when it is there.

    `load` gets it ready and returns how long it then takes to answer, in seconds; `take` puts it into use; `drop` lets
    it go unused.
    """

    does: Literal["hears", "speaks"]
    name: str
    target: Path
    wanted: Callable[[], Wanted] | None
    load: Callable[[], Awaitable[float]]
    take: Callable[[], None]
    drop: Callable[[], Awaitable[None]]


class Standing(Struct, kw_only=True, frozen=True):
    """How far a candidate is. `received` of `total` bytes; `reason`: why it waits or was given up."""

    does: str
    name: str
    state: State
    received: int = 0
    total: int = 0
    reason: str = ""


class Upgrade:
    """One candidate on its way into use."""

    def __init__(self, candidate: Candidate) -> None:
        self._candidate = candidate
        self._told = 0
        self.standing = Standing(does=candidate.does, name=candidate.name, state="waiting")

    async def run(
        self,
        hub: Hub,
        at_rest: Callable[[], bool],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Returns when it is in use, or will not be. `at_rest`: nobody talks, and no task waits for anybody."""
        try:
            if await self._fetch(hub, sleep) and await self._load():
                while not at_rest():
                    await sleep(LOOK_S)
                self._now("in_use")
                self._candidate.take()
        finally:
            if self.standing.state != "in_use":
                await self._candidate.drop()

    async def _fetch(self, hub: Hub, sleep: Callable[[float], Awaitable[object]]) -> bool:
        candidate, tried = self._candidate, 0
        while not await asyncio.to_thread(candidate.target.exists):
            if candidate.wanted is None:
                self._now("given_up", "it is not there, and is not to be fetched")
                return False
            before = self.standing.received
            try:
                wanted = await asyncio.to_thread(candidate.wanted)
                self._now("fetching")
                await hub.fetch(wanted, candidate.target, self._progress)
            except SpeechError as error:
                self._now("waiting", str(error), quiet=tried > 0 and isinstance(error, HubUnreachable))
            except LookupError as error:
                self._now("given_up", str(error.args[0]))
                return False
            except OSError as error:
                self._now("waiting", f"{candidate.target.parent} cannot be written: {error.strerror}")
            else:
                continue
            tried = 0 if self.standing.received > before else tried
            await sleep(AGAIN_S[min(tried, len(AGAIN_S) - 1)])
            tried += 1
        return True

    async def _load(self) -> bool:
        self._now("loading")
        try:
            took_s = await self._candidate.load()
        except SpeechError as error:
            self._now("given_up", str(error))
            return False
        if took_s > SLOWEST_S:
            self._now("given_up", f"it takes {took_s:.1f} s for a moment of sound on this machine: too slow to talk to")
            return False
        self._now("ready")
        return True

    def _progress(self, received: int, total: int) -> None:
        self.standing = Standing(
            does=self._candidate.does, name=self._candidate.name, state="fetching", received=received, total=total
        )
        tenth = received * 10 // max(1, total)
        if tenth != self._told:
            self._told = tenth
            log.info("weights_fetched", engine=self._candidate.name, percent=tenth * 10, mb=received >> 20)

    def _now(self, state: State, reason: str = "", *, quiet: bool = False) -> None:
        self.standing = Standing(
            does=self._candidate.does,
            name=self._candidate.name,
            state=state,
            received=self.standing.received,
            total=self.standing.total,
            reason=reason,
        )
        tell = log.debug if quiet else log.warning if reason else log.info
        tell("engine_upgrade", engine=self._candidate.name, state=state, reason=reason)


async def timed(work: Callable[[], Awaitable[None]]) -> float:
    """How long a piece of work takes, in seconds."""
    began = time.monotonic()
    await work()
    return time.monotonic() - began
