"""What a device of the crowd says, so that sound, words and answers tell of whom and of which utterance they are."""

from __future__ import annotations

from array import array

from msgspec import Struct


class Said(Struct, frozen=True):
    """Device, utterance (both from 1), and how long it was in samples (two for each repetition of its pattern)."""

    device: int
    utterance: int
    samples: int

    @property
    def text(self) -> str:
        """As it is heard, and as it is answered."""
        return f"{self.device} {self.utterance} {self.samples}"

    def pcm(self, samples: int) -> bytes:
        """So much of its sound: device and utterance, sample by sample."""
        return array("h", (self.device, self.utterance)).tobytes() * (samples // 2)

    def sounds_in(self, pcm: bytes) -> bool:
        """This, and nothing else, is what `pcm` sounds like."""
        return pcm == self.pcm(len(pcm) // 2)


def heard(pcm: bytes) -> Said | None:
    """What was said, if it was one thing from beginning to end."""
    samples = array("h", pcm)
    if len(samples) < 2:
        return None
    said = Said(samples[0], samples[1], len(samples))
    return said if said.sounds_in(pcm) else None


def read(text: str) -> Said:
    """What its text was made of."""
    device, utterance, samples = text.split()
    return Said(int(device), int(utterance), int(samples))
