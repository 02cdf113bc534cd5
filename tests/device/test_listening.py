"""A microphone that misbehaves, and what becomes of it. The microphone is a fake at the edge."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

from device.clock import steady_ms
from device.ears import SENTENCES, STALLED_MS, Hearing
from device.errors import MicrophoneError
from device.listening import Listening

PIECE = b"\0\0\1\0" * 160


class Broken:
    """Gives its pieces, then what is broken: an error is raised, None blocks for ever, `bytes` come again and again.

    `tail`: how many pieces it had captured when it was told to finish; -1: after that it blocks for ever.
    """

    def __init__(self, pieces: int, then: bytes | MicrophoneError | None, *, tail: int = 0) -> None:
        self._tail = tail
        self._woken = asyncio.Event()
        self.opened = self.closed = self.restarted = 0
        self.xruns = 0
        self._pieces = self._left = pieces
        self._then = then

    async def open(self) -> None:
        self.opened += 1
        self._left = self._pieces

    async def read(self) -> bytes:
        await asyncio.sleep(0)
        if self._left:
            self._left -= 1
            return PIECE
        if isinstance(self._then, MicrophoneError):
            raise self._then
        if self._then is None:
            await self._woken.wait()
            return await self.read()
        return self._then or b""

    def finish(self) -> None:
        if self._tail >= 0:
            self._left, self._then = self._tail, b""
            self._woken.set()

    async def close(self) -> None:
        self.closed += 1

    async def restart(self) -> None:
        self.restarted += 1


class Ear:
    def __init__(self, microphone: Broken) -> None:
        self.heard: list[bytes] = []
        self.two, self.three = asyncio.Event(), asyncio.Event()
        self.tail: asyncio.Queue[bytes] = asyncio.Queue()
        self.failed: asyncio.Queue[str] = asyncio.Queue()
        self.notes: list[tuple[str, dict[str, Any]]] = []
        self.listening = Listening(
            microphone,
            clock_ms=steady_ms,
            on_sound=self._hear,
            on_tail=self.tail.put_nowait,
            on_failed=self.failed.put_nowait,
            note=lambda event, **data: self.notes.append((event, data)),
        )

    def _hear(self, pcm: bytes) -> None:
        self.heard.append(pcm)
        if len(self.heard) == 2:
            self.two.set()
        if len(self.heard) == 3:
            self.three.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Ear]:
        task = asyncio.create_task(self.listening.run())
        try:
            yield self
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def test_a_microphone_that_blocks_is_noticed_said_and_restarted() -> None:
    microphone = Broken(3, None)
    async with Ear(microphone).running() as ear:
        ear.listening.begin()
        assert await asyncio.wait_for(ear.failed.get(), 30) == SENTENCES[Hearing.STALLED]
    assert len(ear.heard) == 3 and microphone.restarted == 1
    assert ("deaf", {"why": "stalled"}) in ear.notes


async def test_a_microphone_that_gives_nothing_but_zeros_is_noticed_said_and_restarted() -> None:
    microphone = Broken(3, bytes(640))
    async with Ear(microphone).running() as ear:
        ear.listening.begin()
        assert await asyncio.wait_for(ear.failed.get(), 30) == SENTENCES[Hearing.STUCK]
    assert len(ear.heard) < 3 + 150, "three seconds of sound"
    assert microphone.restarted == 1 and ("deaf", {"why": "stuck"}) in ear.notes


async def test_after_an_error_the_next_press_records_again() -> None:
    microphone = Broken(2, MicrophoneError("The microphone was lost."))
    async with Ear(microphone).running() as ear:
        for opened in (1, 2):
            ear.listening.begin()
            assert await asyncio.wait_for(ear.failed.get(), 30) == "The microphone was lost."
            assert microphone.opened == opened
    assert len(ear.heard) == 4 and microphone.closed == 2 and not microphone.restarted


async def test_what_the_device_itself_sounded_is_not_recorded() -> None:
    microphone = Broken(4, None)
    async with Ear(microphone).running() as ear:
        ear.listening.begin(muffled_ms=30)
        await asyncio.wait_for(ear.failed.get(), 30)
    assert ear.heard == [bytes(640), bytes(320) + PIECE[320:], PIECE, PIECE]


class Fed(Broken):
    """A microphone whose pieces come through a queue, as from a thread."""

    def __init__(self) -> None:
        super().__init__(0, None)
        self.pieces: asyncio.Queue[bytes] = asyncio.Queue()

    async def read(self) -> bytes:
        return await self.pieces.get()

    def finish(self) -> None:
        self.pieces.put_nowait(b"")


async def test_a_machine_that_stood_still_is_no_deaf_microphone() -> None:
    microphone = Fed()
    ear = Ear(microphone)
    loop = asyncio.get_running_loop()

    def stand_still() -> None:
        # Nothing in this process moves: neither sound nor clocks are looked at. What is captured waits.
        loop.call_soon(microphone.pieces.put_nowait, PIECE)
        time.sleep(STALLED_MS / 1000 + 0.3)

    async with ear.running():
        ear.listening.begin()
        for _ in range(2):
            microphone.pieces.put_nowait(PIECE)
        await asyncio.wait_for(ear.two.wait(), 30)
        loop.call_soon(stand_still)
        await asyncio.wait_for(ear.three.wait(), 30)
        assert ear.listening.finish()
        assert await asyncio.wait_for(ear.tail.get(), 30) == b""
    assert ear.failed.empty() and not microphone.restarted


async def test_what_was_captured_comes_after_the_release_and_then_once_that_it_is_over() -> None:
    microphone = Broken(3, None, tail=2)
    async with Ear(microphone).running() as ear:
        ear.listening.begin()
        await asyncio.wait_for(ear.three.wait(), 30)
        assert ear.listening.finish()
        assert [await asyncio.wait_for(ear.tail.get(), 30) for _ in range(3)] == [PIECE, PIECE, b""]
        assert len(ear.heard) == 3 and ear.tail.empty()
        assert not ear.listening.finish(), "nothing is recorded any more"
    assert ear.failed.empty()
