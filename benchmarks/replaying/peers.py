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
