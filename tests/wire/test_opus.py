"""Opus packets: how long they sound, and what becomes of them when they are changed on the way."""

from __future__ import annotations

import contextlib
import math
import random
import subprocess
import sys
from array import array

import hypothesis.strategies as st
import pytest
from hypothesis import given

from wire import limits, opus
from wire.errors import BadFrame, PacketBroken
from wire.opus import OpusDecoder, OpusEncoder
from wire.toc import samples_of

needs_opus = pytest.mark.skipif(bool(opus.missing()), reason=opus.missing())


def voice(seconds: float, seed: int = 1) -> bytes:
    """Something like speech: a humming that changes, with breath in it and pauses between."""
    dice = random.Random(seed)
    samples = array("h")
    phase = 0.0
    for at in range(int(seconds * 16_000)):
        second = at / 16_000
        phase += 2 * math.pi * (140 + 40 * math.sin(3 * second)) / 16_000
        loud = max(0.0, math.sin(5 * second)) * 6000
        hum = sum(math.sin(phase * harmonic) / harmonic for harmonic in (1, 2, 3, 5))
        samples.append(int(loud * (hum + dice.uniform(-0.2, 0.2)) / 2))
    return samples.tobytes()


def packets_of(pcm: bytes, *, frame_ms: int = 60) -> list[bytes]:
    encoder = OpusEncoder(frame_ms=frame_ms)
    return [*encoder.encode(pcm), *encoder.rest()]


def sound_of(packets: list[bytes]) -> bytes:
    decoder = OpusDecoder()
    return b"".join(decoder.decode(packet, samples_of(packet)) for packet in packets)


@pytest.mark.parametrize(
    ("packet", "samples"),
    [
        ("00", 160),
        ("08", 320),
        ("10", 640),
        ("18", 960),
        ("48", 320),
        ("58", 960),
        ("59", 1920),
        ("60", 160),
        ("68", 320),
        ("81", 80),
        ("9a", 640),
        ("fb03", 960),
        ("fb3f", 20_160),
        ("fb00", 0),
    ],
)
def test_a_packet_says_how_long_it_sounds(packet: str, samples: int) -> None:
    assert samples_of(bytes.fromhex(packet)) == samples


@pytest.mark.parametrize(("packet", "words"), [("", "empty"), ("5c00", "stereo"), ("fb", "number of frames")])
def test_a_packet_that_does_not_say_it_is_refused(packet: str, words: str) -> None:
    with pytest.raises(BadFrame, match=words):
        samples_of(bytes.fromhex(packet))


@needs_opus
@pytest.mark.parametrize("frame_ms", [20, 40, 60])
def test_sound_comes_through_the_codec_whole_and_much_smaller(frame_ms: int) -> None:
    pcm = voice(1.5)
    packets = packets_of(pcm, frame_ms=frame_ms)
    assert {samples_of(packet) for packet in packets[:-1]} == {16 * frame_ms}
    decoded = sound_of(packets)
    assert 0 <= len(decoded) - len(pcm) < 2 * 320
    assert len(b"".join(packets)) < len(pcm) / 8
    heard, said = array("h", decoded), array("h", pcm)
    dot = sum(one * other for one, other in zip(said, heard, strict=False))
    assert dot / sum(one * one for one in said) > 0.6


@needs_opus
@given(st.lists(st.integers(0, 3000), max_size=8), st.sampled_from([20, 60]))
def test_sound_of_any_lengths_becomes_packets_that_the_wire_takes(lengths: list[int], frame_ms: int) -> None:
    encoder = OpusEncoder(frame_ms=frame_ms)
    packets = [packet for length in lengths for packet in encoder.encode(bytes(length))]
    packets += encoder.rest()
    assert all(320 <= samples_of(packet) <= 960 for packet in packets)
    assert all(len(packet) <= limits.OPUS_PACKET_BYTES for packet in packets)
    whole = sum(lengths) // 2
    assert sum(map(samples_of, packets)) >= whole + (104 if sum(lengths) else 0)
    assert encoder.rest() == []


@needs_opus
@given(st.binary(max_size=300), st.integers(0, 960))
def test_no_bytes_whatever_raise_anything_but_that_the_packet_is_broken(packet: bytes, samples: int) -> None:
    with contextlib.suppress(PacketBroken):
        assert len(OpusDecoder().decode(packet, samples)) == max(0, samples - 104) * 2


SPOKEN = packets_of(voice(0.6)) if not opus.missing() else [b"\x58"]


@needs_opus
@given(st.integers(0, 8), st.integers(0, 400), st.integers(1, 255), st.integers(0, 300))
def test_a_changed_packet_is_decoded_or_broken_and_so_are_those_after_it(
    which: int, at: int, flip: int, cut: int
) -> None:
    packets = list(SPOKEN)
    changed = bytearray(packets[which % len(packets)])
    changed[at % len(changed)] ^= flip
    packets[which % len(packets)] = bytes(changed[: len(changed) - cut % len(changed)])
    decoder = OpusDecoder()
    late = 104
    for packet in packets:
        with contextlib.suppress(PacketBroken, BadFrame):
            samples = samples_of(packet)
            assert len(decoder.decode(packet, samples)) == max(0, samples - late) * 2
            late = 0


@needs_opus
def test_a_packet_that_is_not_as_long_as_it_said_is_broken() -> None:
    with pytest.raises(PacketBroken, match="gave 960"):
        OpusDecoder().decode(SPOKEN[0], 320)
    with pytest.raises(PacketBroken, match="cannot be decoded"):
        OpusDecoder().decode(b"\x49\x01", 640)


def test_without_opuslib_there_is_pcm_and_a_reason() -> None:
    lines = [
        "import sys",
        "sys.modules['opuslib'] = None",
        "from wire import opus",
        "assert opus.formats() == ('pcm_s16le_16000',)",
        "assert 'install' in opus.missing(), opus.missing()",
        "try: opus.OpusEncoder()",
        "except opus.OpusMissing as error: print(error)",
    ]
    told = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("no Opus here: ")
