from __future__ import annotations

import asyncio

import pytest

from device import cues
from device.errors import SpeakerError
from device.parts.simulated import WavSpeaker
from device.voice import Voice
from wire.outcomes import Tone


class Ear:
    def __init__(self, *, fast: bool = False) -> None:
        self.speaker = WavSpeaker(fast=fast)
        self.drained: list[tuple[int, int]] = []
        self.started: list[int] = []
        self.done = asyncio.Event()
        self.begun = asyncio.Event()
        self.voice = Voice(self.speaker, on_drained=self._drained, on_started=self._started)

    def _drained(self, say: int, samples: int) -> None:
        self.drained.append((say, samples))
        self.done.set()

    def _started(self, say: int) -> None:
        self.started.append(say)
        self.begun.set()


async def test_an_utterance_is_played_whole_and_then_told() -> None:
    ear = Ear(fast=True)
    ear.voice.play(1, b"\1\0" * 500)
    ear.voice.play(1, b"\2\0" * 500)
    ear.voice.finish(1)
    task = asyncio.create_task(ear.voice.run())
    await asyncio.wait_for(ear.done.wait(), 20)
    task.cancel()
    assert ear.drained == [(1, 1000)] and ear.started == [1]
    assert bytes(ear.speaker.heard) == b"\1\0" * 500 + b"\2\0" * 500


async def test_hushing_cuts_what_is_playing_and_forgets_the_rest() -> None:
    ear = Ear()
    ear.voice.play(1, bytes(320_000))
    ear.voice.play(1, bytes(32_000))
    task = asyncio.create_task(ear.voice.run())
    await asyncio.wait_for(ear.begun.wait(), 20)
    ear.voice.hush()
    ear.voice.play(2, bytes(640))
    ear.voice.finish(2)
    await asyncio.wait_for(ear.done.wait(), 20)
    task.cancel()
    assert ear.drained == [(2, 320)]
    assert len(ear.speaker.heard) < 300_000, "ten seconds were cut"


async def test_words_do_not_wait_for_a_cue() -> None:
    ear = Ear()
    ear.voice.cue(cues.cue(Tone.ALERT) * 50)
    task = asyncio.create_task(ear.voice.run())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    ear.voice.play(1, bytes(640))
    ear.voice.finish(1)
    await asyncio.wait_for(ear.done.wait(), 20)
    task.cancel()
    assert len(ear.speaker.heard) < len(cues.cue(Tone.ALERT)) * 25


async def test_a_cue_does_not_disturb_what_is_said() -> None:
    ear = Ear(fast=True)
    ear.voice.play(1, bytes(640))
    ear.voice.cue(cues.cue(Tone.ERROR))
    ear.voice.finish(1)
    task = asyncio.create_task(ear.voice.run())
    await asyncio.wait_for(ear.done.wait(), 20)
    task.cancel()
    assert len(ear.speaker.heard) == 640


async def test_more_than_a_minute_is_not_kept_waiting() -> None:
    ear = Ear(fast=True)
    for _ in range(70):
        ear.voice.play(1, bytes(32_000))
    ear.voice.finish(1)
    task = asyncio.create_task(ear.voice.run())
    await asyncio.wait_for(ear.done.wait(), 20)
    task.cancel()
    assert ear.drained == [(1, 960_000)]


def test_louder_sound_is_a_higher_level() -> None:
    levels = [
        cues.level_of((height).to_bytes(2, "little", signed=True) * 320) for height in (0, 300, 900, 3000, 6000, 20000)
    ]
    assert levels == [0, 1, 2, 3, 4, 5]
    assert cues.level_of(b"") == 0 and cues.level_of(b"\x00\x80" * 320) == 5


async def test_while_recording_only_the_press_is_heard() -> None:
    ear = Ear(fast=True)
    task = asyncio.create_task(ear.voice.run())
    ear.voice.press()
    assert ear.voice.hold(), "the press sounds"
    ear.voice.cue(cues.cue(Tone.ERROR))
    ear.voice.ring(True)
    ear.voice.play(1, b"\1\0" * 500)
    ear.voice.finish(1)
    while len(ear.speaker.heard) < len(cues.press()):  # noqa: ASYNC110 - the speaker does not tell
        await asyncio.sleep(0.001)
    await asyncio.sleep(0)
    assert bytes(ear.speaker.heard) == cues.press() and not ear.drained
    ear.voice.let_go()
    await asyncio.wait_for(ear.done.wait(), 20)
    task.cancel()
    assert bytes(ear.speaker.heard).startswith(cues.press() + b"\1\0" * 500)


async def test_a_ringing_bell_is_cut_by_a_press_and_rings_on_after_it() -> None:
    ear = Ear()
    task = asyncio.create_task(ear.voice.run())
    ear.voice.ring(True)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert ear.voice.hold()
    ear.voice.let_go()
    while len(ear.speaker.heard) < len(cues.bell()):  # noqa: ASYNC110 - the speaker does not tell
        await asyncio.sleep(0.01)
    task.cancel()


class NoSpeaker(WavSpeaker):
    """A fake of one that was pulled out."""

    async def play(self, pcm: bytes) -> None:
        raise SpeakerError("There is no speaker.")


async def test_a_missing_speaker_is_told_once_for_cues_and_for_each_utterance() -> None:
    voice = Voice(NoSpeaker(), on_drained=lambda *_: None, on_started=lambda _: None)
    voice.press()
    with pytest.raises(SpeakerError):
        await voice.run()
    voice.press()
    voice.play(1, bytes(640))
    with pytest.raises(SpeakerError):
        await asyncio.wait_for(voice.run(), 20)
    voice.hush()
    voice.press()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(voice.run(), 0.05)
