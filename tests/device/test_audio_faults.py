"""What the sound parts make of hardware that misbehaves. The hardware is a fake; the real is beside it."""

from __future__ import annotations

import asyncio
import random
from array import array

import pytest

from device.errors import MicrophoneError, SpeakerError
from device.parts.microphone import PyAudioMicrophone
from device.parts.sound_cards import SoundCards, Way
from device.parts.speaker import PyAudioSpeaker
from tests.device.pyaudio_of_tests import Card, Library
from tests.device.sound_stage import babble, like

LOST = r"was lost .*Is it plugged in"


class Desk:
    """A microphone and a speaker on fake hardware."""

    def __init__(self, *cards: Card) -> None:
        self.library = Library(*cards)
        self.cards = SoundCards(library=self.library, look_every_s=0)
        self.microphone = PyAudioMicrophone(self.cards, on_xrun=lambda ms: self.lost_ms.append(ms))
        self.speaker = PyAudioSpeaker(self.cards)
        self.lost_ms: list[int] = []

    async def __aenter__(self) -> Desk:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.speaker.close()
        self.microphone.release()
        self.cards.close()

    async def heard(self, pieces: int) -> bytes:
        async with asyncio.timeout(30):
            return b"".join([await self.microphone.read() for _ in range(pieces)])


@pytest.mark.parametrize(("rates", "channels"), [((48_000,), 1), ((44_100, 48_000), 2), ((8_000,), 1), ((96_000,), 2)])
async def test_hardware_that_has_no_16_khz_is_asked_for_what_it_has(rates: tuple[int, ...], channels: int) -> None:
    card = Card(rates=rates, channels=channels)
    async with Desk(card) as desk:
        await desk.microphone.open()
        heard = await desk.heard(4)
        await desk.microphone.close()
        assert abs(len(heard) - 4 * 1280) <= 8
        await desk.speaker.play(bytes(3200))
    assert len(card.heard) % (2 * channels) == 0


@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
async def test_what_was_captured_until_it_was_to_finish_is_read_to_its_last_sample(rate_hz: int) -> None:
    async with Desk(Card(rates=(rate_hz,))) as desk:
        await desk.microphone.open()
        heard = await desk.heard(2)
        stream = desk.microphone._opened
        assert stream is not None
        captured = stream.stream._passed()
        desk.microphone.finish()
        async with asyncio.timeout(30):
            while piece := await desk.microphone.read():
                heard += piece
        assert len(heard) // 2 >= captured * 16_000 // rate_hz
    if rate_hz == 16_000:
        assert array("h", heard).tolist() == [1 + (at * 7) % 1000 for at in range(len(heard) // 2)]


async def test_hardware_that_hands_over_nothing_any_more_ends_the_recording_all_the_same() -> None:
    card = Card()
    async with Desk(card) as desk:
        await desk.microphone.open()
        await desk.heard(2)
        card.frozen = True
        desk.microphone.finish()
        async with asyncio.timeout(30):
            while await desk.microphone.read():
                pass


async def test_a_microphone_that_is_pulled_out_says_so_and_records_again_when_it_is_back() -> None:
    card = Card()
    async with Desk(card) as desk:
        await desk.microphone.open()
        await desk.heard(3)
        card.plugged = False
        with pytest.raises(MicrophoneError, match=LOST):
            await desk.heard(100)
        await desk.microphone.close()
        with pytest.raises(MicrophoneError, match="There is no microphone"):
            await desk.microphone.open()
        card.plugged = True
        await desk.microphone.open()
        assert await desk.heard(3)


async def test_a_microphone_that_comes_only_later_is_found() -> None:
    card = Card()
    card.plugged = False
    async with Desk(card) as desk:
        desk.microphone.prepare()
        with pytest.raises(MicrophoneError, match=r"There is no microphone\. Is it plugged in"):
            await desk.microphone.open()
        card.plugged = True
        await desk.microphone.open()
        assert await desk.heard(2)


async def test_a_microphone_that_comes_while_the_speaker_plays_is_found_and_the_speaker_plays_on() -> None:
    box, microphone = Card("box"), Card("mic")
    microphone.plugged = False
    async with Desk(box, microphone) as desk:
        desk.microphone = PyAudioMicrophone(desk.cards, "mic")
        await desk.speaker.play(bytes(6400))
        with pytest.raises(MicrophoneError, match=r"no microphone called 'mic'; there are: box"):
            await desk.microphone.open()
        microphone.plugged = True
        await desk.microphone.open()
        assert await desk.heard(2)
        await desk.speaker.play(babble(0.3, 13))
        await desk.microphone.close()
    assert babble(0.3, 13) in bytes(box.heard)


async def test_a_speaker_that_is_pulled_out_says_so_and_plays_again_when_it_is_back() -> None:
    card = Card()
    async with Desk(card) as desk:
        await desk.speaker.play(bytes(640))
        card.plugged = False
        with pytest.raises(SpeakerError):
            async with asyncio.timeout(30):
                while True:
                    await desk.speaker.play(bytes(6400))
        card.plugged = True
        async with asyncio.timeout(30):
            while True:
                try:
                    await desk.speaker.play(bytes(640))
                except SpeakerError:
                    await asyncio.sleep(0.01)
                else:
                    break


async def test_a_restart_opens_the_hardware_anew() -> None:
    card = Card()
    async with Desk(card) as desk:
        for opened in (1, 2):
            await desk.microphone.open()
            await desk.heard(1)
            assert card.opened == opened
            await desk.microphone.restart()


async def test_between_recordings_the_stream_stays_open_but_nothing_is_taken_from_it() -> None:
    card = Card()
    asked: list[int] = []
    sound = card.sound

    def count(first: int, frames: int) -> bytes:
        asked.append(frames)
        return sound(first, frames)

    card.sound = count
    async with Desk(card) as desk:
        desk.microphone.prepare()
        await desk.microphone.open()
        await desk.heard(2)
        await desk.microphone.close()
        await desk.microphone.restart()
        before = len(asked)
        await asyncio.sleep(0.1)
        assert len(asked) == before and card.opened == 1


async def test_sound_that_was_lost_is_counted() -> None:
    card = Card()
    async with Desk(card) as desk:
        await desk.microphone.open()
        await desk.heard(3)
        card.lost_frames += 8_000
        await desk.heard(25)
        await desk.microphone.close()
    assert desk.microphone.xruns == len(desk.lost_ms) >= 1 and sum(desk.lost_ms) >= 400


async def test_nobody_reads_for_long_and_the_newest_is_kept() -> None:
    card = Card()
    card.sound = lambda first, count: (first // 640 % 30_000).to_bytes(2, "little") * count
    async with Desk(card) as desk:
        await desk.microphone.open()
        async with asyncio.timeout(30):
            while desk.microphone.dropped < 20:  # noqa: ASYNC110 - nobody is told
                await asyncio.sleep(0.02)
        first = array("h", await desk.microphone.read())[0]
    assert first >= 20


async def test_a_cut_is_a_cut_and_what_comes_next_is_heard() -> None:
    card = Card()
    said, after = babble(2.0, 11), babble(0.3, 12)
    async with Desk(card) as desk:
        playing = asyncio.create_task(desk.speaker.play(said))
        async with asyncio.timeout(30):
            while like(bytes(card.heard), said[:6400]) < 0.9:  # noqa: ASYNC110 - the card does not tell
                await asyncio.sleep(0.01)
        desk.speaker.cut()
        async with asyncio.timeout(30):
            await playing
        await desk.speaker.play(after)
    heard = bytes(card.heard)
    assert len(heard.rstrip(b"\0")) and after in heard and said not in heard
    assert card.opened == 2, "what PortAudio still had was dropped"


async def test_a_speaker_that_hangs_is_opened_anew_and_plays_on() -> None:
    card = Card()
    async with Desk(card) as desk:
        await desk.speaker.play(bytes(6400))
        card.frozen = True
        playing = asyncio.create_task(desk.speaker.play(babble(0.5, 14)))
        async with asyncio.timeout(30):
            while card.opened < 2:  # noqa: ASYNC110 - the card does not tell
                await asyncio.sleep(0.01)
            card.frozen = False
            await playing
    assert desk.speaker.xruns


async def test_volume_is_heard_and_zero_is_silence() -> None:
    peaks = []
    for percent in (100, 50, 0):
        card = Card()
        async with Desk(card) as desk:
            desk.speaker.set_volume(percent)
            await desk.speaker.play(b"\x10\x27" * 1600)
        peaks.append(max(array("h", bytes(card.heard))))
    assert peaks == [10_000, 2_500, 0]


def bad_inputs() -> list[tuple[int, int, bytes]]:
    """(rate, channels, a second of sound that hardware gives), 200 of them."""
    dice = random.Random(1)
    kinds = [
        lambda n: bytes(2 * n),
        lambda n: b"\xff\x7f" * n,
        lambda n: b"\x00\x80" * n,
        lambda n: b"\xff\x7f\x00\x80" * (n // 2),
        lambda n: b"\x00\x20" * n,
        lambda n: dice.randbytes(2 * n),
        lambda n: b"\x7f\xc0\x00\x00" * (n // 2),
        lambda n: b"\xff\xff" * n,
    ]
    forms = [(8_000, 1), (16_000, 1), (16_000, 2), (44_100, 1), (48_000, 2)]
    return [(*forms[at // 8 % 5], kinds[at % 8](forms[at // 8 % 5][0] // 5)) for at in range(200)]


async def bad_hardware(rate: int, channels: int, given: bytes) -> int:
    """How many bytes the first piece of such sound has."""
    card = Card(rates=(rate,), channels=channels)
    frame = 2 * channels

    def sound(first: int, count: int) -> bytes:
        start = first * frame % len(given)
        return (given * 3)[start : start + count * frame]

    card.sound = sound
    async with Desk(card) as desk:
        await desk.microphone.open()
        heard = await desk.heard(1)
        await desk.microphone.close()
    return len(heard)


async def test_two_hundred_bad_inputs_are_whole_pieces_of_sound_and_never_an_error_of_ours() -> None:
    """D1: silence, clipping, offset, noise and nonsense at odd rates."""
    inputs = bad_inputs()
    for at in range(0, len(inputs), 20):
        lengths = await asyncio.gather(*(bad_hardware(*one) for one in inputs[at : at + 20]))
        assert all(length % 2 == 0 and abs(length - 1280) <= 40 for length in lengths)


def test_names_tell_what_is_there() -> None:
    cards = SoundCards(library=Library(Card("wm8960soundcard"), Card("USB PnP")))
    assert cards.names(Way.IN) == cards.names(Way.OUT) == ["wm8960soundcard", "USB PnP"]
    opened = cards.open(Way.IN, "usb")
    assert opened.device == "USB PnP"
    with pytest.raises(SpeakerError, match="there are: wm8960soundcard, USB PnP"):
        cards.open(Way.OUT, "respeaker")
    cards.close()
    cards.close()
