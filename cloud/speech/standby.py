"""A stronger engine on this machine, and the embedded one that takes its place in the middle of a turn when it breaks.

The sound of the turn is still there, so nothing has to be said twice; a sentence is begun anew by the other voice. An
engine that broke rests (`rest.py`), and meanwhile the embedded one serves from the beginning.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing

import structlog

from cloud.speech.errors import EndpointFailed, SpeechError
from cloud.speech.rest import Rest
from cloud.speech.stt import AheadHeard, PartialHeard, SpeechStream, SpeechToText, Transcript
from cloud.speech.tts import TextToSpeech, sentences

# What has not come then is not waited for. Words: far more than any engine takes that is worth talking to. Sound: a
# device waits 5 s for what it was told will come.
WORDS_S = 12.0
SOUND_S = 4.0
log = structlog.get_logger()


class StandbySpeech:
    """Speech to text by `engine`, or by `embedded`."""

    def __init__(
        self, engine: SpeechToText, embedded: SpeechToText, rest: Rest | None = None, patience_s: float = WORDS_S
    ) -> None:
        self._engine = engine
        self._embedded = embedded
        self._rest = rest or Rest()
        self._patience_s = patience_s

    @property
    def name(self) -> str:
        return self._embedded.name if self._rest.is_on else self._engine.name

    @property
    def trouble(self) -> str:
        return told(self._rest, self._engine.name, self._embedded.name, "hears")

    async def ready(self) -> None:
        await self._engine.ready()

    def open(
        self, turn: str, on_partial: PartialHeard | None = None, on_ahead: AheadHeard | None = None
    ) -> SpeechStream:
        if self._rest.is_on:
            return self._embedded.open(turn, on_partial, on_ahead)
        stream = self._engine.open(turn, on_partial, on_ahead)
        return _Stream(stream, lambda stream, pcm: self._heard(stream, turn, pcm))

    async def close(self) -> None:
        await self._engine.close()
        await self._embedded.close()

    async def _heard(self, stream: SpeechStream, turn: str, pcm: bytes) -> Transcript:
        try:
            async with asyncio.timeout(self._patience_s):
                transcript = await stream.finish()
        except (SpeechError, TimeoutError) as error:
            stream.abort()
            self._rest.failed(reason_of(error, self._patience_s))
            log.warning("heard_by_the_embedded_engine", turn=turn, reason=self.trouble)
            again = self._embedded.open(turn)
            again.feed(pcm)
            return await again.finish()
        if transcript.text:
            self._rest.worked()
        return transcript


class _Stream:
    """Keeps the sound of the turn for as long as it lasts."""

    def __init__(self, stream: SpeechStream, end: Callable[[SpeechStream, bytes], Awaitable[Transcript]]) -> None:
        self._stream = stream
        self._end = end
        self._pcm = bytearray()

    def feed(self, pcm: bytes) -> None:
        self._stream.feed(pcm)
        self._pcm += pcm

    async def finish(self) -> Transcript:
        return await self._end(self._stream, bytes(self._pcm))

    def abort(self) -> None:
        self._stream.abort()


class StandbyVoice:
    """Text to speech by `voice`, or by `embedded`: sentence by sentence, each whole."""

    def __init__(
        self, voice: TextToSpeech, embedded: TextToSpeech, rest: Rest | None = None, patience_s: float = SOUND_S
    ) -> None:
        self._voice = voice
        self._embedded = embedded
        self._rest = rest or Rest()
        self._patience_s = patience_s

    @property
    def name(self) -> str:
        return self._embedded.name if self._rest.is_on else self._voice.name

    @property
    def trouble(self) -> str:
        return told(self._rest, self._voice.name, self._embedded.name, "speaks")

    async def speak(self, text: str) -> AsyncGenerator[bytes, None]:
        for sentence in sentences(text):
            try:
                if not self._rest.is_on:
                    async with aclosing(self._said(sentence)) as pieces:
                        async for pcm in pieces:
                            yield pcm
                    self._rest.worked()
                    continue
            except (SpeechError, TimeoutError) as error:
                self._rest.failed(reason_of(error, self._patience_s))
                log.warning("spoken_by_the_embedded_voice", reason=self.trouble)
            async with aclosing(self._embedded.speak(sentence)) as pieces:
                async for pcm in pieces:
                    yield pcm

    async def prepare(self, texts: Iterable[str]) -> None:
        wanted = list(texts)
        await self._embedded.prepare(wanted)
        if self._rest.is_on:
            return
        try:
            await self._voice.prepare(wanted)
        except EndpointFailed as error:
            self._rest.failed(str(error))
            log.warning("endpoint_not_ready", reason=self.trouble)

    async def close(self) -> None:
        await self._voice.close()
        await self._embedded.close()

    async def _said(self, sentence: str) -> AsyncGenerator[bytes, None]:
        """By the stronger voice, each piece in time."""
        async with aclosing(self._voice.speak(sentence)) as pieces:
            while True:
                async with asyncio.timeout(self._patience_s):
                    pcm = await anext(pieces, b"")
                if not pcm:
                    return
                yield pcm


def reason_of(error: SpeechError | TimeoutError, patience_s: float) -> str:
    """Why an engine is not asked any more."""
    return str(error) or f"it took over {patience_s:g} s"


def told(rest: Rest, engine: str, embedded: str, does: str) -> str:
    """For the owner: what is wrong with an engine, what serves instead, and what to do; "" when nothing is."""
    if not rest.reason:
        return ""
    reason = rest.reason.rstrip(".")
    setting = "stt" if does == "hears" else "tts"
    return (
        f"{engine} failed: {reason}. {embedded} {does} instead; the other is asked again {rest.left}. "
        f"If this goes on, restart the cloud, or set another {setting}."
    )
