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


class Listening:
    """Records from `begin` to `end`. `on_failed` is told in a sentence when the microphone does not work."""

    def __init__(
        self,
        microphone: Microphone,
        *,
        clock_ms: Callable[[], int],
        on_sound: Callable[[bytes], None],
        on_failed: Callable[[str], None],
        note: Callable[..., Any],
    ) -> None:
        self._microphone = microphone
        self._clock_ms = clock_ms
        self._on_sound = on_sound
        self._on_failed = on_failed
        self._note = note
        self._wanted = asyncio.Event()
        self._muffled_bytes = 0

    def begin(self, muffled_ms: int = 0) -> None:
        """Record from now on. The first `muffled_ms` become silence: the device's own sound is still in the air."""
        self._muffled_bytes = muffled_ms * limits.SAMPLE_RATE_HZ // 1000 * limits.SAMPLE_BYTES
        self._wanted.set()

    def end(self) -> None:
        """Record no more, from this moment on."""
        self._wanted.clear()

    async def run(self) -> None:
        """For ever."""
        microphone = self._microphone
        while True:
            await self._wanted.wait()
            xruns = microphone.xruns
            try:
                await self._record(microphone)
            except MicrophoneError as error:
                self._wanted.clear()
                self._note("part_failed", part="microphone", sentence=str(error))
                self._on_failed(str(error))
            finally:
                await microphone.close()
            if microphone.xruns > xruns:
                self._note("xruns", part="microphone", count=microphone.xruns - xruns)

    async def _record(self, microphone: Microphone) -> None:
        ears = Ears(self._clock_ms())
        opened = False
        try:
            async with asyncio.timeout_at(self._due_s(ears)) as patience:
                await microphone.open()
                opened = True
                while self._wanted.is_set():
                    pcm = await microphone.read()
                    if not self._wanted.is_set():
                        return
                    ears.hear(pcm, self._clock_ms())
                    hearing = ears.judge(self._clock_ms())
                    if hearing is not Hearing.WELL:
                        await self._restart(hearing)
                    patience.reschedule(self._due_s(ears))
                    self._on_sound(self._muffle(pcm))
        except TimeoutError:
            await self._restart(Hearing.STALLED, "" if opened else _NO_ANSWER)

    def _due_s(self, ears: Ears) -> float:
        return asyncio.get_running_loop().time() + max(0, ears.due_ms() - self._clock_ms()) / 1000

    async def _restart(self, hearing: Hearing, sentence: str = "") -> None:
        """Begin anew from the hardware, and raise what the person is told."""
        self._note("deaf", why=hearing.value)
        await self._microphone.restart()
        raise MicrophoneError(sentence or SENTENCES[hearing])

    def _muffle(self, pcm: bytes) -> bytes:
        if not self._muffled_bytes:
            return pcm
        silent = min(self._muffled_bytes, len(pcm))
        self._muffled_bytes -= silent
        return bytes(silent) + pcm[silent:]
