"""Binary frames: a header of 24 bytes, then sound (16 kHz mono s16le), an Opus packet, or a piece of a JPEG.

    0      1      2        4      8        12       16       20       24
    version kind  flags    turn   number   stream   offset   length   payload …

All numbers are unsigned and big-endian. `stream` is the utterance (`say`) for sound to play, else 0. `offset` counts
samples for sound and bytes for pictures, from the start of the turn's sound, of the utterance, or of the picture.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final

from msgspec import Struct

from wire import limits
from wire.errors import BadFrame, LimitExceeded
from wire.toc import samples_of

FRAME_VERSION: Final = 1
HEADER: Final = struct.Struct(">BBHIIIII")
LAST: Final = 0x0001
_SAMPLES_LEAST: Final = limits.SAMPLE_RATE_HZ * limits.FRAME_MS_MIN // 1000


class Kind(IntEnum):
    """What a binary frame carries."""

    AUDIO_UP = 1
    AUDIO_DOWN = 2
    PICTURE = 3
    OPUS_UP = 4
    OPUS_DOWN = 5


_OPUS: Final = (Kind.OPUS_UP, Kind.OPUS_DOWN)


class Frame(Struct, frozen=True, kw_only=True):
    """One binary frame. `last` says that nothing of its stream follows; only then may sound be shorter than 20 ms."""

    kind: Kind
    turn: int
    number: int
    stream: int = 0
    offset: int = 0
    last: bool = False
    payload: bytes

    @property
    def samples(self) -> int:
        """How many samples the payload has, for sound. Raises BadFrame for an Opus packet that does not say."""
        if self.kind in _OPUS:
            return samples_of(self.payload)
        return len(self.payload) // limits.SAMPLE_BYTES


def encode_frame(frame: Frame) -> bytes:
    """The bytes of a frame."""
    head = HEADER.pack(
        FRAME_VERSION,
        frame.kind,
        LAST if frame.last else 0,
        frame.turn,
        frame.number,
        frame.stream,
        frame.offset,
        len(frame.payload),
    )
    return head + frame.payload


def decode_frame(data: bytes) -> Frame:
    """Read a frame; raises BadFrame or LimitExceeded and nothing else."""
    if len(data) < HEADER.size:
        raise BadFrame(f"frame of {len(data)} bytes is shorter than its header of {HEADER.size}")
    if len(data) > limits.BINARY_FRAME_BYTES:
        raise LimitExceeded(f"frame of {len(data)} bytes, at most {limits.BINARY_FRAME_BYTES} are allowed")
    version, kind, flags, turn, number, stream, offset, length = HEADER.unpack_from(data)
    if version != FRAME_VERSION:
        raise BadFrame(f"frame version {version}, expected {FRAME_VERSION}")
    if kind not in Kind.__members__.values():
        raise BadFrame(f"unknown frame kind {kind}")
    if flags & ~LAST:
        raise BadFrame(f"unknown frame flags {flags:#06x}")
    if number < 1:
        raise BadFrame("frame number 0, numbers count from 1")
    if length != len(data) - HEADER.size:
        raise BadFrame(f"header tells {length} bytes of payload, there are {len(data) - HEADER.size}")
    frame = Frame(
        kind=Kind(kind),
        turn=turn,
        number=number,
        stream=stream,
        offset=offset,
        last=bool(flags & LAST),
        payload=bytes(data[HEADER.size :]),
    )
    if frame.kind is Kind.PICTURE:
        _check_picture(frame)
    else:
        _check_audio(frame)
    return frame


def _check_audio(frame: Frame) -> None:
    if frame.kind in _OPUS:
        if len(frame.payload) > limits.OPUS_PACKET_BYTES:
            raise LimitExceeded(f"Opus packet of {len(frame.payload)} bytes, at most {limits.OPUS_PACKET_BYTES}")
    elif len(frame.payload) % limits.SAMPLE_BYTES:
        raise BadFrame(f"{len(frame.payload)} bytes of sound are no whole samples of {limits.SAMPLE_BYTES} bytes")
    samples = frame.samples
    if samples > limits.FRAME_SAMPLES_MAX:
        raise LimitExceeded(f"{samples} samples in a frame, at most {limits.FRAME_SAMPLES_MAX} are allowed")
    if samples < _SAMPLES_LEAST and (frame.kind in _OPUS or not frame.last):
        raise BadFrame(f"{samples} samples in a frame that is not the last, at least {_SAMPLES_LEAST} are due")
    if frame.offset + samples > limits.TURN_SAMPLES:
        raise LimitExceeded(f"sound goes beyond {limits.TURN_AUDIO_MS} ms")
    if frame.kind in (Kind.AUDIO_UP, Kind.OPUS_UP) and (frame.turn < 1 or frame.stream):
        raise BadFrame("sound of a turn needs a turn from 1 and stream 0")
    if frame.kind in (Kind.AUDIO_DOWN, Kind.OPUS_DOWN) and frame.stream < 1:
        raise BadFrame("sound to play needs the number of its utterance as stream")


def _check_picture(frame: Frame) -> None:
    if frame.turn < 1 or frame.stream:
        raise BadFrame("a piece of a picture needs a turn from 1 and stream 0")
    if not frame.payload:
        raise BadFrame("a piece of a picture is empty")
    if frame.offset + len(frame.payload) > limits.PICTURE_BYTES:
        raise LimitExceeded(f"picture goes beyond {limits.PICTURE_BYTES} bytes")
