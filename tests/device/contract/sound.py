"""Microphones and speakers of every kind, each with the side that the world has. New kinds are added to the lists."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Final, Protocol

from device.parts import interfaces
from device.parts.simulated import WavMicrophone, WavSpeaker
from wire import limits


class MicrophoneRig(Protocol):
    """A microphone and somebody before it."""

    part: interfaces.Microphone

    def say(self, pcm: bytes) -> None:
        """This is what sounds at the next `open`; after it there is silence."""


class SpeakerRig(Protocol):
    """A speaker and an ear."""

    part: interfaces.Speaker

    def heard(self) -> bytes:
        """All that sounded so far; asked after the speaker was closed."""


class WavMicrophoneRig:
    """The simulated one."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "said.wav"
        self._made = WavMicrophone(fast=True)
        self.part: interfaces.Microphone = self._made

    def say(self, pcm: bytes) -> None:
        with wave.open(str(self._path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(limits.SAMPLE_BYTES)
            file.setframerate(limits.SAMPLE_RATE_HZ)
            file.writeframes(pcm)
        self._made.speak(self._path)


class WavSpeakerRig:
    """The simulated one."""

    def __init__(self, folder: Path) -> None:
        self._made = WavSpeaker(fast=True)
        self.part: interfaces.Speaker = self._made

    def heard(self) -> bytes:
        return bytes(self._made.heard)


MICROPHONES: Final = {"simulated": WavMicrophoneRig}
SPEAKERS: Final = {"simulated": WavSpeakerRig}
