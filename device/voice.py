"""What the speaker has to play: utterances, cues and ringing. At most 60 s wait; what is beyond is not heard."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from device import cues
from device.errors import SpeakerError
from device.parts.interfaces import Speaker
from wire import limits

_WAITING_BYTES: Final = limits.SAY_SAMPLES * limits.SAMPLE_BYTES
# A bell that cannot be heard is not tried at every moment.
_AGAIN_S: Final = 1.0


class Voice:
    """A queue before the speaker. `hush` empties it and cuts what is being played, at once."""

    def __init__(
        self, speaker: Speaker, *, on_drained: Callable[[int, int], None], on_started: Callable[[int], None]
    ) -> None:
        self._speaker = speaker
        self._on_drained = on_drained
        self._on_started = on_started
        # (utterance, sound), sound None at its end; utterance 0 for cues.
        self._waiting: deque[tuple[int, bytes | None]] = deque()
        self._waiting_bytes = 0
        self._more = asyncio.Event()
        self._ringing = False
        self._playing = 0
        self._begun = 0
        self._cueing = False
        self._samples = 0
        self._held = False
        self._press = b""
        self._broken = False

    def press(self) -> None:
        """The sound of a press, before anything else."""
        self._press = cues.press()
        self._more.set()

    def hold(self) -> bool:
        """Play nothing but the sound of the press until `let_go`; whether anything sounds now."""
        sounding = bool(self._playing or self._cueing or self._ringing or self._press)
        self._held = True
        self._drop_cues()
        self._speaker.cut()
        return sounding

    def let_go(self) -> None:
        """Go on."""
        self._held = False
        self._more.set()

    def play(self, say: int, pcm: bytes) -> None:
        """Add sound of an utterance."""
        if self._waiting_bytes + len(pcm) > _WAITING_BYTES:
            return
        if say and say not in (self._playing, self._begun):
            self._begun = say
            self._drop_cues()
        self._waiting.append((say, pcm))
        self._waiting_bytes += len(pcm)
        self._more.set()

    def finish(self, say: int) -> None:
        """The utterance has no more sound: tell when what there is has been heard."""
        self._waiting.append((say, None))
        self._more.set()

    def cue(self, pcm: bytes) -> None:
        """A short sound, unless something is being said that it would only disturb."""
        if pcm and not self._waiting and not self._playing and not self._held:
            self.play(0, pcm)

    def _drop_cues(self) -> None:
        """Words are not kept waiting by a sound."""
        self._waiting = deque(one for one in self._waiting if one[0])
        self._waiting_bytes = sum(len(pcm) for _, pcm in self._waiting if pcm)
        if self._cueing:
            self._speaker.cut()

    def ring(self, on: bool) -> None:
        """Ring whenever nothing is being said, until told to stop."""
        self._ringing = on
        if on:
            self._more.set()
        else:
            self._speaker.cut()

    def hush(self) -> None:
        """Silence, now."""
        self._begun = 0
        self._waiting.clear()
        self._waiting_bytes = 0
        self._playing = 0
        self._speaker.cut()

    async def run(self) -> None:
        """Play for ever; raises SpeakerError, for cues only the first time in a row."""
        while True:
            if self._press:
                pcm, self._press = self._press, b""
                await self._sound(0, pcm)
            elif self._held or not self._waiting:
                if self._ringing and not self._held:
                    await self._sound(0, cues.bell())
                    continue
                self._more.clear()
                await self._more.wait()
            else:
                await self._next()

    async def _next(self) -> None:
        say, pcm = self._waiting.popleft()
        if pcm is None:
            self._playing = 0
            self._on_drained(say, self._samples)
        else:
            self._waiting_bytes -= len(pcm)
            await self._sound(say, pcm)

    async def _sound(self, say: int, pcm: bytes) -> None:
        if say and say != self._playing:
            self._playing = say
            self._samples = 0
            self._on_started(say)
        self._cueing = not say
        try:
            await self._speaker.play(pcm)
        except SpeakerError:
            known, self._broken = self._broken, True
            if say or not known:
                raise
            await asyncio.sleep(_AGAIN_S)
        else:
            self._broken = False
        finally:
            self._cueing = False
        if say and say == self._playing:
            self._samples += len(pcm) // limits.SAMPLE_BYTES
