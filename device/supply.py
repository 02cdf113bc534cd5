"""Reads the battery now and then, and switches the device off when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from device.errors import PowerError
from device.inputs import BatteryRead, PartFailed
from device.parts.interfaces import Battery

_READ_S: Final = 10.0


class Supply:
    """`tell` is how the assistant hears of it. Without `switch_off` nothing is switched off."""

    def __init__(
        self,
        battery: Battery | None,
        switch_off: Callable[[], Awaitable[None]] | None,
        tell: Callable[[BatteryRead | PartFailed], None],
    ) -> None:
        self._battery = battery
        self._switch_off = switch_off
        self._tell = tell

    async def run(self) -> None:
        """Read until cancelled."""
        while self._battery is not None:
            read = self._battery.read()
            self._tell(BatteryRead(read.percent, read.charging) if read else BatteryRead(-1))
            await asyncio.sleep(_READ_S)

    async def off(self) -> None:
        """Switch off; why it cannot is told."""
        try:
            if self._switch_off is not None:
                await self._switch_off()
        except PowerError as error:
            self._tell(PartFailed("power", str(error)))
