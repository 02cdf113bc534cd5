"""Speech engines behind an OpenAI-compatible endpoint: `/audio/transcriptions` and `/audio/speech`.

What it says of itself in errors is its address and what went wrong, never the key and never what was said.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import Any

import httpx
import msgspec
from msgspec import Struct

from cloud.speech.errors import EndpointFailed
from cloud.speech.sound import SAMPLE_RATE_HZ, Resampler, from_pcm, to_pcm
from cloud.speech.tts import CHUNK_BYTES, sentences
from cloud.speech.wav import header, wrapped

_MOST_ANSWER_BYTES = 256 << 10
_MOST_SOUND_BYTES = 64 << 20
_KEPT = 64  # sentences
_WHY = {
    401: "it refuses the key: mend the file that key_file names, and restart",
    403: "it refuses the key: mend the file that key_file names, and restart",
    404: "it knows no such address or model: does the url end in /v1?",
    413: "the sound is too long for it",
    429: "it has had too many requests",
}


class Address(Struct, frozen=True, kw_only=True):
    """Where it is and what is asked of it. `deadline_s`: for a transcript, or for the first sound of a sentence."""

    url: str
    model: str
    key: str = ""
    voice: str = ""
    deadline_s: float = 4.0


class _Answer(Struct, frozen=True):
    text: str


class Endpoint:
    """One endpoint."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._client: httpx.AsyncClient | None = None

    @property
    def name(self) -> str:
        return f"openai-{self.address.model}"

    async def check(self) -> None:
        """Whether it can be reached and takes the key: its list of models costs nothing. Raises EndpointFailed."""
        async with self._asking(), asyncio.timeout(self.address.deadline_s):
            async with self._open().stream("GET", self._at("/models")) as answer:
                if answer.status_code in (401, 403):
                    raise EndpointFailed(f"it answered {answer.status_code}: {_WHY[answer.status_code]}")

    async def transcribe(self, pcm: bytes) -> str:
        """The text of 16-bit mono PCM at 16 kHz. Raises EndpointFailed, within the deadline."""
        form = {"model": self.address.model, "response_format": "json", "language": "en"}
        async with self._asking(), asyncio.timeout(self.address.deadline_s):
            sound = ("speech.wav", wrapped(pcm), "audio/wav")
            async with self._post("/audio/transcriptions", data=form, files={"file": sound}) as answer:
                told = await _whole(answer)
            try:
                return msgspec.json.decode(told, type=_Answer).text.strip()
            except (msgspec.DecodeError, msgspec.ValidationError) as error:
                raise EndpointFailed(f"its answer is no transcript: {error}") from error

    async def speak(self, text: str) -> AsyncGenerator[bytes, None]:
        """16-bit mono PCM at 16 kHz as it comes, each piece within the deadline. Raises EndpointFailed."""
        wanted = {"model": self.address.model, "voice": self.address.voice, "input": text, "response_format": "wav"}
        async with self._asking(), AsyncExitStack() as stack:
            async with asyncio.timeout(self.address.deadline_s):
                answer = await stack.enter_async_context(self._post("/audio/speech", json=wanted))
            pieces = await stack.enter_async_context(aclosing(_sound(answer)))
            while True:
                async with asyncio.timeout(self.address.deadline_s):
                    pcm = await anext(pieces, b"")
                if not pcm:
                    break
                yield pcm

    async def close(self) -> None:
        """Gives back the connections. Harmless twice."""
        if self._client is not None:
            await self._client.aclose()

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """Whatever goes wrong inside is one error with the address in it."""
        try:
            yield
        except TimeoutError as error:
            raise self._failed(f"no answer within {self.address.deadline_s:g} s") from error
        except httpx.HTTPError as error:
            raise self._failed(
                f"it cannot be reached ({type(error).__name__}); is it running, and its url right?"
            ) from None
        except EndpointFailed as error:
            raise self._failed(str(error)) from None

    def _failed(self, why: str) -> EndpointFailed:
        return EndpointFailed(f"{self.address.url}: {why}")

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            key = {"authorization": f"Bearer {self.address.key}"} if self.address.key else {}
            self._client = httpx.AsyncClient(headers=key, timeout=httpx.Timeout(None, connect=self.address.deadline_s))
        return self._client

    def _at(self, path: str) -> str:
        return self.address.url.rstrip("/") + path

    @asynccontextmanager
    async def _post(self, path: str, **wanted: Any) -> AsyncIterator[httpx.Response]:
        async with self._open().stream("POST", self._at(path), **wanted) as answer:
            if answer.status_code != 200:
                why = _WHY.get(answer.status_code, "try it with curl to see more")
                raise EndpointFailed(f"it answered {answer.status_code}: {why}")
            yield answer


class EndpointVoice:
    """An endpoint as a voice; sentences said before are kept, and none is bought that nobody hears."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._known: OrderedDict[str, bytes] = OrderedDict()

    @property
    def name(self) -> str:
        return self._endpoint.name

    async def speak(self, text: str) -> AsyncGenerator[bytes, None]:
        for sentence in sentences(text):
            async with aclosing(self._said(sentence)) as pieces:
                async for pcm in pieces:
                    for start in range(0, len(pcm), CHUNK_BYTES):
                        yield pcm[start : start + CHUNK_BYTES]

    async def prepare(self, texts: Iterable[str]) -> None:
        """Makes nothing: only asks whether it could. Raises EndpointFailed."""
        await self._endpoint.check()

    async def close(self) -> None:
        await self._endpoint.close()

    async def _said(self, sentence: str) -> AsyncGenerator[bytes, None]:
        made = self._known.get(sentence)
        if made is not None:
            yield made
            return
        whole = bytearray()
        async with aclosing(self._endpoint.speak(sentence)) as pieces:
            async for pcm in pieces:
                whole += pcm
                yield pcm
        self._known[sentence] = bytes(whole)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)


async def _whole(answer: httpx.Response) -> bytes:
    told = bytearray()
    async for piece in answer.aiter_bytes():
        told += piece
        if len(told) > _MOST_ANSWER_BYTES:
            raise EndpointFailed("its answer has no end")
    return bytes(told)


async def _sound(answer: httpx.Response) -> AsyncGenerator[bytes, None]:
    """The sound of a WAV that is still coming, at our own rate."""
    held, taken = b"", 0
    resampler: Resampler | None = None
    width = 2
    async for piece in answer.aiter_bytes():
        held += piece
        taken += len(piece)
        if taken > _MOST_SOUND_BYTES:
            raise EndpointFailed("its sound has no end")
        if resampler is None:
            told = header(held)
            if told is None:
                continue
            resampler, width, held = Resampler(told.rate_hz, SAMPLE_RATE_HZ), 2 * told.channels, held[told.start :]
        whole = len(held) // width * width
        samples = from_pcm(held[:whole]).reshape(-1, width // 2).mean(axis=1)
        held = held[whole:]
        if pcm := to_pcm(resampler.feed(samples)):
            yield pcm
    if resampler is None:
        raise EndpointFailed("it sent no sound")
    if pcm := to_pcm(resampler.flush()):
        yield pcm
