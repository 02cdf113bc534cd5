"""Sound as an answer comes: in pieces, a little ahead of the speaker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

_PIECE_BYTES = 1_920
_BYTES_S = 32_000
_AHEAD_S = 0.5


async def paced(pcm: bytes) -> AsyncIterator[bytes]:
    """60 ms after 60 ms, 16 kHz mono, half a second ahead of real time."""
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    for at in range(0, len(pcm), _PIECE_BYTES):
        yield pcm[at : at + _PIECE_BYTES]
        await asyncio.sleep(max(0.0, began_s + at / _BYTES_S - _AHEAD_S - loop.time()))
