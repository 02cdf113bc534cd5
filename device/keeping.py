"""Writes the person's settings behind their back: a turn of the wheel is one write, when it has come to rest."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from device.errors import SettingsError
from device.settings import Settings, SettingsFile

_REST_S: Final = 1.0


class Kept:
    """The settings on the disk. `on_failed` hears why they cannot be kept, once until they can be again."""

    def __init__(self, file: SettingsFile | None, on_failed: Callable[[str], None], *, rest_s: float = _REST_S) -> None:
        self._file = file
        self._on_failed = on_failed
        self._rest_s = rest_s
        self._failed = False
        self._waiting: Settings | None = None
        self._news = asyncio.Event()

    def read(self, new: Settings) -> tuple[Settings, str]:
        """As `SettingsFile.read`."""
        return self._file.read(new) if self._file else (new, "")

    def keep(self, settings: Settings) -> None:
        """Keep these, soon."""
        self._waiting = settings
        self._news.set()

    async def run(self) -> None:
        """Write for ever."""
        while True:
            await self._news.wait()
            await asyncio.sleep(self._rest_s)
            self._news.clear()
            settings, self._waiting = self._waiting, None
            if settings is not None and self._file is not None:
                await self._write(self._file, settings)

    async def _write(self, file: SettingsFile, settings: Settings) -> None:
        try:
            await asyncio.to_thread(file.write, settings)
            self._failed = False
        except SettingsError as error:
            if not self._failed:
                self._on_failed(str(error))
            self._failed = True

    def close(self) -> None:
        """Write at once what waits; there is nobody left to tell of a failure."""
        settings, self._waiting = self._waiting, None
        if settings is not None and self._file is not None:
            try:
                self._file.write(settings)
            except SettingsError:
                return
