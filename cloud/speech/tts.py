"""Text to speech: the protocol, and the embedded voice."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Protocol

from cloud.speech.espeak import espeak
from cloud.speech.sound import SAMPLE_RATE_HZ, from_pcm, resample, to_pcm

CHUNK_BYTES = SAMPLE_RATE_HZ * 2 // 10
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+")


class TextToSpeech(Protocol):
    """A voice."""

    name: str

    def speak(self, text: str) -> AsyncIterator[bytes]:
        """16-bit mono PCM at 16 kHz in pieces of at most 100 ms; a sentence sounds while the next is made."""
        ...

    async def close(self) -> None:
        """Give back threads and models. Harmless twice."""
        ...


def sentences(text: str) -> list[str]:
    """Split at the ends of sentences and clauses, so that the first can sound while the next is made."""
    return [part for part in _SENTENCE_END.split(text.strip()) if part]


class EspeakVoice:
    """espeak-ng in this process; sentences said before are kept."""

    name = "espeak-ng"

    def __init__(self, voice: str = "en-us", words_a_minute: int = 165, kept: int = 128) -> None:
        self._voice = voice
        self._words_a_minute = words_a_minute
        self._thread = ThreadPoolExecutor(1, "espeak")
        self._sentence = lru_cache(maxsize=kept)(self._make)

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        for sentence in sentences(text):
            pcm = await loop.run_in_executor(self._thread, self._sentence, sentence)
            for start in range(0, len(pcm), CHUNK_BYTES):
                yield pcm[start : start + CHUNK_BYTES]

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _make(self, sentence: str) -> bytes:
        engine = espeak()
        samples = from_pcm(engine.say(sentence, self._voice, self._words_a_minute))
        return to_pcm(resample(samples, engine.sample_rate_hz, SAMPLE_RATE_HZ))
