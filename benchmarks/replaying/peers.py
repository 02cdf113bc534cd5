"""What a peer is: a program that orders the same pizza again and again, on one warm browser of its own.

Each peer is one file with a `Peer`. It starts its browser and what plays its file once, in `opened`, and then does one
order a call, in a fresh context (or what comes nearest), through the egress proxy at `Ground.proxy`, on the town at
`Ground.base`. The clock runs from the moment the context is open to the moment the order's number and its time of
arrival are read; both come back, and are checked here for all alike.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

# The longest that an order of a peer may take, and its start.
ORDER_S = 60
START_S = 120
LINE_BYTES = 1_000_000
MOST_FAILURES = 5


class PeerMissing(Exception):
    """The peer cannot be had on this machine; the message says why. It is reported as not run, by name."""


class PeerFailed(Exception):
    """The peer could not do the order; the message is its own."""


class Ground(Struct, frozen=True):
    """Where peers work: the shop's address, the Chromium that ours uses, the port of the egress proxy, a folder."""

    base: str
    chromium: Path
    proxy: int
    folder: Path


class Ordered(Struct, frozen=True):
    """One order: how long it took, and what was read at its end."""

    took_ms: float
    number: str
    arrives: str


class Lane(Protocol):
    """A peer at work."""

    async def order(self) -> Ordered:
        """One order in a fresh context. Raises PeerFailed."""


class Peer(Struct, frozen=True):
    """`name` is that in `ratio_vs_NAME`, `title` that in the table, `goal` the ratio that ours must not be above.
    `opened` starts it, and ends it after; it raises PeerMissing."""

    name: str
    title: str
    goal: float
    opened: Callable[[Ground], AbstractAsyncContextManager[Lane]]


class Beside:
    """A program that answers each line of JSON by one of its own: `{"error": …}`, else what was asked for."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def ask(self, request: Mapping[str, Any], patience_s: float = ORDER_S) -> dict[str, Any]:
        """Its answer. Raises PeerFailed."""
        if self._process.stdin is None or self._process.stdout is None:
            raise PeerFailed("it takes no questions")
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        try:
            async with asyncio.timeout(patience_s):
                await self._process.stdin.drain()
                line = await self._process.stdout.readline()
        except (TimeoutError, ConnectionError) as error:
            raise PeerFailed(f"no answer within {patience_s} s: {error}") from error
        if not line:
            raise PeerFailed("it ended; run it by hand to see why")
        answer: dict[str, Any] = json.loads(line)
        if answer.get("error"):
            raise PeerFailed(str(answer["error"])[:300])
        return answer


@asynccontextmanager
async def beside(command: Sequence[str], folder: Path) -> AsyncIterator[Beside]:
    """The program at work in a folder; ended by the end of its input. Raises PeerMissing."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LINE_BYTES
        )
    except OSError as error:
        raise PeerMissing(str(error)) from error
    try:
        yield Beside(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


class Lanes:
    """The peers at work, each opened anew after an order that failed; one that fails too often is given up."""

    def __init__(self, ground: Ground, peers: Sequence[Peer]) -> None:
        self.missing: dict[str, str] = {}
        self.failures: dict[str, list[str]] = {}
        self._ground = ground
        self._peers = {peer.name: peer for peer in peers}
        self._open: dict[str, tuple[contextlib.AsyncExitStack, Lane]] = {}

    async def __aenter__(self) -> Lanes:
        for name in self._peers:
            await self._begin(name)
        return self

    async def __aexit__(self, *_: object) -> None:
        for stack, _lane in self._open.values():
            await stack.aclose()

    @property
    def names(self) -> list[str]:
        """Those that are at work."""
        return list(self._open)

    async def _begin(self, name: str) -> None:
        """Open a peer, and let it order once for a beginning."""
        stack = contextlib.AsyncExitStack()
        try:
            lane = await stack.enter_async_context(self._peers[name].opened(self._ground))
            await _ordered_ms(lane)
        except (PeerMissing, PeerFailed) as error:
            await stack.aclose()
            self.missing[name] = str(error)
        else:
            self._open[name] = (stack, lane)

    async def order_ms(self, name: str) -> float | None:
        """One order of a peer; None, with its words among `failures`, when it failed."""
        stack, lane = self._open[name]
        try:
            return await _ordered_ms(lane)
        except PeerFailed as error:
            failed = self.failures.setdefault(name, [])
            failed.append(str(error))
            del self._open[name]
            await stack.aclose()
            if len(failed) <= MOST_FAILURES:
                await self._begin(name)
            else:
                self.missing[name] = f"given up after {len(failed)} orders that failed: {error}"
            return None


async def _ordered_ms(lane: Lane) -> float:
    """One order, which ended as it must. Raises PeerFailed."""
    done = await lane.order()
    if not done.number.startswith("P-") or ":" not in done.arrives:
        raise PeerFailed(f"it ended otherwise than it must: {done}")
    return done.took_ms
