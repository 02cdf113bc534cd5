"""The sound of an utterance, kept while it may still be asked about other sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from cloud.speech.sound import SAMPLE_RATE_HZ, Floats, resample

S = TypeVar("S")
# Played at 16 kHz, these are 9 % faster and 10 % slower.
_OTHER_SPEEDS_HZ = (14_560, 17_600)


class Heard(Protocol):
    """A decoded text."""

    @property
    def text(self) -> str: ...


class Listener(Protocol[S]):
    """An engine that can be asked. `S` is a sound as it sees it."""

    async def hear(self, samples: Floats) -> tuple[Heard, S]: ...

    async def weigh(self, sound: S, sentences: Sequence[str]) -> list[float]: ...


class Hearings(Generic[S]):
    """Likelihoods are means over the hearings so far: a noise that misleads one rarely misleads all."""

    def __init__(self, engine: Listener[S], samples: Floats, sound: S) -> None:
        self._engine = engine
        self._samples = samples
        self._sounds = [sound]
        self._known: list[dict[str, float]] = [{}]

    async def weigh(self, sentences: Sequence[str]) -> list[float]:
        for sound, known in zip(self._sounds, self._known, strict=True):
            new = [each for each in dict.fromkeys(sentences) if each not in known]
            known.update(zip(new, await self._engine.weigh(sound, new), strict=True))
        return [sum(known[each] for known in self._known) / len(self._known) for each in sentences]

    async def again(self) -> tuple[str, ...]:
        texts = []
        for rate_hz in _OTHER_SPEEDS_HZ[len(self._sounds) - 1 :]:
            heard, sound = await self._engine.hear(resample(self._samples, SAMPLE_RATE_HZ, rate_hz))
            self._sounds.append(sound)
            self._known.append({})
            texts.append(heard.text)
        return tuple(texts)
