"""Endpoints over HTTP: a small server of the tests' own that speaks OpenAI's dialect."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import numpy as np
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from cloud.speech.endpoint import Address, Endpoint, EndpointVoice
from cloud.speech.errors import EndpointFailed
from cloud.speech.fallback import FallbackSpeech
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.rest import RESTS_S, Rest
from cloud.speech.sound import SAMPLE_RATE_HZ, Resampler, from_pcm, resample
from cloud.speech.standby import StandbyVoice
from cloud.speech.tts import EspeakVoice
from cloud.speech.wav import header, wrapped
from tests.cloud.speech.servers import served

KEY = "sk-not-a-real-key"


class House:
    """The server: what it was asked, and what it does next."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.checked = 0
        self.status = 200
        self.hangs = False
        self.over = asyncio.Event()
        self.answer: Callable[[], Response] = lambda: JSONResponse({"text": " Turn on the light. "})
        self.url = ""

    async def transcribe(self, request: Request) -> Response:
        async with request.form() as form:
            file = form["file"]
            assert not isinstance(file, str)
            with wave.open(io.BytesIO(await file.read())) as sound:
                seconds = sound.getnframes() / sound.getframerate()
            told = {"model": form["model"], "seconds": seconds, "key": request.headers.get("authorization")}
        return await self._answered(told)

    async def speak(self, request: Request) -> Response:
        return await self._answered(await request.json())

    async def models(self, request: Request) -> Response:
        self.checked += 1
        if self.hangs:
            await self.over.wait()
        return JSONResponse({"data": []}, self.status)

    async def _answered(self, told: dict[str, object]) -> Response:
        self.asked.append(told)
        if self.hangs:
            await self.over.wait()
        return self.answer() if self.status == 200 else JSONResponse({"error": KEY}, self.status)


@pytest_asyncio.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    routes = [
        Route("/v1/audio/transcriptions", made.transcribe, methods=["POST"]),
        Route("/v1/audio/speech", made.speak, methods=["POST"]),
        Route("/v1/models", made.models),
    ]
    async with served(Starlette(routes=routes)) as url:
        made.url = f"{url}/v1"
        yield made
        made.over.set()


def endpoint(url: str, deadline_s: float = 30.0) -> Endpoint:
    return Endpoint(Address(url=url, model="ear-1", key=KEY, voice="joan", deadline_s=deadline_s))


def voice_of(asked: Endpoint) -> StandbyVoice:
    return StandbyVoice(EndpointVoice(asked), EspeakVoice(), patience_s=60)


def tone(seconds: float, rate_hz: int = 24_000) -> bytes:
    at = np.arange(int(seconds * rate_hz)) / rate_hz
    return (np.sin(2 * np.pi * 440 * at) * 12_000).astype("<i2").tobytes()


def streamed(wav: bytes, size: int = 1000, cut: int | None = None) -> Callable[[], Response]:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(wav), size):
            if cut is not None and start >= cut:
                raise ConnectionResetError
            yield wav[start : start + size]

    return lambda: StreamingResponse(pieces(), media_type="audio/wav")


async def spoken(text: str) -> bytes:
    voice = EspeakVoice()
    pcm = b"".join([piece async for piece in voice.speak(text)])
    await voice.close()
    return pcm


async def said(voice: Endpoint | StandbyVoice, text: str) -> bytes:
    async with aclosing(voice.speak(text)) as pieces:
        return b"".join([piece async for piece in pieces])


async def test_sound_is_sent_as_a_wav_with_the_key_and_comes_back_as_text(house: House) -> None:
    asked = endpoint(house.url)
    assert await asked.transcribe(bytes(SAMPLE_RATE_HZ * 2)) == "Turn on the light."
    await asked.close()
    assert house.asked == [{"model": "ear-1", "seconds": 1.0, "key": f"Bearer {KEY}"}]


@pytest.mark.parametrize(
    ("status", "says"), [(401, "key_file"), (404, "/v1"), (429, "too many"), (500, "500"), (307, "307")]
)
async def test_a_refusal_is_named_with_the_address_and_without_the_key(house: House, status: int, says: str) -> None:
    house.status = status
    asked = endpoint(house.url)
    with pytest.raises(EndpointFailed, match=says) as failed:
        await asked.transcribe(b"")
    await asked.close()
    assert house.url in str(failed.value)
    assert KEY not in str(failed.value)


@pytest.mark.parametrize("body", [b"no json", b"[]", b'{"words": 1}', b"x" * (1 << 20)])
async def test_an_answer_that_is_no_transcript_is_named(house: House, body: bytes) -> None:
    house.answer = lambda: Response(body)
    asked = endpoint(house.url)
    with pytest.raises(EndpointFailed, match=r"no transcript|no end"):
        await asked.transcribe(b"")
    await asked.close()


async def test_an_endpoint_that_failed_is_left_alone_for_a_while(house: House) -> None:
    now = [0.0]
    engine = FallbackSpeech(endpoint(house.url), MoonshineSpeech(), Rest(lambda: now[0]))
    pcm, house.status = await spoken("Turn on the light please"), 401

    async def heard_by() -> str:
        stream = engine.open("turn")
        stream.feed(pcm)
        return (await stream.finish()).engine

    assert [await heard_by() for _ in range(3)] == ["moonshine-tiny-en"] * 3
    assert engine.name == "moonshine-tiny-en"
    assert len(house.asked) == 1
    assert "key_file" in engine.trouble
    now[0], house.status = RESTS_S[0], 200
    assert await heard_by() == engine.name == "openai-ear-1"
    assert engine.trouble == ""
    await engine.close()


async def test_an_endpoint_that_is_nowhere_is_named() -> None:
    asked = endpoint("http://127.0.0.1:9/v1")
    with pytest.raises(EndpointFailed, match="cannot be reached"):
        await asked.transcribe(b"")
    await asked.close()


async def test_the_sound_of_a_sentence_is_heard_while_it_still_comes(house: House) -> None:
    house.answer = streamed(wrapped(tone(1.0), 24_000))
    asked = endpoint(house.url)
    async with aclosing(asked.speak("Done.")) as pieces:
        first = await anext(pieces)
        rest = b"".join([piece async for piece in pieces])
    await asked.close()
    samples = from_pcm(first + rest)
    assert 0 < len(first) < 2000
    assert len(samples) == pytest.approx(SAMPLE_RATE_HZ, abs=100)
    assert house.asked == [{"model": "ear-1", "voice": "joan", "input": "Done.", "response_format": "wav"}]


@pytest.mark.parametrize("body", [b"", b"ID3 this is an MP3", wrapped(b"", 24_000)[:30], b"RIFF" + bytes(5000)])
async def test_sound_in_another_form_is_named(house: House, body: bytes) -> None:
    house.answer = lambda: Response(body)
    asked = endpoint(house.url)
    with pytest.raises(EndpointFailed):
        await said(asked, "Done.")
    await asked.close()


@pytest.mark.parametrize(("trouble", "says"), [("key", "key_file"), ("hangs", "no answer within")])
async def test_an_endpoint_that_will_not_do_is_told_at_the_start_and_stops_nobody(
    house: House, trouble: str, says: str
) -> None:
    house.hangs, house.status = trouble == "hangs", 401 if trouble == "key" else 200
    asked = endpoint(house.url, deadline_s=0.2 if trouble == "hangs" else 30.0)
    ear, voice = FallbackSpeech(asked, MoonshineSpeech()), voice_of(asked)
    await ear.ready()
    await voice.prepare(("Ready.",))
    await voice.prepare(("All right.",))
    assert (ear.name, voice.name) == ("moonshine-tiny-en", "espeak-ng")
    assert says in ear.trouble
    assert says in voice.trouble
    assert (house.asked, house.checked) == ([], 2)
    await ear.close()
    await voice.close()


@pytest.mark.parametrize("status", [200, 404, 405, 500])
async def test_an_endpoint_without_a_list_of_models_is_asked_all_the_same(house: House, status: int) -> None:
    house.status = status
    asked = endpoint(house.url)
    await asked.check()
    await asked.close()


async def test_what_the_endpoint_heard_keeps_the_evidence_of_the_embedded_ear(house: House) -> None:
    engine = FallbackSpeech(endpoint(house.url), MoonshineSpeech())
    stream = engine.open("turn")
    stream.feed(await spoken("Turn on the light please"))
    transcript = await stream.finish()
    assert (transcript.text, transcript.engine) == ("Turn on the light.", "openai-ear-1")
    assert transcript.evidence is not None
    right, wrong = await transcript.evidence.weigh(["Turn on the light, please.", "The train was late again."])
    assert right > wrong
    await engine.close()


async def test_silence_is_not_sent_anywhere(house: House) -> None:
    engine = FallbackSpeech(endpoint(house.url), MoonshineSpeech())
    stream = engine.open("turn")
    stream.feed(bytes(SAMPLE_RATE_HZ * 2))
    assert (await stream.finish()).reason == "silence"
    assert house.asked == []
    await engine.close()


@pytest.mark.parametrize("trouble", ["hangs", "refuses"])
async def test_the_embedded_ear_hears_what_the_endpoint_does_not_and_says_so(house: House, trouble: str) -> None:
    house.hangs, house.status = trouble == "hangs", 200 if trouble == "hangs" else 500
    engine = FallbackSpeech(endpoint(house.url, deadline_s=0.2), MoonshineSpeech())
    stream = engine.open("turn")
    stream.feed(await spoken("We are going to the market on Saturday morning."))
    transcript = await stream.finish()
    assert "market" in transcript.text.lower()
    assert transcript.engine == "moonshine-tiny-en"
    assert house.url in engine.trouble
    await engine.close()


async def test_a_sentence_is_asked_for_once(house: House) -> None:
    house.answer = streamed(wrapped(tone(0.5), 24_000))
    voice = voice_of(endpoint(house.url))
    once = await said(voice, "Done. Done.")
    assert len(once) > SAMPLE_RATE_HZ
    assert len(house.asked) == 1
    await voice.close()


@pytest.mark.parametrize("trouble", ["hangs", "refuses", "cut"])
async def test_the_embedded_voice_says_what_the_endpoint_does_not(house: House, trouble: str) -> None:
    house.hangs, house.status = trouble == "hangs", 500 if trouble == "refuses" else 200
    house.answer = streamed(wrapped(tone(1.0), 24_000), cut=20_000)
    voice = voice_of(endpoint(house.url, deadline_s=0.2 if trouble == "hangs" else 30.0))
    heard = await said(voice, "Your timer is set.")
    alone = len(await spoken("Your timer is set."))
    assert (len(heard) > alone * 1.1) if trouble == "cut" else len(heard) == pytest.approx(alone, rel=0.1)
    assert house.url in voice.trouble
    assert voice.name == "espeak-ng"
    await voice.close()


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("size", [1, 37, 5_000])
def test_sound_that_comes_in_pieces_is_changed_as_if_it_came_in_one(rate_hz: int, size: int) -> None:
    whole = from_pcm(tone(0.1, rate_hz))
    resampler = Resampler(rate_hz, SAMPLE_RATE_HZ)
    pieces = [resampler.feed(whole[start : start + size]) for start in range(0, len(whole), size)]
    together = np.concatenate([*pieces, resampler.flush()])
    alone = resample(whole, rate_hz, SAMPLE_RATE_HZ)
    count = min(len(together), len(alone))
    assert 0 <= len(together) - len(alone) < 64
    assert np.abs(together[:count] - alone[:count]).max() < 1e-5


@pytest.mark.parametrize("known", range(0, 45, 4))
def test_a_header_is_waited_for(known: int) -> None:
    wav = wrapped(b"ab" * 10, 24_000)
    told = header(wav[:known])
    assert (told is not None) == (known >= 44)
