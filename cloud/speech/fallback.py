"""An endpoint before an embedded engine, which takes its place for whatever the endpoint fails at.

The embedded ear listens along: its words appear while the button is held, its evidence weighs what the endpoint heard,
and when the endpoint is silent at its deadline they are there already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from msgspec.structs import replace

from cloud.speech.endpoint import Endpoint
from cloud.speech.errors import EndpointFailed
from cloud.speech.rest import Rest
from cloud.speech.sound import from_pcm
from cloud.speech.standby import told
from cloud.speech.stt import AheadHeard, PartialHeard, SpeechStream, SpeechToText, Transcript
from cloud.speech.vad import VoiceDetector

log = structlog.get_logger()


class FallbackSpeech:
    """Speech to text by an endpoint, or by what is embedded."""

    def __init__(self, endpoint: Endpoint, embedded: SpeechToText, rest: Rest | None = None) -> None:
        self._endpoint = endpoint
        self._embedded = embedded
        self._rest = rest or Rest()

    @property
    def name(self) -> str:
        return self._embedded.name if self._rest.is_on else self._endpoint.name

    @property
    def trouble(self) -> str:
        return told(self._rest, self._endpoint.name, self._embedded.name, "hears")

    async def ready(self) -> None:
        """Loads the embedded ear, and asks whether the endpoint takes the key: what it refuses is told at once."""
        await asyncio.gather(self._embedded.ready(), self._check())

    def open(
        self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None
    ) -> SpeechStream:
        if self._rest.is_on:
            return self._embedded.open(turn, on_partial, on_ahead)
        return _Stream(self._endpoint.name, self._ask, self._embedded.open(turn, on_partial))

    async def close(self) -> None:
        await self._endpoint.close()
        await self._embedded.close()

    async def _check(self) -> None:
        try:
            await self._endpoint.check()
        except EndpointFailed as error:
            self._rest.failed(str(error))
            log.warning("endpoint_not_ready", reason=self.trouble)

    async def _ask(self, pcm: bytes) -> str | None:
        """What the endpoint hears; None when it fails."""
        try:
            text = await self._endpoint.transcribe(pcm)
        except EndpointFailed as error:
            self._rest.failed(str(error))
            log.warning("heard_without_the_endpoint", reason=self.trouble)
            return None
        self._rest.worked()
        return text


class _Stream:
    def __init__(self, name: str, ask: Callable[[bytes], Coroutine[Any, Any, str | None]], along: SpeechStream) -> None:
        self._name = name
        self._ask = ask
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
            asked = both.create_task(self._ask(bytes(self._pcm)))
        heard, text = along.result(), asked.result()
        if text is None:
            return heard
        return replace(heard, text=text, engine=self._name, reason="" if text else "noise")

    def abort(self) -> None:
        self._along.abort()
