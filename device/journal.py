"""What happened on the device and when, for people, benchmarks and simulated persons. Bounded: the oldest fall out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from device.errors import JournalError

_ENTRIES_MOST: Final = 20_000


class Entry(Struct, frozen=True):
    """One event: milliseconds since the device started, its name, and what belongs to it."""

    at_ms: int
    event: str
    data: Mapping[str, Any] = field(default_factory=dict)


class Journal:
    """Append only. `wait` lets a simulated person react to what it sees."""

    def __init__(self, clock_ms: Callable[[], int]) -> None:
        self._clock_ms = clock_ms
        self._began_ms = clock_ms()
        self._entries: deque[Entry] = deque(maxlen=_ENTRIES_MOST)
        self._written = 0
        self._more = asyncio.Event()

    @property
    def position(self) -> int:
        """How many entries were ever written."""
        return self._written

    def note(self, event: str, **data: Any) -> None:
        """Write an entry."""
        self._entries.append(Entry(self._clock_ms() - self._began_ms, event, data))
        self._written += 1
        self._more.set()

    def since(self, position: int) -> list[Entry]:
        """The entries from `position` on that are still there."""
        missing = self._written - len(self._entries)
        return list(self._entries)[max(0, position - missing) :]

    def first(self, event: str, position: int = 0) -> Entry | None:
        """The first entry of that name."""
        return next((entry for entry in self.since(position) if entry.event == event), None)

    async def wait(self, event: str, position: int = 0) -> Entry:
        """The first entry of that name from `position` on, as soon as there is one."""
        while (found := self.first(event, position)) is None:
            await self.changed()
        return found

    async def changed(self) -> None:
        """Return at the next entry."""
        self._more.clear()
        await self._more.wait()

    def write(self, path: Path) -> None:
        """One JSON object a line; raises JournalError."""
        lines = [
            msgspec.json.encode({"at_ms": entry.at_ms, "event": entry.event, **entry.data}) for entry in self._entries
        ]
        try:
            path.write_bytes(b"\n".join([*lines, b""]))
        except OSError as error:
            raise JournalError(f"The journal cannot be written to {path}: {error.strerror}.") from error
