import asyncio
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from cloud.speech.errors import SoundTooLong, StreamClosed
from cloud.speech.moonshine import MoonshineSpeech
from cloud.speech.sound import SAMPLE_RATE_HZ, to_pcm
from cloud.speech.stt import Transcript, nothing_heard, typed
from cloud.speech.tts import EspeakVoice

FRAME_BYTES = 640


async def spoken(text: str) -> bytes:
    voice = EspeakVoice(words_a_minute=140)
    pcm = b"".join([chunk async for chunk in voice.speak(text)])
    await voice.close()
    return pcm


async def heard(engine: MoonshineSpeech, pcm: bytes) -> Transcript:
    stream = engine.open("turn")
    for start in range(0, len(pcm), FRAME_BYTES):
        stream.feed(pcm[start : start + FRAME_BYTES])
    return await stream.finish()


@pytest.fixture(scope="module")
def engine() -> Iterator[MoonshineSpeech]:
    engine = MoonshineSpeech()
    yield engine
    asyncio.run(engine.close())


async def test_a_spoken_sentence_is_heard(engine: MoonshineSpeech) -> None:
    transcript = await heard(engine, await spoken("We are going to the market on Saturday morning."))
    assert "market on saturday morning" in transcript.text.lower()
    assert transcript.reason == ""
    assert transcript.engine == "moonshine-tiny-en"


async def test_the_sound_can_be_asked_which_of_two_sentences_it_was(engine: MoonshineSpeech) -> None:
    transcript = await heard(engine, await spoken("We visit them on Saturday."))
    assert transcript.evidence is not None
    right, wrong, far = await transcript.evidence.weigh(
        ["We visit them on Saturday.", "We visit them on Sunday.", "The train was late again."]
    )
    assert right > wrong > far


async def test_weighing_a_decoded_text_gives_the_likelihood_that_decoding_gave(engine: MoonshineSpeech) -> None:
    transcript = await heard(engine, await spoken("We are going to the market on Saturday morning."))
    assert transcript.evidence is not None
    (weighed,) = await transcript.evidence.weigh([transcript.text])
    assert weighed == pytest.approx(transcript.log_likelihood, abs=1.0)


async def test_words_arrive_while_the_button_is_held(engine: MoonshineSpeech) -> None:
    pcm = await spoken("We are going to the market on Saturday morning.")
    arrived: asyncio.Queue[str] = asyncio.Queue()
    stream = engine.open("turn", arrived.put_nowait)
    for start in range(0, len(pcm) * 2 // 3, FRAME_BYTES):
        stream.feed(pcm[start : start + FRAME_BYTES])
    assert "market" in (await arrived.get()).lower() or "market" in (await stream.finish()).text.lower()


@pytest.mark.parametrize("seconds", [0.0, 0.01, 1.0])
async def test_silence_is_an_empty_transcript_with_a_reason(engine: MoonshineSpeech, seconds: float) -> None:
    transcript = await heard(engine, bytes(int(seconds * SAMPLE_RATE_HZ) * 2))
    assert (transcript.text, transcript.reason) == ("", "silence")
    assert "nothing" in nothing_heard(transcript)


async def test_noise_is_an_empty_transcript_with_a_reason(engine: MoonshineSpeech) -> None:
    noise = np.random.default_rng(3).normal(0, 0.05, 2 * SAMPLE_RATE_HZ).astype(np.float32)
    transcript = await heard(engine, to_pcm(noise))
    assert (transcript.text, transcript.reason) == ("", "noise")
    assert "noise" in nothing_heard(transcript)


async def test_a_long_dictation_is_heard_in_segments_to_its_end(engine: MoonshineSpeech) -> None:
    sentence = "We are going to the market on Saturday morning. "
    transcript = await heard(engine, await spoken(sentence * 7 + "After that we visit the museum."))
    assert transcript.seconds > 15
    assert transcript.text.lower().count("market") >= 6
    assert transcript.text.lower().rstrip(".").endswith("museum")
    assert transcript.evidence is None


async def test_sound_over_the_limit_of_a_turn_is_refused(engine: MoonshineSpeech) -> None:
    stream = engine.open("turn")
    with pytest.raises(SoundTooLong, match="60 s"):
        stream.feed(bytes(62 * SAMPLE_RATE_HZ * 2))
    stream.abort()


async def test_an_aborted_stream_takes_no_more_sound(engine: MoonshineSpeech) -> None:
    stream = engine.open("turn")
    stream.feed(bytes(FRAME_BYTES))
    stream.abort()
    stream.abort()
    with pytest.raises(StreamClosed, match="turn"):
        stream.feed(bytes(FRAME_BYTES))


def test_typed_words_are_a_transcript_without_evidence() -> None:
    assert typed(" set a timer ").text == "set a timer"
    assert typed(" ").reason == "silence"


def test_importing_the_room_loads_no_model() -> None:
    program = (
        "import sys, cloud.speech.stt, cloud.speech.tts, cloud.speech.espeak, cloud.speech.moonshine;"
        "print([name for name in ('onnxruntime', 'moonshine_voice', 'espeakng_loader') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
