"""A `pyaudio` module whose hardware misbehaves on command: a fake at the edge that keeps PortAudio's documented rules.

Devices are seen as they were when PortAudio was begun; a stream of one that was pulled out raises; what nobody reads in
time is lost without a word; a rate or a number of channels that the hardware has not is an OSError.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

paInt16 = 8
INVALID_RATE, INVALID_CHANNELS, GONE, STOPPED = -9997, -9998, -9999, -9983
BUFFER_S = 0.12


class Card:
    """One sound card. `sound(first, count)` gives the bytes of its frames; `frozen`: none come any more."""

    def __init__(self, name: str = "hare", *, rates: tuple[int, ...] = (16_000,), channels: int = 1) -> None:
        self.name = name
        self.rates = rates
        self.channels = channels
        self.plugged = True
        self.frozen = False
        self.lost_frames = 0
        self.opened = 0
        self.heard = bytearray()
        self.sound: Callable[[int, int], bytes] = lambda first, count: b"".join(
            (1 + (at * 7) % 1000).to_bytes(2, "little") * channels for at in range(first, first + count)
        )


class Library:
    """Stands where the module stands."""

    paInt16 = paInt16

    def __init__(self, *cards: Card) -> None:
        self.cards = list(cards)
        self.begun = 0

    def PyAudio(self) -> PortAudio:
        self.begun += 1
        return PortAudio([card for card in self.cards if card.plugged])


class PortAudio:
    def __init__(self, cards: list[Card]) -> None:
        self._cards = cards

    def get_device_count(self) -> int:
        return len(self._cards)

    def get_device_info_by_index(self, at: int) -> dict[str, Any]:
        card = self._cards[at]
        channels = {"maxInputChannels": card.channels, "maxOutputChannels": card.channels}
        return {"index": at, "name": card.name, "defaultSampleRate": float(card.rates[0]), **channels}

    def open(self, *, rate: int, channels: int, **more: Any) -> Stream:
        card = self._cards[more.get("input_device_index", more.get("output_device_index", 0))]
        assert more["format"] == paInt16 and more["start"] is False
        if not card.plugged:
            raise OSError(GONE, "Unanticipated host error")
        if rate not in card.rates:
            raise OSError(INVALID_RATE, "Invalid sample rate")
        if channels != card.channels:
            raise OSError(INVALID_CHANNELS, "Invalid number of channels")
        card.opened += 1
        return Stream(card, rate)

    def terminate(self) -> None:
        """All streams are gone."""


class Stream:
    def __init__(self, card: Card, rate: int) -> None:
        self._card = card
        self._rate = rate
        self._frame = 2 * card.channels
        self._room = int(rate * BUFFER_S)
        self._began_s: float | None = None
        self._moved = 0

    def _check(self) -> None:
        if not self._card.plugged:
            raise OSError(GONE, "Unanticipated host error")
        if self._began_s is None:
            raise OSError(STOPPED, "Stream is stopped")

    def _passed(self) -> int:
        return int((time.monotonic() - (self._began_s or 0)) * self._rate)

    def start_stream(self) -> None:
        if not self._card.plugged:
            raise OSError(GONE, "Unanticipated host error")
        self._began_s, self._moved = time.monotonic(), 0

    def stop_stream(self) -> None:
        self._check()
        self._began_s = None

    def close(self) -> None:
        self._began_s = None

    def get_read_available(self) -> int:
        if not self._card.plugged:
            # PyAudio gives an error as a number here.
            return GONE
        self._check()
        if self._card.frozen:
            return 0
        waiting = self._passed() - self._card.lost_frames - self._moved
        if waiting > self._room:
            self._card.lost_frames += waiting - self._room
        return max(0, min(waiting, self._room))

    def read(self, count: int, exception_on_overflow: bool = True) -> bytes:
        self._check()
        assert not exception_on_overflow and (self._card.frozen or count <= self.get_read_available()), "it would block"
        pcm = self._card.sound(self._moved, count)
        self._moved += count
        return pcm

    def get_write_available(self) -> int:
        if not self._card.plugged:
            # PyAudio gives an error as a number here.
            return GONE
        self._check()
        return 0 if self._card.frozen and self._moved else self._free()

    def _free(self) -> int:
        return self._room - max(0, self._moved - self._passed())

    def write(self, pcm: bytes, exception_on_underflow: bool = False) -> None:
        self._check()
        frames = len(pcm) // self._frame
        # What was free when it was asked for is free still, also when the card froze since.
        assert frames <= self._free(), "it would block"
        self._moved = max(self._moved, self._passed()) + frames
        self._card.heard += pcm
