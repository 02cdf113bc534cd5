"""A speaker whose volume is the sound card's own, set by ALSA's `amixer`: quiet is quiet there without losing bits."""

from __future__ import annotations

import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from device.errors import SpeakerError
from device.parts.interfaces import Speaker

_ANSWER_S: Final = 3.0
_SHARE: Final = re.compile(r"\[\d+%\]")


class Mixer:
    """One control of one card, written `card/control`: `hw:whisplaysound/Speaker`. Raises SpeakerError."""

    def __init__(self, name: str) -> None:
        self._card, _, self._control = name.rpartition("/")
        if not self._card or not self._control:
            raise SpeakerError(f"The mixer is written as card/control, such as hw:0/Speaker, and not {name!r}.")
        told = self._amixer("sget", self._control)
        if not _SHARE.search(told):
            raise SpeakerError(f"{self._control} of {self._card} is no volume: `amixer -D {self._card}` lists them.")

    def set(self, percent: int) -> None:
        """0 to 100, as loudness is felt. Waits for the card."""
        self._amixer("-M", "sset", self._control, f"{percent}%", "unmute" if percent else "mute")

    def _amixer(self, *words: str) -> str:
        line = ["amixer", "-D", self._card, *words]
        try:
            done = subprocess.run(line, capture_output=True, text=True, timeout=_ANSWER_S, check=False)
        except FileNotFoundError as error:
            raise SpeakerError("The card's volume needs amixer. `sudo apt install alsa-utils` brings it.") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SpeakerError(f"The card's volume cannot be set: {error}.") from error
        if done.returncode:
            # Of more than one control it sets what it can, and complains of what it cannot.
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[0].removeprefix("amixer: ")
            raise SpeakerError(
                f"The card's volume cannot be set: {reason}. `amixer -D {self._card}` lists what is there."
            )
        return done.stdout


class CardSpeaker:
    """Plays through another speaker, which sets the volume itself while the card does not."""

    def __init__(self, speaker: Speaker, mixer: Mixer) -> None:
        self._speaker = speaker
        self._mixer = mixer
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="mixer")
        self._lock = threading.Lock()
        self._wanted: int | None = None

    @property
    def xruns(self) -> int:
        return self._speaker.xruns

    async def play(self, pcm: bytes) -> None:
        await self._speaker.play(pcm)

    def cut(self) -> None:
        self._speaker.cut()

    def set_volume(self, percent: int) -> None:
        """A wheel asks for many, one after the other: the card is set to the last of them."""
        with self._lock:
            waits, self._wanted = self._wanted is not None, max(0, min(100, percent))
        if not waits:
            self._worker.submit(self._set)

    def _set(self) -> None:
        with self._lock:
            percent, self._wanted = self._wanted, None
        if percent is None:
            return
        try:
            self._mixer.set(percent)
            self._speaker.set_volume(100)
        except SpeakerError:
            self._speaker.set_volume(percent)

    def close(self) -> None:
        self._worker.shutdown(wait=True)
        self._speaker.close()
