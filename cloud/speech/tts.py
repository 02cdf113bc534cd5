"""Text to speech: the protocol, and the embedded voice."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Generic, Protocol, TypeVar

from cloud.speech.espeak import Espeak, espeak
from cloud.speech.sound import SAMPLE_RATE_HZ, from_pcm, resample, to_pcm
from cloud.speech.thread import ModelThread

M = TypeVar("M")

CHUNK_BYTES = SAMPLE_RATE_HZ * 2 // 10
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+")


class TextToSpeech(Protocol):
    """A voice."""

    @property
    def name(self) -> str:
        """Which engine this is, for events and people."""
        ...

    def speak(self, text: str) -> AsyncGenerator[bytes, None]:
        """16-bit mono PCM at 16 kHz in pieces of at most 100 ms; a sentence sounds while the next is made."""
        ...

    async def prepare(self, texts: Iterable[str]) -> None:
        """Make what will be said often, one sentence at a time, so that what is asked for meanwhile hardly waits."""
        ...

    async def close(self) -> None:
        """Give back threads and models. Harmless twice."""
        ...


def sentences(text: str) -> list[str]:
    """Split at the ends of sentences and clauses, so that the first can sound while the next is made."""
    return [part for part in _SENTENCE_END.split(text.strip()) if part]


class SentenceVoice(Generic[M]):
    """A voice that makes one sentence after the other, in a thread of its own; sentences said before are kept."""

    name = ""

    def __init__(self, load: Callable[[], M], kept: int = 256) -> None:
        self._thread = ModelThread(f"voice {self.name}", load)
        self._said: OrderedDict[str, bytes] = OrderedDict()
        self._kept = kept

    def make(self, model: M, sentence: str) -> bytes:
        """One sentence as PCM at 16 kHz, made in the voice's thread. Raises VoiceFailed."""
        raise NotImplementedError

    async def speak(self, text: str) -> AsyncGenerator[bytes, None]:
        for sentence in sentences(text):
            pcm = await self._sentence(sentence)
            for start in range(0, len(pcm), CHUNK_BYTES):
                yield pcm[start : start + CHUNK_BYTES]

    async def prepare(self, texts: Iterable[str]) -> None:
        for text in texts:
            for sentence in sentences(text):
                await self._sentence(sentence)

    async def close(self) -> None:
        self._thread.close()

    async def _sentence(self, sentence: str) -> bytes:
        pcm = self._said.pop(sentence, None)
        if pcm is None:
            pcm = await self._thread.run(lambda model, _: self.make(model, sentence))
        self._said[sentence] = pcm
        while len(self._said) > self._kept:
            self._said.popitem(last=False)
        return pcm


class EspeakVoice(SentenceVoice[Espeak]):
    """espeak-ng in this process."""

    name = "espeak-ng"

    def __init__(self, voice: str = "en-us", words_a_minute: int = 165) -> None:
        super().__init__(espeak)
        self._voice = voice
        self._words_a_minute = words_a_minute

    def make(self, model: Espeak, sentence: str) -> bytes:
        samples = from_pcm(model.say(sentence, self._voice, self._words_a_minute))
        return to_pcm(resample(samples, model.sample_rate_hz, SAMPLE_RATE_HZ))
