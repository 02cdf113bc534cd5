"""How far each device has heard and seen what happened: a small file, for the gateway that comes after a crash.

It is written without a sync: what a power cut takes from it is told twice, never left out.
"""

from __future__ import annotations

from pathlib import Path

import msgspec


class Received:
    """Cursors of the event log, by device."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cursors = _read(path)

    def of(self, device: str, default: int) -> int:
        """The cursor of the last event that the device has; `default` for a device that is new."""
        return self._cursors.get(device, default)

    def note(self, device: str, cursor: int) -> None:
        """Remembers it, when it is news."""
        if self._cursors.get(device) == cursor:
            return
        self._cursors[device] = cursor
        beside = self._path.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(self._cursors))
        beside.replace(self._path)


def _read(path: Path) -> dict[str, int]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except (FileNotFoundError, msgspec.MsgspecError):
        return {}
