"""How long an Opus packet sounds: its first byte or two tell (RFC 6716, 3.1 and 3.2.5). Needs no codec."""

from __future__ import annotations

from typing import Final

from wire import limits
from wire.errors import BadFrame

# Length of one Opus frame in tenths of a millisecond, by configuration: SILK, hybrid, CELT.
_FRAME_TENTHS: Final = ((100, 200, 400, 600) * 3) + ((100, 200) * 2) + ((25, 50, 100, 200) * 4)
_STEREO: Final = 0x04
_COUNT_FOLLOWS: Final = 3


def samples_of(packet: bytes) -> int:
    """Samples at 16 kHz, mono; raises BadFrame when the packet does not say."""
    if not packet:
        raise BadFrame("an Opus packet is empty")
    if packet[0] & _STEREO:
        raise BadFrame("an Opus packet is stereo, mono is due")
    code = packet[0] & 0x03
    if code == _COUNT_FOLLOWS and len(packet) < 2:
        raise BadFrame("an Opus packet ends before its number of frames")
    frames = packet[1] & 0x3F if code == _COUNT_FOLLOWS else min(2, code + 1)
    return frames * _FRAME_TENTHS[packet[0] >> 3] * limits.SAMPLE_RATE_HZ // 10_000
