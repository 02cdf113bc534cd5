"""A whole turn that waits, in whatever codec it was recorded, for whatever cloud comes back."""

from __future__ import annotations

import math
from array import array

import pytest

from device.recorded import as_pcm, in_words, picture_of, sound_of, start_of, text_of
from wire import opus
from wire.codec import decode_from_device
from wire.keeper import TurnKeeper
from wire.messages import TurnEnd
from wire.parts import OPUS, PCM

TONE = array("h", (int(9000 * math.sin(2 * math.pi * 440 * at / 16000)) for at in range(16_000))).tobytes()
JPEG = b"\xff\xd8" + bytes(20_000)


def recorded(codec: str) -> tuple[str | bytes, ...]:
    keeper = TurnKeeper()
    turn = keeper.start_turn(codec=codec, ask="q", picture=True, note=True)  # type: ignore[arg-type]
    if codec == OPUS:
        encoder = opus.OpusEncoder()
        for packet in [*encoder.encode(TONE), *encoder.rest()]:
            keeper.send_packet(turn, packet)
    else:
        keeper.send_audio(turn, TONE)
    keeper.send_picture(turn, JPEG)
    keeper.end_turn(turn, truncated=True)
    return keeper.whole(turn)


def test_pcm_comes_back_sample_for_sample() -> None:
    whole = recorded(PCM)
    assert sound_of(whole) == TONE and picture_of(whole) == JPEG and text_of(whole) == ""
    assert as_pcm(whole) == whole


def test_opus_is_heard_and_goes_as_pcm_to_a_cloud_that_takes_nothing_else() -> None:
    whole = recorded(OPUS)
    plain = as_pcm(whole)
    start, end = start_of(plain), decode_from_device(str(plain[-1]))
    assert start is not None and (start.format, start.ask, start.picture, start.note) == (PCM, "q", True, True)
    assert isinstance(end, TurnEnd) and end.truncated
    assert sound_of(plain) == sound_of(whole) and len(sound_of(plain)) >= len(TONE)
    assert max(array("h", sound_of(plain))) > 7000 and picture_of(plain) == JPEG


@pytest.mark.parametrize("codec", [PCM, OPUS])
def test_it_begins_again_in_the_codec_it_was_recorded_in(codec: str) -> None:
    keeper = TurnKeeper()
    turn = keeper.begin_again(recorded(codec), said_at_ms=5, again=f"{'a' * 16}:1")
    again = keeper.whole(turn)
    start = start_of(again)
    assert start is not None and (start.format, start.again, start.said_at_ms) == (codec, f"{'a' * 16}:1", 5)
    assert sound_of(again) == sound_of(recorded(codec))


def test_words_take_the_place_of_sound() -> None:
    words = in_words(recorded(PCM), "buy milk")
    start = start_of(words)
    assert start is not None and (start.mode, start.note, start.ask) == ("text", True, "q")
    assert text_of(words) == "buy milk" and sound_of(words) == b""
    assert start_of(()) is None and sound_of(()) == b""
