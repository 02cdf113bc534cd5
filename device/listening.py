"""From the open microphone to whoever wants its sound; notices a deaf one, and keeps the device's own sounds out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from device.ears import SENTENCES, Ears, Hearing
from device.errors import MicrophoneError
from device.parts.interfaces import Microphone
from wire import limits

_NO_ANSWER: Final = "The microphone does not answer. I have restarted it; please try again."
# The microphone is closed by then, whatever is still to come of what it captured before the release.
TAIL_S: Final = 0.12
# Whoever said more than this into a microphone that gave nothing of it must be told.
_MISSED_MS: Final = 500
# An event loop that is so late says nothing about a microphone.
_HELD_UP_S: Final = 0.25


class _Take:
    """One recording, from a press on."""

    def __init__(self, muffled_ms: int) -> None:
        self.opened = False
        self.finishing = False
        self._ended = False
        self._held_up = False
        self._due_s = 0.0
        self._muffled_bytes = muffled_ms * limits.SAMPLE_RATE_HZ // 1000 * limits.SAMPLE_BYTES
        self._patience: asyncio.Timeout | None = None

    def patience(self, due_s: float) -> asyncio.Timeout:
        """Ends the waiting for sound."""
        self._due_s = due_s
        self._patience = asyncio.timeout_at(due_s)
        return self._patience

    def wait_until(self, due_s: float) -> None:
        """Wait for sound so long, and no longer."""
        if self._patience is not None and not self._patience.expired():
            self._due_s = due_s
            self._patience.reschedule(due_s)

    def was_held_up(self) -> bool:
        """It was not the microphone that took so long, but the machine: what it gave may only not be taken yet.

        A second time in its tail makes no difference.
        """
        late_s = asyncio.get_running_loop().time() - self._due_s
        before, self._held_up = self._held_up, self.finishing
        return late_s > _HELD_UP_S and not before

    def end(self) -> None:
        """Nothing more of it is wanted."""
        self._ended = True
        self.wait_until(asyncio.get_running_loop().time())

    def is_wanted(self) -> bool:
        return not self._ended

    def muffle(self, pcm: bytes) -> bytes:
        if not self._muffled_bytes:
            return pcm
        silent = min(self._muffled_bytes, len(pcm))
        self._muffled_bytes -= silent
        return bytes(silent) + pcm[silent:]


class Listening:
    """Records from `begin` to `finish` or `end`. `on_failed` is told in a sentence when the microphone does not work.

    `on_sound` is told what comes until then, and `on_tail` what was captured before `finish` and comes after it, and
    then, once, that it is over: no sound. That is at most `TAIL_S` later.
    """

    def __init__(
        self,
        microphone: Microphone,
        *,
        clock_ms: Callable[[], int],
        on_sound: Callable[[bytes], None],
        on_tail: Callable[[bytes], None],
        on_failed: Callable[[str], None],
        note: Callable[..., Any],
    ) -> None:
        self._microphone = microphone
        self._clock_ms = clock_ms
        self._on_sound = on_sound
        self._on_tail = on_tail
        self._on_failed = on_failed
        self._note = note
        self._wake = asyncio.Event()
        self._take: _Take | None = None
        self._next: _Take | None = None

    def begin(self, muffled_ms: int = 0) -> None:
        """Record from now on. The first `muffled_ms` become silence: the device's own sound is still in the air."""
        self._next = _Take(muffled_ms)
        self._wake.set()

    def finish(self) -> bool:
        """The button is up: record nothing that comes after this moment. False: nothing is recorded, so no tail."""
        take = self._take
        if take is None or not take.opened or not take.is_wanted() or self._next is not None:
            self.end()
            return False
        take.finishing = True
        self._microphone.finish()
        take.wait_until(asyncio.get_running_loop().time() + TAIL_S)
        return True

    def end(self) -> None:
        """Record no more, from this moment on, and give nothing more of what was recorded."""
        self._next = None
        if self._take is not None:
            self._take.end()

    async def run(self) -> None:
        """For ever."""
        microphone = self._microphone
        while True:
            await self._wake.wait()
            self._wake.clear()
            take, self._take, self._next = self._next, self._next, None
            if take is None:
                continue
            xruns = microphone.xruns
            failed = ""
            try:
                await self._record(microphone, take)
            except MicrophoneError as error:
                failed = str(error)
            finally:
                self._take = None
                await microphone.close()
            if take.finishing:
                self._on_tail(b"")
            if failed:
                self._note("part_failed", part="microphone", sentence=failed)
                self._on_failed(failed)
            if microphone.xruns > xruns:
                self._note("xruns", part="microphone", count=microphone.xruns - xruns)

    async def _record(self, microphone: Microphone, take: _Take) -> None:
        while True:
            ears = Ears(self._clock_ms())
            due_s = asyncio.get_running_loop().time() + TAIL_S if take.finishing else self._due_s(ears)
            try:
                async with take.patience(due_s):
                    if not take.opened:
                        await microphone.open()
                        take.opened = True
                    await self._hear(microphone, take, ears)
                    return
            except TimeoutError:
                if not take.is_wanted():
                    return
                if take.was_held_up():
                    continue
                if take.finishing:
                    self._note("tail_lost")
                    if ears.silent_ms(self._clock_ms()) < _MISSED_MS:
                        return
                await self._restart(Hearing.STALLED, "" if take.opened else _NO_ANSWER)

    async def _hear(self, microphone: Microphone, take: _Take, ears: Ears) -> None:
        while take.is_wanted():
            pcm = await microphone.read()
            if not pcm or not take.is_wanted():
                return
            if take.finishing:
                self._on_tail(take.muffle(pcm))
                continue
            ears.hear(pcm, self._clock_ms())
            hearing = ears.judge(self._clock_ms())
            if hearing is not Hearing.WELL:
                await self._restart(hearing)
            take.wait_until(self._due_s(ears))
            self._on_sound(take.muffle(pcm))

    def _due_s(self, ears: Ears) -> float:
        return asyncio.get_running_loop().time() + max(0, ears.due_ms() - self._clock_ms()) / 1000

    async def _restart(self, hearing: Hearing, sentence: str = "") -> None:
        """Begin anew from the hardware, and raise what the person is told."""
        self._note("deaf", why=hearing.value)
        await self._microphone.restart()
        raise MicrophoneError(sentence or SENTENCES[hearing])
