from __future__ import annotations

import contextlib
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from wire import limits
from wire.errors import BadFrame, LimitExceeded, ProtocolError
from wire.frames import HEADER, Frame, Kind, decode_frame, encode_frame
from wire.framing import Slicer

AUDIO = Frame(kind=Kind.AUDIO_UP, turn=3, number=7, offset=1600, payload=b"\x01\x00" * 320)


def test_a_frame_looks_like_this_for_ever() -> None:
    head = "010100000000000300000007000000000000064000000280"
    assert encode_frame(AUDIO).hex() == head + "0100" * 320
    down = Frame(kind=Kind.AUDIO_DOWN, turn=0, number=9, stream=2, offset=0, last=True, payload=b"\x02\x00")
    assert encode_frame(down).hex() == "0102000100000000000000090000000200000000000000020200"
    piece = Frame(kind=Kind.PICTURE, turn=3, number=8, offset=16384, last=True, payload=b"\xff\xd9")
    assert encode_frame(piece).hex() == "010300010000000300000008000000000000400000000002ffd9"
    opus = Frame(kind=Kind.OPUS_UP, turn=3, number=7, offset=1920, payload=b"\x58\x01\x02")
    assert encode_frame(opus).hex() == "010400000000000300000007000000000000078000000003580102"
    opus = Frame(kind=Kind.OPUS_DOWN, turn=0, number=9, stream=2, offset=960, payload=b"\x48\x07")
    assert encode_frame(opus).hex() == "01050000000000000000000900000002000003c0000000024807"


frames = st.one_of(
    st.builds(
        Frame,
        kind=st.just(Kind.AUDIO_UP),
        turn=st.integers(1, limits.TURN_MAX),
        number=st.integers(1, limits.NUMBER_MAX),
        offset=st.integers(0, limits.TURN_SAMPLES - 960),
        last=st.just(True),
        payload=st.integers(0, 960).map(lambda samples: bytes(samples * 2)),
    ),
    st.builds(
        Frame,
        kind=st.just(Kind.OPUS_DOWN),
        turn=st.integers(0, limits.TURN_MAX),
        number=st.integers(1, limits.NUMBER_MAX),
        stream=st.integers(1, limits.NUMBER_MAX),
        offset=st.integers(0, limits.TURN_SAMPLES - 960),
        payload=st.binary(max_size=limits.OPUS_PACKET_BYTES - 1).map(lambda body: b"\x58" + body),
    ),
    st.builds(
        Frame,
        kind=st.just(Kind.PICTURE),
        turn=st.integers(1, limits.TURN_MAX),
        number=st.integers(1, limits.NUMBER_MAX),
        offset=st.integers(0, limits.PICTURE_BYTES - 100),
        last=st.booleans(),
        payload=st.binary(min_size=1, max_size=100),
    ),
)


@given(frames)
def test_what_is_written_is_read_back(frame: Frame) -> None:
    assert decode_frame(encode_frame(frame)) == frame


@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise_anything_but_a_protocol_error(data: bytes) -> None:
    with contextlib.suppress(ProtocolError):
        decode_frame(data)


@given(frames, st.integers(0, 23), st.integers(1, 255))
def test_a_changed_header_is_read_or_refused(frame: Frame, at: int, flip: int) -> None:
    data = bytearray(encode_frame(frame))
    data[at] ^= flip
    with contextlib.suppress(ProtocolError):
        decode_frame(bytes(data))


def raw(**changed: int) -> bytes:
    told = {
        "version": 1,
        "kind": 1,
        "flags": 0,
        "turn": 1,
        "number": 1,
        "stream": 0,
        "offset": 0,
        "length": 640,
    } | changed
    return HEADER.pack(*told.values()) + bytes(640)


def packet(data: bytes, **more: Any) -> bytes:
    told: dict[str, Any] = {"kind": Kind.OPUS_UP, "turn": 1, "number": 1} | more
    head = Frame(payload=data, **told)
    return encode_frame(head)


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", BadFrame, "shorter than its header"),
        (bytes(limits.BINARY_FRAME_BYTES + 1), LimitExceeded, "at most"),
        (raw(version=2), BadFrame, "version 2"),
        (raw(kind=9), BadFrame, "kind 9"),
        (raw(flags=2), BadFrame, "flags"),
        (raw(number=0), BadFrame, "number 0"),
        (raw(length=2**31), BadFrame, "there are 640"),
        (raw(turn=0), BadFrame, "turn from 1"),
        (raw(stream=1), BadFrame, "stream 0"),
        (raw(offset=960_000), LimitExceeded, "60000 ms"),
        (raw(kind=2), BadFrame, "utterance"),
        (raw(kind=3, offset=limits.PICTURE_BYTES), LimitExceeded, "1048576"),
        (raw(kind=3, turn=0), BadFrame, "turn from 1"),
        (encode_frame(Frame(kind=Kind.AUDIO_UP, turn=1, number=1, payload=bytes(638))), BadFrame, "at least 320"),
        (encode_frame(Frame(kind=Kind.AUDIO_UP, turn=1, number=1, payload=bytes(641))), BadFrame, "whole samples"),
        (encode_frame(Frame(kind=Kind.AUDIO_UP, turn=1, number=1, payload=bytes(1922))), LimitExceeded, "at most 960"),
        (encode_frame(Frame(kind=Kind.PICTURE, turn=1, number=1, payload=b"")), BadFrame, "empty"),
        (packet(b""), BadFrame, "empty"),
        (packet(b"\x40\1", last=True), BadFrame, "at least 320"),
        (packet(b"\x59\1"), LimitExceeded, "at most 960"),
        (packet(b"\x5c\1"), BadFrame, "stereo"),
        (packet(bytes([0x58] * 1277)), LimitExceeded, "at most 1276"),
        (packet(b"\x58", offset=959_999), LimitExceeded, "60000 ms"),
        (packet(b"\x58", turn=0), BadFrame, "turn from 1"),
        (packet(b"\x58", kind=Kind.OPUS_DOWN), BadFrame, "utterance"),
    ],
)
def test_each_broken_rule_has_its_reason(data: bytes, error: type[ProtocolError], words: str) -> None:
    with pytest.raises(error, match=words):
        decode_frame(data)


@given(st.lists(st.integers(0, 5000), max_size=30))
def test_sound_of_any_lengths_is_cut_into_frames_that_are_allowed_and_complete(lengths: list[int]) -> None:
    slicer = Slicer(limits.TURN_SAMPLES)
    whole, out, offset = b"", b"", 0
    for seed, length in enumerate(lengths):
        pcm = bytes([seed % 256]) * length
        whole += pcm
        for at, piece in slicer.cut(pcm):
            assert at == offset and 640 <= len(piece) <= 1920 and len(piece) % 2 == 0
            out += piece
            offset += len(piece) // 2
    rest = slicer.rest()
    if rest is not None:
        assert rest[0] == offset and 0 < len(rest[1]) < 640
        out += rest[1]
    assert out == whole[: len(whole) // 2 * 2]
