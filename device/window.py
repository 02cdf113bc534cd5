"""Keeps the screen and the light as the state has them: draws when something changed, and moves what moves."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Final

from PIL.Image import Image

from device.errors import ScreenError
from device.faces import VIEW_AT, draw, light_of
from device.parts.interfaces import Parts
from device.state import State
from device.view import Aim, Dark, Face, Idle, Listening, face_of
from device.words import words_of

# Fastest redraw: nobody sees more on this screen, and a press is drawn at once whenever the last is older than this.
_LEAST_S: Final = 0.04
_MOVING_S: Final = 0.12
SEEING: Final = (255, 255, 255)
# What only moves (a level, a spinner) is drawn no more than ten times a second: drawing is what listening costs most.
_MOVES_MS: Final = 100
_STILL_S: Final = 1.0
_DARK_S: Final = 60.0


class Window:
    """One screen, one light."""

    def __init__(self, parts: Parts, *, clock_ms: Callable[[], int], on_failed: Callable[[str], None]) -> None:
        self._parts = parts
        self._on_failed = on_failed
        self._clock_ms = clock_ms
        self._changed = asyncio.Event()
        self._face: Face | None = None
        self._brightness = -1
        self._drawn_ms = 0
        self._light = (-1, -1, -1)
        self._sees: bool | None = None
        self._seen: Image | None = None

    def refresh(self) -> None:
        """Something may look different now."""
        self._changed.set()

    def see(self, picture: Image) -> None:
        """What the camera sees now, 240 x 180."""
        self._seen, self._face = picture, None
        self._changed.set()

    async def run(self, state: Callable[[], State]) -> None:
        """Draw for ever."""
        while True:
            self._changed.clear()
            self.update(state())
            await asyncio.sleep(_LEAST_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience_s()):
                    await self._changed.wait()

    def _patience_s(self) -> float:
        """How long nothing moves by itself."""
        body = self._face.body if self._face else None
        return _DARK_S if isinstance(body, Dark) else _STILL_S if isinstance(body, Idle) else _MOVING_S

    def update(self, state: State) -> None:
        """Draw what looks different; what only moves not too often."""
        now_ms = self._clock_ms()
        # The cloud's time of day where it is known: that of a device that was just switched on may be of 1970.
        local = time.localtime((now_ms + state.offset_ms) / 1000) if state.clock_known else None
        face = face_of(
            state,
            now_ms,
            clock=time.strftime("%H:%M", local) if local else "",
            date=words_of(state.settings.language).date(local.tm_wday, local.tm_mday, local.tm_mon) if local else "",
            battery=state.charge.percent,
            charging=state.charge.charging,
        )
        brightness = 0 if isinstance(face.body, Dark) else state.settings.brightness
        if brightness == self._brightness and self._face is not None:
            moves = face.key == self._face.key
            if face == self._face or (moves and now_ms - self._drawn_ms < _MOVES_MS):
                return
        self._face, self._brightness, self._drawn_ms = face, brightness, now_ms
        try:
            self._parts.screen.show(self._drawn(face), face.key)
            self._parts.screen.set_brightness(brightness)
        except ScreenError as error:
            # Without a screen the device still listens and speaks.
            self._on_failed(str(error))
        light = light_of(face)
        if self._parts.lights is not None and light != self._light:
            self._light = light
            self._parts.lights.show(*light)
        sees = isinstance(face.body, Aim) or (isinstance(face.body, Listening) and face.body.camera)
        if self._parts.eye is not None and sees is not self._sees:
            self._sees = sees
            self._parts.eye.show(*(SEEING if sees else (0, 0, 0)))

    def _drawn(self, face: Face) -> Image:
        picture = draw(face)
        if not isinstance(face.body, Aim):
            self._seen = None
        elif self._seen is not None:
            picture.paste(self._seen, VIEW_AT)
        return picture
