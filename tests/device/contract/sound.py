"""Microphones and speakers of every kind, each with the side that the world has. New kinds are added to the lists."""

from __future__ import annotations

import contextlib
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final, Protocol

import pytest

from device.parts import interfaces
from device.parts.microphone import PyAudioMicrophone
from device.parts.simulated import WavMicrophone, WavSpeaker
from device.parts.sound_cards import SoundCards
from device.parts.speaker import PyAudioSpeaker
from tests.device.sound_stage import Stage
from wire import limits


class MicrophoneRig(Protocol):
    """A microphone and somebody before it."""

    part: interfaces.Microphone

    async def open_and_say(self, pcm: bytes) -> None:
        """Open it; from then on this sounds, and after it there is silence."""

    def end(self) -> None:
        """Give everything back."""


class Ear(Protocol):
    """What came out of a speaker."""

    pcm: bytes

    async def more(self, count: int) -> None:
        """Hear on for a while."""


class SpeakerRig(Protocol):
    """A speaker and an ear."""

    part: interfaces.Speaker

    def hearing(self) -> contextlib.AbstractAsyncContextManager[Ear]:
        """Hear what it plays in here."""

    def end(self) -> None:
        """Give everything back."""


class WavMicrophoneRig:
    """The simulated one."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "said.wav"
        self._made = WavMicrophone(fast=True)
        self.part: interfaces.Microphone = self._made

    async def open_and_say(self, pcm: bytes) -> None:
        with wave.open(str(self._path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(limits.SAMPLE_BYTES)
            file.setframerate(limits.SAMPLE_RATE_HZ)
            file.writeframes(pcm)
        self._made.speak(self._path)
        await self.part.open()

    def end(self) -> None:
        """Nothing is held."""


class PulseMicrophoneRig:
    """The real one, over a sound server's null sink."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._cards = SoundCards()
        self._made = PyAudioMicrophone(self._cards, "hare_ears")
        self.part: interfaces.Microphone = self._made

    async def open_and_say(self, pcm: bytes) -> None:
        await self.part.open()
        await self._stage.speak(pcm)

    def end(self) -> None:
        self._made.release()
        self._cards.close()


class _WavEar:
    def __init__(self, made: WavSpeaker) -> None:
        self._made = made

    @property
    def pcm(self) -> bytes:
        return bytes(self._made.heard)

    async def more(self, count: int) -> None:
        """All was heard as it was played."""


class WavSpeakerRig:
    """The simulated one."""

    def __init__(self) -> None:
        self._made = WavSpeaker(fast=True)
        self.part: interfaces.Speaker = self._made

    @contextlib.asynccontextmanager
    async def hearing(self) -> AsyncIterator[Ear]:
        ear: Ear = _WavEar(self._made)  # type: ignore[assignment]
        yield ear

    def end(self) -> None:
        """Nothing is held."""


class PulseSpeakerRig:
    """The real one, over a sound server's null sink."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._cards = SoundCards()
        self.part: interfaces.Speaker = PyAudioSpeaker(self._cards, "hare_mouth")

    @contextlib.asynccontextmanager
    async def hearing(self) -> AsyncIterator[Ear]:
        async with self._stage.hearing() as heard:
            yield heard

    def end(self) -> None:
        self.part.close()
        self._cards.close()


def stage_of(request: pytest.FixtureRequest) -> Stage:
    """The sound server, which is started only for whom it is needed."""
    stage = request.getfixturevalue("sound")
    assert isinstance(stage, Stage)
    return stage


MICROPHONES: Final[dict[str, Callable[[pytest.FixtureRequest, Path], MicrophoneRig]]] = {
    "simulated": lambda request, folder: WavMicrophoneRig(folder),
    "pulse": lambda request, folder: PulseMicrophoneRig(stage_of(request)),
}
SPEAKERS: Final[dict[str, Callable[[pytest.FixtureRequest], SpeakerRig]]] = {
    "simulated": lambda request: WavSpeakerRig(),
    "pulse": lambda request: PulseSpeakerRig(stage_of(request)),
}
