"""Sound to Opus packets and back, by opuslib over libopus; both are loaded when first needed, and may be missing.

One encoder and one decoder a turn or utterance: a packet means something only after those before it.
"""

from __future__ import annotations

import warnings
from ctypes.util import find_library
from functools import cache
from types import ModuleType
from typing import Final

from wire import limits
from wire.errors import OpusMissing, PacketBroken
from wire.parts import OPUS, PCM, AudioFormat

BITRATE: Final = 24_000
# A Pi Zero 2 W has little to spare; from 7 on it would be nine times the work.
COMPLEXITY: Final = 3
_STEP: Final = limits.SAMPLE_RATE_HZ * limits.FRAME_MS_MIN // 1000


@cache
def missing() -> str:
    """Why there is no Opus here, with the way out; empty when there is."""
    if find_library("opus") is None:
        return "libopus is not installed: apt-get install libopus0"
    try:
        opuslib = _opuslib()
    except (ImportError, OSError, AttributeError) as error:
        return f"opuslib cannot be loaded ({error}): pip install opuslib, with the libopus of this system"
    try:
        _there_and_back(opuslib)
    except opuslib.OpusError as error:
        return f'libopus does not work here (error {error.code}): reinstall libopus0, or set codec = "pcm"'
    return ""


def _there_and_back(opuslib: ModuleType) -> None:
    encoder = opuslib.Encoder(limits.SAMPLE_RATE_HZ, 1, opuslib.APPLICATION_AUDIO)
    encoder.bitrate = BITRATE
    opuslib.Decoder(limits.SAMPLE_RATE_HZ, 1).decode(encoder.encode(bytes(_STEP * limits.SAMPLE_BYTES), _STEP), _STEP)


def formats() -> tuple[AudioFormat, ...]:
    """What sound can be coded as here, the best first."""
    return (PCM,) if missing() else (OPUS, PCM)


@cache
def _opuslib() -> ModuleType:
    with warnings.catch_warnings():
        # Its code compares a number with `is not`, which newer Pythons warn of.
        warnings.simplefilter("ignore", SyntaxWarning)
        import opuslib
    return opuslib  # type: ignore[no-any-return]


def _loaded() -> ModuleType:
    if reason := missing():
        raise OpusMissing(f"no Opus here: {reason}")
    return _opuslib()


class OpusEncoder:
    """16 kHz mono s16le to packets of `frame_ms` (20, 40 or 60). Raises OpusMissing."""

    def __init__(self, *, frame_ms: int = limits.FRAME_MS_MAX, complexity: int = COMPLEXITY) -> None:
        opuslib = _loaded()
        self._encoder = opuslib.Encoder(limits.SAMPLE_RATE_HZ, 1, opuslib.APPLICATION_AUDIO)
        self._encoder.bitrate = BITRATE
        self._encoder.vbr = 1
        self._encoder.complexity = complexity
        self._frame = limits.SAMPLE_RATE_HZ * frame_ms // 1000
        # Where an encoder is late by less, silence makes up for it.
        self._waiting = bytes((limits.OPUS_DELAY_SAMPLES - int(self._encoder.lookahead)) * limits.SAMPLE_BYTES)
        self._begun = False

    def encode(self, pcm: bytes) -> list[bytes]:
        """The packets that are full; what is shorter waits for more, or for `rest`."""
        data = self._waiting + pcm
        size = self._frame * limits.SAMPLE_BYTES
        whole = len(data) // size * size
        self._waiting = data[whole:]
        self._begun = self._begun or bool(pcm)
        return [self._packet(data[at : at + size]) for at in range(0, whole, size)]

    def rest(self) -> list[bytes]:
        """The last packets: what waits, and what the codec still holds back, filled up with silence to 20 ms."""
        if not self._begun:
            return []
        samples = len(self._waiting) // limits.SAMPLE_BYTES + limits.OPUS_DELAY_SAMPLES
        steps = -(-samples // _STEP)
        data = self._waiting[: len(self._waiting) // limits.SAMPLE_BYTES * limits.SAMPLE_BYTES]
        data = data.ljust(steps * _STEP * limits.SAMPLE_BYTES, b"\0")
        self._waiting = b""
        self._begun = False
        size = self._frame * limits.SAMPLE_BYTES
        return [self._packet(data[at : at + size]) for at in range(0, len(data), size)]

    def _packet(self, pcm: bytes) -> bytes:
        packet: bytes = self._encoder.encode(pcm, len(pcm) // limits.SAMPLE_BYTES)
        return packet


class OpusDecoder:
    """Packets, each exactly once and in order, to 16 kHz mono s16le. Raises OpusMissing."""

    def __init__(self) -> None:
        opuslib = _loaded()
        self._decoder = opuslib.Decoder(limits.SAMPLE_RATE_HZ, 1)
        self._error: type[Exception] = opuslib.OpusError
        self._late_bytes = limits.OPUS_DELAY_SAMPLES * limits.SAMPLE_BYTES

    def decode(self, packet: bytes, samples: int) -> bytes:
        """The sound of a packet, the first less the delay; raises PacketBroken, also where it is not `samples`."""
        try:
            pcm: bytes = self._decoder.decode(packet, limits.FRAME_SAMPLES_MAX)
        except self._error as error:
            raise PacketBroken(f"an Opus packet of {len(packet)} bytes cannot be decoded") from error
        if len(pcm) != samples * limits.SAMPLE_BYTES:
            raise PacketBroken(f"an Opus packet of {samples} samples gave {len(pcm) // limits.SAMPLE_BYTES}")
        sound = pcm[self._late_bytes :]
        self._late_bytes = 0
        return sound
