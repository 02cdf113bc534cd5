"""The simulated speaker, watched."""

from __future__ import annotations

from collections.abc import Callable

from device.parts.simulated import WavSpeaker


class WatchedSpeaker(WavSpeaker):
    """Tells whenever it is given something to play."""

    def __init__(self, told: Callable[[], None]) -> None:
        super().__init__()
        self._told = told

    async def play(self, pcm: bytes) -> None:
        self._told()
        await super().play(pcm)
