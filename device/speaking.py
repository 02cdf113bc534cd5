"""The device's own voice, for what it says while no cloud speaks for it: the program espeak-ng, where it is installed.

A program of its own takes no memory of the device while it is silent. Sentences that never change are made ready when
nothing else is to be said; without the program nothing is heard but the cue, and the screen shows the words.
"""

from __future__ import annotations

import asyncio
import shutil
from array import array
from collections import deque
from collections.abc import Callable
from typing import Final

from device.resampling import Resampler
from device.words import words_of
from wire import limits

PROGRAM: Final = "espeak-ng"
_VOICES: Final = {"en": "en-us"}
_WORDS_A_MINUTE: Final = "165"
_HEAD_BYTES: Final = 44
_RATE_AT: Final = 24
_MAKE_S: Final = 10.0
# Of what waits to be said the oldest is dropped.
_WAITING: Final = 4
_KEPT: Final = 24


class OwnVoice:
    """Says sentences, one after the other. `play` takes 16 kHz mono s16le; `on_failed` hears why nothing is said."""

    def __init__(
        self, play: Callable[[bytes], None], on_failed: Callable[[str], None], *, program: str | None = None
    ) -> None:
        self._play = play
        self._on_failed = on_failed
        self._program = shutil.which(PROGRAM) if program is None else program
        self._waiting: deque[tuple[str, str]] = deque(maxlen=_WAITING)
        self._made: dict[tuple[str, str], bytes] = {}
        self._more = asyncio.Event()
        self._hushed = 0

    @property
    def speaks(self) -> bool:
        """There is a voice."""
        return bool(self._program)

    def say(self, sentence: str, language: str) -> None:
        """Say an English sentence of the device, in the person's language."""
        if self._program:
            self._waiting.append((sentence, language))
            self._more.set()

    def hush(self) -> None:
        """Nothing of what was to be said is said any more."""
        self._waiting.clear()
        self._hushed += 1

    async def run(self, ready: tuple[str, ...], language: Callable[[], str]) -> None:
        """Speak for ever, and make `ready` what is known before."""
        if not self._program:
            return
        todo = deque(ready)
        while True:
            if self._waiting:
                await self._say(*self._waiting.popleft())
            elif todo:
                await self._sound(todo.popleft(), language())
            else:
                self._more.clear()
                await self._more.wait()

    async def _say(self, sentence: str, language: str) -> None:
        hushed = self._hushed
        pcm = await self._sound(sentence, language)
        if pcm and hushed == self._hushed:
            self._play(pcm)

    async def _sound(self, sentence: str, language: str) -> bytes:
        made = self._made.get((sentence, language))
        if made is not None:
            return made
        try:
            async with asyncio.timeout(_MAKE_S):
                wav = await self._run_program(words_of(language).said(sentence), _VOICES.get(language, language))
        except (OSError, TimeoutError) as error:
            self._on_failed(f"{PROGRAM}: {type(error).__name__} {error}")
            return b""
        pcm = await asyncio.to_thread(pcm_of, wav)
        if len(self._made) >= _KEPT:
            self._made.pop(next(iter(self._made)))
        self._made[sentence, language] = pcm
        return pcm

    async def _run_program(self, text: str, voice: str) -> bytes:
        command = (str(self._program), "-v", voice, "-s", _WORDS_A_MINUTE, "--stdin", "--stdout")
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            wav, _ = await process.communicate(text.encode())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return wav


def pcm_of(wav: bytes) -> bytes:
    """The sound of a WAV that espeak-ng writes to a pipe, whose sizes are not to be trusted, as 16 kHz s16le."""
    if len(wav) <= _HEAD_BYTES or not wav.startswith(b"RIFF"):
        return b""
    rate_hz = int.from_bytes(wav[_RATE_AT : _RATE_AT + 4], "little")
    samples = array("h", wav[_HEAD_BYTES : len(wav) - (len(wav) - _HEAD_BYTES) % limits.SAMPLE_BYTES])
    if rate_hz != limits.SAMPLE_RATE_HZ:
        samples = Resampler(rate_hz, limits.SAMPLE_RATE_HZ).feed(samples)
    return samples.tobytes()
