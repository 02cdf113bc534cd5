"""An endpoint before an embedded engine, which takes its place for whatever the endpoint fails at.

The embedded ear listens along: its words appear while the button is held, its evidence weighs what the endpoint heard,
and when the endpoint is silent at its deadline they are there already.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing

import structlog
from msgspec.structs import replace

from cloud.speech.endpoint import Endpoint
from cloud.speech.errors import EndpointFailed
from cloud.speech.sound import from_pcm
from cloud.speech.stt import AheadHeard, PartialHeard, SpeechStream, SpeechToText, Transcript
from cloud.speech.tts import CHUNK_BYTES, TextToSpeech, sentences
from cloud.speech.vad import VoiceDetector

_KEPT = 64  # sentences
log = structlog.get_logger()


class FallbackSpeech:
    """Speech to text by an endpoint, or by what is embedded."""

    def __init__(self, endpoint: Endpoint, embedded: SpeechToText) -> None:
        self._endpoint = endpoint
        self._embedded = embedded

    @property
    def name(self) -> str:
        return self._endpoint.name

    @property
    def trouble(self) -> str:
        """Why the embedded engine hears just now; "" when the endpoint does."""
        return self._endpoint.trouble

    async def ready(self) -> None:
        await self._embedded.ready()

    def open(
        self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None
    ) -> SpeechStream:
        return _Stream(self._endpoint, self._embedded.open(turn, on_partial))

    async def close(self) -> None:
        await self._endpoint.close()
        await self._embedded.close()


class _Stream:
    def __init__(self, endpoint: Endpoint, along: SpeechStream) -> None:
        self._endpoint = endpoint
        self._along = along
        self._voice = VoiceDetector()
        self._pcm = bytearray()

    def feed(self, pcm: bytes) -> None:
        self._along.feed(pcm)
        self._pcm += pcm
        self._voice.feed(from_pcm(pcm))

    async def finish(self) -> Transcript:
        if self._voice.presence() != "speech":
            return await self._along.finish()
        async with asyncio.TaskGroup() as both:
            along = both.create_task(self._along.finish())
            asked = both.create_task(self._ask())
        heard, text = along.result(), asked.result()
        if text is None:
            return heard
        return replace(heard, text=text, engine=self._endpoint.name, reason="" if text else "noise")

    def abort(self) -> None:
        self._along.abort()

    async def _ask(self) -> str | None:
        try:
            return await self._endpoint.transcribe(bytes(self._pcm))
        except EndpointFailed as error:
            log.warning("heard_without_the_endpoint", reason=str(error))
            return None


class FallbackVoice:
    """Text to speech by an endpoint, or by what is embedded: sentence by sentence, each whole."""

    def __init__(self, endpoint: Endpoint, embedded: TextToSpeech) -> None:
        self._endpoint = endpoint
        self._embedded = embedded
        self._known: OrderedDict[str, bytes] = OrderedDict()

    @property
    def name(self) -> str:
        return self._endpoint.name

    @property
    def trouble(self) -> str:
        """Why the embedded voice speaks just now; "" when the endpoint does."""
        return self._endpoint.trouble

    async def speak(self, text: str) -> AsyncGenerator[bytes, None]:
        for sentence in sentences(text):
            try:
                async with aclosing(self._said(sentence)) as pieces:
                    async for pcm in pieces:
                        yield pcm
            except EndpointFailed as error:
                log.warning("spoken_without_the_endpoint", reason=str(error))
                async for pcm in self._embedded.speak(sentence):
                    yield pcm

    async def _said(self, sentence: str) -> AsyncGenerator[bytes, None]:
        """By the endpoint, or as it said it before."""
        made = self._known.get(sentence)
        if made is None:
            whole = bytearray()
            async with aclosing(self._endpoint.speak(sentence)) as pieces:
                async for pcm in pieces:
                    whole += pcm
                    for start in range(0, len(pcm), CHUNK_BYTES):
                        yield pcm[start : start + CHUNK_BYTES]
            self._known[sentence] = bytes(whole)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
            return
        for start in range(0, len(made), CHUNK_BYTES):
            yield made[start : start + CHUNK_BYTES]

    async def prepare(self, texts: Iterable[str]) -> None:
        await self._embedded.prepare(texts)

    async def close(self) -> None:
        await self._endpoint.close()
        await self._embedded.close()
