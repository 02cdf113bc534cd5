"""Stronger engines that break in the middle of a turn or a sentence, and what happens to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest

from cloud.speech.errors import EngineFailed, VoiceFailed
from cloud.speech.listening import Decoded
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.piper import PiperSpeech
from cloud.speech.rest import RESTS_S, Rest
from cloud.speech.sound import SAMPLE_RATE_HZ, Floats
from cloud.speech.standby import StandbySpeech, StandbyVoice
from cloud.speech.stt import Transcript
from cloud.speech.tts import EspeakVoice
from cloud.speech.whisper import WhisperSpeech
from tests.cloud.speech.test_listening import speech

# No machine is too busy for it.
LONG_S = 120.0
SAID = speech("We are going to the market on Saturday morning.")


class Breaking(WhisperSpeech):
    """The real one, that breaks or hangs from the moment that a test wants it to."""

    breaks = False
    hangs = False

    async def decode(self, samples: Floats, before: Decoded | None = None) -> Decoded:
        if self.hangs:
            await asyncio.Event().wait()
        if self.breaks:
            raise EngineFailed(f"{self.name} broke while it listened: out of memory")
        return await super().decode(samples, before)


async def turn(engine: StandbySpeech, pcm: bytes = SAID) -> Transcript:
    stream = engine.open("turn")
    stream.feed(pcm)
    return await stream.finish()


async def test_a_turn_in_which_whisper_breaks_is_heard_by_the_embedded_ear_and_says_so(whisper_folder: Path) -> None:
    whisper = Breaking(whisper_folder)
    engine = StandbySpeech(whisper, MoonshineSpeech(), patience_s=LONG_S)
    assert (await turn(engine)).engine == "whisper-toy.en"
    whisper.breaks = True
    heard = await turn(engine)
    assert heard.engine == "moonshine-tiny-en"
    assert "market" in heard.text.lower()
    assert heard.evidence is not None
    assert "out of memory" in engine.trouble
    assert "moonshine-tiny-en hears instead" in engine.trouble
    await engine.close()


async def test_whisper_that_does_not_come_back_is_not_waited_for(whisper_folder: Path) -> None:
    whisper = Breaking(whisper_folder)
    whisper.hangs = True
    engine = StandbySpeech(whisper, MoonshineSpeech(), patience_s=0.05)
    assert (await turn(engine)).engine == "moonshine-tiny-en"
    assert "it took over 0.05 s" in engine.trouble
    await engine.close()


async def test_what_broke_is_left_alone_for_a_while_and_then_tried_again(whisper_folder: Path) -> None:
    now = [0.0]
    whisper = Breaking(whisper_folder)
    engine = StandbySpeech(whisper, MoonshineSpeech(), Rest(lambda: now[0]), LONG_S)
    whisper.breaks = True
    await turn(engine)
    whisper.breaks = False
    assert (await turn(engine)).engine == engine.name == "moonshine-tiny-en"
    now[0] = RESTS_S[0]
    assert (await turn(engine)).engine == engine.name == "whisper-toy.en"
    assert engine.trouble == ""
    await engine.close()


async def test_silence_is_no_proof_that_an_engine_works_again(whisper_folder: Path) -> None:
    now = [0.0]
    whisper = Breaking(whisper_folder)
    engine = StandbySpeech(whisper, MoonshineSpeech(), Rest(lambda: now[0]), LONG_S)
    whisper.breaks = True
    await turn(engine)
    now[0] = RESTS_S[0]
    assert (await turn(engine, bytes(SAMPLE_RATE_HZ * 2))).reason == "silence"
    assert engine.trouble
    await engine.close()


async def test_words_appear_while_the_embedded_ear_stands_in(whisper_folder: Path) -> None:
    whisper = Breaking(whisper_folder)
    whisper.breaks = True
    engine = StandbySpeech(whisper, MoonshineSpeech(), patience_s=LONG_S)
    await turn(engine)
    words: asyncio.Queue[str] = asyncio.Queue()
    stream = engine.open("turn", words.put_nowait)
    stream.feed(SAID)
    assert await words.get()
    stream.abort()
    await engine.close()


class Cracked(PiperSpeech):
    """The real one, that cannot say a sentence with a word that it does not like."""

    def make(self, model: object, sentence: str) -> bytes:
        if "timer" in sentence:
            raise VoiceFailed("the Piper voice could not say it")
        return super().make(model, sentence)  # type: ignore[arg-type]


async def said(voice: StandbyVoice | EspeakVoice, text: str) -> bytes:
    async with aclosing(voice.speak(text)) as pieces:
        return b"".join([piece async for piece in pieces])


async def test_a_sentence_that_piper_cannot_say_is_said_by_the_embedded_voice(piper_path: Path) -> None:
    now = [0.0]
    voice = StandbyVoice(Cracked(piper_path), EspeakVoice(), Rest(lambda: now[0]), LONG_S)
    hum = await said(voice, "All right.")
    assert voice.name.startswith("piper-")
    alone = EspeakVoice()
    spoken = np.frombuffer(await said(voice, "Your timer is set."), "<i2")
    assert len(spoken) == pytest.approx(len(await said(alone, "Your timer is set.")) // 2, rel=0.1)
    assert voice.name == "espeak-ng"
    assert "espeak-ng speaks instead" in voice.trouble
    now[0] = RESTS_S[0]
    assert await said(voice, "All right.") == hum
    assert voice.trouble == ""
    await alone.close()
    await voice.close()


class Mute:
    """A voice that never begins."""

    name = "mute"

    async def speak(self, text: str) -> AsyncGenerator[bytes, None]:
        await asyncio.Event().wait()
        yield b""

    async def prepare(self, texts: Iterable[str]) -> None: ...

    async def close(self) -> None: ...


async def test_a_voice_that_never_begins_is_not_waited_for() -> None:
    voice = StandbyVoice(Mute(), EspeakVoice(), patience_s=0.05)
    assert await said(voice, "Your timer is set.")
    assert "it took over 0.05 s" in voice.trouble
    await voice.close()
