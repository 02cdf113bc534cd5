"""Pictures for turns, from a camera that is made ready as soon as it is switched on."""

from __future__ import annotations

import asyncio
from typing import Final

from device.errors import CameraError
from device.parts.interfaces import Camera

_PICTURE_S: Final = 3.0
_LATE: Final = "The camera did not answer in time."


class Sight:
    """One camera, or none."""

    def __init__(self, camera: Camera | None) -> None:
        self._camera = camera
        self._wanted = False

    def switched(self, on: bool) -> bool:
        """The person has switched it on or off; returns whether it is to be warmed now."""
        before, self._wanted = self._wanted, on and self._camera is not None
        return self._wanted and not before

    async def warm(self) -> None:
        """Make it ready; raises CameraError."""
        if self._camera is not None:
            await self._camera.warm()

    async def picture(self) -> bytes:
        """A JPEG; raises CameraError, also when it takes too long."""
        if self._camera is None:
            raise CameraError("This device has no camera.")
        try:
            async with asyncio.timeout(_PICTURE_S):
                return await self._camera.picture()
        except TimeoutError as error:
            raise CameraError(_LATE) from error
