"""WAV: the container that speech endpoints take and give. Pure."""

from __future__ import annotations

import io
import struct
import wave

from msgspec import Struct

from cloud.speech.errors import EndpointFailed
from cloud.speech.sound import SAMPLE_RATE_HZ

_MOST_HEADER = 4096


class Header(Struct, frozen=True):
    """What a WAV says of its sound, which begins at byte `start`."""

    rate_hz: int
    channels: int
    start: int


def wrapped(pcm: bytes, rate_hz: int = SAMPLE_RATE_HZ) -> bytes:
    """16-bit mono PCM as a WAV file."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(pcm)
    return held.getvalue()


def header(begun: bytes) -> Header | None:
    """The header of a WAV of which this much is there; None: more is needed. Raises EndpointFailed when it is none.

    The lengths of a streamed WAV mean nothing, so nobody looks at them.
    """
    if begun[:4] != b"RIFF"[: len(begun)] or begun[8:12] != b"WAVE"[: max(0, len(begun) - 8)]:
        raise EndpointFailed("the endpoint sent no WAV: does it know response_format wav?")
    at, found = 12, None
    while at + 8 <= len(begun):
        kind, size = struct.unpack_from("<4sI", begun, at)
        if kind == b"data":
            if found is None:
                raise EndpointFailed("the endpoint sent a WAV that does not say what is in it")
            return Header(found[1], found[0], at + 8)
        if kind == b"fmt " and at + 24 <= len(begun):
            form, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", begun, at + 8)
            if form not in (1, 0xFFFE) or bits != 16 or channels not in (1, 2) or not 4000 <= rate_hz <= 192_000:
                raise EndpointFailed(f"the endpoint sent a WAV of {bits} bits, {channels} channels, {rate_hz} Hz")
            found = (channels, rate_hz)
        at += 8 + size + size % 2
    if len(begun) > _MOST_HEADER or at > _MOST_HEADER:
        raise EndpointFailed("the endpoint sent a WAV without sound")
    return None
