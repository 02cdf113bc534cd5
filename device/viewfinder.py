"""What the camera sees, on the screen while the person aims: a few pictures a second, and none at any other time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from PIL.Image import Image

from device.errors import CameraError
from device.parts.interfaces import Camera

# A small Pi takes some 0.2 s for one: it has as long for all else.
_PAUSE_S: Final = 0.25


class Viewfinder:
    """One camera, or none. Pictures go to `on_picture`, a failure's sentence to `on_failed`, which ends it."""

    def __init__(
        self, camera: Camera | None, *, on_picture: Callable[[Image], None], on_failed: Callable[[str], None]
    ) -> None:
        self._camera = camera
        self._on_picture = on_picture
        self._on_failed = on_failed
        self._wanted = asyncio.Event()

    def want(self, on: bool) -> None:
        """The person aims, or does not any more."""
        if on:
            self._wanted.set()
        else:
            self._wanted.clear()

    async def run(self) -> None:
        """Look until cancelled, whenever it is wanted."""
        if self._camera is None:
            return
        while True:
            await self._wanted.wait()
            try:
                picture = await self._camera.preview()
            except CameraError as error:
                self._wanted.clear()
                self._on_failed(str(error))
                continue
            if self._wanted.is_set():
                self._on_picture(picture)
            await asyncio.sleep(_PAUSE_S)
