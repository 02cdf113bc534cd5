"""The sound of an utterance, kept while it may still be asked about other sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from cloud.speech.sound import SAMPLE_RATE_HZ, Floats, resample

S = TypeVar("S")
# Played at 16 kHz, these are 9 % faster and 10 % slower.
_OTHER_SPEEDS_HZ = (14_560, 17_600)
# So many nats behind the likeliest by what was asked so far, a sentence is no rival of it any more.
_BEHIND = 12.0


class Heard(Protocol):
    """A decoded text."""

    @property
    def text(self) -> str: ...


class Listener(Protocol[S]):
    """An engine that can be asked. `S` is a sound as it sees it; `is_quick` as that of `Evidence`."""

    @property
    def is_quick(self) -> bool: ...

    async def hear(self, samples: Floats, draft: Sequence[int] = ()) -> tuple[Heard, S]:
        """The text and the sound; `draft` is what is likely to be heard, in the engine's own tokens."""
        ...

    async def weigh(self, sound: S, sentences: Sequence[str]) -> list[float]: ...


class Hearings(Generic[S]):
    """Likelihoods are means over the hearings so far: a noise that misleads one rarely misleads all.

    A later hearing is asked only about what still has a chance; the rest stays as far behind as it is.
    """

    def __init__(self, engine: Listener[S], samples: Floats, sound: S, draft: Sequence[int] = ()) -> None:
        self._engine = engine
        self._samples = samples
        self._draft = draft
        self._sounds = [sound]
        self._known: list[dict[str, float]] = [{}]

    @property
    def is_quick(self) -> bool:
        return self._engine.is_quick

    async def weigh(self, sentences: Sequence[str]) -> list[float]:
        if not sentences:
            return []
        asked = list(dict.fromkeys(sentences))
        for count, (sound, known) in enumerate(zip(self._sounds, self._known, strict=True)):
            if count:
                leader = self._leader(count)
                least = self._mean(leader, count) - _BEHIND
                near = [each for each in asked if self._mean(each, count) >= least]
                asked = list(dict.fromkeys([leader, *near]))
            new = [each for each in asked if each not in known]
            known.update(zip(new, await self._engine.weigh(sound, new), strict=True))
        leader = self._leader(len(self._known))
        return [self._standing(each, leader) for each in sentences]

    def _leader(self, count: int) -> str:
        """The likeliest by the first `count` hearings."""
        return max(self._known[count - 1], key=lambda each: self._mean(each, count))

    def _mean(self, sentence: str, count: int) -> float:
        return sum(known[sentence] for known in self._known[:count]) / count

    def _standing(self, sentence: str, leader: str) -> float:
        count = sum(sentence in known for known in self._known)
        behind = self._mean(leader, count) - self._mean(sentence, count)
        return self._mean(leader, len(self._known)) - behind

    async def again(self) -> tuple[tuple[str, ...], Hearings[S]]:
        wider = Hearings(self._engine, self._samples, self._sounds[0], self._draft)
        wider._known[0] = self._known[0]
        texts = []
        for rate_hz in _OTHER_SPEEDS_HZ:
            heard, sound = await self._engine.hear(resample(self._samples, SAMPLE_RATE_HZ, rate_hz), self._draft)
            wider._sounds.append(sound)
            wider._known.append({})
            texts.append(heard.text)
        return tuple(texts), wider
