"""How far each device has heard and seen what happened: a small file, for the gateway that comes after a crash.

It is written without a sync, and once a second at most: what a power cut or a crash takes from it is told twice, never
left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

# Putting a file in another's place keeps the event loop for milliseconds; a thousand devices have news all the time.
REST_S: Final = 1.0


class Received:
    """Cursors of the event log, by device."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._cursors = _read(path)
        self._is_news = False
        self._written_s = clock() - REST_S

    def of(self, device: str, default: int) -> int:
        """The cursor of the last event that the device has; `default` for a device that is new."""
        return self._cursors.get(device, default)

    def note(self, device: str, cursor: int) -> None:
        """Remembers it, when it is news; writes, when that was not done just now."""
        if self._cursors.get(device) != cursor:
            self._cursors[device] = cursor
            self._is_news = True
        if self._is_news and self._clock() - self._written_s >= REST_S:
            self.write()

    def write(self) -> None:
        """What is news is in the file."""
        if not self._is_news:
            return
        self._is_news, self._written_s = False, self._clock()
        beside = self._path.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(self._cursors))
        beside.replace(self._path)


def _read(path: Path) -> dict[str, int]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except (FileNotFoundError, msgspec.MsgspecError):
        return {}
