"""How a stream listens ahead, over a decoder that the tests hold in hand."""

from __future__ import annotations

import asyncio

import pytest

from cloud.speech.errors import EngineFailed
from cloud.speech.espeak import espeak
from cloud.speech.listening import Decoded, GrowingStream, Pace
from cloud.speech.sound import SAMPLE_RATE_HZ, Floats, from_pcm, resample, to_pcm
from cloud.speech.stt import Transcript

FRAME_BYTES = 640
PACE = Pace(segment=14 * SAMPLE_RATE_HZ)


class Scripted:
    """A decoder in the hand of a test: answers with the milliseconds it was given, once it may."""

    name = "scripted"

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.given_up = 0
        self.at_once = True
        self.fails = False
        self.may_go = asyncio.Event()
        self.begun = asyncio.Event()

    async def decode(self, samples: Floats, before: Decoded | None) -> Decoded:
        self.asked.append(len(samples) * 1000 // SAMPLE_RATE_HZ)
        self.begun.set()
        if self.fails:
            raise EngineFailed("it broke")
        try:
            if not self.at_once:
                await self.may_go.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        return Decoded(text=f"heard {len(samples)}", log_likelihood=-1.0)


def speech(text: str) -> bytes:
    samples = resample(from_pcm(espeak().say(text)), espeak().sample_rate_hz, SAMPLE_RATE_HZ)
    return to_pcm(samples)


def silence(ms: int) -> bytes:
    return bytes(SAMPLE_RATE_HZ * ms // 1000 * 2)


SENTENCE = speech("We are going to the market on Saturday morning")


async def hold(stream: GrowingStream, pcm: bytes) -> None:
    """Feeds it frame by frame; what the stream began goes on in between."""
    for start in range(0, len(pcm), FRAME_BYTES):
        stream.feed(pcm[start : start + FRAME_BYTES])
        await asyncio.sleep(0)


async def test_what_was_decoded_when_the_speaker_fell_silent_is_the_transcript() -> None:
    decoder = Scripted()
    stream = GrowingStream(decoder, PACE, "turn", None)
    await hold(stream, SENTENCE + silence(300))
    asked = len(decoder.asked)
    transcript = await stream.finish()
    assert transcript.text.startswith("heard")
    assert len(decoder.asked) == asked == 1


async def test_words_after_a_pause_are_decoded_again() -> None:
    decoder = Scripted()
    stream = GrowingStream(decoder, PACE, "turn", None)
    await hold(stream, SENTENCE + silence(300) + SENTENCE + silence(300))
    await stream.finish()
    assert len(decoder.asked) >= 2
    assert decoder.asked[-1] > 2 * decoder.asked[0] - 1000


async def test_a_look_that_has_become_stale_gives_way_when_the_speaker_falls_silent() -> None:
    decoder = Scripted()
    stream = GrowingStream(decoder, PACE, "turn", lambda text: None)
    decoder.at_once = False
    await hold(stream, SENTENCE)
    await decoder.begun.wait()
    decoder.at_once = True
    await hold(stream, silence(300))
    await stream.finish()
    assert decoder.given_up == 1
    assert decoder.asked[-1] > decoder.asked[0]


async def test_a_stale_look_gives_way_at_release() -> None:
    decoder = Scripted()
    stream = GrowingStream(decoder, PACE, "turn", lambda text: None)
    decoder.at_once = False
    await hold(stream, SENTENCE)
    decoder.at_once = True
    assert (await stream.finish()).text
    await asyncio.sleep(0)
    assert decoder.given_up == 1
    assert decoder.asked[-1] > decoder.asked[0]


async def test_an_aborted_turn_is_not_decoded_any_further() -> None:
    decoder = Scripted()
    decoder.at_once = False
    stream = GrowingStream(decoder, PACE, "turn", lambda text: None)
    await hold(stream, SENTENCE)
    stream.abort()
    await asyncio.sleep(0)
    assert decoder.given_up == len(decoder.asked) == 1


async def test_one_decoding_at_a_time() -> None:
    decoder = Scripted()
    decoder.at_once = False
    stream = GrowingStream(decoder, PACE, "turn", lambda text: None)
    await hold(stream, SENTENCE)
    assert len(decoder.asked) == 1
    stream.abort()


async def test_a_microphone_whose_zero_is_not_zero_is_heard_like_another() -> None:
    decoder = Scripted()
    stream = GrowingStream(decoder, PACE, "turn", lambda text: None)
    await hold(stream, to_pcm(from_pcm(silence(300) + SENTENCE + silence(300)) * 0.5 + 0.4))
    assert (await stream.finish()).text
    quiet = GrowingStream(decoder, PACE, "turn", lambda text: None)
    await hold(quiet, to_pcm(from_pcm(silence(2000)) + 0.4))
    assert (await quiet.finish()).reason == "silence"


@pytest.mark.parametrize("share", [0.0, 1.0])
async def test_listening_ahead_costs_no_more_than_its_share(share: float) -> None:
    decoder = Scripted()
    pace = Pace(segment=14 * SAMPLE_RATE_HZ, share=share, spare_s=-1.0)
    stream = GrowingStream(decoder, pace, "turn", lambda text: None)
    await hold(stream, SENTENCE + silence(300))
    assert (len(decoder.asked) <= 1) == (share == 0.0)
    assert (await stream.finish()).text


async def test_an_engine_that_breaks_while_the_button_is_held_is_asked_once_more_at_the_end() -> None:
    decoder = Scripted()
    decoder.fails = True
    stream = GrowingStream(decoder, PACE, "turn", lambda text: None)
    await hold(stream, SENTENCE + silence(300))
    assert len(decoder.asked) == 1
    with pytest.raises(EngineFailed):
        await stream.finish()


async def test_what_will_have_been_said_is_told_ahead_of_the_button_and_taken_back_when_the_speaker_goes_on() -> None:
    decoder = Scripted()
    ahead: list[Transcript | None] = []
    stream = GrowingStream(decoder, PACE, "turn", None, ahead.append)
    await hold(stream, SENTENCE)
    assert ahead == []
    await hold(stream, silence(300))
    assert [each is None for each in ahead] == [False]
    await hold(stream, SENTENCE + silence(300))
    transcript = await stream.finish()
    assert [each is None for each in ahead] == [False, True, False]
    assert ahead[-1] is not None
    assert ahead[-1].text == transcript.text
